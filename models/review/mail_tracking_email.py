from odoo import fields, models
from odoo.exceptions import AccessError

from ...tools.states import COMPLAINT_STATES, COMPLAINTS, WITHDRAWAL

# sudo: nobody may write trackings; documents are checked with the user's rights.

# Statuses that core calls a failure, in its menu and on its documents.
CORE_FAILURES = ("exception", "bounce")

# State to the status of core's notification; all other states mean "sent". A complaint
# is no bounce: the mail arrived.
NOTIFICATION_STATUS = {
    "waiting": "ready",
    "canceled": "canceled",
    "error": "exception",
    **dict.fromkeys(("rejected", "soft_bounced", "bounced"), "bounce"),
}


class MailTrackingEmail(models.Model):
    """Mark failures as reviewed, and withdraw complaints.

    A reviewed failure is one that somebody has dealt with, and is reviewed for all
    users. Core's own failure of the same recipient is canceled too, so that the menu of
    messages and the mailbox agree.

    A wrong complaint, a person's mistake or a forged report, is withdrawn. Nothing is
    deleted: an event names the complaint that it withdraws, and the state is folded
    again without that complaint. The same report is not recorded a second time.
    """

    _inherit = "mail.tracking.email"

    # Empty unless somebody has reviewed the failure.
    reviewed_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    reviewed_at = fields.Datetime("Reviewed On", readonly=True)

    def action_review(self):
        """Mark failures as reviewed.

        :return: action that shows how many were, and how many could not be
        """
        self.check_access("read")
        failures = self.filtered(lambda t: t.is_failed and not t.reviewed)
        reviewed = failures._filtered_reviewable()._set_reviewed(True)
        counts = {"count": len(reviewed), "left": len(failures - reviewed)}
        text = self.env._("%(count)s marked as reviewed.", **counts)
        if counts["left"]:
            text = self.env._(
                "%(count)s marked as reviewed, %(left)s not: you need the right to "
                "send messages from the document.",
                **counts,
            )
        if not failures:
            text = self.env._("There is no failed email to review.")
        title = self.env._("Mark as reviewed")
        return self._notify_result(title, [text], bool(counts["left"]))

    def _filtered_reviewable(self):
        """Return the trackings whose failure the user may review.

        Whoever may post on the document may review it, as with retrying. Authors may
        review the failures of their own messages, and administrators all failures, even
        without a document.
        """
        if self.env.su or self.env.user._is_system():
            return self
        author = self.env.user.partner_id
        allowed = set()
        for model, trackings in self.sudo().grouped("model").items():
            obstacle_by_id = self._obstacle_by_document(
                model, trackings.mapped("res_id")
            )
            for tracking in trackings:
                is_own = tracking.mail_message_id.author_id == author
                if is_own or not obstacle_by_id[tracking.res_id]:
                    allowed.add(tracking.id)
        return self.filtered(lambda tracking: tracking.id in allowed)

    def _set_reviewed(self, reviewed):
        """Mark failures as reviewed, or as no longer reviewed.

        :param bool reviewed: False undoes an earlier True
        :return: the failures that changed
        """
        # sudo: nobody may write trackings; the caller has checked access to read them
        changed = self.sudo().filtered(
            lambda tracking: tracking.is_failed and tracking.reviewed != reviewed
        )
        if changed:
            changed.write(
                {
                    "reviewed": reviewed,
                    "reviewed_by_id": reviewed and self.env.uid,
                    "reviewed_at": reviewed and fields.Datetime.now(),
                }
            )
            changed._review_notifications(reviewed)
            changed._notify_failed()
        return changed.sudo(self.env.su)

    def _review_notifications(self, reviewed):
        """Cancel core's failures of the same recipients, or restore them."""
        statuses = CORE_FAILURES if reviewed else ("canceled",)
        notifications = self._get_notifications().filtered(
            lambda notification: notification.notification_status in statuses
        )
        if reviewed:
            notifications.notification_status = "canceled"
        else:
            bounced = notifications.filtered(lambda n: n.failure_type == "mail_bounce")
            bounced.notification_status = "bounce"
            (notifications - bounced).notification_status = "exception"
        if notifications:
            messages = notifications.mail_message_id.sudo(False)
            messages._notify_message_notification_update()

    def _correct_notifications(self):
        """Set core's notifications to bounced or sent, as the trackings are.

        Core knows the bounces that come by mail, but neither the reports of providers
        nor that a mail was read after all. A complaint is no bounce: the mail arrived.
        """
        notified = self.sudo().filtered(
            lambda tracking: tracking.state != "spam" and not tracking.outranked
        )
        by_key = {tracking._notification_key(): tracking for tracking in notified}
        changed = self.env["mail.notification"].sudo()
        for notification in notified._get_notifications():
            tracking = by_key[notification._mail_tracking_key()]
            status = notification.notification_status
            if tracking.is_failed and status == "sent":
                notification.write(
                    {
                        "notification_status": "bounce",
                        "failure_type": "mail_bounce",
                        "failure_reason": tracking.error_description,
                    }
                )
                changed += notification
            elif not tracking.is_failed and status in CORE_FAILURES:
                notification.write(
                    {
                        "notification_status": "sent",
                        "failure_type": False,
                        "failure_reason": False,
                    }
                )
                changed += notification
        if changed:  # sudo: only the authors and the current user are told
            changed.mail_message_id._notify_message_notification_update()

    def _follow_with_notifications(self):
        """Write status, failure and mail of the trackings to core's notifications.

        :return: the notifications that changed
        """
        by_key = {tracking._notification_key(): tracking for tracking in self.sudo()}
        mails = self.env["mail.mail"].sudo().browse(set(self.sudo().mapped("mail_id")))
        existing = set(mails.filtered("id").exists().ids)
        changed = self.env["mail.notification"].sudo()
        for notification in self._get_notifications():
            tracking = by_key[notification._mail_tracking_key()]
            mail = mails.browse({tracking.mail_id} & existing)
            values = tracking._notification_values(mail)
            former = {name: notification[name] for name in values}
            if notification._convert_to_write(former) != values:
                notification.write(values)
                changed += notification
        return changed

    def _notification_values(self, mail):
        """Return the values of core's notification of the recipient.

        :param mail: the `mail.mail` of the tracking, if it still exists
        """
        status = NOTIFICATION_STATUS.get(self.state, "sent")
        if self.is_failed and status != "sent":
            field = self.env["mail.notification"]._fields["failure_type"]
            is_of_core = self.error_type in dict(field.selection)
            code = self.error_type if is_of_core else "unknown"
            return {
                "mail_mail_id": mail.id,
                "notification_status": "canceled" if self.reviewed else status,
                "failure_type": "mail_bounce" if status == "bounce" else code,
                "failure_reason": self.error_description,
            }
        if mail.state == "outgoing" and self._has_begun():
            status = "ready"  # also where somebody has read it at another address
        return {
            "mail_mail_id": mail.id,
            "notification_status": status,
            "failure_type": False,
            "failure_reason": False,
        }

    def _get_notifications(self):
        """Return core's notifications by email of the same recipients, with one query.

        :return: `mail.notification` in sudo
        """
        keys = {tracking._notification_key() for tracking in self.sudo()}
        notifications = self.env["mail.notification"].sudo()
        return notifications.search(
            [
                ("mail_message_id", "in", self.sudo().mail_message_id.ids),
                ("notification_type", "=", "email"),
            ]
        ).filtered(lambda notification: notification._mail_tracking_key() in keys)

    def _get_of_notifications(self, notifications):
        """Return the failed trackings of core's notifications, with one query.

        :param notifications: `mail.notification` in sudo
        :return: trackings in sudo
        """
        keys = {notification._mail_tracking_key() for notification in notifications}
        failures = self.sudo().search(
            [
                ("mail_message_id", "in", notifications.mail_message_id.ids),
                ("is_failed", "=", True),
            ]
        )
        return failures.filtered(lambda failure: failure._notification_key() in keys)

    def _notification_key(self):
        """Return the key that the tracking shares with core's notification."""
        return (self.mail_message_id.id, *self._recipient_key())

    def action_withdraw_complaints(self):
        """Withdraw the complaints about these mails.

        :raise AccessError: unless the user is an administrator
        """
        if not self.env.user._is_system():
            raise AccessError(
                self.env._("Only an administrator can withdraw a complaint.")
            )
        self.check_access("read")
        # sudo: nobody may write trackings; this administrator may read them
        self.sudo()._withdraw_complaints(self.env.user.name)

    def _withdraw_complaints(self, name):
        """Insert the events that withdraw complaints, and update the states.

        The states may go down, so they are updated in a transaction of their own, which
        sees the events that others have committed meanwhile.

        :param str name: name of the user who withdraws them
        """
        complaints = self.filtered(lambda t: t.state in COMPLAINT_STATES)
        withdrawn = complaints.tracking_event_ids.mapped("withdrawn_event_id")
        values_list = [
            {
                "tracking_email_id": event.tracking_email_id.id,
                "attempt": event.attempt,
                "event_type": WITHDRAWAL,
                "source": "user",
                "recipient": event.recipient,
                "diagnostic": name,
                "withdrawn_event_id": event.id,
            }
            for event in complaints.tracking_event_ids
            if event.event_type in COMPLAINTS and event.id not in withdrawn
        ]
        self.env["mail.tracking.event"]._insert(values_list)
        changed = self.browse({values["tracking_email_id"] for values in values_list})
        if changed:
            changed._update_state_after_commit()
