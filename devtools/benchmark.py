"""`./dev bench`: the hot paths, against the same Odoo without tracking."""

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


def bench():
    """Measure and print one line a result; give True."""
    interpreter, source = python(), odoo_path()
    with prepared_odoo(interpreter, source, browser_path()) as odoo:
        _call(odoo, "install", "-i", f"contacts,{MODULE}")
        for what, script in SCRIPTS.items():
            log = _call(odoo, what, "--no-http", subcommand=["shell"], script=script)
            for line in log.read_text(errors="replace").splitlines():
                if line.startswith(MARK):
                    say(line.removeprefix(MARK))
    return True


def _call(odoo, what, *arguments, **options):
    log = CACHE / "logs" / f"bench-{what}.log"
    log.parent.mkdir(exist_ok=True)
    if odoo.call(what, log, *arguments, **options):
        raise DevError(f"cannot {what}, its log says why: {log}")
    return log
