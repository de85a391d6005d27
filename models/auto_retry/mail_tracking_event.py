from odoo import models
from odoo.tools import SQL

# Failures after which a mail may still arrive: the same words in the index and in the
# query, or PostgreSQL does not see that they are the same.
MAY_ARRIVE = "event_type = 'error' AND (is_temporary OR error_type = 'not_attempted')"
MAY_ARRIVE_SQL = SQL(MAY_ARRIVE)


class MailTrackingEvent(models.Model):
    """Find the failures that the job tries again."""

    _inherit = "mail.tracking.event"

    # Few of all events, and of these the latest hours.
    _may_arrive = models.Index(f"(time) WHERE {MAY_ARRIVE}")
