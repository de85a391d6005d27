import {
    MAIL_STATE,
    MAIL_STATE_FIELDS,
    MailStateColumn,
} from "@mail_activity_tracking/views/list/mail_state_column";

import { patch } from "@web/core/utils/patch";
import { ListRenderer } from "@web/views/list/list_renderer";

/** @type {ListRenderer} */
const listRendererPatch = {
    setup() {
        super.setup();
        const { archInfo, list, nestedKeyOptionalFieldsData } = this.props;
        const column = new MailStateColumn(archInfo, list.resModel, this.env.config.viewId);
        // a list inside a form is read with its form
        this.mailStateColumn = column.exists && !nestedKeyOptionalFieldsData && column;
    },

    /** The key under which choices are kept has the names of all fields in it. */
    createViewKey() {
        return super
            .createViewKey()
            .split(",")
            .filter((part) => !MAIL_STATE_FIELDS.includes(part))
            .join(",");
    },

    computeOptionalActiveFields() {
        const active = super.computeOptionalActiveFields();
        if (this.mailStateColumn) {
            active[MAIL_STATE] = MAIL_STATE in this.props.list.activeFields;
        }
        return active;
    },

    async toggleOptionalField(fieldName) {
        const column = this.mailStateColumn;
        if (!column || fieldName !== MAIL_STATE) {
            return super.toggleOptionalField(fieldName);
        }
        column.isShown = !this.optionalActiveFields[fieldName];
        const { model } = this.props.list;
        if (column.isShown) {
            await model.root.leaveEditMode();
        }
        column.syncFields(model.config.activeFields, model.config.fields);
        if (column.isShown) {
            await model.load();
        }
        this.render();
    },
};

patch(ListRenderer.prototype, listRendererPatch);
