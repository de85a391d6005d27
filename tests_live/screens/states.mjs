// Where the addon shows something, and how to get there.

import { parameters, settled } from "./browser.mjs";

const PREFIX = ".o-mail_activity_tracking-";
const LINE = `${PREFIX}MessageRecipients`;
const CHIP = `${PREFIX}Recipient`;
const TIMELINE = `${PREFIX}TrackingTimeline`;
const FAILED = ":has([data-mail-tracking-status='error'], [data-mail-tracking-status='noemail'])";
const SHEET = `${PREFIX}Sheet`;
const SECTION = `${PREFIX}FailedSection`;
/** "Edit contact" and "Create contact", which are not translated into Arabic. */
const CONTACT = /contact/;

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

/** Mends an address and sends again. */
const CORRECTION = {
    name: "contact whose address is corrected",
    region: ".modal-content",
    async reach(page) {
        await page.locator(`${PREFIX}TrackingFailure-action`, { hasText: CONTACT }).first().click();
        await page.waitForSelector(".modal-content [name='email'] input");
        await settled(page);
    },
};

/** What the chatter has, by screen. */
const CHATTER = {
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

/** Show a column of a list, or hide it, as a user does. */
export async function toggleColumn(page, name) {
    await page.locator(".o_optional_columns_dropdown button").click();
    await page.locator(".o-dropdown--menu .dropdown-item", { hasText: name }).click();
    await page.keyboard.press("Escape");
}

/** Show Mail State, unless it is shown, and what is worst first. */
export async function showMailState(page) {
    const title = page.locator("th[data-name='mail_tracking_state']");
    if (!(await title.count())) {
        await toggleColumn(page, "Mail State");
    }
    await title.click();
    await page.waitForSelector(".o_data_row:first-child [data-mail-tracking-status='error']");
    await page.mouse.move(0, 0);
    await settled(page);
}

const CARDS = [{ name: "mailbox", region: ".o-mail-Discuss", reach: settled }];
const NOTHING_FAILED = [{ name: "empty mailbox", region: ".o-mail-Discuss", reach: settled }];
const MAIL_STATE = [{ name: "list", region: ".o_list_table", reach: showMailState }];
export const FAILURE = `.o-mail-Message ${PREFIX}TrackingFailure`;
export const MAILBOX = "discuss?active_id=mail.box_failed";
export const CONTACTS = "action-contacts.action_contacts?view_type=list";

/**
 * Pages: the path, what is waited for, who looks when it is not the user of the parameters,
 * and by screen the states, each with its name, what to look at and how to get there.
 */
export const PLACES = [
    { path: `res.partner/${parameters.contact}`, ready: ".o-mail-Message", screens: CHATTER },
    {
        path: `res.partner/${parameters.contact}`,
        ready: `${SECTION} ${PREFIX}TrackingFailure`,
        screens: { desktop: [CORRECTION], phone: [CORRECTION] },
    },
    {
        path: MAILBOX,
        ready: FAILURE,
        screens: { desktop: CARDS, phone: CARDS },
    },
    {
        path: MAILBOX,
        ready: ".o-mail-Thread:has-text('No failed emails')",
        who: parameters.colleague,
        screens: { desktop: NOTHING_FAILED, phone: NOTHING_FAILED },
    },
    { path: CONTACTS, ready: ".o_data_row", screens: { desktop: MAIL_STATE } },
];
