from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.base.models.ir_cron import IrCron

from ...tools.consent import ALLOWED, CONSENT, REFUSED
from ...tools.pixel_hit import register_hit
from ..helpers.committed_case import CommittedCase
from ..helpers.consent_case import ConsentCase
from ..opens.test_pixel_hit import SlowCursor


@tagged("post_install", "-at_install")
class TestWithdrawal(ConsentCase):
    """A refusal counts for mails already sent, and removes their opens."""

    def test_before_an_opening(self):
        tracking = self.sent_tracking()
        self.assertTrue(self.has_pixel(self.alice.email))
        self.refuse(self.alice.email)
        self.open(tracking)
        self.assertTracked(tracking, "sent", ["queued", "sent"], hit_count=0)

    def test_after_an_opening(self):
        tracking = self.sent_tracking()
        self.open(tracking)
        self.assertEqual(tracking.state, "opened")
        self.refuse(self.alice.email)
        self.assertTracked(
            tracking,
            "sent",
            ["queued", "sent", "opens_removed"],
            open_count=0,
            first_open=False,
            last_open=False,
            hit_count=0,
            last_hit=False,
            best_evidence=False,
            opens="never",
        )
        event = tracking.tracking_event_ids.sorted("id")[-1]
        self.assertEqual((event.title, event.source), ("Opens removed", "consent"))
        self.open(tracking)
        self.assertEqual(tracking.state, "sent")
        self.assertFalse(self.Consent.search([("is_pending", "=", True)]))

    def test_what_the_person_has_done_himself_stays(self):
        tracking = self.sent_tracking()
        self.open(tracking)
        tracking._add_events({"event_type": "reply", "source": "gateway"})
        tracking._update_state()
        self.refuse(self.alice.email)
        self.assertTracked(
            tracking, "opened", ["queued", "sent", "reply", "opens_removed"]
        )

    def test_a_failure_comes_back(self):
        tracking = self.sent_tracking()
        tracking._add_events({"event_type": "hard_bounce", "source": "dsn"})
        tracking._update_state()
        self.open(tracking)
        self.assertEqual(tracking.state, "opened")
        self.refuse(self.alice.email)
        self.assertEqual(tracking.state, "bounced")

    def test_of_one_person_only(self):
        trackings = self.trackings_of(self.post(self.alice + self.bob))
        self.let_pass(trackings)
        for tracking in trackings:
            self.open(tracking)
            self.let_pass(trackings)
            self.env.cr.execute(
                "UPDATE mail_tracking_email SET last_hit = last_hit - interval '1 min'"
            )
            self.env.invalidate_all()
        self.refuse(self.alice.email)
        self.assertEqual(trackings.mapped("state"), ["sent", "opened"])

    def test_a_contact_whose_address_has_changed(self):
        tracking = self.sent_tracking()
        self.open(tracking)
        self.alice.email = "new@example.com"
        self.refuse("alice@example.com")
        self.assertEqual(tracking.state, "sent")

    def test_an_address_without_contact(self):
        mail = self.new_mail(email_to="raw@example.com")
        tracking = self.trackings_of(mail)
        self.send(mail)
        self.let_pass(tracking)
        self.open(tracking)
        self.assertEqual(tracking.state, "opened")
        self.refuse("raw@example.com")
        self.assertEqual(tracking.state, "sent")

    def test_allowed_again(self):
        """Removed opens stay removed; consent counts for the next mail."""
        self.set_preset(CONSENT)
        self.allow(self.alice.email)
        before = self.sent_tracking()
        self.refuse(self.alice.email)
        self.allow(self.alice.email)
        self.open(before)
        self.assertEqual(before.state, "sent")
        after = self.sent_tracking()
        self.open(after)
        self.assertEqual(after.state, "opened")

    def test_shared_message(self):
        """Hits of a pixel shared with a refusing recipient are not recorded."""
        mail = self.new_mail(email_to="one@example.com, two@example.com")
        trackings = self.trackings_of(mail)
        self.send(mail)
        self.let_pass(trackings)
        self.refuse("two@example.com")
        self.open(trackings[0])
        self.assertEqual(trackings.mapped("hit_count"), [0, 0])

    def test_consent_that_is_forgotten(self):
        self.set_preset(CONSENT)
        self.allow(self.alice.email)
        tracking = self.sent_tracking()
        self.alice.mail_tracking_consent = False
        self.open(tracking)
        self.assertEqual((tracking.state, tracking.hit_count), ("sent", 0))

    def test_statements(self):
        tracking = self.sent_tracking()
        self.env.flush_all()
        token = tracking.token
        # Between the commit of a refusal and what follows it.
        self.env.cr.execute(
            """INSERT INTO mail_tracking_consent (address, state, date, origin)
                    VALUES ('alice@example.com', 'refused', now(), 'link')"""
        )
        with self.assertQueryCount(3):
            self.assertFalse(register_hit(self.env.cr, token, "human"))
        tracking.opens = "never"
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.assertFalse(register_hit(self.env.cr, token, "human"))

    def test_withdrawn_between_look_and_write(self):
        """A hit that waited for the lock finds a changed row."""
        tracking = self.sent_tracking()
        withdrawn = (
            "UPDATE mail_tracking_email SET opens = 'never' WHERE id = %s",
            [tracking.id],
        )
        slow = SlowCursor(self.env.cr, withdrawn)
        self.assertFalse(register_hit(slow, tracking.token, "human"))
        self.env.invalidate_all(flush=False)
        self.assertTracked(tracking, "sent", ["queued", "sent"], hit_count=0)

    def test_job_does_what_a_crash_has_left(self):
        tracking = self.sent_tracking()
        self.open(tracking)
        self.env.cr.execute(
            """INSERT INTO mail_tracking_consent
                           (address, state, date, origin, is_pending)
                    VALUES ('alice@example.com', 'refused', now(), 'link', TRUE)"""
        )
        # A test must not commit.
        with patch.object(IrCron, "_commit_progress"):
            self.Tracking._cron_mend_states()
        self.assertEqual(tracking.state, "sent")
        self.assertFalse(self.Consent.search([("is_pending", "=", True)]))


@tagged("post_install", "-at_install")
class TestCommittedWithdrawal(CommittedCase):
    """Real transactions: a refusal and an open at the same moment."""

    def choose(self, env, choice):
        env["mail.tracking.consent"]._choose(["r0@example.com"], choice)

    def setUp(self):
        super().setUp()
        self.addCleanup(self._forget)

    def _forget(self):
        with self.committed() as env:
            self.choose(env, "not_asked")
            env.cr.execute("DELETE FROM mail_tracking_consent_log")

    def new_opened(self):
        _mails, trackings = self.new_committed_mails(1)
        self.accept(trackings)
        return trackings[0]

    def test_after_the_commit(self):
        tracking_id, token = self.new_opened()
        self.open(token)
        self.assertEqual(self.state_of(tracking_id)[0], "opened")
        with self.committed() as env:
            self.choose(env, REFUSED)
            self.assertEqual(self.state_of(tracking_id)[0], "opened")
        self.assertEqual(self.state_of(tracking_id)[0], "sent")

    def test_rolled_back(self):
        tracking_id, token = self.new_opened()
        self.open(token)
        with self.registry.cursor() as cr:
            env = self.env(cr=cr)
            self.choose(env, REFUSED)
            cr.rollback()
        self.assertEqual(self.state_of(tracking_id)[0], "opened")

    def test_refused_in_another_transaction_counts_at_once(self):
        tracking_id, token = self.new_opened()
        with self.registry.cursor() as reading:
            reading.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SELECT 1")
            with self.committed() as env:
                self.choose(env, REFUSED)
            self.assertFalse(register_hit(reading, token, "human"))
        self.assertEqual(self.state_of(tracking_id)[1], ["queued", "sent"])

    def test_no_pixel_once_somebody_has_refused(self):
        """The first refusal takes effect in every process."""
        with self.committed() as env:
            self.choose(env, ALLOWED)
            self.assertFalse(env["mail.tracking.consent"]._has_refusals())
        with self.committed() as env:
            self.choose(env, REFUSED)
        with self.committed() as env:
            self.assertTrue(env["mail.tracking.consent"]._has_refusals())
        mail_ids, _trackings = self.new_committed_mails(1)
        with self.committed() as env:
            env["mail.mail"].browse(mail_ids).send()
        self.assertNotIn("/mail/tracking/open/", self.smtp.messages[-1][1])
