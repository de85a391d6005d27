"""For `odoo shell`: lists, page load, mailbox, with what `tests_live.bench` has stored.

Median times of whole calls by the clock; what has a plain side is interleaved with it.
It leaves its records in the database, which is made for measuring. All mails are of one
author, who has reviewed nothing: mailbox and page load cost most then.
"""

import statistics
import sys
import time
from contextlib import contextmanager
from unittest.mock import patch

from odoo.addons.mail.tools.discuss import Store
from odoo.addons.mail_activity_tracking.models.chatter.mail_message import MailMessage
from odoo.addons.mail_activity_tracking.models.failures.res_users import ResUsers

ROUNDS = 15
FAILED = [("mail_tracking_state", "in", ["error", "noemail"])]
STATE = ["mail_tracking_state", "mail_tracking_summary"]
SIZE = """
SELECT table_name, pg_total_relation_size(table_name::regclass)
                   / (SELECT count(*) FROM mail_tracking_email)
  FROM unnest(ARRAY['mail_tracking_email', 'mail_tracking_event']) table_name
"""
# The newest failures, in the author's inbox.
NOTIFY = """
INSERT INTO mail_notification
       (mail_message_id, res_partner_id, notification_type, notification_status,
        is_read)
SELECT mail_message_id, %s, 'inbox', 'sent', FALSE
  FROM (SELECT DISTINCT mail_message_id FROM mail_tracking_email
         WHERE state = 'bounced' AND author_id IS NOT NULL
         ORDER BY mail_message_id DESC LIMIT 30) newest
"""


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
        page = messages._message_fetch([("needaction", "=", True)])["messages"]
        return page, Store().add(page)

    def failed():
        domain = trackings._failed_messages_domain(user.partner_id)
        page = messages._message_fetch(domain)["messages"]
        page._mail_tracking_failures_to_store(Store().add(page))
        return page

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


def measure_employee():
    """Measure what somebody finds who reads an email when they may read its message."""
    employee = env["res.users"].create(  # noqa: F821
        {
            "name": "Employee",
            "login": "bench-employee",
            "group_ids": env.ref("base.group_user").ids,  # noqa: F821
        }
    )
    trackings = env["mail.tracking.email"].with_user(employee)  # noqa: F821
    specification = {name: {} for name in ("name", "recipient", "state", "state_time")}

    def page(domain):
        return lambda: trackings.web_search_read(
            domain, specification, limit=80, count_limit=10_001
        )

    failed = [("is_failed", "=", True)]
    measure("employee, 80 trackings and how many", page([]))
    measure("employee, 80 failed ones and how many", page(failed))
    measure("employee, how many failed", lambda: trackings.search_count(failed))
    measure(
        "employee, trackings by state",
        lambda: trackings._read_group([], ["state"], ["__count"]),
    )


def main():
    """Measure."""
    user = env.ref("base.user_admin")  # noqa: F821
    env.cr.execute(NOTIFY, [user.partner_id.id])  # noqa: F821
    env.cr.commit()  # noqa: F821
    measure_disk()
    measure_lists(user)
    measure_messages(user)
    measure_employee()


main()
