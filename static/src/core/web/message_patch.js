import { TrackingFailures } from "@mail_activity_tracking/core/web/tracking_failures";

import { Message } from "@mail/core/common/message";

import { patch } from "@web/core/utils/patch";

Object.assign(Message.components, { TrackingFailures });

/** @type {import("models").Message} */
const messagePatch = {
    /** From the mailbox to the document, with the message in sight. */
    onClickShowMessage() {
        const { thread } = this.message;
        thread.highlightMessage = this.message;
        thread.open({ focus: true });
    },
};
patch(Message.prototype, messagePatch);
