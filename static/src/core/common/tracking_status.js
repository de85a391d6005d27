import { _t } from "@web/core/l10n/translation";

/**
 * The nine statuses on screen. `rank` sorts problems first, `text` stands beside the
 * icon where it matters; the shape of the icon is in `tracking_icon.scss`.
 */
export const TRACKING_STATUSES = {
    error: {
        rank: 0,
        tone: "danger",
        isFailed: true,
        title: _t("failed"),
        text: _t("Failed"),
    },
    noemail: {
        rank: 1,
        tone: "warning",
        isFailed: true,
        title: _t("no e-mail address"),
        text: _t("No email"),
    },
    waiting: { rank: 2, tone: "muted", title: _t("waiting") },
    sent: { rank: 3, tone: "muted", title: _t("sent, arrival not confirmed") },
    delivered: { rank: 4, tone: "info", title: _t("delivered") },
    opened: { rank: 5, tone: "success", title: _t("opened") },
    cc: { rank: 6, tone: "muted", title: _t("in copy, delivery not tracked") },
    anonuser: { rank: 7, tone: "muted", title: _t("no contact") },
    unknown: { rank: 8, tone: "muted", title: _t("not tracked") },
};

/**
 * How each state of a recipient is shown: a status, and what differs from it. In the
 * order of their rank on the server.
 */
const STATES = {
    waiting: { status: "waiting" },
    canceled: {
        status: "error",
        rank: 2,
        tone: "muted",
        isFailed: false,
        title: _t("canceled, not sent"),
        text: _t("Canceled"),
    },
    sent: { status: "sent" },
    deferred: { status: "sent", title: _t("delayed, still being tried") },
    delivered: { status: "delivered" },
    error: { status: "error" },
    noemail: { status: "noemail" },
    rejected: { status: "error", reason: "rejected" },
    soft_bounced: { status: "error", reason: "soft_bounced" },
    bounced: { status: "error", reason: "mail_bounce" },
    opened: { status: "opened" },
    unsub: { status: "opened", title: _t("opened, then unsubscribed") },
    spam: { status: "error", reason: "complaint" },
    // not of a tracking: what the message itself says of the recipient
    cc: { status: "cc", isIncoming: true },
    to: { status: "unknown", isIncoming: true, title: _t("addressed by the sender, not tracked") },
    inbox: { status: "unknown", rank: 9, title: _t("notified in Odoo, no e-mail sent") },
    unknown: { status: "unknown" },
};

/** Everything to know of a state, by its code. */
export const TRACKING_STATES = Object.fromEntries(
    Object.entries(STATES).map(([state, row]) => [
        state,
        { ...TRACKING_STATUSES[row.status], ...row },
    ])
);

/** Why a mail failed or was not sent, by the code of the server. */
export const TRACKING_REASONS = {
    address_unknown: _t("address unknown"),
    auth_failed: _t("the mail server refused the login"),
    blocklisted: _t("your mail server is on a block list"),
    complaint: _t("reported as spam by the recipient"),
    content_refused: _t("the mail server does not accept the content"),
    domain_unknown: _t("the part after the @ takes no mail"),
    encryption_needed: _t("the mail server asks for an encrypted connection"),
    mail_bl: _t("address is on the blacklist"),
    mail_bounce: _t("returned by the recipient's mail server"),
    mail_dup: _t("same address as another recipient"),
    mail_email_invalid: _t("invalid e-mail address"),
    mail_email_missing: _t("no e-mail address"),
    mail_from_invalid: _t("invalid sender address"),
    mail_from_missing: _t("no sender address"),
    mail_optout: _t("recipient opted out"),
    mail_smtp: _t("no connection to the mail server"),
    mail_spam: _t("taken for spam"),
    mailbox_disabled: _t("the mailbox is disabled"),
    mailbox_full: _t("mailbox full"),
    not_attempted: _t("not tried, because another recipient was refused"),
    policy: _t("blocked by a policy of the recipient's mail server"),
    postponed: _t("the mail server asked to try again later"),
    refused: _t("refused by the mail server"),
    rejected: _t("blocked before sending"),
    sender_unverified: _t("the sender's domain could not be verified"),
    server_problem: _t("trouble at the recipient's mail server"),
    soft_bounced: _t("given up after several attempts"),
    timeout: _t("the mail server did not answer in time"),
    too_big: _t("the mail is too big"),
};

const ADDRESS = _t("Check the spelling of the address.");
const ADMINISTRATOR = _t("Ask your administrator to look at the outgoing mail server.");
const LATER = _t("Try again later.");
const OTHER_WAY = _t("Reach the recipient in another way.");

/** What to do about a failure, by the code of its reason, else by its state. */
export const TRACKING_ADVICE = {
    address_unknown: ADDRESS,
    auth_failed: ADMINISTRATOR,
    blocklisted: ADMINISTRATOR,
    bounced: ADDRESS,
    complaint: _t("Do not write to this address again."),
    content_refused: _t("Send it without unusual attachments."),
    domain_unknown: ADDRESS,
    encryption_needed: ADMINISTRATOR,
    error: LATER,
    mail_bl: _t("Take the address off the blacklist first, if its owner agrees."),
    mail_bounce: ADDRESS,
    mail_email_invalid: ADDRESS,
    mail_email_missing: _t("Add an address, then retry."),
    mail_from_invalid: ADMINISTRATOR,
    mail_from_missing: _t("Add an e-mail address to the sender."),
    mail_optout: OTHER_WAY,
    mail_smtp: ADMINISTRATOR,
    mail_spam: OTHER_WAY,
    mailbox_disabled: _t("Ask the person for another address."),
    mailbox_full: LATER,
    noemail: _t("Add an address, then retry."),
    not_attempted: _t("Retry: this recipient was not the reason."),
    policy: OTHER_WAY,
    postponed: LATER,
    refused: _t("Look under Details for what the mail server answered."),
    rejected: OTHER_WAY,
    sender_unverified: _t("Ask your administrator to check SPF, DKIM and DMARC of your domain."),
    server_problem: LATER,
    soft_bounced: LATER,
    spam: _t("Do not write to this address again."),
    timeout: LATER,
    too_big: _t("Send a link instead of the attachment."),
};

const STATE_ORDER = Object.keys(STATES);

export function trackingRow(state) {
    return TRACKING_STATES[state] || TRACKING_STATES.unknown;
}

/**
 * Give that of two values `[state, seconds, detail]` of one recipient which is later
 * known: the younger one, or the further one of the same second.
 */
export function laterOf(known, value) {
    if (!known || !value) {
        return value || known;
    }
    const [isOlder, isSame] = [value[1] < known[1], value[1] === known[1]];
    const isBehind = STATE_ORDER.indexOf(value[0]) < STATE_ORDER.indexOf(known[0]);
    return isOlder || (isSame && isBehind) ? known : value;
}

/** Give the classes of the icon of a row of one of the tables above. */
export function trackingIcon({ status, tone }) {
    const name = "o-mail_activity_tracking-Icon";
    return `${name} ${name}-${status} o-mail_activity_tracking-tone-${tone}`;
}

/**
 * Say a state in words, to stand within a sentence.
 *
 * @param {string} state
 * @param {number|string} [detail] number of openings, or code of the reason
 */
export function trackingWords(state, detail) {
    const row = trackingRow(state);
    if (Number.isInteger(detail)) {
        return detail > 1
            ? _t("%(title)s %(count)s times", { title: row.title, count: detail })
            : row.title;
    }
    const reason = TRACKING_REASONS[detail] || TRACKING_REASONS[row.reason];
    return reason && String(reason) !== String(row.title)
        ? _t("%(title)s: %(reason)s", { title: row.title, reason })
        : row.title;
}
