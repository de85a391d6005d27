import logging
import time
from urllib.parse import urlencode

from odoo import http
from odoo.http import request

from ..models.webhooks.mail_tracking_webhook import WEBHOOK_ROUTE
from ..providers.contract import Call
from ..providers.registry import PROVIDERS
from ..tools.fetch import fetch
from ..tools.params import webhook_keys
from .databases import databases, superuser_environment

_logger = logging.getLogger(__name__)

MAX_BYTES = 2**20
# Somebody who guesses must not fill the log.
SECONDS_BETWEEN_WARNINGS = 60
_warned_at = {}


class DeliveryWebhookController(http.Controller):
    """What providers report: checked, stored and answered; a job does the rest."""

    @http.route(
        WEBHOOK_ROUTE + "<string:name>/<string:database>",
        type="http",
        auth="none",
        methods=["POST", "HEAD"],
        csrf=False,
        # Routes without a user are read-only and store a session by default.
        readonly=False,
        save_session=False,
        max_content_length=MAX_BYTES,
    )
    def delivery_webhook(self, name, database, **_parameters):
        """Take the request of a provider.

        :param str name: of the provider
        :param str database: its key, see `database_key`
        :return: 200 when it need not be sent again, 404 when the webhook is closed,
            403 (with some providers another code) when the request is not authentic
        """
        if request.httprequest.method == "HEAD":  # asked when a webhook is set up
            return self._answer(200)
        body = self._read_body()
        provider, dbname = PROVIDERS.get(name), databases.find(database)
        if not provider or not dbname:
            return self._answer(404)
        with superuser_environment(dbname) as env:
            if not env or "mail.tracking.webhook" not in env:
                return self._answer(404)
            return self._answer(self._receive(env, provider, body))

    def _read_body(self):
        """Return the body, byte by byte as the signature was made for.

        Of a form Odoo has read it before: it is put together again.
        """
        httprequest = request.httprequest
        body = httprequest.get_data()
        if not body and httprequest.form:
            body = urlencode(list(httprequest.form.items(multi=True))).encode()
        return body

    def _receive(self, env, provider, body):
        """Check and store a request; give the status of the answer."""
        keys = webhook_keys(env, provider.name)
        if not keys:
            return 404
        Webhook = env["mail.tracking.webhook"]
        call = Call(
            headers=request.httprequest.headers,
            body=body,
            urls=(Webhook._get_address(provider.name), request.httprequest.base_url),
            now=time.time(),
            fetch=fetch,
        )
        try:
            if not provider.authenticate(keys, call):
                _warn("A request to the webhook of %s is not authentic", provider)
                return provider.refusal
        except OSError:
            _warn("What proves a request of %s authentic cannot be fetched", provider)
            return 503  # to be sent again
        Webhook._store(provider.name, keys, call)
        return 200

    def _answer(self, status):
        return request.make_response("", [("Cache-Control", "no-store")], status=status)


def _warn(message, provider):
    now = time.monotonic()
    if now - _warned_at.get(message + provider.name, -SECONDS_BETWEEN_WARNINGS) >= (
        SECONDS_BETWEEN_WARNINGS
    ):
        _warned_at[message + provider.name] = now
        _logger.warning(message, provider.label)
