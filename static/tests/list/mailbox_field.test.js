import { isolated } from "@mail_activity_tracking/common/isolated";
import { describe, expect, test } from "@odoo/hoot";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

describe.current.tags("desktop");

const TURNS = "Alice \u202egnp"; // what follows is written from right to left

class Ticket extends models.Model {
    recipient = fields.Char();
    _records = [
        { id: 1, recipient: `"${TURNS}" <alice@example.com>` },
        { id: 2, recipient: "bob@example.com" },
        { id: 3, recipient: false },
    ];
}

defineMailModels();
defineModels([Ticket]);

test("a name turns the address beside it around in no list", async () => {
    await mountView({
        type: "list",
        resModel: "ticket",
        arch: `<list><field name="recipient" widget="mail_tracking_mailbox"/></list>`,
    });
    const cell = ".o_data_row:eq(%) .o_data_cell";
    expect(cell.replace("%", 0)).toHaveText(`\u2068"${TURNS}"\u2069 <alice@example.com>`);
    expect(cell.replace("%", 1)).toHaveText("bob@example.com");
    expect(cell.replace("%", 2)).toHaveText("");
    // Among words from right to left: no quote or bracket leaves its place.
    expect(`${cell.replace("%", 0)} span`).toHaveAttribute("dir", "auto");
});

test("no mark within a text ends the isolation", () => {
    expect(isolated("Alice \u2069\u202egnp")).toBe("\u2068Alice \u202egnp\u2069");
});
