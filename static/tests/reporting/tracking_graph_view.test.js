import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";
import {
    checkYTicks,
    getChart,
    setupChartJsForTests,
} from "@web/../tests/views/graph/graph_test_helpers";

describe.current.tags("desktop");

class Email extends models.Model {
    day = fields.Date();
    state = fields.Selection({
        selection: [
            ["sent", "Sent"],
            ["opened", "Opened"],
            ["bounced", "Bounced"],
        ],
    });
    kind = fields.Selection({ selection: [["new", "New"]] });
    _records = [
        { id: 1, day: "2026-01-01", state: "opened", kind: "new" },
        { id: 2, day: "2026-01-01", state: "bounced", kind: "new" },
        { id: 3, day: "2026-01-02", state: "opened", kind: "new" },
    ];
}

defineMailModels();
defineModels([Email]);
setupChartJsForTests();

function mountGraph(splitBy) {
    return mountView({
        type: "graph",
        resModel: "email",
        arch: `<graph type="bar" stacked="1" js_class="mail_tracking_graph">
            <field name="day" interval="day"/>
            <field name="${splitBy}"/>
        </graph>`,
    });
}

test("states have the colours of their meaning, emails are whole numbers", async () => {
    const view = await mountGraph("state");
    const { datasets } = getChart(view).data;
    const colors = datasets.map(({ label, backgroundColor }) => [label, backgroundColor]);
    expect(Object.fromEntries(colors)).toMatchObject({ Opened: "#28a745", Bounced: "#e35d6a" });
    checkYTicks(view, ["0", "1", "2"]);
});

test("any other field has the colours of every graph", async () => {
    const view = await mountGraph("kind");
    const [{ backgroundColor }] = getChart(view).data.datasets;
    expect(backgroundColor).not.toBe("#28a745");
    expect(backgroundColor).toMatch(/^#/);
});
