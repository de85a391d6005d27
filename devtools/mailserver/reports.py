"""The delivery reports of the demo's mail server, and their way into Odoo."""

import email.utils
import time
import xmlrpc.client

HOST = "mail.example.com"
# Domain of a recipient's address -> action, status, and what the server says.
OUTCOMES = {
    "bounced.example.com": ("failed", "5.1.1", "550 5.1.1 No such user here"),
    "slow.example.com": ("delayed", "4.4.1", "421 4.4.1 No answer yet, still trying"),
}
DELIVERED = ("delivered", "2.0.0", "250 2.0.0 Delivered to the mailbox")
# What NOTIFY has to say for an action to be reported, RFC 3461 section 4.1.
WANTED = {"failed": "FAILURE", "delayed": "DELAY", "delivered": "SUCCESS"}
REPORT = """\
From: Mail Delivery System <MAILER-DAEMON@{host}>
To: {sender}
Subject: {action}: your email to {recipient}
Date: {date}
Message-ID: {message_id}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="report"

--report
Content-Type: text/plain; charset=utf-8

{recipient}: {words}
--report
Content-Type: message/delivery-status

Reporting-MTA: dns; {host}
Original-Envelope-Id: {envelope_id}
Arrival-Date: {date}

Final-Recipient: rfc822; {recipient}
Original-Recipient: {original}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {words}

--report
Content-Type: text/rfc822-headers

{headers}
--report--
"""
# The person at the screen should see each state.
SECONDS_BEFORE_REPORT = 2
SECONDS_OF_PATIENCE = 300


def reports_of(envelope):
    """Return the reports that the sender of a mail has asked for.

    :param envelope: of aiosmtpd, with what `dsn_smtp.DsnSmtp` adds
    :return: list of texts
    """
    return [
        _report(envelope, recipient, options)
        for recipient, options in envelope.dsn_recipients.items()
        if WANTED[outcome(recipient)[0]] in options.get("NOTIFY", "")
    ]


def outcome(recipient):
    """Return what becomes of a mail: action, status, words."""
    return OUTCOMES.get(recipient.rpartition("@")[2].lower(), DELIVERED)


def _report(envelope, recipient, options):
    action, status, words = outcome(recipient)
    content = envelope.content.decode(errors="replace").replace("\r\n", "\n")
    return REPORT.format(
        host=HOST,
        sender=envelope.mail_from,
        recipient=recipient,
        original=options.get("ORCPT", f"rfc822;{recipient}"),
        envelope_id=envelope.dsn.get("ENVID", ""),
        action=action,
        status=status,
        words=words,
        date=email.utils.formatdate(),
        message_id=email.utils.make_msgid(domain=HOST),
        headers=content.partition("\n\n")[0],
    )


class Gateway:
    """Odoo's mail gateway, as `odoo-mailgate.py` uses it."""

    def __init__(self, url, database, login="admin", password="admin"):  # noqa: S107
        """:param str url: of Odoo, which need not run yet."""
        self._url = f"{url}/xmlrpc/2"
        self._who = (database, login, password)

    def deliver(self, texts):
        """Hand reports over, after a moment, and when Odoo answers.

        :raise OSError: when it does not for a long time
        """
        time.sleep(SECONDS_BEFORE_REPORT)
        deadline = time.monotonic() + SECONDS_OF_PATIENCE
        for text in texts:
            while not self._delivered(text, deadline):
                time.sleep(1)

    def _delivered(self, text, deadline):
        database, _login, password = self._who
        try:
            common = xmlrpc.client.ServerProxy(f"{self._url}/common")
            user_id = common.authenticate(*self._who, {})
            models = xmlrpc.client.ServerProxy(f"{self._url}/object", allow_none=True)
            method = ("mail.thread", "message_process")
            arguments = [False, xmlrpc.client.Binary(text.encode())]
            models.execute_kw(database, user_id, password, *method, arguments)
        except OSError:
            if time.monotonic() > deadline:
                raise
            return False
        return True
