"""For `odoo shell`: mail server, public address and a contact to try the addon on."""

import os

CUSTOMER = {
    "name": "Harbour Dental",
    "email": "reception@harbour-dental.example.com",
    "is_company": True,
    "city": "Bristol",
}
# Each of its people is one case: what becomes of an email is told by the domain, which
# is a rule of the demo's mail server.
PEOPLE = [
    ("Ada Marsh", "ada.marsh@example.com"),
    ("Ben Okafor", "ben.okafor@slow.example.com"),
    ("Carla Reyes", "carla.reyes@refused.example.com"),
    ("Colin Ward", "colin.ward@full.example.com"),
    ("Dana Petrov", "dana.petrov@bounced.example.com"),
]
RIGHT_TO_LEFT = "ar_001"
LIST = """
<field name="email" position="after">
    <field name="mail_tracking_state" widget="mail_tracking_state" optional="show"/>
</field>
"""


def find_or_create(records, values):
    """Return the record of a name, made or brought up to date."""
    record = records.search([("name", "=", values["name"])], limit=1)
    if record:
        record.write(values)
    return record or records.create(values)


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
    customer = find_or_create(partners, CUSTOMER)
    for name, email in PEOPLE:
        values = {"name": name, "email": email, "parent_id": customer.id}
        customer.message_subscribe(find_or_create(partners, values).ids)
    show_mail_state(env)
    write_from_right_to_left(env)
    env.cr.commit()


def show_mail_state(env):
    """Show the column in the list of contacts, as a user would switch it on."""
    contacts = env.ref("base.view_partner_tree")
    values = {"name": "Demo: Mail State", "model": "res.partner", "arch": LIST}
    find_or_create(env["ir.ui.view"], values | {"inherit_id": contacts.id})


def write_from_right_to_left(env):
    """Set a language for the second user that is written from right to left."""
    user = env.ref("base.user_demo")
    if user.lang != RIGHT_TO_LEFT:
        language = env["res.lang"]._activate_lang(RIGHT_TO_LEFT)
        installer = env["base.language.install"].create({"lang_ids": language.ids})
        installer.lang_install()
        user.lang = RIGHT_TO_LEFT


set_up(env)  # noqa: F821 - given by the shell
