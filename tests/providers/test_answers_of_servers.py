"""The provider's name for a failure against the answer of the recipient's server."""

import json
from itertools import product
from urllib.parse import urlencode

from odoo.tests import BaseCase, tagged

from ...providers.registry import PROVIDERS
from ...providers.values import UNKNOWN, failure_in
from ...tools.reports.answers import event_of_reason
from ...tools.reports.reason_codes import SOFT_WHEN_TEMPORARY
from ...tools.states import REASONS
from ..helpers.reports import SAMPLES

AT = 1795341600
TO = "alice@example.com"
HARD = "550 5.1.1 No such user"
FULL = "552 5.2.2 Mailbox full"
SPAM = "550 5.7.1 Message rejected as spam"
NOTHING = "It did not work"
EVENTS = {HARD: "hard_bounce", FULL: "soft_bounce", SPAM: "reject"}


def _mandrill(event, answer):
    item = {"event": event, "ts": AT, "msg": {"email": TO, "diag": f"smtp;{answer}"}}
    return urlencode({"mandrill_events": json.dumps([item])}).encode()


def _ses(kind, answer):
    bounced = [{"emailAddress": TO, "diagnosticCode": f"smtp; {answer}"}]
    item = {
        "eventType": "Bounce",
        "mail": {"timestamp": "2026-11-22T10:00:00Z", "destination": [TO]},
        "bounce": {"bounceType": kind, "bouncedRecipients": bounced},
    }
    return {"Type": "Notification", "Message": json.dumps(item)}


def _zeptomail(name, answer):
    details = {"bounced_recipient": TO, "diagnostic_message": answer, "time": AT}
    message = {"email_info": {}, "event_data": [{"details": [details]}]}
    return {"event_name": [name], "event_message": [message]}


# Provider to what it calls bounces, and the body that tells of one.
BOUNCES = {
    "azure": (
        ("Bounced", "Failed"),
        lambda kind, answer: [
            {
                "eventType": "Microsoft.Communication.EmailDeliveryReportReceived",
                "data": {
                    "recipient": TO,
                    "status": kind,
                    "deliveryStatusDetails": {"statusMessage": answer},
                },
            }
        ],
    ),
    "brevo": (
        ("hard_bounce", "soft_bounce", "invalid_email"),
        lambda kind, answer: {"event": kind, "email": TO, "reason": answer},
    ),
    "generic": (
        ("hard_bounce", "soft_bounce"),
        lambda kind, answer: {"event": kind, "recipient": TO, "diagnostic": answer},
    ),
    "mailersend": (
        ("activity.hard_bounced", "activity.soft_bounced"),
        lambda kind, answer: {
            "type": kind,
            "data": {
                "email": {"recipient": {"email": TO}},
                "morph": {"reason": answer},
            },
        },
    ),
    "mailgun": (
        ("bounce", "generic", "old"),
        lambda kind, answer: {
            "event-data": {
                "event": "failed",
                "severity": "permanent",
                "reason": kind,
                "recipient": TO,
                "timestamp": AT,
                "delivery-status": {"message": answer},
            }
        },
    ),
    "mailjet": (
        (True, False),
        lambda kind, answer: {
            "event": "bounce",
            "email": TO,
            "time": AT,
            "hard_bounce": kind,
            "comment": answer,
        },
    ),
    "mailtrap": (
        ("bounce",),
        lambda kind, answer: {"event": kind, "email": TO, "response": answer},
    ),
    "mandrill": (("hard_bounce", "soft_bounce"), _mandrill),
    "postal": (
        ("MessageDeliveryFailed",),
        lambda kind, answer: {
            "event": kind,
            "payload": {"message": {"to": TO}, "output": answer},
        },
    ),
    "postmark": (
        ("HardBounce", "SoftBounce", "Unknown", "Blocked"),
        lambda kind, answer: {
            "RecordType": "Bounce",
            "Type": kind,
            "Email": TO,
            "Details": f"smtp;{answer}",
        },
    ),
    "resend": (
        ("Permanent", "Transient", "Undetermined"),
        lambda kind, answer: {
            "type": "email.bounced",
            "created_at": AT,
            "data": {"to": [TO], "bounce": {"type": kind, "diagnosticCode": answer}},
        },
    ),
    "scaleway": (
        ("email_dropped",),
        lambda kind, answer: {
            "Type": "Notification",
            "Message": json.dumps(
                {
                    "type": kind,
                    "email_to": TO,
                    "created_at": AT,
                    "email_response_message": answer,
                }
            ),
        },
    ),
    "sendgrid": (
        ("bounce", "blocked"),
        lambda kind, answer: {
            "event": "bounce",
            "type": kind,
            "email": TO,
            "timestamp": AT,
            "reason": answer,
        },
    ),
    "ses": (("Permanent", "Transient", "Undetermined"), _ses),
    "smtp2go": (
        ("hard", "soft"),
        lambda kind, answer: {
            "event": "bounce",
            "bounce": kind,
            "rcpt": TO,
            "message": answer,
        },
    ),
    "sparkpost": (
        ("1", "10", "21", "30", "40", "70"),
        lambda kind, answer: {
            "msys": {
                "message_event": {
                    "type": "bounce",
                    "bounce_class": kind,
                    "rcpt_to": TO,
                    "timestamp": AT,
                    "raw_reason": answer,
                }
            }
        },
    ),
    "zeptomail": (("hardbounce", "softbounce"), _zeptomail),
}


@tagged("post_install", "-at_install")
class TestAnswersOfServers(BaseCase):
    """Event and reason of a bounce agree, whatever the provider's name for it."""

    def assertAgree(self, event, reason):
        """Check that an event follows from its reason."""
        if reason in UNKNOWN:
            self.assertIn(event, ("hard_bounce", "soft_bounce", "reject"))
        elif event == "soft_bounce" and reason in SOFT_WHEN_TEMPORARY:
            return
        else:
            self.assertEqual(event, event_of_reason(reason), reason)

    def reports(self, name, kind, answer):
        """Return the report that an adapter makes of a bounce."""
        body = BOUNCES[name][1](kind, answer)
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        return list(PROVIDERS[name].events(body))

    def test_every_provider_has_bounces(self):
        self.assertEqual(set(BOUNCES), set(PROVIDERS))

    def test_the_answer_counts_more_than_its_name(self):
        for name, (kinds, _body) in BOUNCES.items():
            for kind, (answer, event) in product(kinds, EVENTS.items()):
                with self.subTest(name=name, kind=kind, answer=answer):
                    (report,) = self.reports(name, kind, answer)
                    self.assertEqual(report.event_type, event)
                    self.assertAgree(report.event_type, report.error_type)

    def test_where_the_answer_says_nothing(self):
        for name, (kinds, _body) in BOUNCES.items():
            for kind in kinds:
                with self.subTest(name=name, kind=kind):
                    (report,) = self.reports(name, kind, NOTHING)
                    self.assertAgree(report.event_type, report.error_type)

    def test_every_answer_with_every_reason(self):
        text = (SAMPLES / "answers.txt").read_text(encoding="utf-8")
        answers = [line for line in text.splitlines() if line[:1] not in ("", "[", "#")]
        answers += ["", NOTHING, "421 4.7.0 Try again later", "5.0.0"]
        self.assertGreater(len(answers), 200)
        defaults = (
            "mail_bounce",
            "mailbox_full",
            "address_unknown",
            "policy",
            "mail_bl",
        )
        for answer, default in product(answers, defaults):
            for event in ("hard_bounce", "soft_bounce"):
                self.assertAgree(*failure_in(answer, event, default))
        for default, _label in REASONS:
            self.assertAgree(*failure_in("", "hard_bounce", default))
            self.assertAgree(*failure_in("", "soft_bounce", default))
