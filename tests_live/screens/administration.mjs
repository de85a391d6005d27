// Pages of administrators and of recipients, as `states.mjs` has those of employees.

import { parameters, settled } from "./browser.mjs";

const ACTION = "action-mail_activity_tracking.";
const FORM = ".o_form_view .o_content";
const LIST = ".o_list_table";
const DIALOG = ".modal-content";
const GRAPH = ".o_graph_renderer";
const PIVOT = ".o_pivot table";
const PAGE = "main";
const SETTINGS = ".o_settings_container:has([id^=mail_tracking_])";

/** Return a page that is looked at as soon as it is there. */
function place(path, name, region, who) {
    const states = [{ name, region, reach: settled }];
    return { path, ready: region, who, screens: { desktop: states, phone: states } };
}

/** Open a tab of a form. */
async function openTab(page, name) {
    await page.locator(`.o_notebook a[name='${name}']`).click();
    await settled(page);
}

const { administration: ids } = parameters;
const TRACKING = {
    desktop: [
        { name: "tracking", region: FORM, reach: settled },
        { name: "technical", region: FORM, reach: (page) => openTab(page, "technical") },
    ],
    phone: [{ name: "tracking", region: FORM, reach: settled }],
};
const SERVER = [{ name: "server", region: FORM, reach: (page) => openTab(page, "tracking") }];
const PERSON = {
    name: "what is found about a person",
    region: DIALOG,
    async reach(page) {
        await page.locator(`${DIALOG} input`).fill(ids.address);
        await page.locator("button[name='action_find']").click();
        await page.waitForSelector("button[name='action_export']");
        await settled(page);
    },
};

const COMPOSER = [
    {
        name: "full composer",
        region: `${DIALOG} .o_inner_group:has([name='mail_tracking_tells'])`,
        async reach(page) {
            await page.locator(".o-mail-Chatter-sendMessage").click();
            await page.locator("button[name='open-full-composer']").click();
            await page.waitForSelector(`${DIALOG} [name='mail_tracking_tells']`);
            await settled(page);
        },
    },
];

export const ADMINISTRATION = [
    place("settings", "settings", SETTINGS),
    place("tracking-emails?view_type=list", "trackings", LIST),
    place("tracking-emails?view_type=pivot", "pivot of trackings", PIVOT),
    place("tracking-emails?view_type=graph", "graph of trackings", GRAPH),
    { path: `tracking-emails/${ids.tracking}`, ready: FORM, screens: TRACKING },
    place("tracking-events?view_type=list", "events", LIST),
    place(`tracking-events/${ids.event}`, "event", FORM),
    place("email-statistics", "statistics", PIVOT),
    place("email-statistics?view_type=graph", "graph of statistics", GRAPH),
    place("email-statistics?view_type=list", "list of statistics", LIST),
    place(`${ACTION}mail_tracking_webhook_action`, "requests", LIST),
    place(`${ACTION}mail_tracking_webhook_action/${ids.webhook}`, "request", FORM),
    place(`${ACTION}mail_tracking_check_action`, "diagnosis", LIST),
    place(`${ACTION}mail_tracking_provider_action`, "providers", LIST),
    place(`${ACTION}mail_tracking_consent_action`, "consents", LIST),
    place(`${ACTION}mail_tracking_test_mail_action`, "test email", DIALOG),
    {
        path: `${ACTION}mail_tracking_personal_action`,
        ready: DIALOG,
        screens: { desktop: [PERSON], phone: [PERSON] },
    },
    {
        path: `action-base.action_ir_mail_server_list/${ids.server}`,
        ready: FORM,
        screens: { desktop: SERVER, phone: SERVER },
    },
    {
        path: `res.partner/${parameters.contact}`,
        ready: ".o-mail-Message",
        screens: { desktop: COMPOSER, phone: COMPOSER },
    },
    place(ids.preferences, "email preferences", PAGE),
    place(ids.preferences, "email preferences of a recipient", PAGE, parameters.stranger),
    place("/mail/tracking/preferences", "own email preferences", PAGE),
];
