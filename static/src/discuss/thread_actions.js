import { registerThreadAction } from "@mail/core/common/thread_actions";

import { _t } from "@web/core/l10n/translation";

registerThreadAction("mail_activity_tracking.review-all", {
    condition: ({ owner, thread }) => thread?.isFailedBox && !owner.isDiscussSidebarChannelActions,
    disabledCondition: ({ thread }) => thread.isEmpty,
    open: ({ store }) => store.env.services["mail_activity_tracking.failures"].reviewAll(),
    sequence: 1,
    name: _t("Mark all reviewed"),
});
