import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("mail_activity_tracking.posted_mail", {
    steps: () => [
        {
            content: "Write to the contact",
            trigger: ".o-mail-Chatter-sendMessage",
            run: "click",
        },
        {
            content: "The contact is who it goes to",
            trigger: ".o-mail-RecipientsInput:contains('Alice Able')",
        },
        {
            trigger: ".o-mail-Composer-input",
            run: "edit Dear Alice",
        },
        {
            trigger: ".o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            content: "The message says that her mail server has it",
            trigger:
                ".o-mail-Message:contains('Dear Alice') .o-mail_activity_tracking-Recipient:contains('Alice Able') [data-mail-tracking-status='sent']",
        },
    ],
});
