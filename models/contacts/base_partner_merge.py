from odoo import api, models

from ...tools.merged_sql import merge_notifications_sql


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Move trackings along when contacts or other records are merged."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        self.env.flush_all()
        self.env.cr.execute(merge_notifications_sql(src_partners.ids, dst_partner.id))
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # sudo: whoever merges contacts also merges their trackings and consents
        self.env["mail.tracking.email"].sudo()._merge_partners(dst_partner)
        merged = src_partners | dst_partner
        self.env["mail.tracking.consent"].sudo()._merge_partners(merged)
        return result

    @api.model
    def _update_reference_fields_generic(
        self,
        referenced_model,
        src_records,
        dst_record,
        additional_update_records=None,
    ):
        result = super()._update_reference_fields_generic(
            referenced_model, src_records, dst_record, additional_update_records
        )
        # sudo: trackings of messages have moved with their messages
        self.env["mail.tracking.email"].sudo()._move_without_message(
            {
                (referenced_model, record_id): (dst_record._name, dst_record.id)
                for record_id in src_records.ids
            }
        )
        return result
