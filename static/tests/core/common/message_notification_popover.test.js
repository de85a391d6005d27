import {
    defineMailActivityTrackingModels,
    openMessage,
} from "@mail_activity_tracking/../tests/mail_activity_tracking_test_helpers";

import { click, contains, startServer } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";

describe.current.tags("desktop");
defineMailActivityTrackingModels();

const ENVELOPE = ".o-mail-Message-notification";
const POPOVER = ".o-mail-MessageNotificationPopover";

test("core's popover says what our line says, and nothing more", async () => {
    const pyEnv = await startServer();
    await openMessage(pyEnv, [
        { name: "Sam", tracking: ["sent", false] },
        { name: "Olga", tracking: ["opened", false, 3] },
        {
            name: "Bob",
            notification_status: "exception",
            tracking: ["error", false, "address_unknown"],
        },
        { name: "Old" },
        { name: "Ida", notification_type: "inbox" },
    ]);
    await click(ENVELOPE);
    await contains(`${POPOVER} [title='Sent, delivery not confirmed']`);
    await contains(`${POPOVER} [title='Opened 3 times']`);
    await contains(`${POPOVER} [title='Not sent: address unknown']`);
    await contains(`${POPOVER} [title='Not tracked']`);
    await contains(`${POPOVER} [title='Notified in Odoo, no email sent']`);
    await contains(POPOVER, { text: "SamOlgaBob(not sent: address unknown)OldIda" });
    expect(`${POPOVER} [title='Delivered']`).toHaveCount(0);
});

test("core's own words stay where nothing is tracked", async () => {
    const pyEnv = await startServer();
    await openMessage(pyEnv, [
        { name: "Bob", notification_status: "exception", failure_type: "mail_smtp" },
        { name: "Sms", notification_type: "sms" },
    ]);
    await click(ENVELOPE);
    await contains(`${POPOVER} [title='Error']`);
    await contains(`${POPOVER} [title='Delivered']`);
    await contains(POPOVER, { text: "Bob(Connection failed)Sms" });
});

test("the envelope has the colour of the worst recipient and says what it is", async () => {
    const pyEnv = await startServer();
    await openMessage(pyEnv, [
        { name: "Olga", tracking: ["opened", false] },
        { name: "Bob", tracking: ["bounced", false] },
    ]);
    await contains(`${ENVELOPE}.text-danger .fa-envelope[aria-label='1 of 2 failed, 1 opened']`);
});

test("the envelope of a message without failures", async () => {
    const pyEnv = await startServer();
    await openMessage(pyEnv, [
        { name: "Ann", tracking: ["sent", false] },
        { name: "Bea", tracking: ["canceled", false] },
    ]);
    await contains(`${ENVELOPE}.text-muted .fa-envelope-o`);
    await contains(`${ENVELOPE} [aria-label='2 recipients, cancelled, not sent']`);
});

test("the envelope of a message to one recipient says it in the singular", async () => {
    const pyEnv = await startServer();
    await openMessage(pyEnv, [{ name: "Ann", tracking: ["error", false, "mailbox_full"] }]);
    await contains(`${ENVELOPE}.text-danger [aria-label='Ann, not sent: mailbox full']`);
});

test("the envelope of a failure that nothing tracks", async () => {
    const pyEnv = await startServer();
    await openMessage(pyEnv, [{ name: "Bob", notification_status: "bounce" }]);
    await contains(`${ENVELOPE}.text-danger .fa-envelope`);
});

test("the envelope of an incoming message counts its recipients only", async () => {
    const pyEnv = await startServer();
    await openMessage(pyEnv, [{ name: "Ida", notification_type: "inbox" }], {
        incoming_email_cc: [["Carla", "carla@example.com"]],
    });
    await contains(`${ENVELOPE} [aria-label='2 recipients']`);
});
