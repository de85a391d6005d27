from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, fields, modules
from odoo.modules.registry import DummyRLock, Registry
from odoo.tests import TransactionCase

from ...tools.after_commit import read_committed
from ...tools.params import PREFIX
from .smtp_server import SmtpServer, sending


class CommittedCase(TransactionCase):
    """Real transactions that really commit, as in production."""

    def setUp(self):
        super().setUp()
        self.smtp = SmtpServer().start()
        self.addCleanup(self.smtp.stop)
        self.created = []
        self.addCleanup(self._delete_created)
        # As outside of tests: mails are sent, and states follow after the commit.
        self.enterContext(sending())
        self.enterContext(patch.object(modules.module, "current_test", None))
        # Held by the thread that runs the tests: other threads would wait for ever.
        self.enterContext(patch.object(Registry, "_lock", DummyRLock()))
        with self.committed() as env:
            server = env["ir.mail_server"].create(self.smtp.server_values())
            self.created.append(server)

    @contextmanager
    def committed(self):
        """Return an environment with a transaction of its own, which is committed."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def set_parameter(self, name, value):
        """Set a parameter of the addon, until the test is over."""
        with self.committed() as env:
            parameters = env["ir.config_parameter"]
            former = parameters.set_param(PREFIX + name, value)
        self.addCleanup(self._restore_parameter, name, former)

    def _restore_parameter(self, name, value):
        with self.committed() as env:
            env["ir.config_parameter"].set_param(PREFIX + name, value)

    def _delete_created(self):
        with self.committed() as env:
            for records in self.created:
                records.with_env(env).exists().unlink()

    def new_committed_mails(self, count, **values):
        """Queue mails, each to one address, and return the ids of their trackings."""
        with self.committed() as env:
            mails = env["mail.mail"].create(
                [
                    {
                        "subject": "Concurrent",
                        "body_html": "<p>x</p>",
                        "email_from": "sender@example.com",
                        "email_to": f"r{i}@example.com",
                        **values,
                    }
                    for i in range(count)
                ]
            )
            trackings = env["mail.tracking.email"].search(
                [("mail_id", "in", mails.ids)], order="id"
            )
            self.created += [trackings, mails]
            return mails.ids, [(t.id, t.token) for t in trackings]

    def post_to_queue(self):
        """Post to a contact, by the queue; return the ids of mail and tracking."""
        with self.committed() as env:
            partner = env["res.partner"].create({"name": "Q", "email": "q@example.com"})
            document = env["res.partner"].create({"name": "Document"})
            message = document.with_context(mail_notify_force_send=False).message_post(
                body="Hello",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=partner.ids,
            )
            domain = [("mail_message_id", "=", message.id)]
            tracking = env["mail.tracking.email"].search(domain)
            self.created += [tracking, partner, document]
            return env["mail.mail"].search(domain).id, tracking.id

    def new_personal_server(self, minutes):
        """Create a user with a mail server of their own, which splits its mails.

        :param str minutes: how many emails go out each minute
        :return: tuple (user, `ir.mail_server`)
        """
        # A real one would need a login, which the server of the tests has not.
        servers = self.registry["ir.mail_server"]
        self.enterContext(
            patch.object(servers, "_check_forced_mail_server", lambda *_arguments: None)
        )
        with self.committed() as env:
            user = env["res.users"].create(
                {
                    "name": "Owner",
                    "login": "mat_owner",
                    "email": "owner@example.com",
                    "group_ids": [(4, env.ref("base.group_user").id)],
                }
            )
            server = env["ir.mail_server"].create(
                {
                    **self.smtp.server_values(),
                    "name": "Personal",
                    "from_filter": "owner@example.com",
                    "owner_user_id": user.id,
                }
            )
            env["ir.config_parameter"].set_param(
                "mail.server.personal.limit.minutes", minutes
            )
            self.created += [user, server]
            return user, server

    def state_of(self, tracking_id):
        """Return the state and the kinds of events that are committed."""
        with self.committed() as env:
            tracking = env["mail.tracking.email"].browse(tracking_id)
            events = tracking.tracking_event_ids.sorted("id")
            return tracking.state, sorted(events.mapped("event_type"))

    def accept(self, trackings):
        """Let mails have been accepted a minute ago; return what was given."""
        sent = {"event_type": "sent", "source": "smtp"}
        with self.committed() as env:
            sent["time"] = fields.Datetime.now() - timedelta(minutes=1)
            ids = [tracking_id for tracking_id, _token in trackings]
            env["mail.tracking.email"].browse(ids)._add_events(sent)
        return trackings

    def open(self, token, evidence="human"):
        """Open a mail in a transaction of its own, as the pixel's route does."""
        with self.registry.cursor() as cr:
            read_committed(cr)
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["mail.tracking.email"]._register_open(token, evidence)
