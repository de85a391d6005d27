// Chooses a privacy preset in the settings. Prints, as JSON, whether the settings ask for it
// before and afterwards, and which one is chosen in the end.

import { openPage, parameters, withBrowser } from "./browser.mjs";

const SETTING = "#mail_tracking_preset_setting";

function asks(page) {
    return page.locator(`${SETTING} .alert`).isVisible();
}

const seen = await withBrowser(async (browser) => {
    const page = await openPage(browser, "settings", SETTING);
    const before = await asks(page);
    await page.locator(`${SETTING} [data-value='${parameters.preset}']`).click();
    // Settings that are saved load the page anew.
    const save = page.locator(".o_form_button_save");
    await Promise.all([page.waitForEvent("load"), save.click()]);
    await page.waitForSelector(SETTING);
    const chosen = await page.locator(`${SETTING} input:checked`).getAttribute("data-value");
    return { before, afterwards: await asks(page), chosen };
});
console.log(JSON.stringify(seen));
