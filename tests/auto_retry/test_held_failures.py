from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.models.mail_message import MailMessage

from ...tools.after_commit import PendingStates
from ..helpers.auto_retry_case import AutoRetryCase

GUARD = "odoo.addons.mail_activity_tracking.tools.guard"


@tagged("post_install", "-at_install")
class TestHeldFailures(AutoRetryCase):
    """Failures that core would push while sending are pushed after the commit."""

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger(GUARD))
        self.post()
        self.pushed = pushed = []

        def tell(messages):
            pushed.append((messages.env.uid, dict(messages.env.context), messages.ids))
            if messages.env.uid == 1:
                raise RuntimeError("The browser of the first one is ill")

        self.enterContext(
            patch.object(MailMessage, "_notify_message_notification_update", tell)
        )

    def hold(self, env, **context):
        """Hold the message back for the superuser and for the administrator."""
        pending = PendingStates(env.cr.dbname)
        pending.add(env.cr, {}, {}, is_sending=False)
        for uid in (1, env.ref("base.user_admin").id):
            pushed = env(user=uid, context=context)["mail.message"]
            pending.hold(pushed.browse(self.message_id))

    def test_companies_and_language_are_those_of_the_sender(self):
        context = {"allowed_company_ids": [1], "lang": "en_US"}
        with self.committed() as env:
            self.hold(env, **context, mail_tracking_run=object())
            self.assertFalse(self.pushed)
        self.assertEqual([pushed[1] for pushed in self.pushed], [context, context])

    def test_an_error_of_one_does_not_silence_the_others(self):
        with self.committed() as env:
            self.hold(env)
        self.assertEqual([pushed[0] for pushed in self.pushed], [1, 2])
        self.assertEqual(
            {tuple(pushed[2]) for pushed in self.pushed}, {(self.message_id,)}
        )

    def test_nobody_is_told_after_a_rollback(self):
        with self.committed() as env:
            self.hold(env)
            env.cr.rollback()
        self.assertFalse(self.pushed)
