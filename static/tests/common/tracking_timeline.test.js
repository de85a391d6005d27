import {
    defineMailActivityTrackingModels,
    event,
    mockTimeline,
    openMessage,
} from "@mail_activity_tracking/../tests/mail_activity_tracking_test_helpers";

import { click, contains, startServer } from "@mail/../tests/mail_test_helpers";
import { describe, expect, mockDate, press, queryFirst, test } from "@odoo/hoot";
import { asyncStep, mockService, serverState, waitForSteps } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");
defineMailActivityTrackingModels();

const CHIP = ".o-mail_activity_tracking-Recipient";
const TIMELINE = ".o-mail_activity_tracking-TrackingTimeline";
const EVENT = `${TIMELINE}-event`;

/** Note what is opened instead of the popover. */
function mockAction() {
    mockService("action", {
        doAction(action) {
            if (typeof action === "string") {
                return asyncStep(action);
            }
            const { res_model, res_id, domain, context } = action;
            if (res_id && !context) {
                return super.doAction(...arguments); // the form with the chatter
            }
            asyncStep(JSON.stringify([res_model, res_id || domain || context]));
        },
    });
}

test("one request gives the events, in attempts", async () => {
    const pyEnv = await startServer();
    mockTimeline([
        event("queued", "Queued"),
        event("error", "Not sent", {
            origin: "Mail server",
            server: "mx.example.com",
            error_type: "address_unknown",
            diagnostic: "550 5.1.1 no such user",
        }),
        event("queued", "Queued", { attempt: 2 }),
        event("sent", "Sent", { attempt: 2, origin: "Example Inc." }),
    ]);
    const { recordId } = await openMessage(pyEnv, [
        { name: "Bob", address: "bob@example.com", tracking: ["sent", false] },
    ]);
    await click(CHIP);
    await waitForSteps([`timeline by message_id,partner_id: ${recordId + 1}`]);
    await contains(TIMELINE, { text: "bob@example.com" });
    await contains(EVENT, { count: 4 });
    await contains(TIMELINE, { text: "Attempt 1" });
    await contains(TIMELINE, { text: "Attempt 2" });
    await contains(EVENT, { text: "Example Inc." });
    await contains(EVENT, { text: "address unknown" });
    await contains(EVENT, { text: "Mail server, mx.example.com" });
    await contains(TIMELINE, { text: "No open detected. The email may still have been read." });
    const response = `${EVENT} details:not([open]) code[dir=auto]`;
    await contains(response, { text: "550 5.1.1 no such user" });
    await click(`${EVENT} summary`);
    await contains(`${EVENT} details[open]`);
});

test("a raw address is asked for by address, and can become a contact", async () => {
    const pyEnv = await startServer();
    mockTimeline([]);
    mockAction();
    await openMessage(pyEnv, [{ address: "raw@example.com", tracking: ["sent", false] }]);
    await click(CHIP);
    await waitForSteps(["timeline by message_id,address: raw@example.com"]);
    await click(`${TIMELINE} button`, { text: "Create contact" });
    await contains(TIMELINE, { count: 0 });
    await waitForSteps(['["res.partner",{"default_email":"raw@example.com"}]']);
});

test("a recipient without notification is asked for by the tracking", async () => {
    const pyEnv = await startServer();
    mockTimeline([]);
    mockAction();
    await openMessage(pyEnv, [], {
        tracking_recipients: [[71, 12, "Carla <carla@example.com>", "cc", "sent", false]],
    });
    await click(CHIP);
    await waitForSteps(["timeline by tracking_id: 71"]);
    await click(`${TIMELINE} button`, { text: "Open contact" });
    await waitForSteps(['["res.partner",12]']);
});

test("whoever may read events can go to all of them", async () => {
    const pyEnv = await startServer();
    mockTimeline([], { can_read_events: true });
    mockAction();
    await openMessage(pyEnv, [], {
        tracking_recipients: [[71, 12, "Carla", "to", "sent", false]],
    });
    await click(CHIP);
    await waitForSteps(["timeline by tracking_id: 71"]);
    await click(`${TIMELINE} button`, { text: "All events" });
    await waitForSteps(['["mail.tracking.event",[["tracking_email_id","=",7]]]']);
});

test("administrators look why a mail that was sent is not Delivered", async () => {
    const pyEnv = await startServer();
    mockTimeline([], { can_read_events: true });
    mockAction();
    await openMessage(pyEnv, [], {
        tracking_recipients: [
            [71, 12, "Carla", "to", "sent", false],
            [72, 13, "Dora", "to", "delivered", false],
        ],
    });
    await click(CHIP, { text: "Dora" });
    await contains(`${TIMELINE} button`, { text: "All events" });
    await contains(`${TIMELINE} button`, { count: 0, text: "Why not Delivered?" });
    await click(CHIP, { text: "Carla" });
    await click(`${TIMELINE} button`, { text: "Why not Delivered?" });
    await contains(TIMELINE, { count: 0 });
    await waitForSteps([
        "timeline by tracking_id: 72",
        "timeline by tracking_id: 71",
        "mail_activity_tracking.mail_tracking_check_action",
    ]);
});

test("nothing is asked of the server where nothing is tracked", async () => {
    const pyEnv = await startServer();
    mockTimeline([]);
    await openMessage(pyEnv, [{ name: "Ida", notification_type: "inbox" }]);
    await click(CHIP);
    await contains(TIMELINE, { text: "notified in Odoo, no email sent" });
    await contains(`${TIMELINE} button`, { count: 1, text: "Open contact" });
    await waitForSteps([]);
});

test("opened by Enter, closed by Escape, which gives the focus back", async () => {
    const pyEnv = await startServer();
    mockTimeline([event("sent", "Sent")]);
    await openMessage(pyEnv, [], {
        tracking_recipients: [[71, 12, "Carla", "to", "sent", false]],
    });
    await contains(CHIP);
    queryFirst(CHIP).focus();
    await press("Enter");
    await waitForSteps(["timeline by tracking_id: 71"]);
    await contains(EVENT);
    expect(`${TIMELINE} button`).toBeFocused();
    expect(queryFirst(CHIP).tagName).toBe("BUTTON", { message: "so Space opens it too" });
    await press("Escape");
    await contains(TIMELINE, { count: 0 });
    expect(CHIP).toBeFocused();
});

test("it says how often the mail was opened, first and last", async () => {
    mockDate("2026-03-04 12:00:00", 0);
    const pyEnv = await startServer();
    const [first, last] = [Date.UTC(2026, 2, 3, 9, 30) / 1000, Date.UTC(2026, 2, 4, 10) / 1000];
    mockTimeline([event("open", "Opened")], {
        open_count: 3,
        first_open: first,
        last_open: last,
    });
    await openMessage(pyEnv, [], {
        tracking_recipients: [[71, 12, "Carla", "to", "opened", last, 3]],
    });
    await click(CHIP);
    await contains(TIMELINE, {
        text: "First opened Mar 3, 9:30 AM, last today 10:00 AM",
    });
    await contains(`${TIMELINE}-words`, { text: "opened 3 times, today 10:00 AM" });
    await waitForSteps(["timeline by tracking_id: 71"]);
});

test("an open timeline follows what happens", async () => {
    const pyEnv = await startServer();
    const events = [event("queued", "Queued")];
    mockTimeline(events);
    const { recordId, notificationIds } = await openMessage(pyEnv, [
        { name: "Ann", address: "ann@example.com", tracking: ["waiting", 1] },
    ]);
    await click(CHIP);
    await contains(EVENT, { count: 1 });
    await contains(`${TIMELINE}:contains(waiting)`);
    events.push(event("sent", "Sent"));
    pyEnv["bus.bus"]._sendone(
        pyEnv["res.partner"].browse(serverState.partnerId)[0],
        "mail.record/insert",
        {
            "mail.notification": [{ id: notificationIds[0], tracking: ["sent", 2] }],
        }
    );
    await contains(EVENT, { count: 2 });
    await contains(`${TIMELINE}:contains(sent, delivery not confirmed)`);
    const step = `timeline by message_id,partner_id: ${recordId + 1}`;
    await waitForSteps([step, step]);
});
