import random
from unittest.mock import patch

from odoo.fields import Domain
from odoo.tests import tagged

from ...tools.states import STORED_STATES
from ..helpers.mail_state_case import MailStateCase

NAME = "mail_tracking_state"
# Written out here again: from the worst to the best.
WORST_FIRST = ("error", "noemail", "waiting", "sent", "delivered", "opened")
STATUS = {
    "waiting": "waiting",
    "sent": "sent",
    "deferred": "sent",
    "delivered": "delivered",
    "error": "error",
    "rejected": "error",
    "soft_bounced": "error",
    "bounced": "error",
    "spam": "error",
    "opened": "opened",
    "unsub": "opened",
}
VALUES = (*WORST_FIRST, False)


@tagged("post_install", "-at_install")
class TestMailStateRandom(MailStateCase):
    """Searches by SQL and by Python in the same random trackings agree."""

    def fill(self, seed):
        """Make documents with messages, some of another model with the same number.

        :return: the documents and a dict from their ids to their expected statuses
        """
        chance = random.Random(seed)  # noqa: S311 - not a secret
        self.ref = f"random {seed}"
        documents = self.Partner.create(
            [{"name": f"D{i}", "ref": self.ref} for i in range(24)]
        )
        rows = []
        for _message in range(90):
            rows += self.some_trackings(chance, chance.choice(documents))
        chance.shuffle(rows)
        self.Tracking.sudo().create(rows)
        expected = {
            document.id: self.expected_status(
                row
                for row in rows
                if (row["model"], row["res_id"]) == ("res.partner", document.id)
            )
            for document in documents
        }
        return documents, expected

    def some_trackings(self, chance, document):
        """Return the values of trackings of a new message."""
        model = chance.choice(["res.partner"] * 6 + ["res.users"])
        message = self.env["mail.message"].create(
            {
                "model": model,
                "res_id": document.id,
                "message_type": "comment",
                "reply_to": "no@example.com",  # not asked of a user who may not exist
            }
        )
        about_message = {
            "model": model,
            "res_id": document.id,
            "mail_message_id": chance.choice([message.id] * 9 + [False]),
            "notifies_only": chance.random() < 0.1,
        }
        # Mostly a few kinds, so that some messages are all canceled or all fine.
        states = chance.sample([state for state, _label in STORED_STATES], 3)
        return [
            {
                **about_message,
                "state": chance.choice(states),
                "error_type": chance.choice([False, "mail_email_missing", "refused"]),
            }
            for _recipient in range(chance.randint(1, 4))
        ]

    def expected_status(self, rows):
        """Return the status of a document by its trackings, as the contract says it."""
        rows = [
            row
            for row in rows
            if row["mail_message_id"]
            and not row["notifies_only"]
            and row["state"] != "canceled"
        ]
        last = max((row["mail_message_id"] for row in rows), default=None)
        statuses = {
            "noemail"
            if (row["state"], row["error_type"]) == ("error", "mail_email_missing")
            else STATUS[row["state"]]
            for row in rows
            if row["mail_message_id"] == last
        }
        return min(statuses, key=WORST_FIRST.index, default=False)

    def check_searches(self, expected, chance):
        """Search for statuses, in both ways to find failures."""
        for many in (False, True):
            way = {"_mail_tracking_has_many_failures": lambda _model, many=many: many}
            with (
                self.subTest(many_failures=many),
                patch.multiple(self.env.registry["res.partner"], **way),
            ):
                self.check_operators(expected, chance)

    def check_operators(self, expected, chance):
        """Search for statuses, some and all and with each operator."""
        mine = Domain("ref", "=", self.ref)
        wanted = [[value] for value in VALUES] + [["error", "noemail"]]
        wanted += [chance.sample(VALUES, chance.randint(0, 7)) for _try in range(12)]
        for values in wanted:
            matching = self.Partner.search(mine & Domain(NAME, "in", values))
            others = self.Partner.search(mine & Domain(NAME, "not in", values))
            right = {key for key, status in expected.items() if status in values}
            with self.subTest(values=values):
                self.assertEqual(set(matching.ids), right)
                self.assertEqual(set(others.ids), set(expected) - right)
                count = self.Partner.search_count(mine & Domain(NAME, "in", values))
                self.assertEqual(count, len(right))

    def test_against_python(self):
        met = set()
        for seed in range(6):
            documents, expected = self.fill(seed)
            met |= set(expected.values())
            with self.subTest(seed=seed):
                self.assertEqual(
                    {document.id: document[NAME] for document in documents}, expected
                )
                self.check_searches(expected, random.Random(seed))  # noqa: S311
                groups = self.Partner._read_group(
                    [("ref", "=", self.ref)], [NAME], ["id:recordset"]
                )
                self.assertEqual(
                    {record.id: status for status, group in groups for record in group},
                    expected,
                )
        self.assertEqual(met, set(VALUES), "the cases should cover every status")

    def test_what_has_changed_since_is_found(self):
        """An earlier message becomes the last one when a later message is deleted."""
        document = self.new_document("bounced", ref="changes")
        later = self.add_message(document, "opened")
        mine = Domain("ref", "=", "changes") & Domain(NAME, "=", "error")
        self.assertFalse(self.Partner.search(mine))
        trackings = self.Tracking.sudo().search([("mail_message_id", "=", later.id)])
        trackings.state = "canceled"
        self.assertEqual(self.Partner.search(mine), document)
        trackings.state = "delivered"
        self.assertFalse(self.Partner.search(mine))
        later.sudo().unlink()
        self.env.invalidate_all()
        self.assertEqual(self.Partner.search(mine), document)
        self.assertEqual(document[NAME], "error")

    def test_which_way(self):
        """Documents with one failure each, then with three; asked once."""
        for failures, expected in ((1, False), (3, True)):
            self.Tracking.sudo().search([]).unlink()
            for _document in range(2):
                self.new_document(*["bounced"] * failures)
            self.env.flush_all()
            self.env.registry.clear_cache()
            with self.subTest(failures=failures), self.assertQueryCount(1):
                for _time in range(2):
                    many = self.Partner._mail_tracking_has_many_failures()
                    self.assertEqual(many, expected)
