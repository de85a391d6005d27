import { Domain } from "@web/core/domain";
import { registry } from "@web/core/registry";
import { PivotRenderer } from "@web/views/pivot/pivot_renderer";
import { pivotView } from "@web/views/pivot/pivot_view";

/** Pivot in which each cell opens only the emails that it counts. */
export class StatisticsPivotRenderer extends PivotRenderer {
    onOpenView({ measure }) {
        this.measure = measure;
        super.onOpenView(...arguments);
    }

    openView(domain, ...others) {
        const isOurs = this.measure in this.model.metaData.fields;
        const counted = isOurs ? Domain.and([domain, [[this.measure, "=", 1]]]).toList() : domain;
        super.openView(counted, ...others);
    }
}

registry
    .category("views")
    .add("mail_tracking_statistics_pivot", { ...pivotView, Renderer: StatisticsPivotRenderer });
