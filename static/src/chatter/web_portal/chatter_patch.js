import { useDocumentChannel } from "@mail_activity_tracking/core/common/document_channel";

import { Chatter } from "@mail/chatter/web_portal/chatter";

import { patch } from "@web/core/utils/patch";

/** @type {import("@mail/chatter/web_portal/chatter").Chatter} */
const chatterPatch = {
    setup() {
        super.setup(...arguments);
        useDocumentChannel(() => this.state.thread);
    },
};
patch(Chatter.prototype, chatterPatch);
