// Made of tools/vocabulary.py by `python3 -m tools.vocabulary_asset`: change it there.

import { _t } from "@web/core/l10n/translation";

const ADD_ADDRESS = _t("Add an email address, then retry.");
const ASK_ADMINISTRATOR = _t("Ask your administrator to check the outgoing mail server.");
const CHECK_ADDRESS = _t("Check the spelling of the email address.");
const DO_NOT_WRITE = _t("Do not email this address again.");
const OTHER_WAY = _t("Contact the recipient another way.");
const TRY_LATER = _t("Try again later.");
const NO_ADDRESS = _t("no email address");
const RETURNED = _t("returned by the recipient's mail server");

/** The statuses on screen, problems first. */
export const STATUSES = {
    error: {
        tone: "danger",
        title: _t("failed"),
        isFailed: true,
        isTracked: true,
    },
    noemail: {
        tone: "warning",
        title: NO_ADDRESS,
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
        title: _t("sent, delivery not confirmed"),
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
        title: _t("in Cc, delivery not tracked"),
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
        title: _t("cancelled, not sent"),
        text: _t("Cancelled"),
        isFailed: false,
    },
    sent: {
        status: "sent",
    },
    deferred: {
        status: "sent",
        title: _t("delayed, the mail server is still retrying"),
    },
    delivered: {
        status: "delivered",
    },
    error: {
        status: "error",
        title: _t("not sent"),
        text: _t("Not sent"),
        advice: TRY_LATER,
    },
    noemail: {
        status: "noemail",
        text: _t("No email address"),
        advice: ADD_ADDRESS,
        action: "edit",
    },
    rejected: {
        status: "error",
        title: _t("rejected"),
        text: _t("Rejected"),
        reason: _t("blocked by the email provider or mail server"),
        advice: OTHER_WAY,
    },
    soft_bounced: {
        status: "error",
        title: _t("bounced"),
        text: _t("Bounced"),
        reason: _t("temporary delivery failure"),
        advice: TRY_LATER,
    },
    bounced: {
        status: "error",
        title: _t("bounced"),
        text: _t("Bounced"),
        reason: RETURNED,
        advice: CHECK_ADDRESS,
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
        title: _t("marked as spam"),
        text: _t("Marked as spam"),
        advice: DO_NOT_WRITE,
        action: "review",
    },
    cc: {
        status: "cc",
        isIncoming: true,
        isCopy: true,
    },
    to: {
        status: "unknown",
        title: _t("recipient of an incoming email, not tracked"),
        isIncoming: true,
    },
    inbox: {
        status: "unknown",
        place: 9,
        title: _t("notified in Odoo, no email sent"),
        isInOdoo: true,
    },
    unknown: {
        status: "unknown",
    },
};

/** Why a mail failed or was not sent. */
export const REASONS = {
    address_unknown: {
        words: _t("address unknown"),
        advice: CHECK_ADDRESS,
        action: "edit",
    },
    auth_failed: {
        words: _t("mail server login failed"),
        advice: ASK_ADMINISTRATOR,
    },
    blocklisted: {
        words: _t("your mail server is on a blocklist"),
        advice: ASK_ADMINISTRATOR,
    },
    connection_lost: {
        words: _t("connection lost, the email may have arrived"),
        advice: _t("Ask the recipient before you retry: a second copy may be sent."),
    },
    content_refused: {
        words: _t("content rejected by the mail server"),
        advice: _t("Send it again without unusual attachments."),
    },
    domain_unknown: {
        words: _t("the domain does not accept email"),
        advice: CHECK_ADDRESS,
        action: "edit",
    },
    encryption_needed: {
        words: _t("the mail server requires an encrypted connection"),
        advice: ASK_ADMINISTRATOR,
    },
    mail_bl: {
        words: _t("address is blacklisted"),
        advice: _t("Remove the address from the blacklist first, if the recipient agrees."),
        action: "review",
    },
    mail_bounce: {
        words: RETURNED,
        advice: CHECK_ADDRESS,
        action: "edit",
    },
    mail_dup: {
        words: _t("same address as another recipient"),
    },
    mail_email_invalid: {
        words: _t("invalid email address"),
        advice: CHECK_ADDRESS,
        action: "edit",
    },
    mail_email_missing: {
        words: NO_ADDRESS,
        advice: ADD_ADDRESS,
        action: "edit",
    },
    mail_from_invalid: {
        words: _t("invalid sender address"),
        advice: ASK_ADMINISTRATOR,
    },
    mail_from_missing: {
        words: _t("missing sender address"),
        advice: _t("Add an email address for the sender."),
    },
    mail_optout: {
        words: _t("recipient opted out"),
        advice: OTHER_WAY,
        action: "review",
    },
    mail_smtp: {
        words: _t("connection to the mail server failed"),
        advice: ASK_ADMINISTRATOR,
    },
    mail_spam: {
        words: _t("detected as spam"),
        advice: OTHER_WAY,
    },
    mailbox_disabled: {
        words: _t("mailbox disabled"),
        advice: _t("Ask the recipient for another email address."),
        action: "edit",
    },
    mailbox_full: {
        words: _t("mailbox full"),
        advice: TRY_LATER,
    },
    not_attempted: {
        words: _t("skipped because another recipient was refused"),
        advice: _t("Nothing was sent to this recipient. Retry."),
    },
    policy: {
        words: _t("blocked by the recipient's mail server policy"),
        advice: OTHER_WAY,
    },
    postponed: {
        words: _t("temporarily refused by the mail server"),
        advice: TRY_LATER,
    },
    refused: {
        words: _t("refused by the mail server"),
        advice: _t("See the server response in the details."),
    },
    sender_unverified: {
        words: _t("sender domain could not be authenticated"),
        advice: _t("Ask your administrator to check your domain's SPF, DKIM and DMARC records."),
    },
    server_problem: {
        words: _t("problem at the recipient's mail server"),
        advice: TRY_LATER,
    },
    timeout: {
        words: _t("the mail server did not respond in time"),
        advice: TRY_LATER,
    },
    too_big: {
        words: _t("email too large"),
        advice: _t("Send a link instead of the attachment."),
    },
};
