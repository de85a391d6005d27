from odoo import Command, models


class MailMail(models.Model):
    """Send a mail again, to those of its recipients who did not get it."""

    _inherit = "mail.mail"

    def _mail_tracking_send_again(self, failed):
        """Put failed recipients into the queue again, and nobody else.

        Each contact gets a mail of its own: core gives the rest of a mail up when one
        recipient is refused. Core's own button then finds nobody in the old mail who
        is not waiting or has got it.

        :param failed: trackings in sudo that this mail carries, all failed
        :return: the mails to send
        """
        self.ensure_one()
        carried = failed.search([("mail_id", "=", self.id)])
        waiting = carried.filtered(lambda t: t.state == "waiting")
        left = carried.filtered("is_failed") - failed
        if self.state == "outgoing" or not self.is_notification:
            # A copy of a mail with a message of its own would share the message.
            is_queued = self.state == "outgoing"
            if left:  # and would be lost with the mail
                self.auto_delete = False
            self._mail_tracking_readdress(failed | waiting if is_queued else failed)
            if is_queued:
                failed._next_attempt()
            return self
        mails = self.browse()
        units = _units(failed)
        own = units.pop() if not left else None
        if units:
            mails += self._mail_tracking_copy_for(units)
        if own:
            self._mail_tracking_readdress(own)
            return mails + self
        self.write(_recipient_values(left))
        return mails

    def _mail_tracking_send_soon(self):
        """Send after the commit, or leave many to the queue, as core does."""
        parameters = self.env["ir.config_parameter"].sudo()
        limit = int(parameters.get_param("mail.mail.force.send.limit", 100))
        if len(self) < limit:
            self.send_after_commit()
        else:
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _mail_tracking_readdress(self, trackings):
        """Put the mail into the queue for the recipients of these trackings alone."""
        self.write(
            {
                **_recipient_values(trackings),
                "state": "outgoing",
                "scheduled_date": False,
                "failure_type": False,
                "failure_reason": False,
            }
        )

    def _mail_tracking_copy_for(self, units):
        """Copy the mail as core does for personal servers, `_split_by_delayed_batch`.

        :param list units: trackings of each copy
        """
        original = self.with_user(self.create_uid).sudo()
        (values,) = original.copy_data(
            {"headers": self.headers, "mail_message_id": self.mail_message_id.id}
        )
        values["scheduled_date"] = False
        return original.create(
            [{**values, **_recipient_values(unit)} for unit in units]
        ).with_env(self.env)


def _units(trackings):
    """Split trackings: each contact alone, addresses without a contact together.

    :return: list of trackings, none of them empty
    """
    raw = trackings.filtered(lambda tracking: not tracking.partner_id)
    units = list(trackings - raw)
    return [*units, raw] if raw else units


def _recipient_values(trackings):
    """Return the values of a mail that goes to the recipients of the trackings."""
    raw = trackings.filtered(lambda tracking: not tracking.partner_id)
    by_type = raw.grouped("recipient_type")
    return {
        "recipient_ids": [Command.set(trackings.partner_id.ids)],
        **{
            name: ",".join(by_type.get(kind, raw[:0]).mapped("recipient")) or False
            for name, kind in (("email_to", "to"), ("email_cc", "cc"))
        },
    }
