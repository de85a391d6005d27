"""A language in which each term of the addon is in brackets."""

import io
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

import polib

from odoo.tools.misc import file_path
from odoo.tools.translate import TranslationImporter, code_translations

LANGUAGE = "en_GB"
MODULE = "mail_activity_tracking"
# Whose words stand in the same places, beside ours.
CORE = ("web", "mail", "base")


def _bracketed(module):
    template = polib.pofile(file_path(f"{module}/i18n/{module}.pot"))
    for entry in template:
        entry.msgstr = f"⟦{entry.msgid}⟧"
    return template


@contextmanager
def pseudo_language(env):
    """Install the language within the block."""
    env["res.lang"]._activate_lang(LANGUAGE)
    importer = TranslationImporter(env.cr, verbose=False)
    with ExitStack() as stack:
        for module in (MODULE, *CORE):
            template = _bracketed(module)
            if module == MODULE:
                file = io.BytesIO(str(template).encode())
                file.name = f"{LANGUAGE}.po"
                importer.load(file, "po", LANGUAGE)
            _use_in_code(stack, module, template)
        importer.save(overwrite=True)
        yield


def _use_in_code(stack, module, template):
    key = (module, LANGUAGE)
    terms = [(entry.msgid, entry.msgstr) for entry in template]
    web = {"messages": tuple({"id": old, "string": new} for old, new in terms)}
    for table, value in (
        (code_translations.web_translations, web),
        (code_translations.python_translations, dict(terms)),
    ):
        stack.enter_context(patch.dict(table, {key: value}))
