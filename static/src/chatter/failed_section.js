import { oneAtATime } from "@mail_activity_tracking/common/one_at_a_time";
import { TrackingFailures } from "@mail_activity_tracking/common/tracking_failures";

import { Component, onPatched, onWillPatch, useEffect, useRef, useState } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";

const IS_CLOSED = "mail_activity_tracking.failed_section_closed";
/** Number of failures up to which the section is open at first. */
const FEW = 3;
/** Number of failures shown when the user opens the section. */
const SCREENFUL = 10;
/** Number of failures that the server returns at once. */
const PAGE = 100;

/** The failures of a document, above its messages. */
export class FailedSection extends Component {
    static components = { TrackingFailures };
    static props = ["thread"];
    static template = "mail_activity_tracking.FailedSection";

    setup() {
        this.store = useService("mail.store");
        this.service = useService("mail_activity_tracking.failures");
        this.keepLast = new KeepLast();
        this.once = oneAtATime();
        this.titleRef = useRef("title");
        this.root = useRef("root");
        this.state = useState({
            ids: [],
            isAll: false,
            isOpen: undefined, // until the user clicks
        });
        useEffect(
            () => void this.load(),
            () => [this.count, this.state.isAll, this.isOpen]
        );
        // The focused button may disappear with its row.
        onWillPatch(() => {
            this.hasFocus = this.root.el?.contains(document.activeElement);
        });
        onPatched(() => {
            if (this.hasFocus && !this.root.el?.contains(document.activeElement)) {
                this.titleRef.el?.focus();
            }
        });
    }

    get count() {
        return this.props.thread.tracking_failed_count;
    }

    get isOpen() {
        const isFew = this.count <= FEW;
        return this.state.isOpen ?? (isFew && !browser.localStorage.getItem(IS_CLOSED));
    }

    get title() {
        return this.count === 1 ? _t("1 email failure") : _t("%s email failures", this.count);
    }

    async load() {
        if (this.count && this.isOpen) {
            const limit = this.state.isAll ? PAGE : SCREENFUL;
            this.state.ids = await this.keepLast.add(this.fetch(limit));
        }
    }

    /** Return pairs of ids of message and tracking: one page, or all pages. */
    async fetch(limit) {
        const { id: thread_id, model: thread_model } = this.props.thread;
        const ids = [];
        let failures;
        do {
            const params = { before: ids.at(-1)?.[1], limit, thread_id, thread_model };
            ({ failures } = await this.service.call("failures", params));
            ids.push(...failures);
        } while (failures.length === PAGE);
        return ids;
    }

    /** Messages with their shown failures, newest first. */
    get groups() {
        const messages = [...new Set(this.state.ids.map(([messageId]) => messageId))];
        const shown = new Set(this.state.ids.map(([, trackingId]) => trackingId));
        return messages
            .map((id) => this.store["mail.message"].get(id))
            .filter(Boolean)
            .map((message) => ({
                failures: message.trackingFailures.filter(({ trackingId }) =>
                    shown.has(trackingId)
                ),
                message,
            }))
            .filter(({ failures }) => failures.length);
    }

    /** Subject of the message, or its preview if the subject only names the document. */
    aboutOf(message) {
        const { subject } = message;
        return subject && !message.isSubjectSimilarToThreadName && !message.isSubjectDefault
            ? subject
            : message.previewText;
    }

    onClickTitle() {
        this.state.isOpen = !this.isOpen;
        if (this.state.isOpen) {
            browser.localStorage.removeItem(IS_CLOSED);
        } else {
            browser.localStorage.setItem(IS_CLOSED, "1");
        }
    }

    /** Retry all failures of the document, except those whose retry would be refused. */
    onClickRetryAll() {
        return this.once(async () => {
            const ids = new Set((await this.fetch(PAGE)).map(([messageId]) => messageId));
            const messages = [...ids].map((id) => this.store["mail.message"].get(id));
            await this.service.retryAll(messages.filter(Boolean));
        });
    }

    onViewMessage(message) {
        this.env.messageHighlight?.highlightMessage(message, this.props.thread);
    }
}
