import { registry } from "@web/core/registry";

const ROWS = ".o_list_view .o_data_row";

registry.category("web_tour.tours").add("mail_activity_tracking.mail_state", {
    steps: () => [
        {
            content: "The column is there to be switched on",
            trigger: ".o_list_view:not(:has(th[data-name='mail_tracking_state']))",
        },
        {
            content: "Open the list of columns",
            trigger: ".o_list_view .o_optional_columns_dropdown button",
            run: "click",
        },
        {
            content: "Show Mail State",
            trigger: ".o-dropdown--menu .dropdown-item:contains('Mail State') input",
            run: "click",
        },
        {
            content: "A contact whose mail failed says so, and why in the title",
            trigger: `${ROWS}:contains('Mail State Bob') [data-mail-tracking-status='error'][title*='address unknown']`,
        },
        {
            content: "A contact whose mail was sent says so",
            trigger: `${ROWS}:contains('Mail State Alice') [data-mail-tracking-status='sent']`,
        },
        {
            content: "Sort by it, worst first",
            trigger: "th[data-name='mail_tracking_state']",
            run: "click",
        },
        {
            trigger: `${ROWS}:first:contains('Mail State Bob')`,
        },
        {
            content: "Open the search menu",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            content: "Filter what failed",
            trigger: ".o_filter_menu .o_menu_item:contains('Failed Emails')",
            run: "click",
        },
        {
            content: "Only the contact whose mail failed is left",
            trigger: ".o_list_view:not(:has(.o_data_row:contains('Mail State Alice')))",
        },
        {
            trigger: `${ROWS}:contains('Mail State Bob')`,
        },
        {
            content: "Take the filter away",
            trigger: ".o_facet_remove",
            run: "click",
        },
        {
            trigger: `${ROWS}:contains('Mail State Alice')`,
        },
        {
            content: "Open the search menu again",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            content: "Group by Mail State",
            trigger: ".o_group_by_menu .o_menu_item:contains('Mail State')",
            run: "click",
        },
        {
            content: "A group of those that failed",
            trigger: ".o_group_header:contains('Failed')",
            run: "click",
        },
        {
            content: "It has the contact whose mail failed",
            trigger: `${ROWS}:contains('Mail State Bob') [data-mail-tracking-status='error']`,
        },
        {
            content: "A group of those that were sent",
            trigger: ".o_group_header:contains('Sent')",
        },
    ],
});
