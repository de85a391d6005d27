import { FailedSection } from "@mail_activity_tracking/chatter/web/failed_section";

import { Chatter } from "@mail/chatter/web_portal/chatter";

import { patch } from "@web/core/utils/patch";

Object.assign(Chatter.components, { FailedSection });

/** @type {import("@mail/chatter/web_portal/chatter").Chatter} */
const chatterPatch = {
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
