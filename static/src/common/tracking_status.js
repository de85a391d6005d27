import { REASONS, STATES, STATUSES } from "@mail_activity_tracking/common/vocabulary";

import { _t } from "@web/core/l10n/translation";

const STATUS_ORDER = Object.keys(STATUSES);
const STATE_ORDER = Object.keys(STATES);

/** Each state by its code: the values of its status, overridden by its own. */
export const TRACKING_STATES = Object.fromEntries(
    Object.entries(STATES).map(([state, row]) => [
        state,
        { place: STATUS_ORDER.indexOf(row.status), ...STATUSES[row.status], ...row },
    ])
);

export function trackingRow(state) {
    return TRACKING_STATES[state] || TRACKING_STATES.unknown;
}

/**
 * Return the later one of two values `[state, seconds, detail]` of a recipient. Of two
 * values of the same second, it is the one with the higher rank.
 */
export function laterOf(present, value) {
    if (!present || !value) {
        return value || present;
    }
    const [isOlder, isSame] = [value[1] < present[1], value[1] === present[1]];
    const isBehind = STATE_ORDER.indexOf(value[0]) < STATE_ORDER.indexOf(present[0]);
    return isOlder || (isSame && isBehind) ? present : value;
}

/** Return the classes of the icon of a status in a tone. */
export function trackingIcon({ status, tone }) {
    const name = "o-mail_activity_tracking-Icon";
    return `${name} ${name}-${status} o-mail_activity_tracking-tone-${tone}`;
}

/** Return the classes of the icon of a status. */
export function statusIcon(status) {
    return trackingIcon({ status, tone: (STATUSES[status] || STATUSES.unknown).tone });
}

/**
 * Return a state in words, for use inside a sentence.
 *
 * @param {string} state
 * @param {number|string} [detail] number of opens, or code of the reason
 */
export function trackingWords(state, detail) {
    const { reason: ownReason, title } = trackingRow(state);
    if (Number.isInteger(detail)) {
        return detail > 1 ? _t("%(title)s %(count)s times", { title, count: detail }) : title;
    }
    const reason = REASONS[detail]?.words || ownReason;
    return reason && String(reason) !== String(title)
        ? _t("%(title)s: %(reason)s", { title, reason })
        : title;
}

/**
 * Return advice and main action of a failure, by its reason, otherwise by its state.
 *
 * @param {string} state
 * @param {string} [reason] code
 * @returns {{advice?: string, action?: "edit"|"retry"|"review"}}
 */
export function remedyOf(state, reason) {
    const row = [REASONS[reason], trackingRow(state)].find((row) => row?.advice);
    return row ? { advice: row.advice, action: row.action || "retry" } : {};
}
