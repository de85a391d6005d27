{
    "name": "Mail Activity Tracking",
    "version": "19.0.1.0.0",
    "category": "Discuss",
    "summary": "What became of every e-mail, beside the name of each recipient",
    "author": "mail_activity_tracking contributors",
    "license": "LGPL-3",
    "depends": ["mail"],
    "data": [
        "security/ir.model.access.csv",
        "security/mail_tracking_security.xml",
        "data/ir_cron_data.xml",
        "views/ir_mail_server_views.xml",
        "views/mail_tracking_webhook_views.xml",
        "views/mail_tracking_email_views.xml",
        "views/mail_tracking_event_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "web.assets_backend": ["mail_activity_tracking/static/src/**/*"],
        "web.assets_unit_tests": [
            "mail_activity_tracking/static/tests/**/*",
            ("remove", "mail_activity_tracking/static/tests/tours/**/*"),
        ],
        "web.assets_tests": ["mail_activity_tracking/static/tests/tours/**/*"],
    },
    "excludes": ["mail_tracking"],
    "uninstall_hook": "uninstall_hook",
}
