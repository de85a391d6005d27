"""Reports for the tests: samples, and reports built from parts."""

from email import message_from_bytes, policy
from pathlib import Path

SAMPLES = Path(__file__).parent.parent / "samples"
STATUS = """Reporting-MTA: dns; mta.example.com
Original-Envelope-Id: {envelope_id}

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {diagnostic}
"""


def sample(name):
    """Return one of the files in `samples`, as bytes."""
    return (SAMPLES / f"{name}.eml").read_bytes()


def parse(source):
    """Return the message as core parses it."""
    data = source if isinstance(source, bytes) else source.encode()
    return message_from_bytes(data, policy=policy.SMTP)


def status(recipient, action="failed", code="5.1.1", envelope_id="x", **values):
    """Return the content of a message/delivery-status for one recipient."""
    return STATUS.format(
        recipient=recipient,
        action=action,
        status=code,
        envelope_id=envelope_id,
        diagnostic=values.get("diagnostic", f"550 {code} no"),
    )


def report(
    content,
    kind="message/delivery-status",
    *,
    headers="",
    encoding="7bit",
    returned="Message-ID: <original@example.com>",
    returned_type="text/rfc822-headers",
    report_type="delivery-status",
    **values,
):
    """Build a report.

    :param str content: of its second part
    :param str kind: type of that part, "" to leave it out
    :param str returned: the third part, "" to leave it out
    :rtype: str
    """
    sender = values.get("sender", "MAILER-DAEMON@mta.example.com")
    parts = ["Content-Type: text/plain\n\nIn words.\n"]
    if kind:
        head = f"Content-Type: {kind}\nContent-Transfer-Encoding: {encoding}"
        parts.append(f"{head}\n\n{content}")
    if returned:
        parts.append(f"Content-Type: {returned_type}\n\n{returned}\n")
    body = "\n--B\n".join(["", *parts])
    return (
        f"From: {sender}\nTo: {values.get('to', 'bounce@example.com')}\n"
        f"Subject: {values.get('subject', 'Report')}\n"
        f"Message-ID: {values.get('message_id', '<report@mta.example.com>')}\n"
        f"{headers}MIME-Version: 1.0\n"
        f"Content-Type: multipart/report; report-type={report_type}; boundary=B\n"
        f"{body}\n--B--\n"
    )
