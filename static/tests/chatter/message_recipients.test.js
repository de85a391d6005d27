import {
    defineMailActivityTrackingModels,
    openMessage,
} from "@mail_activity_tracking/../tests/mail_activity_tracking_test_helpers";

import { click, contains, openDiscuss, start, startServer } from "@mail/../tests/mail_test_helpers";
import { describe, expect, queryAll, queryAllTexts, test } from "@odoo/hoot";
import { serverState } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");
defineMailActivityTrackingModels();

const CHIP = ".o-mail_activity_tracking-Recipient";
const AT = Date.UTC(2026, 2, 4, 10, 2) / 1000;

test("text messages and letters are not ours", async () => {
    const pyEnv = await startServer();
    await openMessage(pyEnv, [{ name: "Sms", notification_type: "sms" }]);
    await contains(".o-mail-Message");
    expect(CHIP).toHaveCount(0);
    await contains(".o-mail-Message-notification [aria-label='Notifications']");
});

test("recipients without notification, in groups To and Cc", async () => {
    const pyEnv = await startServer();
    const partnerId = pyEnv["res.partner"].create({ name: "Carla" });
    await openMessage(pyEnv, [{ name: "Ann", tracking: ["sent", false] }], {
        partner_ids: [partnerId],
        tracking_recipients: [
            [71, partnerId, '"Old Name" <carla@example.com>', "cc", "delivered", false],
            [72, false, "Tom <tom@example.com>", "to", "error", false, "refused"],
            [74, false, "", "to", "error", false],
            [73, 999, String.raw`"Un \"x, y\" \\ read" <unread@example.com>`, "cc", "sent", false],
        ],
    });
    await contains(`[role='group'][aria-label='To'] ${CHIP}`, { count: 3 });
    expect(queryAllTexts(`[aria-label='To'] ${CHIP}`)).toEqual([
        "Ann",
        "tom@example.com Not sent",
        "Unknown recipient Not sent",
    ]);
    expect(queryAllTexts(`[aria-label='Cc'] ${CHIP}`)).toEqual([
        "Carla",
        String.raw`Un "x, y" \ read`,
    ]);
    await contains("[data-mail-tracking-status='delivered'][aria-label='Carla, delivered']");
    await contains("[data-mail-tracking-delivery='error']", { count: 2 });
});

test("To and Cc of an incoming message", async () => {
    const pyEnv = await startServer();
    await openMessage(
        pyEnv,
        [
            { name: "Ann", address: "Ann <ann@example.com>", tracking: ["sent", false] },
            { name: "Ida", address: "ida@example.com", notification_type: "inbox" },
        ],
        {
            incoming_email_to: [["", "sales@example.com"]],
            incoming_email_cc: [
                ["Carla", "carla@example.com"],
                ["Ann again", "ANN@example.com"],
                ["Ida", "ida@example.com"],
            ],
        }
    );
    await contains(`[role='group'][aria-label='To'] ${CHIP}`, { count: 2 });
    expect(queryAllTexts(`[aria-label='To'] ${CHIP}`)).toEqual(["Ann", "sales@example.com"]);
    expect(queryAllTexts(`[aria-label='Cc'] ${CHIP}`)).toEqual(["Carla", "Ida"]);
    await contains(
        "[data-mail-tracking-status='unknown'][aria-label='sales@example.com, recipient of an incoming email, not tracked']"
    );
    await contains("[data-mail-tracking-status='cc']", { count: 2 });
    await contains("[data-mail-tracking-status='sent']", { count: 1 });
});

test("more than six collapse, problems first, notified in Odoo last", async () => {
    const pyEnv = await startServer();
    const names = ["One", "Two", "Three", "Four", "Five"];
    await openMessage(pyEnv, [
        { name: "Ida", notification_type: "inbox" },
        { name: "Olga", tracking: ["opened", false, 2] },
        ...names.map((name) => ({ name, tracking: ["sent", false] })),
        { name: "Bob", tracking: ["bounced", false] },
        { name: "Nora", tracking: ["noemail", false] },
    ]);
    await contains(`${CHIP}[aria-expanded='false']`, { text: "+3" });
    const shown = ["Bob Bounced", "Nora No email address", "One", "Two", "Three", "Four"];
    expect(queryAllTexts(`${CHIP}:not([aria-expanded])`)).toEqual(shown);
    await click(`${CHIP}[aria-expanded]`);
    await contains(`${CHIP}[aria-expanded='true']`, { text: "Show less" });
    expect(queryAllTexts(`${CHIP}:not([aria-expanded])`)).toEqual([
        ...shown,
        "Five",
        "Olga 2x",
        "Ida",
    ]);
    await click(`${CHIP}[aria-expanded]`);
    await contains(`${CHIP}:not([aria-expanded])`, { count: 6 });
});

test("up to six keep their order, with those notified in Odoo last", async () => {
    const pyEnv = await startServer();
    await openMessage(pyEnv, [
        { name: "Ida", notification_type: "inbox" },
        { name: "Olga", tracking: ["opened", false] },
        { name: "Bob", tracking: ["bounced", false] },
    ]);
    await contains(CHIP, { count: 3 });
    expect(queryAllTexts(CHIP)).toEqual(["Olga", "Bob Bounced", "Ida"]);
});

test("the line does not depend on the header, which core may leave out", async () => {
    const pyEnv = await startServer();
    await openMessage(pyEnv, [{ name: "Ann", tracking: ["sent", false] }]);
    await contains("[aria-label='Recipients'] + .o-mail-Message-contentContainer");
    expect(`.o-mail-Message-header ${CHIP}`).toHaveCount(0);
});

test("a new state on the bus changes the icon", async () => {
    const pyEnv = await startServer();
    const { messageId, notificationIds } = await openMessage(pyEnv, [
        { name: "Ann", tracking: ["sent", false] },
    ]);
    await contains("[data-mail-tracking-status='sent']");
    const [partner] = pyEnv["res.partner"].read(serverState.partnerId);
    pyEnv["bus.bus"]._sendone(partner, "mail.record/insert", {
        "mail.notification": [{ id: notificationIds[0], tracking: ["opened", false, 2] }],
    });
    await contains("[data-mail-tracking-status='opened']", { count: 1 });
    await contains(CHIP, { text: "Ann 2x" });
    pyEnv["bus.bus"]._sendone(partner, "mail.record/insert", {
        "mail.message": [
            {
                id: messageId,
                tracking_recipients: [[7, false, "cc@example.com", "cc", "bounced", AT]],
            },
        ],
    });
    await contains("[data-mail-tracking-delivery='error']");
    pyEnv["bus.bus"]._sendone(partner, "mail.record/insert", {
        "mail.message": [
            {
                id: messageId,
                tracking_recipients: [[7, false, "cc@example.com", "cc", "waiting", AT + 60]],
            },
        ],
    });
    await contains("[data-mail-tracking-delivery='waiting']");
});

test("an answer that comes late undoes nothing", async () => {
    const pyEnv = await startServer();
    const { messageId, notificationIds } = await openMessage(pyEnv, [
        { name: "Ann", tracking: ["sent", AT] },
        { name: "Ben", tracking: ["waiting", AT] },
    ]);
    const [partner] = pyEnv["res.partner"].read(serverState.partnerId);
    const push = (payload) => pyEnv["bus.bus"]._sendone(partner, "mail.record/insert", payload);
    push({
        "mail.notification": [
            { id: notificationIds[0], tracking: ["waiting", AT] },
            { id: notificationIds[1], tracking: ["sent", AT + 1] },
        ],
        "mail.message": [
            { id: messageId, tracking_recipients: [[7, false, "x@y.z", "to", "sent", AT]] },
        ],
    });
    await contains("[data-mail-tracking-status='sent']", { count: 2 });
    await contains("[data-mail-tracking-delivery='sent']");
    push({
        "mail.notification": [{ id: notificationIds[1], tracking: ["waiting", AT] }],
        "mail.message": [
            { id: messageId, tracking_recipients: [[7, false, "x@y.z", "to", "waiting", AT - 9]] },
        ],
    });
    push({ "mail.notification": [{ id: notificationIds[0], tracking: ["opened", AT + 9, 1] }] });
    await contains("[data-mail-tracking-status='opened']");
    expect("[data-mail-tracking-status='sent']").toHaveCount(1);
    expect("[data-mail-tracking-delivery='sent']").toHaveCount(1);
});

test("not shown in a channel", async () => {
    const pyEnv = await startServer();
    const channelId = pyEnv["discuss.channel"].create({ name: "General" });
    const messageId = pyEnv["mail.message"].create({
        body: "in a channel",
        message_type: "comment",
        model: "discuss.channel",
        res_id: channelId,
    });
    pyEnv["mail.notification"].create({
        mail_message_id: messageId,
        notification_status: "sent",
        notification_type: "email",
        res_partner_id: pyEnv["res.partner"].create({ name: "Ann" }),
        tracking: ["sent", false],
    });
    await start();
    await openDiscuss(channelId);
    await contains(".o-mail-Message", { text: "in a channel" });
    expect("[data-mail-tracking-status]").toHaveCount(0);
});

test("recipients are reached with the keyboard, in their order", async () => {
    const pyEnv = await startServer();
    await openMessage(pyEnv, [
        { name: "Ann", tracking: ["sent", false] },
        { name: "Bea", tracking: ["sent", false] },
    ]);
    await contains(CHIP, { count: 2 });
    for (const chip of queryAll(CHIP)) {
        expect(chip.tagName).toBe("BUTTON");
        expect(chip.tabIndex).toBe(0);
        expect(chip.getBoundingClientRect().height).toBeGreaterThan(23);
    }
});
