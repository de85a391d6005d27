"""`./dev bench`: plain Odoo and this addon on the same data, and its own paths."""

import json
import os
import platform
import subprocess
import time
from contextlib import suppress
from datetime import datetime, timezone

from tests_live.bench import report as reports

from .browser import browser_path
from .common import CACHE, MODULE, REPOSITORY, DevError, process_group, say
from .database import copy_database, drop_database
from .odoo_source import odoo_path
from .prepared import prepared_odoo
from .progress import ticker
from .python_env import python

SCRIPTS = {
    "measure-lists": REPOSITORY / "devtools/scripts/bench_lists.py",
    "measure-pixel": REPOSITORY / "devtools/scripts/bench_pixel.py",
    "measure-webhook": REPOSITORY / "devtools/scripts/bench_webhook.py",
}
SIZES = {"small": 10_000, "medium": 100_000, "large": 1_000_000}
# Of each shape: messages of a contact, recipients of a message.
SHAPES = {"many": (2, 5), "few": (200, 1)}
MARK = "BENCH "
LOGS = CACHE / "logs"
RESULTS = CACHE / "bench"
DOCS = REPOSITORY / "docs"


def bench(size, rounds, write=False):
    """Measure, and write the results as JSON, table and plot.

    :param str size: of `SIZES`
    :param int rounds: of which the medians are taken
    :param bool write: whether they go into the documentation, too
    :return: True
    """
    begun = time.monotonic()
    interpreter, source = python(), odoo_path()
    report = {**_circumstances(size, rounds), "comparison": [], "results": {}}
    with prepared_odoo(interpreter, source, browser_path()) as odoo:
        _call(odoo, "install", "-i", "contacts")
        tracked = odoo.on(f"{odoo.database}_tracked")
        copies = [tracked.database]
        try:
            copy_database(odoo, tracked.database)
            _call(tracked, "install", "-i", MODULE)
            for shape, (messages, recipients) in SHAPES.items():
                names = [f"{odoo.database}_{shape}_{side}" for side in "pt"]
                copies += names
                for former, name in zip((odoo, tracked), names, strict=True):
                    copy_database(former, name)
                contacts = SIZES[size] // messages // recipients
                numbers = contacts, messages, recipients, rounds
                report["comparison"] += _compared(odoo, shape, names, numbers)
                report["results"][shape] = _measured(odoo.on(names[1]))
        finally:
            for name in copies:
                drop_database(interpreter, name, odoo.environment)
    report["took"] = round(time.monotonic() - begun)
    _write(report, RESULTS)
    if write:
        _write(report, DOCS / "performance")
        page = DOCS / "performance.rst"
        text = reports.written_into(page.read_text(), reports.table(report))
        page.write_text(text)
    say(reports.table(report))
    say(f"All results, and a plot: {RESULTS}")
    return True


def _compared(odoo, shape, names, numbers):
    """Run `tests_live.bench` on two databases; return its rows."""
    result, log = odoo.folder / "bench.json", LOGS / f"bench-{shape}.log"
    LOGS.mkdir(parents=True, exist_ok=True)
    command = [odoo.interpreter, "-m", "tests_live.bench", "--shape", shape]
    command += ["--plain", names[0], "--tracked", names[1], "--addons", odoo.addons]
    command += ["--folder", odoo.folder, "--logs", LOGS, "--result", result]
    titles = ("contacts", "messages", "recipients", "rounds")
    for name, number in zip(titles, numbers, strict=True):
        command += [f"--{name}", number]
    where = {"cwd": odoo.folder / "addons" / MODULE, "env": odoo.environment}
    quiet = {"stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
    with (
        log.open("wb") as output,
        ticker(f"compare, {shape}", lambda: _last_line(log)),
        process_group(command, stdout=output, **where, **quiet) as process,
    ):
        if process.wait():
            raise DevError(f"cannot compare, its log says why: {log}")
    return json.loads(result.read_text())


def _last_line(log):
    lines = log.read_text(errors="replace").splitlines()
    return lines[-1] if lines else "starts"


def _measured(odoo):
    """Run the scripts for `odoo shell`; return what they print, by its name."""
    results = {}
    for what, script in SCRIPTS.items():
        log = _call(odoo, what, "--no-http", subcommand=["shell"], script=script)
        for line in log.read_text(errors="replace").splitlines():
            if line.startswith(MARK):
                say(line.removeprefix(MARK))
                name, _colon, result = line.removeprefix(MARK).rpartition(": ")
                results[name] = result
    return results


def _write(report, folder):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.json").write_text(json.dumps(report, indent=1) + "\n")
    (folder / "bench.svg").write_text(reports.plot(report))


def _circumstances(size, rounds):
    """Return where, when and how was measured, a dict."""
    commit = subprocess.run(
        ["git", "-C", str(REPOSITORY), "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    return {
        "command": f"./dev bench --size {size} --rounds {rounds}",
        "trackings": SIZES[size],
        "commit": commit.stdout.strip(),
        "date": datetime.now(timezone.utc).isoformat(timespec="minutes"),
        "machine": f"{_processor()}, {os.cpu_count()} cores",
        "load": round(os.getloadavg()[0], 1),
    }


def _processor():
    with suppress(OSError), open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def _call(odoo, what, *arguments, **options):
    log = LOGS / f"bench-{what}.log"
    log.parent.mkdir(exist_ok=True)
    if odoo.call(what, log, *arguments, **options):
        raise DevError(f"cannot {what}, its log says why: {log}")
    return log
