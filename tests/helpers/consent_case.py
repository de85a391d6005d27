import re

from ...tools.consent import ALLOWED, CONSENT, REFUSED
from .smtp_server import pixel_urls, sending
from .tracking_case import TrackingCase

LINK = re.compile(r"https?://\S+?/mail/tracking/preferences/[0-9a-z]+")


class ConsentCase(TrackingCase):
    """Privacy presets and choices, and their effect on mails."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Consent = cls.env["mail.tracking.consent"]
        cls.Log = cls.env["mail.tracking.consent.log"]

    def set_preset(self, preset):
        self.env["res.company"].search([]).mail_tracking_preset = preset

    def allow(self, *addresses):
        self.Consent._choose(addresses, ALLOWED)

    def refuse(self, *addresses):
        self.Consent._choose(addresses, REFUSED)

    def has_pixel(self, address):
        return bool(pixel_urls(self.smtp.message_to(address)))

    def links(self, message):
        """Return the links to the page in the HTML and in the text of a message."""
        return [
            LINK.findall(message.get_body((kind,)).get_content())
            for kind in ("html", "plain")
        ]

    def sent_tracking(self, partner=None, **values):
        """Return the tracking of a message that was posted a minute ago."""
        tracking = self.trackings_of(self.post(partner or self.alice, **values))
        self.let_pass(tracking)
        return tracking

    def composer(self, user=None, **values):
        """Return a full composer of a user on the document, to Alice."""
        composers = self.env["mail.compose.message"]
        composers = composers.with_user(user) if user else composers
        context = {
            "default_composition_mode": "comment",
            "default_model": "res.partner",
            "default_res_ids": self.document.ids,
        }
        return composers.with_context(**context).create(
            {
                "body": "<p>Hello</p>",
                "subject": "Hello",
                "partner_ids": self.alice.ids,
                **values,
            }
        )

    def send_composer(self, **values):
        """Send with the composer; return the tracking."""
        with sending():
            _mails, message = self.composer(**values)._action_send_mail()
        return self.trackings_of(message)

    def sent_link(self):
        """Record Alice's consent and send to her; return the tracking and her link."""
        self.set_preset(CONSENT)
        self.allow(self.alice.email)
        tracking = self.sent_tracking()
        ((url,), _text) = self.links(self.smtp.message_to(self.alice.email))
        return tracking, url

    def open(self, tracking, evidence="human"):
        self.Tracking._register_open(tracking.token, evidence)
        tracking.invalidate_recordset()
