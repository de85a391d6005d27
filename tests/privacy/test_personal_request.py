import base64
import json
from hashlib import sha256

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from ...tools.consent import ALLOWED, REFUSED
from ..helpers.smtp_server import pixel_urls
from ..helpers.tracking_case import TrackingCase

ADDRESS = "alice@example.com"


@tagged("post_install", "-at_install")
class TestPersonalRequest(TrackingCase):
    def setUp(self):
        super().setUp()
        self.post(self.bob)
        message = self.post(self.alice + self.bob)
        trackings = self.trackings_of(message)
        self.of_alice = trackings.filtered(lambda t: t.partner_id == self.alice)
        self.of_bob = trackings - self.of_alice
        self.of_alice._add_events(self.bounce("Alice@example.com: no such user"))
        # Somebody else's mail, whose server names her; and one who is called alike.
        self.of_bob._add_events(self.bounce(f"<{ADDRESS}> and bob@example.com full"))
        verp = "to bounce+alice=example.com@odoo.example: refused"
        self.of_bob._add_events(self.bounce(verp))
        trackings._update_state()
        self.other = self.trackings_of(self.post(self.namesake()))
        self.webhook = self.store("done", '{"to": "\\nAlice\\u0040example.com"}')
        self.report = self.env["mail.tracking.late.report"].create(
            {"raw": base64.b64encode(self.encoded_report())}
        )

    def bounce(self, diagnostic):
        return {"event_type": "hard_bounce", "source": "dsn", "diagnostic": diagnostic}

    def namesake(self):
        values = {"name": "Malice", "email": f"m{ADDRESS}"}
        return self.env["res.partner"].create(values)

    def store(self, state, body):
        return self.env["mail.tracking.webhook"].create(
            {
                "provider": "generic",
                "received_at": fields.Datetime.now(),
                "request_key": sha256(body.encode()).hexdigest(),
                "state": state,
                "body": body,
            }
        )

    def encoded_report(self):
        text = base64.b64encode(b"Final-Recipient: rfc822; ALICE@example.com")
        header = b"MIME-Version: 1.0\nContent-Type: text/plain\n"
        return header + b"Content-Transfer-Encoding: base64\n\n" + text

    def request(self, address=ADDRESS):
        return self.env["mail.tracking.personal"].create({"address": address})

    def texts_that_name(self):
        """Return the columns of our tables in which the address is still found."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                r"""SELECT table_name, column_name FROM information_schema.columns
                    WHERE table_schema = 'public'
                      AND table_name LIKE 'mail\_tracking\_%%'
                      AND data_type IN ('text', 'character varying')"""
            )
        )
        self.assertGreater(len(rows), 20)
        return [(t, c) for t, c in rows if self.count_naming(t, c)]

    def count_naming(self, table, column):
        table, column = SQL.identifier(table), SQL.identifier(column)
        pattern = r"(^|[^m])alice(@|=|%40|\\u0040)example\.com"
        query = SQL("SELECT count(*) FROM %s WHERE %s ~* %s", table, column, pattern)
        return self.env.execute_query(query)[0][0]

    def test_found_by_kind(self):
        self.assertTrue(self.texts_that_name())
        request = self.request("Alice <ALICE@example.com>")
        request.action_find()
        for line in (
            "Email Tracking: 1",
            "Late Delivery Report: 1",
            "Webhook Request: 1",
            "Chatter Viewer: 0",
        ):
            self.assertIn(line, request.found.splitlines())

    def test_kinds_in_the_words_of_a_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        kind = self.env["ir.model"]._get("mail.tracking.email")
        kind.with_context(lang="fr_FR").name = "Suivi"
        request = self.request().with_context(lang="fr_FR")
        request.action_find()
        self.assertIn("Suivi: 1", request.found.splitlines())

    def test_export_names_nobody_else(self):
        request = self.request()
        action = request.action_export()
        self.assertIn(f"/mail.tracking.personal/{request.id}/export", action["url"])
        text = base64.b64decode(request.export).decode()
        content = json.loads(text)
        self.assertEqual(
            [row["id"] for row in content["mail.tracking.email"]], self.of_alice.ids
        )
        events = {row["event_type"] for row in content["mail.tracking.event"]}
        self.assertEqual(events, {"queued", "sent", "hard_bounce"})
        self.assertNotIn("bob@example.com", text)
        self.assertNotIn(self.of_alice.token, text)

    def test_anonymised_keeps_states_and_counts(self):
        self.of_alice.write({"open_count": 3})
        events = len(self.of_alice.tracking_event_ids)
        self.request().action_anonymise()
        self.assertEqual(self.texts_that_name(), [])
        self.assertEqual(
            (self.of_alice.state, self.of_alice.open_count), ("bounced", 3)
        )
        self.assertEqual(len(self.of_alice.tracking_event_ids), events)
        for name in ("name", "recipient", "partner_id", "mail_message_id", "res_id"):
            self.assertFalse(self.of_alice[name], name)
        self.assertFalse(any(self.of_alice.tracking_event_ids.mapped("diagnostic")))

    def test_deleted_and_others_kept(self):
        self.request().action_delete()
        self.assertEqual(self.texts_that_name(), [])
        self.assertFalse(self.of_alice.exists())
        self.assertEqual(self.of_bob.recipient_address, "bob@example.com")
        self.assertEqual(self.of_bob.state, "bounced")
        self.assertEqual(self.other.recipient_address, f"m{ADDRESS}")
        self.assertFalse(self.report.exists())
        self.assertEqual((self.webhook.body, self.webhook.state), (False, "done"))

    def test_address_of_an_earlier_attempt(self):
        self.of_bob.other_addresses = ADDRESS
        self.request().action_delete()
        self.assertFalse(self.of_bob.exists())
        self.assertEqual(self.texts_that_name(), [])

    def test_open_chatters_of_a_user(self):
        user = new_test_user(self.env, "tracking-alice", email="alice@example.com")
        viewers = self.env["mail.tracking.viewer"]
        viewers.with_user(user)._replace("browser", [self.document])
        self.assertEqual(len(viewers._personal_records(ADDRESS)), 1)
        self.request().action_delete()
        self.assertFalse(viewers.search([("user_id", "=", user.id)]))

    def test_refused_while_something_is_on_its_way(self):
        pending = self.store("pending", ADDRESS)
        with self.assertRaisesRegex(UserError, "in a minute"):
            self.request().action_delete()
        pending.state = "done"
        mail = self.new_mail(email_to=ADDRESS)
        with self.assertRaisesRegex(UserError, "still queued"):
            self.request().action_anonymise()
        self.assertTrue(self.of_alice.recipient_address)
        mail.cancel()
        self.request().action_anonymise()
        self.assertEqual(self.texts_that_name(), [])

    def choose(self, choice):
        self.env["mail.tracking.consent"]._choose([ADDRESS], choice)

    def test_consent_is_listed_and_exported(self):
        self.choose(REFUSED)
        self.choose(ALLOWED)
        request = self.request()
        request.action_find()
        for line in ("Consent to Open Tracking: 1", "Consent History: 2"):
            self.assertIn(line, request.found.splitlines())
        request.action_export()
        text = base64.b64decode(request.export).decode()
        content = json.loads(text)
        (consent,) = content["mail.tracking.consent"]
        self.assertEqual((consent["state"], consent["origin"]), ("allowed", "api"))
        states = {row["state"] for row in content["mail.tracking.consent.log"]}
        self.assertEqual(states, {"allowed", "refused"})
        named = {"id", "address", "state", "date", "origin"}  # not who entered it
        self.assertEqual(set(consent), named)
        self.assertEqual(set(content["mail.tracking.consent.log"][0]), named)

    def test_consent_goes(self):
        for method in ("action_anonymise", "action_delete"):
            with self.subTest(method=method):
                self.choose(REFUSED)
                self.choose(ALLOWED)
                self.assertEqual(self.alice.mail_tracking_consent, "allowed")
                request = self.request()
                getattr(request, method)()
                self.assertEqual(self.texts_that_name(), [])
                self.assertFalse(self.alice.mail_tracking_consent)
                self.assertFalse(request.is_refusal_kept)

    def test_refusal_stays(self):
        self.choose(ALLOWED)
        self.choose(REFUSED)
        self.env["mail.tracking.consent"]._choose(["bob@example.com"], ALLOWED)
        for method in ("action_anonymise", "action_delete"):
            with self.subTest(method=method):
                request = self.request()
                getattr(request, method)()
                self.assertEqual(
                    self.texts_that_name(), [("mail_tracking_consent", "address")]
                )
                self.assertTrue(request.is_refusal_kept)
                self.assertEqual(self.alice.mail_tracking_consent, "refused")
        tracking = self.trackings_of(self.post(self.alice))
        self.assertFalse(pixel_urls(self.smtp.message_to(ADDRESS)))
        self.let_pass(tracking)
        self.Tracking._register_open(tracking.token, "human")
        self.assertEqual(tracking.state, "sent")
        of_bob = self.env["mail.tracking.consent.log"]._personal_records(
            "bob@example.com"
        )
        self.assertEqual(len(of_bob), 1)

    def test_wrong_address(self):
        for address in (False, "nobody", "a@example.com, b@example.com"):
            with self.assertRaisesRegex(UserError, "Email Address"):
                self.request(address).action_find()

    def test_administrators_only(self):
        request = self.request()
        for name, groups in (("e", "base.group_user"), ("p", "base.group_portal")):
            user = new_test_user(self.env, f"tracking-personal-{name}", groups=groups)
            with self.assertRaises(AccessError):
                self.env["mail.tracking.personal"].with_user(user).create({})
            for method in ("find", "export", "anonymise", "delete"):
                with self.assertRaises(AccessError):
                    getattr(request.with_user(user), f"action_{method}")()
        self.assertTrue(self.of_alice.exists().recipient_address)
