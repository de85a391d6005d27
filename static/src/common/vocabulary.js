// Made of tools/vocabulary.py by `python3 -m tools.vocabulary_asset`: change it there.

import { _t } from "@web/core/l10n/translation";

/** The statuses on screen, problems first. */
export const STATUSES = {
    error: {
        tone: "danger",
        title: _t("failed"),
        text: _t("Failed"),
        isFailed: true,
        isTracked: true,
    },
    noemail: {
        tone: "warning",
        title: _t("no e-mail address"),
        text: _t("No email"),
        isFailed: true,
        isTracked: true,
    },
    waiting: {
        tone: "muted",
        title: _t("waiting"),
        isTracked: true,
    },
    sent: {
        tone: "muted",
        title: _t("sent, arrival not confirmed"),
        isTracked: true,
    },
    delivered: {
        tone: "info",
        title: _t("delivered"),
        isTracked: true,
    },
    opened: {
        tone: "success",
        title: _t("opened"),
        isOpened: true,
        isTracked: true,
    },
    cc: {
        tone: "muted",
        title: _t("in copy, delivery not tracked"),
    },
    anonuser: {
        tone: "muted",
        title: _t("no contact"),
    },
    unknown: {
        tone: "muted",
        title: _t("not tracked"),
    },
};

/** The states of a recipient, by rank: what differs from the status. */
export const STATES = {
    waiting: {
        status: "waiting",
    },
    canceled: {
        status: "error",
        place: 2,
        tone: "muted",
        title: _t("canceled, not sent"),
        text: _t("Canceled"),
        isFailed: false,
    },
    sent: {
        status: "sent",
    },
    deferred: {
        status: "sent",
        title: _t("delayed, still being tried"),
    },
    delivered: {
        status: "delivered",
    },
    error: {
        status: "error",
        advice: _t("Try again later."),
        action: "retry",
    },
    noemail: {
        status: "noemail",
        advice: _t("Add an address, then retry."),
        action: "edit",
    },
    rejected: {
        status: "error",
        reason: _t("blocked before sending"),
        advice: _t("Reach the recipient in another way."),
        action: "retry",
    },
    soft_bounced: {
        status: "error",
        reason: _t("given up after several attempts"),
        advice: _t("Try again later."),
        action: "retry",
    },
    bounced: {
        status: "error",
        reason: _t("returned by the recipient's mail server"),
        advice: _t("Check the spelling of the address."),
        action: "edit",
    },
    opened: {
        status: "opened",
    },
    unsub: {
        status: "opened",
        title: _t("opened, then unsubscribed"),
    },
    spam: {
        status: "error",
        reason: _t("reported as spam by the recipient"),
        advice: _t("Do not write to this address again."),
        action: "review",
    },
    cc: {
        status: "cc",
        isIncoming: true,
        isCopy: true,
    },
    to: {
        status: "unknown",
        title: _t("addressed by the sender, not tracked"),
        isIncoming: true,
    },
    inbox: {
        status: "unknown",
        place: 9,
        title: _t("notified in Odoo, no e-mail sent"),
        isInOdoo: true,
    },
    unknown: {
        status: "unknown",
    },
};

/** What is to be known of an event; its label comes with it. */
export const EVENTS = {
    sent: {
        isSending: true,
    },
    open: {
        isOpening: true,
    },
};

/** What an opening proves. */
export const EVIDENCE = {
    human: {
        words: _t("Loaded by a mail program: read by a person, as far as one can tell."),
    },
    proxy: {
        words: _t("Loaded through the image proxy of the mail provider when the mail was shown."),
    },
    machine: {
        words: _t("Loaded by a machine, for example a spam filter. It proves no reading."),
    },
    shared: {
        words: _t("Several recipients got the same copy: one of them opened it."),
    },
    suspect: {
        words: _t("Not certain to be loaded by a person. It does not count."),
    },
    self: {
        words: _t("Loaded by a user of this database. It does not count."),
    },
};

/** Where an event comes from. */
export const SOURCES = {
    smtp: {
        words: _t("mail server"),
    },
    dsn: {
        words: _t("delivery report"),
    },
    mdn: {
        words: _t("read receipt"),
    },
    arf: {
        words: _t("complaint report"),
    },
    pixel: {
        words: _t("image in the mail"),
    },
    gateway: {
        words: _t("incoming mail"),
    },
    user: {
        words: _t("administrator"),
    },
};

/** Why a mail failed or was not sent. */
export const REASONS = {
    address_unknown: {
        words: _t("address unknown"),
        advice: _t("Check the spelling of the address."),
        action: "edit",
    },
    auth_failed: {
        words: _t("the mail server refused the login"),
        advice: _t("Ask your administrator to look at the outgoing mail server."),
        action: "retry",
    },
    blocklisted: {
        words: _t("your mail server is on a block list"),
        advice: _t("Ask your administrator to look at the outgoing mail server."),
        action: "retry",
    },
    content_refused: {
        words: _t("the mail server does not accept the content"),
        advice: _t("Send it without unusual attachments."),
        action: "retry",
    },
    domain_unknown: {
        words: _t("the part after the @ takes no mail"),
        advice: _t("Check the spelling of the address."),
        action: "edit",
    },
    encryption_needed: {
        words: _t("the mail server asks for an encrypted connection"),
        advice: _t("Ask your administrator to look at the outgoing mail server."),
        action: "retry",
    },
    mail_bl: {
        words: _t("address is on the blacklist"),
        advice: _t("Take the address off the blacklist first, if its owner agrees."),
        action: "review",
    },
    mail_bounce: {
        words: _t("returned by the recipient's mail server"),
        advice: _t("Check the spelling of the address."),
        action: "edit",
    },
    mail_dup: {
        words: _t("same address as another recipient"),
    },
    mail_email_invalid: {
        words: _t("invalid e-mail address"),
        advice: _t("Check the spelling of the address."),
        action: "edit",
    },
    mail_email_missing: {
        words: _t("no e-mail address"),
        advice: _t("Add an address, then retry."),
        action: "edit",
    },
    mail_from_invalid: {
        words: _t("invalid sender address"),
        advice: _t("Ask your administrator to look at the outgoing mail server."),
        action: "retry",
    },
    mail_from_missing: {
        words: _t("no sender address"),
        advice: _t("Add an e-mail address to the sender."),
        action: "retry",
    },
    mail_optout: {
        words: _t("recipient opted out"),
        advice: _t("Reach the recipient in another way."),
        action: "review",
    },
    mail_smtp: {
        words: _t("no connection to the mail server"),
        advice: _t("Ask your administrator to look at the outgoing mail server."),
        action: "retry",
    },
    mail_spam: {
        words: _t("taken for spam"),
        advice: _t("Reach the recipient in another way."),
        action: "retry",
    },
    mailbox_disabled: {
        words: _t("the mailbox is disabled"),
        advice: _t("Ask the person for another address."),
        action: "edit",
    },
    mailbox_full: {
        words: _t("mailbox full"),
        advice: _t("Try again later."),
        action: "retry",
    },
    not_attempted: {
        words: _t("not tried, because another recipient was refused"),
        advice: _t("Retry: this recipient was not the reason."),
        action: "retry",
    },
    policy: {
        words: _t("blocked by a policy of the recipient's mail server"),
        advice: _t("Reach the recipient in another way."),
        action: "retry",
    },
    postponed: {
        words: _t("the mail server asked to try again later"),
        advice: _t("Try again later."),
        action: "retry",
    },
    refused: {
        words: _t("refused by the mail server"),
        advice: _t("Look under Details for what the mail server answered."),
        action: "retry",
    },
    sender_unverified: {
        words: _t("the sender's domain could not be verified"),
        advice: _t("Ask your administrator to check SPF, DKIM and DMARC of your domain."),
        action: "retry",
    },
    server_problem: {
        words: _t("trouble at the recipient's mail server"),
        advice: _t("Try again later."),
        action: "retry",
    },
    timeout: {
        words: _t("the mail server did not answer in time"),
        advice: _t("Try again later."),
        action: "retry",
    },
    too_big: {
        words: _t("the mail is too big"),
        advice: _t("Send a link instead of the attachment."),
        action: "retry",
    },
};
