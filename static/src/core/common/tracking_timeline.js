import { TrackingEvent } from "@mail_activity_tracking/core/common/tracking_event";

import { Component, onWillStart, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { useService } from "@web/core/utils/hooks";

/** What happened to the mail of one recipient, loaded when somebody asks for it. */
export class TrackingTimeline extends Component {
    static props = ["recipient", "message", "close?"];
    static template = "mail_activity_tracking.TrackingTimeline";

    setup() {
        super.setup();
        this.action = useService("action");
        this.recipient = this.props.recipient;
        this.state = useState({ isLoading: this.recipient.isTracked, story: {} });
        onWillStart(async () => {
            const loaded = this.load();
            if (this.env.isSmall) {
                await loaded; // a sheet keeps the height that it opens with
            }
        });
    }

    get events() {
        return this.state.story.events || [];
    }

    /** The events, attempt by attempt. */
    get attempts() {
        const numbers = [...new Set(this.events.map(({ attempt }) => attempt))];
        return numbers.map((number) => ({
            number,
            events: this.events
                .filter(({ attempt }) => attempt === number)
                .map((event) => new TrackingEvent(event)),
        }));
    }

    get isUnopened() {
        const types = this.events.map(({ type }) => type);
        return types.includes("sent") && !types.includes("open");
    }

    async load() {
        if (!this.recipient.isTracked) {
            return;
        }
        const { trackingId, partnerId, address } = this.recipient;
        const who = partnerId ? { partner_id: partnerId } : { address };
        const params = trackingId
            ? { tracking_id: trackingId }
            : { message_id: this.props.message.id, ...who };
        this.state.story = await rpc("/mail/tracking/timeline", params).finally(() => {
            this.state.isLoading = false;
        });
    }

    onClickContact() {
        const { partnerId, address } = this.recipient;
        const context = partnerId ? {} : { default_email: address };
        this.open("res.partner", { context, res_id: partnerId, views: [[false, "form"]] });
    }

    onClickEvents() {
        const domain = [["tracking_email_id", "=", this.state.story.tracking_id]];
        const views = [
            [false, "list"],
            [false, "form"],
        ];
        this.open("mail.tracking.event", { domain, name: _t("Tracking events"), views });
    }

    /** Leave the popover for records of another model. */
    open(res_model, action) {
        this.props.close?.();
        this.action.doAction({ type: "ir.actions.act_window", res_model, ...action });
    }
}
