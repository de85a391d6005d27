import re
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ...tools import states, vocabulary
from ...tools.vocabulary_asset import ASSET, render

ACTIONS = {"edit", "retry", "review"}
TABLES = {
    "STATUSES": vocabulary.STATUSES,
    "STATES": vocabulary.STATES,
    "EVENTS": vocabulary.EVENTS,
    "EVIDENCE": vocabulary.EVIDENCE,
    "SOURCES": vocabulary.SOURCES,
    "REASONS": vocabulary.REASONS,
}
# Code of a reason -> label of the selection, words of the client begin small.
LABELS = {
    "address_unknown": "Address unknown",
    "domain_unknown": "The domain does not accept email",
    "mail_bounce": "Returned by the recipient's mail server",
    "unknown": "Unknown error",
}


@tagged("post_install", "-at_install")
class TestVocabulary(BaseCase):
    def test_asset_is_up_to_date(self):
        hint = "run python3 -m tools.vocabulary_asset"
        self.assertEqual(ASSET.read_text(), render(), hint)

    def test_codes_are_unique(self):
        for name, rows in TABLES.items():
            with self.subTest(table=name):
                codes = [row.code for row in rows]
                self.assertEqual(sorted(codes), sorted(set(codes)))

    def test_rows_name_rows_that_exist(self):
        stored = set(dict(states.STORED_STATES))
        for state in vocabulary.STATES:
            self.assertIn(state.status, vocabulary.STATUS_BY_CODE)
        for row in (*vocabulary.EVENTS, *vocabulary.EVIDENCE):
            self.assertIn(row.state, {*stored, None}, row.code)

    def test_what_fails_has_advice_and_action(self):
        failed = [state for state in vocabulary.STATES if state.counts_as_failed]
        self.assertEqual(
            [state.code for state in failed],
            ["error", "noemail", "rejected", "soft_bounced", "bounced", "spam"],
        )
        for state in failed:
            self.assertTrue(state.advice, state.code)
        for row in (*vocabulary.STATES, *vocabulary.REASONS):
            self.assertEqual(bool(row.advice), row.action in ACTIONS, row.code)

    def test_selections_have_the_words_of_the_client(self):
        reasons = dict(states.REASONS)
        for code, label in LABELS.items():
            self.assertEqual(reasons[code], label)
        for name in (
            "STORED_STATES",
            "EVENT_TYPES",
            "EVIDENCE",
            "REASONS",
            "MAIL_STATES",
        ):
            for code, label in getattr(states, name):
                with self.subTest(selection=name, code=code):
                    self.assertEqual(label, label[:1].upper() + label[1:])
                    self.assertTrue(label)

    def test_states_are_in_the_order_of_their_rank(self):
        ranks = list(states.STATE_RANK.values())
        self.assertEqual(ranks, sorted(ranks))
        self.assertEqual(len(ranks), len(set(ranks)))


# Where "mail" is no message: core's words for servers and gateways, names of models, of
# products and of headers, and the label of the contract.
NO_MESSAGE = re.compile(
    r"\bmail\s+(server|gateway|program|queue)s?\b|\bmail\.\w+|\bMail State\b|/mail/"
    r"|\b(Outgoing|Incoming) Mails?\b|\bMail Activity Tracking\b|\bApple Mail\b"
    r"|\bMail Agent\b|\bMail Settings\b|\bX-[\w-]+",
    re.IGNORECASE,
)
# What documents quote: code, blocks of it, names of files and of modules, the words of
# servers and of providers' pages.
QUOTED = re.compile(
    r"``.*?``|`[^`]*<[^`]*`_|::\n(\n+[ ]+[^\n]*)+|\*mail\*|\*Send mail[^*]*\*"
    r"|--mail-port|MAIL FROM|mailer-daemon@\S+|^mail\.\S+$",
    re.DOTALL | re.MULTILINE,
)
MESSAGE = re.compile(r"\be-?mails?\b|\bmails?\b", re.IGNORECASE)
ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "i18n/mail_activity_tracking.pot"
DOCUMENTS = (
    ROOT / "README.rst",
    ROOT / "static/description/index.html",
    *sorted((ROOT / "docs").rglob("*.rst")),
)
TERM = re.compile(r'^msgid ((?:"(?:[^"\\]|\\.)*"\n)+)', re.MULTILINE)


@tagged("post_install", "-at_install")
class TestWords(BaseCase):
    def assertIsEmail(self, text):
        words = MESSAGE.findall(NO_MESSAGE.sub("", text))
        self.assertFalse([word for word in words if "-" in word or word[0] in "mM"])

    def test_a_message_is_an_email(self):
        terms = TERM.findall(TEMPLATE.read_text())
        self.assertGreater(len(terms), 300)
        for term in terms:
            text = "".join(line[1:-1] for line in term.splitlines())
            with self.subTest(term=text):
                self.assertIsEmail(text)

    def test_a_message_is_an_email_in_documents(self):
        self.assertGreater(len(DOCUMENTS), 20)
        for path in DOCUMENTS:
            with self.subTest(path=path.name):
                self.assertIsEmail(QUOTED.sub("", path.read_text()))

    def test_words_of_the_vocabulary(self):
        for name, rows in TABLES.items():
            for row in rows:
                for value in row:
                    if isinstance(value, str):
                        with self.subTest(table=name, row=row.code, text=value):
                            self.assertIsEmail("" if value == row.code else value)

    def test_one_failure_has_one_name(self):
        for state in vocabulary.STATES:
            if state.counts_as_failed:
                title = state.title or vocabulary.STATUS_BY_CODE[state.status].title
                self.assertEqual(state.text, vocabulary.capitalized(title), state.code)

    def test_the_rule_finds_what_it_should(self):
        for text in ("A mail failed", "Mails", "no e-mail", "an E-mail"):
            with self.subTest(text=text), self.assertRaises(AssertionError):
                self.assertIsEmail(text)
