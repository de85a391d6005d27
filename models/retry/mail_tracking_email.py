from odoo import api, models
from odoo.tools import SQL

from ...tools.isolated import isolated
from ...tools.states import FAILED_STATES

# Maximum number of reasons in one notification about many emails.
MOST_REASONS = 5

# sudo: the right to post on the document was checked; mails are administrators'.


class MailTrackingEmail(models.Model):
    """Retry failures: the mail goes again only to those who did not receive it."""

    _inherit = "mail.tracking.email"

    def action_retry(self):
        """Send the mails again, and say which ones could not be sent."""
        self.check_access("read")
        retried, obstacles = self._retry()
        counts = {"count": len(retried), "left": len(obstacles)}
        text = self.env._("%(count)s sent again, %(left)s not sent.", **counts)
        if not obstacles:
            text = self.env._("%(count)s sent again.", **counts)
        if not (retried or obstacles):
            text = self.env._("There is no failed email to send again.")
        reasons = list(dict.fromkeys(obstacles.values()))
        lines = [text, *reasons[:MOST_REASONS]]
        if len(reasons) > MOST_REASONS:
            lines.append("…")
        return self._notify_result(self.env._("Retry"), lines, bool(obstacles))

    @api.model
    def _notify_result(self, title, lines, is_warning):
        """Return the action that shows the result of a button and reloads the page.

        :param str title: of the notification
        :param list lines: lines of its text
        :param bool is_warning: whether it stays until it is closed
        """
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if is_warning else "success",
                "title": title,
                "message": "\n".join(lines),
                "sticky": is_warning,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _retry(self, partner=None, attempts=None):
        """Begin the next attempt of the failures among the trackings.

        Failures that somebody else is retrying, or has retried, are skipped silently:
        two clicks send once.

        :param partner: contact to assign to addresses without one, if any
        :param dict attempts: tracking id to the attempt whose failure the user has
            seen; trackings that have failed again since are skipped too
        :return: tuple (trackings retried, dict from each of the others to a text that
            tells users why)
        """
        existing = self.exists()
        readable = existing._filtered_access("read")
        unknown = self.env._(
            "You are not allowed to see this email, or it no longer exists."
        )
        obstacles = dict.fromkeys(self - readable, unknown)
        obstacles |= readable._recipient_obstacles()
        failed = readable - readable.browse(one.id for one in obstacles)
        failed = failed._lock_failed(attempts)
        if partner:
            obstacles |= failed._give_to(partner)
            failed = failed.filtered(lambda tracking: tracking not in obstacles)
        obstacles |= failed._obstacles()
        possible = failed.filtered(lambda tracking: tracking not in obstacles)
        retried = possible.sudo()._send_again().sudo(self.env.su)
        lost = self.env._("The email could not be recreated from the message.")
        return retried, obstacles | dict.fromkeys(possible - retried, lost)

    def _partners_of_message(self):
        """Return the contacts that the message goes to, none without a message."""
        message = self.mail_message_id
        if not message:  # no query: many trackings have none
            return self.env["res.partner"]
        trackings = self.search([("mail_message_id", "=", message.id)])
        return trackings.partner_id + message.notification_ids.res_partner_id

    def _give_to(self, partner):
        """Assign failures of raw addresses to a contact created to correct the address.

        :return: dict from trackings that cannot be assigned to a text for users
        """
        obstacles = self._document_obstacles()
        obstacle = self.env._(
            "%(name)s is already a recipient of this email.",
            name=isolated(partner.name),
        )
        for tracking in self.sudo().filtered(lambda t: not t.partner_id):
            if partner in tracking._partners_of_message():
                obstacles.setdefault(tracking.sudo(self.env.su), obstacle)
            elif tracking not in obstacles:
                tracking._get_notifications().res_partner_id = partner
                tracking.partner_id = partner
        return obstacles

    def _lock_failed(self, attempts=None):
        """Lock and return the failed trackings that nobody else is retrying.

        The lock does not block inserts of events. A change since this transaction began
        raises a serialization failure, and Odoo retries.

        :param dict attempts: tracking id to the only attempt that may be retried
        """
        self.flush_recordset(["state", "attempt"])
        self.env.cr.execute(
            SQL(
                """SELECT id, attempt FROM mail_tracking_email
                    WHERE id = ANY(%s) AND state IN %s AND outranked IS NOT TRUE
                 ORDER BY id FOR NO KEY UPDATE SKIP LOCKED""",
                self.ids,
                FAILED_STATES,
            )
        )
        attempts = attempts or {}
        return self.browse(
            id_
            for id_, attempt in self.env.cr.fetchall()
            if (attempts.get(id_) or attempt) == attempt
        )

    def _send_again(self, moment=None):
        """Begin the next attempt of failures that may be sent again, all in sudo.

        :param datetime moment: when the queue is to send the mails, None for at once;
            an attempt with a moment is automatic
        :return: the trackings that were queued; no mail could be created for the
            others, and they have failed again
        """
        mails = self.env["mail.mail"].sudo()
        lost = self.browse()
        self._next_attempt(by_itself=bool(moment))
        for mail_id, failed in self.grouped("mail_id").items():
            mail = mails.browse(mail_id).exists()
            if mail and mail._mail_tracking_is_outdated():
                mail._mail_tracking_let_go(failed)
            elif mail:
                mails += mail._mail_tracking_send_again(failed, bool(moment))
                failed._follow_with_notifications()
                continue
            for message, of_message in failed.grouped("mail_message_id").items():
                made = message.sudo(False)._mail_tracking_rebuild(of_message)
                mails += mails.browse(made.mapped("mail_id"))
                lost += of_message - made
        if lost:
            lost._add_events(
                {"event_type": "error", "source": "queue", "error_type": "unknown"}
            )
            lost._update_state()
        if moment:
            mails._mail_tracking_send_later(moment)
        else:
            mails._mail_tracking_send_soon()
            messages = self.mail_message_id.sudo(False)
            messages._notify_message_notification_update()
        return self - lost
