import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("mail_activity_tracking.opened_mail", {
    steps: () => [
        {
            content: "The recipient's icon says that the mail was opened; click for the story",
            trigger:
                ".o-mail-Message .o-mail_activity_tracking-Recipient:contains('Alice Able'):has([data-mail-tracking-status='opened'])",
            run: "click",
        },
        {
            content: "The story tells that the image in the mail was loaded",
            trigger:
                ".o_popover:contains('alice@example.com'):contains('Tracking image loaded by an email client')",
        },
    ],
});
