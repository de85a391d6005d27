import { MessageRecipients } from "@mail_activity_tracking/core/common/message_recipients";
import { summaryOf } from "@mail_activity_tracking/core/common/tracking_recipients";

import { Message } from "@mail/core/common/message";

import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

Object.assign(Message.components, { MessageRecipients });

/** @type {import("models").Message} */
const messagePatch = {
    get hasTrackingRecipients() {
        const threads = [this.message.thread, this.props.thread];
        return (
            threads.every((thread) => thread?.model !== "discuss.channel") &&
            this.message.trackingRecipients.length > 0
        );
    },

    /** What core's envelope shows: the worst of all recipients, and it says so. */
    get envelope() {
        const notification = this.message.notification_ids[0];
        const recipients = this.message.trackingRecipients;
        const isOurs = ["email", "inbox"].includes(notification?.notification_type);
        if (!isOurs || !recipients.length) {
            const hasFailed = this.message.failureNotifications.length > 0;
            return {
                icon: notification?.icon,
                className: hasFailed ? "text-danger opacity-75" : "opacity-50",
                label: hasFailed ? _t("Delivery failure") : _t("Notifications"),
            };
        }
        const hasFailed =
            recipients.some(({ row }) => row.isFailed) ||
            this.message.failureNotifications.some(({ tracking }) => !tracking);
        return {
            icon: hasFailed ? "fa fa-envelope" : "fa fa-envelope-o",
            className: hasFailed ? "text-danger" : "text-muted",
            label: summaryOf(recipients),
        };
    },
};
patch(Message.prototype, messagePatch);
