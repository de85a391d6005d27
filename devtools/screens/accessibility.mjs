// Prints, as JSON, what axe-core and the contrast of icons have against the addon.

import { axePath, openContact, parameters, withBrowser } from "./browser.mjs";
import { faintIcons } from "./contrast.mjs";
import { STATES } from "./states.mjs";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const LEAST_OF_ICONS = 3;

/** Give the complaints about a region, and the number of rules that had a say. */
async function look(page, region) {
    const { violations, passes } = await page.evaluate(
        ([include, values]) => window.axe.run({ include }, { runOnly: values }),
        [[[region]], RULES]
    );
    const icons = await page.evaluate(faintIcons, { region, least: LEAST_OF_ICONS });
    const found = violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`)
    );
    return [[...found, ...icons], passes.length];
}

const report = [];
await withBrowser(async (browser) => {
    for (const [screen, states] of Object.entries(STATES)) {
        for (const dark of [false, true]) {
            const page = await openContact(browser, parameters.contact, { screen, dark });
            await page.addScriptTag({ path: axePath });
            for (const { name, region, reach } of states) {
                await reach(page);
                const [complaints, passed] = await look(page, region);
                const where = `${name}, ${screen}, ${dark ? "dark" : "light"}`;
                report.push({ where, complaints, passed });
            }
            await page.context().close();
        }
    }
});
console.log(JSON.stringify(report));
