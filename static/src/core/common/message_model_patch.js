import { recipientsOf } from "@mail_activity_tracking/core/common/tracking_recipients";

import { Message } from "@mail/core/common/message_model";
import { fields } from "@mail/core/common/record";

import { patch } from "@web/core/utils/patch";

/** @type {import("models").Message} */
const messagePatch = {
    setup() {
        super.setup(...arguments);
        /** Recipients without a notification, as the server sends them. */
        this.tracking_recipients = fields.Attr([]);
        this.trackingRecipients = fields.Attr([], {
            /** @this {import("models").Message} */
            compute() {
                return recipientsOf(this);
            },
        });
    },
};
patch(Message.prototype, messagePatch);
