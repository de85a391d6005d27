// What axe-core has against Odoo itself where the addon shows something: it is the same
// without the addon, and not the addon's to mend. By rule, the elements that are meant.

export const CORE_FLAWS = {
    // the author's picture opens a card by mouse only
    "aria-prohibited-attr": ".o-mail-Message-avatarContainer",
    "image-alt": ".o-mail-Message-avatar",
    // the day between messages, the time of a message
    "color-contrast": ".o-mail-DateSection span, .o-mail-Message-date",
    // the mailbox's name, in an input that is disabled
    "label-title-only": ".o-mail-DiscussContent-threadName",
    // tabs of the phone with a counter
    "label-content-name-mismatch": ".o-mail-MessagingMenu-tab",
    // a list: titles of columns that have none, check boxes, activities, choice of columns
    "empty-table-header": "th:not([data-name='mail_tracking_state'])",
    label: ".o_list_record_selector input",
    "role-img-alt": ".o-mail-ActivityButton i",
    "button-name": ".o_optional_columns_dropdown button",
};
