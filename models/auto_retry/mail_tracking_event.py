from odoo import models
from odoo.tools import SQL

# Failures after which a mail may still arrive. The index and the query must use the
# same words, or PostgreSQL does not see that they match.
MAY_ARRIVE = "event_type = 'error' AND (is_temporary OR error_type = 'not_attempted')"
MAY_ARRIVE_SQL = SQL(MAY_ARRIVE)


class MailTrackingEvent(models.Model):
    """Index the failures that the job retries."""

    _inherit = "mail.tracking.event"

    # Few of all events match, and the job reads only those of the latest hours.
    _may_arrive = models.Index(f"(time) WHERE {MAY_ARRIVE}")
