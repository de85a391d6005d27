"""The stage of `./dev test` that runs real Odoo servers."""

import json
import os
import subprocess

from devtools.common import CACHE, MODULE, process_group
from devtools.database import drop_database
from devtools.judge import Verdict
from devtools.postgres import external
from devtools.progress import ticker

from .names import database_names
from .postfix import postfix_programs

LONG_LEFT_OUT = "the long live tests are left out: ./dev test --live runs them"


def run_live_tests(odoo, part, without_postfix, without_long):
    """Run tests of `tests_live` on copies of a database; return the verdict.

    Several calls at once share the tests: each runs what no other has begun.

    :param Odoo odoo: whose database has the addon and is not in use
    :param int part: tells the calls apart
    :param str without_postfix: why a real Postfix is left out, "" when it is not
    :param str without_long: why the long tests are left out, "" when they are not
    """
    log = CACHE / f"logs/live-{part}/live.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    result = odoo.folder / f"live-{part}.json"
    begun = odoo.folder / "live-begun"
    begun.mkdir(exist_ok=True)
    command = [odoo.interpreter, "-m", "tests_live", "--begun", begun]
    command += ["--template", odoo.database, "--addons", odoo.addons]
    command += ["--folder", odoo.folder, "--logs", log.parent, "--result", result]
    if without_postfix:
        command += ["--without-postfix", without_postfix]
    else:
        command += ["--postfix", postfix_programs()]
    if without_long:
        command += ["--without-long", without_long]
    _drop_databases(odoo)
    try:
        with (
            log.open("wb") as output,
            ticker(f"live tests {part}", lambda: _how_far(log)),
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
    return _verdict(log, result)


def _verdict(log, result):
    counts = json.loads(result.read_text()) if result.exists() else {}
    verdict = Verdict(**{**counts, "ran": set(counts.get("ran", ()))})
    if not counts:
        tail = log.read_text(errors="replace").splitlines()[-40:]
        verdict.fail(os.linesep.join(["the live tests did not run:", *tail]))
    return verdict


def _drop_databases(odoo):
    # The embedded PostgreSQL lives as long as the run.
    if external():
        for name in database_names(odoo.database).values():
            drop_database(odoo.interpreter, name)


def _how_far(log):
    return f"{log.read_text(errors='replace').count(' ... ')} tests started"
