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
    ],
    "excludes": ["mail_tracking"],
}
