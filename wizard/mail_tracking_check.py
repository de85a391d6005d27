from odoo import api, fields, models
from odoo.exceptions import AccessError

# In the order in which they are shown.
RESULTS = [("error", "Error"), ("warning", "Warning"), ("ok", "OK")]
# The pages on which problems are fixed; the view has a button for each.
PAGES = {
    "settings": "base_setup.action_general_configuration",
    "server": "base.action_ir_mail_server_list",
    "provider": "mail_activity_tracking.mail_tracking_provider_action",
    "incoming": "mail.action_email_server_tree",
    "aliases": "mail.mail_alias_domain_action",
    "jobs": "base.ir_cron_act",
}
# Context key: connect neither to mail servers nor to the public URL.
OFFLINE = "mail_tracking_offline"


class MailTrackingCheck(models.TransientModel):
    """A finding of the diagnostics: why nothing is reported as delivered or opened."""

    _name = "mail.tracking.check"
    _description = "Email Tracking Diagnostics"
    _order = "id"

    name = fields.Char("Check", required=True, readonly=True)
    result = fields.Selection(RESULTS, required=True, readonly=True)
    finding = fields.Text("Details", readonly=True)
    advice = fields.Text("What to Do Next", readonly=True)
    # Key of PAGES, and the id of the server or the name of the provider.
    page = fields.Char(readonly=True)
    page_key = fields.Char(readonly=True)

    @api.model
    def action_diagnose(self):
        """Run all checks and show the findings, problems first."""
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._("Only administrators can run the diagnostics.")
            )
        checks = self.create(self._get_values_list())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Email Tracking Diagnostics"),
            "res_model": self._name,
            "views": [[False, "list"]],
            "domain": [("id", "in", checks.ids)],
        }

    def action_open_page(self):
        """Open the page on which the problem is fixed, such as a server's form."""
        self.ensure_one()
        if self.page == "provider" and self.page_key:
            return self.env["mail.tracking.provider"]._action_open(self.page_key)
        action = self.env["ir.actions.actions"]._for_xml_id(PAGES[self.page])
        if self.page == "server" and self.page_key:
            action |= {"res_id": int(self.page_key), "views": [[False, "form"]]}
        return action

    @api.model
    def _get_problems(self):
        """Return the checks that found a problem, without connecting to anything.

        :return: names of the checks
        :rtype: list
        """
        offline = self.with_context(**{OFFLINE: True})
        return list(
            dict.fromkeys(
                values["name"]
                for values in offline._get_values_list()
                if values["result"] != "ok"
            )
        )

    def _get_values_list(self):
        """Return the values of the findings, the worst first."""
        names = ("name", "result", "finding", "advice", "page")
        ranks = {code: rank for rank, (code, _label) in enumerate(RESULTS)}
        values_list = []
        for finding in self._get_findings():
            values = dict(zip(names, finding, strict=False))
            page, _separator, key = (values.pop("page", "") or "").partition(",")
            values_list.append({**values, "page": page, "page_key": key})
        return sorted(values_list, key=lambda values: ranks[values["result"]])

    @api.model
    def _get_findings(self):
        """Run the checks. Extend it to add a check.

        :return: list of tuples (what was checked, a key of RESULTS, what was found,
            what to do or "", where: a key of PAGES, followed by a comma and the id of
            a server or the name of a provider); the last may be omitted
        """
        return [
            *self._check_presets(),
            *self._check_public_address(),
            *self._check_database(),
            *self._check_jobs(),
            *self._check_load(),
            *self._check_bounce_address(),
            *self._check_incoming(),
            *self._check_servers(),
            *self._check_providers(),
        ]
