from functools import lru_cache
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from .database_hash import database_hash
from .switches import is_pixel_disabled, public_base_url
from .tracking_state import FAILED_STATES, OPEN_STATE, STATE_RANK
from .tracking_state_sql import rank_sql

PIXEL_ROUTE = "/mail/tracking/open/"
# No display:none: some mail programs then do not load it.
PIXEL_HTML = '<img src="{url}" width="1" height="1" alt=""/>'

# Places of the parameters of a hit.
TOKEN, NOW, EVIDENCE = "<token>", "<now>", "<evidence>"

# Bounds of what hits may write: a hit a minute of one kind of evidence, after the
# twentieth one an hour and without an event.
SECONDS_BETWEEN_HITS = 60
EVENTS_OF_HITS = 20
SECONDS_AFTER_THAT = 3600
# Within the minute a hit that proves more is still let through.
EVIDENCE_RANK = {"machine": 1, "proxy": 2, "human": 3}


class MailTrackingEmail(models.Model):
    """The tracking pixel: where it points, and what a hit means."""

    _inherit = "mail.tracking.email"

    @api.model
    def _get_pixel(self):
        """Give the HTML of the pixel, with `{token}` in the place of the token.

        :return: empty when the pixel is switched off
        :rtype: str
        """
        if is_pixel_disabled(self.env):
            return ""
        path = PIXEL_ROUTE + database_hash(self.env.cr.dbname) + "{token}.gif"
        return PIXEL_HTML.format(url=public_base_url(self.env) + path)

    @api.model
    def _register_open(self, token, evidence):
        """Note that the pixel of a mail was loaded, in one statement.

        Made for READ COMMITTED: parallel hits wait for each other and count once.

        :param str token: of the pixel; nothing happens when there is no such mail
        :param str evidence: class of the evidence, see `tracking_state.OPEN_STATE`
        :return: the trackings whose state changed
        """
        hits = register_hit(self.env.cr, token, evidence)
        self.browse(hit.tracking_id for hit in hits).invalidate_recordset(flush=False)
        return self._notify_hits(hits)

    @api.model
    def _notify_hits(self, hits):
        """Tell those who see the trackings what hits have changed.

        :param list hits: of `register_hit`
        :return: the trackings whose state changed
        """
        changed = self.browse(hit.tracking_id for hit in hits if hit.is_changed)
        if changed:
            changed._notify_state()
        # Failed, and read all the same.
        was_failed = {hit.tracking_id for hit in hits if hit.was_failed}
        if mended := changed.filtered(lambda tracking: tracking.id in was_failed):
            mended._notify_failed()
        return changed


class Hit(NamedTuple):
    """A tracking on which a hit of the pixel was noted."""

    tracking_id: int
    is_changed: bool  # its state
    was_failed: bool


def register_hit(cr, token, evidence, begin=""):
    """Note a hit of the pixel, in one statement and without the ORM.

    :param cr: cursor of the database
    :param str token: of the pixel
    :param str evidence: class of the evidence
    :param str begin: what to execute before, in the same round trip
    :return: list of `Hit`
    """
    values = {TOKEN: token, NOW: fields.Datetime.now(), EVIDENCE: evidence}
    code, params = _open_statement(evidence)
    cr.execute(begin + code, [values.get(param, param) for param in params])
    return [Hit(*row) for row in cr.fetchall()]


@lru_cache
def _open_statement(evidence):
    """Give the statement of a hit: bounded update, event, what changed.

    Built once: building it takes longer than executing it.

    :param str evidence: class of the evidence
    :return: tuple (code, parameters with `TOKEN`, `NOW` and `EVIDENCE` in their places)
    """
    state = OPEN_STATE.get(evidence)
    statement = SQL(
        """
        WITH target AS (
            SELECT id, state AS old_state, count(*) OVER () > 1 AS is_shared
              FROM mail_tracking_email
             WHERE token = %(token)s
        ), hit AS (
            UPDATE mail_tracking_email tracking
               SET hit_count = COALESCE(hit_count, 0) + 1,
                   last_hit = %(now)s,
                   last_evidence = %(evidence)s,
                   open_count = COALESCE(open_count, 0) + %(opens)s,
                   first_open = CASE WHEN %(opens)s = 1
                                     THEN COALESCE(first_open, %(now)s)
                                     ELSE first_open END,
                   last_open = CASE WHEN %(opens)s = 1 THEN %(now)s ELSE last_open END,
                   state = CASE WHEN %(raises)s THEN %(state)s ELSE state END,
                   state_time = CASE WHEN %(raises)s THEN %(now)s ELSE state_time END,
                   error_type = CASE WHEN %(raises)s THEN NULL ELSE error_type END,
                   error_description = CASE WHEN %(raises)s THEN NULL
                                            ELSE error_description END
              FROM target
             WHERE tracking.id = target.id
               AND (last_hit IS NULL
                    OR last_hit < %(now)s - make_interval(secs => CASE
                         WHEN hit_count < %(events)s THEN %(pause)s ELSE %(long_pause)s
                       END)
                    OR (%(evidence_rank)s > %(last_rank)s AND NOT is_shared))
         RETURNING tracking.id, attempt, hit_count, is_shared,
                   tracking.state <> old_state AS changed,
                   old_state IN %(failed)s AS was_failed
        ), event AS (
            INSERT INTO mail_tracking_event
                        (tracking_email_id, attempt, event_type, time, source, evidence)
            SELECT id, attempt, 'open', %(now)s, 'pixel',
                   CASE WHEN is_shared THEN 'shared' ELSE %(evidence)s END
              FROM hit
             WHERE hit_count <= %(events)s
        )
        SELECT id, changed, was_failed FROM hit
        """,
        token=TOKEN,
        evidence=EVIDENCE,
        evidence_rank=EVIDENCE_RANK.get(evidence, 0),
        last_rank=_evidence_rank_sql(),
        now=SQL("%s::timestamp", NOW),
        opens=SQL(
            "(CASE WHEN %s AND NOT is_shared THEN 1 ELSE 0 END)", state == "opened"
        ),
        raises=SQL(
            "(%s < %s AND NOT is_shared)",
            rank_sql(SQL("state")),
            STATE_RANK.get(state, -1),
        ),
        state=state,
        events=EVENTS_OF_HITS,
        pause=SECONDS_BETWEEN_HITS,
        failed=FAILED_STATES,
        long_pause=SECONDS_AFTER_THAT,
    )
    return statement.code, tuple(statement.params)


def _evidence_rank_sql():
    arms = [SQL("WHEN %s THEN %s", kind, rank) for kind, rank in EVIDENCE_RANK.items()]
    return SQL("CASE last_evidence %s ELSE 0 END", SQL(" ").join(arms))
