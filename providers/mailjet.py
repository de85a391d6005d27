"""Mailjet.

Source: Mailjet Documentation, "Event Tracking API", sections "Endpoint URL", "Events"
and the table of errors; Mailjet's API guides, "Event API: real-time notifications",
sections "Events", "Grouping events" and "Possible values for errors".
https://documentation.mailjet.com/hc/en-us/articles/360043578154-Event-Tracking-API
No signature: a password in the address, for Basic authentication. Lists of events when
they are grouped; tried again every 30 seconds for a day, says the one page, ten times
every ten minutes says the other.
"""

from functools import partial

from .contract import Provider, Report, Step, _lt
from .times import time_of
from .values import (
    failure_in,
    first_text,
    knows_secret,
    read_items,
    reason_in,
    sentence,
    sign_of_reading,
    text,
)

EVENTS = {
    "sent": "delivered",  # taken by the recipient's server, whose answer it tells
    "blocked": "reject",
    "open": "open",
    "click": "click",
    "spam": "spam",
    "unsub": "unsub",
}
BOUNCES = ("hard_bounce", "soft_bounce")
# Mailjet's name for the error, used if the server's answer says less.
REASONS = {
    "user unknown": "address_unknown",
    "mailbox inactive": "mailbox_disabled",
    "quota exceeded": "mailbox_full",
    "blacklisted": "mail_bl",
    "spam reporter": "mail_bl",
    "invalid domain": "domain_unknown",
    "no mail host": "domain_unknown",
    "relay/access denied": "policy",
    "relay denied": "policy",
    "typofix": "mail_email_invalid",
    "bad or empty template": "content_refused",
    "error in template language": "content_refused",
    "sender blocked": "blocklisted",
    "content blocked": "mail_spam",
    "policy issue": "policy",
    "system issue": "server_problem",
    "protocol issue": "server_problem",
    "connection issue": "timeout",
    "preblocked": "mail_bl",
    "duplicate in campaign": "mail_dup",
}
# `error_related_to`: the subject of an error that has no row above.
AREAS = {
    "content": "content_refused",
    "spam": "mail_spam",
    "system": "server_problem",
    "mailjet": "policy",
}


def _event(item):
    """Return the type of the event."""
    if item["event"] == "bounce":
        if item.get("error") == "greylisted":
            return "deferral"
        is_hard = item.get("hard_bounce") in (True, 1, "true", "1")
        return "hard_bounce" if is_hard else "soft_bounce"
    return EVENTS.get(item["event"], "other")


def _failure(event, item, answer):
    """Return the type of the event and the reason, None if it is not a failure."""
    named = REASONS.get(text(item.get("error")).strip().lower())
    named = named or AREAS.get(text(item.get("error_related_to")).strip().lower())
    if event == "reject":  # not tried, since Mailjet knows better
        return event, reason_in(answer, named or "policy")
    if event in BOUNCES:
        return failure_in(answer, event, named or "mail_bounce")
    return event, None


def _read(item):
    event = _event(item)
    error = text(item.get("error"))
    answer = first_text(item.get("smtp_reply"), item.get("comment"))
    event, reason = _failure(event, item, answer)
    yield Report(
        event_type=event,
        recipient=text(item["email"]),
        reference=text(item.get("CustomID")),
        time=time_of(item.get("time")),
        error_type=reason,
        diagnostic=sentence(item["event"] if event == "other" else "", error, answer),
        **sign_of_reading(event, item.get("agent")),
    )


PROVIDER = Provider(
    name="mailjet",
    label="Mailjet",
    key_help=_lt("Your own password, as part of the URL: https://odoo:password@..."),
    page="https://dev.mailjet.com/email/guides/webhooks/",
    smtp_page="https://dev.mailjet.com/smtp-relay/configuration/",
    steps=(
        Step(
            _lt(
                "Choose a long password of letters and digits and enter it as the "
                "webhook key."
            )
        ),
        Step(
            _lt(
                "Under Account settings > Event notifications, enter the webhook URL "
                "for every type of event, with odoo:password@ before the host name."
            )
        ),
    ),
    authenticate=knows_secret,
    events=partial(read_items, read=_read),
    smtp_headers=lambda reference: {"X-MJ-CustomID": reference},
    # Not documented: grouped events are those of one second.
    max_bytes=16 * 2**20,
)
