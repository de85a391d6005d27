import { onMounted, toRaw } from "@odoo/owl";

import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { sortBy } from "@web/core/utils/arrays";

/** Form view in which an address is corrected. */
const CONTACT_VIEW = "mail_activity_tracking.res_partner_view_form_address";
/** Event on the bus of the web client: the user has corrected a contact. */
export const CONTACT_SAVED = "mail_tracking_contact_saved";
/** Number of messages that fit on the screen. */
const SCREENFUL = 5;

/** Dialog that focuses the email field: core does so for new records only. */
class ContactDialog extends FormViewDialog {
    setup() {
        super.setup();
        onMounted(() => this.modalRef.el?.querySelector("[name='email'] input")?.focus());
    }
}

/** The actions on failures, for all components that show them. */
export class TrackingFailuresService {
    constructor(env, { dialog, notification, "mail.store": store }) {
        Object.assign(this, { bus: env.bus, dialog, notification, store });
    }

    async call(route, params) {
        const result = await rpc(`/mail/tracking/${route}`, params);
        this.store.insert(result.data || {});
        return result;
    }

    /**
     * Send a message again to recipients who did not get it. The answer has the state
     * before the email went out, so it is ignored if the bus has brought a later one.
     *
     * @param {import("models").Message|import("models").Message[]} message
     * @param {number[]} trackingIds
     * @param {number} [partnerId] contact to send it to instead of an address
     * @param {number[]} [attempts] attempts whose failures the user has seen; later
     *  failures are not retried
     */
    async retry(message, trackingIds, partnerId, attempts) {
        const messages = [message].flat();
        const failuresBefore = messages.map((each) => toRaw(each.tracking_failures));
        const params = { tracking_ids: trackingIds };
        const seen = attempts || attemptsOf(failuresBefore.flat(), trackingIds);
        if (seen.every(Boolean)) {
            params.attempts = seen;
        }
        if (partnerId) {
            params.partner_id = partnerId;
        }
        const { data, problems, retried } = await rpc("/mail/tracking/retry", params);
        if (
            messages.every((each, index) => toRaw(each.tracking_failures) === failuresBefore[index])
        ) {
            this.store.insert(data || {});
        }
        for (const words of new Set(problems.map((problem) => problem[1]))) {
            this.notification.add(words, { type: "danger" });
        }
        const count = retried.length;
        if (count) {
            const words =
                count === 1
                    ? _t("The email is being sent again.")
                    : _t("Sending again to %s recipients.", count);
            this.notification.add(words, { type: "info" });
        }
    }

    /**
     * Retry the failures of messages, except those whose retry would be refused.
     *
     * @param {import("models").Message[]} messages
     */
    async retryAll(messages) {
        const failures = messages.flatMap((message) => message.trackingFailures);
        const retryable = failures.filter(({ canRetry }) => canRetry);
        const ids = retryable.map(({ trackingId }) => trackingId);
        if (ids.length) {
            await this.retry(messages, ids);
        } else {
            this.notification.add(_t("None of these emails can be sent again."), {
                type: "warning",
            });
        }
    }

    /** Return the access rights on contacts, which `user` caches. */
    async contactRights() {
        const [write, create] = await Promise.all(
            ["write", "create"].map((right) => user.checkAccessRight("res.partner", right))
        );
        return { write, create };
    }

    /**
     * List what can be done about a failure, what helps most first.
     *
     * @param {import("models").Message} message
     * @param {import("@mail_activity_tracking/common/tracking_recipient").TrackingRecipient} failure
     * @param {{write: boolean, create: boolean}} rights of `contactRights`
     * @param {number[]} [attempts] of `retry`
     * @returns {{name: string, label: string, onClick: () => Promise|void}[]}
     */
    remediesOf(message, failure, rights, attempts) {
        const { action, canRetry, partnerId, trackingId } = failure;
        const remedies = [
            (partnerId ? rights.write : rights.create) && {
                name: "edit",
                label: partnerId ? _t("Edit contact") : _t("Create contact"),
                onClick: () => this.edit(message, failure),
            },
            canRetry && {
                name: "retry",
                label: _t("Retry"),
                onClick: () => this.retry(message, [trackingId], undefined, attempts),
            },
            {
                name: "review",
                label: _t("Mark as reviewed"),
                onClick: () => this.review([trackingId]),
            },
        ].filter(Boolean);
        const first = remedies.find(({ name }) => name === action) || remedies.at(-1);
        return sortBy(remedies, (remedy) => remedy !== first);
    }

    /**
     * Let the user correct an address, and send the email to it when it is saved. For an
     * address without a contact, a contact is created.
     *
     * @param {import("models").Message} message
     * @param {import("@mail_activity_tracking/common/tracking_recipient").TrackingRecipient} failure
     */
    edit(message, { partnerId, address, trackingId }) {
        const context = { form_view_ref: CONTACT_VIEW };
        this.dialog.add(ContactDialog, {
            context: partnerId ? context : { ...context, default_email: address },
            resId: partnerId || false,
            resModel: "res.partner",
            size: "md",
            title: partnerId ? _t("Edit Contact and Retry") : _t("Create Contact and Retry"),
            onRecordSaved: async ({ resId }) => {
                try {
                    await this.retry(message, [trackingId], partnerId ? null : resId);
                } finally {
                    this.bus.trigger(CONTACT_SAVED);
                }
            },
        });
    }

    addWithButton(text, name, onClick) {
        const close = this.notification.add(text, {
            autocloseDelay: 10000,
            buttons: [{ name, primary: true, onClick: () => [close(), onClick()] }],
            type: "info",
        });
    }

    /**
     * Mark failures as reviewed, and offer to undo it.
     *
     * @param {number[]} trackingIds
     */
    async review(trackingIds) {
        await this.setReviewed(trackingIds, true);
        this.offerUndo(trackingIds);
    }

    setReviewed(trackingIds, reviewed) {
        return this.call("review", { tracking_ids: trackingIds, reviewed });
    }

    offerUndo(trackingIds) {
        const onClick = () => this.setReviewed(trackingIds, false);
        this.addWithButton(_t("Marked as reviewed."), _t("Undo"), onClick);
    }

    /** Review all failures of the mailbox, after a question if there are many. */
    reviewAll() {
        const confirm = async () => {
            const { tracking_ids: trackingIds } = await this.call("review_all", {});
            this.offerUndo(trackingIds);
        };
        const { counter } = this.store.failed;
        if (counter <= SCREENFUL) {
            return confirm();
        }
        this.dialog.add(ConfirmationDialog, {
            body: _t("Mark all %s failed messages as reviewed?", counter),
            confirmLabel: _t("Mark all reviewed"),
            confirm,
            cancel: () => {},
        });
    }
}

function attemptsOf(failures, trackingIds) {
    const attempts = new Map(failures.map((failure) => [failure[0], failure[7]]));
    return trackingIds.map((trackingId) => attempts.get(trackingId));
}

registry.category("services").add("mail_activity_tracking.failures", {
    dependencies: ["dialog", "mail.store", "notification"],
    start: (env, services) => new TrackingFailuresService(env, services),
});
