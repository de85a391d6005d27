import {
    createMessage,
    defineMailActivityTrackingModels,
    openMessage,
} from "@mail_activity_tracking/../tests/mail_activity_tracking_test_helpers";

import {
    click,
    contains,
    insertText,
    openDiscuss,
    start,
    startServer,
    triggerHotkey,
} from "@mail/../tests/mail_test_helpers";
import { describe, test } from "@odoo/hoot";
import { serverState } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");
defineMailActivityTrackingModels();

const DELIVERED = ".o-mail-Message [data-mail-tracking-status='delivered']";
const SENT = [{ name: "Ann", tracking: ["delivered", false] }];

/** Create a message of somebody else in a mailbox of the user. */
function createMessageInMailbox(pyEnv, { isRead = false, isStarred = false } = {}) {
    const author = pyEnv["res.partner"].create({ name: "Colleague" });
    const { messageId } = createMessage(pyEnv, SENT, {
        author_id: author,
        needaction: !isRead && !isStarred,
        starred_partner_ids: isStarred ? [serverState.partnerId] : [],
    });
    if (!isStarred) {
        pyEnv["mail.notification"].create({
            is_read: isRead,
            mail_message_id: messageId,
            notification_status: "sent",
            notification_type: "inbox",
            res_partner_id: serverState.partnerId,
        });
    }
}

for (const [mailbox, values] of [
    ["inbox", {}],
    ["history", { isRead: true }],
    ["starred", { isStarred: true }],
]) {
    test(`shown in the mailbox ${mailbox}`, async () => {
        const pyEnv = await startServer();
        createMessageInMailbox(pyEnv, values);
        await start();
        await openDiscuss(`mail.box_${mailbox}`);
        await contains(DELIVERED);
    });
}

test("shown in what a search of a mailbox finds", async () => {
    const pyEnv = await startServer();
    createMessageInMailbox(pyEnv);
    await start();
    await openDiscuss("mail.box_inbox");
    await click("button[title='Search Messages']");
    await insertText(".o_searchview_input", "Hello");
    triggerHotkey("Enter");
    await contains(`.o-mail-SearchMessagesPanel ${DELIVERED}`);
});

test("shown in what a search of a chatter finds", async () => {
    const pyEnv = await startServer();
    await openMessage(pyEnv, SENT);
    await click("[title='Search Messages']");
    await insertText(".o_searchview_input", "Hello");
    triggerHotkey("Enter");
    await contains(`.o-mail-SearchMessageResult ${DELIVERED}`);
});
