from odoo.tests import new_test_user, tagged

from ...tools.pixel_hit import register_hit
from ..helpers.consent_case import ConsentCase
from ..helpers.notice_case import NoticeCase
from ..helpers.report_case import ReportCase

OPENED = "Alice Able opened “Offer 42”."


@tagged("post_install", "-at_install")
class TestReadNotices(NoticeCase, ConsentCase):
    """The author who wants it is told that a mail was read: once, and by a person."""

    def setUp(self):
        super().setUp()
        self.author.mail_tracking_tells = True

    def test_first_open(self):
        tracking = self.written()
        with self.notices() as notices:
            self.open(tracking)
        self.assertEqual(
            notices,
            [{"text": OPENED, "model": "res.partner", "id": self.document.id}],
        )
        self.assertFalse(tracking.tells)

    def test_told_once(self):
        tracking = self.written()
        self.assertTold(tracking, [OPENED], "proxy")
        self.let_load_again(tracking)
        self.assertTold(tracking, [])
        self.assertEqual(tracking.open_count, 2)

    def test_each_recipient_once(self):
        to_alice, to_bob = self.written(self.alice + self.bob)
        self.assertTold(to_alice, [OPENED])
        self.let_load_again(to_alice + to_bob)
        self.assertTold(to_bob, ["Bob Bounce opened “Offer 42”."])

    def test_nothing_that_proves_no_person(self):
        tracking = self.written()
        for evidence in ("machine", "suspect", "self"):
            self.let_load_again(tracking)
            self.assertTold(tracking, [], evidence)
        self.let_load_again(tracking)
        self.assertTold(tracking, [OPENED])

    def test_too_early_to_count(self):
        self.document = self.document.with_user(self.author)
        tracking = self.trackings_of(self.post(self.alice))
        self.assertTold(tracking, [])
        self.assertEqual(tracking.tells, "always")

    def test_a_shared_pixel(self):
        trackings = self.written(
            self.alice.browse(), outgoing_email_to="x@example.com, y@example.com"
        )
        trackings = trackings.filtered(lambda tracking: not tracking.partner_id)
        self.assertEqual(trackings.mapped("tells"), ["always", "always"])
        with self.notices() as notices:
            self.open(trackings[0])
        self.assertEqual(trackings.mapped("hit_count"), [1, 1])
        self.assertFalse(notices)

    def test_opened_though_it_failed_before(self):
        tracking = self.written()
        tracking._add_events({"event_type": "hard_bounce", "source": "dsn"})
        tracking._update_state()
        self.assertTold(tracking, [OPENED])

    def test_what_a_provider_reports(self):
        tracking = self.written()
        click = {"event_type": "click", "source": "webhook:mailgun"}
        with self.notices() as notices:
            tracking._add_events({**click, "evidence": "machine"})
            tracking._update_state()
        self.assertFalse(notices)
        with self.notices() as notices:
            tracking._add_events({**click, "evidence": "human"})
            tracking._update_state()
        self.assertEqual([notice["text"] for notice in notices], [OPENED])

    def test_several_at_once_are_one_notice(self):
        people = self.env["res.partner"].create(
            [{"name": f"P{i}", "email": f"p{i}@example.com"} for i in range(5)]
        )
        trackings = self.written(people)
        click = {"event_type": "click", "source": "webhook:mailgun"}
        with self.notices() as notices:
            trackings._add_events({**click, "evidence": "human"})
            trackings._update_state()
        (notice,) = notices
        # Core sends to recipients in the order in which PostgreSQL finds them.
        names = ", ".join(t.partner_id.name for t in trackings.sorted("id")[:3])
        self.assertEqual(notice["text"], f"{names}, and … opened “Offer 42”.")

    def test_no_colleagues(self):
        colleague = new_test_user(self.env, "colleague", email="c@example.com")
        tracking = self.written(colleague.partner_id)
        self.assertTold(tracking, [])
        self.assertEqual(tracking.state, "opened")

    def test_who_does_not_want_it(self):
        self.author.mail_tracking_tells = False
        tracking = self.written()
        self.assertFalse(tracking.tells)
        self.assertTold(tracking, [])

    def test_who_does_not_want_it_any_more(self):
        tracking = self.written()
        self.author.mail_tracking_tells = False
        self.assertTold(tracking, [])

    def test_who_has_left(self):
        tracking = self.written()
        self.author.active = False
        self.assertTold(tracking, [])

    def test_a_document_that_the_author_may_not_read(self):
        tracking = self.written()
        other = self.env["res.company"].create({"name": "Other"})
        self.document.sudo().company_id = other
        self.assertTold(tracking, [])
        self.assertEqual(tracking.state, "opened")

    def test_a_document_that_is_gone(self):
        tracking = self.written()
        tracking.res_id = 2**31 - 1
        self.assertTold(tracking, [])

    def test_merged_contacts_are_one(self):
        double = self.env["res.partner"].create(
            {"name": "Alice A.", "email": "alice.a@example.com"}
        )
        first, second = self.written(self.alice + double)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.alice + double).ids, self.alice)
        self.env.invalidate_all()
        self.assertEqual(second.partner_id, first.partner_id)
        self.assertTold(second, [OPENED])
        self.let_load_again(first + second)
        self.assertTold(first, [])

    def test_names_that_turn_words_around(self):
        self.alice.name = "אליס"
        self.document.name = "הצעה"
        self.assertTold(self.written(), ["\u2068אליס\u2069 opened “\u2068הצעה\u2069”."])

    def test_in_the_language_of_the_author(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.author.lang = "fr_FR"
        people = self.alice + self.bob
        trackings = self.written(people)
        click = {"event_type": "click", "source": "webhook:mailgun"}
        with self.notices() as notices:
            trackings._add_events({**click, "evidence": "human"})
            trackings._update_state()
        self.assertIn("Alice Able et Bob Bounce", notices[0]["text"])

    def test_withdrawal_of_consent(self):
        tracking = self.written()
        self.refuse(self.alice.email)
        self.assertTold(tracking, [])

    def test_statements(self):
        """Who did not ask costs nothing: neither when mails are made nor at a hit."""
        telling = self.written()
        self.author.mail_tracking_tells = False
        quiet = self.written()
        self.env.flush_all()
        tokens = {tracking: tracking.token for tracking in quiet + telling}
        for tracking, token in tokens.items():
            with self.subTest(tracking=tracking), self.assertQueryCount(2):
                (hit,) = register_hit(self.env.cr, token, "human")
            self.assertEqual(hit.tells, tracking == telling)

    def test_statements_of_sending(self):
        counts = set()
        for is_wanted in (True, False):
            self.author.mail_tracking_tells = is_wanted
            for _warm in range(2):
                self.written()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.written()
            counts.add(self.env.cr.sql_log_count - before)
        self.assertEqual(len(counts), 1, counts)


@tagged("post_install", "-at_install")
class TestAnsweredNotices(NoticeCase, ConsentCase, ReportCase):
    def answer(self, tracking, number=1):
        self.receive(
            f"From: alice@example.com\nTo: {self.env.company.catchall_email}\n"
            f"Subject: Re: Offer\nMessage-Id: <reply{number}@example.com>\n"
            f"In-Reply-To: {tracking.mail_message_id.message_id}\n\nYes!"
        )

    def test_answered(self):
        self.author.mail_tracking_tells = True
        tracking = self.written()
        with self.notices() as notices:
            self.answer(tracking)
        self.assertEqual(
            [notice["text"] for notice in notices],
            ["Alice Able replied to “Offer 42”."],
        )
        with self.notices() as notices:
            self.answer(tracking, 2)
            self.open(tracking)
        self.assertFalse(notices)

    def test_answered_after_it_was_opened(self):
        self.author.mail_tracking_tells = True
        tracking = self.written()
        self.assertTold(tracking, [OPENED])
        with self.notices() as notices:
            self.answer(tracking)
        self.assertFalse(notices)
