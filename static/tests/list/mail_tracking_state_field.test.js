import { describe, expect, queryAll, test } from "@odoo/hoot";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

describe.current.tags("desktop");

const STATES = [
    ["error", "Failed"],
    ["noemail", "No email address"],
    ["waiting", "Waiting"],
    ["sent", "Sent"],
    ["delivered", "Delivered"],
    ["opened", "Opened"],
];

class Ticket extends models.Model {
    name = fields.Char();
    mail_tracking_state = fields.Selection({ selection: STATES, string: "Mail State" });
    mail_tracking_summary = fields.Json();
    _records = [
        {
            id: 1,
            name: "Bounced",
            mail_tracking_state: "error",
            mail_tracking_summary: [
                ["bounced", 2, "address_unknown"],
                ["opened", 1, 3],
            ],
        },
        { id: 2, name: "Sent", mail_tracking_state: "sent", mail_tracking_summary: false },
        { id: 3, name: "Untracked", mail_tracking_state: false, mail_tracking_summary: false },
        {
            id: 4,
            name: "No address",
            mail_tracking_state: "noemail",
            mail_tracking_summary: [["noemail", 1, false]],
        },
    ];
}

defineMailModels();
defineModels([Ticket]);

const CELL = ".o_data_cell[name='mail_tracking_state']";
const list = {
    type: "list",
    resModel: "ticket",
    arch: `<list>
        <field name="name"/>
        <field name="mail_tracking_state" widget="mail_tracking_state"/>
    </list>`,
};

test("an icon and a word for each state, nothing where nothing was tracked", async () => {
    await mountView(list);
    expect(`${CELL}:eq(0) [data-mail-tracking-status='error']`).toHaveCount(1);
    expect(`${CELL}:eq(0) .o-mail_activity_tracking-Icon-error`).toHaveCount(1);
    expect(`${CELL}:eq(0)`).toHaveText(/^Failed/);
    expect(`${CELL}:eq(1) .o-mail_activity_tracking-Icon-sent`).toHaveCount(1);
    expect(`${CELL}:eq(1)`).toHaveText("Sent");
    expect(`${CELL}:eq(2)`).toHaveText("");
    expect(`${CELL}:eq(3)`).toHaveText("No email address");
});

test("the title has numbers, openings and the reason, read aloud as well", async () => {
    await mountView(list);
    const title = "2 × bounced: address unknown, 1 × opened 3 times";
    expect(`${CELL}:eq(0) [title]`).toHaveAttribute("title", title);
    expect(`${CELL}:eq(0) .visually-hidden`).toHaveText(title);
    expect(`${CELL}:eq(1) [title]`).toHaveAttribute("title", "Sent");
    expect(`${CELL}:eq(3) [title]`).toHaveAttribute("title", "no email address");
    expect(`${CELL} i[aria-hidden='true']`).toHaveCount(3);
});

test("no word is cut off where there is little room", async () => {
    const others = `<field name="name"/>`.repeat(20);
    await mountView({ ...list, arch: list.arch.replace("<list>", `<list>${others}`) });
    const cells = queryAll(CELL);
    expect(cells).toHaveLength(4);
    for (const cell of cells) {
        expect(cell.scrollWidth).toBe(cell.clientWidth);
    }
});

test("what failed is bold, also where fonts have no medium weight", async () => {
    await mountView(list);
    const words = queryAll(`${CELL} [title]`);
    const weights = words.map((element) => getComputedStyle(element).fontWeight);
    expect(weights).toEqual(["700", "400", "700"]);
});
