import { isolated } from "@mail_activity_tracking/common/isolated";
import { formatTrackingTime } from "@mail_activity_tracking/common/tracking_time";
import { EVENTS, REASONS } from "@mail_activity_tracking/common/vocabulary";

import { formatList } from "@web/core/l10n/utils";

/** One fact of the timeline, as the server sends it, in words. */
export class TrackingEvent {
    constructor(data) {
        this.data = data;
    }

    get attempt() {
        return this.data.attempt;
    }

    get isSending() {
        return EVENTS[this.data.type]?.isSending;
    }

    get isOpening() {
        return EVENTS[this.data.type]?.isOpening;
    }

    /** Whether a person has opened the mail, as far as one can tell. */
    get isOpened() {
        return this.isOpening && !["machine", "self", "suspect"].includes(this.data.evidence);
    }

    get when() {
        return formatTrackingTime(this.data.time);
    }

    get origin() {
        const { origin, server } = this.data;
        return formatList([origin, server && isolated(server)].filter(Boolean), { style: "unit" });
    }

    get reason() {
        return REASONS[this.data.error_type]?.words || "";
    }
}
