"""Where users' records name the addon's models and fields, and what becomes of them."""

MODELS = (
    "mail.tracking.email",
    "mail.tracking.event",
    "mail.tracking.webhook",
    "mail.tracking.late.report",
    "mail.tracking.viewer",
    "mail.tracking.consent",
    "mail.tracking.consent.log",
    "mail.tracking.statistics",
    "mail.tracking.personal",
    "mail.tracking.provider",
    "mail.tracking.check",
    "mail.tracking.test.mail",
)
# Fields that the addon adds to models of others.
FIELDS = (
    "mail_tracking_state",
    "mail_tracking_summary",
    "mail_tracking_bounces",
    "mail_tracking_total",
    "mail_tracking_consent",
    "mail_tracking_preset",
    "is_mail_tracking_preset_chosen",
    "mail_tracking_opens",
    "mail_tracking_tells",
    "tracking_opens",
    "mail_tracking_never_retry",
    "tracking_never_retry",
    "tracking_provider",
    "tracking_webhook_address",
    "tracking_webhook_received_at",
    "is_tracking_webhook_open",
    "dsn_request",
    "dsn_offer",
    "dsn_offer_seen_at",
    "direct_mx",
)
NAMES = FIELDS + MODELS
# Models of records that may use one of our models, and the field that names it.
# Scheduled actions and automations go before the server actions that they consist of.
USES_OF_MODELS = (
    ("ir.cron", "model_id.model"),
    ("base.automation", "model_id.model"),
    ("ir.actions.server", "model_id.model"),
    ("ir.actions.act_window", "res_model"),
    ("ir.actions.client", "res_model"),
    ("ir.actions.report", "model"),
    ("ir.embedded.actions", "parent_res_model"),
    ("ir.ui.view", "model"),
    ("mail.template", "model_id.model"),
    ("ir.exports", "resource"),
    ("ir.filters", "model_id"),
    ("base_import.mapping", "res_model"),
)
REMOVED, SWITCHED_OFF = "removed", "switched off"
HIDDEN = "hidden: still names our fields or models"
CLEANED = "works without our fields"
FINDS_NOTHING = "its condition finds nothing any more"
DRAFT = "finds no recipients any more, is a draft again unless it was sent"
WITHOUT_VALUE = "has no computed value any more"
TAKEN_OFF_MENUS = "still names our fields or models, is in no menu any more"
REPORTED = "still names our fields or models"
# What a server action names. One that fails lets nobody change the records that its
# automation is for, and stops the job that runs it.
OF_ACTIONS = ("code", "value", "update_path")
# Models of records that may name one of our fields or models, where, and what becomes
# of them. An automation whose fields are gone would be for all changes.
USES = (
    ("ir.filters", ("domain", "context", "sort"), REMOVED),
    ("mailing.filter", ("mailing_domain",), REMOVED),  # of mass_mailing
    ("mailing.mailing", ("mailing_domain",), DRAFT),
    ("ir.exports.line", ("name",), REMOVED),
    ("base_import.mapping", ("field_name",), REMOVED),
    ("ir.actions.act_window", ("domain", "context"), REMOVED),
    ("ir.embedded.actions", ("domain", "context"), REMOVED),
    ("ir.ui.view.custom", ("arch",), REMOVED),  # dashboards of users
    ("ir.ui.view", ("arch_db",), SWITCHED_OFF),
    (
        "base.automation",
        (
            *("filter_domain", "filter_pre_domain", "record_getter"),
            *("trigger_field_ids.name", "on_change_field_ids.name", "trg_date_id.name"),
            "trg_selection_field_id.field_id.name",
        ),
        SWITCHED_OFF,
    ),
    ("data_recycle.model", ("domain",), SWITCHED_OFF),
    ("ir.rule", ("domain_force",), CLEANED),
    ("crm.team", ("assignment_domain",), FINDS_NOTHING),
    (
        "crm.team.member",
        ("assignment_domain", "assignment_domain_preferred"),
        FINDS_NOTHING,
    ),
    ("gamification.goal.definition", ("domain",), FINDS_NOTHING),
    ("gamification.challenge", ("user_domain",), FINDS_NOTHING),
    ("website.controller.page", ("record_domain",), FINDS_NOTHING),
    (
        "ir.actions.report",
        ("print_report_name", "attachment", "domain"),
        TAKEN_OFF_MENUS,
    ),
    (
        "mail.template",
        (
            *("subject", "body_html", "email_from", "email_to", "email_cc", "reply_to"),
            *("partner_to", "lang", "scheduled_date"),
        ),
        SWITCHED_OFF,
    ),
    ("sms.template", ("body",), REPORTED),
    ("mailing.mailing", ("subject", "body_html"), REPORTED),
    ("mail.alias", ("alias_defaults",), REPORTED),
)
