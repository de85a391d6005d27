import { registry } from "@web/core/registry";
import { formatInteger } from "@web/views/fields/formatters";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";

const [WAITING, SENT, DELIVERED, OPENED] = ["#c4c8cc", "#8f9aa5", "#2f80ed", "#28a745"];
/** Colours by meaning: of states, and of the events that lead to them. */
const COLORS = {
    waiting: WAITING,
    queued: WAITING,
    canceled: "#e3e5e8",
    sent: SENT,
    deferred: "#e6a23c",
    deferral: "#e6a23c",
    delivered: DELIVERED,
    opened: OPENED,
    open: OPENED,
    reply: OPENED,
    read: OPENED,
    click: OPENED,
    unsub: "#8bc79a",
    error: "#dc3545",
    rejected: "#b02a37",
    reject: "#b02a37",
    soft_bounced: "#ea868f",
    soft_bounce: "#ea868f",
    bounced: "#e35d6a",
    hard_bounce: "#e35d6a",
    spam: "#6a1a21",
};

/** Graph with whole numbers, and with states in the colours of their icons. */
export class TrackingGraphRenderer extends GraphRenderer {
    /** Colour of each label of the field by which the bars are grouped. */
    get colors() {
        const { fields, groupBy } = this.model.metaData;
        const { selection = [] } = fields[groupBy.at(-1)?.fieldName] || {};
        return Object.fromEntries(selection.map(([code, label]) => [label, COLORS[code]]));
    }

    getBarChartData() {
        const data = super.getBarChartData();
        const { colors } = this;
        for (const dataset of data.datasets) {
            dataset.backgroundColor = colors[dataset.label] || dataset.backgroundColor;
        }
        return data;
    }

    getScaleOptions() {
        const options = super.getScaleOptions();
        if (options.y) {
            const ticks = { precision: 0, callback: (value) => formatInteger(value) };
            Object.assign(options.y.ticks, ticks);
        }
        return options;
    }
}

registry
    .category("views")
    .add("mail_tracking_graph", { ...graphView, Renderer: TrackingGraphRenderer });
