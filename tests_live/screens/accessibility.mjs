// Prints, as JSON, what axe-core and the contrast of icons have against the addon.

import { ADMINISTRATION } from "./administration.mjs";
import { axePath, newPage, parameters, show, withBrowser } from "./browser.mjs";
import { faintIcons } from "./contrast.mjs";
import { CORE_FLAWS } from "./core_flaws.mjs";
import { PLACES } from "./states.mjs";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const LEAST_OF_ICONS = 3;

/** Run axe, and leave out the flaws that are core's: runs in the page. */
async function ownViolations({ include, values, flaws }) {
    const { violations, passes } = await window.axe.run({ include }, { runOnly: values });
    // What is inside a shadow root has a list of selectors: its host's comes first.
    const elementOf = ({ target }) => document.querySelector([target[0]].flat()[0]);
    const isOwn = (id, node) => !(id in flaws && elementOf(node)?.matches(flaws[id]));
    const found = violations.flatMap(({ id, nodes }) =>
        nodes
            .filter((node) => isOwn(id, node))
            .map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`)
    );
    return { found, passed: passes.length };
}

/** Return the complaints about a region, and the number of rules that had a say. */
async function look(page, region) {
    const argument = { include: [[region]], values: RULES, flaws: CORE_FLAWS };
    const { found, passed } = await page.evaluate(ownViolations, argument);
    const icons = await page.evaluate(faintIcons, { region, least: LEAST_OF_ICONS });
    return { complaints: [...found, ...icons], passed };
}

const report = [];

/** Look at the states of one page, one after the other. */
async function lookAt(page, states, where) {
    await page.addScriptTag({ path: axePath });
    for (const { name, region, reach } of states) {
        await reach(page);
        report.push({ where: `${name}, ${where}`, ...(await look(page, region)) });
    }
}

/** Look at what a reader sees on a screen. */
async function lookAround(browser, screen, reader) {
    const page = await newPage(browser, { screen, ...reader });
    const places = [...PLACES, ...ADMINISTRATION];
    for (const { path, ready, screens } of places.filter(({ who }) => who === reader)) {
        if (screen in screens) {
            await show(page, path, ready);
            await lookAt(page, screens[screen], screen);
        }
    }
    await page.context().close();
}

await withBrowser(async (browser) => {
    for (const screen of parameters.screens) {
        for (const reader of [undefined, parameters.colleague, parameters.stranger]) {
            await lookAround(browser, screen, reader);
        }
    }
});
console.log(JSON.stringify(report));
