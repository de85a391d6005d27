import json
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from ...controllers import delivery_webhook
from ...controllers.databases import DatabaseGone
from ...models.webhooks import mail_tracking_webhook as processing
from ...providers.contract import Report
from ...tools.limiter import Limiter
from ..helpers.webhook_mail_case import WebhookMailCase

PROCESSING = processing.__name__


@tagged("post_install", "-at_install")
class TestWebhookRequests(WebhookMailCase):
    """Which requests are accepted and stored."""

    def test_other_providers(self):
        body = json.dumps(self.item("delivered")).encode()
        for name in ("nobody", "%00"):
            path = self.path.replace("generic", name)
            self.assertEqual(self.post(body, path=path), 404)
        self.assertFalse(self.stored())

    def test_key_of_the_database_does_not_matter_with_one_database(self):
        body = json.dumps(self.item("delivered")).encode()
        self.assertEqual(self.post(body, path=self.path[:-3]), 200)
        self.assertEqual(len(self.stored()), 1)

    def test_a_request_that_nobody_has_foreseen(self):
        """An unreadable request stops no other request."""
        broken = Report("delivered", "alice@example.com", self.reference, time="no")
        provider = processing.PROVIDERS["generic"]

        def events(body):
            return [broken] if b"poison" in body else provider.events(body)

        patched = {"generic": provider._replace(events=events)}
        self.post(json.dumps(self.item("delivered")).encode())
        self.post(b'"poison"')
        read = (fields.Datetime.now() + timedelta(seconds=10)).isoformat() + "Z"
        opened = self.item("open", evidence="human", timestamp=read)
        self.post(json.dumps(opened).encode())
        with (
            patch.object(processing, "PROVIDERS", patched),
            mute_logger(PROCESSING),
        ):
            self.process()
        self.tracking.invalidate_recordset()
        self.assertEqual(self.tracking.state, "opened")
        self.assertEqual(self.stored().mapped("state"), ["done", "failed", "done"])

    def test_refusals_are_told_but_do_not_fill_the_log(self):
        name = delivery_webhook.__name__
        with self.assertLogs(name, "WARNING") as logs:
            for _i in range(5):
                self.assertEqual(self.post(headers={"x": "y"}), 403)
        self.assertEqual(len(logs.output), 1)
        self.assertNotIn("alice", logs.output[0])

    def test_guesses_are_refused_without_a_query_and_nothing_authentic_is(self):
        self.patch(delivery_webhook, "refused", Limiter(at_once=3, per_second=0))
        guess = {"headers": {"x": "y"}}
        body = json.dumps(self.item("delivered")).encode()
        asked = []
        get_keys = delivery_webhook.DeliveryWebhookController._get_keys

        def count(*arguments):
            asked.append(1)
            return get_keys(*arguments)

        controller = delivery_webhook.DeliveryWebhookController
        with (
            patch.object(controller, "_get_keys", count),
            mute_logger(delivery_webhook.__name__),
        ):
            statuses = [self.post(**guess) for _time in range(10)]
        self.assertEqual(statuses, [403] * 3 + [503] * 7)
        self.assertEqual(len(asked), 3)
        self.assertEqual(self.post(body), 200)
        self.assertEqual(len(self.stored()), 1)

    def test_what_proves_it_cannot_be_fetched(self):
        def authenticate(keys, call):
            raise OSError("unreachable")

        provider = processing.PROVIDERS["generic"]._replace(authenticate=authenticate)
        with (
            patch.object(delivery_webhook, "PROVIDERS", {"generic": provider}),
            mute_logger(delivery_webhook.__name__),
        ):
            self.assertEqual(self.post(), 503)
        self.assertFalse(self.stored())

    def page(self):
        return self.env["mail.tracking.provider"].create({"provider": "generic"})

    def diagnosis(self):
        """Return severity and text of the finding."""
        findings = self.env["mail.tracking.check"]._check_providers()
        (diagnosis,) = [row[1:3] for row in findings if "Standard Webhooks" in row[0]]
        return diagnosis

    def test_nothing_that_comes_in_matches(self):
        self.assertFalse(self.page().match)
        other = f"{'a' * 26}-1"
        for number, (reference, words) in enumerate(
            (
                ("", "names no email of this database"),
                (other, "not in this database"),
                (self.reference, "not sent to this address"),
            )
        ):
            with self.subTest(words=words):
                self.report(
                    self.item(
                        "delivered",
                        id=str(number),
                        reference=reference,
                        recipient="bob@example.com",
                    )
                )
                self.stored().filtered(lambda r: r.state == "pending").state = "done"
                page = self.page()
                self.assertEqual(page.match, "none")
                self.assertIn(f"0 of the last {number + 1}", page.match_note)
                self.assertIn("Delivered, bob@example.com: ", page.last_request)
                self.assertIn(words, page.last_request)
                severity, finding = self.diagnosis()
                self.assertEqual(severity, "error")
                self.assertIn(
                    f"None of the last webhook requests ({number + 1}) is", finding
                )

    def test_what_comes_in_matches(self):
        self.report(self.item("delivered", reference=""))
        for _i in range(2):  # the second time it is known already
            stored = self.report(self.item("delivered"), self.item("open", recipient=1))
        self.assertEqual((stored.event_count, stored.matched_count), (0, 1))
        page = self.page()
        self.assertEqual(page.match, "some")
        self.assertIn("Delivered, alice@example.com: matched", page.last_request)
        self.assertEqual(stored.display_name, "Other (Standard Webhooks)")
        self.assertEqual(self.diagnosis()[0], "ok")

    def test_last_request_in_the_words_of_a_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        field = self.env["ir.model.fields"]._get("mail.tracking.event", "event_type")
        delivered = field.selection_ids.filtered(lambda row: row.value == "delivered")
        delivered.with_context(lang="fr_FR").name = "Remis"
        self.report(self.item("delivered"))
        page = self.page().with_context(lang="fr_FR")
        self.assertIn("Remis, alice@example.com: ", page.last_request)

    def test_last_request_that_nobody_can_read(self):
        self.post(b"hello")
        self.process()
        self.assertIn("cannot be read", self.page().last_request)
        self.post(b"[]")
        self.process()
        self.assertEqual(self.page().last_request, "The request is not about an email.")
        self.assertFalse(self.page().match)

    def test_too_many_that_wait(self):
        """Authentic requests are not dropped: the provider repeats them."""
        bodies = [json.dumps(self.item("sent", id=str(i))).encode() for i in range(4)]
        with patch.object(processing, "MOST_PENDING", 2):
            self.assertEqual(self.post(bodies[0]), 200)
            self.assertEqual(self.post(bodies[1]), 200)
            with mute_logger(delivery_webhook.__name__):
                self.assertEqual(self.post(bodies[2]), 503)
            self.assertEqual(len(self.stored()), 2)
            self.process()
            self.assertEqual(self.post(bodies[2]), 200)

    def test_a_database_that_was_just_renamed(self):
        """The provider repeats the request, and the key is looked up again."""
        gone = patch.object(
            delivery_webhook, "superuser_environment", side_effect=DatabaseGone("one")
        )
        with gone, mute_logger("odoo.http"):
            self.assertEqual(self.post(), 503)

    def test_a_provider_that_takes_503_for_a_loss(self):
        self.assertEqual(processing.PROVIDERS["brevo"].busy, 429)

    def test_large_requests_are_processed_one_by_one(self):
        for number in range(3):
            self.post(json.dumps(self.item("sent", id=str(number))).encode())
        with patch.object(processing, "BATCH_BYTES", 10):
            self.assertEqual(len(self.stored()._next_batch(0)), 1)
            self.process()
        self.assertEqual(self.stored().mapped("state"), ["done"] * 3)

    def test_limit_of_each_provider(self):
        """The length alone is checked, before anything is read."""
        for name, limit in (("generic", 2**20), ("brevo", 2**24), ("nobody", 2**16)):
            path = self.path.replace("generic", name)
            self.assertEqual(self.post(b" " * (limit + 1), {"x": "y"}, path=path), 413)
            with mute_logger(delivery_webhook.__name__):
                status = self.post(b" " * limit, {"x": "y"}, path=path)
            self.assertNotEqual(status, 413)

    def test_old_requests_are_forgotten(self):
        for event in ("sent", "delivered", "open"):
            self.report(self.item(event))
        first, second, last = self.stored().sorted("id")
        old = fields.Datetime.now() - timedelta(days=15)
        (first + last).write({"received_at": old})
        self.assertEqual(self.stored()._gc_requests(), (1, False))
        self.assertEqual(self.stored(), last + second)  # the last one always stays
        self.assertFalse(last.body)
        self.assertTrue(second.body)

    def test_kept_without_the_job(self):
        self.env.ref("mail_activity_tracking.mail_tracking_webhook_cron").unlink()
        self.assertEqual(self.post(json.dumps(self.item("delivered")).encode()), 200)
        self.assertEqual(self.stored().state, "pending")

    @users("employee")
    def test_for_administrators_only(self):
        self.assertFalse(self.env["mail.tracking.webhook"].has_access("read"))

    def test_headers_only_for_that_server(self):
        self.mail_server.tracking_provider = False
        self.post_message(self.bob)
        sent = self.smtp.message_to("bob@example.com")
        self.assertTrue(sent["X-Odoo-Mail-Tracking"])
        self.assertFalse(sent["X-Odoo-Mail-Tracking-Reference"])

    def test_headers_of_others_stay(self):
        self.mail_server.tracking_provider = "generic"
        mail = self.new_mail(
            recipient_ids=self.bob.ids,
            headers={"X-Odoo-Mail-Tracking-Reference": "mine"},
        )
        self.send(mail)
        sent = self.smtp.message_to("bob@example.com")
        self.assertEqual(sent["X-Odoo-Mail-Tracking-Reference"], "mine")
