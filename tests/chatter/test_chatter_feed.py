import json
from unittest.mock import patch

from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.mail.tools.discuss import Store

from ..helpers.tracking_case import TrackingCase


@tagged("post_install", "-at_install")
class TestChatterFeed(TrackingCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(
            cls.env, "portal-feed", groups="base.group_portal", email="p@example.com"
        )
        cls.admin = cls.env.ref("base.user_admin")

    def payload(self, messages, user=None):
        """Return what the web client of a user gets with messages."""
        user = user or self.admin
        store = Store()
        store.add(messages.with_user(user).with_env(messages.with_user(user).env))
        return store.get_result()

    def test_status_of_each_notification(self):
        nora = self.env["res.partner"].create({"name": "Nora"})
        message = self.post(self.alice + nora)
        payload = self.payload(message)
        values = {
            n["res_partner_id"]: n["tracking"] for n in payload["mail.notification"]
        }
        self.assertEqual(values[self.alice.id][0], "sent")
        self.assertIsInstance(values[self.alice.id][1], int)
        self.assertEqual(values[nora.id][0], "noemail")
        (shown,) = payload["mail.message"]
        self.assertNotIn("tracking_recipients", shown)

    def test_openings_and_reasons(self):
        self.smtp.refused["bob@example.com"] = "550 5.1.1 No such user"
        opened = self.trackings_of(self.post(self.alice))
        self.let_pass(opened)
        self.Tracking._register_open(opened.token, "human")
        failed = self.trackings_of(self.post(self.bob))
        payload = self.payload((opened + failed).mail_message_id)
        values = {
            n["res_partner_id"]: n["tracking"] for n in payload["mail.notification"]
        }
        self.assertEqual(values[self.alice.id][0], "opened")
        self.assertEqual(values[self.alice.id][2], 1)
        self.assertEqual(values[self.bob.id][0], "error")
        self.assertEqual(values[self.bob.id][2], "address_unknown")

    def test_each_message_has_its_own(self):
        opened = self.trackings_of(self.post(self.alice))
        sent = self.trackings_of(self.post(self.alice))
        self.let_pass(opened)
        self.Tracking._register_open(opened.token, "human")
        payload = self.payload((opened + sent).mail_message_id)
        states = {
            value["mail_message_id"]: value["tracking"][0]
            for value in payload["mail.notification"]
        }
        self.assertEqual(states[opened.mail_message_id.id], "opened")
        self.assertEqual(states[sent.mail_message_id.id], "sent")

    def test_notifications_in_odoo_have_none(self):
        message = self.post(self.alice)
        self.env["mail.notification"].create(
            {
                "mail_message_id": message.id,
                "res_partner_id": self.bob.id,
                "notification_type": "inbox",
            }
        )
        values = {
            value["res_partner_id"]: "tracking" in value
            for value in self.payload(message)["mail.notification"]
        }
        self.assertEqual(values, {self.alice.id: True, self.bob.id: False})

    def test_notifications_are_not_read_again(self):
        """A page has hundreds: what the store has of them is enough."""
        message = self.post(self.alice + self.bob).with_user(self.admin)
        store = Store().add(message)
        for value in store.data["mail.notification"].values():
            del value["tracking"]
        Notification = self.env.registry["mail.notification"]
        with patch.object(Notification, "_read_format", side_effect=AssertionError):
            message._mail_tracking_to_store(store)
        values = store.get_result()["mail.notification"]
        self.assertEqual([value["tracking"][0] for value in values], ["sent", "sent"])

    def test_recipients_whom_core_does_not_list(self):
        message = self.document.message_post(body="Hello", message_type="comment")
        mail = self.new_mail(
            mail_message_id=message.id,
            email_to="To <to@example.com>",
            email_cc="cc@example.com",
            message_type="email_outgoing",
        )
        self.send(mail)
        to, cc = self.trackings_of(message)
        (shown,) = self.payload(message)["mail.message"]
        self.assertEqual(
            [value[:6] for value in shown["tracking_recipients"]],
            [
                [to.id, False, '"To" <to@example.com>', "to", "sent", value_time(to)],
                [cc.id, False, "cc@example.com", "cc", "sent", value_time(cc)],
            ],
        )

    def test_contacts_who_were_deleted(self):
        """Core deletes their notifications; another message of the page suffices."""
        message, other = self.post(self.alice), self.post(self.bob)
        admin = self.env.ref("base.user_admin")
        note = self.document.message_post(body="A note")
        with patch.object(type(self.Tracking), "_chatter_rows") as asked:
            self.payload(note, admin)
        asked.assert_not_called()
        self.alice.unlink()
        self.env.invalidate_all()
        shown = self.payload(message + other)["mail.message"]
        (deleted,) = shown[0].get("tracking_recipients", [None])
        written = '"Alice Able" <alice@example.com>'
        self.assertEqual(deleted[1:5], [False, written, "to", "sent"])
        self.assertNotIn("tracking_recipients", shown[1])

    def test_nothing_for_portal_users_and_guests(self):
        self.document.message_subscribe(self.portal.partner_id.ids)
        message = self.post(self.alice + self.portal.partner_id)
        self.assertIn("tracking", json.dumps(self.payload(message)))
        for user in (self.portal, self.env.ref("base.public_user")):
            payload = json.dumps(self.payload(message.sudo(), user), default=str)
            self.assertNotIn("tracking", payload.replace("trackingValues", ""))

    def test_nothing_on_the_route_of_the_chatter(self):
        own = self.portal.partner_id
        message = own.message_post(
            body="To yourself",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=(self.alice + own).ids,
        )
        self.assertTrue(self.trackings_of(message))
        thread = {"thread_model": "res.partner", "thread_id": own.id}

        def answer():
            answer = self.url_open("/mail/thread/messages", json={"params": thread})
            return answer.json()

        self.authenticate("admin", "admin")
        self.assertIn('"tracking"', json.dumps(answer()))
        self.authenticate("portal-feed", "portal-feed")
        payload = answer()
        self.assertIn(message.id, payload["result"]["messages"])
        self.assertNotIn("tracking", json.dumps(payload).replace("trackingValues", ""))
        self.authenticate(None, None)  # a guest
        self.assertIn("error", answer())

    def test_nothing_on_the_bus_of_outsiders(self):
        message = self.post(self.alice)
        guest = self.env["mail.guest"].create({"name": "Guest"})
        for channel in (guest, self.portal, self.env.ref("base.public_user")):
            store = Store(bus_channel=channel)
            store.add(message)
            message._message_notifications_to_store(store)
            payload = json.dumps(store.get_result(), default=str)
            self.assertNotIn("tracking", payload.replace("trackingValues", ""))

    def test_constant_number_of_queries(self):
        admin = self.env.ref("base.user_admin")

        def count(messages):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.payload(messages, admin)
            return self.env.cr.sql_log_count - before

        first = self.post(self.alice + self.bob)
        self.payload(first)
        few = count(first)
        many = self.env["mail.message"].union(
            *(self.post(self.alice + self.bob) for _i in range(5))
        )
        self.assertEqual(count(many), few)

    def test_pushed_to_the_author_who_is_online(self):
        author = self.env.ref("base.user_admin")
        message = self.post(self.alice, author_id=author.partner_id.id)
        tracking = self.trackings_of(message)
        self.let_pass(tracking)
        notification = message.notification_ids
        self.env["mail.presence"].search([]).unlink()
        self._reset_bus()
        with self.mock_bus():
            self.Tracking._register_open(tracking.token, "human")
        self.assertFalse(self._new_bus_notifs)
        tracking.write({"state": "sent", "last_hit": False})
        self.env["mail.presence"].create({"user_id": author.id, "status": "online"})
        self.env.cr.precommit.run()
        self._reset_bus()
        with self.mock_bus():
            self.Tracking._register_open(tracking.token, "human")
        pushed = [json.loads(n.message) for n in self._new_bus_notifs]
        self.assertEqual(
            pushed,
            [
                {
                    "type": "mail.record/insert",
                    "payload": {
                        "mail.notification": [
                            {
                                "id": notification.id,
                                "tracking": ["opened", value_time(tracking), 2],
                            }
                        ]
                    },
                }
            ],
        )


def value_time(tracking):
    """Return the time of the state as the web client gets it."""
    tracking.invalidate_recordset(["state_time"])
    return int(tracking.state_time.timestamp())
