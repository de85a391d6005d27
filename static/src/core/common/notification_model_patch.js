import {
    laterOf,
    trackingIcon,
    trackingRow,
    trackingWords,
} from "@mail_activity_tracking/common/tracking_status";

import { fields } from "@mail/core/common/record";
import { Notification } from "@mail/core/common/notification_model";

import { patch } from "@web/core/utils/patch";
import { capitalize } from "@web/core/utils/strings";

/** Core's "Delivered" means: accepted by our own server, or in the inbox. */
const UNTRACKED = { email: "unknown", inbox: "inbox" };
const NO_ADDRESS = "mail_email_missing";

/** @type {import("models").Notification} */
const notificationPatch = {
    setup() {
        super.setup(...arguments);
        /** State, seconds since 1970 and detail, as the server sends them. */
        this.tracking = fields.Attr(undefined, {
            /** @this {import("models").Notification} */
            onUpdate() {
                this.latestTracking = laterOf(this.latestTracking, this.tracking);
            },
        });
        /** Keep the later value: the answer to a post ("waiting") may come after "sent". */
        this.latestTracking = fields.Attr(undefined);
    },
    /** State of a recipient without a tracking; undefined for text messages and letters. */
    get untrackedState() {
        return UNTRACKED[this.notification_type];
    },
    /** Reason of a failure that only core knows, without a tracking. */
    get untracked() {
        const { failure_type: reason, isFailure, notification_status: status } = this;
        if (!isFailure || !this.untrackedState) {
            return [this.untrackedState];
        }
        if (reason === NO_ADDRESS) {
            return ["noemail"];
        }
        return [status === "bounce" ? "bounced" : "error", false, reason];
    },
    get trackingState() {
        if (this.latestTracking) {
            return this.latestTracking[0];
        }
        return this.notification_status === "sent" ? this.untrackedState : undefined;
    },
    get failureMessage() {
        return this.latestTracking && trackingRow(this.trackingState).isFailed
            ? trackingWords(this.trackingState, this.latestTracking[2])
            : super.failureMessage;
    },
    get statusIcon() {
        return this.trackingState
            ? trackingIcon(trackingRow(this.trackingState))
            : super.statusIcon;
    },
    get statusTitle() {
        return this.trackingState
            ? capitalize(String(trackingWords(this.trackingState, this.latestTracking?.[2])))
            : super.statusTitle;
    },
};
patch(Notification.prototype, notificationPatch);
