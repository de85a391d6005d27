from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from ..helpers.smtp_server import sending
from ..helpers.tracking_case import TrackingCase

MODELS = ("mail.tracking.email", "mail.tracking.event")
# What RPC may call, each of which checks by itself who it is.
ACTIONS = {
    "action_open_document",
    "action_retry",
    "action_review",
    "action_withdraw_complaints",
}


@tagged("post_install", "-at_install")
class TestAccess(TrackingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Other"})
        cls.employee = new_test_user(
            cls.env, "tracking-employee", email="e@example.com"
        )
        cls.stranger = new_test_user(
            cls.env,
            "tracking-stranger",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.admin = new_test_user(cls.env, "tracking-admin", groups="base.group_system")
        cls.portal = new_test_user(
            cls.env, "tracking-portal", groups="base.group_portal"
        )
        cls.public = cls.env.ref("base.public_user")

    def setUp(self):
        super().setUp()
        self.document.company_id = self.env.company
        self.tracking = self.trackings_of(self.post(self.alice))
        self.event = self.tracking.tracking_event_ids[0]

    def records_of(self, user):
        return [
            self.tracking.with_user(user).with_context(allowed_company_ids=False),
            self.event.with_user(user),
        ]

    def test_readable_with_the_message(self):
        self.assertEqual(self.tracking.company_id, self.env.company)
        for user in (self.employee, self.admin):
            for record in self.records_of(user):
                self.assertEqual(record.read(["id"]), [{"id": record.id}])
                self.assertIn(record, record.search([]))

    def test_not_readable_without_the_message(self):
        for user in (self.stranger, self.portal, self.public):
            for record in self.records_of(user):
                with self.subTest(user=user.login, model=record._name):
                    with self.assertRaises(AccessError):
                        record.read(["id"])
                    try:
                        visible = record.search([])
                    except AccessError:
                        continue
                    self.assertNotIn(record, visible)

    def test_no_answer_depends_on_a_hidden_record(self):
        """Searches reveal nothing: unreadable rows are removed, then pages cut."""
        hidden = self.tracking  # older, so that it comes first
        self.document.company_id = self.company
        own_document = self.env["res.partner"].create({"name": "Own"})
        with sending():
            message = own_document.message_post(
                body="Hello",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.bob.ids,
            )
        own = self.trackings_of(message).with_user(self.employee)
        with self.assertRaises(AccessError):
            hidden.with_user(self.employee).read(["id"])
        letters = "abcdefghijklmnopqrstuvwxyz@.-_0123456789"
        for record, name in (
            (own, "recipient_address"),
            (own.tracking_event_ids[0], "diagnostic"),
        ):
            first, counts, second = set(), set(), set()
            for pattern in [f"{letter}%" for letter in letters]:
                domain = ["|", ("id", "=", record.id), (name, "=ilike", pattern)]
                by_age = {"order": "id asc", "limit": 1}
                first.add(record.search(domain, **by_age))
                counts.add(record.search_count(domain, limit=1))
                second.add(record.search(domain, offset=1, **by_age))
            with self.subTest(model=record._name):
                self.assertEqual(first, {record})
                self.assertEqual(counts, {1})
                self.assertNotIn(hidden, set().union(*second))

    def test_full_page_behind_many_hidden_records(self):
        """A user who may read five mails of a hundred finds them and their number."""
        own_document = self.env["res.partner"].create({"name": "Own"})
        Tracking = self.env["mail.tracking.email"]

        def new_trackings(document, count):
            message = document.message_post(body="Hello")
            return Tracking.create(
                [
                    {"mail_message_id": message.id, "recipient": f"r{i}@example.com"}
                    for i in range(count)
                ]
            )

        readable = new_trackings(own_document, 5)
        self.document.company_id = self.company
        new_trackings(self.document, 250)
        theirs = Tracking.with_user(self.employee)
        domain = [("recipient", "=like", "r%@example.com")]
        self.assertEqual(theirs.search(domain, limit=80), readable.sorted(reverse=True))
        self.assertEqual(theirs.search_count(domain, limit=3), 3)
        self.assertEqual(theirs.search(domain, offset=3, limit=2), readable[1::-1])

    def test_shared_documents_of_other_companies(self):
        # Posted in a company, on a document that all companies share.
        self.document.company_id = False
        self.smtp.refused["bob@example.com"] = "550 5.1.1 No such user"
        failed = self.trackings_of(self.post(self.bob))
        self.assertEqual(failed.company_id, self.env.company)
        admin = new_test_user(
            self.env,
            "tracking-other-admin",
            groups="base.group_system",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.stranger.group_ids += self.env.ref("base.group_partner_manager")
        for user in (self.stranger, admin):
            with self.subTest(user=user.login):
                self.env.invalidate_all()
                theirs = failed.with_user(user)
                theirs.check_access("read")
                story = theirs._get_timeline()
                types = [event["type"] for event in story["events"]]
                self.assertEqual(types[:2], ["queued", "error"])
                self.env.invalidate_all()
                with sending():
                    retried, obstacles = theirs._retry()
                self.assertEqual((retried, obstacles), (theirs, {}))
                self.assertEqual(theirs._set_reviewed(True), theirs)
                with self.assertRaises(AccessError):
                    theirs.write({"attempt": 7})
        # The lists of administrators are of their companies.
        self.assertNotIn(failed, self.Tracking.with_user(admin).search([]))
        self.assertIn(failed, self.Tracking.with_user(self.stranger).search([]))
        self.document.company_id = self.env.company
        for user in (self.stranger, admin):
            self.env.invalidate_all()
            self.assertFalse(failed.with_user(user).has_access("read"))

    def test_employee_reads_nothing_without_a_message(self):
        tracking = self.trackings_of(
            self.new_mail(recipient_ids=self.alice.ids, auto_delete=True)
        )
        self.assertTrue(tracking.with_user(self.admin).name)
        with self.assertRaises(AccessError):
            tracking.with_user(self.employee).read(["name"])
        self.assertNotIn(tracking, self.Tracking.with_user(self.employee).search([]))

    def test_nobody_writes(self):
        users = self.employee + self.stranger + self.admin + self.portal + self.public
        for user in users:
            for record in self.records_of(user):
                with self.subTest(user=user.login, model=record._name):
                    with self.assertRaises(AccessError):
                        record.write({"attempt": 7})
                    with self.assertRaises(AccessError):
                        record.unlink()
                    with self.assertRaises(AccessError):
                        record.create({"tracking_email_id": self.tracking.id})

    def test_events_stay_as_they_are_even_for_the_superuser(self):
        with self.assertRaises(AccessError):
            self.event.sudo().write({"diagnostic": "changed"})
        with self.assertRaises(AccessError):
            self.event.sudo().unlink()

    def test_no_secret_for_employees(self):
        for name in ("token", "hit_count", "last_hit", "best_evidence"):
            with self.assertRaises(AccessError):
                self.tracking.with_user(self.employee).read([name])

    def test_public_methods_only_read(self):
        # What RPC may call is what has no underscore and is not of the ORM.
        base = set(dir(self.env["base"]))
        for model in MODELS:
            own = {
                name
                for name in set(dir(self.env[model])) - base
                if not name.startswith("_")
                and callable(getattr(type(self.env[model]), name))
            }
            self.assertLessEqual(own, ACTIONS)

    def test_wrong_parameters_name_the_remedy(self):
        parameters = self.env["ir.config_parameter"]
        for name, bad, good in (
            ("tracking_img_disabled", "perhaps", "true"),
            ("base_url", "odoo.example.com", "https://odoo.example.com"),
            ("base_url", "javascript:alert(1)", "http://x"),
            ("retention_days", "-1", "0"),
            ("retention_days", "long", "30"),
        ):
            key = f"mail_activity_tracking.{name}"
            with self.subTest(key=key, value=bad):
                with self.assertRaisesRegex(ValidationError, key):
                    parameters.set_param(key, bad)
                parameters.set_param(key, good)

    def test_settings_understand_what_was_typed(self):
        Settings = self.env["res.config.settings"]
        key = "mail_activity_tracking.tracking_img_disabled"
        for value, is_on in (
            ("True", False),
            ("1", False),
            ("False", True),
            ("", True),
        ):
            self.env["ir.config_parameter"].set_param(key, value)
            self.assertEqual(Settings.create({}).mail_tracking_open, is_on)
        Settings.create({"mail_tracking_open": False}).execute()
        self.assertEqual(self.env["ir.config_parameter"].get_param(key), "True")
        Settings.create({"mail_tracking_open": True}).execute()
        self.assertFalse(Settings.create({}).mail_tracking_retention_days != 180)
        self.assertFalse(self.env["ir.config_parameter"].get_param(key))
