// Clicks through the Failed mailbox of somebody who has failures. Prints, as JSON, the
// badge and the number of cards after each step, and what the dialog has asked.

import { openPage, parameters, reopen, withBrowser } from "./browser.mjs";
import { FAILURE as CARD, MAILBOX } from "./states.mjs";

const BADGE = ".o-mail_activity_tracking-failedBadge";
/** How long a click may take to be seen, in milliseconds. */
const LIMIT = 15000;

const steps = [];

/** Note what is shown once badge and cards are as many as expected, or do not become so. */
async function note(page, step, expected) {
    const seen = () =>
        page.evaluate(
            ([card, badge]) => ({
                badge: Number(document.querySelector(badge)?.textContent ?? 0),
                cards: document.querySelectorAll(card).length,
            }),
            [CARD, BADGE]
        );
    const deadline = Date.now() + LIMIT;
    let found = await seen();
    while ((found.badge !== expected || found.cards !== expected) && Date.now() < deadline) {
        await page.waitForTimeout(50);
        found = await seen();
    }
    steps.push({ step, ...found });
}

function button(page, name, scope = "body") {
    return page.locator(scope).first().getByRole("button", { name, exact: true });
}

/** Choose an action from the menu of the first failure. */
async function choose(page, name) {
    await button(page, "More actions", CARD).click();
    await page.locator(".o-dropdown-item").filter({ hasText: name }).click();
}

async function undo(page) {
    await button(page, "Undo", ".o_notification:has-text('Marked as reviewed')").click();
}

async function clickThrough(page, count) {
    page.setDefaultTimeout(LIMIT);
    await note(page, "opened", count);
    await choose(page, "Mark as reviewed");
    await note(page, "reviewed", count - 1);
    await undo(page);
    await note(page, "undone", count);
    await button(page, "Mark all reviewed", ".o-mail-DiscussContent-header").click();
    const question = await page.locator(".modal-body").innerText();
    await note(page, "asked", count);
    await button(page, "Mark all reviewed", ".modal").click();
    await note(page, "all reviewed", 0);
    const empty = await page.locator(".o-mail-Thread").innerText();
    await undo(page);
    await note(page, "all undone", count);
    await choose(page, "Retry");
    await note(page, "retried", count - 1);
    await choose(page, "Mark as reviewed");
    await note(page, "the next reviewed", count - 2);
    await reopen(page, CARD);
    await note(page, "opened anew", count - 2);
    return { question, empty };
}

const words = await withBrowser(async (browser) => {
    const page = await openPage(browser, MAILBOX, CARD);
    return clickThrough(page, parameters.failures);
});
console.log(JSON.stringify({ steps, ...words }));
