from contextlib import contextmanager

from odoo.tools import mute_logger

from .committed_case import CommittedCase

CORE = "odoo.addons.mail.models.mail_mail"
SERVER = "odoo.addons.base.models.ir_mail_server"
VICTIM = "b@example.com"

# What the server does to one recipient: the attribute of `SmtpServer`, its value, and
# what the row of that recipient says then: reason, and whether trying again can help.
FAULTS = {
    "421 at RCPT": ("refused", "421 4.7.0 Try later", "postponed", True),
    "451 at RCPT": ("refused", "451 4.7.1 Greylisted", "postponed", True),
    "452 at RCPT": ("refused", "452 4.2.2 Mailbox full", "mailbox_full", True),
    "550 at RCPT": ("refused", "550 5.1.1 Unknown", "address_unknown", False),
    "451 after the dot": ("answers", "451 4.3.0 Try later", None, True),
    "554 after the dot": ("answers", "554 5.7.1 Spam", None, False),
    "drop at RCPT": ("drops", "rcpt", "mail_smtp", True),
    "drop at DATA": ("drops", "data", "connection_lost", False),
    "drop after the dot": ("drops", "dot", "connection_lost", False),
}


class FaultCase(CommittedCase):
    """A server that fails in one way at one recipient, and what the rows say then."""

    def setUp(self):
        super().setUp()
        # What a failure means in the end, when nothing more is tried.
        self.set_parameter("retry_hours", "0")
        self.set_parameter("retry_not_tried", "False")
        for name in (CORE, SERVER):
            self.enterContext(mute_logger(name))

    def partners(self, names):
        """Create contacts, whom core sends to in the order of the names."""
        with self.committed() as env:
            partners = env["res.partner"].create(
                [
                    {"name": f"{i} {name}", "email": f"{name}@example.com"}
                    for i, name in enumerate(names)
                ]
            )
            self.created.append(partners)
            return partners.ids

    def new_mail(self, **values):
        with self.committed() as env:
            mail = env["mail.mail"].create(
                {
                    "subject": "Faults",
                    "body_html": "<p>x</p>",
                    "email_from": "sender@example.com",
                    **values,
                }
            )
            trackings = env["mail.tracking.email"].search([("mail_id", "=", mail.id)])
            self.created += [mail, trackings]
            return mail.id

    def run_queue(self, mail_ids):
        """Run the queue as its job does, which commits whatever has happened."""
        with self.committed() as env:
            env["mail.mail"].process_email_queue(mail_ids)

    def rows(self, mail_ids):
        """Return what the rows of mails say: address to (state, reason, temporary)."""
        with self.committed() as env:
            of_mails = env["mail.tracking.email"].search([("mail_id", "in", mail_ids)])
            return {
                row.recipient_address: (
                    row.state,
                    row.error_type,
                    any(row.tracking_event_ids.mapped("is_temporary")),
                )
                for row in of_mails
            }

    def states(self, mail_ids):
        with self.committed() as env:
            return env["mail.mail"].browse(mail_ids).exists().mapped("state")

    @contextmanager
    def no_server(self):
        """Let nobody listen within the block."""
        with self.committed() as env:
            servers = env["ir.mail_server"].search([("smtp_port", "=", self.smtp.port)])
            servers.smtp_port = 9
        yield
        with self.committed() as env:
            servers.with_env(env).smtp_port = self.smtp.port

    @contextmanager
    def fault(self, name):
        """Let the server fail one way in the block, and return what rows say then."""
        attribute, value, reason, temporary = FAULTS[name]
        with self.subTest(fault=name):
            self.smtp.messages.clear()
            getattr(self.smtp, attribute)[VICTIM] = value
            try:
                yield reason, temporary
            finally:
                getattr(self.smtp, attribute).clear()

    def check_victim(self, row, reason, temporary):
        state, found_reason, found_temporary = row
        self.assertEqual((state, found_temporary), ("error", temporary))
        if reason:
            self.assertEqual(found_reason, reason)

    def check_mailboxes(self, rows, name):
        """Check that the rows agree with what the server has taken."""
        for address, (state, _reason, _temporary) in rows.items():
            if state == "error" and name == "drop after the dot":
                continue  # only the server knows that it has taken the message
            copies = self.smtp.copies(address)
            self.assertEqual(copies, int(state == "sent"), address)
