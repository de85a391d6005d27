"""A Postfix that delivers, returns, relays, expands and delays, and reports to Odoo."""

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from devtools.odoo_run import free_port

from .pop3 import Pop3Server
from .postfix import Postfix

# Whatever the local part: ok.test has mailboxes for "good…" only, list.test is an
# alias, what goes to hop.test is handed to another server. Reports come back to
# gate.test or pop.test.
SETTINGS = """
myhostname = relay.test
smtpd_reject_unlisted_recipient = no
virtual_mailbox_domains = ok.test pop.test
virtual_mailbox_base = {{home}}/mailboxes
virtual_mailbox_maps = regexp:{{home}}/configuration/mailboxes
virtual_alias_maps = regexp:{{home}}/configuration/aliases
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_minimum_uid = 1
transport_maps = inline:{{{{hop.test=smtp:[127.0.0.1]:{hop}, gate.test=odoo:}}}}
delay_warning_time = 1s
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
"""
SERVICES = """
odoo unix - n n - - pipe flags=DRhu user=nobody
  argv={python} {script} -d {database} -u {user} -p admin --host 127.0.0.1 --port {port}
"""
# The machine's own comes first: that of whoever runs this may be closed to nobody.
PYTHONS = ("/usr/bin/python3", sys.executable)
MAILBOXES = r"""
/^good.*@ok\.test$/ good/
/^bounce@pop\.test$/ reports/
"""
ALIASES = r"""
/^team.*@list\.test$/ good-member@ok.test
"""


class PostfixLab:
    """The relay, and the mailbox that its reports are in."""

    def __init__(self, programs, home, hop, user, odoo_port):
        """
        :param Path programs: of `postfix.postfix_programs`
        :param Path home: folder for its files
        :param int hop: port of the server behind hop.test, which knows no reports
        :param User user: in whose database the mail gateway puts reports
        :param int odoo_port: of the server that has the database
        """
        self.postfix = Postfix(programs, home, free_port())
        # In a place that the user nobody can read.
        shutil.rmtree(home.with_name("gate"), ignore_errors=True)
        home.with_name("gate").mkdir(parents=True)
        script = shutil.copy(_mail_gate(), home.with_name("gate"))
        self.postfix.start(
            SETTINGS.format(hop=hop),
            SERVICES.format(
                python=next(filter(os.path.exists, PYTHONS)),
                script=script,
                database=user.database,
                user=user.id,
                port=odoo_port,
            ),
            mailboxes=MAILBOXES,
            aliases=ALIASES,
        )
        self.pop3 = Pop3Server(home / "mailboxes/reports")
        self.port = self.postfix.port

    def stop(self):
        """Stop all."""
        self.pop3.stop()
        self.postfix.stop()


def _mail_gate():
    """Return core's script that hands a mail to Odoo."""
    script = "mail/static/scripts/odoo-mailgate.py"
    for package in map(Path, find_spec("odoo").submodule_search_locations):
        for addons in (package / "addons", package.parent / "addons"):
            if (addons / script).exists():
                return addons / script
    raise FileNotFoundError(script)
