from unittest.mock import patch

from ...tools.smtp.send_run import Sender
from .dsn_server import DsnServer


class WithDsnServer:
    """For a `CommittedCase`: a mail server that is asked for all delivery reports.

    :ivar dict secrets: address of a recipient to the ENVID of its last mail
    """

    def setUp(self):
        super().setUp()
        self.smtp = DsnServer().start()
        self.addCleanup(self.smtp.stop)
        with self.committed() as env:
            server = self.created[0].with_env(env)
            server.write({"smtp_port": self.smtp.port, "dsn_request": "all"})
        # The database of the test has no alias domain of its own.
        always = patch.object(Sender, "is_bounce_address", lambda *_arguments: True)
        self.enterContext(always)
        self.secrets = {}
        self.smtp.on_data = self.note_secret

    def note_secret(self, envelope):
        """Note the ENVID of a mail that the server takes."""
        for address in envelope.rcpt_tos:
            self.secrets[address] = envelope.dsn["ENVID"]
