import { MessageRecipients } from "@mail_activity_tracking/chatter/message_recipients";
import { TrackingFailures } from "@mail_activity_tracking/common/tracking_failures";
import { summaryOf } from "@mail_activity_tracking/common/tracking_recipients";

import { Message } from "@mail/core/common/message";

import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

Object.assign(Message.components, { MessageRecipients, TrackingFailures });

/** @type {Message} */
const messagePatch = {
    get hasTrackingRecipients() {
        const threads = [this.message.thread, this.props.thread];
        return (
            threads.every((thread) => thread?.model !== "discuss.channel") &&
            this.message.trackingRecipients.length > 0
        );
    },

    /** Envelope of a tracked message, with the worst status of all recipients. */
    get trackingEnvelope() {
        const recipients = this.message.trackingRecipients;
        if (!this.message.notification_ids[0]?.untrackedState || !recipients.length) {
            return undefined;
        }
        const hasFailed =
            recipients.some(({ row }) => row.isFailed) ||
            this.message.failureNotifications.some(({ tracking }) => !tracking);
        return {
            icon: hasFailed ? "fa-envelope" : "fa-envelope-o",
            className: hasFailed ? "text-danger" : "text-muted",
            label: summaryOf(recipients),
        };
    },

    /** Label of the envelope: core labels every one "Delivery failure". */
    get envelopeLabel() {
        const hasFailed = this.message.failureNotifications.length > 0;
        return hasFailed ? _t("Delivery failure") : _t("Notifications");
    },

    /** Open the document at the message. */
    onClickShowMessage() {
        const { thread } = this.message;
        thread.highlightMessage = this.message;
        thread.open({ focus: true });
    },
};
patch(Message.prototype, messagePatch);
