"""The stage of `./dev test` that runs real Odoo servers."""

import json
import os
import subprocess

from .common import CACHE, MODULE, process_group, say
from .database import drop_database
from .judge import Verdict
from .live.names import database_names
from .postfix import LEFT_OUT, postfix_programs, why_not
from .postgres import external
from .progress import ticker
from .settings import expected


def run_live_tests(odoo, postfix=False):
    """Run the tests of `devtools/live` on copies of a database; give the verdict.

    :param Odoo odoo: whose database has the addon and is not in use
    :param bool postfix: run those with a real Postfix too
    """
    reason = why_not(postfix)
    if reason:
        say(LEFT_OUT.format(why=reason))
    log = CACHE / "logs/live.log"
    result = odoo.folder / "live.json"
    command = [odoo.interpreter, "-m", f"{__package__}.live"]
    command += ["--template", odoo.database, "--addons", odoo.addons]
    command += ["--folder", odoo.folder, "--logs", log.parent, "--result", result]
    if reason:
        command += ["--without-postfix", reason]
    else:
        command += ["--postfix", postfix_programs()]
    _drop_databases(odoo)
    try:
        with (
            log.open("wb") as output,
            ticker("live tests", lambda: _how_far(log)),
            process_group(
                command,
                env=odoo.environment,
                cwd=odoo.folder / "addons" / MODULE,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            ) as process,
        ):
            process.wait()
    finally:
        _drop_databases(odoo)
    return _verdict(log, result, expected()[2])


def _verdict(log, result, at_least):
    found = json.loads(result.read_text()) if result.exists() else {}
    verdict = Verdict(**found)
    if not verdict.passed and not verdict.problems:
        tail = log.read_text(errors="replace").splitlines()[-40:]
        verdict.fail(os.linesep.join(["the live tests did not run:", *tail]))
    elif verdict.passed + verdict.failed < at_least:
        verdict.fail(f"only {verdict.passed} live tests passed, {at_least} expected")
    return verdict


def _drop_databases(odoo):
    # The embedded PostgreSQL lives as long as the run.
    if external():
        for name in database_names(odoo.database).values():
            drop_database(odoo.interpreter, name)


def _how_far(log):
    return f"{log.read_text(errors='replace').count(' ... ')} tests started"
