from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from ..models.mail_state_sql import STATUSES
from .common import TrackingCase

FAILED = [("mail_tracking_state", "in", ["error", "noemail"])]


class MailStateCase(TrackingCase):
    """Documents whose messages have trackings, made without sending."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Partner = cls.env["res.partner"]
        cls.employee = mail_new_test_user(cls.env, "mail_state_employee")

    def new_document(self, *states, **values):
        """Create a contact whose only message has recipients in the states."""
        document = self.Partner.create({"name": "Document", **values})
        self.add_message(document, *states)
        return document

    def add_message(self, document, *states, message_type="comment"):
        """Add a message to a document, with a recipient for each of the states."""
        message = self.env["mail.message"].create(
            {
                "model": document._name,
                "res_id": document.id,
                "message_type": message_type,
            }
        )
        for state in states:
            error_type = "mail_email_missing" if state == "noemail" else False
            self.Tracking.sudo().create(
                {
                    "mail_message_id": message.id,
                    "model": document._name,
                    "res_id": document.id,
                    "state": "error" if state == "noemail" else state,
                    "error_type": error_type,
                    "notifies_only": message_type == "user_notification",
                }
            )
        document.invalidate_recordset()
        return message


@tagged("post_install", "-at_install")
class TestMailState(MailStateCase):
    def test_status_of_each_state(self):
        for state, status in [
            ("waiting", "waiting"),
            ("canceled", False),
            ("sent", "sent"),
            ("deferred", "sent"),
            ("delivered", "delivered"),
            ("error", "error"),
            ("noemail", "noemail"),
            ("rejected", "error"),
            ("soft_bounced", "error"),
            ("bounced", "error"),
            ("opened", "opened"),
            ("unsub", "opened"),
            ("spam", "error"),
        ]:
            with self.subTest(state=state):
                document = self.new_document(state)
                self.assertEqual(document.mail_tracking_state, status)

    def test_worst_recipient(self):
        recipients = ["canceled", "opened", "delivered", "sent", "waiting"]
        document = self.new_document(*recipients)
        self.assertEqual(document.mail_tracking_state, "waiting")
        document = self.new_document(*recipients, "noemail")
        self.assertEqual(document.mail_tracking_state, "noemail")
        document = self.new_document("noemail", "bounced", *recipients)
        self.assertEqual(document.mail_tracking_state, "error")

    def test_last_message(self):
        document = self.new_document("bounced")
        self.add_message(document, "opened")
        self.assertEqual(document.mail_tracking_state, "opened")

    def test_canceled_message_was_not_sent(self):
        document = self.new_document("bounced")
        self.add_message(document, "canceled")
        self.assertEqual(document.mail_tracking_state, "error")

    def test_notice_to_user_is_not_of_the_document(self):
        document = self.new_document("bounced")
        self.add_message(document, "sent", message_type="user_notification")
        self.assertEqual(document.mail_tracking_state, "error")

    def test_nothing_tracked(self):
        self.assertFalse(self.document.mail_tracking_state)
        self.assertFalse(self.document.mail_tracking_summary)
        self.assertFalse(self.Partner.new({"name": "New"}).mail_tracking_state)

    def test_really_sent(self):
        self.smtp.refused["bob@example.com"] = "550 5.1.1 User unknown"
        self.post(self.alice)
        self.assertEqual(self.document.mail_tracking_state, "sent")
        self.post(self.alice + self.bob)
        self.document.invalidate_recordset()
        self.assertEqual(self.document.mail_tracking_state, "error")

    def test_notice_of_assignment_is_marked(self):
        self.document.message_notify(
            body="You have been assigned", partner_ids=self.alice.ids
        )
        tracking = self.Tracking.search([("partner_id", "=", self.alice.id)])
        self.assertTrue(tracking.notifies_only)
        self.post(self.bob)
        tracking = self.Tracking.search([("partner_id", "=", self.bob.id)])
        self.assertFalse(tracking.notifies_only)

    def test_summary_tells_numbers_openings_and_reason(self):
        document = self.new_document("opened", "opened", "bounced", "noemail")
        trackings = self.Tracking.search([("res_id", "=", document.id)], order="id")
        trackings[0].sudo().open_count = 2
        trackings[1].sudo().open_count = 1
        trackings[2].sudo().error_type = "address_unknown"
        document.invalidate_recordset()
        self.assertEqual(
            document.mail_tracking_summary,
            [
                ["bounced", 1, "address_unknown"],
                ["noemail", 1, False],
                ["opened", 2, 3],
            ],
        )

    def test_one_query_for_a_page(self):
        documents = self.Partner.concat(
            *(self.new_document("sent", "bounced") for _number in range(20))
        )
        self.env.invalidate_all()
        documents.mapped("name")
        with self.assertQueryCount(1):
            documents.mapped("mail_tracking_state")
            documents.mapped("mail_tracking_summary")

    def test_statements_of_a_list(self):
        documents = self.Partner.concat(
            *(self.new_document("sent", "bounced", ref="list") for _i in range(20))
        )
        Partner = self.Partner.with_user(self.employee)
        mine = [("ref", "=", "list")]

        def count(domain, *names):
            specification = dict.fromkeys(("name", *names), {})
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = Partner.web_search_read(domain, specification, limit=80)
            self.assertEqual(found["length"], len(documents))
            return self.env.cr.sql_log_count - before

        count(mine)  # caches that outlive the request are warm from here on
        plain = count(mine)
        with_column = count(mine, "mail_tracking_state", "mail_tracking_summary")
        self.assertEqual(with_column, plain + 1)
        self.assertEqual(count([*mine, *FAILED]), plain)
        group = ["mail_tracking_state"]
        with self.assertQueryCount(1):
            self.assertEqual(
                Partner._read_group(mine, group, ["__count"]), [("error", 20)]
            )


@tagged("post_install", "-at_install")
class TestMailStateSearch(MailStateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.by_status = {}

    def setUp(self):
        super().setUp()
        self.by_status = {
            status: self.new_document(status, ref="state") for status in STATUSES
        }
        self.by_status[False] = self.new_document(ref="state")

    def found(self, *condition):
        """Search the documents and filter them: both have to agree."""
        domain = Domain("ref", "=", "state") & Domain(*condition)
        found = self.Partner.with_user(self.employee).search(domain)
        documents = self.Partner.concat(*self.by_status.values())
        self.assertEqual(
            {document.id for document in documents.filtered_domain(domain)},
            set(found.ids),
        )
        return {s for s, document in self.by_status.items() if document in found}

    def test_every_operator(self):
        name, every = "mail_tracking_state", {*STATUSES, False}
        for operator, value, expected in [
            ("=", "error", {"error"}),
            ("=", "waiting", {"waiting"}),
            ("!=", "error", every - {"error"}),
            ("=", False, {False}),
            ("!=", False, set(STATUSES)),
            ("in", ["error", "noemail"], {"error", "noemail"}),
            ("in", ["noemail"], {"noemail"}),
            ("in", ["opened", False], {"opened", False}),
            ("not in", ["error", False], set(STATUSES) - {"error"}),
            ("not in", ["error"], every - {"error"}),
            ("in", ["cc", "unknown"], set()),
            ("in", [], set()),
        ]:
            with self.subTest(operator=operator, value=value):
                self.assertEqual(self.found(name, operator, value), expected)

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
                found = self.Partner.search(domain)
                documents = self.by_status.items()
                statuses = {s for s, document in documents if document in found}
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
        self.assertEqual(dict(groups), dict.fromkeys([*STATUSES, False], 1))

    def test_web_groups(self):
        result = self.Partner.with_user(self.employee).web_read_group(
            [("ref", "=", "state")], ["mail_tracking_state"], ["__count"]
        )
        by_state = {g["mail_tracking_state"]: g for g in result["groups"]}
        self.assertEqual(set(by_state), {*STATUSES, False})
        for state, group in by_state.items():
            domain = [("ref", "=", "state"), *group["__extra_domain"]]
            self.assertEqual(self.Partner.search(domain), self.by_status[state])

    def test_sort_worst_first(self):
        found = self.Partner.with_user(self.employee).search(
            [("ref", "=", "state")], order="mail_tracking_state"
        )
        worst_first = [*reversed(STATUSES), False]
        self.assertEqual(list(found), [self.by_status[s] for s in worst_first])
        found = self.Partner.search(
            [("ref", "=", "state")], order="mail_tracking_state desc"
        )
        self.assertEqual(list(found)[1:], [self.by_status[s] for s in STATUSES])

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
