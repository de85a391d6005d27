import { fields } from "@mail/core/common/record";
import { Store } from "@mail/core/common/store_service";

import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

/** @type {import("models").Store} */
const storePatch = {
    setup() {
        super.setup(...arguments);
        this.failed = fields.One("Thread");
        this.failedCounter = fields.Attr(0, {
            /** @this {import("models").Store} */
            compute() {
                return this.failed?.counter ?? 0;
            },
            /** @this {import("models").Store} */
            onUpdate() {
                if (this.failedCounter > this.formerFailedCounter) {
                    this.fetchNewFailed();
                }
                this.formerFailedCounter = this.failedCounter;
            },
            eager: true,
        });
        this.formerFailedCounter = 0;
    },
    onStarted() {
        super.onStarted(...arguments);
        this.failed = { display_name: _t("Failed"), id: "failed", model: "mail.box" };
    },
    /**
     * Update the mailbox as on the server: a message leaves it with its last failure. The
     * message itself stays.
     *
     * @param {import("models").Message} message
     */
    onTrackingFailures(message) {
        if (!message.tracking_failures.length) {
            this.failed?.messages.delete(message);
        } else if (this.failed?.isLoaded && message.isSelfAuthored) {
            this.addFailed(message);
        }
    },
    /** Add a message in order, unless it belongs to an older page not loaded yet. */
    addFailed(message) {
        const { loadOlder, messages, oldestPersistentMessage } = this.failed;
        if (!loadOlder || message.id > oldestPersistentMessage?.id) {
            messages.add(message);
            messages.sort((m1, m2) => m1.id - m2.id);
        }
    },
    /** Fetch messages of the open mailbox of which the bus has only sent the number. */
    async fetchNewFailed() {
        const { failed } = this;
        if (failed?.isLoaded && failed.counter > failed.messages.length) {
            for (const message of await failed.fetchMessages()) {
                this.addFailed(message);
            }
        }
    },
};
patch(Store.prototype, storePatch);
