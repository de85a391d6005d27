import { isolated } from "@mail_activity_tracking/common/isolated";
import { formatTrackingTime } from "@mail_activity_tracking/common/tracking_time";
import { REASONS } from "@mail_activity_tracking/common/vocabulary";

import { formatList } from "@web/core/l10n/utils";

/** An event of the timeline, in words. */
export class TrackingEvent {
    constructor(data) {
        this.data = data;
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
