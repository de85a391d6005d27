import { TrackingFailures } from "@mail_activity_tracking/common/tracking_failures";

import { Component, onPatched, onWillPatch, useEffect, useRef, useState } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";

const IS_CLOSED = "mail_activity_tracking.failed_section_closed";
const FEW = 3;
/** As many as the server gives at once. */
const PAGE = 100;

/** The failures of a document, above its messages. */
export class FailedSection extends Component {
    static components = { TrackingFailures };
    static props = ["thread"];
    static template = "mail_activity_tracking.FailedSection";

    setup() {
        super.setup();
        this.store = useService("mail.store");
        this.service = useService("mail_activity_tracking.failures");
        this.keepLast = new KeepLast();
        this.titleRef = useRef("title");
        this.root = useRef("root");
        this.state = useState({
            ids: [],
            isAll: false,
            isOpen: !browser.localStorage.getItem(IS_CLOSED),
        });
        useEffect(
            () => void this.load(),
            () => [this.count, this.state.isAll, this.state.isOpen]
        );
        // With its row the button goes that had the focus.
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

    get title() {
        return this.count === 1 ? _t("1 mail failed") : _t("%s mails failed", this.count);
    }

    async load() {
        if (this.count && this.state.isOpen) {
            this.state.ids = await this.keepLast.add(this.fetch());
        }
    }

    async fetch() {
        const { id: thread_id, model: thread_model } = this.props.thread;
        const limit = this.state.isAll ? PAGE : FEW;
        const ids = [];
        let failures;
        do {
            const params = { before: ids.at(-1)?.[1], limit, thread_id, thread_model };
            ({ failures } = await this.service.call("failures", params));
            ids.push(...failures);
        } while (failures.length === PAGE);
        return ids;
    }

    /** Messages, the newest first, each with those of its failures that are shown. */
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

    /** What the message is about, unless its subject is but the document's name. */
    aboutOf(message) {
        const { subject } = message;
        return subject && !message.isSubjectSimilarToThreadName && !message.isSubjectDefault
            ? subject
            : message.previewText;
    }

    onClickTitle() {
        this.state.isOpen = !this.state.isOpen;
        if (this.state.isOpen) {
            browser.localStorage.removeItem(IS_CLOSED);
        } else {
            browser.localStorage.setItem(IS_CLOSED, "1");
        }
    }

    onClickMessage(message) {
        this.env.messageHighlight?.highlightMessage(message, this.props.thread);
    }
}
