"""`up`, `down`, `shell` and `clean`: an Odoo to look at, with a mail server."""

import json
import os
import shutil

from .common import CACHE, DevError, say
from .demo_database import Demo
from .mailbox import start_mail_server
from .node_env import mailbox_modules, node_path
from .odoo_source import odoo_path
from .ports import Ports, check_free, chosen
from .postgres import Cluster, external, is_root, remove_programs
from .processes import running, start, stop_all
from .python_env import python
from .waiting import wait_for

STATE = CACHE / "demo/state.json"
PROGRAMS = {"mailbox", "front", "odoo"}
WELCOME = """
Odoo       {odoo}   login: admin   password: admin
Mailbox    {mail}   each email that Odoo sends, as its reader sees it

1 Look     Contacts, as a list: the column Mail State is the status of the last email to
           each. Open "Brightwater Hotel": its chatter has a quotation, an invoice and
           all nine statuses. Click a name for its history.
2 Send     Contacts > "Harbour Dental" > Send message. Each follower is one case, by the
           domain of the address: Carla is refused and Colin's mailbox is full at once.
           Seconds later Ada becomes Delivered and Dana Bounced; Ben stays Sent, since
           his email is delayed.
3 Open     In the mailbox, open the email to Ada: beside her name in Odoo the envelope
           opens, without reloading the page.
4 Correct  The failures stand above the messages. Carla > Edit contact: change
           refused.example.com to example.com and save. The email is sent again, to her
           alone, and is delivered.
5 Review   Discuss > Failed: every email of yours that failed, why, and what helps.
6 Set up   Settings, search "tracking": Email Providers, Send a Test Email and
           Run Diagnostics.
7 Mirror   Log in as demo, password demo: the same from right to left.

Logs       {logs}
           ./dev down stops it, ./dev shell opens an Odoo shell on its database
"""


def up(arguments):
    """Install what is missing and start everything, and return True."""
    if set(running()) >= PROGRAMS:
        say("Already up (./dev down and ./dev up load changed code)")
        return _welcome(Ports(**json.loads(STATE.read_text())))
    stop_all()
    flags = {"odoo": arguments.port, "mail": arguments.mail_port}
    ports = chosen({**flags, "smtp": arguments.smtp_port})
    check_free(ports)
    interpreter, source = python(), odoo_path()
    modules = mailbox_modules(interpreter)
    STATE.parent.mkdir(parents=True, exist_ok=True)
    STATE.write_text(json.dumps(vars(ports)))
    demo = Demo(interpreter, source)
    try:
        demo.start_server()
        demo.prepare(ports)
        start_mail_server(interpreter, modules, ports, demo.logs, demo.odoo.database)
        demo.tell_story()
        options = [f"--http-port={ports.odoo}", "--http-interface=127.0.0.1"]
        options += ["--workers=0", "--max-cron-threads=1", "--db-filter=.*"]
        log = demo.logs / "odoo.log"
        command = demo.odoo.command(*options)
        environment = demo.odoo.environment | {"PATH": node_path(interpreter, modules)}
        start("odoo", command, log, env=environment, cwd=demo.folder)
        wait_for("odoo", f"{ports.odoo_url}/web/login", log)
    except BaseException:
        stop_all()
        demo.stop_server()
        raise
    return _welcome(ports)


def _welcome(ports):
    logs = CACHE / "demo/logs"
    say(WELCOME.format(odoo=ports.odoo_url, mail=ports.mail_url, logs=logs))
    return True


def down():
    """Stop all that runs, and return True."""
    stopped = stop_all()
    if not external() and (CACHE / "python").exists():
        cluster = Cluster(CACHE / "python/bin/python", "demo")
        if cluster.running():
            cluster.stop()
            stopped.append("postgres")
    say(f"Stopped: {', '.join(stopped)}" if stopped else "Nothing was running")
    return True


def shell():
    """Become an Odoo shell on the demo's database."""
    if "odoo" not in running():
        raise DevError("the demo is not up: run ./dev up first")
    demo = Demo(CACHE / "python/bin/python", odoo_path())
    command = demo.odoo.command("--no-http", subcommand=["shell"])
    os.chdir(demo.folder)
    os.execve(command[0], command, demo.odoo.environment)  # noqa: S606


def clean():
    """Stop all and remove all that ./dev has made, and return True."""
    down()
    if external():
        Demo(CACHE / "python/bin/python", odoo_path()).drop()
    if is_root():
        remove_programs()
    shutil.rmtree(CACHE)
    say(f"Removed {CACHE}")
    return True
