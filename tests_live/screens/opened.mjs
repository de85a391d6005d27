// Waits for a mail to become Opened on the screen, without reloading the page. Prints when
// it did, in milliseconds since 1970.

import { openContact, parameters, withBrowser } from "./browser.mjs";

const moment = await withBrowser(async (browser) => {
    const page = await openContact(browser, parameters.contact);
    await page.waitForSelector("[data-mail-tracking-status='opened']");
    return Date.now();
});
console.log(moment);
