import { Thread } from "@mail/core/common/thread_model";

import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

/** @type {import("models").Thread} */
const threadPatch = {
    setup() {
        super.setup(...arguments);
        /** Number of failed recipients of the document's messages. */
        this.tracking_failed_count = 0;
    },
    /** Keep a later counter that was pushed before an earlier answer arrived. */
    update(data) {
        if (this.isFailedBox && data.counter_bus_id < this.counter_bus_id) {
            const { counter, counter_bus_id } = this;
            return super.update({ ...data, counter, counter_bus_id });
        }
        return super.update(data);
    },
    /** Whether this is the mailbox *Failed*. */
    get isFailedBox() {
        return this.model === "mail.box" && this.id === "failed";
    },
    /** Title of the badge: it counts messages, while the chatter counts failures. */
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
