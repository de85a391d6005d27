"""A hit of the pixel: look, judge, and write what is still true; without the ORM.

Most hits change nothing, and cost the one look. Made for READ COMMITTED: of parallel
hits one writes, the others wait for it, see that their row is another one now, and look
again.
"""

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from odoo import fields

from .states import FAILED_STATES, OPEN_STATE, STATE_RANK

# Bounds of what hits may write: a hit a minute of one kind of evidence, after the
# twentieth one an hour and without an event.
SECONDS_BETWEEN_HITS = 60
EVENTS_OF_HITS = 20
SECONDS_AFTER_THAT = 3600
# Within the minute a hit that proves more is still let through.
EVIDENCE_RANK = {"machine": 1, "proxy": 2, "human": 3}
# How often a hit looks again because another one was faster.
TRIES = 3


class Seen(NamedTuple):
    """A tracking as a hit finds it."""

    tracking_id: int
    state: str
    hit_count: int | None
    last_hit: datetime | None
    last_evidence: str | None


class Hit(NamedTuple):
    """A tracking on which a hit was noted."""

    tracking_id: int
    is_changed: bool  # its state
    was_failed: bool
    is_seen: bool  # perhaps: by somebody who has to be told of the new state


LOOK = """
    SELECT id, state, hit_count, last_hit, last_evidence
      FROM mail_tracking_email
     WHERE token = %s
"""

# The statement that notes a hit on trackings that still are as they were, in parts.
NOTED = """
    WITH hit AS (
        UPDATE mail_tracking_email
           SET hit_count = COALESCE(hit_count, 0) + 1, last_hit = %(now)s,
               last_evidence = %(evidence)s"""
OPENED = """, open_count = COALESCE(open_count, 0) + 1,
               first_open = COALESCE(first_open, %(now)s), last_open = %(now)s"""
RAISED = """, state = %(state)s, state_time = %(now)s,
               error_type = NULL, error_description = NULL"""
AS_SEEN = """
         WHERE id = ANY(%(ids)s) AND last_hit IS NOT DISTINCT FROM %(last_hit)s"""
STATE_AS_SEEN = " AND state = %(old_state)s"
EVENT = """
     RETURNING id, attempt, hit_count, mail_message_id, model, res_id
    ), event AS (
        INSERT INTO mail_tracking_event
                    (tracking_email_id, attempt, event_type, time, source, evidence)
        SELECT id, attempt, 'open', %(now)s, 'pixel', %(event_evidence)s
          FROM hit
         WHERE hit_count <= %(events)s
    )
    SELECT id, """
# More than those who are told in the end (see `AUDIENCE_COLUMNS`), and cheap to ask:
# planning a join takes longer than all the rest of this.
IS_SEEN = """EXISTS (SELECT FROM mail_tracking_viewer viewer
                      WHERE viewer.model = hit.model AND viewer.res_id = hit.res_id)
             OR EXISTS (SELECT FROM mail_presence
                         WHERE status <> 'offline' AND user_id = ANY(ARRAY(
                               SELECT id FROM res_users WHERE partner_id = (
                                      SELECT author_id FROM mail_message
                                       WHERE id = hit.mail_message_id))))"""


@lru_cache
def _note_sql(is_opening, is_raise):
    state = [RAISED, AS_SEEN, STATE_AS_SEEN] if is_raise else [AS_SEEN]
    seen = IS_SEEN if is_raise else "FALSE"
    return "".join([NOTED, OPENED * is_opening, *state, EVENT, seen, " FROM hit"])


def register_hit(cr, token, evidence, begin=""):
    """Note a hit of the pixel.

    :param cr: cursor of the database
    :param str token: of the pixel; nothing happens when there is no such mail
    :param str evidence: class of the evidence, see `tools.states.OPEN_STATE`
    :param str begin: what to execute before, in the same round trip
    :return: list of `Hit`
    """
    now = fields.Datetime.now()
    hits = []
    for _try in range(TRIES):
        cr.execute(begin + LOOK, [token])
        begin = ""
        found = [Seen(*row) for row in cr.fetchall()]
        is_shared = len(found) > 1
        todo = [seen for seen in found if is_noted(seen, evidence, now, is_shared)]
        noted = []
        for last_hit in {seen.last_hit for seen in todo}:
            same = [seen for seen in todo if seen.last_hit == last_hit]
            noted += _note(cr, same, evidence, now, is_shared)
        hits += noted
        if len(noted) == len(todo):
            break
    return hits


def is_noted(seen, evidence, now, is_shared):
    """Return whether a hit is one to write down.

    :param Seen seen: the tracking before
    :param str evidence: class of the evidence
    :param datetime now: UTC, as in the database
    :param bool is_shared: whether other trackings have the same pixel
    """
    if seen.last_hit is None:
        return True
    is_frequent = (seen.hit_count or 0) >= EVENTS_OF_HITS
    pause = SECONDS_AFTER_THAT if is_frequent else SECONDS_BETWEEN_HITS
    if (now - seen.last_hit).total_seconds() > pause:
        return True
    rank = EVIDENCE_RANK.get(evidence, 0)
    return not is_shared and rank > EVIDENCE_RANK.get(seen.last_evidence, 0)


def _note(cr, same, evidence, now, is_shared):
    """Write a hit on trackings that had their last one at the same time."""
    state = None if is_shared else OPEN_STATE.get(evidence)
    # Several have one pixel only when it is shared: then no state changes.
    old_state = same[0].state
    is_raise = STATE_RANK.get(state, -1) > STATE_RANK.get(old_state, 0)
    values = {
        "ids": [seen.tracking_id for seen in same],
        "evidence": evidence,
        "event_evidence": "shared" if is_shared else evidence,
        "events": EVENTS_OF_HITS,
        "last_hit": same[0].last_hit,
        "now": now,
        "old_state": old_state,
        "state": state,
    }
    cr.execute(_note_sql(state == "opened", is_raise), values)
    was_failed = is_raise and old_state in FAILED_STATES
    return [Hit(row[0], is_raise, was_failed, row[1]) for row in cr.fetchall()]
