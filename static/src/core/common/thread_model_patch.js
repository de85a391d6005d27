import { Thread } from "@mail/core/common/thread_model";

import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

/** @type {import("models").Thread} */
const threadPatch = {
    setup() {
        super.setup(...arguments);
        /** Recipients of the document's messages who did not get their mail. */
        this.tracking_failed_count = 0;
    },
    /** An answer that comes after the push of a later number undoes nothing. */
    update(data) {
        if (this.isFailedBox && data.counter_bus_id < this.counter_bus_id) {
            const { counter, counter_bus_id } = this;
            return super.update({ ...data, counter, counter_bus_id });
        }
        return super.update(data);
    },
    /** Whether this is the mailbox of the messages that did not reach everybody. */
    get isFailedBox() {
        return this.model === "mail.box" && this.id === "failed";
    },
    /** What the badge of the mailbox counts: messages, where the chatter counts failures. */
    get failedTitle() {
        if (!this.isFailedBox || !this.counter) {
            return undefined;
        }
        return this.counter === 1
            ? _t("1 message with email failures")
            : _t("%s messages with email failures", this.counter);
    },
    getFetchRoute() {
        return this.isFailedBox ? "/mail/failed/messages" : super.getFetchRoute(...arguments);
    },
};
patch(Thread.prototype, threadPatch);
