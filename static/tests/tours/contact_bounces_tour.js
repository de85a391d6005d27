import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("mail_activity_tracking.contact_bounces", {
    steps: () => [
        {
            content: "The contact says that mails to its address come back",
            trigger: ".o_form_view [name='mail_tracking_bounces']:contains('Email bounces')",
            run() {
                // Core mutes a button that looks like a link and like a warning.
                const button = this.anchor.querySelector("button");
                if (getComputedStyle(button).color !== getComputedStyle(this.anchor).color) {
                    throw new Error("the warning has the colour of another button");
                }
            },
        },
        {
            content: "With many modules the button is in the menu of those without a place",
            trigger: ".o-form-buttonbox",
            run() {
                this.anchor.querySelector(".o_button_more")?.click();
            },
        },
        {
            content: "Its mails are two",
            trigger: "button[name='action_open_mail_trackings']:contains('2')",
            run: "click",
        },
        {
            content: "The one that came back is among them",
            trigger: ".o_list_view .o_data_row:contains('Bounced')",
        },
        {
            content: "Go back",
            trigger: ".breadcrumb-item:contains('Alice Able'), .o_back_button",
            run: "click",
        },
        {
            content: "Correct the address",
            trigger: ".o_form_view .o_field_widget[name='email'] input",
            run: "edit alice.able@example.com",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "There is nothing to say of the new address",
            trigger: ".o_form_saved:not(:has([name='mail_tracking_bounces']))",
        },
    ],
});
