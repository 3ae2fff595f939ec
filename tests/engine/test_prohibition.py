"""A prohibition: who, where, when and on what proof it is breached, and what is said where that is not sure."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from groundwork import (
    CLAUSE,
    COUNTS,
    NO_FIRE,
    NOON,
    PROVEN,
    START,
    WHICHEVER,
    agree,
    at_km,
    finding,
    run,
    see,
    verdict,
)

from servanda.truth import Truth

T, U, F = Truth.TRUE, Truth.UNKNOWN, Truth.FALSE
WORDS = {T: "violated", U: "indeterminate", F: "none"}

ACTORS: dict[str, tuple[dict[str, Any], Truth, Truth]] = {
    "red": ({"actor": "red"}, T, T),
    "not bound": ({"actor": "bandits"}, F, F),
    "the monitor": ({"actor": "mission"}, F, F),
    "red or blue": ({"actor": ..., "actor_candidates": ["red", "blue"]}, T, T),
    "red or not bound": ({"actor": ..., "actor_candidates": ["red", "bandits"]}, U, U),
    "only not bound": ({"actor": ..., "actor_candidates": ["mission", "bandits"]}, F, F),
    "nobody knows": ({"actor": ...}, U, T),
}
PLACES: dict[str, tuple[Any, Truth]] = {
    "inside": ({"lon": 38.0, "lat": 48.0, "error_m": 10}, T),
    "on the edge": ({"lon": 37.0, "lat": 48.0, "error_m": 10}, U),
    "unknown": (..., U),
    "outside": ({"lon": 30.0, "lat": 48.0, "error_m": 10}, F),
}
TIMES: dict[str, tuple[Any, Truth]] = {
    "after": (NOON, T),
    "straddling": ({"from": "2020-01-09T23:00+02:00", "to": "2020-01-10T01:00+02:00"}, U),
    "before": ("2020-01-09T23:59+02:00", F),
}
PROOFS: dict[str, tuple[str, dict[str, Any], Truth]] = {
    "no standard": ("", {}, T),
    "a trusted source": (PROVEN, {}, T),
    "another source": (PROVEN, {"source": {"id": "passer-by"}}, U),
    "a source not named": (PROVEN, {"source": ...}, U),
    "a grade": (PROVEN, {"grade": "A1"}, U),
}


@pytest.mark.parametrize(
    ("actor", "place", "time", "proof", "whichever"),
    list(itertools.product(ACTORS, PLACES, TIMES, PROOFS, ["", WHICHEVER])),
)
def test_the_verdict_follows_from_who_where_when_and_proof(
    actor: str, place: str, time: str, proof: str, whichever: str
) -> None:
    who, alone, by_a_party = ACTORS[actor]
    where, inside = PLACES[place]
    when, bound = TIMES[time]
    assumed, source, proves = PROOFS[proof]
    value = min(by_a_party if whichever else alone, inside, bound)
    if value is not F:
        value = min(value, proves)
    agreement = agree(NO_FIRE, assume=assumed + whichever)
    result = run(agreement, see("shot", **{"place": where, "at": when, **who, **source}))
    found = [f for f in result.findings if f.evidence and f.verdict != "not-applicable"]
    assert [f.verdict.value for f in found] == ([] if value is F else [WORDS[value]])
    for one in found:
        if value is U:
            assert one.undecided_by, "an indeterminate finding says what would settle it"
        if value is T and who.get("actor") is ...:
            assert one.bearer is None
            assert one.attribution.status in {"none", "candidates"}


def test_each_is_bound_and_nobody_is_named() -> None:
    found = finding(agree(NO_FIRE), see("shot", actor=..., actor_candidates=["red", "blue"]))
    assert (found.verdict.value, found.bearer, found.actor) == ("violated", None, None)
    assert set(found.attribution.candidates) == {"red", "blue"}
    assert "Red" in found.because
    assert "Blue" in found.because


def test_an_unattributed_shot_lists_who_it_may_have_been() -> None:
    """Section 5: `bearer: null` and the candidates listed; section 6: the candidates stand under `attribution`."""
    found = finding(agree(NO_FIRE, assume=WHICHEVER), see("shot", actor=...))
    assert (found.verdict.value, found.bearer, found.actor) == ("violated", None, None)
    assert found.attribution.status == "none" or set(found.attribution.candidates) == {"red", "blue"}
    assert "Red" in found.because
    assert "Blue" in found.because
    assert "A1" in {a.id for a in found.assumptions}


def test_the_assumption_about_unattributed_shots_ends_with_its_zone() -> None:
    rule = "rule A: From entry into force, no party shall fire within 200 km of front.\n"
    agreement = agree(rule, assume=WHICHEVER)
    assert verdict(agreement, see("shot", actor=...)) == "violated"
    beyond = {"lon": 36.5, "lat": 48.0, "error_m": 10}
    assert verdict(agreement, see("shot", actor=..., place=beyond)) == "indeterminate"


def test_a_rule_that_binds_one_party_is_not_broken_by_the_other() -> None:
    agreement = agree("rule A: From entry into force, red shall not fire in square.\n", assume=WHICHEVER)
    assert verdict(agreement, see("shot")) == "violated"
    assert run(agreement, see("shot", actor="blue")).exit_code == 3
    assert verdict(agreement, see("shot", actor=..., actor_candidates=["red", "blue"])) == "indeterminate"
    found = finding(agreement, see("shot", actor=...))
    assert found.verdict == "indeterminate", "by a party, whichever: perhaps by blue, who is not bound by this rule"


def test_one_bound_person_is_the_bearer() -> None:
    found = finding(agree(NO_FIRE), see("shot", actor="blue"))
    assert (found.bearer, found.actor) == ("blue", "blue")


# ---- what counts as the act ----


def test_an_effect_counts_only_by_an_assumption_and_the_finding_says_so() -> None:
    assert verdict(agree(NO_FIRE), see("bang", "explosion")) == "unobserved"
    found = finding(agree(NO_FIRE, assume=COUNTS), see("bang", "explosion"))
    assert found.verdict == "violated"
    assert [a.id for a in found.assumptions] == ["A1"]


def test_an_assumption_not_used_is_not_cited() -> None:
    found = finding(agree(NO_FIRE, assume=COUNTS + WHICHEVER), see("shot"))
    assert found.assumptions == ()


KEEP = "rule A: From entry into force, no party shall keep heavy-artillery within 25 km of front.\n"
GUN: dict[str, Any] = {"weapon": {"category": "artillery", "calibre_mm": 122}, "place": at_km(-5)}


def test_who_fires_a_gun_has_it_there_and_an_impact_shows_no_gun() -> None:
    agreement = agree(KEEP, assume=COUNTS)
    assert verdict(agreement, see("shot", "fire", **GUN)) == "violated"
    assert verdict(agreement, see("shot", "discharge", **GUN)) == "violated"
    assert verdict(agreement, see("bang", "impact", **GUN)) == "unobserved"


# ---- a line for each ----

PER_PARTY = (
    "rule A: From entry into force, no party shall keep heavy-artillery in a zone 50 km wide, "
    "half on each side of the line, measured for red from front and for blue from old-line.\n"
)
BETWEEN = at_km(-20)
"""Twenty kilometres from the front, thirty-two from the old line; the limit is twenty-five."""


def gun(**fields: Any) -> Any:
    return see("gun", "keep", **{**GUN, "place": BETWEEN, **fields})


def test_each_party_has_its_own_line() -> None:
    agreement = agree(PER_PARTY)
    assert verdict(agreement, gun()) == "violated"
    assert verdict(agreement, gun(actor="blue")) == "unobserved"


@pytest.mark.parametrize("who", [{"actor": ..., "actor_candidates": ["red", "blue"]}, {"actor": ...}])
def test_where_the_lines_disagree_both_are_named(who: dict[str, Any]) -> None:
    found = finding(agree(PER_PARTY, assume=WHICHEVER), gun(**who))
    assert found.verdict == "indeterminate"
    text = " ".join(found.undecided_by)
    assert "Red" in text
    assert "Blue" in text
    distances = {m.for_: (m.name, m.min) for m in found.measured if m.name.startswith("distance")}
    assert set(distances) == {"red", "blue"}
    assert distances["red"][0] != distances["blue"][0]


def test_where_both_lines_agree_it_is_a_breach_by_whom_is_not_known() -> None:
    found = finding(agree(PER_PARTY, assume=WHICHEVER), gun(actor=..., place=at_km(5)))
    assert (found.verdict.value, found.bearer) == ("violated", None)


# ---- sources that contradict each other ----


def test_a_denial_leaves_it_open_and_stays_in_evidence() -> None:
    found = finding(agree(NO_FIRE), see("shot"), see("no", "report", denies=["shot"]))
    assert found.verdict == "indeterminate"
    assert {(e.observation, e.role) for e in found.evidence} == {("shot", "shows"), ("no", "contradicts")}
    assert any("did not happen" in u for u in found.undecided_by)


def test_a_denial_of_the_incident_or_of_what_was_corrected_is_one_too() -> None:
    agreement = agree(NO_FIRE)
    assert verdict(agreement, see("shot", incident="x"), see("no", "report", denies=["x"])) == "indeterminate"
    again = see("again", corrects="shot", note="better")
    assert verdict(agreement, see("shot"), again, see("no", "report", denies=["shot"])) == "indeterminate"


def test_a_denial_taken_back_is_none() -> None:
    seen = [see("shot"), see("no", "report", denies=["shot"]), see("yes", "report", retracts="no")]
    assert verdict(agree(NO_FIRE), *seen) == "violated"


def test_a_denial_of_something_else_is_counted_as_unused() -> None:
    result = run(agree(NO_FIRE), see("shot"), see("no", "report", denies=["other"]))
    assert result.findings[0].verdict == "violated"
    assert result.record()["observations"]["unused"] == {"a denial of nothing that is evidence here": 1}


def test_a_denial_counts_whenever_it_was_made_as_a_correction_does() -> None:
    seen = [see("shot"), see("no", "report", denies=["shot"], at="2020-03-01T00:00+02:00")]
    assert verdict(agree(NO_FIRE), *seen, at="2020-02-15") == "indeterminate"
    assert verdict(agree(NO_FIRE), *seen, at="2020-03-15") == "indeterminate"


def test_two_reports_of_one_incident_are_one_breach_and_not_added_up() -> None:
    seen = [see("one", incident="x", count=3, unit="explosions"), see("two", incident="x", count=5, unit="explosions")]
    found = finding(agree(NO_FIRE), *seen)
    assert found.verdict == "violated"
    assert (found.by_unit["explosions"].min, found.by_unit["explosions"].max) == (5, 5)


def test_a_sure_report_decides_for_the_incident() -> None:
    seen = [see("one", incident="x", place=...), see("two", incident="x")]
    found = finding(agree(NO_FIRE), *seen)
    assert found.verdict == "violated"
    assert {(e.observation, e.role) for e in found.evidence} == {("two", "shows"), ("one", "may-show")}


def test_incidents_are_apart() -> None:
    result = run(agree(NO_FIRE), see("one"), see("two"), see("three", incident="x"))
    assert [f.verdict.value for f in result.findings] == ["violated"] * 3
    assert len({f.id for f in result.findings}) == 3


def test_units_are_never_added() -> None:
    seen = [see("one", incident="x", count=3, unit="explosions"), see("two", incident="x", count=5, unit="shots")]
    found = finding(agree(NO_FIRE), *seen)
    assert {u: c.max for u, c in found.by_unit.items()} == {"explosions": 3, "shots": 5}


# ---- time ----

OVER = {"from": "2020-01-09T12:00+02:00", "to": "2020-01-10T12:00+02:00"}


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (START, "violated"),
        ("2020-01-09T23:59:59.999999+02:00", "unobserved"),
        ("2020-01-10", "violated"),
        ("2020-01-09", "unobserved"),
        ({"from": "2020-01-09", "to": "2020-01-10"}, "indeterminate"),
        ({"from": "2020-01-09T12:00+02:00", "to": START}, "unobserved"),
        ({"from": START, "to": "2020-01-11T00:00+02:00"}, "violated"),
        ({**OVER, "kind": "within"}, "indeterminate"),
        ({**OVER, "kind": "spread"}, "indeterminate"),
        ({**OVER, "kind": "throughout"}, "violated"),
        ({"from": "2020-01-08", "to": "2020-01-09", "kind": "throughout"}, "unobserved"),
    ],
)
def test_at_the_start_of_the_rule(at: Any, expected: str) -> None:
    assert verdict(agree(NO_FIRE), see("shot", at=at)) == expected


UNTIL = "rule A: Between entry into force and 2020-03-01 00:00, no party shall fire in square.\n"
ACROSS = {"from": "2020-02-29T12:00+02:00", "to": "2020-03-01T12:00+02:00"}


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2020-02-29T23:59:59+02:00", "violated"),
        ("2020-03-01T00:00+02:00", "unobserved"),
        ("2020-02-29", "violated"),
        ("2020-03-01", "unobserved"),
        ({**ACROSS, "kind": "within"}, "indeterminate"),
        ({**ACROSS, "kind": "spread"}, "indeterminate"),
        ({**ACROSS, "kind": "throughout"}, "violated"),
        ({"from": "2020-01-01", "to": "2020-12-01", "kind": "throughout"}, "violated"),
        ({"from": "2020-01-01", "to": "2020-12-01", "kind": "within"}, "indeterminate"),
    ],
)
def test_at_the_end_of_the_rule(at: Any, expected: str) -> None:
    assert verdict(agree(UNTIL), see("shot", at=at)) == expected


def test_00_01_leaves_the_first_minute_free() -> None:
    agreement = agree(NO_FIRE, force="2020-01-10 00:01")
    assert verdict(agreement, see("shot", at="2020-01-10T00:00:30+02:00")) == "unobserved"
    assert verdict(agreement, see("shot", at="2020-01-10T00:01:00+02:00")) == "violated"
    assert verdict(agreement, see("shot", at="2020-01-10")) == "indeterminate"


def test_24_00_is_the_end_of_the_day() -> None:
    agreement = agree(NO_FIRE, force="2020-01-09 24:00")
    assert verdict(agreement, see("shot", at=START)) == "violated"
    assert verdict(agreement, see("shot", at="2020-01-09T23:59+02:00")) == "unobserved"


def test_what_happened_after_the_instant_of_evaluation_is_out_and_counted() -> None:
    result = run(agree(NO_FIRE), see("shot"), at="2020-01-31")
    assert [f.verdict.value for f in result.findings] == ["unobserved"]
    assert result.record()["observations"]["unused"] == {"after the evaluation instant": 1}


def test_what_happened_at_the_instant_of_evaluation_is_in() -> None:
    assert verdict(agree(NO_FIRE), see("shot"), at=NOON) == "violated"


def test_what_may_have_happened_after_the_instant_of_evaluation_is_open() -> None:
    assert verdict(agree(NO_FIRE), see("shot", at="2020-02-01"), at=NOON) == "indeterminate"


# ---- the remainder ----


def test_silence_is_not_compliance() -> None:
    found = finding(agree(NO_FIRE))
    assert (found.verdict.value, found.instance, found.bearer) == ("unobserved", "remainder", None)
    assert "silence is not compliance" in found.because


def test_before_the_start_it_is_pending() -> None:
    found = finding(agree(NO_FIRE), at="2020-01-05")
    assert found.verdict == "pending"
    assert "10 January 2020 at 00:00" in found.because


def test_without_entry_into_force_it_waits_and_says_for_what() -> None:
    agreement = agree(NO_FIRE, force="not known")
    for seen in ([], [see("shot")]):
        found = finding(agreement, *seen)
        assert found.verdict == "pending"
        assert "entry into force" in found.because


def test_a_rule_that_was_breached_has_no_remainder() -> None:
    assert [f.instance for f in run(agree(NO_FIRE), see("shot")).findings] == ["observation:shot"]


def test_every_rule_has_at_least_one_finding() -> None:
    text = NO_FIRE + "rule B: From entry into force, no party shall fly in square.\n"
    result = run(agree(text), see("shot"))
    assert {f.rule for f in result.findings} == {"1/A", "1/B"}


def test_one_shot_can_break_two_clauses() -> None:
    text = (
        CLAUSE + NO_FIRE + 'clause 2 "Two".\nrule A: From entry into force, no party shall fire within 5 km of front.\n'
    )
    result = run(agree(text), see("shot"))
    assert {f.rule: f.verdict.value for f in result.findings} == {"1/A": "violated", "2/A": "violated"}


# ---- readings ----

READ = (
    "rule A: Each party shall begin withdrawal of heavy-artillery, no later than day 2 of entry into force\n"
    '    reading "of": counting the first day as day 1;\n'
    '    reading "after": counting the day after it as day 1.\n'
    "rule B: From the deadline of rule A, no party shall fire in square.\n"
)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2020-01-11T23:59+02:00", "unobserved"),
        ("2020-01-12T12:00+02:00", "indeterminate"),
        ("2020-01-13T00:00+02:00", "violated"),
    ],
)
def test_readings_that_part_and_that_agree(at: str, expected: str) -> None:
    found = finding(agree(READ), see("shot", at=at), rule="1/B")
    assert found.verdict == expected
    if expected != "unobserved":
        assert {tuple(r.readings.values()) for r in found.readings} == {("of",), ("after",)}
    if expected == "indeterminate":
        assert any("reading" in u for u in found.undecided_by)
