from odoo import api, fields, models
from odoo.exceptions import AccessError

RESULTS = [("ok", "OK"), ("warning", "Warning"), ("error", "Error")]


class MailTrackingCheck(models.TransientModel):
    """Why is nothing delivered or opened? One line for each thing that may be wrong."""

    _name = "mail.tracking.check"
    _description = "Email Tracking Diagnostics"
    _order = "id"

    name = fields.Char("Check", required=True, readonly=True)
    result = fields.Selection(RESULTS, required=True, readonly=True)
    finding = fields.Text(readonly=True)
    advice = fields.Text("What to Do Next", readonly=True)

    @api.model
    def action_diagnose(self):
        """Check everything, and show what was found."""
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._("Only administrators can run the diagnostics.")
            )
        names = ("name", "result", "finding", "advice")
        checks = self.create(
            [dict(zip(names, found, strict=True)) for found in self._get_findings()]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Email Tracking Diagnostics"),
            "res_model": self._name,
            "views": [[False, "list"]],
            "domain": [("id", "in", checks.ids)],
        }

    @api.model
    def _get_findings(self):
        """Run the checks. To be extended by whoever adds a way in.

        :return: list of tuples (what was checked, a key of RESULTS, what was found,
            what to do or "")
        """
        return [
            *self._check_public_address(),
            *self._check_database(),
            *self._check_jobs(),
            *self._check_bounce_address(),
            *self._check_incoming(),
            *self._check_servers(),
            *self._check_providers(),
        ]
