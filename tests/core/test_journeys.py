import re
import sys
import threading
from contextlib import contextmanager
from types import SimpleNamespace
from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tools import file_open, mute_logger

from ...controllers import failures
from ...tools.pixel_hit_sql import note_sql
from ..helpers.committed_case import CommittedCase
from ..helpers.reports import report, status
from ..helpers.smtp_server import pixel_urls
from ..helpers.webhook_mail_case import WebhookMailCase
from ..helpers.with_dsn_server import WithDsnServer

ROOT = __file__.partition("tests/core/")[0]
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
FILE = re.compile(r"``([\w/]+\.py)``")
TITLES = {
    "send": "An email, from its creation",
    "pixel": "A hit of the pixel",
    "bounce": "A bounce",
    "webhook": "An event of a provider",
    "retry": "A retry, from the request",
}
# How many files a journey may take.
MOST = {"send": 20, "pixel": 8, "bounce": 18, "webhook": 14, "retry": 14}
# What runs beside the steps, by the reasons that the document gives.
BESIDE = {
    "hands on to core": (
        "models/auto_retry/mail_message.py",
        "models/chatter/mail_message.py",
        "models/failures/mail_message.py",
        "models/failures/mail_thread.py",
        "models/failures/res_users.py",
        "models/mail_state/mail_thread.py",
        "models/notices/res_users.py",
        "models/privacy/ir_ui_view.py",
        "models/review/mail_notification.py",
        "models/tracking/mail_tracking_readable_mixin.py",
    ),
    "reads a setting, a choice or a right": (
        "controllers/arguments.py",
        "models/consent/mail_tracking_consent.py",
        "models/consent/res_company.py",
        "providers/standard_webhooks.py",  # of several adapters
        "tools/consent.py",
        "tools/database_key.py",
        "tools/limiter.py",
        "tools/params.py",
        "tools/smtp/envelope_id.py",
    ),
    "looks into a table": (
        "models/tracking/mail_tracking_email.py",
        "tools/after_commit.py",
        "tools/isolated.py",
        "tools/merged_sql.py",
        "tools/recipients.py",
        "tools/states.py",
    ),
    "acts only when something goes wrong": (
        "models/auto_retry/mail_tracking_email.py",
        "models/partly_sent/mail_mail.py",
        "models/partly_sent/mail_notification.py",
        "models/retry/mail_tracking_email.py",
        "tools/guard.py",
        "tools/late_reports.py",
    ),
}


def documented(journey):
    """Return the files of a journey that the document names, in its order."""
    with file_open("mail_activity_tracking/docs/architecture.rst") as file:
        text = file.read().partition("Five ways through the code")[2]
    text = text.replace("the provider's adapter", "``providers/generic.py``")
    paragraph = text.partition(f"\n{TITLES[journey]}")[2].partition("\n\n")[0]
    return FILE.findall(paragraph)


@contextmanager
def profiled():
    """Note the files of the addon in which functions are called.

    :return: dict with the files as keys, in the order of the first calls
    """
    files = {}

    def note(frame, event, _argument):
        name = frame.f_code.co_filename
        if event == "call" and name.startswith(ROOT) and "/tests/" not in name:
            files[name.removeprefix(ROOT)] = None

    threading.setprofile(note)  # of the server's threads
    sys.setprofile(note)
    try:
        yield files
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


class JourneyCase:
    """Compare what runs with what the document says."""

    def assertJourney(self, journey, files):
        steps = documented(journey)
        self.assertEqual([file for file in files if file in steps], steps)
        beside = {file for group in BESIDE.values() for file in group}
        self.assertEqual(set(files) - beside - set(steps), set())
        self.assertLessEqual(len(steps), MOST[journey])


@tagged("post_install", "-at_install")
class TestJourneys(WithDsnServer, CommittedCase, JourneyCase):
    """The journeys of emails through the code, in transactions that are committed."""

    def send(self, mail_id):
        with self.committed() as env:
            env["mail.mail"].browse(mail_id).send()

    def test_send(self):
        with profiled() as files:
            mail_id, tracking_id = self.post_to_queue()
            self.send(mail_id)
        self.assertEqual(self.state_of(tracking_id)[0], "sent")
        self.assertJourney("send", files)

    def test_bounce(self):
        mail_id, tracking_id = self.post_to_queue()
        self.send(mail_id)
        content = status("q@example.com", "failed", "5.1.1", *self.secrets.values())
        source = report(content, returned="", to="bounce@example.com")
        with profiled() as files, self.committed() as env:
            env["mail.thread"].message_process(None, source)
        self.assertEqual(self.state_of(tracking_id)[0], "bounced")
        self.assertJourney("bounce", files)

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_retry(self):
        mail_id, tracking_id = self.post_to_queue()
        self.smtp.refused = {"q@example.com": "550 5.1.1 Unknown"}
        self.send(mail_id)
        self.assertEqual(self.state_of(tracking_id)[0], "error")
        with (
            self.committed() as env,
            patch.object(failures, "request", SimpleNamespace(env=env)),
        ):
            with profiled() as files:
                failures.FailuresController().retry(tracking_ids=[tracking_id])
                env.cr.flush()
            mail = env["mail.mail"].search([("id", ">=", mail_id)])
            self.assertEqual(mail.mapped("state"), ["outgoing"])
            env.cr.postcommit.clear()
        self.assertJourney("retry", files)


@tagged("post_install", "-at_install")
class TestRequestJourneys(WebhookMailCase, HttpCase, JourneyCase):
    """The journeys of requests from outside."""

    def test_webhook(self):
        with profiled() as files:
            self.report(self.item("delivered"))
        self.assertEqual(self.tracking.state, "delivered")
        self.assertJourney("webhook", files)

    def test_pixel(self):
        self.env["mail.tracking.viewer"]._replace("browser", [self.document])
        note_sql.cache_clear()  # each kind of hit has its statement built once
        (url,) = pixel_urls(self.smtp.message_to("alice@example.com"))
        with profiled() as files:
            self.opener.request("GET", url, headers={"User-Agent": AGENT})
        self.tracking.invalidate_recordset()
        self.assertEqual(self.tracking.state, "opened")
        self.assertJourney("pixel", files)
