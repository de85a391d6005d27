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
    openFormView,
    start,
    startServer,
} from "@mail/../tests/mail_test_helpers";

import { describe, expect, queryAllTexts, queryFirst, test } from "@odoo/hoot";
import { animationFrame, Deferred } from "@odoo/hoot-mock";

import { asyncStep, onRpc, waitForSteps } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");
defineMailActivityTrackingModels();

const FAILURE = ".o-mail_activity_tracking-TrackingFailure";
const SECTION = ".o-mail_activity_tracking-FailedSection";
const TITLE = `${SECTION}-title`;

/** Open a contact that has failures, and let the server tell how many. */
async function openWithFailures(count) {
    const pyEnv = await startServer();
    const recordId = pyEnv["res.partner"].create({ name: "Record" });
    const created = [];
    for (let number = 1; number <= count; number++) {
        created.push(createFailure(pyEnv, { recordId, subject: `Message ${number}` }));
    }
    await start();
    await openFormView("res.partner", recordId);
    tellCount(pyEnv, recordId, count);
    return { created, pyEnv, recordId };
}

function tellCount(pyEnv, recordId, count) {
    push(pyEnv, {
        "mail.thread": [{ id: recordId, model: "res.partner", tracking_failed_count: count }],
    });
}

test("the chatter asks for the number with its other data", async () => {
    const pyEnv = await startServer();
    const recordId = pyEnv["res.partner"].create({ name: "Record" });
    onRpc("/mail/data", async (request) => {
        const { params } = await request.json();
        for (const [name, values] of params.fetch_params.filter(Array.isArray)) {
            if (name === "mail.thread" && values.thread_id === recordId) {
                asyncStep(values.request_list.includes("trackingFailures"));
            }
        }
    });
    onRpc("/mail/tracking/failures", () => asyncStep("failures"));
    await start();
    await openFormView("res.partner", recordId);
    await contains(".o-mail-Chatter");
    await waitForSteps([true]);
    await contains(SECTION, { count: 0 });
});

test("three rows are shown, each with its message", async () => {
    await openWithFailures(3);
    await contains(`${SECTION} [role='status']`, { text: "3 email failures" });
    await contains(FAILURE, { count: 3 });
    await contains(`${FAILURE}:first:contains('Bob Bounce not sent: address unknown · Message 3')`);
});

test("the failures of one message do not repeat what it is about", async () => {
    const { pyEnv, recordId } = await openWithFailures(0);
    createFailure(pyEnv, { names: ["Ann", "Bob"], recordId, subject: "Offer" });
    tellCount(pyEnv, recordId, 2);
    await contains(FAILURE, { count: 2 });
    expect(`${SECTION}:contains('Offer')`).toHaveCount(0);
});

test("four are collapsed, ten are shown first, then all", async () => {
    const { pyEnv, recordId } = await openWithFailures(4);
    await contains(`${TITLE}[aria-expanded='false']`, { text: "4 email failures" });
    expect(FAILURE).toHaveCount(0);
    await click(TITLE);
    await contains(FAILURE, { count: 4 });
    createFailure(pyEnv, { names: Array.from({ length: 8 }, (_, i) => `Eve ${i}`), recordId });
    tellCount(pyEnv, recordId, 12);
    await contains(FAILURE, { count: 10 });
    await click(`${SECTION} button`, { text: "Show all 12" });
    await contains(FAILURE, { count: 12 });
    await contains(`${SECTION} button`, { count: 0, text: "Show all 12" });
});

test("retry of all failures of the document, but of no complaint", async () => {
    const { pyEnv, recordId, created } = await openWithFailures(4);
    createFailure(pyEnv, { names: ["Carl Complaint"], reason: false, recordId, state: "spam" });
    tellCount(pyEnv, recordId, 5);
    onRpc("/mail/tracking/retry", async (request) => {
        const { params } = await request.json();
        asyncStep(params.tracking_ids.toSorted((a, b) => a - b));
        return { problems: [], retried: params.tracking_ids };
    });
    await contains(TITLE, { text: "5 email failures" });
    await click(`${SECTION} button`, { text: "Retry all" });
    await contains(".o_notification", { text: "Sending again to 4 recipients." });
    await waitForSteps([created.flatMap(({ trackingIds }) => trackingIds)]);
});

for (const [state, reason, first, others] of [
    ["noemail", false, "Edit contact", ["Retry", "Mark as reviewed"]],
    ["error", "mail_email_invalid", "Edit contact", ["Retry", "Mark as reviewed"]],
    ["bounced", "address_unknown", "Edit contact", ["Retry", "Mark as reviewed"]],
    ["error", "mailbox_full", "Retry", ["Edit contact", "Mark as reviewed"]],
    ["error", "mail_bl", "Mark as reviewed", ["Edit contact"]],
    ["error", "mail_optout", "Mark as reviewed", ["Edit contact"]],
    ["spam", false, "Mark as reviewed", ["Edit contact"]],
]) {
    test(`what helps most comes first: ${state} ${reason || ""}`, async () => {
        const { pyEnv, recordId } = await openWithFailures(0);
        createFailure(pyEnv, { reason, recordId, state });
        tellCount(pyEnv, recordId, 1);
        await contains(`${FAILURE}-action`, { text: first });
        await click(`${FAILURE}-more`);
        await contains(".o-dropdown-item", { text: "Details" });
        expect(queryAllTexts(".o-dropdown-item")).toEqual([...others, "Details", "View message"]);
    });
}

test("who may not write contacts can review", async () => {
    onRpc("res.partner", "has_access", () => false);
    await openWithFailures(1);
    await contains(`${FAILURE}-action`, { text: "Mark as reviewed" });
    await click(`${FAILURE}-more`);
    await contains(".o-dropdown-item", { text: "Retry" });
    expect(".o-dropdown-item:contains('Edit contact')").toHaveCount(0);
});

test("more than the server gives at once", async () => {
    const { pyEnv, recordId } = await openWithFailures(0);
    createFailure(pyEnv, { names: Array.from({ length: 103 }, (_, i) => `Bob ${i}`), recordId });
    tellCount(pyEnv, recordId, 103);
    await contains(TITLE, { text: "103 email failures" });
    await click(TITLE);
    await contains(FAILURE, { count: 10 });
    await click(`${SECTION} button`, { text: "Show all 103" });
    await contains(FAILURE, { count: 103 });
});

test("another document shows none of the former one's", async () => {
    const { pyEnv } = await openWithFailures(1);
    await contains(FAILURE);
    const otherId = pyEnv["res.partner"].create({ name: "Other" });
    onRpc("/mail/tracking/failures", () => new Deferred());
    await openFormView("res.partner", otherId);
    tellCount(pyEnv, otherId, 1);
    await contains(TITLE, { text: "1 email failure" });
    expect(FAILURE).toHaveCount(0);
});

test("a post that fails at once is asked for", async () => {
    const { recordId } = await openWithFailures(0);
    onRpc("/mail/data", async (request) => {
        const { params } = await request.json();
        for (const [name, values] of params.fetch_params.filter(Array.isArray)) {
            if (name === "mail.thread" && values.thread_id === recordId) {
                asyncStep(values.request_list.includes("trackingFailures"));
            }
        }
    });
    await click("button", { text: "Log note" });
    await insertText(".o-mail-Composer-input", "A note");
    await click(".o-mail-Composer button[aria-label='Log']");
    await waitForSteps([true]);
});

test("closed once, it stays closed and asks for nothing", async () => {
    const { pyEnv, recordId } = await openWithFailures(1);
    await contains(TITLE, { text: "1 email failure" });
    await contains(FAILURE);
    await click(TITLE);
    await contains(FAILURE, { count: 0 });
    await contains(`${TITLE}[aria-expanded='false']`);
    onRpc("/mail/tracking/failures", () => asyncStep("failures"));
    await openFormView("res.partner", pyEnv["res.partner"].create({ name: "Other" }));
    await openFormView("res.partner", recordId);
    tellCount(pyEnv, recordId, 1);
    await contains(TITLE, { text: "1 email failure" });
    await contains(FAILURE, { count: 0 });
    await waitForSteps([]);
    await click(TITLE);
    await contains(FAILURE);
    await waitForSteps(["failures"]);
});

test("a review takes the row away, never the message", async () => {
    const { pyEnv, recordId } = await openWithFailures(2);
    await contains(FAILURE, { count: 2 });
    await clickMore(`${FAILURE}:first`, "Mark as reviewed");
    await contains(FAILURE, { count: 1 });
    tellCount(pyEnv, recordId, 1);
    await contains(TITLE, { text: "1 email failure" });
    await contains(".o-mail-Thread .o-mail-Message", { count: 2 });
    await click(".o_notification button", { text: "Undo" });
    tellCount(pyEnv, recordId, 2);
    await contains(FAILURE, { count: 2 });
});

test("the focus goes to the title when its row has gone", async () => {
    await openWithFailures(2);
    await contains(FAILURE, { count: 2 });
    queryFirst(`${FAILURE}-more`).focus();
    await clickMore(`${FAILURE}:first`, "Mark as reviewed");
    await contains(FAILURE, { count: 1 });
    expect(TITLE).toBeFocused();
});

test("the last one takes the section with it", async () => {
    const { pyEnv, recordId } = await openWithFailures(1);
    await contains(FAILURE);
    tellCount(pyEnv, recordId, 0);
    await contains(SECTION, { count: 0 });
});

test("show message", async () => {
    await openWithFailures(2);
    await contains(FAILURE, { count: 2 });
    await clickMore(`${FAILURE}:first`, "View message");
    await contains(".o-mail-Message.o-highlighted:contains('Message 2')");
});

test("reached with the keyboard, each action with its recipient", async () => {
    await openWithFailures(1);
    await contains(FAILURE);
    const buttons = [...queryFirst(SECTION).querySelectorAll("button")];
    expect(buttons.every((button) => button.tabIndex === 0)).toBe(true);
    expect(queryFirst(`${FAILURE} [role='group']`).getAttribute("aria-label")).toMatch(
        /^Bob Bounce, not sent: address unknown/
    );
});

for (const [state, change, shown, readAnew] of [
    ["unchanged", "", "new@example.com", ["read"]],
    ["changed", "Bob Better", "bob@example.com", []],
]) {
    test(`a corrected address is shown by the form behind, when that is ${state}`, async () => {
        const pyEnv = await startServer();
        const recordId = pyEnv["res.partner"].create({ name: "Bob", email: "bob@example.com" });
        const { messageId, trackingIds } = createFailure(pyEnv, { recordId });
        pyEnv["mail.message"].write([messageId], {
            tracking_failures: [
                [trackingIds[0], recordId, "Bob", "error", 0, "address_unknown", true],
            ],
        });
        onRpc("res.partner", "web_read", () => asyncStep("read"));
        onRpc("/mail/tracking/retry", async () => {
            await animationFrame();
            await animationFrame();
            asyncStep("retry");
            return { problems: [], retried: [] };
        });
        await start();
        const arch =
            "<form><sheet><field name='name'/><field name='email'/></sheet><chatter/></form>";
        await openFormView("res.partner", recordId, { arch });
        tellCount(pyEnv, recordId, 1);
        if (change) {
            await insertText("[name='name'] input", change, { replace: true });
        }
        await click(`${FAILURE} button`, { text: "Edit contact" });
        await insertText(".modal [name='email'] input", "new@example.com", { replace: true });
        await click(".modal .o_form_button_save");
        await contains(".modal", { count: 0 });
        await animationFrame();
        await contains("[name='email'] input", { value: shown });
        // Or the number of failures is read before the retry and arrives after it.
        await waitForSteps(["read", "read", "retry", ...readAnew]);
    });
}
