import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { click, describe, expect, queryAll, test } from "@odoo/hoot";
import {
    defineModels,
    fields,
    mockService,
    models,
    mountView,
} from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class Email extends models.Model {
    sender = fields.Char({ groupable: true });
    email_count = fields.Integer({ string: "Emails", aggregator: "sum" });
    failed_count = fields.Integer({ string: "Failed", aggregator: "sum" });
    _records = [
        { id: 1, sender: "Ann", email_count: 1, failed_count: 0 },
        { id: 2, sender: "Ann", email_count: 1, failed_count: 1 },
        { id: 3, sender: "Bob", email_count: 1, failed_count: 1 },
    ];
}

defineMailModels();
defineModels([Email]);

/** Return the domain that is opened by each cell of the first row. */
async function openRow(measures) {
    const domains = [];
    mockService("action", { doAction: ({ domain }) => domains.push(domain) });
    await mountView({
        type: "pivot",
        resModel: "email",
        arch: `<pivot js_class="mail_tracking_statistics_pivot">
            <field name="sender" type="row"/>
            ${measures}
        </pivot>`,
    });
    for (const cell of queryAll(".o_pivot tbody tr:nth-child(2) td")) {
        await click(cell);
    }
    return domains;
}

test("a cell opens the emails that it counts", async () => {
    const ofAnn = ["sender", "=", "Ann"];
    const measures = `<field name="email_count" type="measure"/><field name="failed_count" type="measure"/>`;
    expect(await openRow(measures)).toEqual([
        ["&", ofAnn, ["email_count", "=", 1]],
        ["&", ofAnn, ["failed_count", "=", 1]],
    ]);
});

test("the number of rows opens all of them", async () => {
    expect(await openRow("")).toEqual([[["sender", "=", "Ann"]]]);
});
