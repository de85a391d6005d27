import {
    clickMore,
    createFailure,
    defineMailActivityTrackingModels,
    push,
} from "@mail_activity_tracking/../tests/mail_activity_tracking_test_helpers";

import {
    click,
    contains,
    insertText,
    openDiscuss,
    openFormView,
    start,
    startServer,
    triggerHotkey,
} from "@mail/../tests/mail_test_helpers";

import { describe, expect, queryAllTexts, test, waitFor } from "@odoo/hoot";
import { animationFrame, Deferred } from "@odoo/hoot-mock";

import { asyncStep, onRpc, serverState, waitForSteps } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");
defineMailActivityTrackingModels();

const CARD = ".o-mail-Message";
const FAILURE = ".o-mail_activity_tracking-TrackingFailure";
const MAILBOX = "button[data-mailbox-id='failed']";

async function openFailed() {
    await start();
    await openDiscuss("mail.box_failed");
}

test("the sidebar has it for both types of notification, with a red badge", async () => {
    const pyEnv = await startServer();
    for (const type of ["inbox", "email"]) {
        pyEnv["res.users"].write([serverState.userId], { notification_type: type });
        await start();
        await openDiscuss();
        await contains(MAILBOX, { text: "Failed" });
    }
    await contains(`${MAILBOX} .o-innerBadge`, { count: 0 });
    push(pyEnv, { Store: { failed: { id: "failed", model: "mail.box", counter: 2 } } });
    await contains(`${MAILBOX} .o-mail_activity_tracking-failedBadge`, { text: "2" });
    await contains(`${MAILBOX}[title='2 messages with email failures']`);
});

test("a card says who failed, why, and what to do", async () => {
    const pyEnv = await startServer();
    createFailure(pyEnv, { names: ["Bob Bounce", "Eve Error"] });
    await openFailed();
    await contains(`${CARD} ${FAILURE}`, { count: 2 });
    await contains(`${FAILURE}:contains('Bob Bounce not sent: address unknown')`);
    await contains(`${FAILURE}-action`, { count: 2, text: "Edit contact" });
    await click(`${FAILURE}:first [aria-label='More actions']`);
    await contains(".o-dropdown--menu:contains('Check the spelling of the email address.')");
    await contains(`${FAILURE} [data-mail-tracking-status='error']`, { count: 2 });
});

test("empty when everything arrived", async () => {
    await startServer();
    await openFailed();
    await contains("h4", { text: "No failed emails" });
    await contains("p:contains(before email tracking was installed)");
    await contains("button:disabled", { text: "Mark all reviewed" });
});

test("newest first by pages, and search", async () => {
    const pyEnv = await startServer();
    for (let number = 1; number <= 10; number++) {
        createFailure(pyEnv, { subject: `Message ${number}` });
    }
    onRpc("/mail/failed/messages", async (request) => {
        const { params } = await request.json();
        const { before, search_term: term } = params.fetch_params;
        asyncStep([before && "before", term].filter(Boolean).join() || "first");
    });
    const env = await start();
    env.services["mail.store"].FETCH_LIMIT = 8;
    await openDiscuss("mail.box_failed");
    await contains(CARD, { count: 8 });
    await waitForSteps(["first"]);
    await contains(".o-mail-Thread", { scroll: 0 });
    await contains(".o-mail-Thread", { setScroll: "bottom" });
    await contains(CARD, { count: 10 });
    await waitForSteps(["before"]);
    const bodies = queryAllTexts(`${CARD} .o-mail-Message-body p`);
    expect(bodies.map((text) => Number(text.split(" ")[1]))).toEqual(
        Array.from({ length: 10 }, (_, index) => 10 - index)
    );
    await click("button[title='Search Messages']");
    await insertText(".o_searchview_input", "nothing like this");
    triggerHotkey("Enter");
    await contains(".o-mail-SearchMessagesPanel:contains('No messages found')");
    await waitForSteps(["nothing like this"]);
});

test("retry asks for this recipient only, and tells why it cannot be", async () => {
    const pyEnv = await startServer();
    const { trackingIds } = createFailure(pyEnv, { names: ["Bob Bounce", "Eve Error"] });
    onRpc("/mail/tracking/retry", async (request) => {
        const { params } = await request.json();
        expect(params).toEqual({ tracking_ids: [trackingIds[1]] });
        asyncStep("retry");
        return { problems: [[trackingIds[1], "Eve has opted out."]], retried: [] };
    });
    await openFailed();
    await clickMore(`${FAILURE}:eq(1)`, "Retry");
    await contains(".o_notification", { text: "Eve has opted out." });
    await waitForSteps(["retry"]);
});

test("a double click sends once", async () => {
    const pyEnv = await startServer();
    const { trackingIds } = createFailure(pyEnv, { reason: "mailbox_full" });
    const answer = new Deferred();
    onRpc("/mail/tracking/retry", () => {
        asyncStep("retry");
        return answer;
    });
    await openFailed();
    const retry = await waitFor(`${FAILURE} button:contains('Retry')`);
    retry.click();
    retry.click();
    answer.resolve({ problems: [], retried: trackingIds });
    await contains(".o_notification", { text: "The email is being sent again." });
    await waitForSteps(["retry"]);
});

test("retry of all whom a message did not reach", async () => {
    const pyEnv = await startServer();
    const { messageId, trackingIds } = createFailure(pyEnv, { names: ["Bob", "Eve"] });
    onRpc("/mail/tracking/retry", async (request) => {
        const { params } = await request.json();
        expect(params).toEqual({ tracking_ids: trackingIds });
        const data = { "mail.message": [{ id: messageId, tracking_failures: [] }] };
        return { data, problems: [], retried: trackingIds };
    });
    await openFailed();
    await click(`${CARD} button`, { text: "Retry all 2" });
    await contains("h4", { text: "No failed emails" });
});

test("an answer that comes after the news of the next failure hides nothing", async () => {
    const pyEnv = await startServer();
    const { messageId, trackingIds } = createFailure(pyEnv);
    const answer = new Deferred();
    onRpc("/mail/tracking/retry", () => answer);
    await openFailed();
    await clickMore(`${FAILURE}`, "Retry");
    const again = [trackingIds[0], false, "again@example.com", "error", 0, "mailbox_full", true];
    push(pyEnv, { "mail.message": [{ id: messageId, tracking_failures: [again] }] });
    await contains(`${FAILURE}:contains('mailbox full')`);
    const data = { "mail.message": [{ id: messageId, tracking_failures: [] }] };
    answer.resolve({ data, problems: [], retried: trackingIds });
    await contains(".o_notification", { text: "The email is being sent again." });
    await contains(`${FAILURE}:contains('mailbox full')`);
});

test("an older number undoes no later one", async () => {
    const pyEnv = await startServer();
    await openFailed();
    const box = { id: "failed", model: "mail.box" };
    push(pyEnv, { Store: { failed: { ...box, counter: 3, counter_bus_id: 20 } } });
    await contains(`${MAILBOX} .o-innerBadge`, { text: "3" });
    push(pyEnv, { Store: { failed: { ...box, counter: 9, counter_bus_id: 10 } } });
    push(pyEnv, { Store: { failed: { ...box, counter: 4, counter_bus_id: 20 } } });
    await contains(`${MAILBOX} .o-innerBadge`, { text: "4" });
    push(pyEnv, { Store: { failed: { ...box, counter: 9, counter_bus_id: 10 } } });
    await animationFrame();
    await contains(`${MAILBOX} .o-innerBadge`, { text: "4" });
});

test("details tell the story, with the answer of the mail server", async () => {
    const pyEnv = await startServer();
    const { trackingIds } = createFailure(pyEnv);
    onRpc("/mail/tracking/timeline", async (request) => {
        const { params } = await request.json();
        expect(params).toEqual({ tracking_id: trackingIds[0] });
        const error = { attempt: 1, diagnostic: "550 5.1.1 No such user", time: 0 };
        return { events: [{ ...error, origin: "Mail server", text: "Not sent", type: "error" }] };
    });
    await openFailed();
    await clickMore(`${FAILURE}`, "Details");
    await contains(".o_popover code", { text: "550 5.1.1 No such user" });
    await contains(".o_popover:contains('Check the spelling of the email address.')");
});

test("brought back to its place among the others", async () => {
    const pyEnv = await startServer();
    for (const subject of ["One", "Two", "Three"]) {
        createFailure(pyEnv, { subject });
    }
    await openFailed();
    await contains(CARD, { count: 3 });
    await clickMore(`${FAILURE}:eq(1)`, "Mark as reviewed");
    await contains(CARD, { count: 2 });
    await click(".o_notification button", { text: "Undo" });
    await contains(CARD, { count: 3 });
    expect(queryAllTexts(`${CARD} .o-mail-Message-body p`)).toEqual(["Three", "Two", "One"]);
});

test("reviewed and brought back; the message stays in its chatter", async () => {
    const pyEnv = await startServer();
    const { recordId } = createFailure(pyEnv);
    await openFailed();
    await clickMore(`${FAILURE}`, "Mark as reviewed");
    await contains("h4", { text: "No failed emails" });
    await contains(CARD, { count: 0 });
    await click(".o_notification button", { text: "Undo" });
    await contains(`${CARD} ${FAILURE}`);
    await contains(`${MAILBOX} .o-mail_activity_tracking-failedBadge`, { text: "1" });
    await clickMore(`${FAILURE}`, "Mark as reviewed");
    await contains(CARD, { count: 0 });
    await openFormView("res.partner", recordId);
    await contains(`.o-mail-Chatter ${CARD}:contains('Hello')`);
});

test("all at once, after a question when they are not all in sight", async () => {
    const pyEnv = await startServer();
    for (let number = 1; number <= 11; number++) {
        createFailure(pyEnv);
    }
    await openFailed();
    await contains(CARD, { count: 11 });
    push(pyEnv, { Store: { failed: { id: "failed", model: "mail.box", counter: 11 } } });
    await contains(`${MAILBOX} .o-innerBadge`, { text: "11" });
    await click("button", { text: "Mark all reviewed" });
    await contains(".modal-body", { text: "Mark all 11 failed messages as reviewed?" });
    await contains(CARD, { count: 11 });
    await click(".modal button", { text: "Mark all reviewed" });
    await contains("h4", { text: "No failed emails" });
    await click(".o_notification button", { text: "Undo" });
    await contains(CARD, { count: 11 });
});

test("a new failure appears in the open mailbox, a mended one goes", async () => {
    const pyEnv = await startServer();
    await openFailed();
    await contains("h4", { text: "No failed emails" });
    const { messageId } = createFailure(pyEnv);
    push(pyEnv, { Store: { failed: { id: "failed", model: "mail.box", counter: 1 } } });
    await contains(`${CARD} ${FAILURE}`);
    push(pyEnv, {
        Store: { failed: { id: "failed", model: "mail.box", counter: 0 } },
        "mail.message": [{ id: messageId, tracking_failures: [] }],
    });
    await contains(CARD, { count: 0 });
});

test("from the card to the message in its document", async () => {
    const pyEnv = await startServer();
    createFailure(pyEnv);
    await openFailed();
    await click(`${CARD} button`, { text: "View message" });
    await contains(`.o-mail-Chatter ${CARD}.o-highlighted:contains('Hello')`);
});
