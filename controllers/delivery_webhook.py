import logging
import time
from functools import partial
from urllib.parse import urlencode

from odoo import http
from odoo.http import request

from ..models.webhooks.mail_tracking_webhook import WEBHOOK_ROUTE
from ..providers.contract import Call
from ..providers.registry import PROVIDERS
from ..tools.fetch import fetch
from ..tools.limiter import Limiter
from ..tools.params import webhook_keys
from .databases import (
    DatabaseGone,
    databases,
    end_transaction,
    superuser_environment,
)

_logger = logging.getLogger(__name__)

# The longest body that is read for a provider that does not exist.
LEAST_BYTES = 2**16
# Guesses must not fill the log.
SECONDS_BETWEEN_WARNINGS = 60
_warned_at = {}
# Failed authentications of a network. Above the limit, its requests that are not
# authentic by the last keys read are refused without a query; authentic ones pass.
refused = Limiter(at_once=300, per_second=1)
_last_keys = {}  # (name of the database, of the provider) to (keys, address)


def _max_bytes(_controller):
    """Return the longest body that the provider of the request may send.

    Odoo asks before it reads a form; werkzeug answers 413 before it reads more.
    """
    name = request.httprequest.path.removeprefix(WEBHOOK_ROUTE).partition("/")[0]
    return PROVIDERS[name].max_bytes if name in PROVIDERS else LEAST_BYTES


class DeliveryWebhookController(http.Controller):
    """Check, store and answer the requests of providers; a job does the rest."""

    @http.route(
        WEBHOOK_ROUTE + "<string:name>/<string:database>",
        type="http",
        auth="none",
        methods=["POST", "HEAD"],
        csrf=False,
        # Routes without a user are read-only and store a session by default.
        readonly=False,
        save_session=False,
        max_content_length=_max_bytes,
    )
    def delivery_webhook(self, name, database, **_parameters):
        """Receive the request of a provider.

        :param str name: of the provider
        :param str database: its key, see `database_key`
        :return: 200 when it need not be sent again, 404 when the webhook is closed,
            403 (with some providers another code) when the request is not authentic,
            503 (or another code) when it has to be sent again
        """
        if request.httprequest.method == "HEAD":  # asked when a webhook is set up
            return self._answer(200)
        provider, dbname = PROVIDERS.get(name), databases.find(database)
        if not provider or not dbname:
            return self._answer(404)
        try:
            return self._answer(self._judge(dbname, provider))
        except DatabaseGone:
            _logger.info("Database %s is gone: its keys are looked up again", dbname)
            return self._answer(provider.busy)

    def _judge(self, dbname, provider):
        """Return the status of the answer to a request for a database."""
        if self._is_flood(dbname, provider):
            return provider.busy
        keys, address = self._get_keys(dbname, provider)
        if provider.is_trial and provider.is_trial(self._read_body()):
            return 200
        if not keys:
            return 404
        _last_keys[dbname, provider.name] = (keys, address)
        call = self._get_call(provider, address)
        return self._receive(dbname, provider, keys, call)

    def _is_flood(self, dbname, provider):
        """Return whether the network has failed too often and this request fails too.

        It is checked without a query, by the keys that were read last. These are read
        again each second, so that old keys refuse nobody for long; the answer asks to
        send the request again.
        """
        last_keys = _last_keys.get((dbname, provider.name))
        if not last_keys or not refused.is_over(request.httprequest.remote_addr):
            return False
        keys, address = last_keys
        end_transaction()
        try:
            is_guess = not provider.authenticate(
                keys, self._get_call(provider, address)
            )
        except OSError:
            is_guess = True
        if is_guess and refused.is_worth_a_warning():
            _logger.warning("Many requests to webhooks are not authentic")
        return is_guess

    def _get_call(self, provider, address):
        """Return the request in the form for the adapters.

        :param Provider provider: the adapter, which fetches only from its own hosts
        :param str address: of the webhook
        """
        return Call(
            headers=request.httprequest.headers,
            body=self._read_body(),
            urls=(address, request.httprequest.base_url),
            now=time.time(),
            fetch=partial(fetch, hosts=provider.hosts),
        )

    def _get_keys(self, dbname, provider):
        """Return the keys of the webhook, none when it is closed, and its address."""
        with superuser_environment(dbname) as env:
            if not env or "mail.tracking.webhook" not in env:
                return [], None
            address = env["mail.tracking.webhook"]._get_address(provider.name)
            return webhook_keys(env, provider.name), address

    def _read_body(self):
        """Return the body, byte for byte as it was signed.

        Odoo has already read the body of a form, which is then encoded again.
        """
        httprequest = request.httprequest
        body = httprequest.get_data()
        if not body and httprequest.form:
            body = urlencode(list(httprequest.form.items(multi=True))).encode()
        return body

    def _receive(self, dbname, provider, keys, call):
        """Check and store a request; return the status of the answer.

        No transaction is open while a certificate is fetched.
        """
        end_transaction()
        try:
            if not provider.authenticate(keys, call):
                refused.count(request.httprequest.remote_addr)
                _warn("A request to the webhook of %s is not authentic", provider)
                return provider.refusal
        except OSError:
            _warn("The certificate for a request of %s cannot be fetched", provider)
            return provider.busy
        with superuser_environment(dbname) as env:
            if not env:  # dropped or uninstalled meanwhile
                return 404
            if not env["mail.tracking.webhook"]._store(provider.name, keys, call):
                _warn("Too many pending webhook requests; refused one of %s", provider)
                return provider.busy
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
