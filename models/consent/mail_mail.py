from markupsafe import Markup

from odoo import api, fields, models, tools

from ...tools.consent import (
    MESSAGE_CHOICES,
    MESSAGE_OPENS,
    OPENS_NEVER,
    OPENS_OF_PRESET,
    OPENS_WITH_CONSENT,
    SendConsent,
    Terms,
)
from ...tools.params import is_pixel_disabled, models_without_opens
from ...tools.preferences_link import preferences_url

LINK_HTML = Markup(
    '<p style="margin:16px 0 0;font-size:12px;color:#6b7280">'
    '<a href="{url}" style="color:#6b7280">{words}</a></p>'
)


class MailMail(models.Model):
    """The terms on which mails are sent: whether their opens may be recorded."""

    _inherit = "mail.mail"

    # NULL in ordinary mails: the model and the preset decide.
    mail_tracking_opens = fields.Selection(
        MESSAGE_CHOICES,
        "Open Tracking",
        readonly=True,
        help="Whether opens of this email are tracked, as its author has chosen",
    )

    @api.model
    def _mail_tracking_with_choice(self, vals_list):
        """Add the choice of the author, if there is one, to the values of new mails.

        It comes through the context: core passes nothing else from the composer or the
        template to the mails.
        """
        choice = self.env.context.get(MESSAGE_OPENS)
        if not isinstance(choice, str) or choice not in dict(MESSAGE_CHOICES):
            return vals_list  # RPC may bring any context
        return [{MESSAGE_OPENS: choice, **vals} for vals in vals_list]

    def _mail_tracking_opens(self):
        """Return how the opens of these mails are treated.

        Takes no query where every company records them: the presets are cached.

        :return: dict from mail to a key of `OPENS`, or None
        """
        presets = self.env["res.company"]._mail_tracking_presets()
        companies = self._mail_tracking_companies() if presets else {}
        return {
            mail: OPENS_NEVER
            if mail._mail_tracking_is_private()
            else OPENS_OF_PRESET.get(presets.get(companies.get(mail)))
            for mail in self
        }

    def _mail_tracking_is_private(self):
        """Return whether the mail carries no pixel, whatever the preset says."""
        choice = self.mail_tracking_opens
        # sudo: as the mail's related field does, which takes ten times as long
        model = self.sudo().mail_message_id.model
        if not choice and model in models_without_opens(self.env):
            choice = "no"
        return choice == "no" or self._mail_tracking_is_of_security()

    def _mail_tracking_is_of_security(self):
        """Return whether the mail is about a user's own account: a password, a code.

        Such mails belong to `res.users` and are shown in no chatter. Without a template
        such a mail has no document and is a user notification.
        """
        if self.is_notification:
            return False
        # sudo: as the mail's related fields do
        message = self.sudo().mail_message_id
        is_alone = not message.model and message.message_type == "user_notification"
        return message.model == "res.users" or is_alone

    def _mail_tracking_companies(self):
        """Return the company that each mail is sent by.

        :return: dict from mail to the id of the company of its document, else of its
            author's user; False stands for the main company
        """
        without = self.filtered(lambda mail: not mail.record_company_id)
        # sudo: of authors who may be users of other companies
        users = self.env["res.users"].sudo().with_context(active_test=False)
        users = users.search([("partner_id", "in", without.author_id.ids)])
        by_author = {user.partner_id.id: user.company_id.id for user in users}
        return {
            mail: mail.record_company_id.id or by_author.get(mail.author_id.id, False)
            for mail in self
        }

    def _mail_tracking_consent(self):
        """Look up the terms on which the mails of a batch are sent, once for all.

        :rtype: SendConsent
        """
        opens = self._mail_tracking_opens()
        needs = OPENS_WITH_CONSENT in opens.values()
        # sudo: senders may not read the choices of recipients
        Consent = self.env["mail.tracking.consent"].sudo()
        choices = {}
        if needs or Consent._has_refusals():
            texts = [
                text
                for mail in self
                for text in (
                    *(mail.email_to, mail.email_cc),
                    *mail.recipient_ids.mapped("email"),
                )
            ]
            addresses = tools.mail.email_normalize_all(",".join(filter(None, texts)))
            choices = Consent._choices_of(addresses)
        has_pixel = not is_pixel_disabled(self.env)
        terms = {
            mail.id: Terms(value, has_pixel and value == OPENS_WITH_CONSENT)
            for mail, value in opens.items()
            if value
        }
        return SendConsent(terms, choices)

    # === THE LINK ===#
    def _mail_tracking_add_link(self, email, token, has_pixel):
        """Add the link to the recipient's page to the HTML and the text of a message.

        :param dict email: value of `_prepare_outgoing_list`, changed in place
        :param str token: of the message
        :param bool has_pixel: whether the link mentions the pixel
        """
        lang = email["partner_id"] and email["partner_id"].lang or self.env.lang
        localized = self.with_context(lang=lang)
        if has_pixel:
            words = localized.env._(
                "The sender sees when you open this email. Change this"
            )
        else:
            words = localized.env._("Email preferences")
        url = preferences_url(self.env, token)
        if email["body"]:
            email["body"] = tools.mail.append_content_to_html(
                email["body"], LINK_HTML.format(url=url, words=words), plaintext=False
            )
        if email["body_alternative"]:
            email["body_alternative"] += f"\n\n{words}\n{url}"
