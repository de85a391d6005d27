import { TrackingTimeline } from "@mail_activity_tracking/common/tracking_timeline";

import { Component, onWillUnmount, useRef } from "@odoo/owl";

import { hasTouch } from "@web/core/browser/feature_detection";
import { usePopover } from "@web/core/popover/popover_hook";
import { useService } from "@web/core/utils/hooks";

const FIRST_BUTTON = ".o-mail_activity_tracking-TrackingFailure button:first-child";

/** Those who did not get a message, why, and what to do about it. */
export class TrackingFailures extends Component {
    static props = ["failures", "message"];
    static template = "mail_activity_tracking.TrackingFailures";

    setup() {
        super.setup();
        this.service = useService("mail_activity_tracking.failures");
        this.root = useRef("root");
        onWillUnmount(() => this.passFocusOn());
        this.timeline = usePopover(TrackingTimeline, {
            position: "bottom-end",
            useBottomSheet: this.env.isSmall && hasTouch(),
        });
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

    onClickDetails(ev, recipient) {
        this.timeline.open(ev.currentTarget, { message: this.props.message, recipient });
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
