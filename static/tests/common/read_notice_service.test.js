import { click, contains, start, startServer } from "@mail/../tests/mail_test_helpers";
import { asyncStep, mockService, serverState, waitForSteps } from "@web/../tests/web_test_helpers";
import { defineMailActivityTrackingModels } from "@mail_activity_tracking/../tests/mail_activity_tracking_test_helpers";

import { describe, test } from "@odoo/hoot";

describe.current.tags("desktop");
defineMailActivityTrackingModels();

test("tells the author that an email was read, and leads to its document", async () => {
    const pyEnv = await startServer();
    mockService("action", {
        doAction({ res_model, res_id }) {
            asyncStep(`${res_model} ${res_id}`);
        },
    });
    await start();
    const [partner] = pyEnv["res.partner"].read(serverState.partnerId);
    pyEnv["bus.bus"]._sendone(partner, "mail_activity_tracking/read", {
        text: "\u2068Alice\u2069 opened “Offer”.",
        model: "res.partner",
        id: 42,
    });
    await contains(".o_notification_content", { text: "\u2068Alice\u2069 opened “Offer”." });
    await click(".o_notification button", { text: "Open" });
    await waitForSteps(["res.partner 42"]);
    await contains(".o_notification", { count: 0 });
});
