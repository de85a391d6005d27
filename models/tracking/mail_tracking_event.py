import json

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ...providers.registry import LABELS
from ...tools.states import EVENT_TYPES, EVIDENCE, EVIDENCE_RULES, REASONS, SOURCES

# Columns of an event, with the maximum number of characters of each. The answers of
# servers come from outside: a report of any length must not fill the database.
EVENT_COLUMNS = {
    "tracking_email_id": None,
    "attempt": None,
    "event_type": 32,
    "time": None,
    "source": 64,
    "recipient": 320,
    "server": 255,
    "diagnostic": 2000,
    "error_type": 64,
    "evidence": 16,
    "evidence_rule": 16,
    "idempotency_key": 128,
    "is_temporary": None,
    "withdrawn_event_id": None,
}

NAMES = SQL(", ".join(EVENT_COLUMNS))


def clean_text(value, size):
    """Truncate a text and remove what PostgreSQL refuses.

    :param value: any value; returned unchanged without a size, or when it is false
    :param int size: maximum number of characters, None for values that are not text
    """
    if not size or not value:
        return value
    if isinstance(value, str) and len(value) <= size and value.isascii():
        return value.replace("\x00", "")
    text = str(value)[: 2 * size]  # may be long, and lose some characters
    if not text.isascii():  # lone surrogates, which `email` and JSON may contain
        text = text.encode("utf-8", "replace").decode()
    return text.replace("\x00", "")[:size]


def json_row(values, columns):
    """Return a row for PostgreSQL's `json_populate_recordset`.

    Writing one JSON text takes a fifth of what psycopg2 takes to quote each value.

    :param dict values: by field names
    :param dict columns: names of columns to their maximum number of characters
    :return: dict of the values that are set, truncated and without what PostgreSQL
        refuses
    """
    row = {}
    for name, value in values.items():
        if value and name in columns:
            row[name] = clean_text(value, columns[name])
    return row


def json_text(rows):
    """Return rows as one JSON text; times are written as PostgreSQL reads them."""
    return json.dumps(rows, default=str)


class MailTrackingEvent(models.Model):
    """A fact about one tracked mail and one attempt to deliver it.

    Events are created in three places: `_insert`, the INSERT of a new tracking and the
    statement of a pixel hit. They are deleted with their tracking; opens and clicks
    also when the recipient withdraws consent, and repeated ones after some time.
    """

    _name = "mail.tracking.event"
    _inherit = ["mail.tracking.readable.mixin"]
    _description = "Email Tracking Event"
    _order = "time desc, id desc"
    _rec_name = "event_type"
    _readable_with = "tracking_email_id"
    _log_access = False  # `time` is enough: 24 bytes less in each of a million rows

    tracking_email_id = fields.Many2one(
        "mail.tracking.email",
        "Tracked Email",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    attempt = fields.Integer(
        default=1,
        required=True,
        readonly=True,
        help="Sending attempt that this event belongs to",
    )
    event_type = fields.Selection(EVENT_TYPES, "Event", required=True, readonly=True)
    time = fields.Datetime(
        required=True,
        readonly=True,
        default=fields.Datetime.now,
        help="Time of the event, as reported by its source",
    )
    source = fields.Selection(
        [*SOURCES, *((f"webhook:{code}", label) for code, label in LABELS)],
        required=True,
        readonly=True,
        help="Where the event comes from: email queue, mail server (smtp), delivery "
        "report (dsn), read receipt (mdn), spam complaint (arf), tracking image "
        "(pixel), incoming email (gateway), an administrator (user) or "
        "webhook:<provider>",
    )
    recipient = fields.Char(
        readonly=True, help="Recipient address as reported by the source"
    )
    server = fields.Char(readonly=True, help="Server that reported the event")
    diagnostic = fields.Text(
        "Server Response", readonly=True, help="Response of the server, unmodified"
    )
    error_type = fields.Selection(REASONS, "Reason", readonly=True)
    evidence = fields.Selection(
        EVIDENCE,
        "Opened By",
        readonly=True,
        help="What loaded the tracking image or clicked",
    )
    evidence_rule = fields.Selection(
        EVIDENCE_RULES,
        "Details",
        readonly=True,
        help="Rule that decided who opened or clicked",
    )
    # Set on errors only; empty in all other rows.
    is_temporary = fields.Boolean(
        readonly=True,
        help="The mail server did not accept the email, and may accept it later",
    )
    # No foreign key: events are deleted in bulk, with their trackings.
    withdrawn_event_id = fields.Integer(
        readonly=True, help="ID of the spam complaint that this event withdraws"
    )
    idempotency_key = fields.Char(
        readonly=True, help="Prevents the same report from being recorded twice"
    )
    title = fields.Char("What Happened", compute="_compute_title")
    message_subject = fields.Char(related="tracking_email_id.name", string="Subject")
    model = fields.Char(related="tracking_email_id.model")
    document_type = fields.Char(related="tracking_email_id.document_type")
    company_id = fields.Many2one(related="tracking_email_id.company_id")

    # Finds the events of the last hours for the repair job; takes only a few pages.
    _time = models.Index("USING brin (time)")
    _idempotency_key = models.Index(
        "(idempotency_key) WHERE idempotency_key IS NOT NULL"
    )

    @api.model
    def _readable_domains(self):
        domains = self.env["mail.tracking.email"]._readable_domains()
        return domains and tuple(
            Domain("tracking_email_id", "any!", domain) for domain in domains
        )

    @api.depends("event_type", "evidence")
    def _compute_title(self):
        """Say "Opened" only where a person has opened the mail."""
        labels = dict(self._fields["event_type"]._description_selection(self.env))
        loaded, followed = self.env._("Image loaded"), self.env._("Link followed")
        opened = self.env._("Opened")
        titles = {
            ("open", False): opened,
            ("open", "human"): opened,
            ("open", "proxy"): opened,
            ("open", "machine"): self.env._("Image loaded automatically"),
            ("open", "shared"): loaded,
            ("open", "suspect"): loaded,
            ("open", "self"): loaded,
            ("click", "machine"): self.env._("Link followed automatically"),
            ("click", "suspect"): followed,
        }
        for event in self:
            kind = (event.event_type, event.evidence)
            event.title = titles.get(kind) or labels.get(event.event_type)

    @api.depends("title")
    def _compute_display_name(self):
        for event in self:
            event.display_name = event.title

    def write(self, vals):  # pylint: disable=method-required-super
        raise AccessError(self.env._("Tracking events cannot be modified."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(
            self.env._(
                "Tracking events cannot be deleted on their own. They are deleted "
                "with the tracked email."
            )
        )

    @api.model
    def _insert(self, values_list):
        """Insert events.

        One statement, which touches no other row and cannot fail on the values that it
        is given, since the transaction may be the one that has just sent a mail.

        :param list values_list: one dict per event, by field names; `time` is in UTC
            without time zone, now when missing
        """
        if not values_list:
            return
        defaults = {"attempt": 1, "time": fields.Datetime.now()}
        rows = [
            {**defaults, **json_row(values, EVENT_COLUMNS)} for values in values_list
        ]
        self.env.cr.execute(
            SQL(
                """INSERT INTO mail_tracking_event (%(names)s)
                   SELECT %(names)s
                     FROM json_populate_recordset(NULL::mail_tracking_event, %(rows)s)
                """,
                names=NAMES,
                rows=json_text(rows),
            )
        )
        self.env["mail.tracking.email"].invalidate_model(
            ["tracking_event_ids"], flush=False
        )
