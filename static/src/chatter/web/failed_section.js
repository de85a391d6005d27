import { TrackingFailures } from "@mail_activity_tracking/core/web/tracking_failures";

import { Component, useEffect, useState } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

const IS_CLOSED = "mail_activity_tracking.failed_section_closed";
const FEW = 3;
const ALL = 1000;

/** The failures of a document, above its messages. */
export class FailedSection extends Component {
    static components = { TrackingFailures };
    static props = ["thread"];
    static template = "mail_activity_tracking.FailedSection";

    setup() {
        super.setup();
        this.store = useService("mail.store");
        this.service = useService("mail_activity_tracking.failures");
        this.state = useState({
            ids: [],
            isAll: false,
            isOpen: !browser.localStorage.getItem(IS_CLOSED),
        });
        useEffect(
            () => void this.load(),
            () => [this.count, this.state.isAll, this.state.isOpen, this.props.thread.localId]
        );
    }

    get count() {
        return this.props.thread.tracking_failed_count;
    }

    get title() {
        return this.count === 1 ? _t("1 mail failed") : _t("%s mails failed", this.count);
    }

    async load() {
        const { id, model } = this.props.thread;
        if (!this.count || !this.state.isOpen) {
            return;
        }
        const params = { thread_model: model, thread_id: id, limit: this.state.isAll ? ALL : FEW };
        const { failures } = await this.service.call("failures", params);
        this.state.ids = failures;
    }

    /** Messages, the newest first, each with those of its failures that are shown. */
    get groups() {
        const messages = [...new Set(this.state.ids.map(([messageId]) => messageId))];
        const shown = new Set(this.state.ids.map(([, trackingId]) => trackingId));
        return messages
            .map((id) => this.store["mail.message"].get(id))
            .map((message) => ({
                failures: message.trackingFailures.filter(({ trackingId }) =>
                    shown.has(trackingId)
                ),
                message,
            }))
            .filter(({ failures }) => failures.length);
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
