import {
    defineMailActivityTrackingModels,
    openMessage,
} from "@mail_activity_tracking/../tests/mail_activity_tracking_test_helpers";

import { contains, startServer } from "@mail/../tests/mail_test_helpers";
import { describe, expect, queryAll, test } from "@odoo/hoot";
import { mockDate } from "@odoo/hoot-mock";

describe.current.tags("desktop");
defineMailActivityTrackingModels();

const CHIP = ".o-mail_activity_tracking-Recipient";
const NOW = "2026-03-04 10:30:00";
const AT = Date.UTC(2026, 2, 4, 10, 2) / 1000; // 11:02 in the time zone of the tests

// tracking of a contact, status, text, accessible name, and that of the button where it
// has to begin with a text that is not in the former
const SHOWN = [
    [["waiting", AT], "waiting", "Ann", "Ann, waiting, today 11:02 AM"],
    [["sent", AT], "sent", "Ann", "Ann, sent, delivery not confirmed, today 11:02 AM"],
    [
        ["deferred", AT],
        "sent",
        "Ann",
        "Ann, delayed, the mail server is still retrying, today 11:02 AM",
    ],
    [["delivered", AT], "delivered", "Ann", "Ann, delivered, today 11:02 AM"],
    [["opened", AT, 1], "opened", "Ann", "Ann, opened, today 11:02 AM"],
    [
        ["opened", AT, 3],
        "opened",
        "Ann 3x",
        "Ann, opened 3 times, today 11:02 AM",
        "Ann 3x, opened 3 times, today 11:02 AM",
    ],
    [["unsub", AT], "opened", "Ann", "Ann, opened, then unsubscribed, today 11:02 AM"],
    [
        ["error", AT, "address_unknown"],
        "error",
        "Ann Not sent",
        "Ann, not sent: address unknown, today 11:02 AM",
    ],
    [
        ["bounced", AT - 86400, "mailbox_full"],
        "error",
        "Ann Bounced",
        "Ann, bounced: mailbox full, Mar 3, 11:02 AM",
    ],
    [["canceled", false], "error", "Ann Cancelled", "Ann, cancelled, not sent"],
    [["noemail", false], "noemail", "Ann No email address", "Ann, no email address"],
    [["future", false], "unknown", "Ann", "Ann, not tracked"],
    [undefined, "unknown", "Ann", "Ann, not tracked"],
];

for (const [tracking, status, text, description, label = description] of SHOWN) {
    test(`a contact whose tracking is ${JSON.stringify(tracking)}`, async () => {
        mockDate(NOW);
        const pyEnv = await startServer();
        await openMessage(pyEnv, [{ name: "Ann", tracking }]);
        await contains(CHIP, { count: 1, text });
        await contains(`${CHIP}[aria-label='${label}'] [role='img']`);
        await contains(`[data-mail-tracking-status='${status}'][aria-label='${description}']`);
        expect("[data-mail-tracking-status]").toHaveCount(1);
        expect("[data-mail-tracking-delivery]").toHaveCount(0);
    });
}

const OF_CORE = [
    ["exception", "mail_smtp", "error", "Ann, not sent: connection to the mail server failed"],
    ["bounce", "mail_bounce", "error", "Ann, bounced: returned by the recipient's mail server"],
    ["exception", "mail_email_missing", "noemail", "Ann, no email address"],
    ["exception", "unknown", "error", "Ann, not sent"],
];

for (const [status, reason, icon, description] of OF_CORE) {
    test(`an email of before the installation: ${status}, ${reason}`, async () => {
        const pyEnv = await startServer();
        const core = { failure_type: reason, notification_status: status };
        await openMessage(pyEnv, [{ name: "Ann", ...core }]);
        await contains(`${CHIP} [data-mail-tracking-status='${icon}']`);
        expect(`${CHIP} [role='img']`).toHaveAttribute("aria-label", description);
    });
}

test("the icon stands to the right of the name", async () => {
    const pyEnv = await startServer();
    await openMessage(pyEnv, [{ name: "Ann", tracking: ["sent", AT] }]);
    await contains(CHIP);
    const [chip] = queryAll(CHIP);
    expect(chip.firstChild.textContent).toBe("Ann");
    expect(chip.firstElementChild).toHaveAttribute("data-mail-tracking-status", "sent");
});

test("an address without contact has a second icon for the delivery", async () => {
    const pyEnv = await startServer();
    await openMessage(pyEnv, [{ address: "raw@example.com", tracking: ["delivered", false] }]);
    await contains(CHIP, { text: "raw@example.com" });
    await contains(
        "[data-mail-tracking-status='anonuser'][aria-label='raw@example.com, no contact, delivered']"
    );
    await contains("[data-mail-tracking-delivery='delivered']");
    expect("[data-mail-tracking-status]").toHaveCount(1);
});

test("notified in Odoo only", async () => {
    const pyEnv = await startServer();
    await openMessage(pyEnv, [{ name: "Ida", notification_type: "inbox" }]);
    await contains(
        "[data-mail-tracking-status='unknown'][aria-label='Ida, notified in Odoo, no email sent']"
    );
});
