"""The demo's mail server: a front that refuses some, and MailDev for reading."""

from .common import REPOSITORY
from .node_env import node
from .odoo_run import free_port
from .processes import start
from .waiting import wait_for

FRONT = REPOSITORY / "devtools/mailserver/front.py"


def start_mail_server(interpreter, modules, ports, logs, database):
    """Start both and wait until the web page answers.

    :param interpreter: of an environment that has Node and `aiosmtpd`
    :param modules: folder of the node_modules that hold MailDev
    :param str database: of Odoo, where delivery reports go
    """
    inner = free_port()
    script = modules / "node_modules/maildev/dist/bin/maildev.js"
    listen = ["--ip", "127.0.0.1", "--smtp", inner]
    listen += ["--web-ip", "127.0.0.1", "--web", ports.mail]
    command = [node(interpreter) / "bin/node", script, *listen, "--max-emails", 1000]
    log = logs / "mailbox.log"
    start("mailbox", command, log, cwd=modules)
    wait_for("mailbox", f"{ports.mail_url}/api/healthz", log)
    front = logs / "front.log"
    command = [interpreter, FRONT, ports.smtp, inner, ports.odoo_url, database]
    start("front", command, front, cwd=modules)
    wait_for("front", ports.smtp, front)
