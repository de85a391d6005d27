"""`./dev bench`: the hot paths, against the same Odoo without tracking."""

import json
import os
import platform
import subprocess
from datetime import datetime, timezone

from .browser import browser_path
from .common import CACHE, MODULE, REPOSITORY, DevError, say
from .odoo_source import odoo_path
from .prepared import prepared_odoo
from .python_env import python

SCRIPTS = {
    "measure": REPOSITORY / "devtools/scripts/bench.py",
    "measure-pixel": REPOSITORY / "devtools/scripts/bench_pixel.py",
    "measure-webhook": REPOSITORY / "devtools/scripts/bench_webhook.py",
    "measure-lists": REPOSITORY / "devtools/scripts/bench_lists.py",
}
MARK = "BENCH "
RESULTS = CACHE / "bench.json"


def bench(trackings):
    """Measure, print one line a result and write all of them to a file.

    :param int trackings: how many are stored at most
    :return: True
    """
    interpreter, source = python(), odoo_path()
    results = {}
    with prepared_odoo(interpreter, source, browser_path()) as odoo:
        _call(odoo, "install", "-i", f"contacts,{MODULE}")
        odoo.environment["BENCH_TRACKINGS"] = str(trackings)
        for what, script in SCRIPTS.items():
            log = _call(odoo, what, "--no-http", subcommand=["shell"], script=script)
            for line in log.read_text(errors="replace").splitlines():
                if line.startswith(MARK):
                    say(line.removeprefix(MARK))
                    name, _colon, result = line.removeprefix(MARK).rpartition(": ")
                    results[name] = result
    report = {**_circumstances(trackings), "results": results}
    RESULTS.write_text(json.dumps(report, indent=1))
    say(f"All results, with machine and date: {RESULTS}")
    return True


def _circumstances(trackings):
    """Return where, when and how was measured, a dict."""
    commit = subprocess.run(
        ["git", "-C", str(REPOSITORY), "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    return {
        "command": f"./dev bench --trackings {trackings}",
        "commit": commit.stdout.strip(),
        "date": datetime.now(timezone.utc).isoformat(timespec="minutes"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "load": round(os.getloadavg()[0], 1),
    }


def _call(odoo, what, *arguments, **options):
    log = CACHE / "logs" / f"bench-{what}.log"
    log.parent.mkdir(exist_ok=True)
    if odoo.call(what, log, *arguments, **options):
        raise DevError(f"cannot {what}, its log says why: {log}")
    return log
