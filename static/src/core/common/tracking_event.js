import { formatTrackingTime } from "@mail_activity_tracking/core/common/tracking_time";
import { TRACKING_REASONS } from "@mail_activity_tracking/core/common/tracking_status";

import { formatList } from "@web/core/l10n/utils";
import { _t } from "@web/core/l10n/translation";

/** Where an event comes from; what stands for itself is left out. */
const SOURCES = {
    arf: _t("complaint report"),
    dsn: _t("delivery report"),
    gateway: _t("incoming mail"),
    mdn: _t("read receipt"),
    pixel: _t("image in the mail"),
    smtp: _t("mail server"),
};

/** What an opening proves, by its evidence. */
const EVIDENCE = {
    human: _t("Loaded by a mail program: read by a person, as far as one can tell."),
    machine: _t("Loaded by a machine, for example a spam filter. It proves no reading."),
    proxy: _t("Loaded through the image proxy of the mail provider when the mail was shown."),
    self: _t("Loaded by a user of this database. It does not count."),
    shared: _t("Several recipients got the same copy: one of them opened it."),
    suspect: _t("Loaded in a way that no person would. It does not count."),
};

/** One fact of the timeline, as the server sends it, in words. */
export class TrackingEvent {
    constructor(data) {
        this.data = data;
    }

    get when() {
        return formatTrackingTime(this.data.time);
    }

    get evidence() {
        return this.data.type === "open" ? EVIDENCE[this.data.evidence] || "" : "";
    }

    get origin() {
        const { source = "", server } = this.data;
        const [kind, provider] = source.split(":");
        return formatList([provider || SOURCES[kind], server].filter(Boolean), { style: "unit" });
    }

    get reason() {
        return TRACKING_REASONS[this.data.error_type] || "";
    }
}
