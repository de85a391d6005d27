"""Tables of the codes of mail servers, and of how final each reason is.

Codes count only where the words of `reason_words` say nothing. Sources: RFC 3463
section 3, IANA's registry "SMTP Enhanced Status Codes", RFC 5321 section 4.2.3, and
Microsoft's "Email non-delivery reports and SMTP errors in Exchange Online".
"""

# Reason to its meaning for the next mail to the address. "hard_bounce" says that the
# address is dead, "reject" that the mail was refused for its content or its origin,
# "soft_bounce" that another mail may well get through.
EVENT_BY_REASON = {
    "address_unknown": "hard_bounce",
    "domain_unknown": "hard_bounce",
    "mail_email_invalid": "hard_bounce",
    "mailbox_disabled": "hard_bounce",
    "auth_failed": "reject",
    "blocklisted": "reject",
    "content_refused": "reject",
    "encryption_needed": "reject",
    "mail_bl": "reject",
    "mail_from_invalid": "reject",
    "mail_from_missing": "reject",
    "mail_optout": "reject",
    "mail_spam": "reject",
    "policy": "reject",
    "sender_unverified": "reject",
}
# Every other reason: mailbox, server, network, time; and "refused" without any words.
OTHER_EVENT = "soft_bounce"
# Reasons that may pass when the server calls them temporary: a mailbox that is disabled
# for now, a domain whose name servers are in trouble.
SOFT_WHEN_TEMPORARY = ("domain_unknown", "mailbox_disabled")

# Subject.detail of the enhanced code; the class says only whether it is permanent.
REASON_BY_ENHANCED_CODE = {
    # addresses: RFC 3463, 3.2
    "1.1": "address_unknown",
    "1.2": "domain_unknown",
    "1.3": "mail_email_invalid",
    "1.4": "address_unknown",  # matches several mailboxes
    "1.6": "address_unknown",  # moved
    "1.7": "mail_from_invalid",
    "1.8": "mail_from_invalid",
    "1.10": "domain_unknown",  # null MX: takes no mail, RFC 7505
    "1.90": "postponed",  # Microsoft: recipients per day
    "1.351": "address_unknown",  # Microsoft: answer of another server
    # the mailbox: RFC 3463, 3.3
    "2.1": "mailbox_disabled",
    "2.2": "mailbox_full",
    "2.3": "too_big",
    "2.4": "server_problem",  # a mailing list that cannot be expanded
    "2.121": "postponed",  # Microsoft: mails per hour
    "2.122": "postponed",
    # the recipient's mail system: RFC 3463, 3.4
    "3.1": "server_problem",  # full
    "3.2": "server_problem",  # takes no mail now
    "3.3": "server_problem",
    "3.4": "too_big",
    "3.5": "server_problem",  # not configured
    # network and routing: RFC 3463, 3.5
    "4.1": "timeout",
    "4.2": "timeout",
    "4.3": "server_problem",  # its directory does not answer
    "4.4": "domain_unknown",  # no route
    "4.5": "server_problem",  # congested
    "4.6": "server_problem",  # the mail loops
    "4.7": "timeout",
    "4.14": "server_problem",  # Microsoft: it loops
    "4.300": "timeout",  # Microsoft: given up, as the next ones
    "4.310": "domain_unknown",
    "4.312": "timeout",
    "4.316": "timeout",
    "4.317": "timeout",
    # the protocol: RFC 3463, 3.6
    "5.3": "postponed",  # too many recipients at once
    # security and policy: RFC 3463, 3.8
    "7.4": "encryption_needed",
    "7.8": "auth_failed",  # RFC 4954, as the next ones
    "7.9": "auth_failed",
    "7.10": "encryption_needed",  # RFC 5248
    "7.11": "auth_failed",
    "7.12": "auth_failed",
    "7.13": "mailbox_disabled",  # RFC 5248
    "7.16": "too_big",  # RFC 6710
    "7.17": "address_unknown",  # the mailbox has a new owner, RFC 7293
    "7.18": "domain_unknown",  # so has the domain
    "7.20": "sender_unverified",  # DKIM, RFC 7372, as the next ones
    "7.21": "sender_unverified",
    "7.22": "sender_unverified",
    "7.23": "sender_unverified",  # SPF
    "7.24": "sender_unverified",
    "7.25": "sender_unverified",  # no name for the server's IP address
    "7.26": "sender_unverified",
    "7.27": "mail_from_invalid",  # the sender's domain takes no mail, RFC 7505
    "7.28": "postponed",  # a flood of mails, IANA
    "7.29": "sender_unverified",  # ARC, RFC 8617
    "7.30": "encryption_needed",  # RFC 8689
    "7.57": "auth_failed",  # Microsoft
}
# Subjects whose other details all mean the same to a sender (6: RFC 3463, 3.7).
REASON_BY_SUBJECT = {
    "3": "server_problem",
    "4": "server_problem",
    "6": "content_refused",
    "7": "policy",
}
# Microsoft's ranges, of the same page: subject, first and last detail.
REASON_BY_RANGE = [
    ("7", 501, 503, "mail_spam"),
    ("7", 505, 506, "sender_unverified"),
    ("7", 509, 509, "sender_unverified"),  # DMARC
    ("7", 515, 515, "sender_unverified"),
    ("7", 510, 511, "blocklisted"),
    ("7", 606, 649, "blocklisted"),
    ("7", 650, 659, "postponed"),
    ("7", 708, 708, "blocklisted"),
]
# Replies that say enough without an enhanced code, RFC 5321 section 4.2.3, RFC 4954;
# and enhanced codes that older servers write as a reply, without dots.
REASON_BY_REPLY = {
    511: "address_unknown",
    512: "domain_unknown",
    522: "mailbox_full",
    523: "too_big",
    571: "policy",
    452: "mailbox_full",
    530: "auth_failed",
    534: "auth_failed",
    535: "auth_failed",
    552: "too_big",
    556: "domain_unknown",  # RFC 7504
}
