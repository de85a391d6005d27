import hashlib
import hmac
import json

from odoo.tests import tagged

from ..helpers.webhook_case import (
    NOW_SECONDS,
    REFERENCE,
    AdapterCase,
    WebhookCase,
    WebhookSecurityCase,
)


@tagged("post_install", "-at_install")
class TestWebhookMailtrap(WebhookSecurityCase, AdapterCase, WebhookCase):
    provider = "mailtrap"
    key = "signature secret"

    def sign(self, body, key, now):
        digest = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
        return {"Mailtrap-Signature": digest}

    def item(self, event, **values):
        return {
            "event": event,
            "email": "alice@example.com",
            "timestamp": NOW_SECONDS,
            "event_id": "event-1",
            "message_id": "1df37d17-0000-4d8b-8edf-bc4ec5be86e6",
            "custom_variables": {"odoo-tracking": REFERENCE, "other": 123},
            "category": "Password reset",
            "sending_stream": "transactional",
            "sending_domain_name": "example.com",
            **values,
        }

    def body_of(self, *items):
        return json.dumps({"events": items}).encode()

    def assertEvent(self, item, event, **values):
        self.assertReport(item, event_type=event, key="event-1", **values)

    def test_documented_events(self):
        agent = {"user_agent": "Thunderbird", "ip": "192.0.2.1"}
        self.assertEvents(
            [
                (self.item("delivery"), "delivered", {}),
                (
                    self.item("soft bounce", response_code=450, response="later"),
                    "deferral",
                    {"diagnostic": "450 later"},
                ),
                (
                    self.item(
                        "bounce",
                        response_code=550,
                        response="5.1.1 User unknown",
                        bounce_category="badrecipient",
                    ),
                    "hard_bounce",
                    {
                        "error_type": "address_unknown",
                        "diagnostic": "550 5.1.1 User unknown",
                    },
                ),
                (
                    self.item(
                        "bounce",
                        response_code=555,
                        response="[CS01] Message rejected due to local policy",
                        bounce_category="spam",
                    ),
                    "reject",
                    {
                        "error_type": "mail_spam",
                        "diagnostic": "555 [CS01] Message rejected due to local policy",
                    },
                ),
                (
                    self.item("suspension", reason="Sending suspended"),
                    "deferral",
                    {"diagnostic": "Sending suspended"},
                ),
                (
                    self.item("reject", reason="Recipient in suppression list"),
                    "reject",
                    {
                        "error_type": "mail_bl",
                        "diagnostic": "Recipient in suppression list",
                    },
                ),
                (
                    self.item("reject", reason="Suppressed: unsubscription"),
                    "reject",
                    {
                        "error_type": "mail_optout",
                        "diagnostic": "Suppressed: unsubscription",
                    },
                ),
                (self.item("reject"), "reject", {"error_type": "policy"}),
                (
                    self.item("open", **agent),
                    "open",
                    {"evidence": "human", "agent": "Thunderbird"},
                ),
                (
                    self.item("click", url="x", **agent),
                    "click",
                    {"agent": "Thunderbird"},
                ),
                (self.item("spam"), "spam", {}),
                (self.item("unsubscribe"), "unsub", {}),
                (self.item("teleported"), "other", {"diagnostic": "teleported"}),
            ]
        )

    def test_documented_categories_of_bounces(self):
        for category, event, error_type in (
            ("badrecipient", "hard_bounce", "address_unknown"),
            ("badsender", "reject", "mail_from_invalid"),
            ("block", "reject", "policy"),
            ("content", "reject", "content_refused"),
            ("dnsFail", "soft_bounce", "domain_unknown"),
            ("generalfail", "soft_bounce", "server_problem"),
            ("greylisting", "soft_bounce", "postponed"),
            ("other", "soft_bounce", "mail_bounce"),
            ("overquota", "soft_bounce", "mailbox_full"),
            ("relayfail", "reject", "policy"),
            ("serverfail", "soft_bounce", "server_problem"),
            ("serverpolicy", "reject", "policy"),
            ("spam", "reject", "mail_spam"),
            ("spam_gmail", "reject", "policy"),
            ("timeout", "soft_bounce", "timeout"),
            ("transientfail", "soft_bounce", "server_problem"),
            ("verifyfail", "soft_bounce", "mail_bounce"),
            ("somethingnew", "hard_bounce", "mail_bounce"),
        ):
            with self.subTest(category=category):
                item = self.item("bounce", bounce_category=category)
                self.assertEvent(item, event, error_type=error_type)
                # What the server has said counts more.
                answered = self.item(
                    "bounce",
                    bounce_category=category,
                    response_code=550,
                    response="5.1.1 No such user",
                )
                self.assertEvent(
                    answered,
                    "hard_bounce",
                    error_type="address_unknown",
                    diagnostic="550 5.1.1 No such user",
                )

    def test_one_event_on_each_line(self):
        items = (self.item("delivery"), self.item("open"), self.item("click"))
        body = b"\n".join(json.dumps(item).encode() for item in items) + b"\n"
        kinds = [report.event_type for report in self.read_anything(body)]
        self.assertEqual(kinds, ["delivered", "open", "click"])

    def test_batch_with_a_bad_item(self):
        good = self.item("delivery")
        reports = self.reports_in(good, 7)
        self.assertEqual([bool(report) for report in reports], [True, False])

    def test_events_of_the_account(self):
        self.assertIgnored({"action_type": "login", "user": {"email": "me@x.test"}})

    def test_without_variables(self):
        for variables in (None, {}, {"foo": "bar"}):
            item = self.item("delivery", custom_variables=variables)
            self.assertEvent(item, "delivered", reference="")
