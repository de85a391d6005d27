// Makes the pictures of the README and of the addon's page, from the running demo.

import { pathToFileURL } from "node:url";

import {
    findContact,
    openContact,
    openPage,
    parameters,
    settled,
    withBrowser,
} from "./browser.mjs";
import { CONTACTS, FAILURE, MAILBOX, showMailState, toggleColumn } from "./states.mjs";

const CHIP = ".o-mail_activity_tracking-Recipient";
const TIMELINE = ".o-mail_activity_tracking-TrackingTimeline";
const ICON = { width: 128, height: 128 };
/** The whole chatter in sight. */
const TALL = { width: 960, height: 2100 };
/** What stands around the shown part, in pixels. */
const MARGIN = 12;

function messageWith(page, text) {
    return page.locator(".o-mail-Message", { hasText: text });
}

async function openTimeline(page, text, name) {
    await messageWith(page, text).locator(CHIP, { hasText: name }).first().click();
    await page.waitForSelector(`${TIMELINE}-event`);
    await settled(page);
}

/**
 * Picture the smallest part of the page that holds all of the elements.
 *
 * @param {Object} page
 * @param {string} name of the picture
 * @param {Object[]} locators of the elements
 * @param {Object} [options]
 * @param {number} [options.margin] pixels around them
 * @param {Object} [options.last] locator of where the picture ends, although they go on
 */
async function picture(page, name, locators, { margin = MARGIN, last } = {}) {
    await locators[0].scrollIntoViewIfNeeded();
    await page.mouse.move(0, 0);
    await settled(page);
    const boxes = await Promise.all(locators.map((locator) => locator.boundingBox()));
    const ends = last ? [await last.boundingBox()] : boxes;
    const left = Math.min(...boxes.map(({ x }) => x)) - margin;
    const top = Math.min(...boxes.map(({ y }) => y)) - margin;
    const right = Math.max(...boxes.map(({ x, width }) => x + width)) + margin;
    const bottom = Math.max(...ends.map(({ y, height }) => y + height)) + margin;
    const { width, height } = page.viewportSize();
    const clip = {
        x: Math.max(left, 0),
        y: Math.max(top, 0),
        width: Math.min(right, width) - Math.max(left, 0),
        height: Math.min(bottom, height) - Math.max(top, 0),
    };
    await page.screenshot({ path: `${parameters.images}/${name}.png`, clip });
}

/** A message, and the history of one of its recipients. */
const HISTORIES = [
    { name: "opened", text: "your quotation S00042", recipient: "Amelia Stone" },
    { name: "failed", text: "invoice INV/2026/00017", recipient: "Karen Boyle" },
];

async function desktop(browser, contact) {
    const page = await openContact(browser, contact);
    await page.setViewportSize(TALL);
    const failures = page.locator(".o-mail_activity_tracking-FailedSection");
    await picture(page, "failures", [failures]);
    await pictureOfChatter(page, "chatter");
    for (const { name, text, recipient } of HISTORIES) {
        await openTimeline(page, text, recipient);
        await picture(page, name, [messageWith(page, text), page.locator(TIMELINE)]);
        await page.keyboard.press("Escape");
    }
    await page.context().close();
}

async function pictureOfChatter(page, name) {
    const messages = page.locator(".o-mail-Message");
    const last = messageWith(page, "The minutes of our meeting");
    await picture(page, name, [messages.first(), last]);
}

/** The second user's language is written from right to left. */
async function rightToLeft(browser, contact) {
    const page = await openContact(browser, contact, { login: "demo", password: "demo" });
    await page.setViewportSize(TALL);
    await page.waitForSelector("body.o_rtl");
    await pictureOfChatter(page, "rtl");
    await page.context().close();
}

async function phone(browser, contact) {
    const page = await openContact(browser, contact, { screen: "phone" });
    const message = messageWith(page, "You are all invited");
    await message.scrollIntoViewIfNeeded();
    await message.locator(CHIP).first().click();
    await page.waitForSelector(".o-mail_activity_tracking-Sheet");
    await settled(page);
    await page.screenshot({ path: `${parameters.images}/phone.png` });
    await page.context().close();
}

/** The sidebar with its badge, and three messages. */
async function mailbox(browser) {
    const page = await openPage(browser, MAILBOX, FAILURE);
    const shape = { margin: 0, last: page.locator(".o-mail-Message").nth(2) };
    await picture(page, "mailbox", [page.locator(".o-mail-Discuss")], shape);
    await page.context().close();
}

/** The list of contacts with what fits beside Mail State, and a row that has none. */
async function list(browser) {
    const page = await openPage(browser, CONTACTS, ".o_data_row");
    for (const name of ["Phone", "Activities", "Country", "Stats"]) {
        await toggleColumn(page, name);
    }
    await showMailState(page);
    const last = page.locator(".o_data_row:not(:has([data-mail-tracking-status]))").first();
    await picture(page, "list", [page.locator(".o_list_table")], { margin: 0, last });
    await page.context().close();
}

/** Odoo wants its icon as pixels. */
async function icon(browser) {
    const page = await browser.newPage({ viewport: ICON });
    await page.goto(String(pathToFileURL(`${parameters.images}/icon.svg`)));
    await page.screenshot({ path: `${parameters.images}/icon.png`, omitBackground: true });
}

await withBrowser(async (browser) => {
    await icon(browser);
    const contact = await findContact(browser, parameters.contact);
    await desktop(browser, contact);
    await mailbox(browser);
    await list(browser);
    await phone(browser, contact);
    await rightToLeft(browser, contact);
});
