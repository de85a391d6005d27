"""What stands behind a request for the pixel, or an open that a provider reports.

Pure: headers in, class of the evidence out. Machines load pictures too, which does not
mean that anybody has read the mail. The names of the programs are data, see
`open_evidence_rules`.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from .open_evidence_rules import MACHINES, STEPS, Rule
from .states import ACCEPTED_EVENTS, OUTCOME_EVENTS

# A request with one of these headers is not recorded. Browsers that load a page in
# advance: Fetch Standard, "Sec-Purpose", and its forerunners. People who do not want to
# be tracked: Tracking Preference Expression, "DNT"; Global Privacy Control, "Sec-GPC".
NOT_NOTED_HEADERS = {
    "Sec-Purpose": ("prefetch", "prerender"),
    "Purpose": ("prefetch", "preview"),
    "X-Purpose": ("prefetch", "preview"),
    "X-Moz": ("prefetch",),
    "DNT": ("1",),
    "Sec-GPC": ("1",),
}

# All that is looked at.
HEADERS = (*NOT_NOTED_HEADERS, "Referer", "User-Agent")

# Classes that speak for a person; only these may turn out to be too early.
PERSONS = ("human", "proxy")
EARLY_SECONDS = 2  # unless the administrator says otherwise

# "(Linux; Android 9; CUBOT_X19)": model names contain anything, and parentheses.
ANDROID = re.compile(
    r"(?:android\s*\(|\((?!compatible)[^()]*android)(?:[^()]|\([^()]*\))*\)?"
)


# Which rules of a step go first, and how they match an agent.
MATCHES = {
    "is": lambda text: text.__eq__,
    "starts": lambda text: lambda agent: agent.startswith(text),
    "has": lambda text: lambda agent: text in agent,
    "matches": lambda pattern: re.compile(pattern).search,
}
KINDS = list(MATCHES)
DIGITS = str.maketrans("", "", "0123456789")


class Prepared(NamedTuple):
    """A rule, prepared for agents in lower case."""

    place: int  # the first rule that matches wins
    matches: Callable
    sees_model: bool  # whether it looks at the model of an Android phone
    rule: Rule
    without_digits: str  # of its text


def _prepared():
    """Return the rules with a text, and those with a regular expression."""
    rules = [(step, rule) for step, rules in enumerate(STEPS) for rule in rules]
    rules.sort(key=lambda pair: (pair[0], KINDS.index(pair[1].how)))
    with_text, with_pattern = [], []
    for place, (step, rule) in enumerate(rules):
        is_pattern = rule.how == "matches"
        text = rule.text if is_pattern else rule.text.lower()
        matches = MATCHES[rule.how](text)
        sees_model = step != MACHINES or rule.how in ("is", "starts")
        prepared = Prepared(place, matches, sees_model, rule, text.translate(DIGITS))
        (with_pattern if is_pattern else with_text).append(prepared)
    return with_text, with_pattern


_WITH_TEXT, _WITH_PATTERN = _prepared()


def _find(agent):
    """Return the first rule that an agent in lower case matches, or None."""
    without_model = ANDROID.sub("", agent) if "android" in agent else agent
    possible = _possible_rules(agent.translate(DIGITS))
    for prepared in possible:
        if prepared.matches(agent if prepared.sees_model else without_model):
            return prepared.rule
    return None


@lru_cache(maxsize=1024)
def _possible_rules(agent):
    """Return the rules that an agent may match, in their order.

    Most agents that a process has not met differ from others by their versions alone.
    If an agent contains a text, it still does when the digits are removed from both. To
    try each rule takes ten times as long.

    :param str agent: in lower case, without digits
    """
    texts = [prepared for prepared in _WITH_TEXT if prepared.without_digits in agent]
    return sorted([*texts, *_WITH_PATTERN])


def judge(
    headers,
    method="GET",
    seconds=None,
    own_hosts=(),
    is_internal=False,
    is_portal=False,
    is_burst=False,
):
    """Return the class of the evidence of a hit of the pixel, see `classify`."""
    return classify(
        headers, method, seconds, own_hosts, is_internal, is_portal, is_burst
    )[0]


def classify(
    headers,
    method="GET",
    seconds=None,
    own_hosts=(),
    is_internal=False,
    is_portal=False,
    is_burst=False,
    limit=EARLY_SECONDS,
    is_agent_reported=True,
):
    """Classify who has loaded the pixel.

    :param headers: of the request, anything with `get`
    :param str method: of the request
    :param seconds: since the mail was accepted, negative before it was; None: unknown
    :param own_hosts: names of this Odoo, with a port where only that one is meant
    :param bool is_internal: whether the session is that of an internal user
    :param bool is_portal: whether it is that of a portal user
    :param bool is_burst: whether the pixels of two other recipients of the same message
        were loaded within the same second
    :param int limit: up to how many seconds are too early for a person; 0 for none
    :param bool is_agent_reported: False where a missing agent proves nothing, since the
        reporter of the open does not pass it on
    :return: tuple of the class of `tools.states.EVIDENCE`, None when the hit is not to
        be recorded, and the name of the rule, None when none matched
    """
    if is_internal or not is_noted(headers, method):
        return None, None
    if own_hosts and not is_portal and is_own_page(headers, own_hosts):
        return "self", "own_page"
    verdict = classify_agent(headers.get("User-Agent") or "", is_agent_reported)
    return doubt(*verdict, is_early(seconds, limit), is_burst)


def is_noted(headers, method="GET"):
    """Return whether to record a request: it is a GET and no header forbids it."""
    return method == "GET" and not any(
        any(value in text.lower() for value in values)
        for name, values in NOT_NOTED_HEADERS.items()
        if (text := headers.get(name))
    )


def is_own_page(headers, own_hosts):
    """Return whether the picture was loaded by a page of this Odoo.

    :param own_hosts: names of hosts; one without a port stands for all its ports
    """
    try:
        page = urlsplit(headers.get("Referer") or "")
        names = {page.netloc.rpartition("@")[2].lower(), page.hostname}
    except ValueError:  # an invalid address of somebody else
        return False
    return any(host and host.lower() in names for host in own_hosts)


@lru_cache(maxsize=1024)
def classify_agent(agent, is_reported=True):
    """Classify a user agent alone.

    :param str agent: as sent
    :param bool is_reported: whether a missing agent means that there was none
    :return: tuple of class and name of the rule, as `classify`
    """
    agent = agent.strip().lower()
    if not agent:
        return ("machine", "no_agent") if is_reported else ("human", None)
    rule = _find(agent)
    return (rule.evidence, rule.name) if rule else ("human", None)


def is_early(seconds, limit=EARLY_SECONDS):
    """Return whether a hit comes too soon after, or before, a mail was accepted."""
    return seconds is not None and (seconds < 0 or limit > 0 and seconds <= limit)


def is_too_early(moment, outcomes, limit):
    """Return whether nobody can have read a mail at the time that a provider reports.

    For hits of the pixel their own statement finds this out, see `pixel_hit_sql`.

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


def doubt(evidence, rule, is_early, is_burst=False):
    """Return the class and the rule, with the time and a burst taken into account.

    :param str evidence: class that the request speaks for
    :param str rule: name of the rule that gave it, or None
    """
    if evidence in PERSONS and (is_early or is_burst):
        return "suspect", "early" if is_early else "burst"
    return evidence, rule
