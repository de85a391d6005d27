import re
from pathlib import Path

from odoo.tests import BaseCase, tagged

SOURCE = Path(__file__).parents[2] / "static/src"
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
# A string that begins as a sentence does, and whether it is handed to `_t`.
SENTENCE = re.compile(r'(_t\(\s*)?("[A-Z][^"\\]*"|`[A-Z][^`]*`)')
# An expression in a template: Odoo translates texts and plain attributes, not these.
EXPRESSION = re.compile(r't-(?:att-[\w-]+|esc|out)="([^"]*)"')
QUOTED = re.compile(r"'([A-Z][a-z]+[^']*)'")
MODELS = {'"Thread"'}  # of the web client's store


def unwrapped(code):
    """Return the sentences of a script that nobody translates."""
    sentences = SENTENCE.findall(COMMENT.sub("", code))
    return {text for wrapped, text in sentences if not wrapped} - MODELS


def literal(template):
    """Return the sentences in the expressions of a template."""
    return [text for it in EXPRESSION.findall(template) for text in QUOTED.findall(it)]


@tagged("post_install", "-at_install")
class TestWrappedWords(BaseCase):
    """Texts that the walk through the screens does not meet, such as rare toasts."""

    def test_scripts(self):
        self.assertEqual(unwrapped('add("Not sent"); add(_t("Sent"))'), {'"Not sent"'})
        for path in SOURCE.rglob("*.js"):
            with self.subTest(file=path.name):
                # The table has the words; each is translated where it is shown.
                is_table = path.name == "vocabulary.js"
                self.assertFalse(not is_table and unwrapped(path.read_text()))

    def test_templates(self):
        self.assertEqual(
            literal("""<i t-att-title="a or 'Not sent'"/>"""), ["Not sent"]
        )
        for path in SOURCE.rglob("*.xml"):
            with self.subTest(file=path.name):
                self.assertEqual(literal(path.read_text()), [])
