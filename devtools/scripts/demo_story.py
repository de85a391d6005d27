"""For `odoo shell`: a contact whose chatter shows all nine statuses.

Real posts through the demo's mail server where that is possible. What it cannot make
happen by itself, somebody opening a mail, is done as the tracking image would do it.
"""

from datetime import timedelta

from odoo import fields

from odoo.addons.mail_activity_tracking.tools.params import EARLY_OPEN_SECONDS

NAME = "All nine statuses"
READERS = ("Cleo", "Dora", "Emil", "Fritz", "Gina", "Hugo")
# What is written to contacts from their own pages: how each mail ends, and its text.
LETTERS = {
    "Ada": ("human", "Our offer for the new office chairs"),
    "Ben": ("machine", "The minutes of our meeting"),
    "Cleo": (None, "When can we come by for the measurements?"),
    "Dora": ("waiting", "Your order will leave our store tomorrow"),
    "No Address": (None, "Thank you for your visit"),
    "Full Mailbox": (None, "The drawings of your kitchen"),
    "Refused Address": (None, "Your invoice of October is due"),
}
INCOMING = """From: Ada Reader <ada@example.com>
To: Sales <sales@example.com>, Mitchell Admin <admin@example.com>
Cc: Carla Copy <carla@example.com>
Subject: Your offer
Message-Id: <incoming-of-the-demo@example.com>
Content-Type: text/plain; charset=utf-8

Thank you, I put Carla in copy.
"""


def partner(env, name, email):
    """Return the contact of a name."""
    partners = env["res.partner"]
    found = partners.search([("name", "=", name)], limit=1)
    return found or partners.create({"name": name, "email": email})


def post(document, body, partners=None, **values):
    """Post a message and send its mails."""
    message = document.message_post(
        body=body,
        message_type="comment",
        subtype_xmlid="mail.mt_comment",
        partner_ids=partners.ids if partners else [],
        **values,
    )
    document.env.cr.commit()
    return message


def post_tomorrow(document, body, partners):
    """Post a message whose mails stay in the queue until tomorrow."""
    later = document.with_context(mail_notify_force_send=False)
    mails = document.env["mail.mail"].sudo()
    waiting = mails.search([("mail_message_id", "=", post(later, body, partners).id)])
    waiting.scheduled_date = fields.Datetime.now() + timedelta(days=1)
    document.env.cr.commit()


def write_letters(env):
    """Write to some contacts from their own pages, for the list of contacts."""
    for name, (end, text) in LETTERS.items():
        contact = env["res.partner"].search([("name", "=like", f"{name}%")], limit=1)
        if end == "waiting":
            post_tomorrow(contact, text, contact)
            continue
        message = post(contact, text, contact)
        if end:
            opened(message, contact.id, end)


def opened(message, partner_id, evidence):
    """Load the image of a mail as a reader's program does."""
    tracking = message.env["mail.tracking.email"].sudo()
    of_message = [("mail_message_id", "=", message.id), ("partner_id", "=", partner_id)]
    tracking._register_open(tracking.search(of_message).token, evidence)
    message.env.cr.commit()


def tell(env):
    """Post the messages of the story, once."""
    if env["res.partner"].search([("name", "=", NAME)]):
        return
    # Its readers do not wait for the seconds after which an opening counts.
    parameters = env["ir.config_parameter"].sudo()
    parameters.set_param(EARLY_OPEN_SECONDS, "0")
    # Or the mail server would report as delivered what should stay Sent.
    server = env["ir.mail_server"].search([("name", "=", "Demo mail server")])
    server.dsn_request = "failure"
    document = env["res.partner"].create(
        {"name": NAME, "email": "nine@example.com", "is_company": True}
    )
    ada = partner(env, "Ada Reader", "ada@example.com")
    ben = partner(env, "Ben Reader", "ben@example.com")
    full = partner(env, "Full Mailbox", "full@example.com")
    nobody = partner(env, "No Address", False)
    env["mail.thread"].message_process("res.partner", INCOMING, thread_id=document.id)
    env.cr.commit()
    post(document, "To a contact without an address", nobody)
    post(document, "To a mailbox that is full", full)
    post(document, "To somebody who is no contact", outgoing_email_to="new@example.com")
    readers = [
        partner(env, f"{name} Reader", f"{name.lower()}@example.com")
        for name in READERS
    ]
    many = ada + ben + env["res.partner"].concat(*readers)
    invited = post(document, "To many, one of them without an address", many + nobody)
    opened(invited, ada.id, "human")
    delivered = post(document, "A machine of the recipient has seen it", ben)
    opened(delivered, ben.id, "machine")
    read = post(document, "Opened by Ada, sent to Ben", ada + ben)
    opened(read, ada.id, "human")
    post_tomorrow(document, "Waits in the queue until tomorrow", ada)
    write_letters(env)
    server.dsn_request = "all"
    parameters.set_param(EARLY_OPEN_SECONDS, False)
    env.cr.commit()


# Given by the shell.
tell(env(user=env.ref("base.user_admin").id))  # noqa: F821
