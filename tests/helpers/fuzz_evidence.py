"""Tests of `test_fuzz_evidence`; need hypothesis."""

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from ...tools.open_evidence import classify_agent, judge
from ...tools.open_evidence_rules import MAIL_PROGRAMS, PROXIES, STEPS
from ...tools.pixel_hit import EVIDENCE_RANK, better
from ...tools.states import EVIDENCE
from .fuzz_reports import bounded

PERSONS = ("human", "proxy")
PROGRAMS = [rule for rule in (*MAIL_PROGRAMS, *PROXIES) if rule.how == "has"]
TEXTS = [rule.text for step in STEPS for rule in step if rule.how != "matches"]
BROWSERS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Linux; Android 9; CUBOT_P20) AppleWebKit/537.36 Chrome/120 Mobile",
)
CHARACTERS = st.characters(codec="utf-8")
AGENT = st.lists(
    st.one_of(
        st.sampled_from(TEXTS),
        st.sampled_from(BROWSERS),
        st.text(CHARACTERS, max_size=30),
    ),
    max_size=3,
).map(" ".join)
HEADERS = st.dictionaries(
    st.sampled_from(("User-Agent", "Referer", "DNT", "Sec-Purpose", "X-Moz")),
    st.one_of(st.none(), AGENT),
)
CLASSES = st.sampled_from([evidence for evidence, _label in EVIDENCE])


class FuzzEvidence:
    @bounded
    @given(AGENT, st.sampled_from(PROGRAMS))
    def test_a_known_program_makes_no_machine_of_a_person(self, agent, rule):
        if classify_agent(agent)[0] in PERSONS:
            self.assertIn(classify_agent(f"{agent} {rule.text}")[0], PERSONS)

    @bounded
    @given(HEADERS, st.one_of(st.none(), st.integers(-5, 10)), st.booleans())
    def test_any_headers(self, headers, seconds, is_burst):
        verdict = judge(
            headers, seconds=seconds, own_hosts=("example.com",), is_burst=is_burst
        )
        self.assertIn(verdict, {"human", "proxy", "machine", "suspect", "self", None})

    @bounded
    @given(HEADERS, st.integers(-5, 2))
    def test_nobody_reads_too_early(self, headers, seconds):
        self.assertNotIn(judge(headers, seconds=seconds), PERSONS)

    @bounded
    @given(st.lists(CLASSES, min_size=1, max_size=6))
    def test_the_order_of_hits_lowers_no_evidence(self, classes):
        ranks = [EVIDENCE_RANK.get(best, 0) for best in accumulate(classes, better)]
        self.assertEqual(ranks, sorted(ranks))
        self.assertEqual(ranks[-1], max(EVIDENCE_RANK.get(c, 0) for c in classes))
