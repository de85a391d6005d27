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
                this.fetchNewFailed();
            },
            eager: true,
        });
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
            this.failed.messages.add(message);
        }
    },
    /** Fetch those messages of the open mailbox that the bus has counted, not brought. */
    async fetchNewFailed() {
        const { failed } = this;
        if (failed?.isLoaded && failed.counter > failed.messages.length) {
            for (const message of await failed.fetchMessages()) {
                failed.messages.add(message);
            }
        }
    },
};
patch(Store.prototype, storePatch);
