from odoo.tests import tagged

from ..helpers.failed_case import FailedCase


@tagged("post_install", "-at_install")
class TestDocumentType(FailedCase):
    """Lists show the kind of document of an email in words."""

    def setUp(self):
        super().setUp()
        _message, self.tracking = self.post_failed(self.bob)
        self.mine = [("id", "in", self.tracking.ids)]

    def test_employees_read_it(self):
        row = self.tracking.with_user(self.author)
        self.assertEqual(row.document_type, "Contact")
        self.assertEqual(row.tracking_event_ids[0].document_type, "Contact")

    def test_events_are_named_by_what_happened(self):
        events = self.tracking.with_user(self.author).tracking_event_ids
        self.assertIn("Not sent", events.mapped("display_name"))
        self.assertEqual(events.mapped("display_name"), events.mapped("title"))

    def test_of_no_document(self):
        mail = self.new_mail(email_to="x@example.com")
        self.assertFalse(self.trackings_of(mail).document_type)

    def test_groups_have_its_name(self):
        groups = self.Tracking.formatted_read_group(
            self.mine, ["document_type"], ["__count"]
        )
        (group,) = groups
        self.assertEqual((group["document_type"], group["__count"]), ("Contact", 1))
        matching = self.Tracking.search([*self.mine, *group["__extra_domain"]])
        self.assertEqual(matching, self.tracking)

    def test_found_by_its_name(self):
        for domain, expected in (
            ([("document_type", "ilike", "contac")], self.tracking),
            ([("document_type", "=", "Contact")], self.tracking),
            ([("document_type", "=", False)], self.Tracking),
            ([("document_type", "!=", "Contact")], self.Tracking),
        ):
            with self.subTest(domain=domain):
                matching = self.Tracking.search([*self.mine, *domain])
                self.assertEqual(matching, expected)
