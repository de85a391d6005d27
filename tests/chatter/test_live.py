import json
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import config

from ..helpers.colleagues_case import ColleaguesCase
from ..helpers.tracking_case import TrackingCase


@tagged("post_install", "-at_install")
class TestLive(ColleaguesCase, TrackingCase):
    def setUp(self):
        super().setUp()
        self.message = self.post(self.alice, author_id=self.author.partner_id.id)
        self.tracking = self.trackings_of(self.message)
        self.env.cr.precommit.run()

    @contextmanager
    def pushed(self):
        """Return what the block sends: a list of tuples (channel, payload)."""
        self._reset_bus()
        notifications = []
        with self.mock_bus():
            yield notifications
        notifications += [
            (json.loads(row.channel)[1:], json.loads(row.message)["payload"])
            for row in self._new_bus_notifs
        ]

    def open(self):
        self.let_pass(self.tracking)
        self.Tracking._register_open(self.tracking.token, "human")

    def test_to_a_colleague_who_has_the_document_open(self):
        self.look_at(self.document)
        with self.pushed() as notifications:
            self.open()
        ((channel, payload),) = notifications
        self.assertEqual(channel, ["res.partner", self.document.id, "mail_tracking"])
        ((notification),) = payload.pop("mail.notification")
        self.assertEqual(notification["id"], self.message.notification_ids.id)
        self.assertEqual(notification["tracking"][0], "opened")
        self.assertFalse(payload)

    def test_author_and_colleague_get_the_same(self):
        self.look_at(self.document)
        self.be_online(self.author)
        with self.pushed() as notifications:
            self.open()
        (_to, payload), (_document, same) = notifications
        self.assertEqual(payload, same)
        self.assertEqual(
            [channel for channel, _payload in notifications],
            [
                ["res.partner", self.author.partner_id.id],
                ["res.partner", self.document.id, "mail_tracking"],
            ],
        )

    def test_once_for_an_author_who_looks_at_it(self):
        self.look_at(self.document, user=self.author)
        with self.pushed() as notifications:
            self.open()
        self.assertEqual(len(notifications), 1)

    def test_not_when_nobody_can_see_it(self):
        other = self.env["res.partner"].create({"name": "Other"})
        self.assertEqual(self.look_at(self.document), [self.document])
        self.look_at(self.document, other, browser="second")
        self.assertEqual(self.look_at(other), [other])
        self.assertEqual(self.look_at(other), [])
        self.be_online(self.colleague, "offline")
        with self.pushed() as notifications:
            self.open()
        self.assertFalse(notifications)
        self.be_online(self.colleague)
        with self.pushed() as notifications:
            self.tracking._next_attempt()
        self.assertTrue(notifications, "the second browser shows it")
        self.Viewer._replace("second", [])
        with self.pushed() as notifications:
            self.tracking._next_attempt()
        self.assertFalse(notifications)

    def test_before_the_browser_says_that_its_user_is_there(self):
        for user in (self.colleague, self.author):
            with self.subTest(user.login):
                self.Viewer.with_user(user)._replace("browser", [self.document])
                with self.pushed() as notifications:
                    self.tracking._next_attempt()
                self.assertEqual(
                    [channel for channel, _payload in notifications],
                    [["res.partner", self.document.id, "mail_tracking"]],
                )
                self.Viewer._gc_viewers()
                self.assertEqual(self.Viewer.search_count([]), 1)
                self.age_viewers()
                with self.pushed() as notifications:
                    self.tracking._next_attempt()
                self.assertFalse(notifications, "it has never said so")

    def test_not_to_colleagues_who_left_the_company(self):
        self.look_at(self.document)
        self.colleague.active = False
        with self.pushed() as notifications:
            self.open()
        self.assertFalse(notifications)

    def test_a_message_for_one_person_is_not_of_the_document(self):
        self.look_at(self.document)
        self.message.message_type = "user_notification"
        self.message.flush_recordset()
        with self.pushed() as notifications:
            self.open()
        self.assertFalse(notifications)

    def test_one_message_for_many_recipients(self):
        partners = self.env["res.partner"].create(
            [
                {"name": f"Partner {number}", "email": f"p{number}@example.com"}
                for number in range(5)
            ]
        )
        self.look_at(self.document)
        with self.pushed() as notifications:
            message = self.post(partners, author_id=self.author.partner_id.id)
        mine = [
            payload
            for channel, payload in notifications
            if channel[-1] == "mail_tracking"
        ]
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
        with self.pushed() as notifications:
            self.send(mail)
        ((_channel, payload),) = notifications
        (value,) = payload.pop("mail.message")
        self.assertEqual(value["id"], message.id)
        self.assertEqual(value["tracking_recipients"][0][4], "sent")
        self.assertFalse(payload)

    def test_what_has_changed_while_the_document_was_being_opened(self):
        self.open()
        self.look_at(self.document)
        with self.pushed() as notifications:
            self.Tracking._notify_recent([self.document, self.alice])
        ((_channel, payload),) = notifications
        (value,) = payload["mail.notification"]
        self.assertEqual(value["tracking"][0], "opened")
        self.tracking.state_time -= timedelta(minutes=1)
        with self.pushed() as notifications:
            self.Tracking._notify_recent([self.document])
        self.assertFalse(notifications)

    def test_what_a_lagging_replica_did_not_know(self):
        self.look_at(self.document)
        self.tracking.state_time -= timedelta(minutes=1)
        self.enterContext(patch.dict(config.options, {"db_replica_host": "replica"}))
        with self.pushed() as notifications:
            self.Tracking._notify_recent([self.document])
        self.assertEqual(len(notifications), 1)
        self.tracking.state_time -= timedelta(minutes=5)
        with self.pushed() as notifications:
            self.Tracking._notify_recent([self.document])
        self.assertFalse(notifications)

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
        with self.pushed() as notifications:
            self.Tracking._push({self.message.id: {"mail.thread": [{"id": 1}]}})
        self.assertEqual(
            [payload for _to, payload in notifications], [{"mail.thread": [{"id": 1}]}]
        )

    def test_viewers_who_are_gone_are_forgotten(self):
        self.look_at(self.document)
        self.Viewer._gc_viewers()
        self.assertEqual(self.Viewer.search_count([("browser", "=", "browser")]), 1)
        self.be_online(self.colleague, "offline")
        self.Viewer._gc_viewers()
        self.assertFalse(self.Viewer.search([("browser", "=", "browser")]))
