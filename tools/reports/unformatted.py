"""Read the text of bounces that follow no format, and of incomplete reports. Pure."""

from .answers import failure_of_reply, reply_in
from .bounce_text import coded_words, is_failure, words_about
from .formats import RECIPIENT_FIELDS, delivery_status
from .mail_words import GIVEN_UP, NOT_YET, STILL_TRYING
from .parts import addresses_in, blocks_of, header
from .reported import Reported, best_status


def completed(mail, reported, alone):
    """Return a report of a recipient, completed from the text of its mail.

    The text counts where the fields say nothing useful.
    """
    if reported.action in ("delivered", "relayed", "expanded"):
        return reported
    if not reported.addresses and alone and len(mail.told) == 1:
        reported = reported._replace(original=next(iter(mail.told)))
    words = next((mail.told[a] for a in reported.addresses if a in mail.told), "")
    if not words and alone:
        words = mail.text.strip()
    if not reported.action and is_failure(mail.text):
        reported = reported._replace(action="failed")
    answer = f"{reported.diagnostic} {reported.status}"
    if failure_of_reply(reply_in(answer), answer).reason in (
        "refused",
        "server_problem",
    ):
        if words := words_about(words, ""):
            reported = reported._replace(
                diagnostic=f"{reported.diagnostic}\n{words}".strip(),
            )
    elif not reported.diagnostic:
        reported = reported._replace(diagnostic=coded_words(words))
    return reported


def bounce(mail):
    """Read a bounce that follows no format, like those of qmail and Exim."""
    recipients = _status_as_text(mail) or [
        Reported(
            "bounce",
            "delayed" if _is_still_tried(mail) else "failed",
            address,
            status=best_status("", words),
            diagnostic=words,
        )
        for address, words in _told(mail)
    ]
    return mail.report(
        "bounce",
        recipients=tuple(recipients),
        extra=header(mail.message, "In-Reply-To"),
    )


def _told(mail):
    """Return address and words of each recipient, with an empty address if need be."""
    text = mail.text.strip()
    if mail.told:
        return [(a, words_about(words, text)) for a, words in mail.told.items()]
    # Nobody is named: a mail to one recipient came back from that one.
    returned = addresses_in(mail.returned.get("to", ""))
    return [(returned[0] if len(returned) == 1 else "", text)]


def _status_as_text(mail):
    """Read a delivery status that stands in the text because its part was lost."""
    if "final-recipient" not in mail.text.lower():
        return []
    blocks = blocks_of(mail.text, RECIPIENT_FIELDS)
    recipients = delivery_status([b for b in blocks if "final-recipient" in b])
    return [
        reported._replace(kind="bounce") for reported in recipients if reported.final
    ]


def _is_still_tried(mail):
    """Return whether the server is still trying; a mail that it gave up is final."""
    if GIVEN_UP.search(mail.text):
        return False
    subject = header(mail.message, "Subject")
    return bool(STILL_TRYING.search(subject) or NOT_YET.search(mail.text))
