import { FailedSection } from "@mail_activity_tracking/chatter/web/failed_section";

import { Chatter } from "@mail/chatter/web_portal/chatter";

import { patch } from "@web/core/utils/patch";

Object.assign(Chatter.components, { FailedSection });

patch(Chatter.prototype, {
    get requestList() {
        return [...super.requestList, "trackingFailures"];
    },
});
