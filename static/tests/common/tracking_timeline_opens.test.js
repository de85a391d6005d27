import {
    defineMailActivityTrackingModels,
    event,
    mockTimeline,
    openMessage,
} from "@mail_activity_tracking/../tests/mail_activity_tracking_test_helpers";

import { click, contains, startServer } from "@mail/../tests/mail_test_helpers";
import { describe, test } from "@odoo/hoot";
import { waitForSteps } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");
defineMailActivityTrackingModels();

const CHIP = ".o-mail_activity_tracking-Recipient";
const TIMELINE = ".o-mail_activity_tracking-TrackingTimeline";
const EVENT = `${TIMELINE}-event`;

for (const [opens, text] of [
    ["never", "Opens of this email are not tracked."],
    ["consent", "No open detected. Opens are only tracked with the recipient's consent."],
]) {
    test(`it says when opens are tracked: ${opens}`, async () => {
        const pyEnv = await startServer();
        mockTimeline([event("sent", "Sent")], { opens });
        const { recordId } = await openMessage(pyEnv, [
            { name: "Bob", address: "bob@example.com", tracking: ["sent", false] },
        ]);
        await click(CHIP);
        await waitForSteps([`timeline by message_id,partner_id: ${recordId + 1}`]);
        await contains(TIMELINE, { text });
        await contains(`${TIMELINE}:contains(may still have been read)`, { count: 0 });
    });
}

test("an opening tells which evidence stands behind it", async () => {
    const pyEnv = await startServer();
    const proves = "Loaded automatically. This does not count as an open.";
    mockTimeline([
        event("sent", "Sent"),
        event("open", "Opened", { evidence: "machine", origin: "Tracking image", proves }),
        event("open", "Opened", { evidence: "future" }),
    ]);
    const { recordId } = await openMessage(pyEnv, [{ name: "Ann", tracking: ["opened", false] }]);
    await click(CHIP);
    await waitForSteps([`timeline by message_id,partner_id: ${recordId + 1}`]);
    await contains(EVENT, { text: "Tracking image" });
    await contains(EVENT, { text: proves });
    await contains(`${TIMELINE}:contains(No open detected)`, { count: 0 });
});

test("what a machine has loaded is no opening, and tells which rule says so", async () => {
    const pyEnv = await startServer();
    mockTimeline([
        event("sent", "Sent"),
        event("open", "Image loaded", { evidence: "suspect", because: "Too early to count" }),
        event("click", "Link followed automatically", {
            evidence: "machine",
            because: "An email scanner",
        }),
    ]);
    const { recordId } = await openMessage(pyEnv, [{ name: "Ann", tracking: ["sent", false] }]);
    await click(CHIP);
    await waitForSteps([`timeline by message_id,partner_id: ${recordId + 1}`]);
    await contains(EVENT, { text: "Too early to count" });
    await contains(EVENT, { text: "An email scanner" });
    await contains(TIMELINE, { text: "No open detected. The email may still have been read." });
});

test("the strength of a proof is told", async () => {
    const pyEnv = await startServer();
    const because = "Not proven: the sender of an email can be forged.";
    mockTimeline([
        event("sent", "Sent"),
        event("reply", "Replied", { because, evidence: "reply", origin: "Incoming email" }),
    ]);
    const { recordId } = await openMessage(pyEnv, [{ name: "Ann", tracking: ["opened", false] }]);
    await click(CHIP);
    await waitForSteps([`timeline by message_id,partner_id: ${recordId + 1}`]);
    await contains(EVENT, { text: because });
    await contains(`${TIMELINE}:contains(No open detected)`, { count: 0 });
});

test("an open by one of several is not denied", async () => {
    const pyEnv = await startServer();
    mockTimeline([event("sent", "Sent"), event("open", "Image loaded", { evidence: "shared" })]);
    const { recordId } = await openMessage(pyEnv, [{ name: "Ann", tracking: ["sent", false] }]);
    await click(CHIP);
    await waitForSteps([`timeline by message_id,partner_id: ${recordId + 1}`]);
    await contains(EVENT, { count: 2 });
    await contains(`${TIMELINE}:contains(No open detected)`, { count: 0 });
});
