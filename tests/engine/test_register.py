"""Corrections, retractions and conflicts: what counts depends on the set of records, never on their order."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

from groundwork import LATER, NO_FIRE, agree, raw, run, see, trial, verdict
from hypothesis import given
from hypothesis import strategies as st

import servanda
from servanda.observations import Observation

OUT = {"lon": 30.0, "lat": 48.0, "error_m": 10}


def reason(result: servanda.Result, name: str) -> str:
    return next(a for a in result.accounts if a.observation == name).reason


def both_ways(*seen: Observation) -> servanda.Result:
    """The result, the same in every order."""
    results = [run(agree(NO_FIRE), *order) for order in itertools.permutations(seen)]
    answers = {tuple((f.id, f.digest) for f in r.findings) for r in results}
    assert len(answers) == 1, "the order of arrival changes the answer"
    assert len({tuple(replace(a, line=None) for a in r.accounts) for r in results}) == 1
    return results[0]


def verdicts(result: servanda.Result) -> set[str]:
    return {f.verdict.value for f in result.findings}


def test_a_correction_replaces_what_it_corrects() -> None:
    result = both_ways(see("a"), see("b", corrects="a", place=OUT))
    assert verdicts(result) == {"unobserved"}
    assert reason(result, "a") == "corrected by b"


def test_a_correction_keeps_the_finding() -> None:
    before = run(agree(NO_FIRE), see("a")).findings[0]
    after = both_ways(see("a"), see("b", corrects="a", actor="blue")).findings[0]
    assert after.id == before.id
    assert after.bearer == "blue"
    assert {e.observation for e in after.evidence} == {"b"}


def test_a_correction_of_a_correction() -> None:
    result = both_ways(see("a"), see("b", corrects="a", place=OUT), see("c", corrects="b"))
    assert verdicts(result) == {"violated"}
    assert result.findings[0].id == run(agree(NO_FIRE), see("a")).findings[0].id


def test_a_retraction_takes_back() -> None:
    result = both_ways(see("a"), see("r", "report", retracts="a"))
    assert verdicts(result) == {"unobserved"}
    assert reason(result, "a") == "retracted by r"
    assert reason(result, "r") == "a retraction"


def test_to_retract_the_retraction_reinstates() -> None:
    plain = run(agree(NO_FIRE), see("a")).findings
    result = both_ways(see("a"), see("r", "report", retracts="a"), see("s", "report", retracts="r"))
    assert result.findings == plain


def test_to_retract_a_correction_brings_back_what_it_corrected() -> None:
    plain = run(agree(NO_FIRE), see("a")).findings
    result = both_ways(see("a"), see("b", corrects="a", actor="blue"), see("r", "report", retracts="b"))
    assert result.findings == plain
    assert reason(result, "b") == "retracted by r"


def test_two_retractions_of_one_record_need_both_to_be_taken_back() -> None:
    seen = [see("a"), see("r", "report", retracts="a"), see("q", "report", retracts="a")]
    assert verdicts(both_ways(*seen, see("s", "report", retracts="r"))) == {"unobserved"}


def test_a_circle_of_retractions_does_not_count_and_says_so() -> None:
    result = both_ways(see("a", "report", retracts="b"), see("b", "report", retracts="a"))
    assert verdicts(result) == {"unobserved"}
    assert "circle" in reason(result, "a")
    assert "circle" in reason(result, "b")


def test_a_circle_leaves_others_alone() -> None:
    result = both_ways(see("a", corrects="b"), see("b", corrects="a"), see("c"))
    assert verdicts(result) == {"violated"}


def test_a_record_that_points_at_itself_does_not_count() -> None:
    assert verdicts(run(agree(NO_FIRE), see("a", corrects="a"))) == {"unobserved"}


def test_a_retraction_of_what_is_not_here_is_kept_and_counted() -> None:
    result = both_ways(see("a"), see("r", "report", retracts="gone"))
    assert verdicts(result) == {"violated"}
    assert reason(result, "r") == "retracts gone, which is not here"
    assert result.record()["observations"]["unused"] == {"retracts a record that is not here": 1}


def test_a_correction_of_what_is_not_here_counts_as_an_observation() -> None:
    result = both_ways(see("b", corrects="gone"))
    assert verdicts(result) == {"violated"}


def test_what_it_corrects_arrives_late() -> None:
    monitor = servanda.Monitor(agree(NO_FIRE), lateness=None)
    monitor.advance(LATER)
    monitor.observe(see("b", corrects="a", place=OUT))
    assert not [f for f in monitor.findings if f.verdict == "violated"]
    monitor.observe(see("a"))
    assert not [f for f in monitor.findings if f.verdict == "violated"]


def test_a_record_that_corrects_and_retracts_is_set_aside() -> None:
    result = run(agree(NO_FIRE), see("a"), see("b", "report", corrects="a", retracts="a"))
    assert [r.id for r in result.rejected] == ["b"]
    assert verdicts(result) == {"violated"}


# ---- one id ----


def test_the_same_record_twice_is_one() -> None:
    assert run(agree(NO_FIRE), see("a"), see("a")).findings == run(agree(NO_FIRE), see("a")).findings


def test_one_id_with_two_contents_counts_for_neither_in_either_order() -> None:
    one, other = see("a"), see("a", place=OUT)
    for order in ([one, other], [other, one], [one, other, one], [other, one, one, other]):
        result = run(agree(NO_FIRE), *order)
        assert verdicts(result) == {"unobserved"}
        assert {r.id for r in result.rejected} == {"a"}
        assert {r.code for r in result.rejected} == {"O110"}


def test_a_conflict_in_a_monitor_withdraws_the_finding() -> None:
    monitor = servanda.Monitor(agree(NO_FIRE), lateness=None)
    monitor.advance(LATER)
    monitor.observe(see("a"))
    changes = monitor.observe(see("a", place=OUT))
    assert "withdrawn" in {c.kind for c in changes}
    assert [f.verdict.value for f in monitor.findings] == ["unobserved"]


def test_a_retraction_in_conflict_no_longer_retracts() -> None:
    first, second = see("r", "report", retracts="a"), see("r", "report", retracts="a", note="x")
    for order in itertools.permutations([see("a"), first, second]):
        assert verdict(agree(NO_FIRE), *order) == "violated"


# ---- any web of pointers, in any order ----

NAMES = "abcdef"


@st.composite
def webs(draw: st.DrawFn) -> list[dict[str, Any]]:
    made = []
    for name in NAMES[: draw(st.integers(1, 6))]:
        points = draw(st.sampled_from([None, "corrects", "retracts"]))
        fields = {points: draw(st.sampled_from([*NAMES, "gone"]))} if points else {}
        if draw(st.booleans()):
            fields["place"] = OUT
        made.append(raw(name, **fields))
    return made


@trial
@given(webs(), st.randoms(use_true_random=False))
def test_any_web_of_corrections_gives_one_answer_in_any_order(records: list[dict[str, Any]], random: Any) -> None:
    seen = [see(r["id"], **{k: v for k, v in r.items() if k != "id"}) for r in records]
    expected = run(agree(NO_FIRE), *seen)
    monitor = servanda.Monitor(agree(NO_FIRE), lateness=None)
    monitor.advance(LATER)
    random.shuffle(seen)
    for one in seen:
        monitor.observe(one)
    assert [(f.id, f.digest) for f in monitor.findings] == [(f.id, f.digest) for f in expected.findings]
    names = {a.observation for a in expected.accounts} | {r.id for r in expected.rejected}
    assert names == {r["id"] for r in records}


@trial
@given(webs(), st.sampled_from(NAMES))
def test_to_retract_and_reinstate_changes_no_finding(records: list[dict[str, Any]], target: str) -> None:
    seen = [see(r["id"], **{k: v for k, v in r.items() if k != "id"}) for r in records]
    more = [see("r", "report", retracts=target), see("s", "report", retracts="r")]
    assert run(agree(NO_FIRE), *seen, *more).findings == run(agree(NO_FIRE), *seen).findings
