// Prints, as JSON, what axe-core and the contrast of icons have against the addon.

import { ADMINISTRATION } from "./administration.mjs";
import { look } from "./axe.mjs";
import { newPage, parameters, show, withBrowser } from "./browser.mjs";
import { PLACES } from "./states.mjs";

const report = [];

/** Look at the states of one page, one after the other. */
async function lookAt(page, states, where) {
    for (const { name, region, reach } of states) {
        await reach(page);
        report.push({ name, ...where, ...(await look(page, region)) });
    }
}

/** Look at what a reader sees on a screen. */
async function lookAround(browser, screen, reader) {
    const page = await newPage(browser, { screen, ...reader });
    const places = [...PLACES, ...ADMINISTRATION];
    for (const { path, ready, screens } of places.filter(({ who }) => who === reader)) {
        if (screen in screens) {
            await show(page, path, ready);
            await lookAt(page, screens[screen], { path, on: screen });
        }
    }
    await page.context().close();
}

/** Look at a screen as each of its readers. */
async function lookOn(browser, screen) {
    for (const reader of [undefined, parameters.colleague, parameters.stranger]) {
        await lookAround(browser, screen, reader);
    }
}

await withBrowser((browser) =>
    Promise.all(parameters.screens.map((screen) => lookOn(browser, screen)))
);
console.log(JSON.stringify(report));
