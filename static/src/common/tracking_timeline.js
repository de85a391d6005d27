import { TrackingEvent } from "@mail_activity_tracking/common/tracking_event";
import { TrackingRecipient } from "@mail_activity_tracking/common/tracking_recipient";
import { trackingRow } from "@mail_activity_tracking/common/tracking_status";
import { formatTrackingTime } from "@mail_activity_tracking/common/tracking_time";

import { Component, onWillStart, useEffect, useState } from "@odoo/owl";

import { hasTouch } from "@web/core/browser/feature_detection";
import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { usePopover } from "@web/core/popover/popover_hook";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";

/** The history of the email for one recipient, loaded on demand. */
export class TrackingTimeline extends Component {
    static props = ["recipient", "message", "close?"];
    static template = "mail_activity_tracking.TrackingTimeline";

    setup() {
        this.action = useService("action");
        this.failures = useService("mail_activity_tracking.failures");
        this.message = useState(this.props.message);
        this.keepLast = new KeepLast();
        this.state = useState({ isLoaded: false, isLoading: false, isSending: false, story: {} });
        onWillStart(async () => {
            this.rights = await this.failures.contactRights();
            if (this.env.isSmall) {
                await this.load(); // a sheet keeps the height that it opens with
            }
        });
        useEffect(
            (...signature) => {
                if (String(signature) !== this.loadedFor) {
                    this.load();
                }
            },
            () => this.signature
        );
    }

    /** The recipient as it is in the store now: its state may change while it is shown. */
    get recipient() {
        const { key } = this.props.recipient;
        const recipients = this.message.trackingRecipients;
        return recipients.find((recipient) => recipient.key === key) || this.props.recipient;
    }

    /** Values that change when there is something new to load. */
    get signature() {
        const { state, time, detail } = this.recipient;
        return [state, time, detail];
    }

    get events() {
        return (this.state.story.events || []).map((event) => new TrackingEvent(event));
    }

    /** The events, grouped by attempt. */
    get attempts() {
        const { events } = this;
        const numbers = [...new Set(events.map(({ data }) => data.attempt))];
        return numbers.map((number) => ({
            number,
            events: events.filter(({ data }) => data.attempt === number),
        }));
    }

    /** Whether nobody is known to have opened it, not even one of those who share the image. */
    get isUnopened() {
        const { events } = this;
        return (
            ["delivered", "sent"].includes(this.recipient.row.status) &&
            events.length > 0 &&
            !events.some(({ data }) => data.evidence === "shared")
        );
    }

    /** Whether the recipient did not get the email, which can be corrected here too. */
    get isFailure() {
        return this.recipient.row.isFailed && this.state.story.tracking_id;
    }

    /** Actions on a failure, the main one first. */
    get remedies() {
        const { attempt, is_reviewed: isReviewed, tracking_id: trackingId } = this.state.story;
        if (!this.isFailure) {
            return [];
        }
        const failure = new TrackingRecipient({ ...this.recipient, trackingId });
        return this.failures
            .remediesOf(this.message, failure, this.rights, [attempt])
            .filter(({ name }) => name !== "review" || !isReviewed);
    }

    /** Label of the button for the contact; none if a remedy of the failure already edits it. */
    get contactLabel() {
        const { address, partnerId } = this.recipient;
        if (this.remedies.some(({ name }) => name === "edit")) {
            return "";
        }
        return partnerId
            ? _t("Open contact")
            : address && this.rights.create && _t("Create contact");
    }

    /** Status of each address of a contact with several addresses, the worst first. */
    get addresses() {
        return (this.state.story.addresses || []).map(({ address, state }) => ({
            address,
            words: trackingRow(state).title,
        }));
    }

    /** Number of addresses that got the email, if one of them did not. */
    get reached() {
        const { addresses } = this;
        const count = this.state.story.reached_count;
        return addresses.length && this.recipient.row.isFailed
            ? _t("%(count)s of %(total)s addresses received it", {
                  count,
                  total: addresses.length,
              })
            : "";
    }

    /** First and last of several opens; a single one is in the words above. */
    get openings() {
        const { open_count: count, first_open: first, last_open: last } = this.state.story;
        return count > 1
            ? _t("First opened %(first)s, last %(last)s", {
                  first: formatTrackingTime(first),
                  last: formatTrackingTime(last),
              })
            : "";
    }

    get scheduled() {
        const { scheduled, is_retry: isRetry } = this.state.story;
        const time = formatTrackingTime(scheduled);
        if (scheduled && isRetry) {
            return _t("Next attempt: %(time)s", { time });
        }
        return scheduled && _t("Scheduled for %(time)s", { time });
    }

    /** Whether retention has deleted the tracking that the message still names. */
    get isGone() {
        return this.state.isLoaded && !this.state.story.tracking_id;
    }

    async load() {
        this.loadedFor = String(this.signature);
        if (!this.recipient.isTracked) {
            return;
        }
        this.state.isLoading = !this.state.story.tracking_id;
        const request = rpc("/mail/tracking/timeline", this.request);
        const story = await this.keepLast.add(request).finally(() => {
            this.state.isLoading = false;
        });
        Object.assign(this.state, { story, isLoaded: true });
    }

    /** Parameters that name the tracking to load. */
    get request() {
        const { trackingId, partnerId, address } = this.recipient;
        if (trackingId) {
            return { tracking_id: trackingId };
        }
        const who = partnerId ? { partner_id: partnerId } : { address };
        return { message_id: this.message.id, ...who };
    }

    /** Call a route for the queued email, then load its history again. */
    async ask(route) {
        this.state.isSending = true;
        await rpc(`/mail/tracking/${route}`, { tracking_id: this.state.story.tracking_id })
            .then(() => this.load())
            .finally(() => {
                this.state.isSending = false;
            });
    }

    onClickRemedy({ onClick }) {
        this.props.close?.();
        return onClick();
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

    onClickDiagnose() {
        this.props.close?.();
        this.action.doAction("mail_activity_tracking.mail_tracking_check_action");
    }

    /** Close the popover and open records of another model. */
    open(res_model, action) {
        this.props.close?.();
        this.action.doAction({ type: "ir.actions.act_window", res_model, ...action });
    }
}

/**
 * Return the popover that shows the timeline of a recipient; a sheet on a phone.
 *
 * @param {string} position
 */
export function useTimeline(position) {
    const ui = useService("ui");
    return usePopover(TrackingTimeline, {
        position,
        useBottomSheet: ui.isSmall && hasTouch(),
    });
}
