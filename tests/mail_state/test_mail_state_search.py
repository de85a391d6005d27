from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from ...tools.mail_state_sql import TRACKED_STATUSES
from ..helpers.mail_state_case import FAILED, MailStateCase


@tagged("post_install", "-at_install")
class TestMailStateSearch(MailStateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.by_status = {}

    def setUp(self):
        super().setUp()
        self.by_status = {
            status: self.new_document(status, ref="state")
            for status in TRACKED_STATUSES
        }
        self.by_status[False] = self.new_document(ref="state")

    def statuses_of(self, *condition):
        """Search the documents and filter them: both have to agree."""
        domain = Domain("ref", "=", "state") & Domain(*condition)
        matching = self.Partner.with_user(self.employee).search(domain)
        documents = self.Partner.concat(*self.by_status.values())
        self.assertEqual(
            {document.id for document in documents.filtered_domain(domain)},
            set(matching.ids),
        )
        return {s for s, document in self.by_status.items() if document in matching}

    def test_every_operator(self):
        name, every = "mail_tracking_state", {*TRACKED_STATUSES, False}
        for operator, value, expected in [
            ("=", "error", {"error"}),
            ("=", "waiting", {"waiting"}),
            ("!=", "error", every - {"error"}),
            ("=", False, {False}),
            ("!=", False, set(TRACKED_STATUSES)),
            ("in", ["error", "noemail"], {"error", "noemail"}),
            ("in", ["noemail"], {"noemail"}),
            ("in", ["opened", False], {"opened", False}),
            ("not in", ["error", False], set(TRACKED_STATUSES) - {"error"}),
            ("not in", ["error"], every - {"error"}),
            ("in", ["cc", "unknown"], set()),
            ("in", [], set()),
        ]:
            with self.subTest(operator=operator, value=value):
                self.assertEqual(self.statuses_of(name, operator, value), expected)

    def test_operators_of_text(self):
        for operator, value, expected in [
            ("ilike", "ERR", {"error"}),
            ("like", "de", {"delivered"}),
            ("=like", "s%", {"sent"}),
            ("=ilike", "%EMAIL", {"noemail"}),
            ("not ilike", "e", {"waiting", False}),
            (">", "sent", {"waiting"}),
            ("<=", "error", {"delivered", "error"}),
        ]:
            with self.subTest(operator=operator, value=value):
                domain = [("ref", "=", "state")]
                domain.append(("mail_tracking_state", operator, value))
                matching = self.Partner.search(domain)
                documents = self.by_status.items()
                statuses = {s for s, document in documents if document in matching}
                self.assertEqual(statuses, expected)

    def test_through_a_relation(self):
        parent = self.by_status["error"]
        child = self.Partner.create({"name": "Child", "parent_id": parent.id})
        Partner = self.Partner.with_user(self.employee)
        condition = [("parent_id.mail_tracking_state", "=", "error")]
        self.assertEqual(Partner.search(condition), child)
        groups = Partner.formatted_read_group(
            [("id", "=", child.id)], ["parent_id.mail_tracking_state"], ["__count"]
        )
        self.assertEqual(groups[0]["parent_id.mail_tracking_state"], "error")

    def test_group(self):
        groups = self.Partner.with_user(self.employee)._read_group(
            [("ref", "=", "state")], ["mail_tracking_state"], ["__count"]
        )
        self.assertEqual(dict(groups), dict.fromkeys([*TRACKED_STATUSES, False], 1))

    def test_groups_by_severity(self):
        groups = self.Partner.with_user(self.employee).web_read_group(
            [("ref", "=", "state")], ["mail_tracking_state"], ["__count"]
        )["groups"]
        states = [group["mail_tracking_state"] for group in groups]
        self.assertEqual(states, [*reversed(TRACKED_STATUSES), False])

    def test_web_groups(self):
        result = self.Partner.with_user(self.employee).web_read_group(
            [("ref", "=", "state")], ["mail_tracking_state"], ["__count"]
        )
        by_state = {g["mail_tracking_state"]: g for g in result["groups"]}
        self.assertEqual(set(by_state), {*TRACKED_STATUSES, False})
        for state, group in by_state.items():
            domain = [("ref", "=", "state"), *group["__extra_domain"]]
            self.assertEqual(self.Partner.search(domain), self.by_status[state])

    def test_sort_worst_first(self):
        ordered = self.Partner.with_user(self.employee).search(
            [("ref", "=", "state")], order="mail_tracking_state"
        )
        worst_first = [*reversed(TRACKED_STATUSES), False]
        self.assertEqual(list(ordered), [self.by_status[s] for s in worst_first])
        ordered = self.Partner.search(
            [("ref", "=", "state")], order="mail_tracking_state desc"
        )
        self.assertEqual(
            list(ordered)[1:], [self.by_status[s] for s in TRACKED_STATUSES]
        )

    def test_described_to_the_web_client(self):
        field = self.Partner.with_user(self.employee).fields_get(
            ["mail_tracking_state"]
        )["mail_tracking_state"]
        self.assertEqual(field["string"], "Mail State")
        self.assertTrue(field["searchable"])
        self.assertTrue(field["groupable"])
        self.assertTrue(field["sortable"])
        self.assertFalse(field["store"])

    def test_users_inherit_it_from_their_contact(self):
        user = mail_new_test_user(self.env, "mail_state_user")
        self.add_message(user.partner_id, "bounced")
        Users = self.env["res.users"]
        self.assertEqual(user.mail_tracking_state, "error")
        mine = [("id", "=", user.id)]
        self.assertEqual(Users.search(Domain(mine) & Domain(FAILED)), user)
        groups = Users._read_group(mine, ["mail_tracking_state"], ["__count"])
        self.assertEqual(groups, [("error", 1)])
        self.assertEqual(Users.search(mine, order="mail_tracking_state"), user)

    def test_outsiders_get_nothing(self):
        document = self.by_status["error"]
        portal = mail_new_test_user(self.env, "mail_state_portal", "base.group_portal")
        public = self.env.ref("base.public_user")
        child = self.Partner.create({"name": "Child", "parent_id": document.id})
        child.message_subscribe(portal.partner_id.ids)
        for user in portal + public:
            Partner = self.Partner.with_user(user)
            mine = Partner.browse(user.partner_id.id)
            own_user = user.with_user(user)
            self.assertNotIn("mail_tracking_state", Partner.fields_get())
            self.assertNotIn("mail_tracking_summary", Partner.fields_get())
            for forbidden in [
                lambda P=Partner: P.search(FAILED),
                lambda P=Partner: P.search([("mail_tracking_state", "ilike", "e")]),
                lambda P=Partner: P.search([("mail_tracking_state", "!=", "sent")]),
                lambda P=Partner: P.search(
                    [("parent_id.mail_tracking_state", "=", "error")]
                ),
                lambda P=Partner: P.search_count(FAILED),
                lambda P=Partner: P.search([], order="mail_tracking_state"),
                lambda P=Partner: P._read_group([], ["mail_tracking_state"]),
                lambda P=Partner: P._read_group([], ["parent_id.mail_tracking_state"]),
                lambda record=mine: record.read(["mail_tracking_state"]),
                lambda record=mine: record.read(["mail_tracking_summary"]),
                lambda record=mine: record.web_read({"mail_tracking_state": {}}),
                lambda U=own_user: U.search(FAILED),
                lambda U=own_user: U.read(["mail_tracking_state"]),
            ]:
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    forbidden()
            with self.assertRaises(UserError):
                mine.export_data(["mail_tracking_state"])
