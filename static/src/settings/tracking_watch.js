import { Component, useEffect, xml } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const PAUSE = 2000;
/** Limit for a form that is left open. */
const MOST_READS = 300;

/** Reloads the record of a form regularly, to show the progress of an email. */
export class TrackingWatch extends Component {
    static props = { ...standardWidgetProps };
    static template = xml``;

    setup() {
        super.setup();
        useEffect(
            () => {
                let reads = 0;
                const interval = browser.setInterval(() => {
                    if (++reads > MOST_READS) {
                        browser.clearInterval(interval);
                    } else {
                        this.props.record.load();
                    }
                }, PAUSE);
                return () => browser.clearInterval(interval);
            },
            () => []
        );
    }
}

registry.category("view_widgets").add("mail_tracking_watch", { component: TrackingWatch });
