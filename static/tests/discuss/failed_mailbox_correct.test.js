import {
    createFailure,
    defineMailActivityTrackingModels,
} from "@mail_activity_tracking/../tests/mail_activity_tracking_test_helpers";

import {
    click,
    contains,
    insertText,
    openDiscuss,
    start,
    startServer,
} from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { asyncStep, onRpc, waitForSteps } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");
defineMailActivityTrackingModels();

const FAILURE = ".o-mail_activity_tracking-TrackingFailure";

async function openFailed() {
    await start();
    await openDiscuss("mail.box_failed");
}

test("a corrected address is saved and retried in one step", async () => {
    const pyEnv = await startServer();
    const { partnerIds, trackingIds } = createFailure(pyEnv);
    onRpc("/mail/tracking/retry", async (request) => {
        const { params } = await request.json();
        expect(params).toEqual({ tracking_ids: trackingIds });
        asyncStep("retry");
        return { problems: [], retried: trackingIds };
    });
    await openFailed();
    await click(`${FAILURE} button`, { text: "Edit contact" });
    await contains(".modal-title", { text: "Edit Contact and Retry" });
    await contains(".modal .o_field_widget[name='email'] input:focus");
    await insertText(".modal .o_field_widget[name='name'] input", "Bob Better", { replace: true });
    await click(".modal .o_form_button_save");
    await waitForSteps(["retry"]);
    expect(pyEnv["res.partner"].read(partnerIds)[0].name).toBe("Bob Better");
    await contains(".o_notification", { text: "The email is being sent again." });
});

test("a contact made of a bare address is saved and retried in one step", async () => {
    const pyEnv = await startServer();
    const { messageId, trackingIds } = createFailure(pyEnv);
    const [trackingId] = trackingIds;
    pyEnv["mail.message"].write([messageId], {
        tracking_failures: [
            [trackingId, false, "bo@example.com", "error", 0, "address_unknown", true, 3],
        ],
    });
    onRpc("/mail/tracking/retry", async (request) => {
        const { params } = await request.json();
        const [partnerId] = pyEnv["res.partner"].search([["name", "=", "Bob Better"]]);
        expect(params).toEqual({
            attempts: [3], // whose failure stands on the screen
            partner_id: partnerId,
            tracking_ids: trackingIds,
        });
        asyncStep("retry");
        return { problems: [], retried: trackingIds };
    });
    await openFailed();
    await click(`${FAILURE} button`, { text: "Create contact" });
    await insertText(".modal .o_field_widget[name='name'] input", "Bob Better");
    await click(".modal .o_form_button_save");
    await waitForSteps(["retry"]);
});
