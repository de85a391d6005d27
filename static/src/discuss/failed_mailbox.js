import { discussSidebarItemsRegistry } from "@mail/core/public_web/discuss_sidebar";
import { Mailbox } from "@mail/core/web/discuss_sidebar_mailboxes";

import { Component } from "@odoo/owl";

import { useService } from "@web/core/utils/hooks";

/** The mailbox *Failed*, below core's mailboxes. */
export class FailedMailbox extends Component {
    static components = { Mailbox };
    static props = {};
    static template = "mail_activity_tracking.FailedMailbox";

    setup() {
        super.setup();
        this.store = useService("mail.store");
    }
}

discussSidebarItemsRegistry.add("mail_activity_tracking.failed", FailedMailbox, { sequence: 21 });
