"""For `odoo shell`: lists, page load, mailbox, with a million trackings made by SQL.

Median times of whole calls by the clock; what has a plain side is interleaved with it.
It leaves its records in the database, which is made for measuring. All mails are of one
author, who has reviewed nothing: the dearest case of mailbox and page load.
"""

import os
import statistics
import sys
import time
from contextlib import contextmanager
from unittest.mock import patch

from odoo.addons.mail.tools.discuss import Store
from odoo.addons.mail_activity_tracking.models.chatter.mail_message import MailMessage
from odoo.addons.mail_activity_tracking.models.failures.res_users import ResUsers

ROUNDS = 15
CONTACTS = int(os.environ.get("BENCH_TRACKINGS", "1000000")) // 10
FAILED = [("mail_tracking_state", "in", ["error", "noemail"])]
STATE = ["mail_tracking_state", "mail_tracking_summary"]
FILL = """
SET LOCAL synchronous_commit TO on; -- or VACUUM may come too early for what it sets
INSERT INTO res_partner
       (name, complete_name, email, active, type, create_date, write_date)
SELECT 'Bench ' || i, 'Bench ' || i, 'bench' || i || '@example.com', TRUE, 'contact',
       now(), now()
  FROM generate_series(1, %(contacts)s) i;
CREATE TEMPORARY TABLE bench_contact ON COMMIT DROP AS
SELECT id, email, row_number() OVER (ORDER BY id) - 1 AS place
  FROM res_partner WHERE name LIKE 'Bench %%';
INSERT INTO mail_message
       (model, res_id, message_type, subtype_id, author_id, subject, body, date,
        create_date, write_date)
SELECT 'res.partner', contact.id, 'comment', %(subtype)s, %(author)s,
       'A subject of usual length ' || i, '<p>Hello</p>', now(), now(), now()
  FROM generate_series(0, 3 * %(contacts)s - 1) i
  JOIN bench_contact contact ON contact.place = i %% %(contacts)s
 ORDER BY i;
INSERT INTO mail_tracking_email
       (name, sender, message_id, mail_message_id, mail_id, model, res_id, author_id,
        partner_id, recipient, recipient_address, recipient_type, state, state_time,
        attempt, token, create_date, write_date)
SELECT message.subject, '"Mitchell Admin" <admin@example.com>',
       '<' || message.id || '.1795500000.123456789012345-openerp-42-res.partner@host>',
       message.id, message.id, 'res.partner', message.res_id, message.author_id,
       recipient.id,
       '"Name Surname" <' || recipient.email || '>', recipient.email, 'to',
       CASE WHEN abs(hashint8(message.id * 4 + i)) %% 50 = 0 THEN 'bounced'
            ELSE (ARRAY['sent', 'delivered', 'opened'])[1 + i %% 3] END,
       now(), 1, substr(md5((message.id * 4 + i)::text), 1, 26), now(), now()
  FROM mail_message message
  JOIN bench_contact contact ON contact.id = message.res_id
  JOIN generate_series(0, 3) i ON i < 3 OR message.id %% 3 = 0
  JOIN bench_contact recipient
    ON recipient.place = (contact.place + i) %% %(contacts)s
 WHERE message.model = 'res.partner'
 ORDER BY message.id, i;
INSERT INTO mail_tracking_event
       (tracking_email_id, attempt, event_type, source, time, server, diagnostic)
SELECT tracking.id, 1, kind, source, now(), server, diagnostic
  FROM mail_tracking_email tracking
  JOIN (VALUES ('queued', 'queue', NULL, NULL),
               ('sent', 'smtp', 'smtp.example.com:587',
                '250 2.0.0 Ok: queued as 4bXyZ12345z6789')
       ) event(kind, source, server, diagnostic) ON TRUE
 ORDER BY tracking.id, kind;
"""
SIZE = """
SELECT table_name, pg_total_relation_size(table_name::regclass)
                   / (SELECT count(*) FROM mail_tracking_email)
  FROM unnest(ARRAY['mail_tracking_email', 'mail_tracking_event']) table_name
"""
# The newest failures, as core would list their recipients, and in the author's inbox.
NOTIFY = """
WITH newest AS (
    SELECT DISTINCT mail_message_id FROM mail_tracking_email
     WHERE state = 'bounced' ORDER BY mail_message_id DESC LIMIT 30
)
INSERT INTO mail_notification
       (mail_message_id, res_partner_id, notification_type, notification_status,
        is_read)
SELECT mail_message_id, partner_id, 'email',
       CASE state WHEN 'bounced' THEN 'bounce' ELSE 'sent' END, TRUE
  FROM mail_tracking_email JOIN newest USING (mail_message_id)
 UNION ALL
SELECT mail_message_id, %(author)s, 'inbox', 'sent', FALSE FROM newest
"""


def fill(author):
    """Make a million trackings of a hundred thousand contacts, 2 % of them failed."""
    values = {
        "contacts": CONTACTS,
        "author": author.id,
        "subtype": env.ref("mail.mt_comment").id,  # noqa: F821
    }
    env.cr.execute(FILL, values)  # noqa: F821
    env.cr.execute(NOTIFY, values)  # noqa: F821
    env.cr.commit()  # noqa: F821
    with env.registry.cursor() as cr:  # noqa: F821
        cr._cnx.autocommit = True
        cr.execute("VACUUM ANALYZE")


def say(line):
    """Print one line of the result, for the caller to pick."""
    sys.stdout.write(f"BENCH {line}\n")
    sys.stdout.flush()


def timed(call):
    """Return milliseconds and statements of a call, with nothing in the cache."""
    env.invalidate_all()  # noqa: F821
    statements, begun = env.cr.sql_log_count, time.perf_counter()  # noqa: F821
    call()
    passed = 1000 * (time.perf_counter() - begun)
    return passed, env.cr.sql_log_count - statements  # noqa: F821


def measure(what, call):
    """Print the median and the smallest time of a call."""
    call()
    times = [timed(call)[0] for _round in range(ROUNDS)]
    say(f"{what}: {statistics.median(times):.1f} ms, at best {min(times):.1f} ms")


def compare(what, plain, tracked):
    """Print what a call takes more than a plain one, in milliseconds and statements."""
    calls, results = (plain, tracked), ([], [])
    for call in calls:
        call()
    for _round in range(4 * ROUNDS):
        for call, result in zip(calls, results, strict=True):
            result.append(timed(call))
    medians = [statistics.median(row[0] for row in result) for result in results]
    statements = [result[-1][1] for result in results]
    say(
        f"{what}: {medians[1] - medians[0]:+.1f} ms to {medians[0]:.1f} ms,"
        f" SQL {statements[1] - statements[0]:+d} to {statements[0]}"
    )


@contextmanager
def without_tracking():
    """Let the same Odoo work without what the addon adds to page load and messages."""
    with (
        patch.object(ResUsers, "_mail_tracking_failed_box", lambda *_args: {}),
        patch.object(MailMessage, "_mail_tracking_to_store", lambda *_args: None),
    ):
        yield


def measure_lists(user):
    """Measure what design asks of lists."""
    contacts = env["res.partner"].with_user(user)  # noqa: F821
    trackings = env["mail.tracking.email"].with_user(user)  # noqa: F821

    def page(domain, *names):
        specification = {name: {} for name in ("name", "email", *names)}
        return lambda: contacts.web_search_read(
            domain, specification, limit=80, count_limit=10_001
        )

    measure("list, Failed mail: search", lambda: contacts.search(FAILED, limit=80))
    measure("list, Failed mail: count", lambda: contacts.search_count(FAILED))
    measure("list, Failed mail: search, count, read", page(FAILED))
    measure(
        "list, contacts by Mail State",
        lambda: contacts._read_group([], STATE[:1], ["__count"]),
    )
    measure(
        "list, trackings by state",
        lambda: trackings._read_group([], ["state"], ["__count"]),
    )
    bench = [("name", "like", "Bench")]
    compare("list, 80 records, Mail State", page(bench), page(bench, *STATE))


def measure_messages(user):
    """Measure page load and the mailbox of the author of all failures."""
    messages = env["mail.message"].with_user(user)  # noqa: F821
    trackings = env["mail.tracking.email"].with_user(user)  # noqa: F821

    def load():
        user.with_user(user)._init_messaging(Store())

    def inbox():
        found = messages._message_fetch([("needaction", "=", True)])["messages"]
        return found, Store().add(found)

    def failed():
        domain = trackings._failed_messages_domain(user.partner_id)
        found = messages._message_fetch(domain)["messages"]
        found._mail_tracking_failures_to_store(Store().add(found))
        return found

    def plain(call):
        with without_tracking():
            return call()

    if failed() != inbox()[0]:
        raise RuntimeError("mailbox and inbox should show the same messages")
    compare("page load", lambda: plain(load), load)
    compare("mailbox of 30, to the inbox", lambda: plain(inbox), failed)


def measure_disk():
    """Print the bytes that a tracking and its first two events take, with indexes."""
    env.cr.execute(SIZE)  # noqa: F821
    for table, size in env.cr.fetchall():  # noqa: F821
        say(f"disk, {table}: {size} bytes a tracking, indexes included")


def main():
    """Fill the database and measure."""
    user = env.ref("base.user_admin")  # noqa: F821
    fill(user.partner_id)
    measure_disk()
    measure_lists(user)
    measure_messages(user)


main()
