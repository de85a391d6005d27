import { useDocumentChannel } from "@mail_activity_tracking/chatter/document_channel";
import { FailedSection } from "@mail_activity_tracking/chatter/failed_section";

import { Chatter } from "@mail/chatter/web_portal/chatter";

import { patch } from "@web/core/utils/patch";

Object.assign(Chatter.components, { FailedSection });

/** @type {import("@mail/chatter/web_portal/chatter").Chatter} */
const chatterPatch = {
    setup() {
        super.setup(...arguments);
        useDocumentChannel(() => this.state.thread);
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
