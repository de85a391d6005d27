import { TrackingRecipient } from "@mail_activity_tracking/common/tracking_recipient";
import { trackingRow } from "@mail_activity_tracking/common/tracking_status";

import { formatList } from "@web/core/l10n/utils";
import { _t } from "@web/core/l10n/translation";

/** Split `"Ann" <ann@example.com>` into name and address. */
function parseAddress(text) {
    const [, name, address] = /^\s*"?(.*?)"?\s*<([^<>]+)>\s*$/.exec(text) || [];
    // the server escapes quotes and backslashes
    const plain = name?.replace(/\\(.)/g, "$1");
    return { name: plain || address || text, address: address || text };
}

function normalized(address) {
    return parseAddress(address || "").address.toLowerCase();
}

/** @param {import("models").Notification} notification */
function fromNotification(notification) {
    const partner = notification.res_partner_id;
    const [state, time, detail] = notification.latestTracking || notification.untracked;
    return new TrackingRecipient({
        key: `notification-${notification.id}`,
        name: partner
            ? notification.mail_message_id.getPersonaName(partner)
            : notification.mail_email_address || _t("Unknown recipient"),
        address: partner ? partner.email : notification.mail_email_address,
        partnerId: partner?.id,
        state,
        time,
        detail,
    });
}

/** @param {import("models").Message} message */
export function fromTracking(message, [trackingId, partnerId, text, type, state, time, detail]) {
    const { name, address } = parseAddress(text);
    const partner = partnerId && message.store["res.partner"].get(partnerId);
    return new TrackingRecipient({
        key: `tracking-${trackingId}`,
        name: (partnerId ? partner?.name || name : address) || _t("Unknown recipient"),
        address,
        partnerId,
        trackingId,
        isCopy: type === "cc",
        state,
        time,
        detail,
    });
}

/**
 * @param {import("models").Message} message
 * @param {"to"|"cc"} state
 */
function fromIncoming(message, state) {
    return (message[`incoming_email_${state}`] || []).map(
        ([name, address], index) =>
            new TrackingRecipient({
                key: `${state}-${index}`,
                name: name || address,
                address,
                isCopy: trackingRow(state).isCopy,
                state,
            })
    );
}

function addressesOf(recipients) {
    return new Set(recipients.map(({ address }) => normalized(address)));
}

/**
 * Return the recipients of a message, each once: those of outgoing emails, then those
 * of the incoming email, then those notified in Odoo only.
 *
 * @param {import("models").Message} message
 * @returns {TrackingRecipient[]}
 */
export function recipientsOf(message) {
    const listed = message.notification_ids
        .filter(({ untrackedState }) => untrackedState)
        .map(fromNotification);
    const mailed = [
        ...listed.filter(({ row }) => !row.isInOdoo),
        ...message.latestTrackingRecipients.map((values) => fromTracking(message, values)),
    ];
    const mailedTo = addressesOf(mailed);
    const incoming = ["to", "cc"]
        .flatMap((state) => fromIncoming(message, state))
        .filter(({ address }) => !mailedTo.has(normalized(address)));
    const cameTo = addressesOf(incoming);
    const inbox = listed.filter(
        ({ row, address }) => row.isInOdoo && !cameTo.has(normalized(address))
    );
    return [...mailed, ...incoming, ...inbox];
}

/** @param {TrackingRecipient[]} recipients */
export function sortedByProblem(recipients) {
    return [...recipients].sort((a, b) => a.row.place - b.row.place);
}

/**
 * Return the statuses of a message in a few words, such as "2 of 9 failed, 1 opened", or
 * the status of its only recipient.
 *
 * @param {TrackingRecipient[]} recipients
 */
export function summaryOf(recipients) {
    const total = recipients.length;
    if (total === 1) {
        return recipients[0].description;
    }
    const failed = recipients.filter(({ row }) => row.isFailed).length;
    const opened = recipients.filter(({ row }) => row.isOpened).length;
    const [worst] = sortedByProblem(recipients);
    const parts = [
        failed
            ? _t("%(failed)s of %(total)s failed", { failed, total })
            : _t("%(total)s recipients", { total }),
        opened && _t("%(opened)s opened", { opened }),
        !failed && !opened && worst?.isTracked && worst.row.title,
    ];
    return formatList(parts.filter(Boolean), { style: "unit" });
}
