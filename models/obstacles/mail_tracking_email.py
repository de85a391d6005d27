from odoo import models
from odoo.tools.mail import email_normalize_all

from ...tools.isolated import isolated
from ...tools.recipients import Recipient
from ...tools.states import REACHED_STATES, fold_addresses

# sudo: finds obstacles to a retry even where the user may not read them.


class MailTrackingEmail(models.Model):
    """Say why a mail cannot, or must not, be sent again, in texts for users."""

    _inherit = "mail.tracking.email"

    def _recipient_obstacles(self):
        """Return the recipients who do not want this mail, and why.

        :return: dict from tracking to a text for users
        """
        obstacles = {}
        for tracking in self.sudo():  # the caller has checked that they may be read
            name = tracking._recipient_name()
            if tracking.state == "spam":
                obstacles[tracking] = self.env._(
                    "%(name)s marked this email as spam.", name=name
                )
            elif tracking.state == "unsub" or tracking.error_type == "mail_optout":
                obstacles[tracking] = self.env._("%(name)s has opted out.", name=name)
            elif tracking.error_type == "mail_bl":
                obstacles[tracking] = self.env._("%(name)s is blacklisted.", name=name)
        return {tracking.sudo(self.env.su): why for tracking, why in obstacles.items()}

    def _obstacles(self):
        """Return what prevents a retry for failed recipients.

        :return: dict from tracking to a text for users
        """
        obstacles = self._document_obstacles()
        addresses = {
            tracking: tracking._present_address()
            for tracking in self
            if tracking not in obstacles
        }
        blacklisted = self._blacklisted(set(addresses.values()))
        reached = self._reached_addresses()
        chosen = set()
        for tracking, address in addresses.items():
            key = tracking._mailing_key(address)
            obstacle = tracking._address_obstacle(address, blacklisted)
            has_it = address if key in reached else tracking._reached_of_several()
            if not obstacle and has_it:
                obstacle = self.env._(
                    "This email was already sent to %(address)s.",
                    address=isolated(has_it),
                )
            elif not obstacle and key in chosen:
                obstacle = self.env._(
                    "This email is already being sent to %(address)s.",
                    address=isolated(address),
                )
            if obstacle:
                obstacles[tracking] = obstacle
            chosen.add(key)
        return obstacles

    def _mailing_key(self, address):
        """Return the key that trackings of the same content and address share."""
        tracking = self.sudo()
        return tracking.mail_message_id.id or -tracking.mail_id, address

    def _address_obstacle(self, address, blacklisted):
        """Return why nothing can be sent to the current address, "" when it can."""
        name = self._recipient_name()
        if not address:
            return self.env._(
                "%(name)s has no valid email address. Correct it first.", name=name
            )
        if address in blacklisted:
            return self.env._("%(name)s is blacklisted.", name=name)
        return ""

    def _document_obstacles(self):
        """Return trackings whose mail is without content or not the user's to send."""
        obstacles = {}
        gone = self.env._("The email was deleted. There is nothing left to send.")
        mails = self.env["mail.mail"].sudo().browse(self.sudo().mapped("mail_id"))
        mail_ids = set(mails.exists().ids)
        for model, trackings in self.sudo().grouped("model").items():
            obstacle_by_id = self._obstacle_by_document(
                model, trackings.mapped("res_id")
            )
            for tracking in trackings:
                obstacle = obstacle_by_id[tracking.res_id]
                if tracking._is_content_gone(mail_ids):
                    obstacle = obstacle or gone
                if obstacle:
                    obstacles[tracking.sudo(self.env.su)] = obstacle
        return obstacles

    def _is_content_gone(self, mail_ids):
        """Return whether there is nothing to send: neither a mail nor a message.

        A message that was removed from the chatter still exists, without its content.

        :param set mail_ids: ids of the mails that exist
        """
        message = self.mail_message_id
        if not message:
            return self.mail_id not in mail_ids
        return message.message_type == "comment" and message._is_empty()

    def _obstacle_by_document(self, model, res_ids):
        """Return why this user may not send messages from documents of a model.

        :return: dict from each id to a text for users, empty when the user may
        """
        if not model or not all(res_ids):
            is_admin = self.env.user._is_system()
            obstacle = self.env._("Only an administrator can resend this email.")
            return dict.fromkeys(res_ids, "" if is_admin else obstacle)
        gone = self.env._("The document no longer exists.")
        if model not in self.env:
            return dict.fromkeys(res_ids, gone)
        existing = self.env[model].browse(res_ids).exists()
        # sudo(False): whoever may post on the document may send its messages again
        allowed = self.env["mail.message"]._filter_records_for_message_operation(
            model, existing.ids, "create"
        )
        forbidden = self.env._(
            "You are not allowed to send messages from this document."
        )
        obstacle_by_id = dict.fromkeys(res_ids, gone)
        obstacle_by_id |= dict.fromkeys(existing.ids, forbidden)
        return obstacle_by_id | dict.fromkeys(allowed.ids, "")

    def _blacklisted(self, addresses):
        """Return the addresses that are blacklisted."""
        # sudo: mail.blacklist: only whether a recipient's address is on it
        Blacklist = self.env["mail.blacklist"].sudo()
        return set(Blacklist.search([("email", "in", list(addresses))]).mapped("email"))

    def _reached_addresses(self):
        """Return the addresses that have already received the same mail.

        :return: set of tuples (id of the message, normalised address)
        """
        reached = self.sudo().search(
            [
                ("mail_message_id", "in", self.sudo().mail_message_id.ids),
                ("state", "in", REACHED_STATES),
                ("outranked", "=", False),
            ]
        )
        return {(t.mail_message_id.id, t.recipient_address) for t in reached}

    def _reached_of_several(self):
        """Return an address that has got the email and would get it again, if any.

        A contact may have lost the address that failed. Without the contact, nobody can
        tell the addresses apart: the email would go to all of them.
        """
        tracking = self.sudo()
        if not tracking.other_addresses:
            return ""
        own, *others = tracking._addresses()
        states = fold_addresses(tracking._facts(), tracking.attempt, own, others)
        reached = [one for one in (own, *others) if states.get(one) in REACHED_STATES]
        if not tracking.partner_id:
            return next(iter(reached), "")
        present = email_normalize_all(tracking.partner_id.email or "")
        return present[0] if present and set(present) <= set(reached) else ""

    def _present_address(self):
        """Return the normalised address that a mail would now go to, "" without one."""
        partner = self.sudo().partner_id
        if partner:
            return Recipient.of_partner(partner).address
        return self.sudo().recipient_address or ""

    def _recipient_name(self):
        """Return the recipient's name, as messages to users show it."""
        tracking = self.sudo()
        address = tracking.recipient_address or tracking.recipient
        name = tracking.partner_id.name or address
        return isolated(name) or self.env._("Unknown recipient")
