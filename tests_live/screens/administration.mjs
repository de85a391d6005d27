// Pages of administrators and of recipients, as `states.mjs` has those of employees.

import { parameters, settled } from "./browser.mjs";

export const ACTION = "action-mail_activity_tracking.";
const FORM = ".o_form_view .o_content";
export const LIST = ".o_list_table";
const DIALOG = ".modal-content";
const GRAPH = ".o_graph_renderer";
const PIVOT = ".o_pivot table";
const PAGE = "main";
const SETTINGS = ".o_settings_container:has([id^=mail_tracking_])";

/** Return a page that is looked at as soon as it is there. */
function place(path, name, region, who) {
    return places(path, region, [{ name, region, reach: settled }], who);
}

/** Return a page with several states, the same on each screen. */
function places(path, ready, states, who) {
    return { path, ready, who, screens: { desktop: states, phone: states } };
}

/** Open a tab of a form. */
async function openTab(page, name) {
    await page.locator(`.o_notebook a[name='${name}']`).click();
    await settled(page);
}

const { administration: ids = {} } = parameters;
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

/** Run an action that no address leads to. */
async function runAction(page, action) {
    await page.evaluate(
        (shown) => odoo.__WOWL_DEBUG__.root.env.services.action.doAction(shown),
        action
    );
}

/** What is added to core's form of a contact: it may stand behind "More". */
const CONTACT = [
    { name: "warning of bounces", region: "[name='mail_tracking_bounces']", reach: settled },
    {
        name: "choice about opens",
        region: ".o_inner_group:has([name='mail_tracking_consent'])",
        async reach(page) {
            await openTab(page, "sales_purchases");
        },
    },
    {
        name: "number of emails",
        region: "button[name='action_open_mail_trackings']",
        async reach(page) {
            const more = page.locator(".o_button_more");
            if (await more.count()) {
                await more.click();
            }
            await page.waitForSelector("button[name='action_open_mail_trackings']");
            await settled(page);
        },
    },
];
const PREFERENCES = [
    {
        name: "preferences of a user",
        region: "[name='mail_tracking_tells']",
        async reach(page) {
            const views = [[ids.preferencesView, "form"]];
            const user = { res_model: "res.users", res_id: ids.user, views };
            await runAction(page, { type: "ir.actions.act_window", ...user });
            await page.waitForSelector("[name='mail_tracking_tells']");
            await settled(page);
        },
    },
];
const TEMPLATE = [
    {
        name: "template",
        region: ".o_inner_group:has([name='tracking_opens'])",
        reach: (page) => openTab(page, "email_configuration"),
    },
];
const PROVIDERS = [
    { name: "providers", region: LIST, reach: settled },
    {
        name: "provider",
        region: FORM,
        async reach(page) {
            await page.locator(`${LIST} .o_data_cell`).first().click();
            await page.waitForSelector(FORM);
            await settled(page);
        },
    },
];
const CONSENTS = [
    { name: "consents", region: LIST, reach: settled },
    {
        name: "history of a consent",
        region: LIST,
        async reach(page) {
            await page.locator("button[name='action_open_history']").first().click();
            await page.waitForSelector(`${LIST} [name='user_name']`);
            await settled(page);
        },
    },
];
const TEST_EMAIL = [
    { name: "test email", region: DIALOG, reach: settled },
    {
        name: "test email that was sent",
        region: DIALOG,
        async reach(page) {
            await page.locator(`${DIALOG} button[name='action_send']`).first().click();
            await page.waitForSelector(`${DIALOG} .o_data_row`);
            await settled(page);
        },
    },
];

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
    place("tracking-events?view_type=pivot", "pivot of events", PIVOT),
    place("tracking-events?view_type=graph", "graph of events", GRAPH),
    place(`tracking-events/${ids.event}`, "event", FORM),
    place("email-statistics", "statistics", PIVOT),
    place("email-statistics?view_type=graph", "graph of statistics", GRAPH),
    place("email-statistics?view_type=list", "list of statistics", LIST),
    place(`${ACTION}mail_tracking_webhook_action`, "requests", LIST),
    place(`${ACTION}mail_tracking_webhook_action/${ids.webhook}`, "request", FORM),
    place(`${ACTION}mail_tracking_check_action`, "diagnosis", LIST),
    places(`${ACTION}mail_tracking_provider_action`, LIST, PROVIDERS),
    places(`${ACTION}mail_tracking_consent_action`, LIST, CONSENTS),
    places(`${ACTION}mail_tracking_test_mail_action`, DIALOG, TEST_EMAIL),
    places(`res.partner/${ids.bounced}`, ".o_form_view", CONTACT),
    places("action-mail.action_email_template_tree_all", LIST, PREFERENCES),
    places(`${ACTION}mail_tracking_personal_action`, DIALOG, [PERSON]),
    places(`action-base.action_ir_mail_server_list/${ids.server}`, FORM, SERVER),
    places(`res.partner/${parameters.contact}`, ".o-mail-Message", COMPOSER),
    // The tab is there in developer mode, which lasts: last.
    places(`action-mail.action_email_template_tree_all/${ids.template}?debug=1`, FORM, TEMPLATE),
    place(ids.preferences, "email preferences", PAGE),
    place(ids.preferences, "email preferences of a recipient", PAGE, parameters.stranger),
    place("/mail/tracking/preferences", "own email preferences", PAGE),
];
