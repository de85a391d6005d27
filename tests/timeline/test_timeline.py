from itertools import product

from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from ..helpers.smtp_server import sending
from ..helpers.tracking_case import TrackingCase


@tagged("post_install", "-at_install")
class TestTimeline(TrackingCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.smtp.refused["alice@example.com"] = "550 5.1.1 No such user"
        self.message = self.post(self.alice)
        self.tracking = self.trackings_of(self.message)

    def timeline(self, **params):
        return self.make_jsonrpc_request("/mail/tracking/timeline", params)

    def test_story_of_a_recipient(self):
        self.authenticate("admin", "admin")
        story = self.timeline(tracking_id=self.tracking.id)
        self.assertEqual(story["address"], "alice@example.com")
        self.assertEqual(story["partner_id"], self.alice.id)
        self.assertTrue(story["can_read_events"])
        queued, error = story["events"]
        self.assertEqual((queued["type"], queued["attempt"]), ("queued", 1))
        self.assertEqual(error["error_type"], "address_unknown")
        self.assertEqual(error["diagnostic"], "550 5.1.1 No such user")
        self.assertEqual(error["server"], "127.0.0.1")
        self.assertEqual(error["text"], "Not sent")
        by_recipient = self.timeline(
            message_id=self.message.id, partner_id=self.alice.id
        )
        self.assertEqual(by_recipient, story)
        self.assertFalse(story["is_reviewed"])
        self.tracking.reviewed = True
        self.env.flush_all()
        self.assertTrue(self.timeline(tracking_id=self.tracking.id)["is_reviewed"])

    def test_document(self):
        """A deleted document is not offered: its trackings stay until retention."""
        action = self.tracking.action_open_document()
        target = (self.tracking.model, self.tracking.res_id)
        self.assertEqual((action["res_model"], action["res_id"]), target)
        arch = self.tracking.get_view(view_type="form")["arch"]
        self.assertRegex(arch, r'name="action_open_document"[^>]*not has_document')
        without, elsewhere = self.tracking.copy(), self.tracking.copy()
        without.write({"model": False, "res_id": 0})
        elsewhere.write({"model": "module.that.is.gone"})
        trackings = self.tracking | without | elsewhere
        self.assertEqual(trackings.mapped("has_document"), [True, False, False])
        elsewhere.write({"model": "mail.thread"})
        self.assertFalse(elsewhere.has_document)
        self.env[target[0]].browse(target[1]).unlink()
        self.env.flush_all()
        self.tracking.invalidate_recordset()
        self.assertEqual(self.tracking.res_id, target[1])
        self.assertFalse(self.tracking.has_document)

    def test_strength_of_each_proof(self):
        """A forged From makes "replied": the timeline says what that proves."""
        expected = {
            ("reply", "gateway"): "Not proven",
            ("hard_bounce", "gateway"): "Not proven",
            ("hard_bounce", "dsn"): "Likely",
            ("read", "mdn"): "Likely",
            ("spam", "arf"): "Likely",
            ("delivered", "dsn"): "Proven: only mail servers",
            ("delivered", "webhook:generic"): "Proven: signed by the email provider",
            ("opens_removed", "consent"): "",
        }
        self.env["mail.tracking.event"].sudo()._insert(
            [
                {"tracking_email_id": self.tracking.id, "attempt": 1}
                | {"event_type": event_type, "source": source}
                for event_type, source in expected
            ]
        )
        self.env.flush_all()
        self.authenticate("admin", "admin")
        events = self.timeline(tracking_id=self.tracking.id)["events"]
        because_by_event = {
            (event["type"], event["origin"]): event["because"] for event in events
        }
        sources = self.env["mail.tracking.event"]._fields["source"]
        labels = dict(sources._description_selection(self.env))
        for (event_type, source), words in expected.items():
            because = because_by_event[event_type, labels[source]]
            self.assertTrue(because.startswith(words), (event_type, source))
            self.assertEqual(bool(because), bool(words), (event_type, source))
        self.assertEqual(because_by_event["error", "Mail server"], "")
        self.assertIn(("queued", ""), because_by_event)

    def test_what_an_open_proves(self):
        for evidence in ("machine", "human"):
            event = {"event_type": "open", "source": "pixel", "evidence": evidence}
            self.tracking._add_events(event)
        self.authenticate("admin", "admin")
        story = self.timeline(tracking_id=self.tracking.id)
        proofs = {event["evidence"]: event["proves"] for event in story["events"]}
        self.assertIn("does not count as an open", proofs["machine"])
        self.assertIn("someone opened the email", proofs["human"])
        self.assertEqual(proofs[""], "")

    def test_recipient_without_partner(self):
        mail = self.new_mail(email_to="One <one@example.com>")
        self.send(mail)
        tracking = self.trackings_of(mail)
        self.authenticate("admin", "admin")
        story = self.timeline(
            message_id=tracking.mail_message_id.id, address="One@example.com"
        )
        self.assertEqual(story["tracking_id"], tracking.id)

    def test_nothing_for_those_who_may_not_read_the_message(self):
        new_test_user(self.env, "timeline-portal", groups="base.group_portal")
        other = self.env["res.company"].create({"name": "Other"})
        new_test_user(
            self.env,
            "timeline-stranger",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        self.document.company_id = self.env.company
        for login in ("timeline-portal", "timeline-stranger"):
            self.authenticate(login, login)
            for params in (
                {"tracking_id": self.tracking.id},
                {"message_id": self.message.id, "partner_id": self.alice.id},
                {"tracking_id": 2**31 - 1},
                {},
            ):
                with self.subTest(login=login, params=params):
                    self.assertEqual(self.timeline(**params), {})


@tagged("post_install", "-at_install")
class TestSendNow(TrackingCase, HttpCase):
    """Users who may post on the document can send a queued mail."""

    def setUp(self):
        super().setUp()
        with self.mock_mail_gateway():
            self.message = self.document.message_post(
                body="Hello",
                force_send=False,
                message_type="comment",
                partner_ids=(self.alice + self.bob).ids,
                subtype_xmlid="mail.mt_comment",
            )
        self.tracking = self.trackings_of(self.message)[0]
        self.mail = self.env["mail.mail"].browse(self.tracking.mail_id)

    def timeline(self):
        params = {"tracking_id": self.tracking.id}
        return self.make_jsonrpc_request("/mail/tracking/timeline", params)

    def send_now(self):
        with sending():
            self.ask("send_now")

    def ask(self, what):
        params = {"tracking_id": self.tracking.id}
        self.make_jsonrpc_request(f"/mail/tracking/{what}", params)

    def test_sent_by_an_employee(self):
        groups = "base.group_user,base.group_partner_manager"
        new_test_user(self.env, "sender", groups=groups)
        self.authenticate("sender", "sender")
        self.assertTrue(self.timeline()["can_send"])
        self.send_now()
        self.assertEqual(
            self.trackings_of(self.message).mapped("state"), ["sent", "sent"]
        )
        self.assertEqual(len(self.smtp.messages), 2)
        self.assertFalse(self.timeline()["can_send"])
        self.send_now()
        self.assertEqual(len(self.smtp.messages), 2, "once is enough")

    def test_scheduled_time(self):
        self.mail.scheduled_date = "2040-01-01 14:00:00"
        self.authenticate("admin", "admin")
        self.assertEqual(self.timeline()["scheduled"], 2209039200)
        self.send_now()
        self.assertEqual(self.tracking.state, "sent")
        self.assertFalse(self.timeline()["scheduled"])

    def test_not_by_those_who_may_not_post(self):
        reader = new_test_user(self.env, "reader", groups="base.group_user")
        portal = new_test_user(self.env, "outside", groups="base.group_portal")
        self.document.message_subscribe(portal.partner_id.ids)
        self.assertFalse(self.document.with_user(reader).has_access("write"))
        self.authenticate("reader", "reader")
        story = self.timeline()
        self.assertFalse(story["can_send"])
        for login, what in product(("reader", "outside"), ("send_now", "cancel")):
            self.authenticate(login, login)
            with (
                self.assertRaises(JsonRpcException) as refused,
                mute_logger("odoo.http"),
                sending(),
            ):
                self.ask(what)
            self.assertIn("AccessError", str(refused.exception))
        self.assertEqual(self.tracking.state, "waiting")
        self.assertFalse(self.smtp.messages)

    def test_canceled_by_an_employee(self):
        """The mail goes on for its other recipient."""
        groups = "base.group_user,base.group_partner_manager"
        new_test_user(self.env, "sender", groups=groups)
        self.authenticate("sender", "sender")
        self.ask("cancel")
        self.assertEqual(self.tracking.state, "canceled")
        self.assertFalse(self.timeline()["can_send"])
        other = self.trackings_of(self.message) - self.tracking
        self.tracking = other
        self.send_now()
        self.assertEqual(other.state, "sent")
        self.assertEqual(len(self.smtp.messages), 1)

    def test_mail_without_document_is_for_administrators(self):
        mail = self.new_mail(email_to="one@example.com")
        tracking = self.trackings_of(mail)
        writer = new_test_user(
            self.env, "writer", groups="base.group_user,base.group_partner_manager"
        )
        self.assertFalse(tracking.with_user(writer)._may_send_now())
        self.assertTrue(
            tracking.with_user(self.env.ref("base.user_admin"))._may_send_now()
        )
