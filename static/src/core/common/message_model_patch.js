import { fromTracking, recipientsOf } from "@mail_activity_tracking/common/tracking_recipients";
import { laterOf } from "@mail_activity_tracking/common/tracking_status";

import { Message } from "@mail/core/common/message_model";
import { fields } from "@mail/core/common/record";

import { patch } from "@web/core/utils/patch";

/** Index of the state in a value, after tracking, recipient (two items), "to" or "cc". */
const STATE = 4;

function laterRecipient(recipients, value) {
    const former = recipients.find(([trackingId]) => trackingId === value[0]);
    const latest = laterOf(former?.slice(STATE), value.slice(STATE));
    return [...value.slice(0, STATE), ...latest];
}

/** @type {import("models").Message} */
const messagePatch = {
    setup() {
        super.setup(...arguments);
        /** Recipients without a notification, in the form of the server. */
        this.tracking_recipients = fields.Attr([], {
            /** @this {import("models").Message} */
            onUpdate() {
                this.latestTrackingRecipients = this.tracking_recipients.map((value) =>
                    laterRecipient(this.latestTrackingRecipients, value)
                );
            },
        });
        this.latestTrackingRecipients = fields.Attr([]);
        this.trackingRecipients = fields.Attr([], {
            /** @this {import("models").Message} */
            compute() {
                return recipientsOf(this);
            },
        });
        /** Unreviewed failures, in the form of the server. */
        this.tracking_failures = fields.Attr([], {
            /** @this {import("models").Message} */
            onUpdate() {
                this.store.onTrackingFailures?.(this);
            },
        });
        this.trackingFailures = fields.Attr([], {
            /** @this {import("models").Message} */
            compute() {
                return this.tracking_failures.map(([id, partnerId, text, ...status]) =>
                    fromTracking(this, [id, partnerId, text, "to", ...status])
                );
            },
        });
    },
};
patch(Message.prototype, messagePatch);
