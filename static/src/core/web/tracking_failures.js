import { TrackingTimeline } from "@mail_activity_tracking/core/common/tracking_timeline";

import { Component } from "@odoo/owl";

import { hasTouch } from "@web/core/browser/feature_detection";
import { usePopover } from "@web/core/popover/popover_hook";
import { useService } from "@web/core/utils/hooks";

/** Those who did not get a message, why, and what to do about it. */
export class TrackingFailures extends Component {
    static props = ["failures", "message"];
    static template = "mail_activity_tracking.TrackingFailures";

    setup() {
        super.setup();
        this.service = useService("mail_activity_tracking.failures");
        this.timeline = usePopover(TrackingTimeline, {
            position: "bottom-end",
            useBottomSheet: this.env.isSmall && hasTouch(),
        });
    }

    onClickDetails(ev, recipient) {
        this.timeline.open(ev.currentTarget, { message: this.props.message, recipient });
    }

    onClickEdit(failure) {
        this.service.edit(this.props.message, failure);
    }

    onClickRetry(failures) {
        return this.once(() => this.service.retry(this.props.message, idsOf(failures)));
    }

    onClickReviewed(failures) {
        return this.once(() => this.service.review(idsOf(failures)));
    }

    /** Do one thing at a time: a double click does nothing twice. */
    async once(action) {
        if (!this.isBusy) {
            this.isBusy = true;
            await action().finally(() => (this.isBusy = false));
        }
    }
}

function idsOf(failures) {
    return failures.map(({ trackingId }) => trackingId);
}
