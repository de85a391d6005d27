import { mailModels } from "@mail/../tests/mail_test_helpers";

import { fields, getKwArgs } from "@web/../tests/web_test_helpers";

export class MailMessage extends mailModels.MailMessage {
    incoming_email_cc = fields.Json();
    incoming_email_to = fields.Json();
    tracking_failures = fields.Json();
    tracking_recipients = fields.Json();

    _to_store() {
        super._to_store(...arguments);
        const args = ["store", "fields", "for_current_user", "add_followers"];
        const { store } = getKwArgs(arguments, ...args);
        for (const message of this) {
            for (const name of [
                "incoming_email_cc",
                "incoming_email_to",
                "tracking_failures",
                "tracking_recipients",
            ]) {
                if (message[name]) {
                    store._add_record_fields(this.browse(message.id), { [name]: message[name] });
                }
            }
        }
    }
}
