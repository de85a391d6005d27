import base64
import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, json_default


class MailTrackingPersonal(models.TransientModel):
    """A person's request: export or erase the data stored about an address."""

    _name = "mail.tracking.personal"
    _description = "Personal Data Request"
    _rec_name = "address"

    address = fields.Char("Email Address")
    found = fields.Text("Stored", readonly=True)
    export = fields.Binary(attachment=False, readonly=True)
    is_erased = fields.Boolean(readonly=True)
    is_refusal_kept = fields.Boolean(readonly=True)

    def _get_address(self):
        """Return the normalised address.

        :raise UserError: when it is not one address
        """
        self.ensure_one()
        address = email_normalize(self.address)
        if not address:
            raise UserError(
                self.env._(
                    'Invalid "Email Address": enter one address, such as '
                    "name@example.com."
                )
            )
        return address

    @api.model
    def _get_records(self, address):
        """Return the records of each model about an address.

        :return: list of recordsets in sudo, one per model: users who may open this page
            answer for all companies
        """
        mixin_sudo = self.env["mail.tracking.personal.mixin"].sudo()
        models = mixin_sudo._personal_models()
        return [model._personal_records(address) for model in models]

    def action_find(self):
        """Show the number of records of each kind."""
        records = self._get_records(self._get_address())
        kinds = self.env["ir.model"]
        lines = [f"{kinds._get(model._name).name}: {len(model)}" for model in records]
        self.write({"found": "\n".join(lines), "is_erased": False, "export": False})
        return self._get_action()

    def action_export(self):
        """Download the data stored about the address, without data of others."""
        content = {
            model._name: model.read(["id", *model._personal_fields], load="")
            for model in self._get_records(self._get_address())
        }
        text = json.dumps(content, default=json_default, indent=2, ensure_ascii=False)
        self.export = base64.b64encode(text.encode())
        url = f"/web/content/{self._name}/{self.id}/export/email_tracking.json"
        return {
            "type": "ir.actions.act_url",
            "url": f"{url}?download=true",
            "target": "download",
        }

    def action_anonymise(self):
        """Anonymize the data: keep counts, states and times only."""
        return self._erase("_personal_anonymise")

    def action_delete(self):
        """Delete the data stored about the address."""
        return self._erase("_personal_delete")

    def _erase(self, method):
        """Erase the records, and the address in all other texts.

        :param str method: of `mail.tracking.personal.mixin`
        """
        address = self._get_address()
        records = self._get_records(address)
        self._check_settled(records)
        for model in records:
            getattr(model, method)()
        for model in records:
            model._personal_blank_mentions(address)
        refusals = self.env["mail.tracking.consent"]._personal_records(address)
        self.write(
            {
                "address": False,
                "export": False,
                "is_erased": True,
                "is_refusal_kept": bool(refusals),
            }
        )
        # Earlier requests about the same address, by any user.
        asked_sudo = self.sudo().search([("address", "!=", False)])
        asked_sudo.filtered(lambda r: email_normalize(r.address) == address).unlink()
        return self._get_action()

    def _check_settled(self, records):
        """Check that no pending email or request would store the address again.

        :raise UserError: what to do first, or to wait for
        """
        by_name = {model._name: model for model in records}
        waiting = by_name["mail.tracking.email"].filtered(
            lambda tracking: tracking.state == "waiting"
        )
        if waiting:
            raise UserError(
                self.env._(
                    "%(count)s emails to this address are still queued. Send or cancel "
                    "them first.",
                    count=len(waiting),
                )
            )
        requests = by_name["mail.tracking.webhook"]
        if "pending" in requests.mapped("state"):
            raise UserError(
                self.env._(
                    "Provider requests about this address are being processed. Try "
                    "again in a minute."
                )
            )

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Personal Data Request"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
            "target": "new",
        }
