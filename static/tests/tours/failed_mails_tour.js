import { registry } from "@web/core/registry";

const BADGE = "button[data-mailbox-id='failed'] .o-mail_activity_tracking-failedBadge";
const FAILURE = ".o-mail_activity_tracking-TrackingFailure";
const SECTION = ".o-mail_activity_tracking-FailedSection";

registry.category("web_tour.tours").add("mail_activity_tracking.failed_corrected", {
    steps: () => [
        {
            content: "Above the messages stands who did not get one, why, and what to do",
            trigger: `${SECTION}:contains('1 email failure') ${FAILURE}:contains('Bob Bounce'):contains('address unknown')`,
        },
        {
            content: "Correct the address",
            trigger: `${FAILURE} button:contains('Edit contact')`,
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='email'] input",
            run: "edit better@example.com",
        },
        {
            content: "Save it: the email is sent again",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "The failure is gone, the message stays",
            trigger: `.o-mail-Chatter:not(:has(${SECTION})) .o-mail-Message:contains('Hello')`,
        },
    ],
});

registry.category("web_tour.tours").add("mail_activity_tracking.failed_reviewed", {
    steps: () => [
        {
            content: "The mailbox has one message that did not reach somebody",
            trigger: `${BADGE}:contains('1')`,
            run: "click",
        },
        {
            content: "Nothing more is to be done about it",
            trigger: `.o-mail-Message ${FAILURE}:contains('Bob Bounce') [aria-label='More actions']`,
            run: "click",
        },
        {
            trigger: ".o-dropdown-item:contains('Mark as reviewed')",
            run: "click",
        },
        {
            trigger: ".o-mail-DiscussContent:contains('No failed emails')",
        },
        {
            content: "A mistake: bring it back",
            trigger: ".o_notification button:contains('Undo')",
            run: "click",
        },
        {
            trigger: `.o-mail-Message ${FAILURE}:contains('Bob Bounce')`,
        },
        {
            trigger: `${FAILURE} [aria-label='More actions']`,
            run: "click",
        },
        {
            trigger: ".o-dropdown-item:contains('Mark as reviewed')",
            run: "click",
        },
        {
            content: "The message stays in its chatter, without a failure above it",
            trigger: `body:not(:has(${BADGE})) .o-mail-DiscussContent:contains('No failed emails')`,
        },
    ],
});
