from odoo.tests import tagged

from ..helpers.report_case import ReportCase
from ..helpers.reports import report, status


@tagged("post_install", "-at_install")
class TestReports(ReportCase):
    def setUp(self):
        super().setUp()
        self.post_to_alice()

    # === WITH THE SECRET ===#
    def test_what_each_action_means(self):
        for action, code, kind, state, bounces in (
            ("delayed", "4.7.1", "deferral", "deferred", 0),
            ("relayed", "2.0.0", "relayed", "deferred", 0),
            ("expanded", "2.0.0", "expanded", "deferred", 0),
            ("delivered", "2.0.0", "delivered", "delivered", 0),
            ("delayed (again)", "4.4.1", None, "delivered", 0),
            ("failed", "4.4.7", "soft_bounce", "soft_bounced", 1),
        ):
            with self.subTest(action):
                before = self.tracking.tracking_event_ids
                self.assertFalse(
                    self.receive(self.dsn("alice@example.com", action, code))
                )
                news = self.tracking.tracking_event_ids - before
                self.assertEqual(news.mapped("event_type"), [kind] if kind else [])
                self.assertEqual(self.tracking.state, state)
                self.assertBounced(self.alice, bounces, self.message)

    def test_hard_soft_and_blocked(self):
        for code, state in (
            ("5.7.1", "rejected"),
            ("5.2.2", "soft_bounced"),
            ("5.1.1", "bounced"),
        ):
            with self.subTest(code):
                tracking = self.trackings_of(self.post(self.alice))
                self.receive(self.dsn("alice@example.com", "failed", code))
                self.assertEqual(tracking.state, state)

    def test_everything_that_is_known_of_it(self):
        self.receive(self.dsn("alice@example.com"))
        event = self.last_event()
        self.assertRecordValues(
            event,
            [
                {
                    "event_type": "hard_bounce",
                    "source": "dsn",
                    "attempt": 1,
                    "recipient": "alice@example.com",
                    "server": "mta.example.com",
                    "diagnostic": "550 5.1.1 no",
                    "error_type": "address_unknown",
                }
            ],
        )
        self.assertEqual(self.tracking.error_description, "550 5.1.1 no")
        self.assertEqual(self.tracking.error_type, "address_unknown")
        self.assertBounced(self.alice, 1, self.message)
        self.assertBounced(self.bob, 0)

    def test_relayed_is_delivered_by_a_server_that_delivers_straight(self):
        self.mail_server.direct_mx = True
        self.receive(self.dsn("alice@example.com", "relayed", "2.0.0"))
        self.assertEqual(self.tracking.state, "delivered")
        self.assertEqual(self.last_event().event_type, "delivered")

    def test_twice_is_once(self):
        for action, code in (("delivered", "2.0.0"), ("failed", "5.1.1")):
            source = self.dsn("alice@example.com", action, code)
            for _time in range(3):
                self.receive(source)
            other_copy = source.replace("<report@mta", "<other@mta")
            self.receive(other_copy)
        self.assertTracked(
            self.tracking, "bounced", ["queued", "sent", "delivered", "hard_bounce"]
        )
        self.assertBounced(self.alice, 1, self.message)

    def test_a_report_is_of_its_attempt(self):
        old = self.dsn("alice@example.com")
        self.tracking._next_attempt()
        self.receive(old)
        self.assertEqual(self.tracking.state, "waiting")
        self.assertEqual(self.last_event().attempt, 1)

    def test_several_recipients_with_different_actions(self):
        mail = self.new_mail(email_to="one@example.com, two@example.com, 3@example.com")
        self.send(mail)
        secret = self.secret_of("one@example.com")
        blocks = [
            status("two@example.com", "delivered", "2.0.0", secret),
            *(
                status(address, "failed", "5.1.1").partition("\n\n")[2]
                for address in ("one@example.com", "3@example.com")
            ),
        ]
        partners = self.env["res.partner"].create(
            [
                {"name": name, "email": f"{name}@example.com"}
                for name in ("one", "two", "3")
            ]
        )
        source = report("\n".join(blocks), to=self.bounce, returned="")
        self.receive(source)
        self.receive(source)
        one, two, three = self.trackings_of(mail)
        self.assertEqual(
            (one.state, two.state, three.state), ("bounced", "delivered", "bounced")
        )
        self.assertEqual(partners.mapped("message_bounce"), [1, 0, 1])

    def test_recipient_of_a_forwarded_mail(self):
        content = status("alice@example.com", "failed", "5.1.1")
        content = content.replace("x\n", self.secret_of("alice@example.com") + "\n")
        content = content.replace("rfc822; alice@example.com", "rfc822; far@away.test")
        self.receive(report(content, to=self.bounce, returned=""))
        self.assertEqual(self.tracking.state, "bounced")
        self.assertEqual(self.last_event().recipient, "far@away.test")
        self.assertBounced(self.alice, 1, self.message)

    def test_no_third_part(self):
        source = self.dsn("alice@example.com", "delivered", "2.0.0", returned="")
        self.receive(source)
        self.assertEqual(self.tracking.state, "delivered")

    # === WITHOUT IT ===#
    def test_forged_successes_change_nothing(self):
        headers = self.headers_of("alice@example.com")
        secret = self.secret_of("alice@example.com")
        forged = f"mat-{int(secret[4], 16) ^ 1:x}{secret[5:]}"
        for action in ("delivered", "relayed", "expanded"):
            for envelope_id in ("", "mat-1", forged, secret[:-1] + "x"):
                with self.subTest(action=action, envelope_id=envelope_id):
                    source = self.dsn(
                        "alice@example.com",
                        action,
                        "2.0.0",
                        secret=envelope_id,
                        returned=headers,
                    )
                    self.assertFalse(self.receive(source))
        self.assertTracked(self.tracking, "sent", ["queued", "sent"])
        self.assertBounced(self.alice, 0, self.message)
        self.assertFalse(self.env["mail.tracking.late.report"].search([]))

    def test_successes_of_unknown_mail_stop_here(self):
        for action in ("delivered", "relayed", "expanded", "delayed"):
            with self.subTest(action):
                source = self.dsn(
                    *("alice@example.com", action, "2.0.0"),
                    secret="other-1",
                    returned="Message-Id: <unknown@example.com>",
                )
                self.assertFalse(self.receive(source))
                self.assertBounced(self.alice, 0)

    def test_failures_of_unknown_mail_are_cores(self):
        """Core's bounce logic gets the same values as without the addon."""
        source = self.dsn(
            "bob@example.com",
            secret="other-1",
            returned="Message-Id: <unknown@example.com>",
        )
        for _time in range(2):  # core counts each
            self.receive(source)
        self.assertBounced(self.bob, 2)
        self.assertTracked(self.tracking, "sent", ["queued", "sent"])

    def test_several_failures_of_unknown_mail(self):
        carol = self.env["res.partner"].create(
            {"name": "Carol", "email": "carol@example.com"}
        )
        blocks = [
            status("carol@example.com", "delivered", "2.0.0"),
            *(
                status(address).partition("\n\n")[2]
                for address in ("alice@example.com", "bob@example.com")
            ),
        ]
        self.receive(report("\n".join(blocks), to=self.bounce))
        self.assertBounced(self.alice, 1)
        self.assertBounced(self.bob, 0)  # core counts one in a report
        self.assertBounced(carol, 0)

    def test_an_address_counts_once_however_often_it_is_named(self):
        again = status("bob@example.com").partition("\n\n")[2]
        content = "\n".join([status("bob@example.com"), *[again] * 9])
        self.receive(report(content, to=self.bounce, returned=""))
        self.assertBounced(self.bob, 1)

    def test_forwarded_to_several_who_do_not_exist(self):
        secret = self.secret_of("alice@example.com")
        first = status("alice@example.com", envelope_id=secret)
        others = [
            first.partition("\n\n")[2].replace("; alice@", f"; {name}@", 1)
            for name in ("far", "away")
        ]
        self.receive(report("\n".join([first, *others]), to=self.bounce, returned=""))
        self.assertEqual(self.tracking.state, "bounced")
        recipients = self.tracking.tracking_event_ids.mapped("recipient")
        self.assertIn("away@example.com", recipients)
        self.assertBounced(self.alice, 1, self.message)

    def test_a_bounce_by_the_token_in_the_headers(self):
        self.receive(self.dsn("alice@example.com", secret=""))
        self.assertEqual(self.tracking.state, "bounced")
        self.assertEqual(self.last_event().source, "dsn")
        self.assertBounced(self.alice, 1, self.message)

    def test_a_bounce_by_the_message_id(self):
        returned = f"Message-Id: {self.message.message_id}"
        source = self.dsn("alice@example.com", secret="", returned=returned)
        self.receive(source)
        self.receive(source)
        self.assertTracked(self.tracking, "bounced", ["queued", "sent", "hard_bounce"])
        self.assertEqual(self.last_event().source, "gateway")
        self.assertBounced(self.alice, 1, self.message)

    def test_a_bounce_by_the_message_id_of_a_mail_without_message(self):
        mail = self.new_mail(email_to="gone@example.com", auto_delete=True)
        message_id = mail.message_id
        self.send(mail)
        tracking = self.Tracking.search([("message_id", "=", message_id)])
        self.assertFalse(tracking.mail_message_id)
        source = self.dsn(
            "gone@example.com", secret="", returned=f"Message-Id: {message_id}"
        )
        self.receive(source)
        self.assertEqual(tracking.state, "bounced")

    def test_the_message_id_names_no_recipient(self):
        message = self.post(self.alice + self.bob)
        alice, bob = self.trackings_of(message)
        returned = f"Message-Id: {message.message_id}"
        source = self.dsn("other@example.com", secret="", returned=returned)
        self.receive(source)
        self.assertEqual((alice.state, bob.state), ("sent", "sent"))

    def test_a_bounce_in_no_format(self):
        token = self.tracking.token
        source = (
            f"From: MAILER-DAEMON@example.com\nTo: {self.bounce}\n"
            "Subject: failure notice\nMessage-Id: <q1@example.com>\n\n"
            "<alice@example.com>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
            f"--- Below this line is a copy.\n\nX-Odoo-Mail-Tracking: {token}\n"
        )
        self.receive(source)
        self.receive(source)
        self.assertTracked(self.tracking, "bounced", ["queued", "sent", "hard_bounce"])
        self.assertBounced(self.alice, 1, self.message)

    def test_a_bounce_of_a_server_under_another_name(self):
        source = report(
            *("", ""),
            headers="Precedence: bulk\n",
            subject="Undelivered Mail Returned to Sender",
            sender="Mail Delivery System <noreply@example.com>",
            returned=self.headers_of("alice@example.com"),
            to=self.bounce,
        ).replace("multipart/report", "multipart/mixed")
        self.receive(source)
        self.assertEqual(self.tracking.state, "soft_bounced")
        self.assertBounced(self.alice, 1, self.message)

    def test_a_bounce_in_words_of_a_postmaster(self):
        self.receive(
            f"From: postmaster@example.com\nTo: {self.bounce}\n"
            "Subject: Undeliverable: Hello\nMessage-Id: <p1@example.com>\n"
            "Auto-Submitted: auto-replied\n"
            f"In-Reply-To: {self.message.message_id}\n\n"
            f"No such user.\n\nX-Odoo-Mail-Tracking: {self.tracking.token}\n"
        )
        self.assertEqual(self.tracking.state, "bounced")
        self.assertBounced(self.alice, 1, self.message)
