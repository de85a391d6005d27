"""Every way of sending, and every failure of a mail server."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from smtplib import SMTPServerDisconnected
from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.service.model import retrying
from odoo.tools import mute_logger

from odoo.addons.base.models import ir_mail_server

PORT_OF_NOBODY = 9
PARTIAL, REFUSED = "partial refusal", "refused connection"
# What the server does to the victim (attribute of `SmtpServer` and its value), and
# whether the mail may still arrive, so that it is tried again by itself.
FAULTS = {
    "421": ("refused", "421 4.7.0 Try later", True),
    "451": ("refused", "451 4.7.1 Greylisted", True),
    "452": ("refused", "452 4.2.2 Mailbox full", True),
    "550": ("refused", "550 5.1.1 Unknown", False),
    "drop at RCPT": ("drops", "rcpt", True),
    "drop at DATA": ("drops", "data", False),
    "drop after the dot": ("drops", "dot", False),
    "timeout": ("drops", "hang", True),
    REFUSED: (None, None, True),
    PARTIAL: ("refused", "550 5.1.1 Unknown", False),
}
PLACES = range(3)
SECOND = "second@example.com"
MUTED = (
    *("odoo.addons.mail.models.mail_mail", "odoo.addons.base.models.ir_mail_server"),
    *("odoo.sql_db", "odoo.service.model", "odoo.models.unlink"),
    "odoo.addons.mail_activity_tracking.models.retry.mail_mail",
)


class ScenarioCase:
    """One mail, or several, to three addresses, one of which the server fails at."""

    def setUp(self):
        super().setUp()
        for name in MUTED:
            self.enterContext(mute_logger(name))
        self.enterContext(patch.object(ir_mail_server, "SMTP_TIMEOUT", 0.5))
        self.addresses = [f"{name}@example.com" for name in "abc"]
        with self.committed() as env:
            self.partners = env["res.partner"].create(
                [{"name": a, "email": a} for a in self.addresses]
            )
            self.together = env["res.partner"].create(
                {"name": "All of them", "email": ", ".join(self.addresses)}
            )
            self.created += [self.partners, self.together]

    # === HOW IT IS SENT ===#
    def mails(self, env, count=1, **values):
        values = {"subject": "x", "body_html": "<p>x</p>", **values}
        values.setdefault("email_from", "sender@example.com")
        return env["mail.mail"].create([dict(values) for _number in range(count)])

    def queue(self, user_id=SUPERUSER_ID, **values):
        with self.committed() as env:
            mails = self.mails(env(user=user_id, su=True), **values)
        self.run_queue(mails.ids)

    def by_queue(self):
        self.queue(recipient_ids=self.partners.ids)

    def at_once(self):
        with suppress(SMTPServerDisconnected), self.committed() as env:
            self.together.with_env(env).message_post(
                body="Hello",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.partners.ids,
            )

    def by_raw_addresses(self):
        with self.committed() as env:
            addresses = self.together.with_env(env).email
        self.queue(email_to=addresses)

    def by_several_addresses(self):
        self.queue(recipient_ids=self.together.ids)

    def in_mass_mode(self):
        with suppress(SMTPServerDisconnected), self.committed() as env:
            composer = env["mail.compose.message"].create(
                {
                    "composition_mode": "mass_mail",
                    "model": "res.partner",
                    "res_ids": self.partners.ids,
                    "subject": "x",
                    "body": "<p>x</p>",
                    "email_from": "sender@example.com",
                    "force_send": False,
                    "auto_delete": False,
                }
            )
            composer._action_send_mail()
            domain = [("recipient_ids", "in", self.partners.ids)]
            mails = env["mail.mail"].search([*domain, ("state", "=", "outgoing")])
        self.run_queue(mails.ids)

    def by_personal_server(self):
        self.queue(
            user_id=self.owner_id,
            recipient_ids=self.partners.ids,
            mail_server_id=self.personal.id,
            email_from="owner@example.com",
        )

    def use_personal_server(self, limit="1000"):
        user, self.personal = self.new_personal_server(limit)
        self.owner_id = user.id

    def run_queue(self, mail_ids):
        with self.committed() as env:
            env["mail.mail"].process_email_queue(mail_ids)

    # === WHAT HAPPENS ===#
    @contextmanager
    def fault(self, name, place):
        """Make the server fail in one way for one recipient."""
        attribute, value, _temporary = FAULTS[name]
        victim = SECOND if name == PARTIAL else self.addresses[place]
        self.victim = victim
        self.smtp.messages.clear()
        if attribute:
            getattr(self.smtp, attribute)[victim] = value
        with self.committed() as env:
            servers = env["ir.mail_server"].search([("smtp_port", "=", self.smtp.port)])
            if name == REFUSED:
                servers.smtp_port = PORT_OF_NOBODY
            if name == PARTIAL:
                self.partners[place].with_env(env).email += f", {SECOND}"
                self.together.with_env(env).email += f", {SECOND}"
            newest = env["mail.tracking.email"].search([], order="id desc", limit=1)
            self.last_id = newest.id or 0
        yield
        for attribute in ("refused", "drops"):
            getattr(self.smtp, attribute).clear()
        with self.committed() as env:
            servers.with_env(env).smtp_port = self.smtp.port

    def rows(self, env):
        partners = (self.partners + self.together).ids
        return env["mail.tracking.email"].search(
            [
                ("id", ">", self.last_id),
                "|",
                ("partner_id", "in", partners),
                ("recipient_address", "in", [*self.addresses, SECOND]),
            ]
        )

    def run_due_queue(self):
        """Run the queue when the mails of the rows are due."""
        with self.committed() as env:
            mail_ids = self.rows(env).mapped("mail_id")
            mails = env["mail.mail"].browse(mail_ids).exists()
            mails = mails.filtered(lambda mail: mail.state == "outgoing")
            mails.scheduled_date = False
        for mail_id in mails.ids:
            self.run_queue([mail_id])

    def run_jobs(self):
        """Run the jobs that try again and that mend, two hours later."""
        with self.committed() as env:
            env.cr.execute(
                """UPDATE mail_tracking_event SET time = time - interval '2 hours'
                    WHERE tracking_email_id = ANY(%(ids)s);
                   UPDATE mail_tracking_email
                      SET state_time = state_time - interval '2 hours'
                    WHERE id = ANY(%(ids)s)""",
                {"ids": self.rows(env).ids},
            )
        with self.committed() as env:
            env["mail.tracking.email"]._cron_try_again()
        with self.committed() as env:
            env["mail.tracking.email"]._cron_mend_states()

    def click(self, ids, attempts):
        with self.committed() as env:
            rows = env["mail.tracking.email"].browse(ids)
            retrying(lambda: rows._retry(attempts=attempts), env)

    def click_three_times(self):
        """Retry what has failed; twice more while the server has the first mail."""
        with self.committed() as env:
            failed = self.rows(env).filtered("is_failed")
            attempts = {row.id: row.attempt for row in failed}
        if not attempts:
            return
        work = []
        with ThreadPoolExecutor(2) as pool:

            def on_data(_envelope):
                while len(work) < 2:
                    work.append(pool.submit(self.click, list(attempts), attempts))

            self.smtp.on_data, self.smtp.delay = on_data, 0.05
            self.click(list(attempts), attempts)
            for done in work:
                done.result()
        self.smtp.on_data, self.smtp.delay = None, 0

    def send_to_all(self, send, name, place):
        """Send while the server fails.

        :return: set of the addresses for which it has taken the mail unheard
        """
        with self.fault(name, place):
            send()
        if name != "drop after the dot":
            return set()
        taken = [to for to, _text in self.smtp.messages if self.victim in to]
        return {address for to in taken for address in to}

    def tidy_up(self):
        with self.committed() as env:
            self.created.append(self.rows(env))
            for partner in (self.partners + self.together).with_env(env):
                partner.email = partner.email.replace(f", {SECOND}", "")
