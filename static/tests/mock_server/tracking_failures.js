import {
    mailDataHelpers,
    parseRequestParams,
    registerRoute,
} from "@mail/../tests/mock_server/mail_mock_server";

import { makeKwArgs } from "@web/../tests/web_test_helpers";

function toStore(messages, fields) {
    return new mailDataHelpers.Store(
        messages,
        ...(fields ? [fields] : [makeKwArgs({ for_current_user: true })])
    ).get_result();
}

registerRoute("/mail/failed/messages", failed_messages);
/** @type {RouteCallback} */
async function failed_messages(request) {
    const MailMessage = this.env["mail.message"];
    const { fetch_params = {} } = await parseRequestParams(request);
    const failed = MailMessage._filter([]).filter((m) => m.tracking_failures?.length);
    const { messages, ...result } = MailMessage._message_fetch(
        [["id", "in", failed.map(({ id }) => id)]],
        makeKwArgs(fetch_params)
    );
    const ids = messages.map(({ id }) => id);
    return { ...result, data: toStore(MailMessage.browse(ids)), messages: ids };
}

registerRoute("/mail/tracking/failures", failures);
/** @type {RouteCallback} */
async function failures(request) {
    const MailMessage = this.env["mail.message"];
    const { before, thread_model, thread_id, limit = 3 } = await parseRequestParams(request);
    const messages = MailMessage._filter([
        ["model", "=", thread_model],
        ["res_id", "=", thread_id],
    ]).sort((a, b) => b.id - a.id);
    const rows = messages.flatMap(({ id, tracking_failures }) =>
        (tracking_failures || []).map(([trackingId]) => [id, trackingId]).reverse()
    );
    const page = rows.filter(([, id]) => !before || id < before).slice(0, Math.min(limit, 100));
    const ids = [...new Set(page.map(([id]) => id))];
    return {
        count: rows.length,
        data: toStore(MailMessage.browse(ids)),
        failures: page,
    };
}

registerRoute("/mail/tracking/review", review);
/** @type {RouteCallback} */
async function review(request) {
    const { tracking_ids, reviewed } = await parseRequestParams(request);
    return { data: setReviewed(this.env["mail.message"], tracking_ids, reviewed) };
}

registerRoute("/mail/tracking/review_all", review_all);
/** @type {RouteCallback} */
async function review_all() {
    const MailMessage = this.env["mail.message"];
    const ids = MailMessage._filter([]).flatMap(({ tracking_failures }) =>
        (tracking_failures || []).map(([trackingId]) => trackingId)
    );
    return { data: setReviewed(MailMessage, ids, true), tracking_ids: ids };
}

/** What was reviewed, to be brought back. */
const reviewedFailures = new Map();

function setReviewed(MailMessage, trackingIds, reviewed) {
    const changed = new Map();
    for (const message of MailMessage._filter([])) {
        const known = message.tracking_failures || [];
        const left = known.filter(([id]) => !reviewed || !trackingIds.includes(id));
        for (const failure of known.filter((value) => !left.includes(value))) {
            reviewedFailures.set(failure[0], { failure, messageId: message.id });
        }
        if (left.length !== known.length) {
            changed.set(message.id, left);
        }
    }
    for (const id of reviewed ? [] : trackingIds) {
        const { failure, messageId } = reviewedFailures.get(id);
        const [message] = MailMessage._filter([["id", "=", messageId]]);
        changed.set(messageId, [...(message.tracking_failures || []), failure]);
    }
    for (const [id, tracking_failures] of changed) {
        MailMessage.write([id], { tracking_failures });
    }
    const counter = MailMessage._filter([]).filter((m) => m.tracking_failures?.length).length;
    return {
        Store: { failed: { counter, id: "failed", model: "mail.box" } },
        "mail.message": [...changed].map(([id, tracking_failures]) => ({ id, tracking_failures })),
    };
}
