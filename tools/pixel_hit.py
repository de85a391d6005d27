"""Record hits of the pixel, without the ORM.

A hit reads its rows, judges them, and writes only if they have not changed meanwhile.
Most hits write nothing and cost one query. Made for READ COMMITTED: of parallel hits
one writes; the others wait for it, see that the row has changed, and read it again.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import fields

from .consent import ALLOWED, OPENS_NEVER, OPENS_OF_PRESET, OPENS_WITH_CONSENT, REFUSED
from .open_evidence import EARLY_SECONDS, PERSONS
from .pixel_hit_sql import LOOK, REFUSAL, Kind, note_sql
from .states import (
    ACCEPTED_EVENTS,
    FAILED_STATES,
    OPEN_STATE,
    OUTCOME_EVENTS,
    STATE_RANK,
)

# Limits on what hits may write: one a minute for one kind of evidence; after the
# twentieth one an hour, without an event unless it brings news.
SECONDS_BETWEEN_HITS = 60
EVENTS_OF_HITS = 20
SECONDS_AFTER_THAT = 3600
# Within the minute, a hit that proves more than all before is still let through.
EVIDENCE_RANK = {"machine": 1, "proxy": 2, "human": 3}
STRONGEST = "human"
# How often a hit reads its rows, since another hit may change them meanwhile.
TRIES = 3
# A mail whose state is older was not accepted just now, whatever the limit.
FRESH = timedelta(seconds=10)
BURST = timedelta(seconds=1)


class Seen(NamedTuple):
    """A tracking as a hit finds it."""

    tracking_id: int
    state: str
    hit_count: int | None
    last_hit: datetime | None
    best_evidence: str | None
    state_time: datetime | None = None
    message_id: int | None = None
    is_held: bool = False  # one of several addresses has failed: the state stays
    is_merged: bool = False  # with that of another contact: one of them is shown
    address: str | None = None  # normalised, of the recipient
    other_addresses: str | None = None  # comma separated
    opens: str | None = None  # how opens are treated, of `consent.OPENS`
    company_id: int | None = None
    tells: bool = False  # the author wants to be told


class Loaded(NamedTuple):
    """A hit, as it is known before the trackings are read."""

    token: str
    evidence: str
    rule: str | None
    now: datetime  # UTC, as in the database
    early_seconds: Callable  # returns the limit; called only where it matters
    opens: str | None = None  # the rule for all who share the pixel
    addresses: tuple = ()  # normalised, of all who share it


class Hit(NamedTuple):
    """A tracking on which a hit was recorded."""

    tracking_id: int
    is_changed: bool  # its state
    was_failed: bool
    is_seen: bool  # perhaps: by somebody who has to be told of the new state
    is_merged: bool = False  # with one of another contact, of which one is shown
    tells: bool = False  # a person has opened it, which the author wants to be told


def register_hit(
    cr, token, evidence, begin=None, rule=None, early_seconds=None, presets=None
):
    """Record a hit of the pixel.

    :param cr: cursor of the database
    :param str token: of the pixel
    :param evidence: class of the evidence, see `tools.states.OPEN_STATE`; or a function
        that returns it and its rule, called only if they matter: most hits of a known
        pixel come too soon after another to be recorded
    :param begin: function that begins a transaction; called, perhaps repeatedly, before
        a hit is written that others must be told of in the same transaction
    :param str rule: name of the rule that gave the class, see `EVIDENCE_RULES`
    :param early_seconds: function that returns the seconds that are too early for a
        person, `EARLY_SECONDS` without it
    :param presets: function that returns the presets of companies that restrict opens,
        see `res.company._mail_tracking_presets`
    :return: list of `Hit`, None when there is no such mail
    """
    limit = early_seconds or (lambda: EARLY_SECONDS)
    now = fields.Datetime.now()
    loaded = None
    hits = []
    for _try in range(TRIES):
        cr.execute(LOOK, [token])
        pixel_rows = [Seen(*row) for row in cr.fetchall()]
        if not pixel_rows:
            return None
        if _is_never_noted(pixel_rows):
            break
        is_shared = len(pixel_rows) > 1
        if callable(evidence):
            if not any(is_noted(s, STRONGEST, now, is_shared) for s in pixel_rows):
                break
            evidence, rule = evidence()
        loaded = loaded or Loaded(token, evidence, rule, now, limit)
        alike = defaultdict(list)
        for seen in pixel_rows:
            if is_noted(seen, evidence, now, is_shared):
                alike[seen.last_hit, seen.best_evidence, seen.opens].append(seen)
        if alike and not (loaded := _on_terms(loaded, pixel_rows, presets)):
            break
        noted = _note_all(cr, alike.values(), loaded, is_shared, begin)
        hits += [hit for some in noted for hit in some or ()]
        if all(some is not None for some in noted):
            break
    return hits


def _is_never_noted(pixel_rows):
    """Return whether hits of a pixel are never recorded: one tracking is enough."""
    return any(seen.opens == OPENS_NEVER for seen in pixel_rows)


def _on_terms(loaded, pixel_rows, presets):
    """Return a loaded hit with the terms on which it may be recorded.

    The preset counts as it is now, also for mails that were sent before.

    :param list pixel_rows: the trackings that have the pixel, `Seen`
    :param presets: see `register_hit`
    :return: `Loaded`, None when nothing may be recorded
    """
    by_company = presets() if presets else {}
    terms = {seen.opens for seen in pixel_rows}
    if by_company:
        terms |= {
            OPENS_OF_PRESET.get(by_company.get(seen.company_id or False))
            for seen in pixel_rows
        }
    if OPENS_NEVER in terms:
        return None
    addresses = {
        address
        for seen in pixel_rows
        for address in (seen.address, *(seen.other_addresses or "").split(","))
        if address
    }
    opens = OPENS_WITH_CONSENT if OPENS_WITH_CONSENT in terms else None
    if opens and not addresses:
        return None
    return loaded._replace(opens=opens, addresses=tuple(addresses))


def better(evidence, other):
    """Return the one of two classes of evidence that proves more, or the first."""
    return other if _proves_more(other, evidence) else evidence


def _proves_more(evidence, other):
    return EVIDENCE_RANK.get(evidence, 0) > EVIDENCE_RANK.get(other, 0)


def is_noted(seen, evidence, now, is_shared):
    """Return whether to record a hit.

    :param Seen seen: the tracking before
    :param str evidence: class of the evidence
    :param datetime now: UTC, as in the database
    :param bool is_shared: whether other trackings have the same pixel
    """
    return _is_due(seen, now) or (
        not is_shared and _proves_more(evidence, seen.best_evidence)
    )


def _is_due(seen, now):
    if seen.last_hit is None:
        return True
    is_frequent = (seen.hit_count or 0) >= EVENTS_OF_HITS
    pause = SECONDS_AFTER_THAT if is_frequent else SECONDS_BETWEEN_HITS
    return (now - seen.last_hit).total_seconds() > pause


def _note_all(cr, groups, loaded, is_shared, begin):
    """Write a hit, in a transaction if it may change more than its trackings.

    :param groups: lists of `Seen`, each for `_note`; so is what is returned
    """
    changed = [seen for same in groups for seen in same] if begin else ()
    if any(s.state in FAILED_STATES or s.is_merged or s.tells for s in changed):
        begin()
    return [_note(cr, same, loaded, is_shared) for same in groups]


def _note(cr, same, loaded, is_shared):
    """Write a hit on trackings that had the same hits before.

    :return: list of `Hit`, None when the rows have changed
    """
    state = None if is_shared else OPEN_STATE.get(loaded.evidence)
    # If several trackings share one pixel, no state changes.
    first = same[0]
    is_raise = STATE_RANK.get(state, -1) > STATE_RANK.get(first.state, 0)
    is_raise = is_raise and not first.is_held
    is_person = loaded.evidence in PERSONS
    kind = Kind(
        is_opening=state == "opened",
        is_raise=is_raise,
        is_of_message=is_person and first.message_id is not None,
        needs_consent=loaded.opens == OPENS_WITH_CONSENT,
    )
    is_fresh = is_person and any(_is_fresh(seen, loaded.now) for seen in same)
    proves_more = _proves_more(loaded.evidence, first.best_evidence)
    values = {
        **_values(same, loaded, is_shared),
        **(_values_of_doubt(same, loaded) if is_fresh else {}),
        "is_news": is_raise or (proves_more and not is_shared),
        "state": state,
    }
    rows = []
    if not is_fresh:
        cr.execute(note_sql(kind), values)
        rows = cr.fetchall()
    if not rows:
        doubtful = kind._replace(is_doubtful=True, is_fresh=is_fresh)
        cr.execute(note_sql(doubtful), values)
        rows = cr.fetchall()
    was_failed = is_raise and first.state in FAILED_STATES
    hits = [
        Hit(
            tracking_id,
            is_raise and not doubt,
            was_failed and not doubt,
            is_seen,
            first.is_merged,
            first.tells and kind.is_opening and not doubt,
        )
        for tracking_id, is_seen, doubt in rows
        if tracking_id
    ]
    doubts = {doubt for _id, _is_seen, doubt in rows} - {None}
    is_left_out = REFUSAL in doubts or (doubts and not values["is_due"])
    return hits if len(hits) == len(same) or is_left_out else None


def _is_fresh(seen, now):
    """Return whether a mail may have been accepted only seconds ago, or not yet."""
    is_recent = seen.state_time and seen.state_time > now - FRESH
    return seen.state == "waiting" or bool(is_recent)


def _values(same, loaded, is_shared):
    """Return the values that every statement needs to record a hit."""
    first = same[0]
    return {
        "addresses": list(loaded.addresses),
        "allowed": ALLOWED,
        "best": better(first.best_evidence, loaded.evidence),
        "burst_since": loaded.now - BURST,
        "events": EVENTS_OF_HITS,
        "evidence": "shared" if is_shared else loaded.evidence,
        "evidence_in_doubt": "shared" if is_shared else "suspect",
        "ids": [seen.tracking_id for seen in same],
        "is_due": _is_due(first, loaded.now),
        "last_hit": first.last_hit,
        "message_id": first.message_id,
        "now": loaded.now,
        "old_state": first.state,
        "opens": first.opens,
        "refused": REFUSED,
        "rule": loaded.rule,
        "token": loaded.token,
    }


def _values_of_doubt(same, loaded):
    """Return the values that tell whether a mail was accepted just now."""
    limit = loaded.early_seconds()
    # Other clocks may be ahead by as much. Limit 0: only a mail not yet sent is early.
    early = timedelta(seconds=limit)
    return {
        "accepted": ACCEPTED_EVENTS,
        "early_from": loaded.now - early if limit else datetime.max,
        "early_until": loaded.now + early,
        "is_waiting": any(seen.state == "waiting" for seen in same),
        "outcomes": OUTCOME_EVENTS,
    }
