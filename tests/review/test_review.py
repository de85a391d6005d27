import json
from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from odoo.addons.bus.models.bus import channel_with_db, json_dump

from ...models.chatter.ir_websocket import LIVE
from ..helpers.failed_case import FailedCase


@tagged("post_install", "-at_install")
class TestReview(FailedCase):
    """A reviewed failure is ignored in core's menu, and the other way round."""

    def setUp(self):
        super().setUp()
        self.message, self.trackings = self.post_failed(self.alice + self.bob)
        self.tracking, self.untried = self.trackings

    def statuses(self):
        """Return the status of core for each of the two recipients."""
        by_partner = self.message.sudo().notification_ids.grouped("res_partner_id")
        return [by_partner[p].notification_status for p in self.alice + self.bob]

    def core_counter(self):
        self.env.flush_all()
        document = self.document.with_user(self.author)
        document.invalidate_recordset()
        return document.message_has_error_counter

    def test_reviewing_ignores_the_failure_of_core(self):
        self.assertEqual((self.core_counter(), self.failures_of(self.author)), (2, 1))
        reviewed = self.tracking.with_user(self.colleague)._set_reviewed(True)
        self.assertEqual(reviewed, self.tracking)
        self.assertEqual(self.statuses(), ["canceled", "exception"])
        self.assertEqual((self.core_counter(), self.failures_of(self.author)), (1, 1))
        self.assertFalse(self.tracking._set_reviewed(True), "nothing to do")
        self.untried._set_reviewed(True)
        self.assertEqual((self.core_counter(), self.failures_of(self.author)), (0, 0))
        self.trackings._set_reviewed(False)
        self.assertEqual(self.statuses(), ["exception", "exception"])
        self.assertEqual((self.core_counter(), self.failures_of(self.author)), (2, 1))

    def test_who_may_review(self):
        """Users who can only read the document cannot review its failures."""
        reader = new_test_user(self.env, "tracking-reader", groups="base.group_user")
        theirs = self.trackings.with_user(reader)
        self.assertEqual(theirs._filtered_access("read"), theirs)
        self.assertFalse(theirs._filtered_reviewable(), "only reads the document")
        for user in (self.author, self.colleague, self.env.ref("base.user_admin")):
            with self.subTest(user=user.login):
                theirs = self.trackings.with_user(user)
                self.assertEqual(theirs._filtered_reviewable(), theirs)

    def test_who_reviewed_and_when_is_kept(self):
        self.tracking.with_user(self.colleague)._set_reviewed(True)
        self.assertEqual(self.tracking.reviewed_by_id, self.colleague)
        self.assertTrue(self.tracking.reviewed_at)
        timeline = self.tracking.with_user(self.author)._get_timeline()
        self.assertEqual(timeline["reviewed_by"], self.colleague.name)
        self.tracking._set_reviewed(False)
        self.assertFalse(self.tracking.reviewed_by_id)
        self.assertFalse(self.tracking.reviewed_at)

    def test_undo_brings_a_bounce_back_as_a_bounce(self):
        notification = self.message.notification_ids.filtered(
            lambda n: n.res_partner_id == self.alice
        )
        notification.write(
            {"notification_status": "bounce", "failure_type": "mail_bounce"}
        )
        self.tracking._set_reviewed(True)
        self.assertEqual(notification.notification_status, "canceled")
        self.tracking._set_reviewed(False)
        self.assertEqual(notification.notification_status, "bounce")

    def test_ignoring_in_core_reviews(self):
        other, (of_other,) = self.post_failed(self.bob)
        other.author_id = self.colleague.partner_id
        other.notification_ids.author_id = self.colleague.partner_id
        self.env.flush_all()
        self.document.with_user(self.author).notify_cancel_by_type("email")
        self.assertEqual(self.trackings.mapped("reviewed"), [True, True])
        self.assertFalse(of_other.reviewed)
        self.assertEqual(self.failures_of(self.author), 1)

    def test_core_hears_of_what_only_a_provider_tells(self):
        self.smtp.refused.clear()
        message = self.post(self.alice).with_env(self.env)
        tracking = self.trackings_of(message)
        notification = message.sudo().notification_ids
        for event_type, status, failure_type in (
            ("delivered", "sent", False),
            ("hard_bounce", "bounce", "mail_bounce"),
            ("reply", "sent", False),  # read all the same
            ("spam", "sent", False),  # it has arrived
        ):
            with self.subTest(event_type=event_type):
                tracking._add_events(
                    {"event_type": event_type, "source": "webhook:ses"}
                )
                tracking._update_state()
                self.assertEqual(notification.notification_status, status)
                self.assertEqual(notification.failure_type, failure_type)

    def test_core_hears_that_a_mail_was_opened_all_the_same(self):
        self.smtp.refused.clear()
        message = self.post(self.alice).with_env(self.env)
        tracking = self.trackings_of(message)
        tracking._add_events({"event_type": "hard_bounce", "source": "dsn"})
        tracking._update_state()
        notification = message.sudo().notification_ids
        self.assertEqual(notification.notification_status, "bounce")
        self.let_pass(tracking)
        self.Tracking._register_open(tracking.token, "human")
        self.assertEqual(notification.notification_status, "sent")

    def test_only_failures_can_be_reviewed(self):
        self.smtp.refused.clear()
        arrived = self.trackings_of(self.post(self.alice))
        self.assertFalse(arrived._set_reviewed(True))
        self.assertFalse(arrived.reviewed)
        self.assertEqual(
            arrived.mail_message_id.notification_ids.notification_status, "sent"
        )

    def test_new_failure_clears_the_review(self):
        self.tracking._set_reviewed(True)
        self.tracking._add_events({"event_type": "hard_bounce", "source": "dsn"})
        self.tracking._update_state()
        self.assertFalse(self.tracking.reviewed)

    def test_next_attempt_clears_the_review(self):
        self.trackings._set_reviewed(True)
        mail = self.env["mail.mail"].browse(self.tracking.mail_id)
        mail.action_retry()
        self.send(mail)
        self.assertEqual(self.trackings.mapped("reviewed"), [False, False])
        self.assertEqual(self.trackings.mapped("attempt"), [2, 2])
        self.assertEqual(self.failures_of(self.author), 1)

    # === LIVE ===#
    def pushed(self, action, viewer=None):
        """Return what an action pushes: by channel, the values of each kind.

        :param viewer: user who has the document open, besides the author
        """
        self.env["mail.presence"].search([]).unlink()
        self.env["mail.presence"].create(
            [
                {"user_id": user.id, "status": "online"}
                for user in self.author + (viewer or self.author[:0])
            ]
        )
        if viewer:
            self.env["mail.tracking.viewer"].with_user(viewer)._replace(
                "browser", self.document
            )
        self.env.cr.precommit.run()
        self._reset_bus()
        with self.mock_bus():
            action()
        pushed = {}
        for notif in self._new_bus_notifs:
            payload = json.loads(notif.message)["payload"]
            pushed.setdefault(notif.channel, {}).update(payload)
        return pushed

    def channel(self, *target):
        """Return the channel as it is stored in the table of the bus."""
        channel = target if len(target) > 1 else target[0]
        return json_dump(channel_with_db(self.env.cr.dbname, channel))

    def test_pushed_when_reviewed(self):
        pushed = self.pushed(
            lambda: self.tracking._set_reviewed(True), viewer=self.colleague
        )
        of_author = pushed[self.channel(self.author.partner_id)]
        of_document = pushed[self.channel(self.document, LIVE)]
        for payload in (of_author, of_document):
            (message,) = payload["mail.message"]
            self.assertEqual(message["id"], self.message.id)
            self.assertEqual(
                [failure[0] for failure in message["tracking_failures"]],
                self.untried.ids,
            )
            self.assertEqual(
                payload["mail.thread"],
                [
                    {
                        "id": self.document.id,
                        "model": "res.partner",
                        "tracking_failed_count": 1,
                    }
                ],
            )
        self.assertEqual(of_author["Store"]["failed"]["counter"], 1)
        self.assertNotIn("Store", of_document)

    def test_pushed_when_the_message_is_deleted(self):
        pushed = self.pushed(self.message.sudo().unlink, viewer=self.colleague)
        of_author = pushed[self.channel(self.author.partner_id)]
        of_document = pushed[self.channel(self.document, LIVE)]
        self.assertEqual(of_author["Store"]["failed"]["counter"], 0)
        for payload in (of_author, of_document):
            (thread,) = payload["mail.thread"]
            self.assertEqual(thread["tracking_failed_count"], 0)

    def test_no_query_when_sending_deletes_the_message(self):
        in_document = {"model": self.document._name, "res_id": self.document.id}
        mail = self.new_mail(email_to="x@example.com", auto_delete=True, **in_document)
        message = mail.mail_message_id
        queries = []
        search = type(self.Tracking).search

        def note(trackings, domain, **kwargs):
            queries.append(domain)
            return search(trackings, domain, **kwargs)

        with patch.object(type(self.Tracking), "search", note):
            self.send(mail)
        self.assertFalse(message.exists())
        self.assertFalse([d for d in queries if ("reviewed", "=", False) in d])

    def test_pushed_when_the_document_is_deleted(self):
        pushed = self.pushed(self.document.sudo().unlink)
        of_author = pushed[self.channel(self.author.partner_id)]
        self.assertEqual(of_author["Store"]["failed"]["counter"], 0)

    def test_pushed_when_it_fails_and_when_it_is_read_all_the_same(self):
        author = self.channel(self.author.partner_id)
        pushed = self.pushed(lambda: self.post_failed(self.alice))
        self.assertEqual(pushed[author]["Store"]["failed"]["counter"], 2)
        self.untried._set_reviewed(True)
        self.let_pass(self.tracking)
        pushed = self.pushed(
            lambda: self.Tracking._register_open(self.tracking.token, "human")
        )
        self.assertEqual(pushed[author]["Store"]["failed"]["counter"], 1)

    def test_nothing_pushed_when_a_mail_arrives(self):
        self.smtp.refused.clear()
        pushed = json.dumps(list(self.pushed(lambda: self.post(self.alice)).values()))
        self.assertNotIn("tracking_failures", pushed)
        self.assertNotIn("counter_bus_id", pushed)
