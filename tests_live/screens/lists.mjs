// Prints, as JSON, which columns of our lists cannot be read whole, by list and screen.

import { ACTION, LIST } from "./administration.mjs";
import { newPage, parameters, settled, show, withBrowser } from "./browser.mjs";

const LISTS = {
    emails: "tracking-emails?view_type=list",
    events: "tracking-events?view_type=list",
    statistics: "email-statistics?view_type=list",
    requests: `${ACTION}mail_tracking_webhook_action`,
    diagnosis: `${ACTION}mail_tracking_check_action`,
    providers: `${ACTION}mail_tracking_provider_action`,
    consents: `${ACTION}mail_tracking_consent_action`,
    timeline: `tracking-emails/${parameters.tracking}`,
    "test email": `${ACTION}mail_tracking_test_mail_action`,
};
const SEND = ".modal-content button[name='action_send']";

/** Return what is cut, as "column: text", and what is right of the screen: runs in the page. */
function cutIn(list) {
    const isCut = (element) => element.scrollWidth > element.clientWidth + 1;
    const heads = [...list.querySelectorAll("thead th[data-name]")];
    const nameOf = (cell) => heads.find((head) => head.cellIndex === cell.cellIndex)?.dataset.name;
    const cells = [...list.querySelectorAll(".o_data_row > .o_data_cell")];
    const cut = [...heads, ...cells].filter((cell) =>
        [cell, ...cell.querySelectorAll("*")].some(isCut)
    );
    const found = cut.map((cell) => `${nameOf(cell)}: ${cell.textContent.trim()}`);
    const { parentElement } = list;
    return isCut(parentElement) ? [...found, "columns to the right of the screen"] : found;
}

const report = {};
await withBrowser(async (browser) => {
    for (const screen of ["wide", "medium"]) {
        const page = await newPage(browser, { screen });
        for (const [name, path] of Object.entries(LISTS)) {
            await show(page, path, name === "test email" ? SEND : LIST);
            if (name === "test email") {
                await page.locator(SEND).click();
                await page.waitForSelector(`${LIST} .o_data_row`);
            }
            await settled(page);
            report[`${name}, ${screen}`] = {
                rows: await page.locator(`${LIST} .o_data_row`).count(),
                cut: await page.locator(LIST).evaluate(cutIn),
            };
            if (parameters.pictures) {
                await page.screenshot({ path: `${parameters.pictures}/${name}-${screen}.png` });
            }
        }
        await page.context().close();
    }
});
console.log(JSON.stringify(report));
