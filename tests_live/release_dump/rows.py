"""For `odoo shell`: trackings in every state, by the code of the installed release."""

from datetime import datetime, timedelta

START = datetime(2026, 10, 1, 8, 0)
NAME = "Release"
# What happens to the mail of each recipient, one after the other.
STORIES = {
    "waiting": [],
    "canceled": [("canceled", {"error_type": "mail_bl"})],
    "sent": [("sent", {"server": "mx.example.com"})],
    "deferred": [("sent", {}), ("deferral", {"source": "dsn"})],
    "delivered": [("sent", {}), ("delivered", {"source": "dsn"})],
    "error": [("error", {"error_type": "mail_smtp", "diagnostic": "refused"})],
    "rejected": [("sent", {}), ("reject", {"source": "webhook:mailgun"})],
    "soft_bounced": [("sent", {}), ("soft_bounce", {"error_type": "mailbox_full"})],
    "bounced": [("sent", {}), ("hard_bounce", {"error_type": "address_unknown"})],
    "opened": [("sent", {}), ("open", {"source": "pixel", "evidence": "human"})],
    "unsub": [("sent", {}), ("unsub", {"source": "webhook:mailgun"})],
    "spam": [("sent", {}), ("spam", {"source": "arf"})],
}
PARAMETERS = {
    "retention_days": "90",
    "follow_up_days": "5",
    "webhook_key_mailgun": "release-key",
    "base_url": "https://release.example.com",
}


def post(env, partners, **values):
    """Post a message whose mails stay in the queue; return it."""
    document = env["res.partner"].create({"name": NAME})
    return document.with_context(mail_notify_force_send=False).message_post(
        body="Hello",
        subject="Of the release",
        message_type="comment",
        subtype_xmlid="mail.mt_comment",
        partner_ids=partners.ids,
        email_add_signature=False,
        **values,
    )


def tell(tracking, events):
    """Add events to a tracking, a minute apart, and raise its state."""
    times = (START + timedelta(minutes=minute) for minute in range(len(events)))
    tracking.env["mail.tracking.event"]._insert(
        [
            {
                "tracking_email_id": tracking.id,
                "attempt": tracking.attempt,
                "event_type": kind,
                "source": "smtp",
                "time": time,
                **values,
            }
            for time, (kind, values) in zip(times, events, strict=True)
        ]
    )
    tracking._update_state()


def tell_stories(env):
    """Post to a recipient for each state, to an address, and try one again."""
    partners = env["res.partner"].create(
        [
            {"name": f"{NAME} {state}", "email": f"{state}@example.com"}
            for state in [*STORIES, "again"]
        ]
    )
    message = post(env, partners)
    trackings = env["mail.tracking.email"].search(
        [("mail_message_id", "=", message.id)], order="id"
    )
    for tracking, story in zip(trackings, STORIES.values(), strict=False):
        tell(tracking, story)
    again = trackings[-1:]
    tell(again, STORIES["error"])
    again._next_attempt()
    tell(again, STORIES["delivered"])
    trackings.filtered(lambda t: t.state == "bounced")._set_reviewed(True)
    post(env, env["res.partner"], outgoing_email_to="raw@example.com")


def fill_the_rest(env):
    """Make a row of each of the other models, and settings."""
    tracking = env["mail.tracking.email"].search([], limit=1)
    env["mail.tracking.late.report"].create(
        {"raw": "VG9vIGVhcmx5", "tracking_id": tracking.id}
    )
    env["mail.tracking.viewer"].create(
        {
            "browser": "release",
            "user_id": env.uid,
            "model": tracking.model,
            "res_id": tracking.res_id,
        }
    )
    values = {"provider": "generic", "received_at": START, "body": "[]"}
    for state in ("pending", "done", "failed"):
        env["mail.tracking.webhook"].create(
            {**values, "request_key": f"release-{state}", "state": state}
        )
    env["ir.mail_server"].create(
        {"name": "Of the release", "smtp_host": "localhost", "dsn_request": "all"}
    )
    for name, value in PARAMETERS.items():
        env["ir.config_parameter"].set_param(f"mail_activity_tracking.{name}", value)


tell_stories(env)  # noqa: F821 - given by the shell
fill_the_rest(env)  # noqa: F821
env.cr.commit()  # noqa: F821
