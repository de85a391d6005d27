// Prints how many elements the chatter of a contact has, once its messages are there, and
// how many of them are statuses.

import { openContact, parameters, settled, withBrowser } from "./browser.mjs";

const found = await withBrowser(async (browser) => {
    const page = await openContact(browser, parameters.contact);
    await page.waitForFunction(
        (messages) => document.querySelectorAll(".o-mail-Message").length >= messages,
        parameters.messages
    );
    await settled(page);
    return page.evaluate(() => ({
        elements: document.querySelectorAll(".o-mail-Thread *").length,
        statuses: document.querySelectorAll("[data-mail-tracking-status]").length,
    }));
});
console.log(JSON.stringify(found));
