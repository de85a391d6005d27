from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged

from ...tools.consent import ALLOWED, NOT_ASKED, REFUSED
from ..helpers.consent_case import ConsentCase

FIELD = "mail_tracking_consent"


@tagged("post_install", "-at_install")
class TestChoices(ConsentCase):
    """Choices of contacts: stored by address, with their history."""

    def history(self, address="alice@example.com"):
        entries = self.Log.search([("address", "=", address)], order="id")
        return entries.mapped(lambda log: (log.state, log.origin))

    def test_written_on_a_contact(self):
        self.alice.mail_tracking_consent = ALLOWED
        (row,) = self.Consent.search([("address", "=", "alice@example.com")])
        self.assertEqual((row.state, row.origin), (ALLOWED, "api"))
        self.assertEqual(row.user_id, self.env.user)
        self.assertTrue(row.date)
        self.alice.mail_tracking_consent = REFUSED
        self.alice.mail_tracking_consent = False
        self.assertFalse(self.Consent.search([("address", "=", "alice@example.com")]))
        self.assertEqual(
            self.history(), [(ALLOWED, "api"), (REFUSED, "api"), (NOT_ASKED, "api")]
        )
        names = set(self.Log.search([]).mapped("user_name"))
        self.assertEqual(names, {self.env.user.name})

    def test_same_choice_again(self):
        self.allow("alice@example.com")
        row = self.Consent.search([("address", "=", "alice@example.com")])
        row.flush_recordset()
        before = row.date
        self.allow("alice@example.com")
        self.assertEqual(row.date, before)
        self.assertEqual(len(self.history()), 1)

    def test_belongs_to_the_address(self):
        twin = self.env["res.partner"].create(
            {"name": "Twin", "email": "Alice <ALICE@example.com>"}
        )
        twin.mail_tracking_consent = REFUSED
        self.assertEqual(self.alice.mail_tracking_consent, REFUSED)
        self.alice.email = "new@example.com"
        self.assertFalse(self.alice.mail_tracking_consent)

    def test_created_with_a_contact(self):
        carol = self.env["res.partner"].create(
            {"name": "Carol", "email": "carol@example.com", FIELD: ALLOWED}
        )
        self.assertEqual(carol.mail_tracking_consent, ALLOWED)

    def test_without_an_address(self):
        with self.assertRaisesRegex(ValidationError, "Document"):
            self.document.mail_tracking_consent = ALLOWED
        self.document.mail_tracking_consent = False

    def test_two_addresses(self):
        self.alice.email = "alice@example.com, alice@home.example.com"
        self.allow("alice@example.com")
        self.alice.invalidate_recordset()
        self.assertFalse(self.alice.mail_tracking_consent)
        self.alice.mail_tracking_consent = ALLOWED
        self.refuse("alice@home.example.com")
        self.alice.invalidate_recordset()
        self.assertEqual(self.alice.mail_tracking_consent, REFUSED)

    def test_search(self):
        several = self.env["res.partner"].create(
            {"name": "Several", "email": "bob@example.com, carol@example.com"}
        )
        none = self.env["res.partner"].create({"name": "No address"})
        everybody = self.alice + self.bob + several + none
        self.allow("alice@example.com", "bob@example.com")
        self.refuse("carol@example.com")
        self.env.invalidate_all()
        for operator, value, expected in (
            ("=", ALLOWED, self.alice + self.bob),
            ("=", REFUSED, several),
            ("in", [ALLOWED, REFUSED], everybody - none),
            ("=", False, none),
            ("!=", ALLOWED, several + none),
            ("not in", [REFUSED, False], self.alice + self.bob),
        ):
            with self.subTest(operator, value=value):
                domain = [(FIELD, operator, value)]
                own = [*domain, ("id", "in", everybody.ids)]
                self.assertEqual(self.env["res.partner"].search(own), expected.sorted())
                self.assertEqual(everybody.filtered_domain(domain), expected)

    def test_import_and_export(self):
        fields_ = ["name", "email", FIELD]
        rows = [
            ["Carol", "carol@example.com", "Allowed"],
            ["Dan", "dan@example.com", "Refused"],
            ["Eve", "eve@example.com", ""],
        ]
        importing = self.env["res.partner"].with_context(import_file=True)
        result = importing.load(fields_, rows)
        self.assertFalse(result["messages"])
        partners = self.env["res.partner"].browse(result["ids"])
        self.assertEqual(partners.mapped(FIELD), [ALLOWED, REFUSED, False])
        self.assertEqual(self.history("dan@example.com"), [(REFUSED, "import")])
        self.assertEqual(partners.export_data(fields_)["datas"], rows)

    def test_import_lifts_no_refusal(self):
        self.refuse("alice@example.com")
        importing = self.alice.with_context(import_file=True)
        with self.assertRaisesRegex(ValidationError, "alice@example.com"):
            importing.mail_tracking_consent = ALLOWED
        importing.invalidate_recordset()
        importing.mail_tracking_consent = False
        self.assertEqual(self.history(), [(REFUSED, "api")])

    def test_many_at_once(self):
        partners = self.alice + self.bob
        partners.mail_tracking_consent = REFUSED
        self.assertEqual(partners.mapped(FIELD), [REFUSED] * 2)
        self.env.invalidate_all()
        partners.mapped("email")
        with self.assertQueryCount(1):
            partners.mapped(FIELD)

    def test_merged_contacts_keep_the_refusal(self):
        self.allow("alice@example.com")
        self.refuse("bob@example.com")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.alice + self.bob).ids, self.alice)
        self.env.invalidate_all()
        self.assertEqual(self.alice.mail_tracking_consent, REFUSED)
        self.assertEqual(self.history(), [(ALLOWED, "api"), (REFUSED, "merge")])

    def test_merged_contacts_without_a_refusal(self):
        self.allow("bob@example.com")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.alice + self.bob).ids, self.alice)
        self.env.invalidate_all()
        self.assertFalse(self.alice.mail_tracking_consent)

    def test_history_is_append_only(self):
        self.allow("alice@example.com")
        log = self.Log.search([("address", "=", "alice@example.com")])
        with self.assertRaises(AccessError):
            log.state = REFUSED
        with self.assertRaises(AccessError):
            log.unlink()
        row = self.Consent.search([("address", "=", "alice@example.com")])
        action = row.action_open_history()
        self.assertEqual(self.Log.search(action["domain"]), log)

    def test_access(self):
        self.allow("alice@example.com")
        editor = new_test_user(
            self.env, "editor", groups="base.group_user,base.group_partner_manager"
        )
        employee = new_test_user(self.env, "reader", groups="base.group_user")
        portal = new_test_user(self.env, "customer", groups="base.group_portal")
        self.alice.with_user(editor).mail_tracking_consent = REFUSED
        self.assertEqual(self.history()[-1], (REFUSED, "api"))
        row = self.Consent.search([("address", "=", "alice@example.com")])
        self.assertEqual(row.user_id, editor)
        self.assertEqual(self.alice.with_user(employee)[FIELD], REFUSED)
        with self.assertRaises(AccessError):
            self.alice.with_user(employee).mail_tracking_consent = ALLOWED
        with self.assertRaises(AccessError):
            portal.partner_id.with_user(portal).read([FIELD])
        for model in (self.Consent, self.Log):
            for user in (editor, employee, portal, self.env.ref("base.public_user")):
                with self.assertRaises(AccessError):
                    model.with_user(user).search([])
            admin = model.with_user(self.env.ref("base.user_admin"))
            self.assertTrue(admin.search([]))
            with self.assertRaises(AccessError):
                admin.create({"address": "x@example.com", "state": ALLOWED})
        public = self.env["res.partner"].with_user(self.env.ref("base.public_user"))
        self.assertFalse(public.search([(FIELD, "=", REFUSED)]))


@tagged("post_install", "-at_install")
class TestChoiceInForm(ConsentCase, HttpCase):
    def test_origin(self):
        self.authenticate("admin", "admin")
        params = {
            "model": "res.partner",
            "method": "web_save",
            "args": [self.alice.ids, {FIELD: REFUSED}],
            "kwargs": {"specification": {FIELD: {}}},
        }
        self.make_jsonrpc_request("/web/dataset/call_kw/res.partner/web_save", params)
        (entry,) = self.Log.search([("address", "=", "alice@example.com")])
        self.assertEqual((entry.state, entry.origin), (REFUSED, "form"))
        self.assertEqual(entry.user_name, self.env.ref("base.user_admin").name)
