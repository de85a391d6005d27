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

/** A recipient of a message, with the status of the email. */
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
     * @param {number|string} [data.detail] number of opens, or code of the reason
     */
    constructor(data) {
        Object.assign(this, data);
    }

    get row() {
        return trackingRow(this.state);
    }

    /** Whether the recipient is an address without a contact. */
    get isAnonymous() {
        return !this.partnerId && !this.row.isIncoming;
    }

    /** Whether the server has a history of the email. */
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

    /** Short text beside the icon, for statuses that need one. */
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

    /** The status in words, without the time; of a failure its reason: "address unknown". */
    get shortWords() {
        return trackingWords(this.state, this.detail);
    }

    /** Advice on a failure, if there is any. */
    get advice() {
        return remedyOf(this.state, this.detail).advice || "";
    }

    /** Main action: "edit" the contact, "retry" or "review". */
    get action() {
        return remedyOf(this.state, this.detail).action;
    }

    /** Whether a retry helps: not if the recipient wants no email (complaint, opt-out). */
    get canRetry() {
        return this.action !== "review";
    }

    /** The name, isolated for use beside our own words. */
    get isolatedName() {
        return isolated(this.name);
    }

    get description() {
        return formatList([this.isolatedName, this.words], { style: "unit" });
    }

    /**
     * The description for a button: it begins with the text on it (WCAG 2.1, 2.5.3). In
     * languages that join the parts by a word, such as Arabic, this text is repeated.
     */
    get label() {
        const shown = `${this.isolatedName} ${this.text}`.trim();
        const said = this.description.replace(", ", " ").toLowerCase();
        return said.startsWith(shown.toLowerCase())
            ? this.description
            : formatList([shown, this.words], { style: "unit" });
    }
}
