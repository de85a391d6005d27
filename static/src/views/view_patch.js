import { MailStateColumn } from "@mail_activity_tracking/list/mail_state_column";
import { controllerOf, rendererOf } from "@mail_activity_tracking/list/mail_state_list";

import { patch } from "@web/core/utils/patch";
import { View } from "@web/views/view";

/** @type {View} */
const viewPatch = {
    /** Use a controller and a renderer that support the column in lists that have it. */
    async loadView() {
        await super.loadView(...arguments);
        const { archInfo, Renderer, resModel } = this.componentProps;
        const { viewId, viewType } = this.env.config;
        const column = viewType === "list" && new MailStateColumn(archInfo, resModel, viewId);
        if (column && column.exists) {
            this.Controller = controllerOf(this.Controller);
            this.componentProps = {
                ...this.componentProps,
                archInfo: { ...archInfo, mailStateColumn: column },
                Renderer: rendererOf(Renderer),
            };
        }
    },
};
patch(View.prototype, viewPatch);
