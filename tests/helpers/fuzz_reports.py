"""Tests of `test_fuzz_reports`; need hypothesis."""

import os
from email import message_from_bytes, policy

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ...tools.reports import reader
from ...tools.states import EVENT_TYPES, REASONS
from .reports import SAMPLES, report

# A short run each time, the same each time; MAT_FUZZ_EXAMPLES=20000 searches anew.
EXAMPLES = int(os.environ.get("MAT_FUZZ_EXAMPLES") or 0)
bounded = settings(
    max_examples=EXAMPLES or 60,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

KINDS = dict(EVENT_TYPES)
WORDS = {code for code, _label in REASONS} | {None}
SEEDS = [file.read_bytes() for file in sorted(SAMPLES.glob("*.eml"))]
NAMES = (
    *("Final-Recipient", "Original-Recipient", "Action", "Status", "Remote-MTA"),
    *("Diagnostic-Code", "Original-Envelope-Id", "Reporting-MTA", "Disposition"),
    *("Feedback-Type", "Original-Rcpt-To", "Content-Type", "From", ""),
)
VALUES = (
    *(
        "rfc822; a@example.com",
        "failed",
        "5.1.1",
        "smtp; 550 5.1.1 no",
        "utf-8; \\x{d800}",
    ),
    *("x" * 5000, "=?utf-8?b?////?=", "5." * 500, "((((", "a@b" * 900, ";;;", "\x00"),
)
CHARACTERS = st.characters(codec="utf-8")
VALUE = st.one_of(st.sampled_from(VALUES), st.text(CHARACTERS, max_size=60))
FIELD = st.tuples(st.sampled_from(NAMES), st.sampled_from(":;\n "), VALUE)
CONTENT = st.lists(FIELD, max_size=12).map(
    lambda fields: "\n".join(f"{name}{mark}{value}" for name, mark, value in fields)
)
TYPES = st.sampled_from([*reader.KINDS, *reader.RETURNED_TYPES, "x/y", ""])
ENCODINGS = st.sampled_from(
    ["7bit", "8bit", "base64", "quoted-printable", "x-uue", "\n"]
)
CUT = st.tuples(
    st.integers(0, 3000), st.integers(0, 200), st.binary(max_size=60), st.booleans()
)


class FuzzReports:
    """No exception escapes, and every result can be stored."""

    def read(self, data):  # pylint: disable=method-required-super
        # The inner function: what `read_report` catches is a flaw here.
        return reader._read(message_from_bytes(data, policy=policy.SMTP))

    def assertSane(self, mail_report):
        if mail_report is None:
            return
        texts = [value for value in mail_report if isinstance(value, str)]
        for reported in mail_report.recipients:
            event = reported.event()
            self.assertIn(event["event_type"], KINDS)
            self.assertIn(event.get("error_type"), WORDS)
            texts += [*reported, *reported.addresses]
        for text in [*texts, *mail_report.message_ids]:
            self.assertNotIn("\x00", text)
            text.encode()

    @bounded
    @given(st.sampled_from(SEEDS), st.lists(CUT, min_size=1, max_size=8))
    def test_damaged_samples(self, data, cuts):
        for start, length, piece, moves in cuts:
            removed = data[start : start + length]
            data = data[:start] + piece + data[start + length :]
            data += removed * moves
        self.assertSane(self.read(data))

    @bounded
    @given(CONTENT, TYPES, ENCODINGS, CONTENT, TYPES, CONTENT)
    def test_fields_in_any_order(self, content, kind, encoding, back, back_kind, head):
        source = report(
            content,
            kind,
            encoding=encoding,
            returned=back,
            returned_type=back_kind or "text/plain",
            headers=f"{head.strip()}\n" if head.strip() else "",
        )
        self.assertSane(self.read(source.encode("utf-8", "surrogatepass")))

    @bounded
    @given(st.binary(max_size=2000))
    def test_any_bytes(self, data):
        self.assertSane(self.read(data))
        status = b"Content-Type: message/delivery-status\nFrom: mailer-daemon@x\n\n"
        self.assertSane(self.read(status + data))
