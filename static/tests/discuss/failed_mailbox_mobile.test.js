import {
    createFailure,
    defineMailActivityTrackingModels,
    push,
} from "@mail_activity_tracking/../tests/mail_activity_tracking_test_helpers";

import { click, contains, openDiscuss, start, startServer } from "@mail/../tests/mail_test_helpers";

import { describe, expect, queryRect, test } from "@odoo/hoot";

import { serverState } from "@web/../tests/web_test_helpers";

describe.current.tags("mobile");
defineMailActivityTrackingModels();

const FAILURE = ".o-mail_activity_tracking-TrackingFailure";
const MAILBOX = ".o-mail_activity_tracking-MobileFailedMailbox";

/** Open the mailbox of somebody who has failures, from the tab that has it. */
async function openMailbox(pyEnv, tab) {
    await start();
    await openDiscuss();
    await click(".o-mail-MessagingMenu-tab", { text: tab });
    push(pyEnv, { Store: { failed: { id: "failed", model: "mail.box", counter: 1 } } });
    await contains(`${MAILBOX} .badge`, { text: "1" });
    await click(MAILBOX);
}

for (const [type, tab] of [
    ["inbox", "Inbox"],
    ["email", "Starred"],
]) {
    test(`on the phone, for users notified by ${type}`, async () => {
        const pyEnv = await startServer();
        pyEnv["res.users"].write([serverState.userId], { notification_type: type });
        createFailure(pyEnv);
        await openMailbox(pyEnv, tab);
        await contains(`${FAILURE}:contains('Bob Bounce')`);
    });
}

test("a long name leaves the buttons on the screen", async () => {
    const pyEnv = await startServer();
    createFailure(pyEnv, { names: ["the-customer-with-a-name@refused.example.com"] });
    await openMailbox(pyEnv, "Starred");
    await contains(`${FAILURE}-more`);
    expect(queryRect(`${FAILURE}-more`).right).toBeLessThan(window.innerWidth);
});
