import { click, mailModels, openFormView, start } from "@mail/../tests/mail_test_helpers";
import { MailMessage } from "@mail_activity_tracking/../tests/mock_server/models/mail_message";
import "@mail_activity_tracking/../tests/mock_server/tracking_failures";
import { MailNotification } from "@mail_activity_tracking/../tests/mock_server/models/mail_notification";

import { asyncStep, defineModels, onRpc, serverState } from "@web/../tests/web_test_helpers";

/** With the form in which an address is corrected. */
class ResPartner extends mailModels.ResPartner {
    _views = {
        ...this._views,
        "form,mail_activity_tracking.res_partner_view_form_address": `
            <form>
                <field name="name" required="1"/>
                <field name="email" default_focus="1"/>
            </form>`,
    };

    has_access() {
        return true;
    }
}

export const mailActivityTrackingModels = {
    ...mailModels,
    MailMessage,
    MailNotification,
    ResPartner,
};

export function defineMailActivityTrackingModels() {
    return defineModels(mailActivityTrackingModels);
}

/**
 * Create a contact whose chatter has one message.
 *
 * @param {import("mock_models").MockServerEnvironment} pyEnv
 * @param {Object[]} recipients each with `name` or `address`, `tracking`, and what
 *  else differs from a notification sent by e-mail
 * @param {Object} [values] of the message
 */
export function createMessage(pyEnv, recipients, values = {}) {
    const recordId = pyEnv["res.partner"].create({ name: "Record" });
    const messageId = pyEnv["mail.message"].create({
        author_id: pyEnv.user?.partner_id,
        body: "Hello",
        message_type: "comment",
        model: "res.partner",
        res_id: recordId,
        ...values,
    });
    const notificationIds = recipients.map(({ name, address, ...notification }) =>
        pyEnv["mail.notification"].create({
            mail_email_address: name ? false : address,
            mail_message_id: messageId,
            notification_status: "sent",
            notification_type: "email",
            res_partner_id: name && pyEnv["res.partner"].create({ name, email: address }),
            ...notification,
        })
    );
    return { recordId, messageId, notificationIds };
}

/** Open the chatter with the message that `createMessage` makes of the arguments. */
export async function openMessage(pyEnv, recipients, values) {
    const ids = createMessage(pyEnv, recipients, values);
    const env = await start();
    await openFormView("res.partner", ids.recordId);
    return { env, ...ids };
}

let lastTrackingId = 0;

/**
 * Create a message of the user that did not reach somebody.
 *
 * @param {import("mock_models").MockServerEnvironment} pyEnv
 * @param {Object} [values]
 * @param {string[]} [values.names] of those whom it did not reach
 * @param {string} [values.reason] code
 * @param {string} [values.state]
 * @param {number} [values.recordId] contact whose chatter has it
 * @param {string} [values.subject]
 */
export function createFailure(
    pyEnv,
    { names = ["Bob Bounce"], reason = "address_unknown", recordId, state = "error", subject } = {}
) {
    const now = Math.floor(luxon.DateTime.now().toSeconds());
    const partnerIds = names.map((name) =>
        pyEnv["res.partner"].create({ name, email: "bob@example.com" })
    );
    const failures = names.map((name, index) => [
        ++lastTrackingId,
        partnerIds[index],
        `"${name}" <bob@example.com>`,
        state,
        now,
        reason,
        true,
    ]);
    recordId ||= pyEnv["res.partner"].create({ name: "Record" });
    const messageId = pyEnv["mail.message"].create({
        author_id: pyEnv["res.partner"]._filter([["id", "=", serverState.partnerId]])[0].id,
        body: `<p>${subject || "Hello"}</p>`,
        message_type: "comment",
        model: "res.partner",
        res_id: recordId,
        subject,
        tracking_failures: failures,
    });
    return { messageId, partnerIds, recordId, trackingIds: failures.map(([id]) => id) };
}

/** Choose an action from the menu of a failure. */
export async function clickMore(failure, name) {
    await click(`${failure} .o-mail_activity_tracking-TrackingFailure-more`);
    await click(".o-dropdown-item", { text: name });
}

/** Tell the web client of the user what the server would. */
export function push(pyEnv, data) {
    const [partner] = pyEnv["res.partner"].read(serverState.partnerId);
    pyEnv["bus.bus"]._sendone(partner, "mail.record/insert", data);
}

/** A fact of a timeline, as the server sends it. */
export function event(type, text, values) {
    return { attempt: 1, type, text, time: 0, origin: "", server: "", diagnostic: "", ...values };
}

/** Answer to the request for a timeline with these events, and note who is asked for. */
export function mockTimeline(events, values) {
    onRpc("/mail/tracking/timeline", async (request) => {
        const { params } = await request.json();
        asyncStep(`timeline by ${Object.keys(params)}: ${Object.values(params).at(-1)}`);
        return { tracking_id: 7, events, can_read_events: false, ...values };
    });
}
