import { isolated } from "@mail_activity_tracking/common/isolated";
import {
    remedyOf,
    statusIcon,
    trackingIcon,
    trackingRow,
    trackingWords,
} from "@mail_activity_tracking/common/tracking_status";
import { formatTrackingTime } from "@mail_activity_tracking/common/tracking_time";
import { STATUSES } from "@mail_activity_tracking/common/vocabulary";

import { formatList } from "@web/core/l10n/utils";

/** Somebody a message went to, and what became of it. */
export class TrackingRecipient {
    /**
     * @param {Object} data
     * @param {string} data.key unique within the message
     * @param {string} data.name what to call the recipient
     * @param {string} [data.address]
     * @param {number} [data.partnerId]
     * @param {number} [data.trackingId]
     * @param {boolean} [data.isCopy] in copy, rather than addressed
     * @param {string} data.state a key of `TRACKING_STATES`
     * @param {number|false} [data.time] seconds since 1970
     * @param {number|string} [data.detail] number of openings, or code of the reason
     */
    constructor(data) {
        Object.assign(this, data);
    }

    get row() {
        return trackingRow(this.state);
    }

    /** An address that the mail went to, and no contact. */
    get isAnonymous() {
        return !this.partnerId && !this.row.isIncoming;
    }

    /** Whether the server has a story to tell of the mail. */
    get isTracked() {
        return this.row.isTracked;
    }

    get status() {
        return this.isAnonymous ? "anonuser" : this.row.status;
    }

    get icon() {
        return this.isAnonymous ? statusIcon("anonuser") : this.deliveryIcon;
    }

    get deliveryIcon() {
        return trackingIcon(this.row);
    }

    /** The few letters beside the icon, for those recipients who need them. */
    get text() {
        if (this.row.text) {
            return String(this.row.text);
        }
        return Number.isInteger(this.detail) && this.detail > 1 ? `${this.detail}x` : "";
    }

    /** The status in words: "bounced: address unknown, today 10:02". */
    get words() {
        const parts = [
            this.isAnonymous && STATUSES.anonuser.title,
            trackingWords(this.state, this.detail),
            formatTrackingTime(this.time),
        ];
        return formatList(parts.filter(Boolean), { style: "unit" });
    }

    /** The status in words, without the time: "address unknown" of a failure. */
    get shortWords() {
        return trackingWords(this.state, this.detail);
    }

    /** What to do about a failure, where there is something to do. */
    get advice() {
        return remedyOf(this.state, this.detail).advice || "";
    }

    /** What helps most: to "edit" the contact, to "retry" or to "review". */
    get action() {
        return remedyOf(this.state, this.detail).action;
    }

    /** Not to those who want no email: whoever complained or opted out. */
    get canRetry() {
        return this.action !== "review";
    }

    /** The name, to stand beside our own words. */
    get isolatedName() {
        return isolated(this.name);
    }

    get description() {
        return formatList([this.isolatedName, this.words], { style: "unit" });
    }

    /**
     * The same for a button: it begins with what stands on it (WCAG 2.1, 2.5.3). Languages
     * that join by a word, as Arabic does, say that part once more.
     */
    get label() {
        const shown = `${this.isolatedName} ${this.text}`.trim();
        const said = this.description.replace(", ", " ").toLowerCase();
        return said.startsWith(shown.toLowerCase())
            ? this.description
            : formatList([shown, this.words], { style: "unit" });
    }
}
