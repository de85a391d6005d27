"""Who may do what: the table that `test_access_matrix` compares with the registry.

Whoever adds a model, a field, a public method or a route adds a line here; the test
says which one is missing.
"""

PUBLIC = "public"  # also a recipient who has no login
PORTAL = "portal"
RECIPIENT = "recipient"  # a portal user to whom the mail went
EMPLOYEE = "employee"  # may read the document, and not post on it
POSTER = "poster"  # may post on the document, as a salesperson on a lead
AUTHOR = "author"  # of the message; may post, too
OTHER = "other company"  # an employee who may not see the document
MANAGER = "access manager"  # ERP manager: users and rights, no settings
ADMIN = "administrator"  # group Settings
USERS = (
    *(PUBLIC, PORTAL, RECIPIENT, EMPLOYEE, POSTER, AUTHOR, OTHER),
    *(MANAGER, ADMIN),
)

NOBODY = ()
ADMINS = (ADMIN,)
INTERNAL = (EMPLOYEE, POSTER, AUTHOR, OTHER, MANAGER, ADMIN)
# Internal users who may read the document; ERP managers may write contacts.
READERS = (EMPLOYEE, POSTER, AUTHOR, MANAGER, ADMIN)

# Model: (who reads, writes, creates, deletes), before any record is looked at.
MODELS = {
    "mail.tracking.email": (INTERNAL, NOBODY, NOBODY, NOBODY),
    "mail.tracking.event": (INTERNAL, NOBODY, NOBODY, NOBODY),
    "mail.tracking.viewer": (NOBODY, NOBODY, NOBODY, NOBODY),
    "mail.tracking.late.report": (ADMINS, NOBODY, NOBODY, NOBODY),
    "mail.tracking.webhook": (ADMINS, NOBODY, NOBODY, NOBODY),
    "mail.tracking.consent": (ADMINS, NOBODY, NOBODY, NOBODY),
    "mail.tracking.consent.log": (ADMINS, NOBODY, NOBODY, NOBODY),
    "mail.tracking.statistics": (ADMINS, NOBODY, NOBODY, NOBODY),
    "mail.tracking.provider": (ADMINS, ADMINS, ADMINS, NOBODY),
    "mail.tracking.check": (ADMINS, NOBODY, ADMINS, NOBODY),
    "mail.tracking.test.mail": (ADMINS, ADMINS, ADMINS, NOBODY),
    "mail.tracking.personal": (ADMINS, ADMINS, ADMINS, NOBODY),
}

# Public method: who is let in, of a tracking or setting that OTHER may not see.
METHODS = {
    "mail.tracking.email.action_open_document": READERS,
    "mail.tracking.email.action_retry": READERS,  # says to whom it could not be sent
    "mail.tracking.email.action_review": READERS,  # says how many could not be
    "mail.tracking.email.action_withdraw_complaints": ADMINS,
    "mail.thread.action_mail_tracking_retry": READERS,
    "mail.thread.action_mail_tracking_review": READERS,
    "mail.tracking.consent.action_open_history": ADMINS,
    "mail.tracking.statistics.action_open_email": USERS,  # an id, that of the record
    "mail.tracking.check.action_open_page": ADMINS,
    "mail.tracking.check.action_diagnose": ADMINS,
    "mail.tracking.provider.action_open_pages": ADMINS,
    "mail.tracking.provider.action_send_test": ADMINS,
    "mail.tracking.provider.action_open_requests": ADMINS,
    "mail.tracking.personal.action_anonymise": ADMINS,
    "mail.tracking.personal.action_delete": ADMINS,
    "mail.tracking.personal.action_export": ADMINS,
    "mail.tracking.personal.action_find": ADMINS,
    "mail.tracking.test.mail.action_open_test": USERS,  # an empty window
    "mail.tracking.test.mail.action_open_server": ADMINS,
    "mail.tracking.test.mail.action_send": ADMINS,
    # Companies are written by ERP managers, too.
    "res.config.settings.action_choose_mail_tracking_preset": (MANAGER, ADMIN),
    "ir.mail_server.action_mail_tracking_look": ADMINS,
    "ir.mail_server.action_mail_tracking_provider": ADMINS,
    "res.partner.action_open_mail_bounce": READERS,
    "res.partner.action_open_mail_trackings": READERS,
}

# Route: how Odoo lets in, and who gets something else than a refusal or nothing.
ROUTES = {
    "/mail/tracking/open/<string:name>.gif": ("none", USERS),
    "/mail/tracking/webhook/<string:name>/<string:database>": ("none", NOBODY),
    "/mail/tracking/preferences/<string:name>": ("none", USERS),  # a page for a link
    "/mail/tracking/preferences": ("user", USERS[1:]),  # of the own address
    "/mail/failed/messages": ("user", (AUTHOR,)),
    "/mail/tracking/failures": ("user", READERS),
    "/mail/tracking/retry": ("user", INTERNAL),  # says why not
    "/mail/tracking/retry_message": ("user", READERS),
    "/mail/tracking/review": ("user", (POSTER, AUTHOR, MANAGER, ADMIN)),
    "/mail/tracking/review_all": ("user", (AUTHOR,)),
    "/mail/tracking/timeline": ("user", READERS),
    "/mail/tracking/send_now": ("user", NOBODY),  # nothing waits
    "/mail/tracking/cancel": ("user", NOBODY),
}

# Fields of ours by model. Whoever may read the record may read them, but `SECRETS`.
FIELDS = {
    "ir.mail_server": (
        "direct_mx dsn_offer dsn_offer_seen_at dsn_request "
        "is_tracking_webhook_open tracking_provider tracking_webhook_address "
        "tracking_webhook_received_at"
    ),
    "mail.compose.message": (
        "has_mail_tracking_choice has_mail_tracking_tells mail_tracking_opens "
        "mail_tracking_tells"
    ),
    "mail.mail": "mail_tracking_opens",
    "mail.message.schedule": (
        "mail_tracking_never_retry mail_tracking_opens mail_tracking_tells"
    ),
    "mail.template": "tracking_never_retry tracking_opens",
    "mail.tracking.check": "advice finding name page page_key result",
    "mail.tracking.consent": "address date is_pending origin state user_id",
    "mail.tracking.consent.log": "address date origin state user_id user_name",
    "mail.tracking.email": (
        "attempt author_id best_evidence company_id document_type "
        "error_description error_type first_open followed_up "
        "has_document hit_count is_failed "
        "is_sent_once last_hit "
        "last_open mail_id mail_message_id message_id model name notifies_only "
        "open_count opens other_addresses outranked partner_id recipient "
        "recipient_address recipient_type res_id reviewed reviewed_at "
        "reviewed_by_id sender state state_time tells token tracking_event_ids"
    ),
    "mail.tracking.event": (
        "attempt company_id diagnostic document_type error_type event_type evidence "
        "evidence_rule idempotency_key is_temporary message_subject model "
        "recipient server source time title tracking_email_id withdrawn_event_id"
    ),
    "mail.tracking.late.report": "raw report_key tracking_id",
    "mail.tracking.provider": (
        "address is_open key key_help last_request match match_note provider "
        "received_at server_ids steps"
    ),
    "mail.tracking.statistics": (
        "company_id date delivered_count email_count failed_count model_id name "
        "opened_count partner_id recipient recipient_domain sender sent_count "
        "server state"
    ),
    "mail.tracking.personal": "address export found is_erased is_refusal_kept",
    "mail.tracking.test.mail": (
        "advice email event_ids has_failed is_going_on mail_server_id reason "
        "response step tracking_id"
    ),
    "mail.tracking.viewer": "browser model res_id since user_id",
    "mail.tracking.webhook": (
        "body event_count ignored_count matched_count problem provider "
        "received_at request_key state"
    ),
    "res.company": "is_mail_tracking_preset_chosen mail_tracking_preset",
    "res.config.settings": (
        "mail_tracking_base_url mail_tracking_follow_up "
        "mail_tracking_follow_up_days mail_tracking_follow_up_model_ids "
        "mail_tracking_model_without_ids mail_tracking_open mail_tracking_preset "
        "mail_tracking_read_receipt mail_tracking_retention_days "
        "mail_tracking_retention_failures mail_tracking_retention_opens "
        "mail_tracking_retention_reports mail_tracking_retention_requests "
        "mail_tracking_retry_hours mail_tracking_retry_not_tried "
        "mail_tracking_to_check needs_mail_tracking_preset"
    ),
    "res.partner": ("mail_tracking_bounces mail_tracking_consent mail_tracking_total"),
    "res.users": "mail_tracking_tells",
    "res.users.settings": "mail_tracking_tells",
}
# On each model that has a chatter, and on users what contacts have.
OF_THREADS = "mail_tracking_state mail_tracking_summary"
INHERITED = {"res.users": "res.partner"}
# Who may read a field, where that is not everybody who may read the record.
SECRETS = {
    **dict.fromkeys(
        (
            "mail.tracking.email.token",
            "mail.tracking.email.hit_count",
            "mail.tracking.email.last_hit",
            "mail.tracking.email.best_evidence",
        ),
        ADMINS,
    ),
}
