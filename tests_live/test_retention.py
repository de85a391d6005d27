import time
from concurrent.futures import ThreadPoolExecutor

from .case import LiveCase
from .databases import execute, query
from .rpc import User

ROWS = 100_000
ONE_IN = 4  # is too old
# A tracking and its event for each, as for an email that was sent.
FILL = """
    WITH tracking AS (
        INSERT INTO mail_tracking_email
               (recipient_address, state, attempt, token, create_date)
        SELECT 'retention@example.com', 'sent', 1, 'kept' || i,
               now() AT TIME ZONE 'UTC'
               - interval '1 day' * CASE WHEN i %% %(one_in)s = 0 THEN 400 ELSE 1 END
          FROM generate_series(1, %(rows)s) i
     RETURNING id, create_date)
    INSERT INTO mail_tracking_event
           (tracking_email_id, attempt, event_type, time, source)
    SELECT id, 1, 'sent', create_date, 'smtp' FROM tracking
"""
COUNT = """
    SELECT count(DISTINCT tracking.id) AS trackings, count(event.id) AS events
      FROM mail_tracking_email tracking
 LEFT JOIN mail_tracking_event event ON event.tracking_email_id = tracking.id
     WHERE recipient_address = 'retention@example.com'
"""
CLEAN = (
    "DELETE FROM mail_tracking_email WHERE recipient_address = 'retention@example.com'"
)
# Longer than a post takes on a busy machine, shorter than a table that is locked.
MOST_SECONDS = 10


class TestRetention(LiveCase):
    """What is too old goes, while others go on sending."""

    is_long = True

    def test_sending_while_old_rows_go(self):
        """None of the emails waits for the job, which leaves what is young."""
        database = self.b.database
        execute(database, FILL, {"rows": ROWS, "one_in": ONE_IN})
        self.addCleanup(query, database, CLEAN)
        find = ("ir.model.data", "check_object_reference", "base", "autovacuum_job")
        _model, job = self.b(*find)
        addresses, slowest = [], 0
        other = User(self.server.url, database)  # a connection for each thread
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(other, "ir.cron", "method_direct_trigger", [job])
            while not running.done() or not addresses:
                begun = time.monotonic()
                addresses.append(self.post(self.b)[0])
                slowest = max(slowest, time.monotonic() - begun)
            running.result()
        self.assertLess(slowest, MOST_SECONDS, f"of {len(addresses)}")
        for address in addresses:
            _url, _path, token = self.pixel(address)
            self.wait_for_state(database, "sent", token=token)
        kept = ROWS - ROWS // ONE_IN
        expected = {"trackings": kept, "events": kept}
        self.assertEqual(dict(query(database, COUNT)[0]), expected)
