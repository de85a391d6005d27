"""The demo's database: made once, brought up to date when the addon changes."""

import hashlib
import shutil
from pathlib import Path

from .common import CACHE, CACHE_KEY, MODULE, REPOSITORY, DevError
from .database import check_server, drop_database
from .export import export, tracked_files
from .judge import complaints
from .odoo_run import Odoo
from .postgres import Cluster, external

SETUP = REPOSITORY / "devtools/scripts/demo_setup.py"
STORY = REPOSITORY / "devtools/scripts/demo_story.py"


class Demo:
    """The demo's database, and the server it is on."""

    def __init__(self, interpreter, source):
        """:param source: folder that holds the package `odoo`."""
        self.interpreter = interpreter
        self.folder = CACHE / "demo"
        self.logs = self.folder / "logs"
        self.logs.mkdir(parents=True, exist_ok=True)
        self.cluster = None if external() else Cluster(interpreter, "demo")
        environment = self.cluster.environment if self.cluster else {}
        database = f"{MODULE}_demo_{CACHE_KEY}"
        self.odoo = Odoo(interpreter, source, environment, self.folder, database)
        # Last to be written: without it the database is not whole.
        self.mark = self.folder / "installed"

    def start_server(self):
        """Start PostgreSQL, on an empty cluster unless there is a whole database."""
        if not self.cluster:
            check_server(self.interpreter)
            return
        if not self.mark.exists() or not self.cluster.exists():
            self.mark.unlink(missing_ok=True)
            self.cluster.create()
        self.cluster.start()

    def stop_server(self):
        """Stop PostgreSQL, unless it is not ours."""
        if self.cluster:
            self.cluster.stop()

    def drop(self):
        """Remove the database from a server that is not ours."""
        drop_database(self.interpreter, self.odoo.database)

    def prepare(self, ports):
        """Install or update the addon where that is needed, and set the ports."""
        code, wanted = _fingerprint(), f"{_fingerprint()} {ports}"
        present = self.mark.read_text() if self.mark.exists() else ""
        if present == wanted:
            return
        export(self.folder / "addons")
        if not present:
            self._install()
        elif not present.startswith(code):
            self._call("Updating the addon", "-u", MODULE)
        self.odoo.environment |= {
            "DEMO_URL": ports.odoo_url,
            "DEMO_SMTP_PORT": str(ports.smtp),
        }
        self._call("Setting up the demo", subcommand=["shell"], script=SETUP)
        self.mark.write_text(wanted)

    def tell_story(self):
        """Post the messages of the demo, once the mail server runs."""
        posted = self.folder / "posted"
        if not posted.exists():
            log = self.logs / "story.log"
            what = "Posting the demo's messages"
            # Its refused recipients are errors in the log, and meant.
            if self.odoo.call(what, log, subcommand=["shell"], script=STORY):
                raise DevError(f"{what} failed, its log says why: {log}")
            posted.touch()

    def _install(self):
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        (self.folder / "posted").unlink(missing_ok=True)
        if not self.cluster:
            self.drop()
        modules = f"contacts,{MODULE}"
        self._call("Installing Odoo with demo data", "--with-demo", "-i", modules)

    def _call(self, what, *arguments, **options):
        log = self.logs / "setup.log"
        code = self.odoo.call(what, log, *arguments, **options)
        text = log.read_text(errors="replace")
        if code or any(" ERROR " in record for record in complaints(text)):
            raise DevError(f"{what} failed, its log says why: {log}")


def _fingerprint():
    digest = hashlib.sha256()
    for name in sorted(tracked_files()):
        if not Path(name).parts[0].startswith((".", "devtools", "docs", "tests")):
            digest.update(name.encode() + (REPOSITORY / name).read_bytes())
    digest.update(SETUP.read_bytes())
    return digest.hexdigest()
