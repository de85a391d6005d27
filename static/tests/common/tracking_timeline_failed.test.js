import {
    defineMailActivityTrackingModels,
    openMessage,
} from "@mail_activity_tracking/../tests/mail_activity_tracking_test_helpers";

import { click, contains, startServer } from "@mail/../tests/mail_test_helpers";
import { describe, test } from "@odoo/hoot";
import { asyncStep, onRpc, waitForSteps } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");
defineMailActivityTrackingModels();

const CHIP = ".o-mail_activity_tracking-Recipient";
const TIMELINE = ".o-mail_activity_tracking-TrackingTimeline";
const FAILED = ["bounced", false, "address_unknown"];

function mockRoutes(values) {
    onRpc("/mail/tracking/timeline", () => ({ tracking_id: 7, events: [], ...values }));
    for (const route of ["retry", "review"]) {
        onRpc(`/mail/tracking/${route}`, async (request) => {
            const { params } = await request.json();
            asyncStep(`${route} ${JSON.stringify(params)}`);
            return { data: {}, problems: [], retried: params.tracking_ids };
        });
    }
}

async function openFailure(recipient) {
    const pyEnv = await startServer();
    await openMessage(pyEnv, [{ tracking: FAILED, ...recipient }]);
    await click(CHIP);
}

test("who did not get the mail can get it again from the story", async () => {
    mockRoutes();
    await openFailure({ name: "Bob", address: "bob@example.com" });
    await click(`${TIMELINE} button:contains('Retry')`);
    await contains(TIMELINE, { count: 0 });
    await waitForSteps(['retry {"tracking_ids":[7]}']);
});

test("a contact with several addresses: which one failed, and how many got it", async () => {
    mockRoutes({
        addresses: [
            { address: "bob@example.com", state: "bounced" },
            { address: "bob@example.org", state: "sent" },
        ],
        reached_count: 1,
    });
    await openFailure({ name: "Bob", address: "bob@example.com" });
    await contains(TIMELINE, { text: "1 of 2 addresses received it" });
    await contains(TIMELINE, { text: "bob@example.com: bounced" });
    await contains(TIMELINE, { text: "bob@example.org: sent, delivery not confirmed" });
});

test("one address is not counted", async () => {
    mockRoutes();
    await openFailure({ name: "Bob", address: "bob@example.com" });
    await contains(TIMELINE);
    await contains(`${TIMELINE}:contains('received it')`, { count: 0 });
});

test("only the failure in sight is retried", async () => {
    mockRoutes({ attempt: 2 });
    await openFailure({ name: "Bob", address: "bob@example.com" });
    await click(`${TIMELINE} button:contains('Retry')`);
    await waitForSteps(['retry {"tracking_ids":[7],"attempts":[2]}']);
});

test("a failure can be reviewed from the story", async () => {
    mockRoutes();
    await openFailure({ name: "Bob", address: "bob@example.com" });
    await click(`${TIMELINE} button:contains('Mark as reviewed')`);
    await waitForSteps(['review {"tracking_ids":[7],"reviewed":true}']);
    await click(".o_notification button:contains('Undo')");
    await waitForSteps(['review {"tracking_ids":[7],"reviewed":false}']);
});

test("an address is corrected from the story", async () => {
    mockRoutes();
    await openFailure({ name: "Bob", address: "bob@example.com" });
    await click(`${TIMELINE} button:contains('Edit contact')`);
    await contains(".o_dialog .o_form_view");
    await contains(TIMELINE, { count: 0 });
});

test("a contact is made of a bare address, and the email sent to it", async () => {
    mockRoutes();
    await openFailure({ address: "raw@example.com" });
    await contains(`${TIMELINE} button:contains('Create contact')`, { count: 1 });
    await click(`${TIMELINE} .btn-primary:contains('Create contact')`);
    await contains(".o_dialog .modal-title:contains('Create Contact and Retry')");
    await contains(TIMELINE, { count: 0 });
});

for (const [reason, first] of [
    ["address_unknown", "Edit contact"],
    ["mailbox_full", "Retry"],
]) {
    test(`what helps most stands first: ${reason}`, async () => {
        mockRoutes();
        const tracking = ["error", false, reason];
        await openFailure({ name: "Bob", address: "bob@example.com", tracking });
        await contains(`${TIMELINE} .btn-primary`, { count: 1, text: first });
        await contains(`${TIMELINE} .btn:first:contains('${first}')`);
    });
}

test("what was reviewed is not offered for it again; a raw address has no contact", async () => {
    mockRoutes({ is_reviewed: true });
    await openFailure({ address: "raw@example.com" });
    await contains(`${TIMELINE} button:contains('Retry')`);
    await contains(`${TIMELINE} button:contains('Create contact')`);
    await contains(`${TIMELINE} button:contains('Edit contact')`, { count: 0 });
    await contains(`${TIMELINE} button:contains('Mark as reviewed')`, { count: 0 });
});

test("who got the mail is not offered to get it again", async () => {
    mockRoutes();
    await openFailure({ name: "Ann", tracking: ["sent", false] });
    await contains(`${TIMELINE} button:contains('Open contact')`);
    await contains(`${TIMELINE} button:contains('Retry')`, { count: 0 });
});

for (const tracking of [
    ["spam", false],
    ["error", false, "mail_bl"],
    ["error", false, "mail_optout"],
]) {
    test(`a retry that is always refused is not offered: ${tracking.at(-1) || "spam"}`, async () => {
        mockRoutes();
        await openFailure({ name: "Bob", address: "bob@example.com", tracking });
        await contains(`${TIMELINE} button:contains('Mark as reviewed')`);
        await contains(`${TIMELINE} button:contains('Retry')`, { count: 0 });
    });
}
