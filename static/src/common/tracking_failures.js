import { TrackingTimeline } from "@mail_activity_tracking/common/tracking_timeline";

import { Component, onWillStart, onWillUnmount, useRef } from "@odoo/owl";

import { hasTouch } from "@web/core/browser/feature_detection";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { useService } from "@web/core/utils/hooks";

const FIRST_BUTTON = ".o-mail_activity_tracking-TrackingFailure-action";
const MORE_BUTTON = ".o-mail_activity_tracking-TrackingFailure-more";

/** The failures of a message, one row each: who, why, what helps, and a menu. */
export class TrackingFailures extends Component {
    static components = { Dropdown, DropdownItem };
    static props = ["failures", "message", "about?", "onViewMessage?"];
    static template = "mail_activity_tracking.TrackingFailures";

    setup() {
        this.service = useService("mail_activity_tracking.failures");
        this.root = useRef("root");
        onWillStart(async () => {
            this.rights = await this.service.contactRights();
        });
        onWillUnmount(() => this.passFocusOn());
        this.timeline = usePopover(TrackingTimeline, {
            position: "bottom-end",
            useBottomSheet: this.env.isSmall && hasTouch(),
        });
    }

    /** Each failure with the action that helps, and the others for its menu. */
    get rows() {
        return this.props.failures.map((failure, index) => {
            const [first, ...others] = this.actionsOf(failure, index);
            return { failure, first, others };
        });
    }

    /** The failures that may be sent again as they are. */
    get retryable() {
        return this.props.failures.filter(({ action }) => action !== "review");
    }

    actionsOf(failure, index) {
        const { message, onViewMessage } = this.props;
        const edit = failure.partnerId ? _t("Edit contact") : _t("Create contact");
        const mayEdit = failure.partnerId ? this.rights.write : this.rights.create;
        const actions = {
            edit: mayEdit && { label: edit, onSelected: () => this.onClickEdit(failure) },
            retry: this.retryable.includes(failure) && {
                label: _t("Retry"),
                onSelected: () => this.onClickRetry([failure]),
            },
            review: {
                label: _t("Mark as reviewed"),
                onSelected: () => this.onClickReviewed([failure]),
            },
        };
        const first = actions[failure.action] || actions.review;
        return [
            first,
            ...Object.values(actions).filter((action) => action && action !== first),
            { label: _t("Details"), onSelected: () => this.onClickDetails(failure, index) },
            onViewMessage && {
                label: _t("View message"),
                onSelected: () => onViewMessage(message),
            },
        ].filter(Boolean);
    }

    /** In the mailbox, go on with the next card when this one goes with the focus. */
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

    onClickEdit(failure) {
        this.service.edit(this.props.message, failure);
    }

    onClickRetry(failures) {
        return this.once(() => this.service.retry(this.props.message, idsOf(failures)));
    }

    onClickReviewed(failures) {
        return this.once(() => this.service.review(idsOf(failures)));
    }

    /** Do one thing at a time: a double click does nothing twice. */
    async once(action) {
        if (!this.isBusy) {
            this.isBusy = true;
            await action().finally(() => (this.isBusy = false));
        }
    }
}

function idsOf(failures) {
    return failures.map(({ trackingId }) => trackingId);
}
