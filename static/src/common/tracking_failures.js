import { oneAtATime } from "@mail_activity_tracking/common/one_at_a_time";
import { useTimeline } from "@mail_activity_tracking/common/tracking_timeline";

import { Component, onWillStart, onWillUnmount, useRef } from "@odoo/owl";

import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

const FIRST_BUTTON = ".o-mail_activity_tracking-TrackingFailure-action";
const MORE_BUTTON = ".o-mail_activity_tracking-TrackingFailure-more";

/** The failures of a message, a row each: recipient, reason, main action, menu. */
export class TrackingFailures extends Component {
    static components = { Dropdown, DropdownItem };
    static props = ["failures", "message", "about?", "onViewMessage?"];
    static template = "mail_activity_tracking.TrackingFailures";

    setup() {
        this.service = useService("mail_activity_tracking.failures");
        this.root = useRef("root");
        this.once = oneAtATime();
        onWillStart(async () => {
            this.rights = await this.service.contactRights();
        });
        onWillUnmount(() => this.passFocusOn());
        this.timeline = useTimeline("bottom-end");
    }

    /** Each failure with its main action, and the others for its menu. */
    get rows() {
        return this.props.failures.map((failure, index) => {
            const [first, ...others] = this.actionsOf(failure, index);
            return { failure, first, others };
        });
    }

    /** The failures that can be retried without a correction. */
    get retryable() {
        return this.props.failures.filter(({ canRetry }) => canRetry);
    }

    actionsOf(failure, index) {
        const { message, onViewMessage } = this.props;
        const remedies = this.service.remediesOf(message, failure, this.rights);
        return [
            ...remedies.map(({ label, onClick }) => ({ label, onClick: () => this.once(onClick) })),
            { label: _t("Details"), onClick: () => this.onClickDetails(failure, index) },
            onViewMessage && { label: _t("View message"), onClick: () => onViewMessage(message) },
        ].filter(Boolean);
    }

    /** In the mailbox, move the focus to the next card before this one disappears. */
    passFocusOn() {
        const { el } = this.root;
        const thread = el?.closest(".o-mail-Thread");
        if (!thread || !el.contains(document.activeElement)) {
            return;
        }
        const buttons = [...thread.querySelectorAll(FIRST_BUTTON)];
        const index = buttons.findLastIndex((button) => el.contains(button));
        const next = buttons[index + 1] || buttons.find((button) => !el.contains(button));
        (next || thread).focus();
    }

    onClickDetails(recipient, index) {
        const target = this.root.el.querySelectorAll(MORE_BUTTON)[index];
        this.timeline.open(target, { message: this.props.message, recipient });
    }

    onClickRetryAll() {
        const ids = this.retryable.map(({ trackingId }) => trackingId);
        return this.once(() => this.service.retry(this.props.message, ids));
    }
}
