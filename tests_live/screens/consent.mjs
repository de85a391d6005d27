// Opens the form of a contact. Prints what it says of the opens of their emails.

import { openContact, parameters, withBrowser } from "./browser.mjs";

const CONSENT = "[name='mail_tracking_consent']";

const text = await withBrowser(async (browser) => {
    const page = await openContact(browser, parameters.contact);
    await page.locator(".o_notebook [name='sales_purchases']").click();
    await page.waitForSelector(CONSENT);
    return page.locator(`${CONSENT} input`).inputValue();
});
console.log(JSON.stringify(text));
