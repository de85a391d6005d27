import logging

from markupsafe import Markup
from werkzeug.exceptions import TooManyRequests

from odoo import http
from odoo.http import request
from odoo.tools import email_normalize_all

from ..tools.consent import CHOICES
from ..tools.limiter import Limiter
from ..tools.preferences_link import FORM, PREFERENCES_ROUTE
from .databases import databases, superuser_environment

_logger = logging.getLogger(__name__)

TEMPLATE = "mail_activity_tracking.email_preferences"
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = [
    ("Cache-Control", "no-store, private, max-age=0"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("X-Robots-Tag", "noindex"),
    ("Content-Security-Policy", POLICY),
]
# Invalid links: each opens a cursor and renders a page. Above the limit, a network gets
# 429 without a query.
unknown_links = Limiter(at_once=300, per_second=1)
SECONDS_TO_WAIT = 60


class EmailPreferencesController(http.Controller):
    """The page on which recipients allow or refuse the recording of their opens."""

    @http.route(
        PREFERENCES_ROUTE + "/<string:name>",
        type="http",
        auth="none",
        methods=["GET", "POST"],
        # The link is the proof; there is no session that a forged form could use.
        csrf=False,
        # Routes without a user are read-only and store a session by default.
        readonly=False,
        save_session=False,
    )
    def linked_preferences(self, name, choice="", address="", **_parameters):
        """Show the page of the recipient of a mail, and record their choice.

        GET changes nothing: scanners follow links. An invalid link shows the same page
        and does nothing.

        :param str name: key of the database, token and signature
        :param str choice: of `CHOICES`, when the form is sent
        :param str address: entered by the user, if several recipients share the mail
        """
        matched = FORM.fullmatch(name)
        if matched and _is_flood():
            raise TooManyRequests(retry_after=SECONDS_TO_WAIT)
        dbname = matched and databases.find(matched["database"])
        if not dbname:
            raise request.not_found()
        is_post = request.httprequest.method == "POST"
        with superuser_environment(dbname) as env:
            if not env or "mail.tracking.consent" not in env:
                raise request.not_found()
            Consent = env["mail.tracking.consent"]
            trackings = Consent._linked_trackings(matched["token"], matched["mac"])
            if not trackings:
                unknown_links.count(request.httprequest.remote_addr)
            elif is_post:
                Consent._choose_by_link(trackings, choice, address)
            return _page(
                env,
                is_shared=len(trackings) > 1,
                new_choice=choice if is_post and choice in dict(CHOICES) else "",
            )

    @http.route(
        PREFERENCES_ROUTE,
        type="http",
        auth="user",
        methods=["GET", "POST"],
        readonly=False,
        sitemap=False,
    )
    def own_preferences(self, choice="", **_parameters):
        """Show the page of the user who is logged in, and record their choice.

        :param str choice: of `CHOICES`, when the form is sent
        """
        user = request.env.user
        # sudo: the user's own address
        addresses = email_normalize_all(user.sudo().partner_id.email or "")
        Consent = request.env["mail.tracking.consent"].sudo()
        if request.httprequest.method == "POST":
            Consent._choose_by_user(user, addresses, choice)
        choices = Consent._choices_of(addresses)
        return _page(
            Consent.env,
            addresses=addresses,
            is_own=True,
            present_choice=Consent._choice_of_all(addresses, choices),
            csrf_token=request.csrf_token(),
        )


def _is_flood():
    """Return whether the client's network opens too many invalid links."""
    if not unknown_links.is_over(request.httprequest.remote_addr):
        return False
    if unknown_links.is_worth_a_warning():
        _logger.warning("Many invalid links to email preferences are opened")
    return True


def _page(env, **values):
    """Return the response with the page, in the language of the browser.

    :param env: of the superuser
    :param values: of the template
    """
    lang = _language(env)
    values = {"addresses": [], "is_own": False, "is_shared": False, **values}
    values = {"csrf_token": "", "present_choice": "", "new_choice": "", **values}
    qweb = env["ir.qweb"].with_context(lang=lang)
    direction = env["res.lang"]._get_data(code=lang).direction
    # Not `lang`: that name is the engine's, and has Odoo's code.
    page_lang = lang.partition("@")[0].replace("_", "-")
    values |= {"page_lang": page_lang, "direction": direction}
    html = qweb._render(TEMPLATE, values)
    content_type = ("Content-Type", "text/html; charset=utf-8")
    page = Markup("<!DOCTYPE html>\n") + html
    return request.make_response(page, [*HEADERS, content_type])


def _language(env):
    """Return the installed language that the browser prefers."""
    installed = [code for code, _name in env["res.lang"].get_installed()]
    for wanted, _quality in request.httprequest.accept_languages:
        code = wanted.replace("-", "_")
        for language in installed:
            if language == code or language.split("_")[0] == code.split("_")[0]:
                return language
    return "en_US" if "en_US" in installed else installed[0]
