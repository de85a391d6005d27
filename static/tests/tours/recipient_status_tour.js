import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("mail_activity_tracking.recipient_status", {
    steps: () => [
        {
            content: "The recipient's name stands in the chatter, with the status beside it",
            trigger:
                ".o-mail-Message .o-mail_activity_tracking-Recipient:contains('Rita Recipient') [data-mail-tracking-status='sent']",
        },
        {
            content: "An address without contact has an icon for that and one for the delivery",
            trigger:
                ".o-mail_activity_tracking-Recipient:contains('raw@example.com'):has([data-mail-tracking-delivery='sent']) [data-mail-tracking-status='anonuser']",
        },
        {
            content: "Who has no address is a failure",
            trigger:
                ".o-mail_activity_tracking-Recipient:contains('Nora Noaddress') [data-mail-tracking-status='noemail']",
        },
    ],
});
