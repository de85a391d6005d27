import { TrackingTimeline } from "@mail_activity_tracking/core/common/tracking_timeline";

import { patch } from "@web/core/utils/patch";
import { useService } from "@web/core/utils/hooks";

/** @type {TrackingTimeline} */
const timelinePatch = {
    setup() {
        super.setup(...arguments);
        this.failures = useService("mail_activity_tracking.failures");
    },
    /** Somebody who did not get the mail: it can be mended here too. */
    get isFailure() {
        return Boolean(this.recipient.row.isFailed && this.state.story.tracking_id);
    },
    onClickRetry() {
        this.props.close?.();
        return this.failures.retry(this.message, [this.state.story.tracking_id]);
    },
    onClickEdit() {
        const { partnerId, address, name } = this.recipient;
        const trackingId = this.state.story.tracking_id;
        this.props.close?.();
        this.failures.edit(this.message, { partnerId, address, trackingId, name });
    },
    onClickReviewed() {
        this.props.close?.();
        return this.failures.review([this.state.story.tracking_id]);
    },
};
patch(TrackingTimeline.prototype, timelinePatch);
