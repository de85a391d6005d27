"""For `odoo shell`: a contact whose chatter shows all nine statuses.

Real posts through the demo's mail server where that is possible. What it cannot make
happen by itself, somebody opening an email, is done as the tracking image would do it.
"""

import io
from datetime import timedelta

from reportlab.pdfgen.canvas import Canvas

from odoo import fields

from odoo.addons.mail_activity_tracking.tools.params import EARLY_OPEN_SECONDS

NAME = "Brightwater Hotel"
ADDRESSES = {
    "Amelia Stone": "amelia.stone@example.com",
    "Bruno Keller": "bruno.keller@example.com",
    "Chloe Martin": "chloe.martin@example.com",
    "David Osei": "david.osei@example.com",
    "Emma Lindqvist": "emma.lindqvist@example.com",
    "Farid Haddad": "farid.haddad@example.com",
    "Grace Turner": "grace.turner@example.com",
    "Hiro Tanaka": "hiro.tanaka@example.com",
    "Ines Duarte": "ines.duarte@full.example.com",
    "Jonas Weber": False,
    "Karen Boyle": "karen.boyle@refused.example.com",
}
# What is written to contacts from their own pages: how each email ends, and its text.
LETTERS = {
    "Amelia Stone": ("human", "Our offer for the new office chairs"),
    "Bruno Keller": ("machine", "The minutes of our meeting on Tuesday"),
    "Chloe Martin": (None, "When can we come by to take measurements?"),
    "David Osei": ("waiting", "Your order leaves our warehouse tomorrow"),
    "Jonas Weber": (None, "Thank you for visiting our showroom"),
    "Ines Duarte": (None, "The drawings of your reception desk"),
    "Karen Boyle": (None, "Your October invoice is due"),
}
QUOTATION = [
    "Quotation S00042",
    "Brightwater Hotel",
    "12 office chairs    EUR 2,388.00",
]
INVOICE = ["Invoice INV/2026/00017", NAME, "Amount due    EUR 2,388.00"]
INCOMING = """From: Amelia Stone <amelia.stone@example.com>
To: Sales <sales@example.com>, Mitchell Admin <admin@example.com>
Cc: Paul Nowak <paul.nowak@example.com>
Subject: Chairs for our lobby
Message-Id: <incoming-of-the-demo@example.com>
Content-Type: text/plain; charset=utf-8

Could you send us a quotation for twelve chairs? Paul, in Cc, does our accounts.
"""


def pdf(lines):
    """Return an attachment that looks like a printed document.

    :param list lines: its text, the first one its title
    :return: name and content
    """
    output = io.BytesIO()
    canvas = Canvas(output)
    for number, line in enumerate(lines):
        canvas.drawString(72, 760 - 30 * number, line)
    canvas.save()
    return f"{lines[0].replace('/', '_')}.pdf", output.getvalue()


def post(document, body, partners=None, **values):
    """Post a message and send its emails."""
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
    """Post a message whose emails stay in the queue until tomorrow."""
    later = document.with_context(mail_notify_force_send=False)
    mails = document.env["mail.mail"].sudo()
    waiting = mails.search([("mail_message_id", "=", post(later, body, partners).id)])
    waiting.scheduled_date = fields.Datetime.now() + timedelta(days=1)
    document.env.cr.commit()


def opened(message, partner, evidence):
    """Load the image of an email as a reader's program does."""
    trackings = message.env["mail.tracking.email"].sudo()
    of_partner = [
        ("mail_message_id", "=", message.id),
        ("partner_id", "=", partner.id),
    ]
    trackings._register_open(trackings.search(of_partner).token, evidence)
    message.env.cr.commit()


def write_letters(people):
    """Write to some contacts from their own pages, for the list of contacts."""
    for name, (end, text) in LETTERS.items():
        person = people[name]
        if end == "waiting":
            post_tomorrow(person, text, person)
            continue
        message = post(person, text, person)
        if end:
            opened(message, person, end)


def write_to_hotel(hotel, people):
    """Post what a sale takes, from the first email of the customer on."""
    amelia, bruno = people["Amelia Stone"], people["Bruno Keller"]
    readers = hotel.concat(
        *(person for name, person in people.items() if name[0] < "I"),
        people["Jonas Weber"],
    )
    hotel.env["mail.thread"].message_process(
        "res.partner", INCOMING, thread_id=hotel.id
    )
    hotel.env.cr.commit()
    post(hotel, "The drawings of your reception desk", people["Ines Duarte"])
    post(hotel, "Our price list, as you asked", outgoing_email_to="orders@example.com")
    invited = post(hotel, "You are all invited to our showroom on 4 December", readers)
    opened(invited, amelia, "human")
    minutes = post(hotel, "The minutes of our meeting on Tuesday", bruno)
    opened(minutes, bruno, "machine")
    quotation = post(
        hotel,
        "Please find attached your quotation S00042 for 12 office chairs",
        amelia + bruno,
        subject=QUOTATION[0],
        attachments=[pdf(QUOTATION)],
    )
    opened(quotation, amelia, "human")
    post(
        hotel,
        "Please find attached invoice INV/2026/00017",
        people["Karen Boyle"],
        subject=INVOICE[0],
        attachments=[pdf(INVOICE)],
    )
    post_tomorrow(hotel, "Your order leaves our warehouse tomorrow", amelia)


def tell(env):
    """Post the messages of the story, once."""
    partners = env["res.partner"]
    if partners.search([("name", "=", NAME)]):
        return
    # Its readers do not wait for the seconds after which an open counts.
    parameters = env["ir.config_parameter"].sudo()
    parameters.set_param(EARLY_OPEN_SECONDS, "0")
    # Or the mail server would report as delivered what should stay Sent.
    server = env["ir.mail_server"].search([("name", "=", "Demo mail server")])
    server.dsn_request = "failure"
    hotel = partners.create(
        {"name": NAME, "email": "office@example.com", "is_company": True}
    )
    people = {
        name: partners.create({"name": name, "email": email})
        for name, email in ADDRESSES.items()
    }
    write_to_hotel(hotel, people)
    write_letters(people)
    server.dsn_request = "all"
    parameters.set_param(EARLY_OPEN_SECONDS, False)
    env.cr.commit()


# Given by the shell.
tell(env(user=env.ref("base.user_admin").id))  # noqa: F821
