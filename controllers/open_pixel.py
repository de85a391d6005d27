import base64
import logging
import re
from contextlib import contextmanager

import psycopg2

from odoo import http
from odoo.http import request
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..models.database_hash import HASH_LENGTH
from ..models.mail_tracking_email_pixel import PIXEL_ROUTE
from ..providers.open_pixel import evidence_of, is_prefetch
from .databases import databases, superuser_environment

_logger = logging.getLogger(__name__)

GIF = base64.b64decode("R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==")
HEADERS = [
    ("Content-Type", "image/gif"),
    ("Content-Length", str(len(GIF))),
    ("Cache-Control", "no-store, no-cache, must-revalidate, private, max-age=0"),
    ("Pragma", "no-cache"),
    ("Expires", "0"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Robots-Tag", "noindex"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
]
NAME = re.compile(rf"(?P<database>[0-9a-f]{{{HASH_LENGTH}}})(?P<token>[a-z2-7]{{26}})")


class OpenPixelController(http.Controller):
    """The tracking pixel: one answer to everything, and an opening where it is one."""

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
        """Answer the image, always the same, and note who has loaded it.

        :param str name: hash of the database and token, see `database_hash`
        """
        headers = request.httprequest.headers
        matched = NAME.fullmatch(name)
        if matched and request.httprequest.method == "GET" and not is_prefetch(headers):
            dbname = databases.find(matched["database"])
            if dbname:
                self._register_open(dbname, matched["token"], evidence_of(headers))
        return request.make_response(GIF, HEADERS)

    def _register_open(self, dbname, token, evidence):
        try:
            with self._environment(dbname) as env:
                if env and "mail.tracking.email" in env:
                    env["mail.tracking.email"]._register_open(token, evidence)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except psycopg2.Error:
            _logger.exception("An opening of a tracked mail was not noted")

    @contextmanager
    def _environment(self, dbname):
        """Give a READ COMMITTED environment of the superuser; None for internal users.

        The view of an internal user is no opening: it is Odoo that shows the mail.
        """
        if dbname == request.db:
            user = request.env["res.users"].browse(request.session.uid or [])
            if user and user.sudo()._is_internal():
                yield None
                return
        with superuser_environment(dbname) as env:
            yield env
