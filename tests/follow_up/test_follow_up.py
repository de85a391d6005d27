from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.base.models.ir_cron import IrCron

from ...models.settings.res_config_settings import FOLLOW_UP_JOB
from ...tools.params import FOLLOW_UP_DAYS, FOLLOW_UP_SINCE, PIXEL_DISABLED
from ..helpers.failed_case import FailedCase


class FollowUpCase:
    """The switch, the job and its activities; of a `FailedCase`."""

    def setUp(self):
        super().setUp()
        self.job = self.env.ref(FOLLOW_UP_JOB)
        self.parameters = self.env["ir.config_parameter"]
        self.document = self.document.with_user(self.author)

    def switch(self, on=True, models=("res.partner",), days=3):
        """Save the settings as an administrator does."""
        chosen = self.env["ir.model"].search([("model", "in", models)])
        self.env["res.config.settings"].create(
            {
                "mail_tracking_follow_up": on,
                "mail_tracking_follow_up_model_ids": [Command.set(chosen.ids)],
                "mail_tracking_follow_up_days": days,
            }
        ).execute()

    def switch_on_long_ago(self, **values):
        self.switch(**values)
        self.parameters.set_param(FOLLOW_UP_SINCE, "2020-01-01 00:00:00")

    def run_job(self):
        # A test must not commit: what the job does is looked at, not its progress.
        with patch.object(IrCron, "_commit_progress"):
            self.Tracking._cron_follow_up()

    def age(self, message, **delta):
        """Move a message and its events back."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_tracking_email SET create_date = create_date - %s::interval,"
            " state_time = state_time - %s::interval WHERE mail_message_id = %s",
            [timedelta(**delta), timedelta(**delta), message.id],
        )
        self.trackings_of(message).invalidate_recordset()

    def activities(self, record=None):
        record = record or self.document
        return self.env["mail.activity"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )

    def assertFollowedUp(self, summary, *lines):
        """Run the job, twice, and check the one activity that it scheduled."""
        before = self.activities()
        self.run_job()
        self.run_job()
        activity = self.activities() - before
        self.assertEqual(activity.mapped("summary"), [summary])
        self.assertEqual(activity.user_id, self.author)
        for line in lines:
            self.assertIn(f"<li>{line}</li>", activity.note)
        self.assertEqual(activity.note.count("<li>"), len(lines))
        return activity


@tagged("post_install", "-at_install")
class TestFollowUp(FollowUpCase, FailedCase):
    def test_mail_that_failed(self):
        self.switch()
        self.post_failed(self.alice, subject="An <offer>")
        activity = self.assertFollowedUp("Email failed", "Alice Able: Address unknown")
        self.assertIn("An &lt;offer&gt;", activity.note)
        self.assertTrue(activity.automated)
        self.assertEqual(
            activity.activity_type_id, self.env.ref("mail.mail_activity_data_todo")
        )

    def test_one_activity_per_mail(self):
        self.switch()
        _message, trackings = self.post_failed(self.alice + self.bob)
        labels = dict(trackings._fields["error_type"]._description_selection(self.env))
        self.assertFollowedUp(
            "Email failed",
            *(f"{t.partner_id.name}: {labels[t.error_type]}" for t in trackings),
        )

    def test_mail_not_opened(self):
        self.switch_on_long_ago(days=3)
        message = self.post(self.alice + self.bob)
        alice, _bob = self.trackings_of(message).sorted("partner_id")
        alice._add_events(
            {"event_type": "open", "source": "pixel", "evidence": "human"}
        )
        alice._update_state()
        self.age(message, days=2, hours=23)
        self.run_job()
        self.assertFalse(self.activities())
        self.age(message, hours=2)
        self.assertFollowedUp("No open detected", "Bob Bounce: no open detected")

    def test_once_whatever_comes_later(self):
        self.switch_on_long_ago(days=3)
        message = self.post(self.alice + self.bob)
        self.age(message, days=4)
        activity = self.assertFollowedUp(
            "No open detected",
            "Alice Able: no open detected",
            "Bob Bounce: no open detected",
        )
        activity.action_done()
        tracking = self.trackings_of(message)[0]
        tracking._add_events({"event_type": "hard_bounce", "source": "dsn"})
        tracking._update_state()
        self.assertEqual(tracking.state, "bounced")
        self.run_job()
        self.assertFalse(self.activities())

    def test_nothing_to_follow_up(self):
        self.switch_on_long_ago(days=3)
        for name, prepare in (
            ("opened", lambda t: t.write({"state": "opened"})),
            ("canceled", lambda t: t.write({"state": "canceled"})),
            ("waiting", lambda t: t.write({"state": "waiting"})),
            ("reviewed", lambda t: t.write({"state": "error", "reviewed": True})),
            ("copy", lambda t: t.write({"recipient_type": "cc"})),
            ("opened by one of several", lambda t: t.write({"best_evidence": "human"})),
            ("colleague", lambda t: t.write({"partner_id": self.env.user.partner_id})),
            ("other model", lambda t: t.write({"model": "res.users"})),
            ("no message", lambda t: t.write({"mail_message_id": False})),
            ("author is no employee", lambda t: t.write({"author_id": self.bob.id})),
        ):
            with self.subTest(name):
                message = self.post(self.alice)
                self.age(message, days=4)
                prepare(self.trackings_of(message))
                self.run_job()
                self.assertFalse(self.activities())

    def test_openings_are_unknown(self):
        self.switch_on_long_ago(days=3)
        self.age(self.post(self.alice), days=4)
        self.parameters.set_param(PIXEL_DISABLED, "True")
        self.run_job()
        self.assertFalse(self.activities())
        self.parameters.set_param(PIXEL_DISABLED, "False")
        self.parameters.set_param(FOLLOW_UP_DAYS, "0")
        self.run_job()
        self.assertFalse(self.activities())
        self.post_failed(self.bob)
        self.assertFollowedUp("Email failed", "Bob Bounce: Address unknown")

    def test_not_those_of_old_times(self):
        message, _trackings = self.post_failed(self.alice)
        self.age(message, hours=1)
        self.age(self.post(self.bob), days=5)
        self.switch()
        self.run_job()
        self.assertFalse(self.activities())

    def test_long_forgotten_mails_are_let_go(self):
        self.switch_on_long_ago(days=3)
        self.age(self.post(self.alice), days=11)
        self.run_job()
        self.assertFalse(self.activities())

    def test_document_that_the_author_cannot_see(self):
        self.switch()
        message, trackings = self.post_failed(self.alice)
        self.document.sudo().company_id = self.env["res.company"].create({"name": "X"})
        self.run_job()
        self.assertFalse(self.activities())
        self.assertTrue(trackings.followed_up)
        gone, trackings = self.post_failed(self.bob)
        gone.sudo().res_id = trackings.res_id = 2**31 - 1
        self.run_job()
        self.assertTrue(trackings.followed_up)

    def test_in_the_language_of_the_author(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.author.lang = "fr_FR"
        self.switch()
        self.post_failed(self.alice)
        seen = []
        note = type(self.Tracking)._follow_up_note

        def noted(trackings):
            seen.append(trackings.env.lang)
            return note(trackings)

        self.patch(type(self.Tracking), "_follow_up_note", noted)
        self.run_job()
        self.assertEqual(seen, ["fr_FR"])

    def test_batches_and_no_mail(self):
        self.switch()
        for _number in range(3):
            self.post_failed(self.alice)
        sent = len(self.smtp.messages)
        mails = self.env["mail.mail"].search_count([])
        path = "odoo.addons.mail_activity_tracking.models"
        with patch(f"{path}.follow_up.mail_tracking_email.BATCH", 2):
            self.run_job()
        self.assertEqual(len(self.activities()), 3)
        self.assertEqual(len(self.smtp.messages), sent)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_a_model_that_is_gone(self):
        self.switch()
        self.parameters.set_param(
            "mail_activity_tracking.follow_up_models", "x.gone, res.partner,"
        )
        _message, trackings = self.post_failed(self.alice)
        trackings.model = "x.gone"
        self.run_job()
        self.assertTrue(trackings.followed_up)
        self.post_failed(self.bob)
        self.assertFollowedUp("Email failed", "Bob Bounce: Address unknown")


@tagged("post_install", "-at_install")
class TestFollowUpSettings(FollowUpCase, FailedCase):
    def test_off_by_default(self):
        self.assertFalse(self.job.active)
        settings = self.env["res.config.settings"].create({})
        self.assertFalse(settings.mail_tracking_follow_up)
        self.assertFalse(settings.mail_tracking_follow_up_model_ids)
        self.assertEqual(settings.mail_tracking_follow_up_days, 3)
        settings.execute()
        self.assertFalse(self.job.active)
        self.assertFalse(self.parameters.get_param(FOLLOW_UP_SINCE))

    def test_saved_and_read_again(self):
        self.switch(days=5)
        self.assertTrue(self.job.active)
        since = self.parameters.get_param(FOLLOW_UP_SINCE)
        self.assertTrue(since)
        settings = self.env["res.config.settings"].create({})
        self.assertTrue(settings.mail_tracking_follow_up)
        models = settings.mail_tracking_follow_up_model_ids.mapped("model")
        self.assertEqual(models, ["res.partner"])
        self.assertEqual(settings.mail_tracking_follow_up_days, 5)
        self.parameters.set_param(FOLLOW_UP_SINCE, "2020-01-01 00:00:00")
        settings.execute()  # saving again is not switching on again
        kept = self.parameters.get_param(FOLLOW_UP_SINCE)
        self.assertEqual(kept, "2020-01-01 00:00:00")
        self.switch(on=False)
        self.assertFalse(self.job.active)
        self.assertFalse(self.parameters.get_param(FOLLOW_UP_SINCE))

    def test_values_that_make_no_sense(self):
        with self.assertRaises(ValidationError):
            self.switch(days=-1)
        with self.assertRaises(ValidationError):
            self.parameters.set_param(FOLLOW_UP_DAYS, "soon")

    def test_job_deleted_by_somebody(self):
        self.job.unlink()
        self.switch()
        settings = self.env["res.config.settings"].create({})
        self.assertFalse(settings.mail_tracking_follow_up)

    def test_for_administrators_only(self):
        user = new_test_user(self.env, "follow-up-employee")
        self.assertFalse(
            self.env["res.config.settings"].with_user(user).has_access("create")
        )
        self.assertFalse(self.Tracking.with_user(user).has_access("write"))
