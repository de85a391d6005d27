// Opens the page of a recipient as its link does, without a login, or from the portal's home
// as somebody who is logged in, and presses a button. Prints, as JSON, what the page says
// before and afterwards, whether all of it fits on the screen, and what axe-core has against
// the pages.

import { look } from "./axe.mjs";
import { newPage, newVisitor, parameters, withBrowser } from "./browser.mjs";

const { address, link, locale, portal, press, screen } = parameters;

const complaints = [];

async function listen(page, region) {
    complaints.push(...(await look(page, region)).complaints);
}

async function open(browser) {
    if (link) {
        const page = await newVisitor(browser, screen);
        await page.goto(link);
        return page;
    }
    const page = await newPage(browser, { screen, locale });
    await page.goto(`${parameters.url}/my`);
    await listen(page, `a[href='${portal}']`);
    await page.locator(`a[href='${portal}']`).click();
    return page;
}

const seen = await withBrowser(async (browser) => {
    const page = await open(browser);
    const said = () => page.locator("main").innerText();
    await page.waitForSelector("main h1");
    const before = await said();
    await listen(page, "main");
    if (address) {
        await page.getByLabel("Enter the address").fill(address);
    }
    await Promise.all([
        page.waitForNavigation(),
        page.getByRole("button", { name: press, exact: true }).click(),
    ]);
    const fits = await page.evaluate(
        () => document.documentElement.scrollWidth <= document.documentElement.clientWidth
    );
    const direction = await page.evaluate(() => getComputedStyle(document.body).direction);
    await listen(page, "main");
    return { before, afterwards: await said(), complaints, direction, fits };
});
console.log(JSON.stringify(seen));
