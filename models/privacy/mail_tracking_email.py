from odoo import api, models
from odoo.tools import SQL

# Everything that leads to the person; counts, states and times stay. Without token and
# identifiers, no later report or hit finds the row.
ANONYMOUS = (
    "name",
    "sender",
    "message_id",
    "mail_message_id",
    "mail_id",
    "res_id",
    "author_id",
    "partner_id",
    "recipient",
    "recipient_address",
    "other_addresses",
    "error_description",
    "token",
)


class MailTrackingEmail(models.Model):
    """A person's request about the mails that were sent to an address."""

    _name = "mail.tracking.email"
    _inherit = ["mail.tracking.email", "mail.tracking.personal.mixin"]

    _personal_fields = (
        "create_date",
        "name",
        "sender",
        "recipient",
        "recipient_address",
        "other_addresses",
        "recipient_type",
        "state",
        "state_time",
        "error_type",
        "error_description",
        "open_count",
        "first_open",
        "last_open",
    )
    _personal_texts = ("name", "sender", "recipient", "error_description")

    @api.model
    def _personal_records(self, address):
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM mail_tracking_email
                    WHERE recipient_address = %(address)s
                       OR %(address)s = ANY(string_to_array(other_addresses, ','))
                       OR EXISTS (
                            SELECT FROM mail_tracking_event event
                             WHERE event.tracking_email_id = mail_tracking_email.id
                               AND lower(event.recipient) = %(address)s)
                 ORDER BY id""",
                address=address,
            )
        )
        return self.browse(row[0] for row in rows)

    def _personal_anonymise(self):
        self.env.flush_all()
        columns = map(SQL.identifier, ANONYMOUS)
        values = SQL(", ").join(SQL("%s = NULL", column) for column in columns)
        self.env.cr.execute(
            SQL(
                "UPDATE mail_tracking_email SET %s WHERE id = ANY(%s)", values, self.ids
            )
        )
        self.env.cr.execute(
            SQL(
                """UPDATE mail_tracking_event
                      SET recipient = NULL, server = NULL, diagnostic = NULL
                    WHERE tracking_email_id = ANY(%s)""",
                self.ids,
            )
        )
        self.env.invalidate_all(flush=False)
