import base64
import logging
import re

from psycopg2.extensions import (
    ISOLATION_LEVEL_REPEATABLE_READ,
    TRANSACTION_STATUS_IDLE,
)

from odoo import SUPERUSER_ID, api, http, modules
from odoo.http import Response, request
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..models.opens.mail_tracking_email import PIXEL_ROUTE
from ..tools.after_commit import read_committed
from ..tools.database_key import KEY_LENGTH
from ..tools.guard import never_break_mail
from ..tools.limiter import Limiter
from ..tools.open_evidence import HEADERS as JUDGED_HEADERS
from ..tools.open_evidence import classify, is_noted
from ..tools.params import early_open_seconds, own_hosts
from ..tools.pixel_hit import register_hit
from .databases import DatabaseGone, databases, has_addon, registry_cursor

# sudo: what a hit proves depends on the session's user, whom visitors may not read.

_logger = logging.getLogger(__name__)

GIF = base64.b64decode("R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==")
HEADERS = [
    ("Content-Type", "image/gif"),
    ("Cache-Control", "no-store, no-cache, must-revalidate, private, max-age=0"),
    ("Pragma", "no-cache"),
    ("Expires", "0"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Robots-Tag", "noindex"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
]
# Unknown tokens that a network may ask for: each costs a query. Hits of a known one are
# limited by columns of its row. Above the limit no token of the network is looked up.
unknown_tokens = Limiter(at_once=1000, per_second=10)
# As the server names them.
JUDGED = {name: f"HTTP_{name.upper().replace('-', '_')}" for name in JUDGED_HEADERS}
NAME = re.compile(rf"(?P<database>[0-9a-f]{{{KEY_LENGTH}}})(?P<token>[a-z2-7]{{26}})")


class OpenPixelController(http.Controller):
    """The tracking pixel: every request gets the same image; opens are recorded."""

    @http.route(
        PIXEL_ROUTE + "<string:name>.gif",
        type="http",
        auth="none",
        methods=["GET"],
        csrf=False,
        # Routes without a user are read-only and store a session by default.
        readonly=False,
        save_session=False,
    )
    def open_pixel(self, name, **_parameters):
        """Answer with the image, and record what has loaded it.

        :param str name: key of the database and token, see `database_key`
        """
        matched = NAME.fullmatch(name)
        if matched and not _is_flood():
            # Try once more in case the database was renamed.
            for _try in range(2):
                dbname = databases.find(matched["database"])
                if not dbname or self._register_open(dbname, matched["token"]):
                    break
        return Response(GIF, headers=HEADERS)

    def _register_open(self, dbname, token):
        """Record the open, unless an internal user views the mail in Odoo.

        :return: False if the database is gone
        """
        try:
            if dbname == request.db:
                _register(request.env, token, **_session_kind())
            elif has_addon(dbname):
                with registry_cursor(dbname) as (cr, registry):
                    # Odoo does so for the database of the request only: a preset that
                    # another process has changed counts at once.
                    registry.check_signaling(cr)
                    _register(api.Environment(cr, SUPERUSER_ID, {}), token)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except DatabaseGone:
            _logger.info("Database %s is gone: its keys are looked up again", dbname)
            return False
        except Exception:
            _logger.exception("An open could not be recorded, or nobody was told of it")
        return True


def _is_flood():
    """Return whether the client's network asks for too many unknown tokens."""
    if not unknown_tokens.is_over(request.httprequest.remote_addr):
        return False
    if unknown_tokens.is_worth_a_warning():
        _logger.warning(
            "Unknown tracking images are loaded in large numbers: not all are looked up"
        )
    return True


def _session_kind():
    """Return the kind of user of the session, as arguments of `classify`."""
    uid = request.session.uid
    if not uid:
        return {}
    is_internal = request.env["res.users"].browse(uid).sudo()._is_internal()
    return {"is_internal": is_internal, "is_portal": not is_internal}


class SingleStatements:
    """Make each statement of a block a transaction of its own, READ COMMITTED.

    A hit takes one or two statements: BEGIN and COMMIT would be two more round trips.
    The level is PostgreSQL's default. A class, since a generator takes longer.
    """

    __slots__ = ("_connection", "_cr")

    def __init__(self, cr):
        """:param cr: cursor of a request; in a test it keeps its one transaction"""
        self._cr = cr
        self._connection = None if modules.module.current_test else cr.connection

    def __enter__(self):
        connection = self._connection
        if connection:
            if connection.get_transaction_status() != TRANSACTION_STATUS_IDLE:
                self._cr.rollback()  # the transaction that has read the session
            # Otherwise psycopg2 would send these to the server as well.
            connection.set_session("DEFAULT", readonly="DEFAULT")
            connection.autocommit = True
        return self

    def __exit__(self, *_error):
        connection = self._connection
        if connection and not connection.closed and connection.autocommit:
            self._end()

    def begin(self):
        """Begin a transaction, unless one has begun; it goes on after the block."""
        if self._connection and self._connection.autocommit:
            self._end()
            read_committed(self._cr)

    def _end(self):
        self._connection.autocommit = False
        # As core sets them for each cursor.
        self._connection.set_session(ISOLATION_LEVEL_REPEATABLE_READ, readonly=False)


def _register(env, token, **session):
    if "mail.tracking.email" not in env.registry:
        return

    httprequest = request.httprequest
    sent = httprequest.environ
    # A dict: each look at werkzeug's headers takes ten times as long.
    headers = {name: sent[key] for name, key in JUDGED.items() if key in sent}
    if session.get("is_internal") or not is_noted(headers, httprequest.method):
        return

    def judge():
        # A page of this Odoo is known by its hosts.
        is_linked = "Referer" in headers
        hosts = (httprequest.host, *own_hosts(env(su=True))) if is_linked else ()
        return classify(headers, own_hosts=hosts, **session)

    with SingleStatements(env.cr) as statements:
        hits = register_hit(
            *(env.cr, token, judge, statements.begin),
            early_seconds=lambda: early_open_seconds(env),
            # Cached: another environment would take longer.
            presets=env["res.company"]._mail_tracking_presets,
        )
        if hits is None:
            unknown_tokens.count(httprequest.remote_addr)
        elif any(hit.is_seen or hit.was_failed or hit.tells for hit in hits):
            statements.begin()
            with never_break_mail("notify of an open"):  # which is recorded already
                notifying = api.Environment(env.cr, SUPERUSER_ID, {})
                notifying["mail.tracking.email"]._notify_hits(hits)
