import { TRACKING_ADVICE } from "@mail_activity_tracking/core/common/tracking_status";

import { Component } from "@odoo/owl";

import { useService } from "@web/core/utils/hooks";

/** Those who did not get a message, why, and what to do about it. */
export class TrackingFailures extends Component {
    static props = ["failures"];
    static template = "mail_activity_tracking.TrackingFailures";

    setup() {
        super.setup();
        this.service = useService("mail_activity_tracking.failures");
    }

    adviceFor({ state, detail }) {
        return TRACKING_ADVICE[detail] || TRACKING_ADVICE[state] || "";
    }
}
