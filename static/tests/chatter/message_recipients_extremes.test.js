import {
    createMessage,
    defineMailActivityTrackingModels,
    openMessage,
} from "@mail_activity_tracking/../tests/mail_activity_tracking_test_helpers";

import {
    click,
    contains,
    openFormView,
    start,
    startServer,
} from "@mail/../tests/mail_test_helpers";
import { describe, expect, queryFirst, queryRect, test } from "@odoo/hoot";
import { onRpc, serverState } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");
defineMailActivityTrackingModels();

const CHIP = ".o-mail_activity_tracking-Recipient";
const LINE = ".o-mail_activity_tracking-MessageRecipients";
const TIMELINE = ".o-mail_activity_tracking-TrackingTimeline";
const LONG_WORD = "Donaudampfschifffahrt".repeat(20);
const SENT = ["sent", false];

/** Recipients that a mail has when it goes to a mailing list's worth of people. */
function many(count) {
    return Array.from({ length: count }, (_item, index) => ({
        name: `Recipient ${index}`,
        tracking: index === count - 1 ? ["bounced", false, "mailbox_full"] : SENT,
    }));
}

test("two hundred recipients: the one that failed in front, the rest on demand", async () => {
    const pyEnv = await startServer();
    await openMessage(pyEnv, many(200));
    await contains(`${CHIP}[aria-haspopup]`, { count: 6 });
    expect(queryFirst(CHIP)).toHaveText("Recipient 199 Bounced");
    await click(`${LINE}-more`, { text: "+194" });
    await contains(`${CHIP}[aria-haspopup]`, { count: 200 });
    await click(`${LINE}-more`, { text: "Show less" });
    await contains(`${CHIP}[aria-haspopup]`, { count: 6 });
});

test("names and addresses without end stay within the message", async () => {
    const pyEnv = await startServer();
    const address = `${LONG_WORD}@example.com`;
    onRpc("/mail/tracking/timeline", () => ({
        tracking_id: 1,
        events: [
            {
                attempt: 1,
                type: "error",
                text: "Not sent",
                origin: "Mail server",
                server: LONG_WORD,
                diagnostic: LONG_WORD,
            },
        ],
    }));
    await openMessage(pyEnv, [
        { name: LONG_WORD, tracking: SENT },
        { address, tracking: ["error", false, "address_unknown"] },
    ]);
    await contains(CHIP, { count: 2 });
    const { right } = queryRect(".o-mail-Message");
    for (const chip of document.querySelectorAll(CHIP)) {
        expect(chip.getBoundingClientRect().right).toBeLessThan(right + 1);
        expect(chip.scrollWidth).toBeLessThan(chip.clientWidth + 1);
    }
    await click(`${CHIP}[aria-label^='${address}']`);
    await contains(`${TIMELINE} summary`);
    const timeline = queryFirst(TIMELINE);
    expect(timeline.scrollWidth).toBeLessThan(timeline.clientWidth + 1);
});

test("right to left: the icon stands to the left of the name", async () => {
    const pyEnv = await startServer();
    await openMessage(pyEnv, [{ name: "אנה", tracking: SENT }]);
    await contains(`${CHIP} [data-mail-tracking-status='sent']`);
    queryFirst(".o-mail-Chatter").style.direction = "rtl"; // as the bundle for Hebrew has it
    const chip = queryRect(CHIP);
    const icon = queryRect(`${CHIP} [data-mail-tracking-status]`);
    expect(icon.left - chip.left).toBeLessThan(chip.right - icon.right);
});

test("a message whose trackings are gone says so, and opens no empty story", async () => {
    const pyEnv = await startServer();
    onRpc("/mail/tracking/timeline", () => expect.step("asked"));
    await openMessage(pyEnv, [{ name: "Ann", address: "ann@example.com" }]);
    await contains(`${CHIP} [data-mail-tracking-status='unknown']`);
    await click(CHIP);
    await contains(`${TIMELINE}-words`, { text: "not tracked" });
    await contains(`${TIMELINE} [role='status']`, { count: 0 });
    expect.verifySteps([]);
});

test("trackings that went while one looked leave the recipient without a story", async () => {
    const pyEnv = await startServer();
    onRpc("/mail/tracking/timeline", () => ({}));
    await openMessage(pyEnv, [{ name: "Ann", address: "ann@example.com", tracking: SENT }]);
    await click(CHIP);
    await contains(`${TIMELINE} button`, { count: 1, text: "Open contact" });
    await contains(`${TIMELINE} [role='status']`, { count: 0 });
    await contains(`${TIMELINE} .o-mail_activity_tracking-quiet`, {
        text: "There is no tracking history for this email.",
    });
});

test("a failure that Odoo noted before the installation is said not to be counted", async () => {
    const pyEnv = await startServer();
    onRpc("/mail/tracking/timeline", () => ({}));
    const core = { failure_type: "mail_smtp", notification_status: "exception" };
    await openMessage(pyEnv, [{ name: "Ann", address: "ann@example.com", ...core }]);
    await click(CHIP);
    await contains(`${TIMELINE} .o-mail_activity_tracking-quiet`, {
        text: "There is no tracking history for this email, and Discuss > Failed does not count its failure.",
    });
});

test("a message that the addon has never heard of looks as in core", async () => {
    const pyEnv = await startServer();
    const { recordId } = createMessage(pyEnv, [], { author_id: serverState.partnerId });
    await start();
    await openFormView("res.partner", recordId);
    await contains(".o-mail-Message");
    await contains(`${LINE}, ${CHIP}`, { count: 0 });
});
