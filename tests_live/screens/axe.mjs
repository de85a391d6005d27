// What axe-core and the contrast of icons have against a region of a page.

import { axePath } from "./browser.mjs";
import { faintIcons } from "./contrast.mjs";
import { CORE_FLAWS } from "./core_flaws.mjs";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const LEAST_OF_ICONS = 3;

/** Run axe, and leave out the flaws that are core's: runs in the page. */
async function ownViolations({ include, values, flaws }) {
    // Of what passes only the number of rules is of interest.
    const options = { runOnly: values, resultTypes: ["violations"] };
    const { violations, passes } = await window.axe.run({ include }, options);
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
export async function look(page, region) {
    if (!(await page.evaluate(() => "axe" in window))) {
        await page.addScriptTag({ path: axePath });
    }
    const argument = { include: [[region]], values: RULES, flaws: CORE_FLAWS };
    const { found, passed } = await page.evaluate(ownViolations, argument);
    const icons = await page.evaluate(faintIcons, { region, least: LEAST_OF_ICONS });
    return { complaints: [...found, ...icons], passed };
}
