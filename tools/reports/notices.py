"""Reports that providers send by mail, in formats of their own. Pure.

- Amazon SES: bounces and complaints as JSON, by a subscription of SNS to an address.
  "Amazon SNS notification contents for Amazon SES" in its developer guide.
- Microsoft: complaints of the Junk Mail Reporting Program, with the mail attached.
- Apple: an unsubscription by mail, which says who asks for it.
"""

import json

from .parts import address_in, blocks_of, content_type, header, text_in
from .reported import Reported, best_status

# For each type of SES: the names of its object and list of recipients, and the action.
SES_LISTS = {
    "Bounce": ("bounce", "bouncedRecipients", "failed"),
    "Complaint": ("complaint", "complainedRecipients", "abuse"),
}
JMRP_FIELD = "x-hmxmroriginalrecipient"
MOST_RECIPIENTS = 100


class Notice:
    """A notice as `reader` reports it."""

    def __init__(self, kind, recipients, message_id=""):
        self.kind = kind
        self.recipients = tuple(recipients)
        self.message_id = message_id


def notice_in(message, parts):
    """Return the notice in a mail, None when there is none.

    :param message: `email.message.Message`
    :param parts: of it, see `parts.parts_of`
    :rtype: Notice
    """
    sender = address_in(header(message, "From")).lower()
    for test, read in NOTICES:
        if test(message, sender) and (report := read(message, parts, sender)):
            return report
    return None


# === AMAZON SES ===#
def _is_sns(_message, sender):
    return sender.rpartition("@")[2].endswith("sns.amazonaws.com")


def _ses(_message, parts, _sender):
    text = next((text_in(p) for p in parts if content_type(p) == "text/plain"), "")
    try:
        value, _end = json.JSONDecoder(strict=False).raw_decode(text[text.index("{") :])
        return _ses_notice(value)
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return None


def _ses_notice(value):
    if isinstance(value.get("Message"), str):  # not delivered raw
        value = json.loads(value["Message"])
    name, list_name, action = SES_LISTS[value.get("notificationType")]
    kind = "bounce" if action == "failed" else "arf"
    recipients = value[name][list_name][:MOST_RECIPIENTS]
    if kind == "arf":
        action = value[name].get("complaintFeedbackType") or action
    # Without the original headers, only the id that SES gave the mail is known.
    message_id = (value["mail"].get("commonHeaders") or {}).get("messageId") or ""
    return Notice(
        kind, [_ses_recipient(kind, action, one) for one in recipients], message_id
    )


def _ses_recipient(kind, action, recipient):
    diagnostic = str(recipient.get("diagnosticCode") or "")
    status = best_status(str(recipient.get("status") or ""), diagnostic)
    address = address_in(str(recipient["emailAddress"]))
    return Reported(kind, action, address, "", status, diagnostic.partition(";")[2])


# === MICROSOFT, APPLE ===#
def _is_jmrp(_message, sender):
    return sender in ("staff@hotmail.com", "jmrp@hotmail.com", "staff@outlook.com")


def _jmrp(_message, parts, _sender):
    mail = next((p for p in parts if content_type(p) == "message/rfc822"), None)
    fields = (blocks_of(text_in(mail)) or [{}])[0] if mail is not None else {}
    address = address_in(fields.get(JMRP_FIELD, ""))
    return (
        Notice("arf", [Reported("arf", "abuse", original=address)]) if address else None
    )


def _is_apple(message, _sender):
    return bool(header(message, "X-Apple-Unsubscribe"))


def _apple(_message, _parts, sender):
    return Notice("arf", [Reported("arf", "opt-out", original=sender)])


NOTICES = ((_is_sns, _ses), (_is_jmrp, _jmrp), (_is_apple, _apple))
