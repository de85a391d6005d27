"""The terms for translators: written by `./dev terms`, compared by `./dev test`."""

import re

from .browser import browser_path
from .common import CACHE, MODULE, REPOSITORY, DevError, say
from .judge import Verdict
from .odoo_source import odoo_path
from .prepared import prepared_odoo
from .python_env import python

TEMPLATE = REPOSITORY / f"i18n/{MODULE}.pot"
# What differs from day to day and says nothing.
DATES = re.compile(r'"(?:POT-Creation-Date|PO-Revision-Date): [^"]*"\n')


def write_terms():
    """Write the template anew and return True."""
    with prepared_odoo(python(), odoo_path(), browser_path()) as odoo:
        log = CACHE / "logs/terms-install.log"
        log.parent.mkdir(exist_ok=True)
        if odoo.call("install", log, "-i", f"contacts,{MODULE}"):
            raise DevError(f"cannot install the addon, its log says why: {log}")
        TEMPLATE.parent.mkdir(exist_ok=True)
        TEMPLATE.write_text(export_terms(odoo))
    say(f"wrote {TEMPLATE.relative_to(REPOSITORY)}")
    return True


def compare_terms(odoo):
    """Return the verdict on the template, for a database that has the addon."""
    committed = TEMPLATE.read_text() if TEMPLATE.exists() else ""
    if export_terms(odoo) == committed:
        return Verdict(passed=1)
    return Verdict(failed=1, problems=["terms have changed: run ./dev terms"])


def export_terms(odoo):
    """Return the template of the addon that a database has, without dates."""
    target = odoo.folder / "terms.pot"
    log = CACHE / "logs/terms.log"
    export = ["i18n", "export"]
    if odoo.call("terms", log, "-o", target, MODULE, subcommand=export):
        raise DevError(f"the terms cannot be exported, the log says why: {log}")
    return DATES.sub("", target.read_text())
