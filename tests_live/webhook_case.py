"""Reports of a provider that go to a real server, and the mails they are about."""

import base64
import hashlib
import hmac
import json
import time
import uuid

from .case import LiveCase
from .databases import query
from .rpc import User
from .world import world

MAILS = 100
SECRET = b"secret of the live tests"
MAIL = {"subject": "Webhooks", "body_html": "<p>x</p>", "email_from": "a@b.test"}


class WebhookCase(LiveCase):
    """Database B takes the reports of the provider without a name."""

    def setUp(self):
        super().setUp()
        self.set_key(f"whsec_{base64.b64encode(SECRET).decode()}")
        for server in world.servers():
            server.expected.append("is not authentic")
        _url, path, _token = self.sent_pixel(self.b)
        self.hashed = path.rpartition("/")[2][:10]

    def set_key(self, key):
        name = "mail_activity_tracking.webhook_key_generic"
        self.b("ir.config_parameter", "set_param", name, key)

    def post_event(self, client, event, hashed=None, server=None, secret=SECRET):
        """Post one event, signed; give the status."""
        body = json.dumps(event).encode()
        number, now = uuid.uuid4().hex, int(time.time())
        signed = f"{number}.{now}.".encode() + body
        digest = hmac.new(secret, signed, hashlib.sha256).digest()
        url = (server or self.server).url
        url += f"/mail/tracking/webhook/generic/{hashed or self.hashed}"
        headers = {
            "webhook-id": number,
            "webhook-timestamp": str(now),
            "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
            "Content-Type": "application/json",
        }
        return client.post(url, data=body, headers=headers, timeout=60).status_code

    def new_mails(self):
        """Queue mails; give their ids."""
        addresses = [self.new_address() for _number in range(MAILS)]
        mails = [{**MAIL, "email_to": address} for address in addresses]
        return self.b("mail.mail", "create", mails)

    def run_cron(self, user, module, name):
        """Run a cron as the button of its form does."""
        reference = ("ir.model.data", "check_object_reference", module, name)
        _model, cron_id = user(*reference)
        user("ir.cron", "method_direct_trigger", [cron_id])

    def send_queue(self):
        user = User(self.server.url, self.b.database)
        self.run_cron(user, "mail", "ir_cron_mail_scheduler_action")

    def process(self, until=None):
        """Run the job that processes what came in, until an event is set."""
        user = User(self.server.url, self.b.database)
        again = True
        while again:
            again = until and not until.is_set()
            job = "mail_tracking_webhook_cron"
            self.run_cron(user, "mail_activity_tracking", job)

    def trackings(self, mail_ids):
        statement = "SELECT * FROM mail_tracking_email WHERE mail_id = ANY(%s)"
        return query(self.b.database, statement, mail_ids)

    def assertSentOnce(self, mail_ids):
        """Check that the SMTP server has got each mail exactly once."""
        for tracking in self.trackings(mail_ids):
            self.received(tracking["recipient_address"])
