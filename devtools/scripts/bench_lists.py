"""For `odoo shell`: Mail State in lists, with a million trackings made by SQL.

Median times of the whole call, beside the smallest one. It leaves its records in the
database, which is made for measuring.
"""

import statistics
import sys
import time

ROUNDS = 9
CONTACTS = 100_000
FAILED = [("mail_tracking_state", "in", ["error", "noemail"])]
FILL = """
INSERT INTO res_partner (name, complete_name, active, type, create_date, write_date)
SELECT 'Bench ' || i, 'Bench ' || i, TRUE, 'contact', now(), now()
  FROM generate_series(1, %(contacts)s) i;
WITH contact AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS place
      FROM res_partner WHERE name LIKE 'Bench %%'
)
INSERT INTO mail_message (model, res_id, message_type, date, create_date, write_date)
SELECT 'res.partner', contact.id, 'comment', now(), now(), now()
  FROM generate_series(0, 3 * %(contacts)s - 1) i
  JOIN contact ON contact.place = i %% %(contacts)s
 ORDER BY i;
INSERT INTO mail_tracking_email
       (mail_message_id, model, res_id, recipient_type, state, error_type, attempt,
        token, create_date, write_date)
SELECT message.id, 'res.partner', message.res_id, 'to',
       CASE WHEN abs(hashint8(message.id * 4 + i)) %% 50 = 0 THEN 'bounced'
            ELSE (ARRAY['sent', 'delivered', 'opened'])[1 + i %% 3] END,
       NULL, 1, substr(md5((message.id * 4 + i)::text), 1, 26), now(), now()
  FROM mail_message message
  JOIN res_partner contact
    ON contact.id = message.res_id AND contact.name LIKE 'Bench %%'
  JOIN generate_series(0, 3) i ON i < 3 OR message.id %% 3 = 0
 WHERE message.model = 'res.partner';
"""


def fill():
    """Make a million trackings of a hundred thousand contacts, 2 % of them failed."""
    env.cr.execute(FILL, {"contacts": CONTACTS})  # noqa: F821
    env.cr.commit()  # noqa: F821
    with env.registry.cursor() as cr:  # noqa: F821
        cr._cnx.autocommit = True
        cr.execute("VACUUM ANALYZE mail_tracking_email")
        cr.execute("VACUUM ANALYZE res_partner")


def measure(what, call):
    """Print the median and the smallest time of a call, with nothing in the cache."""
    times = []
    for _round in range(ROUNDS):
        env.invalidate_all()  # noqa: F821
        begun = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - begun))
    median, best = statistics.median(times), min(times)
    sys.stdout.write(f"BENCH {what}: {median:.0f} ms, at best {best:.1f} ms\n")
    sys.stdout.flush()


def main():
    """Measure what design asks of lists."""
    fill()
    user = env.ref("base.user_admin")  # noqa: F821
    contacts = env["res.partner"].with_user(user)  # noqa: F821
    trackings = env["mail.tracking.email"].with_user(user)  # noqa: F821
    page = contacts.search([("name", "like", "Bench")], limit=80)
    state = ["mail_tracking_state", "mail_tracking_summary"]
    measure("list, Failed mail", lambda: contacts.search(FAILED, limit=80))
    measure(
        "list, contacts by Mail State",
        lambda: contacts._read_group([], state[:1], ["__count"]),
    )
    measure(
        "list, trackings by state",
        lambda: trackings._read_group([], ["state"], ["__count"]),
    )
    measure("list, 80 records", lambda: page.read(["name"]))
    measure("list, 80 records with Mail State", lambda: page.read(["name", *state]))


main()
