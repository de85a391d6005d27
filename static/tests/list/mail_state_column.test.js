import { describe, expect, test, waitFor } from "@odoo/hoot";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

describe.current.tags("desktop");

class Ticket extends models.Model {
    name = fields.Char();
    priority = fields.Char();
    stage = fields.Char();
    mail_tracking_state = fields.Selection({
        selection: [["error", "Failed"]],
        string: "Mail State",
    });
    mail_tracking_summary = fields.Json();
    line_ids = fields.One2many({ relation: "ticket", relation_field: "parent_id" });
    parent_id = fields.Many2one({ relation: "ticket" });
    _records = [
        { id: 1, name: "One", stage: "new", mail_tracking_state: "error", line_ids: [2] },
        { id: 2, name: "Two", stage: "new", mail_tracking_state: false },
    ];
}

defineMailModels();
defineModels([Ticket]);

const BEFORE = `
    <field name="name"/>
    <field name="priority" optional="hide"/>
    <field name="stage" optional="show"/>`;
// what users' browsers have from before there was the column
const KEY = "optional_fields,ticket,list,42,name,priority,stage";
const OWN_KEY = "optional_fields,mail_tracking_state,ticket,42";

function mountList(optional = "hide", options = {}) {
    return mountView({
        type: "list",
        resModel: "ticket",
        viewId: 42,
        arch: `<list>${BEFORE}
            <field name="mail_tracking_state" widget="mail_tracking_state" optional="${optional}"/>
        </list>`,
        ...options,
    });
}

/** Note what is read of the records. */
function stepReads() {
    for (const method of ["web_search_read", "web_read_group"]) {
        onRpc("ticket", method, ({ kwargs }) => {
            const read = kwargs.specification || kwargs.unfold_read_specification;
            const own = Object.keys(read).filter((name) => name.startsWith("mail_tracking"));
            expect.step(`${method} ${own}`);
        });
    }
}

async function toggle(label) {
    await contains("table .o_optional_columns_dropdown button").click();
    await contains(`.o-dropdown--menu .dropdown-item:contains('${label}') input`).click();
    await contains(".o_control_panel").click();
}

test("choices from before there was the column stay", async () => {
    localStorage.setItem(KEY, "priority");
    await mountList();
    expect("th[data-name=priority]").toHaveCount(1);
    expect("th[data-name=stage]").toHaveCount(0);
    expect("th[data-name=mail_tracking_state]").toHaveCount(0);
});

test("showing the column changes no other choice", async () => {
    localStorage.setItem(KEY, "priority");
    await mountList();
    await toggle("Mail State");
    expect("th[data-name=mail_tracking_state]").toHaveCount(1);
    expect(localStorage.getItem(KEY)).toBe("priority");
    expect(localStorage.getItem(OWN_KEY)).toBe("show");
    expect("th[data-name=priority]").toHaveCount(1);
    expect("th[data-name=stage]").toHaveCount(0);
});

test("hidden column is not read, shown it is read on demand", async () => {
    stepReads();
    await mountList();
    expect.verifySteps(["web_search_read "]);
    await toggle("Mail State");
    expect.verifySteps(["web_search_read mail_tracking_state,mail_tracking_summary"]);
    expect("[data-mail-tracking-status=error]").toHaveCount(1);
    await toggle("Mail State");
    expect("th[data-name=mail_tracking_state]").toHaveCount(0);
    expect.verifySteps([]);
    await contains("th[data-name=name]").click();
    expect.verifySteps(["web_search_read "]);
    expect(localStorage.getItem(OWN_KEY)).toBe("hide");
});

test("shown by default, unless the user has hidden it", async () => {
    localStorage.setItem(KEY, "priority");
    stepReads();
    await mountList("show");
    expect("th[data-name=mail_tracking_state]").toHaveCount(1);
    expect.verifySteps(["web_search_read mail_tracking_state,mail_tracking_summary"]);
    localStorage.setItem(OWN_KEY, "hide");
    await mountList("show");
    expect("th[data-name=mail_tracking_state]:visible").toHaveCount(1);
    expect.verifySteps(["web_search_read "]);
});

test("read on demand in groups too, those that are open included", async () => {
    stepReads();
    await mountList("hide", { groupBy: ["stage"] });
    await contains(".o_group_header").click();
    expect.verifySteps(["web_read_group ", "web_search_read "]);
    await toggle("Mail State");
    expect.verifySteps(["web_read_group mail_tracking_state,mail_tracking_summary"]);
    expect("[data-mail-tracking-status=error]").toHaveCount(1);
});

test("a list inside a form that has the column is left alone", async () => {
    stepReads();
    await mountView({
        type: "form",
        resModel: "ticket",
        resId: 1,
        arch: `<form><field name="line_ids"><list>
            <field name="name"/>
            <field name="mail_tracking_state" optional="hide"/>
        </list></field></form>`,
    });
    await toggleIn(".o_field_x2many", "Mail State");
    expect("th[data-name=mail_tracking_state]").toHaveCount(1);
    expect(".o_form_view").toHaveCount(1);
    expect.verifySteps([]);
});

test("failures of the chosen records are retried, or reviewed", async () => {
    const action = {
        type: "ir.actions.client",
        tag: "display_notification",
        params: { type: "success", message: "1 sent again." },
    };
    for (const method of ["action_mail_tracking_retry", "action_mail_tracking_review"]) {
        onRpc("ticket", method, ({ args }) => {
            expect.step(`${method} ${args[0]}`);
            return action;
        });
    }
    await mountList("show", { actionMenus: {} });
    await contains(".o_data_row:first-child .o_list_record_selector input").click();
    await contains(".o_cp_action_menus .dropdown-toggle").click();
    await contains(".o-dropdown--menu .dropdown-item:contains('Retry Failed Emails')").click();
    await waitFor(".o_notification:contains('1 sent again.')");
    expect.verifySteps(["action_mail_tracking_retry 1"]);
    await contains(".o_cp_action_menus .dropdown-toggle").click();
    await contains(".o-dropdown--menu .dropdown-item:contains('as Reviewed')").click();
    expect.verifySteps(["action_mail_tracking_review 1"]);
});

test("nothing is offered for failures while the column is hidden", async () => {
    await mountList("hide", { actionMenus: {} });
    await contains(".o_data_row:first-child .o_list_record_selector input").click();
    await contains(".o_cp_action_menus .dropdown-toggle").click();
    expect(".o-dropdown--menu .dropdown-item:contains('Delete')").toHaveCount(1);
    expect(".o-dropdown--menu .dropdown-item:contains('Failed Emails')").toHaveCount(0);
});

async function toggleIn(selector, label) {
    await contains(`${selector} .o_optional_columns_dropdown button`).click();
    await contains(`.o-dropdown--menu .dropdown-item:contains('${label}') input`).click();
}
