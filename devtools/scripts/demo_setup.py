"""For `odoo shell`: mail server, public address and a contact to try the addon on."""

import os

FOLLOWERS = [
    ("Ada Reader", "ada@example.com"),
    ("Ben Reader", "ben@example.com"),
    ("Refused Address", "refuse@example.com"),
    ("Full Mailbox", "full@example.com"),
    ("Returned Mail", "bounce@example.com"),
    ("No Address", False),
]


def find_or_create(records, values):
    """Return the record of a name, made or brought up to date."""
    found = records.search([("name", "=", values["name"])], limit=1)
    if found:
        found.write(values)
    return found or records.create(values)


def set_up(env):
    """Make the demo's records."""
    parameters = env["ir.config_parameter"]
    parameters.set_param("web.base.url", os.environ["DEMO_URL"])
    # Or the first login by another name changes it.
    parameters.set_param("web.base.url.freeze", "True")
    server = {
        "name": "Demo mail server",
        "smtp_host": "127.0.0.1",
        "smtp_port": int(os.environ["DEMO_SMTP_PORT"]),
        "smtp_encryption": "none",
        "dsn_request": "all",
    }
    # Reports come back to its bounce address.
    if not env["mail.alias.domain"].search([]):
        env["mail.alias.domain"].create({"name": "example.com"})
    find_or_create(env["ir.mail_server"], server)
    partners = env["res.partner"]
    company = {"name": "Mail tracking demo", "email": "demo@example.com"}
    document = find_or_create(partners, company)
    for name, email in FOLLOWERS:
        follower = find_or_create(partners, {"name": name, "email": email})
        document.message_subscribe(partner_ids=follower.ids)
    env.cr.commit()


set_up(env)  # noqa: F821 - given by the shell
