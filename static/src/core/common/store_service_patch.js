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
     * Keep the mailbox as it is on the server: a message leaves it with its last failure,
     * and stays everywhere else.
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
    /** Put a message where it belongs, unless an older page will bring it. */
    addFailed(message) {
        const { loadOlder, messages, oldestPersistentMessage } = this.failed;
        if (!loadOlder || message.id > oldestPersistentMessage?.id) {
            messages.add(message);
            messages.sort((m1, m2) => m1.id - m2.id);
        }
    },
    /** Fetch those messages of the open mailbox that the bus has counted, not brought. */
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
