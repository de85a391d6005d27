import {
    createFailure,
    defineMailActivityTrackingModels,
    push,
} from "@mail_activity_tracking/../tests/mail_activity_tracking_test_helpers";

import { click, contains, openDiscuss, start, startServer } from "@mail/../tests/mail_test_helpers";

import { describe, test } from "@odoo/hoot";

import { serverState } from "@web/../tests/web_test_helpers";

describe.current.tags("mobile");
defineMailActivityTrackingModels();

const MAILBOX = ".o-mail_activity_tracking-MobileFailedMailbox";

for (const [type, tab] of [
    ["inbox", "Inbox"],
    ["email", "Starred"],
]) {
    test(`on the phone, for users notified by ${type}`, async () => {
        const pyEnv = await startServer();
        pyEnv["res.users"].write([serverState.userId], { notification_type: type });
        createFailure(pyEnv);
        await start();
        await openDiscuss();
        await click(".o-mail-MessagingMenu-tab", { text: tab });
        push(pyEnv, { Store: { failed: { id: "failed", model: "mail.box", counter: 1 } } });
        await contains(`${MAILBOX} .badge`, { text: "1" });
        await click(MAILBOX);
        await contains(".o-mail_activity_tracking-TrackingFailure:contains('Bob Bounce')");
    });
}
