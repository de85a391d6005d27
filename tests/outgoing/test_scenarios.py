from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from smtplib import SMTPServerDisconnected
from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models import ir_mail_server

from ..helpers.committed_case import CommittedCase

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


@tagged("post_install", "-at_install")
class TestScenarios(CommittedCase):
    """Every kind of failure, at every recipient, for every way of sending.

    What the rows say at once, after the job and after three clicks on Retry within one
    dialogue with the server is what the server's mailbox says, and everybody has the
    mail once in the end. Only a connection that is lost after the final dot gives a
    second copy, to whoever asks for it.
    """

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

    def run_queue(self, mail_ids):
        with self.committed() as env:
            env["mail.mail"].process_email_queue(mail_ids)

    # === WHAT HAPPENS ===#
    @contextmanager
    def fault(self, name, place):
        """Make the server fail in one way for one recipient."""
        attribute, value, _temporary = FAULTS[name]
        victim = SECOND if name == PARTIAL else self.addresses[place]
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

    def settle(self):
        """Run the job, and the queue when it is due."""
        with self.committed() as env:
            mail_ids = self.rows(env).mapped("mail_id")
            mails = env["mail.mail"].browse(mail_ids).exists()
            mails = mails.filtered(lambda mail: mail.state == "outgoing")
            mails.scheduled_date = False
        for mail_id in mails.ids:
            self.run_queue([mail_id])

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

    # === WHAT HOLDS ===#
    def assertTrue_to_mailbox(self, lost):
        """Check that all rows agree with the mailboxes.

        :param set lost: addresses of which the server had taken the mail unheard
        """
        with self.committed() as env:
            for row in self.rows(env):
                sent = {
                    event.recipient or row.recipient_address
                    for event in row.tracking_event_ids
                    if event.event_type == "sent"
                }
                for address in row._addresses():
                    copies = self.smtp.copies(address)
                    self.assertEqual(copies, int(address in sent) + (address in lost))
                if row.state == "waiting":
                    self.assertTrue(row._waiting_mail_sudo(), "waits for ever")
        return True

    def run_all(self, send, is_waiting_anew=()):
        """Run every fault at every place.

        :param send: sends one mail, or several, to all addresses
        :param is_waiting_anew: faults after which core sends the mail again
        """
        done = 0
        for name, (_attribute, _value, temporary) in FAULTS.items():
            for place in PLACES:
                with self.subTest(fault=name, place=place):
                    self.check_one(send, name, place, temporary, is_waiting_anew)
                    done += 1
                self.tidy_up()
        self.assertEqual(done, 30)

    def tidy_up(self):
        with self.committed() as env:
            self.created.append(self.rows(env))
            for partner in (self.partners + self.together).with_env(env):
                partner.email = partner.email.replace(f", {SECOND}", "")

    def check_one(self, send, name, place, temporary, is_waiting_anew):
        with self.fault(name, place):
            send()
        lost = set()
        if name == "drop after the dot":
            victim = self.addresses[place]
            taken = [to for to, _text in self.smtp.messages if victim in to]
            lost = {address for to in taken for address in to}
        self.assertTrue_to_mailbox(lost)
        with self.committed() as env:
            rows = self.rows(env)
            self.assertNotIn("not_attempted", rows.mapped("error_type"))
            failed = bool(rows.filtered("is_failed"))
            again = temporary or name in is_waiting_anew
            self.assertEqual(failed, not again, rows.mapped("error_description"))
        self.settle()
        if name not in is_waiting_anew:
            self.assertTrue_to_mailbox(lost)
        self.click_three_times()
        with self.committed() as env:
            rows = self.rows(env)
            self.assertEqual(set(rows.mapped("state")), {"sent"})
            self.assertEqual(len(rows), len({row._recipient_key() for row in rows}))
        expected = {a: 1 + (a in lost) for a in self.addresses}
        copies = {a: self.smtp.copies(a) for a in self.addresses}
        self.assertEqual(copies, expected)

    def test_queue(self):
        self.run_all(self.by_queue)

    def test_at_once(self):
        # The transaction is rolled back, and the mail in the queue again.
        self.run_all(
            self.at_once, ("drop at RCPT", "drop at DATA", "drop after the dot")
        )

    def test_raw_addresses(self):
        self.run_all(self.by_raw_addresses)

    def test_several_addresses(self):
        self.run_all(self.by_several_addresses)

    def test_mass_mode(self):
        self.run_all(self.in_mass_mode)

    def test_personal_server(self):
        user, self.personal = self.new_personal_server("1000")
        self.owner_id = user.id
        self.run_all(self.by_personal_server)
