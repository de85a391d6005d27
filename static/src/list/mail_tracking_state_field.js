import {
    statusIcon,
    trackingRow,
    trackingWords,
} from "@mail_activity_tracking/common/tracking_status";

import { _t } from "@web/core/l10n/translation";
import { formatList } from "@web/core/l10n/utils";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

/** Status of the last message of a record: icon and word, with details in the title. */
export class MailTrackingStateField extends Component {
    static template = "mail_activity_tracking.MailTrackingStateField";
    static props = { ...standardFieldProps };

    get status() {
        return this.props.record.data[this.props.name];
    }

    get icon() {
        return statusIcon(this.status);
    }

    get label() {
        const { selection } = this.props.record.fields[this.props.name];
        return selection.find(([code]) => code === this.status)?.[1] || "";
    }

    /** Number of recipients in each state, with opens and reasons. */
    get title() {
        const summary = this.props.record.data.mail_tracking_summary || [];
        const isAlone = summary.length === 1 && summary[0][1] === 1;
        const parts = summary.map(([state, count, detail]) => {
            const words = trackingWords(state, detail || undefined);
            return isAlone ? words : _t("%(count)s × %(words)s", { count, words });
        });
        return formatList(parts, { style: "unit" }) || this.label;
    }

    get hasMoreToSay() {
        return String(this.title).toLowerCase() !== this.label.toLowerCase();
    }

    get isFailed() {
        return trackingRow(this.status).isFailed;
    }
}

export const mailTrackingStateField = {
    component: MailTrackingStateField,
    displayName: _t("Mail State"),
    // wide enough for its longest word, and for its title with the sort arrow
    listViewWidth: [150],
    supportedTypes: ["selection"],
    fieldDependencies: [{ name: "mail_tracking_summary", type: "json", readonly: true }],
};

registry.category("fields").add("mail_tracking_state", mailTrackingStateField);
