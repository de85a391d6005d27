from odoo import models

from ..providers.registry import PROVIDERS


class MailMail(models.Model):
    """Let the provider that sends the mail give our reference back."""

    _inherit = "mail.mail"

    def _mail_tracking_headers(self, run, tracked):
        headers = super()._mail_tracking_headers(run, tracked)
        if provider := PROVIDERS.get(run.provider):
            # The attempt goes with it: a late report of the first one must not count
            # for the second.
            reference = f"{tracked.token}-{tracked.attempt}"
            return {**headers, **provider.smtp_headers(reference)}
        return headers
