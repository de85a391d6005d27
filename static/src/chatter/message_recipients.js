import { sortedByProblem, summaryOf } from "@mail_activity_tracking/common/tracking_recipients";
import { useTimeline } from "@mail_activity_tracking/common/tracking_timeline";

import { Component, useState } from "@odoo/owl";

import { Dropdown } from "@web/core/dropdown/dropdown";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/** Number of recipients above which they are collapsed, problems first. */
const MAX_SHOWN = 6;

/** The line of a message with the status of each recipient. */
export class MessageRecipients extends Component {
    static components = { Dropdown };
    static props = ["message"];
    static template = "mail_activity_tracking.MessageRecipients";

    setup() {
        this.ui = useService("ui");
        this.state = useState({ isExpanded: false });
        this.timeline = useTimeline("bottom-start");
    }

    /** On a phone, one button represents all recipients. */
    get isCompact() {
        return this.ui.isSmall && this.recipients.length > 1;
    }

    get recipients() {
        const recipients = this.props.message.trackingRecipients;
        return recipients.length > MAX_SHOWN ? sortedByProblem(recipients) : recipients;
    }

    get groups() {
        const shown = this.state.isExpanded ? this.recipients : this.recipients.slice(0, MAX_SHOWN);
        return [
            { id: "to", label: _t("To"), recipients: shown.filter(({ isCopy }) => !isCopy) },
            { id: "cc", label: _t("Cc"), recipients: shown.filter(({ isCopy }) => isCopy) },
        ].filter(({ recipients }) => recipients.length);
    }

    get hiddenCount() {
        return Math.max(this.recipients.length - MAX_SHOWN, 0);
    }

    get summary() {
        return summaryOf(this.props.message.trackingRecipients);
    }

    get worst() {
        return sortedByProblem(this.props.message.trackingRecipients)[0];
    }

    onClickMore() {
        this.state.isExpanded = !this.state.isExpanded;
    }

    onClickRecipient(ev, recipient) {
        const { message } = this.props;
        this.timeline.open(ev.currentTarget, { message, recipient });
    }
}
