import re
from email import message_from_string, policy

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ...tools.consent import ALLOWED, REFUSED
from ..helpers.consent_case import ConsentCase
from ..helpers.smtp_server import pixel_urls

ROUTE = "/mail/tracking/preferences"


@tagged("post_install", "-at_install")
class TestEmailPreferences(ConsentCase, HttpCase):
    """The recipient's page, by the link in a mail and logged in."""

    def setUp(self):
        super().setUp()
        self.tracking, self.url = self.sent_link()

    def get(self, url=None):
        answer = self.opener.get(url or self.url)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("no-store", answer.headers["Cache-Control"])
        self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
        return answer

    def choose(self, choice, url=None, **values):
        answer = self.opener.post(url or self.url, data={"choice": choice, **values})
        self.assertEqual(answer.status_code, 200)
        self.env.invalidate_all()
        return answer

    def choice_of(self, address="alice@example.com"):
        return self.Consent._choices_of([address]).get(address)

    def bad_url(self):
        """Return the link with another signature."""
        return self.url[:-32] + "0" * 32

    def test_scanner_does_nothing(self):
        for method in ("GET", "HEAD", "OPTIONS"):
            answer = self.opener.request(method, f"{self.url}?choice=refused")
            self.assertNotIn("Set-Cookie", answer.headers, method)
        self.assertEqual(self.choice_of(), ALLOWED)

    def test_language_and_direction(self):
        self.env["res.lang"]._activate_lang("ar_001")
        pages = {"en-US": 'lang="en-US" dir="ltr"', "ar": 'lang="ar-001" dir="rtl"'}
        for wanted, attributes in pages.items():
            with self.subTest(wanted):
                headers = {"Accept-Language": wanted}
                page = self.opener.get(self.url, headers=headers).text
                self.assertIn(f"<html {attributes}>", page)

    def test_withdraw_and_allow_again(self):
        self.open(self.tracking)
        self.assertEqual(self.tracking.state, "opened")
        self.assertIn("no longer sees", self.choose(REFUSED).text)
        self.assertEqual(self.choice_of(), REFUSED)
        self.assertEqual(self.tracking.state, "sent")
        row = self.Consent.search([("address", "=", "alice@example.com")])
        self.assertEqual((row.origin, row.user_id.id), ("link", False))
        self.assertIn("can see", self.choose(ALLOWED).text)
        self.assertEqual(self.choice_of(), ALLOWED)
        log = self.Log.search([("address", "=", "alice@example.com")])
        self.assertEqual(log.mapped("origin"), ["link", "link", "api"])
        self.assertEqual(log.mapped("user_name")[:2], [False, False])

    def test_unknown_choice(self):
        self.choose("whatever")
        self.choose("not_asked")
        self.assertEqual(self.choice_of(), ALLOWED)

    def test_bad_link_looks_like_a_good_one(self):
        self.assertEqual(self.get(self.bad_url()).text, self.get().text)
        bad = self.choose(REFUSED, self.bad_url())
        self.assertEqual(self.choice_of(), ALLOWED)
        self.assertEqual(bad.text, self.choose(REFUSED).text)

    def test_pixel_does_not_make_the_link(self):
        (pixel,) = pixel_urls(self.smtp.message_to(self.alice.email))
        name = pixel.rpartition("/")[2].removesuffix(".gif")
        self.assertTrue(self.url.rpartition("/")[2].startswith(name))
        self.assertEqual(self.url_open(f"{ROUTE}/{name}").status_code, 404)

    def test_broken_link(self):
        for name in ("x", "0" * 68, self.url[-68:].upper()):
            answer = self.url_open(f"{ROUTE}/{name}")
            self.assertEqual(answer.status_code, 404, name)

    def test_shared_message_asks_who(self):
        self.allow("one@example.com", "two@example.com")
        self.send(self.new_mail(email_to="one@example.com, two@example.com"))
        ((url,), _text) = self.links(self.smtp.message_to("one@example.com"))
        page = self.get(url).text
        self.assertIn('type="email"', page)
        for address in ("one@example.com", "two@example.com"):
            self.assertNotIn(address, page)
        answers = [
            self.choose(REFUSED, url, address=address).text
            for address in ("alice@example.com", "", "nobody@example.com", "no address")
        ]
        self.assertEqual(self.choice_of(), ALLOWED)
        answers.append(self.choose(REFUSED, url, address=" Two@Example.com ").text)
        self.assertEqual(len(set(answers)), 1)
        self.assertEqual(self.choice_of("two@example.com"), REFUSED)
        self.assertEqual(self.choice_of("one@example.com"), ALLOWED)

    def test_nobody_allows_for_others_who_share_a_message(self):
        self.send(self.new_mail(email_to="one@example.com, two@example.com"))
        ((url,), _text) = self.links(self.smtp.message_to("one@example.com"))
        self.choose(ALLOWED, url, address="one@example.com")
        self.assertIsNone(self.choice_of("one@example.com"))

    def test_quoted_link_is_not_for_others(self):
        """A quoted link loses its token: readers of a reply must not use it."""
        html = f'<p>Thanks</p><blockquote><a href="{self.url}">Change</a></blockquote>'
        message = message_from_string(
            "From: alice@example.com\nTo: x@example.com\nSubject: Re\n"
            f"Message-Id: <reply@example.com>\nContent-Type: text/html\n\n{html}",
            policy=policy.SMTP,
        )
        body = self.env["mail.thread"].message_parse(message)["body"]
        self.assertIn(f'{ROUTE}"', body)
        self.assertNotIn(self.tracking.token, body)

    def test_own_page(self):
        user = new_test_user(
            self.env, "carol", groups="base.group_portal", email="carol@example.com"
        )
        self.authenticate("carol", "carol")
        page = self.url_open(ROUTE).text
        self.assertIn("carol@example.com", page)
        self.assertIn("You have not decided yet", page)
        with mute_logger("odoo.http"):
            refused = self.url_open(ROUTE, data={"choice": REFUSED})
        self.assertEqual(refused.status_code, 400)  # without the token of the form
        self.assertIsNone(self.choice_of("carol@example.com"))
        (token,) = re.findall(r'name="csrf_token" value="([^"]+)"', page)
        answer = self.url_open(ROUTE, data={"choice": REFUSED, "csrf_token": token})
        self.assertIn("You do not allow it", answer.text)
        row = self.Consent.search([("address", "=", "carol@example.com")])
        self.assertEqual((row.state, row.origin), (REFUSED, "page"))
        self.assertEqual(row.user_id, user)

    def test_own_page_lifts_no_refusal_of_others(self):
        """An account can have any address: it cannot lift a refusal."""
        (claimed, own) = ("alice@example.com", "eve@example.com")
        self.choose(REFUSED)
        new_test_user(
            self.env, "eve", groups="base.group_portal", email=f"{claimed}, {own}"
        )
        self.authenticate("eve", "eve")
        for choice, choices in (
            (ALLOWED, (REFUSED, ALLOWED)),
            (REFUSED, (REFUSED, REFUSED)),
            (ALLOWED, (REFUSED, ALLOWED)),
        ):
            page = self.url_open(ROUTE).text
            (token,) = re.findall(r'name="csrf_token" value="([^"]+)"', page)
            self.url_open(ROUTE, data={"choice": choice, "csrf_token": token})
            self.env.invalidate_all()
            recorded = (self.choice_of(claimed), self.choice_of(own))
            self.assertEqual(recorded, choices)

    def test_own_page_needs_a_login(self):
        answer = self.url_open(ROUTE, allow_redirects=False)
        self.assertIn(answer.status_code, (302, 303))
        self.assertIn("/web/login", answer.headers["Location"])


@tagged("post_install", "-at_install", "-standard", "mat_modules")
class TestPortalLink(ConsentCase, HttpCase):
    """Run in the stage of `./dev test` that installs the modules."""

    def test_linked_from_the_portal(self):
        new_test_user(
            self.env, "dan", groups="base.group_portal", email="dan@example.com"
        )
        self.authenticate("dan", "dan")
        self.assertIn(f'href="{ROUTE}"', self.url_open("/my").text)
        self.assertIn("dan@example.com", self.url_open(ROUTE).text)
