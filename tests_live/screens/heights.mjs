// Prints, as JSON, how many pixels the failures of a document take, and how many reasons are
// cut at the end of a line, by screen.

import { openContact, parameters, settled, withBrowser } from "./browser.mjs";

const SECTION = ".o-mail_activity_tracking-FailedSection";
const FAILURE = `${SECTION} .o-mail_activity_tracking-TrackingFailure`;

const REASON = `${FAILURE}-text > span`;

function countCut(reasons) {
    return reasons.filter(({ clientWidth, scrollWidth }) => scrollWidth > clientWidth).length;
}

const heights = {};
await withBrowser(async (browser) => {
    for (const screen of ["wide", "phone"]) {
        const page = await openContact(browser, parameters.contact, { screen });
        await page.waitForSelector(FAILURE);
        await settled(page);
        const { height } = await page.locator(SECTION).boundingBox();
        heights[screen] = {
            height,
            failures: await page.locator(FAILURE).count(),
            cut: await page.locator(REASON).evaluateAll(countCut),
        };
        await page.context().close();
    }
});
console.log(JSON.stringify(heights));
