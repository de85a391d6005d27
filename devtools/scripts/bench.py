"""For `odoo shell`: measure the hot paths against the same Odoo without tracking.

Interleaved in one run, so that what else the machine does falls on both alike; only
ratios and numbers of statements are printed. Everything is rolled back or its own.
"""

import gc
import json
import os
import socket
import statistics
import sys
import time
import zlib
from contextlib import contextmanager
from unittest.mock import patch

from aiosmtpd.controller import Controller

from odoo import SUPERUSER_ID, api, sql_db

from odoo.addons.mail.tools.discuss import Store
from odoo.addons.mail_activity_tracking.models.chatter.mail_message import MailMessage
from odoo.addons.mail_activity_tracking.models.queue.mail_mail import MailMail

ROUNDS = 15
MOST = int(os.environ.get("BENCH_TRACKINGS", "1000000"))
FILL = """
INSERT INTO mail_tracking_email
       (name, sender, message_id, mail_id, model, res_id, recipient, recipient_address,
        recipient_type, state, state_time, attempt, token, create_date, write_date)
SELECT 'A subject of usual length ' || i, '"Mitchell Admin" <admin@example.com>',
       '<' || i || '.1795500000.123456789012345-openerp-42-res.partner@host>',
       -i, 'res.partner', i %% 100000, '"Name Surname" <name' || i || '@example.com>',
       'name' || i || '@example.com', 'to', 'sent', now(), 1,
       substr(md5(i::text), 1, 26), now(), now()
  FROM generate_series(%s, %s) AS i
"""


def say(line):
    """Print one line of the result, for the caller to pick."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Sink:
    """A mail server that takes everything."""

    async def handle_DATA(self, _server, _session, _envelope):
        return "250 2.0.0 Ok"


@contextmanager
def without_tracking():
    """Let the same Odoo work without the addon's hooks."""
    with (
        patch.object(MailMail, "_mail_tracking_filter", lambda mails: mails[:0]),
        patch.object(MailMessage, "_mail_tracking_to_store", lambda *_args: None),
    ):
        yield


def interleaved(action):
    """Give ratio of CPU and difference of statements, with against without tracking."""
    action()
    cpu, statements = {False: [], True: []}, {}
    for _round in range(ROUNDS):
        for tracked in (False, True):
            gc.collect()  # or one side cleans up after the other
            before, started = sql_db.sql_counter, time.process_time()
            if tracked:
                action()
            else:
                with without_tracking():
                    action()
            cpu[tracked].append(time.process_time() - started)
            statements[tracked] = sql_db.sql_counter - before
    ratio = min(cpu[True]) / min(cpu[False])
    middle = statistics.median(cpu[True]) / statistics.median(cpu[False])
    return ratio, middle, statements[True] - statements[False]


def report(what, ratio, middle, statements):
    say(f"BENCH {what}: CPU {ratio:.2f} (median {middle:.2f}), SQL {statements:+d}")


@contextmanager
def committed():
    with env.registry.cursor() as cr:  # noqa: F821 - given by the shell
        yield api.Environment(cr, SUPERUSER_ID, {})


def prepare(port):
    with committed() as fresh:
        fresh["ir.mail_server"].create(
            {"name": "Sink", "smtp_host": "127.0.0.1", "smtp_port": port}
        )
        return fresh["res.partner"].create(
            [{"name": f"R{i}", "email": f"r{i}@example.com"} for i in range(100)]
        )


def post_to_all(partners):
    with committed() as fresh:
        fresh["res.partner"].browse(partners.ids[0]).message_post(
            body="Hello", subtype_xmlid="mail.mt_comment", partner_ids=partners.ids
        )


def queue(partners):
    with committed() as fresh:
        mails = fresh["mail.mail"].create(
            [
                {"subject": "S", "body_html": "<p>B</p>", "recipient_ids": [partner.id]}
                for partner in partners[:50]
            ]
        )
        ids = mails.ids
    with committed() as fresh:
        fresh["mail.mail"].process_email_queue(ids)


def chatter(partners):
    with committed() as fresh:
        document = fresh["res.partner"].create({"name": "Document"})
        messages = fresh["mail.message"]
        for _i in range(30):
            messages += document.message_post(
                body="Hello",
                subtype_xmlid="mail.mt_comment",
                partner_ids=partners.ids[:10],
            )
        admin = fresh.ref("base.user_admin").id

    def page():
        with committed() as reading:
            store = Store()
            store.add(messages.with_env(reading(user=admin)))
            page.payload = json.dumps(store.get_result(), default=str).encode()

    ratio, middle, statements = interleaved(page)
    page()
    tracked = page.payload
    with without_tracking():
        page()
    report("chatter page, 30 messages x 10 recipients", ratio, middle, statements)
    size = len(tracked) / len(page.payload) - 1
    packed = len(zlib.compress(tracked)) / len(zlib.compress(page.payload)) - 1
    say(f"BENCH chatter page, bytes: {size:+.1%}, compressed {packed:+.1%}")


def main():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    sink = Controller(Sink(), "127.0.0.1", port)
    sink.start()
    try:
        partners = prepare(port)
        filled = 0
        for total in sorted({0, MOST // 100, MOST // 10, MOST}):
            if total:
                with committed() as fresh:
                    fresh.cr.execute(FILL, (filled + 1, total))
                with committed() as fresh:
                    fresh.cr.execute("ANALYZE mail_tracking_email")
                filled = total
            post = interleaved(lambda: post_to_all(partners))
            report(f"post to 100 recipients, {total} stored", *post)
            report(
                f"50 mails through the queue, {total} stored",
                *interleaved(lambda: queue(partners)),
            )
        chatter(partners)
    finally:
        sink.stop()


main()
