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
const EVENT = `${TIMELINE}-event`;

function event(type, text, values) {
    return { attempt: 1, type, text, time: 0, origin: "", server: "", diagnostic: "", ...values };
}

test("a mail that waits can be sent by those who may", async () => {
    const pyEnv = await startServer();
    const story = { can_send: true, scheduled: Date.UTC(2040, 0, 1, 14) / 1000 };
    const events = [event("queued", "Queued")];
    onRpc("/mail/tracking/timeline", () => ({ tracking_id: 7, events, ...story }));
    onRpc("/mail/tracking/send_now", async (request) => {
        const { params } = await request.json();
        asyncStep(`send ${params.tracking_id}`);
        Object.assign(story, { can_send: false, scheduled: false });
        events.push(event("sent", "Sent"));
    });
    await openMessage(pyEnv, [], {
        tracking_recipients: [[71, 12, "Carla", "to", "waiting", false]],
    });
    await click(CHIP);
    await contains(`${TIMELINE}:contains(Scheduled for Jan 1, 2040)`);
    await click(`${TIMELINE} button`, { text: "Send now" });
    await waitForSteps(["send 7"]);
    await contains(EVENT, { text: "Sent" });
    await contains(`${TIMELINE} button`, { text: "Send now", count: 0 });
    await contains(`${TIMELINE}:contains(Scheduled for)`, { count: 0 });
});

test("who is tried again, and when; it can be canceled by those who may", async () => {
    const pyEnv = await startServer();
    const scheduled = Date.UTC(2040, 0, 1, 14) / 1000;
    const story = { can_send: true, is_retry: true, scheduled };
    const events = [event("queued", "Queued", { attempt: 2 })];
    onRpc("/mail/tracking/timeline", () => ({ tracking_id: 7, events, ...story }));
    onRpc("/mail/tracking/cancel", async (request) => {
        const { params } = await request.json();
        asyncStep(`cancel ${params.tracking_id}`);
        Object.assign(story, { can_send: false, scheduled: false });
    });
    await openMessage(pyEnv, [], {
        tracking_recipients: [[71, 12, "Carla", "to", "waiting", false]],
    });
    await click(CHIP);
    await contains(`${TIMELINE}:contains(Next attempt: Jan 1, 2040)`);
    await click(`${TIMELINE} button`, { text: "Cancel" });
    await waitForSteps(["cancel 7"]);
    await contains(`${TIMELINE} button`, { text: "Cancel", count: 0 });
});
