/* Run in the web client: shows screens one after the other and complains about words that
 * are not in brackets, and about names that could turn the words beside them around. The test
 * puts the list of screens in front of it, and the words that are data. A screen has a name,
 * an action, what is clicked, and the regions looked at. */

/* global DATA, SCREENS */
/* eslint-disable no-console */

const PATIENCE = 20000;
const ATTRIBUTES = ["alt", "aria-label", "data-tooltip", "placeholder", "title"];
// Dates and times have the words of the browser's language.
const DATES =
    /\b(Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)\b|\b(AM|PM|now|ago|in|seconds?|minutes?|hours?|days?)\b/gi;

async function element(selector) {
    const start = Date.now();
    for (;;) {
        const found = document.querySelector(selector);
        if (found && found.getClientRects().length) {
            return found;
        }
        if (Date.now() - start > PATIENCE) {
            throw new Error(`there is no ${selector}`);
        }
        await new Promise(requestAnimationFrame);
    }
}

/** Return what is left of a text without terms in brackets, data, addresses and dates. */
function foreign(text) {
    let rest = text;
    for (let before; before !== rest; ) {
        before = rest;
        rest = rest.replace(/⟦[^⟦⟧]*⟧/g, " ");
    }
    for (const word of DATA) {
        rest = rest.replaceAll(word, " ");
    }
    rest = rest.replace(/\S+@\S+|https?:\S+/g, " ").replace(DATES, " ");
    return /[a-z]{2}/i.test(rest) ? text.trim() : "";
}

/** Return the texts that are seen, each with the element around it. */
function textsOf(region) {
    const texts = [];
    const walker = document.createTreeWalker(region, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const { parentElement, textContent } = walker.currentNode;
        if (parentElement.getClientRects().length) {
            texts.push({ text: textContent, around: parentElement });
        }
    }
    return texts;
}

function attributesOf(region) {
    return [region, ...region.querySelectorAll("*")].flatMap((found) =>
        ATTRIBUTES.map((name) => found.getAttribute(name) || "")
    );
}

/** What a name may turn around even in a cell of its own, as in "Ann" <ann@example.com>. */
const ADDRESS = /\S@\S/;

/** Return whether a text has a mark that may turn around what stands beside it. */
function isLoose(text) {
    return text.replace(/\u2068[^\u2068\u2069]*\u2069/g, "").includes("\u202e");
}

/** Return whether an element is isolated, or has a paragraph of its own. */
function isolates(element) {
    const { display, unicodeBidi } = getComputedStyle(element);
    if (unicodeBidi !== "normal" || display !== "inline") {
        return true;
    }
    const { parentElement } = element;
    return parentElement.textContent === element.textContent && isolates(parentElement);
}

/** Return texts whose marks turn around other words in the same paragraph. */
function turning(region) {
    const texts = textsOf(region)
        .filter(({ text, around }) => isLoose(text) && (ADDRESS.test(text) || !isolates(around)))
        .map(({ text }) => text);
    // A tooltip that has nothing but what somebody has written is a paragraph of its own.
    const attributes = attributesOf(region).filter((text) => text.includes("⟦"));
    return [...texts, ...attributes.filter(isLoose)];
}

function wordsOf(region) {
    return [...textsOf(region).map(({ text }) => text), ...attributesOf(region)];
}

async function lookAt({ name, action, options, clicks, region }) {
    const { services } = odoo.__WOWL_DEBUG__.root.env;
    await services.action.doAction(action, { clearBreadcrumbs: true, ...options });
    for (const selector of clicks || []) {
        (await element(selector)).click();
    }
    await element(region);
    const regions = [...document.querySelectorAll(region)];
    const words = regions.flatMap(wordsOf);
    if (!words.some((word) => word.includes("⟦"))) {
        throw new Error(`${name}: no word of ours`);
    }
    const found = words.map(foreign).filter(Boolean);
    const turned = regions.flatMap(turning).map((text) => `turns around: ${text}`);
    document.querySelector(".modal .btn-close")?.click();
    return [...new Set([...found, ...turned])].map((word) => `${name}: ${word}`);
}

(async () => {
    const found = [];
    for (const screen of SCREENS) {
        found.push(...(await lookAt(screen).catch((error) => [`${screen.name}: ${error}`])));
    }
    if (found.length) {
        console.error(found.join("\n"));
    } else {
        console.log("test successful");
    }
})();
