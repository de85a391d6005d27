from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from ...tools.whole_patterns import with_whole_patterns
from ..helpers.questions import FIELDS, Questions
from ..helpers.tracking_case import TrackingCase

QUESTIONS = 1_000  # each is asked twice
# What decides whether the row counts for its document.
OF_DOCUMENT = ("model", "res_id", "outranked")


@tagged("post_install", "-at_install")
class TestOracle(TrackingCase):
    """Users learn nothing about rows that they may not read."""

    def setUp(self):
        super().setUp()
        company = self.env["res.company"].create({"name": "Other"})
        self.employee = new_test_user(self.env, "oracle", email="e@example.com")
        # The hidden rows are older, so that they would come first in a page.
        self.document.company_id = company
        hidden = self.trackings_of(self.post(self.alice))
        self.document = self.env["res.partner"].create({"name": "Own"})
        own = self.trackings_of(self.post(self.bob))
        with self.assertRaises(AccessError):
            hidden.with_user(self.employee).read(["id"])
        self.assertTrue(own.with_user(self.employee).read(["id"]))
        self.hidden, self.own = (
            {x._name: x.id for x in (tracking, tracking.tracking_event_ids[0])}
            for tracking in (hidden, own)
        )

    def let_hidden_rows_have(self, which, leave=()):
        """Write into the hidden rows the first, or the second, value of each field.

        :param leave: names of the fields that are left as they are
        """
        for model, columns in FIELDS.items():
            values = [
                SQL("%s = %s", SQL.identifier(name), both[which])
                for name, both in columns.items()
                if name not in leave
            ]
            table = SQL.identifier(self.env[model]._table)
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s WHERE id = %s",
                    *(table, SQL(", ").join(values), self.hidden[model]),
                )
            )
        self.env.invalidate_all()

    def answer(self, question, user):
        """Return what a user is answered by RPC, an error in its words."""
        model, method, values = question
        values = dict(values)
        ids = [[*values.pop("ids")]] if "ids" in values else []
        try:
            with self.env.cr.savepoint():
                records = self.env[model].with_user(user)
                answer = call_kw(records, method, ids, values)
            return repr(dict(answer) if isinstance(answer, dict) else answer)
        except Exception as error:  # noqa: BLE001
            return f"{type(error).__name__}: {error}"
        finally:
            self.env.invalidate_all(flush=False)

    def differing(self, questions, user, leave=()):
        """Return the questions that have another answer with the property."""
        self.let_hidden_rows_have(0, leave)
        with_it = [self.answer(question, user) for question in questions]
        self.let_hidden_rows_have(1, leave)
        without = [self.answer(question, user) for question in questions]
        answers = zip(questions, with_it, without, strict=True)
        return [row for row in answers if row[1] != row[2]]

    @mute_logger("odoo.sql_db", "odoo.domains", "py.warnings")
    def test_same_answers_with_and_without_the_property(self):
        """Errors are answers, too."""
        chance = Questions(self.own, self.hidden)
        questions = [chance.ask() for _number in range(QUESTIONS)]
        self.assertEqual(self.differing(questions, self.employee), [])
        # The questions are to the point: whoever may read everything is told.
        some = questions[: QUESTIONS // 5]
        self.assertGreater(len(self.differing(some, self.env.user)), len(some) / 3)

    def test_half_an_escape(self):
        """PostgreSQL refuses such a pattern only if some value begins with it."""
        self.let_hidden_rows_have(0)
        model = "mail.tracking.email"
        hidden = ("id", "=", self.hidden[model])
        for leaf in (
            ("recipient_address", "=like", "zoe\\"),
            ("recipient_address", "not =ilike", "zoe\\"),
            ("tracking_event_ids", "any", [("server", "=like", "mx.secret\\")]),
        ):
            question = (model, "search", {"domain": [hidden, leaf]})
            with self.subTest(leaf=leaf):
                self.assertEqual(self.answer(question, self.employee), "[]")
                with mute_logger("odoo.sql_db"):
                    answer = self.answer(question, self.env.user)
                self.assertIn("LIKE pattern must not end", answer)

    def test_half_an_escape_within_a_domain(self):
        mended = with_whole_patterns(
            [
                ("partner_id", "any", [("name", "=like", "Ali\\")]),
                "|",
                *[("name", "not =ilike", "%\\\\"), ("name", "like", "x\\")],
            ]
        )
        whole = [
            ("partner_id", "any", [("name", "=like", "Ali\\\\")]),
            "|",
            *[("name", "not =ilike", "%\\\\"), ("name", "like", "x\\")],
        ]
        self.assertEqual(repr(mended), repr(Domain(whole)))

    @mute_logger("odoo.sql_db")
    def test_contacts_and_documents(self):
        """Fields computed from trackings reveal no more than the trackings."""
        own = ["|", ("id", "=", self.document.id)]
        questions = [
            ("res.partner", method, {**values, "domain": domain})
            for domain in (
                [("mail_tracking_state", "=", "error")],
                [("mail_tracking_state", "=like", "err\\")],
                [("mail_tracking_state", "not =like", "err\\")],
                [*own, ("mail_tracking_state", "=", "error")],
                [*own, ("mail_tracking_state", "!=", "error")],
            )
            for method, values in (
                ("search", {"limit": 1, "order": "id asc"}),
                ("search_count", {"limit": 1}),
                ("search", {"order": "mail_tracking_state desc"}),
                (
                    "formatted_read_group",
                    {"groupby": ["mail_tracking_state"], "aggregates": ["__count"]},
                ),
            )
        ]
        names = {"mail_tracking_total": {}, "mail_tracking_state": {}}
        questions += [
            (
                "res.partner",
                "web_read",
                {"ids": self.alice.ids, "specification": names},
            ),
            ("res.partner", "read", {"ids": self.alice.ids, "fields": list(names)}),
            ("res.partner", "action_open_mail_trackings", {"ids": self.alice.ids}),
        ]
        self.assertEqual(self.differing(questions, self.employee, OF_DOCUMENT), [])
        of_admin = self.differing(questions, self.env.user, OF_DOCUMENT)
        self.assertGreater(len(of_admin), len(questions) / 3)
