import { MailStateColumn } from "@mail_activity_tracking/views/list/mail_state_column";

import { patch } from "@web/core/utils/patch";
import { ListController } from "@web/views/list/list_controller";

/** @type {ListController} */
const listControllerPatch = {
    get modelParams() {
        const params = super.modelParams;
        const { archInfo, resModel } = this.props;
        const column = new MailStateColumn(archInfo, resModel, this.env.config.viewId);
        if (column.exists) {
            column.syncFields(params.config.activeFields, params.config.fields);
        }
        return params;
    },
};

patch(ListController.prototype, listControllerPatch);
