from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from ...controllers import open_pixel
from ...controllers.open_pixel import GIF
from ...models.opens.mail_tracking_email import MailTrackingEmail as Pixel
from ...tools import guard
from ..helpers.smtp_server import pixel_urls
from ..helpers.tracking_case import TrackingCase, ill

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


@tagged("post_install", "-at_install")
class TestOpenPixel(TrackingCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.message = self.post(self.alice)
        self.tracking = self.trackings_of(self.message)
        self.let_pass(self.tracking)
        (self.url,) = pixel_urls(self.smtp.message_to("alice@example.com"))

    def hit(self, url=None, method="GET", **headers):
        """Load the pixel as a mail program does; check that the answer is the image."""
        headers.setdefault("User-Agent", CHROME)
        answer = self.opener.request(method, url or self.url, headers=headers)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.headers["Content-Type"], "image/gif")
        self.assertIn("no-store", answer.headers["Cache-Control"])
        self.assertNotIn("Set-Cookie", answer.headers)
        if method == "GET":
            self.assertEqual(answer.content, GIF)
            self.assertEqual(len(answer.content), 43)
        self.tracking.invalidate_recordset()
        return answer

    def test_posted_fetched_opened(self):
        self.hit()
        self.assertTracked(
            self.tracking, "opened", ["queued", "sent", "open"], open_count=1
        )
        opening = self.tracking.tracking_event_ids.filtered(
            lambda event: event.event_type == "open"
        )
        self.assertEqual(opening.source, "pixel")
        self.assertEqual(opening.evidence, "human")
        self.assertEqual(self.tracking.first_open, opening.time)
        self.assertEqual(self.tracking.last_open, opening.time)

    def test_address_hides_ids_and_the_database(self):
        self.assertNotIn(self.env.cr.dbname, self.url)
        self.assertRegex(
            self.url, r"^http.*/mail/tracking/open/[0-9a-f]{10}[a-z2-7]{26}\.gif$"
        )

    def test_repeated_hits_within_a_minute_count_once(self):
        for _i in range(3):
            self.hit()
        self.assertTracked(
            self.tracking, "opened", ["queued", "sent", "open"], open_count=1
        )

    def test_hits_are_bounded(self):
        for _i in range(25):
            self.hit()
            self.env.cr.execute(
                "UPDATE mail_tracking_email SET last_hit = last_hit - interval '61 s'"
                " WHERE id = %s",
                [self.tracking.id],
            )
        events = self.tracking.tracking_event_ids.filtered_domain(
            [("event_type", "=", "open")]
        )
        self.assertEqual(len(events), 20)
        self.assertEqual(self.tracking.open_count, 20)

    def test_head_and_prefetch_open_nothing(self):
        self.hit(method="HEAD")
        for name, value in (
            ("Sec-Purpose", "prefetch;anonymous-client-ip"),
            ("Purpose", "prefetch"),
            ("X-Purpose", "preview"),
            ("X-Moz", "prefetch"),
        ):
            self.hit(**{name: value})
        self.assertTracked(self.tracking, "sent", ["queued", "sent"], open_count=0)

    def test_machine_proves_delivery_only(self):
        self.hit(**{"User-Agent": "Mozilla/5.0"})
        self.assertTracked(
            self.tracking, "delivered", ["queued", "sent", "open"], open_count=0
        )
        self.hit()  # a reader within the same minute is not lost
        self.assertTracked(
            self.tracking, "opened", ["queued", "sent", "open", "open"], open_count=1
        )

    def test_proxy_of_a_person(self):
        self.hit(**{"User-Agent": "Mozilla/5.0 (via ggpht.com GoogleImageProxy)"})
        self.assertTracked(self.tracking, "opened", ["queued", "sent", "open"])
        self.assertEqual(self.tracking.tracking_event_ids[0].evidence, "proxy")

    def test_bad_tokens_look_like_good_ones(self):
        good = self.hit()
        start, token = self.url[:-30], self.url[-30:-4]
        for name in (
            token[::-1],
            token[:-1],
            token + "a",
            token.upper(),
            "%00",
            "x" * 3000,
        ):
            bad = self.hit(f"{start}{name}.gif")
            for header in ("Content-Length", "Cache-Control", "Content-Type"):
                self.assertEqual(bad.headers[header], good.headers[header])
        self.assertEqual(self.tracking.open_count, 1)

    def test_noted_when_nobody_can_be_told(self):
        self.env["mail.tracking.viewer"].create(
            {
                "browser": "browser",
                "user_id": self.env.uid,
                "model": self.document._name,
                "res_id": self.document.id,
            }
        )
        with (
            patch.object(Pixel, "_notify_hits", ill),
            self.assertLogs(guard.__name__, "ERROR"),
        ):
            self.hit()
        self.assertTracked(self.tracking, "opened", ["queued", "sent", "open"])

    def test_the_image_when_nothing_can_be_noted(self):
        with (
            patch.object(open_pixel, "register_hit", ill),
            self.assertLogs(open_pixel.__name__, "ERROR"),
        ):
            self.hit()
        self.assertTracked(self.tracking, "sent", ["queued", "sent"])

    def test_own_session_opens_nothing(self):
        self.authenticate("admin", "admin")
        self.hit()
        self.assertTracked(self.tracking, "sent", ["queued", "sent"])

    def test_session_of_a_portal_user_opens(self):
        self.env["res.users"].create(
            {
                "name": "Portal",
                "login": "portal-reader",
                "password": "portal-reader",
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
            }
        )
        self.authenticate("portal-reader", "portal-reader")
        self.hit()
        self.assertTracked(self.tracking, "opened", ["queued", "sent", "open"])

    def test_nothing_is_recorded_that_others_could_not_be_told(self):
        """A failed mail that is opened: both are one transaction."""
        self.tracking._add_events({"event_type": "hard_bounce", "source": "dsn"})
        self.tracking._update_state()
        self.assertEqual(self.tracking.state, "bounced")
        with (
            patch.object(open_pixel.SingleStatements, "begin", ill),
            self.assertLogs(open_pixel.__name__, "ERROR"),
        ):
            self.hit()
        names = ["queued", "sent", "hard_bounce"]
        self.assertTracked(self.tracking, "bounced", names, open_count=0)
        self.hit()
        self.assertEqual(self.tracking.open_count, 1)

    def test_shared_pixel_makes_nobody_opened(self):
        mail = self.new_mail(email_to="one@example.com, two@example.com")
        self.send(mail)
        self.let_pass(self.trackings_of(mail))
        (url,) = pixel_urls(self.smtp.message_to("one@example.com"))
        self.hit(url)
        for tracking in self.trackings_of(mail):
            self.assertTracked(
                tracking, "sent", ["queued", "sent", "open"], open_count=0
            )
            self.assertEqual(tracking.tracking_event_ids[0].evidence, "shared")

    def test_waiting_for_a_retry_stays_opened(self):
        self.hit()
        self.tracking._next_attempt()
        self.assertEqual(self.tracking.state, "opened")


@tagged("post_install", "-at_install")
class TestPixelInMails(TrackingCase):
    def test_not_in_the_text_part(self):
        self.post(self.alice)
        sent = self.smtp.message_to("alice@example.com")
        self.assertEqual(len(pixel_urls(sent)), 1)
        text = sent.get_body(("plain",)).get_content()
        self.assertNotIn("/mail/tracking/", text)

    def test_not_in_what_odoo_keeps(self):
        message = self.post(self.alice, mail_auto_delete=False)
        mail = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        self.assertNotIn("/mail/tracking/", mail.body_html + message.body)

    def test_switched_off(self):
        for value, count in (
            ("True", 0),
            ("1", 0),
            ("false", 1),
            ("", 1),
            ("False", 1),
        ):
            with self.subTest(value=value):
                self.env["ir.config_parameter"].set_param(
                    "mail_activity_tracking.tracking_img_disabled", value
                )
                self.post(self.alice)
                urls = pixel_urls(self.smtp.message_to("alice@example.com"))
                self.assertEqual(len(urls), count)

    def test_public_address(self):
        self.env["ir.config_parameter"].set_param(
            "mail_activity_tracking.base_url", "https://mail.example.com/"
        )
        self.post(self.alice)
        (url,) = pixel_urls(self.smtp.message_to("alice@example.com"))
        self.assertTrue(url.startswith("https://mail.example.com/mail/tracking/open/"))
