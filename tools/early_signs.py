"""Opens and clicks that providers report too soon to be a person's.

For hits of the pixel their own statement finds this out, see `pixel_hit_sql`.
"""

from collections import defaultdict

from .open_evidence import is_early
from .states import ACCEPTED_EVENTS, EVIDENCE_STATE, OUTCOME_EVENTS, event_state

OUTCOMES = """
    SELECT tracking_email_id, attempt, event_type, time
      FROM mail_tracking_event
     WHERE tracking_email_id = ANY(%s) AND event_type IN %s"""
NAMES = ("tracking_email_id", "attempt", "event_type", "time")


def doubt_early_signs(cr, values_list, limit):
    """Doubt opens and clicks that come too soon after the mail was accepted.

    :param list values_list: values of new events, changed in place
    :param int limit: up to how many seconds are too early
    """
    signs = [values for values in values_list if _is_of_person(values)]
    if not signs:
        return
    ids = [sign["tracking_email_id"] for sign in signs]
    cr.execute(OUTCOMES, [ids, ("queued", *OUTCOME_EVENTS)])
    new_signs = [[values[name] for name in NAMES] for values in values_list]
    outcomes = defaultdict(list)
    for tracking_id, attempt, event_type, time in [*cr.fetchall(), *new_signs]:
        outcomes[tracking_id, attempt].append((event_type, time))
    for sign in signs:
        of_attempt = outcomes[sign["tracking_email_id"], sign["attempt"]]
        if is_too_early(sign["time"], of_attempt, limit):
            sign.update({"evidence": "suspect", "evidence_rule": "early"})


def _is_of_person(values):
    event_type = values["event_type"]
    state, _every_attempt = event_state(event_type, values["evidence"])
    return event_type in EVIDENCE_STATE and state == "opened"


def is_too_early(moment, outcomes, limit):
    """Return whether nobody can have read a mail at the given time.

    :param datetime moment: UTC without time zone
    :param list outcomes: pairs of event type and time, of the attempt
    :param int limit: up to how many seconds are too early
    """
    kinds = {event_type for event_type, _time in outcomes}
    if "queued" in kinds and kinds.isdisjoint(OUTCOME_EVENTS):
        return True  # the sending transaction is not over
    # Clocks differ: a sign seen before the mail was accepted is just as early.
    return any(
        is_early(abs((moment - time).total_seconds()), limit)
        for event_type, time in outcomes
        if event_type in ACCEPTED_EVENTS
    )
