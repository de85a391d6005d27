from types import MappingProxyType

from odoo import api, fields, models
from odoo.tools import SQL, ormcache

from ...tools.consent import ASKING_COUNTRIES, PRESETS, STANDARD

PRESET = "mail_tracking_preset"


class ResCompany(models.Model):
    """The privacy preset of a company: whose opens are recorded."""

    _inherit = "res.company"

    mail_tracking_preset = fields.Selection(
        PRESETS,
        "Privacy Preset for Opens",
        default=STANDARD,
        help="Whose opens are recorded for emails sent by this company",
    )
    is_mail_tracking_preset_chosen = fields.Boolean(
        "Privacy Preset Chosen",
        readonly=True,
        help="An administrator has chosen the privacy preset",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([_with_choice(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(_with_choice(vals))

    def cache_invalidation_fields(self):
        return super().cache_invalidation_fields() | {PRESET}

    @api.model
    @ormcache()
    def _mail_tracking_presets(self):
        """Return the presets that restrict the recording of opens.

        :return: mapping from the id of a company to its preset, and from False to that
            of the main company; `STANDARD` is left out
        """
        self.flush_model([PRESET])
        rows = self.env.execute_query(
            SQL("SELECT id, mail_tracking_preset FROM res_company ORDER BY id")
        )
        presets = dict(rows)
        presets[False] = rows[0][1]
        return MappingProxyType(
            {key: preset for key, preset in presets.items() if preset not in STANDARDS}
        )

    def _needs_mail_tracking_preset(self):
        """Return the companies that have to choose their preset, and have not.

        :return: those whose country, if it is set, asks for consent by law
        """
        return self.filtered(
            lambda company: (
                company.country_id.code in ASKING_COUNTRIES
                and not company.is_mail_tracking_preset_chosen
            )
        )


# Without a preset: created before this addon was loaded.
STANDARDS = (STANDARD, None)


def _with_choice(vals):
    """Mark in the values of a company that its preset was chosen, if they have one."""
    if PRESET not in vals:
        return vals
    return {"is_mail_tracking_preset_chosen": True, **vals}
