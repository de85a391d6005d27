from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.outgoing import ir_mail_server
from ...tools.smtp.envelope_id import Envelope
from ...tools.smtp.listener import DsnRequest, xtext
from ...tools.smtp.send_run import Sender
from ..helpers.dsn_server import DsnServer
from ..helpers.smtp_server import SmtpServer
from ..helpers.tracking_case import TrackingCase, ill

GUARD = "odoo.addons.mail_activity_tracking.tools.guard"
LOGGER = "odoo.addons.mail_activity_tracking.models.outgoing.ir_mail_server"


@tagged("post_install", "-at_install")
class TestDsnRequest(TrackingCase):
    def setUp(self):
        super().setUp()
        self.smtp = DsnServer().start()
        self.addCleanup(self.smtp.stop)
        self.mail_server.smtp_port = self.smtp.port
        self.enterContext(patch.dict(ir_mail_server._refusing_dsn_until))
        self.bounce = self.env.company.bounce_email

    def sent_by(self, mail):
        """Return who stands in the envelope of the last message."""
        (argument,) = [arg for verb, arg in self.smtp.commands if verb == "MAIL"][-1:]
        return argument.partition(" ")[0]

    # === WHAT IS ASKED ===#
    def test_failures_and_delays_by_default(self):
        self.assertEqual(self.mail_server.dsn_request, "failure")
        tracking = self.trackings_of(self.post(self.alice))
        ((mail, recipients),) = self.smtp.asked
        self.assertEqual(mail["RET"], "HDRS")
        self.assertEqual(
            Envelope.parse(self.env, mail["ENVID"]),
            (tracking.id, 1, self.mail_server.id),
        )
        self.assertEqual(
            recipients,
            {
                "alice@example.com": {
                    "NOTIFY": "FAILURE,DELAY",
                    "ORCPT": "rfc822;alice@example.com",
                }
            },
        )
        self.assertTracked(tracking, "sent", ["queued", "sent"])

    def test_a_server_that_was_created_before_the_addon_was_loaded(self):
        self.env.cr.execute("UPDATE ir_mail_server SET dsn_request = NULL")
        self.mail_server.invalidate_recordset()
        self.assertEqual(self.mail_server._mail_tracking_notify(), "FAILURE,DELAY")

    def test_deliveries_too(self):
        self.mail_server.dsn_request = "all"
        self.post(self.alice)
        ((_mail, recipients),) = self.smtp.asked
        self.assertEqual(
            recipients["alice@example.com"]["NOTIFY"], "SUCCESS,FAILURE,DELAY"
        )

    def test_each_recipient_of_one_message_has_his_own_address(self):
        mail = self.new_mail(email_to="One <o+ne@example.com>, two@example.com")
        self.send(mail)
        ((options, recipients),) = self.smtp.asked
        self.assertEqual(
            {address: asked["ORCPT"] for address, asked in recipients.items()},
            {
                "o+ne@example.com": "rfc822;o+ne@example.com",
                "two@example.com": "rfc822;two@example.com",
            },
        )
        self.assertIn(
            ("RCPT", "ORCPT=rfc822;o+2Bne@example.com"),
            [(verb, arg.split()[-1]) for verb, arg in self.smtp.commands],
        )
        self.assertEqual(
            Envelope.parse(self.env, options["ENVID"]).tracking_id,
            self.trackings_of(mail)[0].id,
        )

    def test_the_secret_is_of_the_attempt(self):
        self.smtp.answer = "451 4.3.0 Later"
        message = self.post(self.alice)
        tracking = self.trackings_of(message)
        self.smtp.answer = "250 2.0.0 Ok"
        mail = self.env["mail.mail"].browse(tracking.mail_id)
        mail.mark_outgoing()
        self.send(mail)
        secrets = [options["ENVID"] for options, _recipients in self.smtp.asked]
        self.assertEqual(
            [Envelope.parse(self.env, secret).attempt for secret in secrets], [1, 2]
        )
        self.assertEqual(tracking.state, "sent")

    def test_the_recipient_never_sees_the_secret(self):
        tracking = self.trackings_of(self.post(self.alice))
        ((options, _recipients),) = self.smtp.asked
        ((_to, text),) = self.smtp.messages
        secret = options["ENVID"]
        self.assertNotIn(secret, text)
        self.assertNotIn(secret.removeprefix("mat-"), text)
        self.assertNotIn(tracking.token, secret)

    # === WHO IS ASKED ===#
    def assertNothingAsked(self):
        self.assertEqual(
            [(options, *rcpt.values()) for options, rcpt in self.smtp.asked], [({}, {})]
        )

    def test_nothing_when_told_so(self):
        self.mail_server.dsn_request = "no"
        self.post(self.alice)
        self.assertNothingAsked()

    def test_nothing_of_a_server_that_does_not_offer_it(self):
        plain = SmtpServer().start()
        self.addCleanup(plain.stop)
        self.mail_server.smtp_port = plain.port
        tracking = self.trackings_of(self.post(self.alice))
        self.assertTracked(tracking, "sent", ["queued", "sent"])
        self.assertEqual(len(plain.messages), 1)

    def test_nothing_when_reports_would_go_to_a_person(self):
        self.mail_server.from_filter = "sender@example.com"
        self.send(self.new_mail(recipient_ids=self.alice.ids))
        self.assertIn(("MAIL", "sender@example.com"), self._senders())
        self.assertNothingAsked()

    def _senders(self):
        return [
            (verb, argument.partition("<")[2].partition(">")[0])
            for verb, argument in self.smtp.commands
        ]

    def test_nothing_of_a_personal_server(self):
        user = self.env.user
        user.email = "sender@example.com"
        self.mail_server.write({"from_filter": user.email, "smtp_user": user.email})
        self.mail_server.owner_user_id = user
        self.assertIsNone(self.mail_server._mail_tracking_notify())

    def test_nothing_of_the_server_of_the_command_line(self):
        self.mail_server.smtp_authentication = "cli"
        self.assertIsNone(self.mail_server._mail_tracking_notify())
        self.assertIsNone(self.env["ir.mail_server"]._mail_tracking_notify())

    # === REFUSALS ===#
    def test_fall_back_once_and_remember(self):
        for verb in ("MAIL", "RCPT"):
            for code in (501, 504, 555):
                with self.subTest(verb=verb, code=code):
                    ir_mail_server._refusing_dsn_until.clear()
                    self.smtp.asked.clear()
                    self.smtp.commands.clear()
                    self.smtp.refusals = {verb: f"{code} 5.5.4 Bad parameter"}
                    with self.assertLogs(LOGGER, "WARNING") as logs:
                        message = self.post(self.alice + self.bob)
                    for tracking in self.trackings_of(message):
                        self.assertTracked(tracking, "sent", ["queued", "sent"])
                    self.assertEqual(len(logs.output), 1)
                    self.assertEqual(len(self.smtp.asked), 2)
                    said = [
                        (v, "ENVID" in a or "NOTIFY" in a)
                        for v, a in self.smtp.commands
                    ]
                    expected = {
                        "MAIL": [("MAIL", True), ("MAIL", False), ("RCPT", False)],
                        "RCPT": [("MAIL", True), ("RCPT", True), ("RCPT", False)],
                    }
                    plain = [("MAIL", False), ("RCPT", False)]
                    self.assertEqual(said, expected[verb] + plain)
                    # Another session remembers it too.
                    self.smtp.commands.clear()
                    self.post(self.alice)
                    self.assertEqual(self.smtp.commands[0][1].find("ENVID"), -1)

    def test_a_bad_address_is_no_refusal_of_the_parameters(self):
        self.smtp.refused["alice@example.com"] = "501 5.1.3 Bad address"
        tracking = self.trackings_of(self.post(self.alice))
        self.assertTracked(
            tracking, "error", ["queued", "error"], error_type="address_unknown"
        )
        self.assertFalse(ir_mail_server._refusing_dsn_until)

    def test_mail_goes_out_whatever_step_fails(self):
        Server = self.registry["ir.mail_server"]
        for owner, name in (
            (Server, "_mail_tracking_dsn_request"),
            (Server, "_mail_tracking_remember_refusal"),
            (Sender, "is_bounce_address"),
            (DsnRequest, "rcpt_options"),
        ):
            self.smtp.refusals = {}
            if name == "_mail_tracking_remember_refusal":
                self.smtp.refusals = {"MAIL": "501 5.7.1 DSN support is disabled"}
            self.smtp.messages.clear()
            with (
                self.subTest(step=name),
                patch.object(owner, name, ill),
                mute_logger(GUARD, LOGGER),
            ):
                tracking = self.trackings_of(self.post(self.alice))
                self.assertEqual(len(self.smtp.messages), 1)
                self.assertTracked(tracking, "sent", ["queued", "sent"])

    def test_remembered_for_a_while(self):
        self.smtp.refusals = {"MAIL": "501 5.7.1 DSN support is disabled"}
        with mute_logger(LOGGER):
            self.post(self.alice)
        self.assertTrue(self.mail_server._mail_tracking_is_refusing_dsn())
        key = (self.env.cr.dbname, self.mail_server.id)
        ir_mail_server._refusing_dsn_until[key] -= 3600
        self.assertFalse(self.mail_server._mail_tracking_is_refusing_dsn())

    def test_sessions_are_reused(self):
        mails = self.new_mail(email_to="one@example.com")
        mails += self.new_mail(email_to="two@example.com")
        mails += self.new_mail(email_to="three@example.com")
        before = self.smtp.connections
        self.send(mails)
        self.assertEqual(self.smtp.connections - before, 1)
        secrets = {options["ENVID"] for options, _recipients in self.smtp.asked}
        self.assertEqual(len(secrets), 3)

    # === READ RECEIPTS ===#
    def test_no_receipt_unless_wanted(self):
        self.post(self.alice)
        message = self.smtp.message_to("alice@example.com")
        self.assertIsNone(message["Disposition-Notification-To"])

    def test_receipts_come_to_the_bounce_address(self):
        self.env["ir.config_parameter"].set_param(
            "mail_activity_tracking.ask_read_receipt", "1"
        )
        self.post(self.alice)
        message = self.smtp.message_to("alice@example.com")
        self.assertEqual(message["Disposition-Notification-To"], self.bounce)
        self.mail_server.from_filter = "sender@example.com"
        self.send(self.new_mail(recipient_ids=self.bob.ids))
        message = self.smtp.message_to("bob@example.com")
        self.assertIsNone(message["Disposition-Notification-To"])

    def test_xtext(self):
        self.assertEqual(xtext("trk-101+a=b.c3f2"), "trk-101+2Ba+3Db.c3f2")
        self.assertEqual(xtext("a b\x7f"), "a+20b+7F")

    def test_no_orcpt_for_an_address_that_is_not_ascii(self):
        request = DsnRequest.of("FAILURE,DELAY", "id")
        self.assertEqual(
            request.rcpt_options("ü@example.com"), ["NOTIFY=FAILURE,DELAY"]
        )
