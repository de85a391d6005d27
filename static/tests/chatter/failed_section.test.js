import {
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

import { describe, expect, queryFirst, test } from "@odoo/hoot";
import { Deferred } from "@odoo/hoot-mock";

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

test("three rows, then all", async () => {
    await openWithFailures(5);
    await contains(TITLE, { text: "5 mails failed" });
    await contains(FAILURE, { count: 3 });
    await contains(`${SECTION} [role='status']`, { text: "5 mails failed" });
    await contains(`${SECTION} .text-truncate:first`, { text: "Message 5" });
    await click(`${SECTION} button`, { text: "Show all 5" });
    await contains(FAILURE, { count: 5 });
    await contains(`${SECTION} button`, { count: 0, text: "Show all 5" });
});

test("more than the server gives at once", async () => {
    const { pyEnv, recordId } = await openWithFailures(0);
    createFailure(pyEnv, { names: Array.from({ length: 103 }, (_, i) => `Bob ${i}`), recordId });
    tellCount(pyEnv, recordId, 103);
    await contains(FAILURE, { count: 3 });
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
    await contains(TITLE, { text: "1 mail failed" });
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
    await contains(TITLE, { text: "1 mail failed" });
    await contains(FAILURE);
    await click(TITLE);
    await contains(FAILURE, { count: 0 });
    await contains(`${TITLE}[aria-expanded='false']`);
    onRpc("/mail/tracking/failures", () => asyncStep("failures"));
    await openFormView("res.partner", pyEnv["res.partner"].create({ name: "Other" }));
    await openFormView("res.partner", recordId);
    tellCount(pyEnv, recordId, 1);
    await contains(TITLE, { text: "1 mail failed" });
    await contains(FAILURE, { count: 0 });
    await waitForSteps([]);
    await click(TITLE);
    await contains(FAILURE);
    await waitForSteps(["failures"]);
});

test("a review takes the row away, never the message", async () => {
    const { pyEnv, recordId } = await openWithFailures(2);
    await contains(FAILURE, { count: 2 });
    await click(`${FAILURE}:first button`, { text: "Set as reviewed" });
    await contains(FAILURE, { count: 1 });
    tellCount(pyEnv, recordId, 1);
    await contains(TITLE, { text: "1 mail failed" });
    await contains(".o-mail-Thread .o-mail-Message", { count: 2 });
    await click(".o_notification button", { text: "Undo" });
    tellCount(pyEnv, recordId, 2);
    await contains(FAILURE, { count: 2 });
});

test("the focus goes to the title when its row has gone", async () => {
    await openWithFailures(2);
    await contains(FAILURE, { count: 2 });
    const button = queryFirst(`${FAILURE} button:contains('Set as reviewed')`);
    button.focus();
    await click(button);
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
    await click(`${SECTION} button:contains('Show message'):first`);
    await contains(".o-mail-Message.o-highlighted:contains('Message 2')");
});

test("reached with the keyboard, each action with its recipient", async () => {
    await openWithFailures(1);
    await contains(FAILURE);
    const buttons = [...queryFirst(SECTION).querySelectorAll("button")];
    expect(buttons.every((button) => button.tabIndex === 0)).toBe(true);
    expect(queryFirst(`${FAILURE} [role='group']`).getAttribute("aria-label")).toMatch(
        /^Bob Bounce, failed: address unknown/
    );
});
