from odoo import models

from ...tools.consent import OPEN_EVENTS, OPENS_OF_PRESET, may_record


class MailTrackingWebhook(models.Model):
    """Drop reports of providers on readers where opens are not recorded."""

    _inherit = "mail.tracking.webhook"

    def _note_may_record(self, rows_by_key):
        """Set on rows of trackings whether opens and clicks may be recorded.

        Called when the rows are locked: a later refusal removes what is recorded.

        :param dict rows_by_key: of `_find_trackings`; its rows get `may_record`
        """
        presets = self.env["res.company"]._mail_tracking_presets()
        addresses = {row["id"]: _addresses(row) for row in rows_by_key.values()}
        choices = self.env["mail.tracking.consent"]._choices_of(
            {address for some in addresses.values() for address in some}
        )
        for row in rows_by_key.values():
            preset = presets.get(row["company_id"] or False)
            row["may_record"] = all(
                may_record(opens, addresses[row["id"]], choices)
                for opens in {row["opens"], OPENS_OF_PRESET.get(preset)}
            )

    def _is_to_blank(self, reports, rows_by_key):
        """Return whether the request has reports on readers that must not be kept.

        A report about no mail of ours may be about anybody: it is kept only where every
        company records opens.

        :param list reports: of the request
        :param dict rows_by_key: of `_find_trackings`, with `may_record`
        """
        is_restricted = bool(self.env["res.company"]._mail_tracking_presets())
        for report in filter(None, reports):
            if report.event_type in OPEN_EVENTS:
                row = rows_by_key.get((report.reference, report.recipient))
                if not (row["may_record"] if row else not is_restricted):
                    return True
        return False


def _addresses(row):
    others = (row["other_addresses"] or "").split(",")
    return {a for a in (row["recipient_address"], row["address"], *others) if a}
