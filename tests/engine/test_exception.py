"""Exceptions: shown, not shown or open; what a record must be, whose, and when."""

from __future__ import annotations

from typing import Any

import pytest
from groundwork import PROVEN, agree, finding, run, see

RETURN = (
    "rule A: From entry into force, no party shall fire in square, except as rule B permits.\n"
    "rule B: A party may fire in response to an offensive-operation, "
    "only if a retaliation-order and a mechanism-failure are recorded before it.\n"
)
BEFORE = "2020-02-01T10:00+02:00"


def attack(**fields: Any) -> Any:
    return see(
        "attack", "offensive-operation", **{"actor": "blue", "at": "2020-02-01T09:00+02:00", "incident": "x", **fields}
    )


def order(**fields: Any) -> Any:
    return see("order", "retaliation-order", **{"at": BEFORE, "incident": "x", **fields})


def failure(**fields: Any) -> Any:
    return see("failure", "mechanism-failure", **{"at": BEFORE, "incident": "x", **fields})


SHOT = see("shot", incident="x")


def test_all_conditions_shown_excuse_and_are_in_evidence() -> None:
    found = finding(agree(RETURN), SHOT, attack(), order(), failure())
    assert found.verdict == "excused"
    assert [(e.rule, e.result) for e in found.exceptions] == [("1/B", "shown")]
    assert {e.observation for e in found.evidence if e.role == "shows-exception"} == {"attack", "order", "failure"}


def test_nothing_shown_is_not_shown() -> None:
    found = finding(agree(RETURN), SHOT)
    assert found.verdict == "violated"
    assert [(e.rule, e.result) for e in found.exceptions] == [("1/B", "not-shown")]
    assert "rule 1/B is not shown" in found.because


@pytest.mark.parametrize("left_out", [0, 1, 2])
def test_the_conditions_are_cumulative(left_out: int) -> None:
    records = [attack(), order(), failure()]
    del records[left_out]
    found = finding(agree(RETURN), SHOT, *records)
    assert found.verdict == "indeterminate"
    assert any("1/B" in u for u in found.undecided_by)


@pytest.mark.parametrize("left_alone", [0, 1, 2])
def test_one_condition_of_three_leaves_it_open(left_alone: int) -> None:
    record = [attack(), order(), failure()][left_alone]
    assert finding(agree(RETURN), SHOT, record).verdict == "indeterminate"


def test_an_order_after_the_act_is_none() -> None:
    found = finding(agree(RETURN), SHOT, attack(), order(at="2020-02-01T12:01+02:00"), failure())
    assert found.verdict == "indeterminate"
    assert {e.observation for e in found.evidence if e.role == "shows-exception"} == {"attack", "failure"}


def test_an_order_on_the_same_day_may_have_come_after() -> None:
    assert finding(agree(RETURN), SHOT, attack(), order(at="2020-02-01"), failure()).verdict == "indeterminate"


def test_an_order_of_the_other_party_is_none() -> None:
    found = finding(agree(RETURN), SHOT, attack(), order(actor="blue"), failure())
    assert found.verdict == "indeterminate"
    assert "order" not in {e.observation for e in found.evidence}


def test_ones_own_attack_is_no_ground_to_answer() -> None:
    found = finding(agree(RETURN), SHOT, attack(actor="red"), order(), failure())
    assert found.verdict == "indeterminate"


def test_an_attack_by_nobody_knows_whom_leaves_it_open() -> None:
    assert finding(agree(RETURN), SHOT, attack(actor=...), order(), failure()).verdict == "indeterminate"


def test_records_of_another_incident_are_none() -> None:
    others = [attack(incident="y"), order(incident="y"), failure(incident="y")]
    assert finding(agree(RETURN), SHOT, *others).verdict == "violated"


def test_records_that_refer_to_the_act_belong_to_it() -> None:
    records = [r(incident=..., refers_to=["shot"]) for r in (attack, order, failure)]
    assert finding(agree(RETURN), SHOT, *records).verdict == "excused"


def test_a_retracted_order_no_longer_counts() -> None:
    seen = [SHOT, attack(), order(), failure(), see("back", "report", retracts="order")]
    assert finding(agree(RETURN), *seen).verdict == "indeterminate"


def test_shown_for_one_it_may_have_been_and_not_for_the_other_is_open() -> None:
    shot = see("shot", incident="x", actor=..., actor_candidates=["red", "blue"])
    found = finding(agree(RETURN), shot, attack(), order(), failure())
    assert found.verdict == "indeterminate"


def test_where_the_breach_is_not_sure_an_exception_does_not_excuse() -> None:
    shot = see("shot", incident="x", place=...)
    assert finding(agree(RETURN), shot, attack(), order(), failure()).verdict == "indeterminate"


def test_the_exception_of_one_act_is_not_that_of_the_next() -> None:
    result = run(agree(RETURN), SHOT, attack(), order(), failure(), see("again"))
    assert {f.instance: f.verdict.value for f in result.findings} == {
        "incident:x": "excused",
        "observation:again": "violated",
    }


TRAINING = (
    "rule A: From entry into force, no party shall fire in square, except as rule B permits.\n"
    "rule B: A party may fire, only if a notify is recorded before it.\n"
)


def test_a_notified_exercise_is_excused_and_not_deleted() -> None:
    note = see("note", "notify", at=BEFORE, refers_to=["shot"])
    found = finding(agree(TRAINING), see("shot"), note)
    assert found.verdict == "excused"
    assert ("shot", "shows") in {(e.observation, e.role) for e in found.evidence}


DATED = (
    "rule A: From entry into force, no party shall fire in square, except as rule B permits.\n"
    "rule B: Until 2020-02-15, a party may fire within 5 km of front, only if a notify is recorded before it.\n"
)


def test_a_permission_has_its_own_time_and_place() -> None:
    agreement = agree(DATED)
    note = see("note", "notify", at="2020-01-15", refers_to=["shot"])
    assert finding(agreement, see("shot"), note).verdict == "excused"
    assert finding(agreement, see("shot", at="2020-02-20T12:00+02:00"), note).verdict == "violated"
    far = {"lon": 38.5, "lat": 48.0, "error_m": 10}
    assert finding(agreement, see("shot", place=far), note).verdict == "violated"
    perhaps = {"lon": 38.067, "lat": 48.0, "error_m": 1000}
    assert finding(agreement, see("shot", place=perhaps), note).verdict == "indeterminate"


def test_two_exceptions_are_each_tested() -> None:
    text = (
        "rule A: From entry into force, no party shall fire in square, except as rule B and rule C permit.\n"
        "rule B: A party may fire, only if a notify is recorded before it.\n"
        "rule C: A party may fire, only if an approve is recorded before it.\n"
    )
    found = finding(agree(text), see("shot"), see("ok", "approve", at=BEFORE, refers_to=["shot"]))
    assert found.verdict == "excused"
    assert {(e.rule, e.result) for e in found.exceptions} == {("1/B", "not-shown"), ("1/C", "shown")}


@pytest.mark.parametrize(("source", "expected"), [("mission", "excused"), ("red-press", "indeterminate")])
def test_an_order_below_the_standard_of_proof_does_not_excuse(source: str, expected: str) -> None:
    note = see("note", "notify", at=BEFORE, refers_to=["shot"], source={"id": source})
    assert finding(agree(TRAINING, assume=PROVEN), see("shot"), note).verdict == expected
