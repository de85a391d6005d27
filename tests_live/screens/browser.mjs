// Chromium with somebody who is logged in. Node is started in the folder that holds
// node_modules, which is not the repository, with the parameters as JSON.

import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/package.json`);
const { chromium } = require("playwright-core");

const FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-sandbox",
];
/** The first page of a new database waits for its bundles, on a slow machine for long. */
const PATIENCE = 120000;

export const axePath = require.resolve("axe-core/axe.min.js");
export const parameters = JSON.parse(process.argv[2]);

/** Sizes of screens, and whether fingers touch them. */
const SCREENS = {
    desktop: { viewport: { width: 960, height: 1100 } },
    wide: { viewport: { width: 1500, height: 950 } }, // the chatter beside the form
    medium: { viewport: { width: 1200, height: 950 } },
    phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
};

/**
 * Run an action with a browser, which is closed whatever happens.
 *
 * @param {(browser: Object) => Promise} action
 */
export async function withBrowser(action) {
    const browser = await chromium.launch({ executablePath: parameters.chromium, args: FLAGS });
    try {
        return await action(browser);
    } finally {
        await browser.close();
    }
}

/**
 * Log in, as the parameters say or as somebody else; with an empty login as nobody.
 *
 * @param {Object} browser
 * @param {Object} options as of `openPage`
 */
async function newContext(browser, { screen = "desktop", locale = "en-US", ...who } = {}) {
    // Scripts of tests, such as axe, are put even into pages that allow none.
    const context = await browser.newContext({
        ...SCREENS[screen],
        bypassCSP: true,
        locale,
    });
    context.setDefaultTimeout(PATIENCE);
    const { database: db, login, password } = { ...parameters, ...who };
    if (login) {
        await call(context, "/web/session/authenticate", { db, login, password });
    }
    return context;
}

async function call(context, route, params) {
    const answer = await context.request.post(parameters.url + route, { data: { params } });
    const { error, result } = await answer.json();
    if (error) {
        throw new Error(`${route}: ${error.data.message}`);
    }
    return result;
}

/** Return the id of a contact. */
export async function findContact(browser, name) {
    const context = await newContext(browser);
    const [id] = await call(context, "/web/dataset/call_kw", {
        model: "res.partner",
        method: "search",
        args: [[["name", "=", name]]],
        kwargs: {},
    });
    await context.close();
    return id;
}

/**
 * Give an empty page of a user, for `show`.
 *
 * @param {Object} browser
 * @param {Object} [options]
 * @param {"desktop"|"phone"|"wide"} [options.screen]
 * @param {string} [options.login] of somebody else, with `password`
 * @param {string} [options.password]
 */
export async function newPage(browser, options) {
    const context = await newContext(browser, options);
    return context.newPage();
}

/** Give an empty page of somebody who has not logged in. */
export function newVisitor(browser, screen) {
    return newPage(browser, { screen, login: "" });
}

/**
 * Show something on a page.
 *
 * @param {Object} page
 * @param {string} path what follows `/odoo/` in the address, or all of it
 * @param {string} ready selector of what is waited for
 */
export async function show(page, path, ready) {
    await page.goto(new URL(path, `${parameters.url}/odoo/`).href);
    await shown(page, ready);
}

/** Open a page as a user sees it, with the options of `newPage`. */
export async function openPage(browser, path, ready, options) {
    const page = await newPage(browser, options);
    await show(page, path, ready);
    return page;
}

/** Open the same page anew, which is faster than a new one. */
export async function reopen(page, ready) {
    await page.reload();
    await shown(page, ready);
}

async function shown(page, ready) {
    await page.waitForSelector(ready);
    await page.evaluate(() => document.fonts.ready);
}

/** Open a contact as a user sees it. */
export function openContact(browser, contactId, options) {
    return openPage(browser, `res.partner/${contactId}`, ".o-mail-Message", options);
}

/** Wait until nothing moves any more, but for what moves for ever, as hints of tours do. */
export async function settled(page) {
    await page.waitForFunction(() =>
        document
            .getAnimations()
            .filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity)
            .every(({ playState }) => playState !== "running")
    );
}
