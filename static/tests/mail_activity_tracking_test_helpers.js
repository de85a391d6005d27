import { mailModels, openFormView, start } from "@mail/../tests/mail_test_helpers";
import { MailMessage } from "@mail_activity_tracking/../tests/mock_server/models/mail_message";
import { MailNotification } from "@mail_activity_tracking/../tests/mock_server/models/mail_notification";

import { defineModels } from "@web/../tests/web_test_helpers";

export const mailActivityTrackingModels = { ...mailModels, MailMessage, MailNotification };

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
