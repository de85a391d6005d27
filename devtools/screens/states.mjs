// What the addon shows of messages, and how to get there.

import { settled } from "./browser.mjs";

const PREFIX = ".o-mail_activity_tracking-";
const LINE = `${PREFIX}MessageRecipients`;
const CHIP = `${PREFIX}Recipient`;
const TIMELINE = `${PREFIX}TrackingTimeline`;
const FAILED = ":has([data-mail-tracking-status='error'], [data-mail-tracking-status='noemail'])";
const SHEET = `${PREFIX}Sheet`;
const SECTION = `${PREFIX}FailedSection`;

async function openTimeline(page, chip) {
    await chip.click();
    await page.waitForSelector(`${TIMELINE}-event`);
    await settled(page);
}

const FAILURES = {
    name: "failures of the document",
    region: SECTION,
    reach: (page) => page.waitForSelector(`${SECTION} ${PREFIX}TrackingFailure`),
};

/** Where the addon shows something, by screen: name, what to do, what to look at. */
export const STATES = {
    desktop: [
        FAILURES,
        { name: "lines", region: LINE, reach: async () => {} },
        {
            name: "all recipients of a message",
            region: LINE,
            async reach(page) {
                await page.locator(`${LINE}-more`).first().click();
                await page.waitForSelector(`${LINE}-more[aria-expanded='true']`);
            },
        },
        {
            name: "timeline with the answer of the mail server",
            region: TIMELINE,
            async reach(page) {
                const refused = `${CHIP}:has([data-mail-tracking-status='error'])`;
                await openTimeline(page, page.locator(refused).first());
                await page.locator(`${TIMELINE} summary`).first().click();
            },
        },
    ],
    phone: [
        FAILURES,
        { name: "pills", region: CHIP, reach: async () => {} },
        {
            name: "sheet of recipients",
            region: SHEET,
            async reach(page) {
                await page.locator(`${CHIP}.dropdown-toggle${FAILED}`).first().click();
                await page.waitForSelector(`${SHEET} ${CHIP}`);
                await settled(page);
            },
        },
        {
            name: "timeline in a sheet",
            region: TIMELINE,
            async reach(page) {
                await openTimeline(page, page.locator(`${SHEET} ${CHIP}${FAILED}`).first());
            },
        },
    ],
};
