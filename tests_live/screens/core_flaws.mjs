// What axe-core has against Odoo itself where the addon shows something: it is the same
// without the addon, and not the addon's to mend. By rule, the elements that are meant.

// a dialog is a landmark inside the page, and has landmarks in it
const DIALOG = ".modal-content *";

export const CORE_FLAWS = {
    // the author's picture opens a card by mouse only; pictures of the portal's home
    "aria-prohibited-attr": ".o-mail-Message-avatarContainer",
    "image-alt": ".o-mail-Message-avatar, .o_portal_index_card img",
    // the day between messages, a message's time and subject; badges, and rows that are
    // muted; measures of a pivot; labels of a form on a phone, and what explains a choice
    "color-contrast":
        ".o-mail-DateSection span, .o-mail-Message-date, .o-mail-Message-body em, .badge," +
        " .o_data_row.text-muted td, .o_pivot_measure_row, .o_form_label," +
        " [name='smtp_authentication_info'] *",
    // the mailbox's name, in an input that is disabled
    "label-title-only": ".o-mail-DiscussContent-threadName",
    // tabs of the phone with a counter
    "label-content-name-mismatch": ".o-mail-MessagingMenu-tab",
    // the title of a dialog
    "heading-order": ".modal-title",
    // a list: titles of columns that have none, check boxes, activities, choice of columns;
    // the button that copies a value
    "empty-table-header": "th:not([data-name='mail_tracking_state'])",
    label: ".o_list_table input[type='checkbox']",
    "role-img-alt": ".o-mail-ActivityButton i",
    "button-name": ".o_optional_columns_dropdown button, .o_clipboard_button",
    // widgets of forms: tags that complete what is typed, a choice, the titles of tabs; an
    // attached file
    "aria-allowed-attr": ".o-autocomplete--input, .o_select_menu .dropdown-toggle, .o_tag",
    "aria-required-parent": ".o_notebook_headers [role='tab'], .o-mail-AttachmentCard-image",
    "autocomplete-valid": ".o_select_menu_input",
    "landmark-main-is-top-level": DIALOG,
    "landmark-no-duplicate-banner": DIALOG,
    "landmark-no-duplicate-main": DIALOG,
    "landmark-unique": DIALOG,
};
