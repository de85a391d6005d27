from odoo import models

from ..tools.states import OPEN_STATE


class MailTrackingEmail(models.Model):
    """What openings that a provider has seen mean for the tracking."""

    _inherit = "mail.tracking.email"

    def _count_opens(self, values_list):
        """Count the openings by people among new events, as the pixel does.

        :param list values_list: values of events of these trackings
        """
        opens = {}
        for values in values_list:
            is_open = values["event_type"] == "open"
            if is_open and OPEN_STATE.get(values["evidence"]) == "opened":
                times = opens.setdefault(values["tracking_email_id"], [])
                times.append(values["time"])
        for tracking in self.browse(opens):
            times = opens[tracking.id]
            first, last = tracking.first_open, tracking.last_open
            tracking.write(
                {
                    "open_count": tracking.open_count + len(times),
                    "first_open": min([*times, *filter(None, [first])]),
                    "last_open": max([*times, *filter(None, [last])]),
                }
            )
