import json
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.bus.models.bus import channel_with_db, dispatch, hashable
from odoo.addons.bus.tests.common import WebsocketCase
from odoo.addons.mail.models.mail_presence import MailPresence

from .common import TrackingCase


class LiveCase(TransactionCase):
    """Colleagues who have a document open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.author = cls.env.ref("base.user_admin")
        cls.colleague = new_test_user(cls.env, "colleague", groups="base.group_user")
        cls.Viewer = cls.env["mail.tracking.viewer"]
        cls.env["mail.presence"].search([]).unlink()

    def be_online(self, user, status="online"):
        """Note that a user has a browser open, or has closed it."""
        presence = self.env["mail.presence"].search([("user_id", "=", user.id)])
        with patch.object(MailPresence, "_send_presence", lambda *_args: None):
            if presence:
                presence.status = status
            else:
                presence.create({"user_id": user.id, "status": status})
            presence.flush_model()
        if status == "offline":
            self.age_viewers()

    def age_viewers(self):
        """Let all who show a document have come long ago."""
        for viewer in self.Viewer.search([]):
            viewer.since -= timedelta(hours=1)
        self.Viewer.flush_model()

    def look_at(self, *documents, user=None, browser="browser"):
        """Have a browser of a user show the chatter of documents, and no other one."""
        user = user or self.colleague
        self.be_online(user)
        return self.Viewer.with_user(user)._replace(browser, list(documents))


@tagged("post_install", "-at_install")
class TestLive(LiveCase, TrackingCase):
    def setUp(self):
        super().setUp()
        self.message = self.post(self.alice, author_id=self.author.partner_id.id)
        self.tracking = self.trackings_of(self.message)
        self.env.cr.precommit.run()

    @contextmanager
    def pushed(self):
        """Give what the block sends: a list of tuples (channel, payload)."""
        self._reset_bus()
        found = []
        with self.mock_bus():
            yield found
        found += [
            (json.loads(row.channel)[1:], json.loads(row.message)["payload"])
            for row in self._new_bus_notifs
        ]

    def open(self):
        self.Tracking._register_open(self.tracking.token, "human")

    def test_to_a_colleague_who_has_the_document_open(self):
        self.look_at(self.document)
        with self.pushed() as found:
            self.open()
        ((channel, payload),) = found
        self.assertEqual(channel, ["res.partner", self.document.id, "mail_tracking"])
        ((notification),) = payload.pop("mail.notification")
        self.assertEqual(notification["id"], self.message.notification_ids.id)
        self.assertEqual(notification["tracking"][0], "opened")
        self.assertFalse(payload)

    def test_author_and_colleague_get_the_same(self):
        self.look_at(self.document)
        self.be_online(self.author)
        with self.pushed() as found:
            self.open()
        (_to, payload), (_document, same) = found
        self.assertEqual(payload, same)
        self.assertEqual(
            [channel for channel, _payload in found],
            [
                ["res.partner", self.author.partner_id.id],
                ["res.partner", self.document.id, "mail_tracking"],
            ],
        )

    def test_once_for_an_author_who_looks_at_it(self):
        self.look_at(self.document, user=self.author)
        with self.pushed() as found:
            self.open()
        self.assertEqual(len(found), 1)

    def test_not_when_nobody_can_see_it(self):
        other = self.env["res.partner"].create({"name": "Other"})
        self.assertEqual(self.look_at(self.document), [self.document])
        self.look_at(self.document, other, browser="second")
        self.assertEqual(self.look_at(other), [other])
        self.assertEqual(self.look_at(other), [])
        self.be_online(self.colleague, "offline")
        with self.pushed() as found:
            self.open()
        self.assertFalse(found)
        self.be_online(self.colleague)
        with self.pushed() as found:
            self.tracking._next_attempt()
        self.assertTrue(found, "the second browser shows it")
        self.Viewer._replace("second", [])
        with self.pushed() as found:
            self.tracking._next_attempt()
        self.assertFalse(found)

    def test_before_the_browser_says_that_its_user_is_there(self):
        for user in (self.colleague, self.author):
            with self.subTest(user.login):
                self.Viewer.with_user(user)._replace("browser", [self.document])
                with self.pushed() as found:
                    self.tracking._next_attempt()
                self.assertEqual(
                    [channel for channel, _payload in found],
                    [["res.partner", self.document.id, "mail_tracking"]],
                )
                self.Viewer._gc_viewers()
                self.assertEqual(self.Viewer.search_count([]), 1)
                self.age_viewers()
                with self.pushed() as found:
                    self.tracking._next_attempt()
                self.assertFalse(found, "it has never said so")

    def test_not_to_colleagues_who_left_the_company(self):
        self.look_at(self.document)
        self.colleague.active = False
        with self.pushed() as found:
            self.open()
        self.assertFalse(found)

    def test_a_message_for_one_person_is_not_of_the_document(self):
        self.look_at(self.document)
        self.message.message_type = "user_notification"
        self.message.flush_recordset()
        with self.pushed() as found:
            self.open()
        self.assertFalse(found)

    def test_one_message_for_many_recipients(self):
        partners = self.env["res.partner"].create(
            [
                {"name": f"Partner {number}", "email": f"p{number}@example.com"}
                for number in range(5)
            ]
        )
        self.look_at(self.document)
        with self.pushed() as found:
            message = self.post(partners, author_id=self.author.partner_id.id)
        mine = [payload for channel, payload in found if channel[-1] == "mail_tracking"]
        (payload,) = mine
        states = [value["tracking"][0] for value in payload["mail.notification"]]
        self.assertEqual(states, ["sent"] * 5)
        self.assertEqual(
            {value["id"] for value in payload["mail.notification"]},
            set(message.notification_ids.ids),
        )

    def test_recipients_whom_core_does_not_list(self):
        self.look_at(self.document)
        message = self.document.message_post(body="Hello", message_type="comment")
        mail = self.new_mail(
            mail_message_id=message.id,
            email_to="to@example.com",
            message_type="email_outgoing",
        )
        with self.pushed() as found:
            self.send(mail)
        ((_channel, payload),) = found
        (value,) = payload.pop("mail.message")
        self.assertEqual(value["id"], message.id)
        self.assertEqual(value["tracking_recipients"][0][4], "sent")
        self.assertFalse(payload)

    def test_what_has_changed_while_the_document_was_being_opened(self):
        self.open()
        self.look_at(self.document)
        with self.pushed() as found:
            self.Tracking._notify_recent([self.document, self.alice])
        ((_channel, payload),) = found
        (value,) = payload["mail.notification"]
        self.assertEqual(value["tracking"][0], "opened")
        self.tracking.state_time -= timedelta(minutes=1)
        with self.pushed() as found:
            self.Tracking._notify_recent([self.document])
        self.assertFalse(found)

    def test_time_never_goes_back(self):
        # The web client keeps the younger of two values, and clocks differ.
        before = self.tracking.state_time
        event = {"source": "webhook:ses", "time": before - timedelta(minutes=5)}
        self.tracking._add_events({"event_type": "delivered", **event})
        self.tracking._update_state()
        self.assertEqual(self.tracking.state, "delivered")
        self.assertEqual(self.tracking.state_time, before)
        event["time"] = before + timedelta(minutes=5)
        self.tracking._add_events({"event_type": "hard_bounce", **event})
        self.tracking._update_state()
        self.assertEqual(self.tracking.state_time, event["time"])
        self.tracking._next_attempt()
        self.assertGreater(self.tracking.state_time, event["time"])

    def test_anything_can_be_pushed(self):
        self.assertEqual(self.Tracking._audience(self.message.ids), {})
        self.look_at(self.document)
        with self.pushed() as found:
            self.Tracking._push({self.message.id: {"mail.thread": [{"id": 1}]}})
        self.assertEqual(
            [payload for _to, payload in found], [{"mail.thread": [{"id": 1}]}]
        )

    def test_viewers_who_are_gone_are_forgotten(self):
        self.look_at(self.document)
        self.Viewer._gc_viewers()
        self.assertEqual(self.Viewer.search_count([("browser", "=", "browser")]), 1)
        self.be_online(self.colleague, "offline")
        self.Viewer._gc_viewers()
        self.assertFalse(self.Viewer.search([("browser", "=", "browser")]))


@tagged("post_install", "-at_install")
class TestLiveSubscription(WebsocketCase, LiveCase):
    """Who may subscribe to the changes of a document."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.document = cls.env["res.partner"].create({"name": "Document"})
        other_company = cls.env["res.company"].create({"name": "Other"})
        cls.hidden = cls.document.create(
            {"name": "Hidden", "company_id": other_company.id}
        )

    def subscribe_as(self, user, *channels, websocket=None):
        """Subscribe as a browser does; give the connection."""
        if not websocket:
            session = self.authenticate(user and user.login, user and user.login)
            websocket = self.websocket_connect(cookie=f"session_id={session.sid}")
        self.subscribe(websocket, list(channels), self.env["bus.bus"]._bus_last_id())
        return websocket

    def documents_of(self, user):
        """Give what the browsers of a user show."""
        viewers = self.Viewer.search([("user_id", "=", user.id)])
        return [(viewer.model, viewer.res_id) for viewer in viewers]

    def channel(self):
        target = (self.document, "mail_tracking")
        return hashable(channel_with_db(self.env.cr.dbname, target))

    def name_of(self, document):
        return f"mail_tracking:{document._name}:{document.id}"

    def test_employees_subscribe_to_what_they_may_read(self):
        gone = self.document.create({"name": "Gone"})
        gone_name = self.name_of(gone)
        gone.unlink()
        message = self.env["mail.message"].search([], limit=1)
        self.subscribe_as(
            self.colleague,
            self.name_of(self.document),
            self.name_of(self.hidden),
            self.name_of(message),
            gone_name,
            f"mail_tracking:mail.thread:{self.document.id}",
            "mail_tracking:no.such.model:1",
            "mail_tracking:res.partner:99999999999999999999",
            "mail_tracking:ir.config_parameter:1",
        )
        self.assertEqual(
            self.documents_of(self.colleague), [("res.partner", self.document.id)]
        )

    def test_leaving_the_document_ends_it(self):
        websocket = self.subscribe_as(self.colleague, self.name_of(self.document))
        self.assertTrue(self.documents_of(self.colleague))
        self.subscribe_as(self.colleague, "anything", websocket=websocket)
        self.assertFalse(self.documents_of(self.colleague))

    def test_nothing_for_portal_users_and_guests(self):
        portal = new_test_user(self.env, "portal_viewer", groups="base.group_portal")
        self.document.message_subscribe(portal.partner_id.ids)
        for user in (portal, None):
            self.subscribe_as(user, self.name_of(self.document))
            self.assertFalse(self.Viewer.search([]))
            self.assertNotIn(self.channel(), dispatch._channels_to_ws)
        self.subscribe_as(self.colleague, self.name_of(self.document))
        self.assertIn(self.channel(), dispatch._channels_to_ws)

    def test_it_hears_what_is_pushed(self):
        websocket = self.subscribe_as(self.colleague, self.name_of(self.document))
        message = self.document.message_post(body="Hello")
        self.be_online(self.colleague)
        values = {message.id: {"mail.message": [{"id": message.id}]}}
        self.env["mail.tracking.email"]._push(values)
        self.trigger_notification_dispatching([(self.document, "mail_tracking")])
        (heard,) = json.loads(websocket.recv())
        self.assertEqual(heard["message"]["payload"], values[message.id])
