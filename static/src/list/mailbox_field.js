import { isolatedMailbox } from "@mail_activity_tracking/common/isolated";

import { Component, xml } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Sender or recipient of an email: the name does not change the address's direction. */
export class MailboxField extends Component {
    static props = { ...standardFieldProps };
    static template = xml`<span class="text-wrap text-break" dir="auto" t-esc="mailbox"/>`;

    get mailbox() {
        return isolatedMailbox(this.props.record.data[this.props.name] || "");
    }
}

registry.category("fields").add("mail_tracking_mailbox", { component: MailboxField });
