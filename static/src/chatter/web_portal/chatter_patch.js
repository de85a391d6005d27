import { useDocumentChannel } from "@mail_activity_tracking/chatter/document_channel";
import { FailedSection } from "@mail_activity_tracking/chatter/failed_section";
import { CONTACT_SAVED } from "@mail_activity_tracking/common/tracking_failures_service";

import { Chatter } from "@mail/chatter/web_portal/chatter";

import { useBus } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";

Object.assign(Chatter.components, { FailedSection });

/** @type {import("@mail/chatter/web_portal/chatter").Chatter} */
const chatterPatch = {
    setup() {
        super.setup(...arguments);
        useDocumentChannel(() => this.state.thread);
        useBus(this.env.bus, CONTACT_SAVED, () => this.onContactSaved());
    },
    /** Show the corrected address in the form too, unless the form has unsaved changes. */
    async onContactSaved() {
        const { record } = this.props;
        if (record?.resId && !(await record.isDirty())) {
            await record.load();
        }
    },
    get afterPostRequestList() {
        return [...super.afterPostRequestList, "trackingFailures"];
    },
    get onCloseFullComposerRequestList() {
        return [...super.onCloseFullComposerRequestList, "trackingFailures"];
    },
    get requestList() {
        return [...super.requestList, "trackingFailures"];
    },
};
patch(Chatter.prototype, chatterPatch);
