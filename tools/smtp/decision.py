"""Derive the events of a sent mail from what the servers and core say. Pure."""

from typing import NamedTuple

from ..reports.answers import reason_of_exception
from .outcome import is_temporary

# Failures of the whole mail: what core says of it is true of every recipient.
MAIL_WIDE = ("mail_from_invalid", "mail_from_missing", "mail_spam")


class CoreResult(NamedTuple):
    """Core's result for a mail that it has sent or tried to send."""

    partner_ids: frozenset = frozenset()  # partners to which it has sent
    emails: frozenset = frozenset()  # normalised addresses to which it has sent
    failure_type: str | None = None  # of the mail as a whole, if it failed
    failure_reason: str | None = None  # core's words for it


def events_of_mail(run, mail_id, core):
    """Return the events that follow from sending a mail.

    :param SendRun run: collector of the batch
    :param int mail_id: id of the mail
    :param CoreResult core: what core says of it
    :return: list of tuples (`Tracked`, list of dicts of values of events)
    """
    tracked_list = run.tracked(mail_id)
    outcomes = [run.outcome_of(tracked) for tracked in tracked_list]
    somebody_failed = any(outcome and outcome.error for outcome in outcomes)
    return [
        (tracked, _events_of_recipient(run, tracked, outcome, somebody_failed, core))
        for tracked, outcome in zip(tracked_list, outcomes, strict=True)
    ]


def _events_of_recipient(run, tracked, outcome, somebody_failed, core):
    addresses = run.addresses_of(tracked)
    sent = tracked.partner_id in core.partner_ids or tracked.address in core.emails
    if outcome and addresses:
        events = outcome.events_for(addresses)
    elif addresses and (sent or not core.failure_type):
        events = [{"event_type": "sent"}]
    else:
        events = [_event_of_failure(run, tracked, somebody_failed, core)]
    if addresses and addresses[0] != tracked.address:
        events[0].setdefault("recipient", addresses[0])
    for event in events:
        if event["event_type"] == "error":
            event["error_type"] = event["error_type"] or core.failure_type or "unknown"
        event["source"] = "smtp" if event.get("server") else "queue"
    return events


def _event_of_failure(run, tracked, somebody_failed, core):
    """Return the event of a recipient for whom no SMTP message was handed over."""
    if run.connection_error:
        code, text = reason_of_exception(run.connection_error)
        return {
            "event_type": "error",
            "error_type": code or "mail_smtp",
            "diagnostic": text,
            "server": run.sender.name,
            "is_temporary": is_temporary(run.connection_error),
        }
    code, reason = core.failure_type, core.failure_reason
    if code in MAIL_WIDE:
        pass
    elif not tracked.address:
        # Core's words are about another recipient of the mail.
        missing = not tracked.written.strip()
        code = "mail_email_missing" if missing else "mail_email_invalid"
        reason = None
    elif somebody_failed:
        # Core gives up a mail at the first refusal: `mail.mail._send`.
        code, reason = "not_attempted", None
    return {"event_type": "error", "error_type": code, "diagnostic": reason}
