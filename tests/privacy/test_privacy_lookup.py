from lxml import etree

from odoo import fields
from odoo.tests import tagged

from ..helpers.tracking_case import TrackingCase


@tagged("post_install", "-at_install")
class TestPrivacyLookup(TrackingCase):
    """Odoo's own privacy lookup, which is installed with `mail` unless removed."""

    def setUp(self):
        super().setUp()
        if "privacy.lookup.wizard" not in self.env:
            self.skipTest("Module privacy_lookup is not installed")
        self.Lookup = self.env["privacy.lookup.wizard"]
        message = self.post(self.alice + self.bob)
        trackings = self.trackings_of(message)
        self.of_alice = trackings.filtered(lambda t: t.partner_id == self.alice)
        self.of_bob = trackings - self.of_alice

    def test_links_to_the_request(self):
        arch = etree.fromstring(self.Lookup.get_view(view_type="form")["arch"])
        (button,) = arch.xpath("//header/button[@type='action']")
        action = self.env["ir.actions.act_window"].browse(int(button.get("name")))
        self.assertEqual(action.res_model, "mail.tracking.personal")
        self.assertEqual(button.get("context"), "{'default_address': email}")
        # The view itself is as its module has it.
        form = self.env.ref("privacy_lookup.privacy_lookup_wizard_view_form")
        self.assertNotIn("default_address", form.arch_db)
        self.assertFalse(form.inherit_children_ids)

    def test_its_lookup_and_its_delete_work_on_trackings(self):
        self.env["mail.tracking.webhook"].create(
            {
                "provider": "generic",
                "received_at": fields.Datetime.now(),
                "request_key": "a",
                "body": "{}",
            }
        )
        lookup = self.Lookup.create(
            {"email": "alice@example.com", "name": "Alice Able"}
        )
        lookup.action_lookup()
        lines = lookup.line_ids.filtered(
            lambda line: line.res_model.startswith("mail.tracking")
        )
        own_lines = lines.filtered(lambda line: line.res_model == "mail.tracking.email")
        self.assertEqual(own_lines.mapped("res_id"), self.of_alice.ids)
        self.assertTrue(own_lines.resource_ref)
        events = self.of_alice.tracking_event_ids
        lines.action_unlink_all()
        self.assertFalse(self.of_alice.exists())
        self.assertFalse(events.exists())
        self.assertTrue(self.of_bob.exists())
        self.assertTrue(lookup.execution_details)
