// Opens the timeline of the one recipient of a contact's only email. Prints its text.

import { openContact, parameters, withBrowser } from "./browser.mjs";

const CHIP = ".o-mail_activity_tracking-Recipient";
const TIMELINE = ".o-mail_activity_tracking-TrackingTimeline";

const text = await withBrowser(async (browser) => {
    const page = await openContact(browser, parameters.contact);
    await page.locator(CHIP).first().click();
    await page.waitForSelector(`${TIMELINE}-event`);
    return page.locator(TIMELINE).innerText();
});
console.log(JSON.stringify(text));
