import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("mail_activity_tracking.untracked_mail", {
    steps: () => [
        {
            content: "Write to the contact",
            trigger: ".o-mail-Chatter-sendMessage",
            run: "click",
        },
        {
            trigger: ".o-mail-Composer-input",
            run: "edit Dear Alice",
        },
        {
            content: "Open the full composer",
            trigger: ".o-mail-Composer button[title='Open Full Composer']",
            run: "click",
        },
        {
            content: "Opens are tracked unless one says otherwise",
            trigger: ".modal div[name='mail_tracking_opens'] input:checked",
        },
        {
            trigger: ".modal div[name='mail_tracking_opens'] input",
            run: "click",
        },
        {
            trigger: ".modal div[name='mail_tracking_opens'] input:not(:checked)",
        },
        {
            trigger: ".modal .o_mail_send:enabled",
            run: "click",
        },
        {
            content: "The email is out",
            trigger:
                ".o-mail-Message:contains('Dear Alice') .o-mail_activity_tracking-Recipient:contains('Alice Able') [data-mail-tracking-status='sent']",
        },
    ],
});
