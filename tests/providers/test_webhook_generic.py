from odoo.tests import tagged

from ...providers.standard_webhooks import sign
from ..helpers.webhook_case import (
    NOW,
    REFERENCE,
    AdapterCase,
    WebhookCase,
    WebhookSecurityCase,
)


@tagged("post_install", "-at_install")
class TestWebhookGeneric(WebhookSecurityCase, AdapterCase, WebhookCase):
    provider = "generic"
    window = 300

    def sign(self, body, key, now):
        return {
            "webhook-id": "msg_1",
            "webhook-timestamp": str(int(now)),
            "webhook-signature": f"v1,AAAA {sign(key, 'msg_1', int(now), body)}",
        }

    def other_key(self):
        return "whsec_b3RoZXIgc2VjcmV0IG9mIHRoZSB0ZXN0cw=="

    def item(self, **values):
        return {
            "reference": REFERENCE,
            "recipient": "alice@example.com",
            "event": "delivered",
            "timestamp": "2026-11-22T10:00:00Z",
            "id": "event-1",
            **values,
        }

    def test_vector_of_the_specification(self):
        """Signature made by the reference implementation of the specification."""
        signature = sign(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            b'{"test": 2432232314}',
        )
        self.assertEqual(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")

    def test_secret_that_is_no_base64(self):
        self.set_keys("a secret of our own!")
        self.assertEqual(self.post(key="a secret of our own!"), 200)

    def test_key_that_was_not_entered_in_full(self):
        self.set_keys("whsec_")
        self.assertRefused(key="whsec_")

    def test_events(self):
        for event in ("sent", "deferral", "delivered", "auto_reply", "click", "reply"):
            self.assertReport(self.item(event=event), event_type=event, key="event-1")
        for event in ("read", "unsub", "spam"):
            self.assertReport(self.item(event=event), event_type=event, key="event-1")

    def test_failures(self):
        for event, expected in (
            *(("error", "error"), ("reject", "reject")),
            # A bounce for this reason is a soft one.
            *(("soft_bounce", "soft_bounce"), ("hard_bounce", "soft_bounce")),
        ):
            self.assertReport(
                self.item(event=event, reason="mailbox_full", diagnostic="552 full"),
                event_type=expected,
                key="event-1",
                error_type="mailbox_full",
                diagnostic="552 full",
            )
        self.assertReport(
            self.item(event="reject", reason="grumpy", server="mx.example.com"),
            event_type="reject",
            key="event-1",
            error_type="unknown",
            diagnostic="grumpy",
            server="mx.example.com",
        )

    def test_openings(self):
        for event in ("open", "click"):
            for evidence in ("human", "machine"):
                self.assertReport(
                    self.item(event=event, evidence=evidence),
                    event_type=event,
                    key="event-1",
                    evidence=evidence,
                    evidence_rule="provider",
                )
        self.assertReport(
            self.item(event="open"),
            event_type="open",
            key="event-1",
            evidence="suspect",
        )

    def test_unknown_event_and_bare_item(self):
        self.assertReport(
            self.item(event="teleported"),
            event_type="other",
            key="event-1",
            diagnostic="teleported",
        )
        bare = {"token": "a" * 26, "recipient": "b@example.com", "event": "sent"}
        self.assertReport(
            bare,
            event_type="sent",
            reference="a" * 26,
            recipient="b@example.com",
            time=None,
            key="",
        )

    def test_batch_with_a_bad_item(self):
        reports = self.reports_in(
            self.item(), {"event": "sent"}, 5, self.item(id="event-2")
        )
        keys = [report and report.key for report in reports]
        self.assertEqual(keys, ["event-1", None, None, "event-2"])
        self.assertEqual(reports[0].time, NOW)
