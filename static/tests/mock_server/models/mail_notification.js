import { mailModels } from "@mail/../tests/mail_test_helpers";

import { fields } from "@web/../tests/web_test_helpers";

export class MailNotification extends mailModels.MailNotification {
    tracking = fields.Json();

    get _to_store_defaults() {
        return [...super._to_store_defaults, "tracking"];
    }
}
