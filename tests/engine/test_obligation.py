"""An obligation: done in time, late, not at all, not yet due; on deadlines that hang on other rules; answering."""

from __future__ import annotations

from typing import Any

import pytest
from groundwork import EXCLUSIVE, PROVEN, agree, by_bearer, finding, run, see

BEGIN = "rule A: Each party shall begin withdrawal of heavy-artillery, no later than 2020-01-20.\n"
GUNS = {"weapon": {"category": "artillery", "calibre_mm": 122}}


def begun(name: str = "begun", at: Any = "2020-01-15T12:00+02:00", **fields: Any) -> Any:
    return see(name, "begin-withdrawal", at=at, **{**GUNS, **fields})


def completed(name: str = "completed", at: Any = "2020-01-25T12:00+02:00", **fields: Any) -> Any:
    return see(name, "complete-withdrawal", at=at, **{**GUNS, **fields})


def red(text: str, *seen: Any, at: str = "2020-12-31", rule: str = "1/A", assume: str = "") -> str:
    return by_bearer(agree(text, assume=assume), *seen, at=at, rule=rule)["red"]


def test_done_in_time_by_one_says_nothing_of_the_other() -> None:
    assert by_bearer(agree(BEGIN), begun()) == {"red": "complied", "blue": "unobserved"}


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2020-01-20T23:59:59+02:00", "complied"),
        ("2020-01-20", "complied"),
        ("2020-01-21T00:00+02:00", "violated"),
        ("2020-01-21", "violated"),
        ({"from": "2020-01-20", "to": "2020-01-21"}, "indeterminate"),
        ({"from": "2020-01-20T12:00+02:00", "to": "2020-01-21T00:00+02:00"}, "complied"),
    ],
)
def test_the_deadline_is_half_open(at: Any, expected: str) -> None:
    assert red(BEGIN, begun(at=at)) == expected


def test_before_a_day_leaves_that_day_out() -> None:
    text = "rule A: Each party shall begin withdrawal of heavy-artillery, before 2020-01-20.\n"
    assert red(text, begun(at="2020-01-19")) == "complied"
    assert red(text, begun(at="2020-01-20")) == "violated"


def test_a_late_withdrawal_is_a_breach_complete_at_the_deadline() -> None:
    result = run(agree(BEGIN), begun(at="2020-02-01"))
    found = next(f for f in result.findings if f.bearer == "red")
    assert found.verdict == "violated"
    assert found.at is not None
    assert found.at.earliest == found.at.latest == "2020-01-20T22:00:00Z"
    assert [(e.observation, e.role) for e in found.evidence] == [("begun", "late")]


def test_not_yet_due_is_pending_until_the_deadline_is_reached() -> None:
    assert red(BEGIN, at="2020-01-20T23:59:59+02:00") == "pending"
    assert red(BEGIN, at="2020-01-21T00:00+02:00") == "unobserved"


def test_nothing_reported_after_the_deadline_is_unobserved_and_no_breach() -> None:
    assert by_bearer(agree(BEGIN)) == {"red": "unobserved", "blue": "unobserved"}


def test_a_late_performance_does_not_count_before_it_happens() -> None:
    assert red(BEGIN, begun(at="2020-02-01T12:00+02:00"), at="2020-01-25") == "unobserved"


def test_a_late_notice_may_not_have_been_the_first() -> None:
    text = "rule A: Each party shall notify, no later than 2020-01-20.\n"
    assert red(text, see("n", "notify", at="2020-01-25")) == "indeterminate"


def test_a_late_withdrawal_after_one_that_may_have_been_in_time_is_open() -> None:
    early = begun("early", actor=..., actor_candidates=["red", "blue"])
    assert by_bearer(agree(BEGIN), early, begun(at="2020-02-01"))["red"] == "indeterminate"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"actor": ...}, "indeterminate"),
        ({"actor": ..., "actor_candidates": ["red", "blue"]}, "indeterminate"),
        ({"actor": "blue"}, "unobserved"),
        ({"weapon": {"category": "artillery"}}, "indeterminate"),
        ({"weapon": {"category": "mortar", "calibre_mm": 120}}, "unobserved"),
    ],
)
def test_what_may_be_performance(fields: dict[str, Any], expected: str) -> None:
    assert red(BEGIN, begun(**fields)) == expected


def test_a_denied_performance_is_open() -> None:
    assert red(BEGIN, begun(), see("no", "report", denies=["begun"])) == "indeterminate"


def test_proof_is_asked_of_performance_too() -> None:
    assert red(BEGIN, begun(), assume=PROVEN) == "complied"
    assert red(BEGIN, begun(source={"id": "red-press"}), assume=PROVEN) == "indeterminate"
    assert red(BEGIN, begun(at="2020-02-01", source={"id": "red-press"}), assume=PROVEN) != "violated"


def test_no_time_limit_stays_pending() -> None:
    text = "rule A: From entry into force, each party shall release.\n"
    result = run(agree(text))
    assert {f.verdict.value for f in result.findings} == {"pending"}
    assert "no time limit" in result.findings[0].because
    assert red(text, see("r", "release")) == "complied"


def test_without_entry_into_force_the_duty_waits_and_says_for_what() -> None:
    text = "rule A: Each party shall begin withdrawal of heavy-artillery, within 5 days after entry into force.\n"
    result = run(agree(text, assume=EXCLUSIVE, force="not known"))
    assert {f.verdict.value for f in result.findings} == {"pending"}
    assert "entry into force" in result.findings[0].because


# ---- counting ----


@pytest.mark.parametrize(
    ("assume", "last"),
    [
        ('assuming days exclusive, because "x".\n', "2020-01-24"),
        ('assuming days inclusive, because "x".\n', "2020-01-23"),
    ],
)
def test_how_days_are_counted_decides_a_day(assume: str, last: str) -> None:
    text = "rule A: Each party shall begin withdrawal of heavy-artillery, within 14 days after entry into force.\n"
    assert red(text, begun(at=last), assume=assume) == "complied"
    after = f"{last[:-2]}{int(last[-2:]) + 1}"
    found = red(text, begun(at=after), assume=assume)
    assert found == "violated"


def test_hours_run_on_the_clock() -> None:
    text = "rule A: Each party shall begin withdrawal of heavy-artillery, within 36 hours after entry into force.\n"
    assert red(text, begun(at="2020-01-11T11:59:59+02:00")) == "complied"
    assert red(text, begun(at="2020-01-11T12:00:00+02:00")) == "violated"


READ = (
    "rule A: Each party shall begin withdrawal of heavy-artillery, no later than day 2 of entry into force\n"
    '    reading "of": counting the first day as day 1;\n'
    '    reading "after": counting the day after it as day 1.\n'
)


@pytest.mark.parametrize(
    ("at", "expected"), [("2020-01-11", "complied"), ("2020-01-12", "indeterminate"), ("2020-01-13", "violated")]
)
def test_readings_that_part_and_that_agree(at: str, expected: str) -> None:
    found = next(f for f in run(agree(READ), begun(at=at)).findings if f.bearer == "red")
    assert found.verdict == expected
    assert {v for r in found.readings for v in r.readings.values()} == {"of", "after"}


def test_between_the_readings_deadlines_nothing_is_decided() -> None:
    assert red(READ, at="2020-01-11T23:59+02:00") == "pending"
    assert red(READ, at="2020-01-12T12:00+02:00") == "indeterminate"
    assert red(READ, at="2020-01-13") == "unobserved"


# ---- hanging on another rule ----

CHAIN = BEGIN + (
    "rule B: Each party shall complete withdrawal of heavy-artillery, within 14 days after the start of rule A"
    " or if that is not shown after the deadline of rule A.\n"
)


def test_the_deadline_runs_from_the_start_that_was_shown() -> None:
    found = next(
        f for f in run(agree(CHAIN, assume=EXCLUSIVE), begun()).findings if (f.rule, f.bearer) == ("1/B", "red")
    )
    assert found.deadline is not None
    assert found.deadline.earliest == found.deadline.latest == "2020-01-29T22:00:00Z"


def test_the_start_of_one_party_is_not_that_of_the_other() -> None:
    result = run(agree(CHAIN, assume=EXCLUSIVE), begun())
    blue = next(f for f in result.findings if (f.rule, f.bearer) == ("1/B", "blue"))
    assert blue.deadline is not None
    assert blue.deadline.latest == "2020-02-03T22:00:00Z", "14 days after 20 January, the end of the 3rd of February"


def test_completed_in_time_counted_from_the_start() -> None:
    assert red(CHAIN, begun(), completed(at="2020-01-29"), rule="1/B", assume=EXCLUSIVE) == "complied"
    assert red(CHAIN, begun(), completed(at="2020-01-30"), rule="1/B", assume=EXCLUSIVE) == "violated"
    assert red(CHAIN, completed(at="2020-02-03"), rule="1/B", assume=EXCLUSIVE) == "complied"
    assert red(CHAIN, completed(at="2020-02-04"), rule="1/B", assume=EXCLUSIVE) == "violated"


def test_a_start_that_is_not_sure_makes_the_deadline_an_interval() -> None:
    perhaps = begun(actor=..., actor_candidates=["red", "blue"])
    assert red(CHAIN, perhaps, completed(at="2020-01-29"), rule="1/B", assume=EXCLUSIVE) == "complied"
    assert red(CHAIN, perhaps, completed(at="2020-02-01"), rule="1/B", assume=EXCLUSIVE) == "indeterminate"
    assert red(CHAIN, perhaps, completed(at="2020-02-05"), rule="1/B", assume=EXCLUSIVE) == "violated"


def test_without_a_start_or_a_fallback_the_duty_waits_and_says_for_what() -> None:
    text = (
        BEGIN
        + "rule B: Each party shall complete withdrawal of heavy-artillery, within 14 days after the start of rule A.\n"
    )
    result = run(agree(text, assume=EXCLUSIVE))
    found = next(f for f in result.findings if (f.rule, f.bearer) == ("1/B", "red"))
    assert found.verdict == "pending"
    assert "rule 1/A" in found.because


def test_a_prohibition_from_the_deadline_of_a_duty_begins_when_it_passes() -> None:
    text = BEGIN + "rule B: From the deadline of rule A, no party shall fire in square.\n"
    agreement = agree(text)
    assert finding(agreement, see("s", at="2020-01-20T23:59+02:00"), rule="1/B").verdict == "unobserved"
    assert finding(agreement, see("s", at="2020-01-21T00:00+02:00"), rule="1/B").verdict == "violated"


# ---- answering ----

ANSWER = "rule A: After each fire by a party, that party shall notify, to mission, within 24 hours after it.\n"


def notice(name: str = "notice", at: str = "2020-02-01T18:00+02:00", **fields: Any) -> Any:
    return see(name, "notify", at=at, **fields)


def answered(*seen: Any, at: str = "2020-12-31") -> str:
    return finding(agree(ANSWER), *seen, at=at).verdict.value


def test_each_trigger_has_its_own_duty() -> None:
    seen = [see("one"), see("two", at="2020-02-03T12:00+02:00"), notice(refers_to=["one"])]
    found = {e.observation: f for f in run(agree(ANSWER), *seen).findings for e in f.evidence if e.role == "triggers"}
    assert {name: f.verdict.value for name, f in found.items()} == {"one": "complied", "two": "unobserved"}


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2020-02-02T11:59+02:00", "complied"),
        ("2020-02-02T12:00+02:00", "indeterminate"),
        ("2020-02-01T11:00+02:00", "unobserved"),
    ],
)
def test_a_notice_within_24_hours(at: str, expected: str) -> None:
    assert answered(see("shot"), notice(at=at, refers_to=["shot"])) == expected


def test_a_notice_that_does_not_say_what_it_answers_may_answer() -> None:
    assert answered(see("shot"), notice()) == "indeterminate"


def test_a_notice_that_answers_something_else_does_not() -> None:
    assert answered(see("shot"), notice(refers_to=["other"])) == "unobserved"


def test_a_notice_of_the_other_party_does_not() -> None:
    assert answered(see("shot"), notice(actor="blue", refers_to=["shot"])) == "unobserved"


def test_before_the_24_hours_are_over_the_answer_is_pending() -> None:
    assert answered(see("shot"), at="2020-02-02T11:59+02:00") == "pending"


def test_without_a_trigger_there_is_a_remainder_only() -> None:
    result = run(agree(ANSWER))
    assert [(f.instance, f.verdict.value) for f in result.findings] == [("remainder", "unobserved")]


def test_a_trigger_by_one_who_is_not_bound_starts_no_duty() -> None:
    assert answered(see("shot", actor="bandits")) == "unobserved"
    assert [f.instance for f in run(agree(ANSWER), see("shot", actor="bandits")).findings] == ["remainder"]


def test_a_trigger_nobody_could_attribute_decides_nothing() -> None:
    result = run(agree(ANSWER), see("shot", actor=...), notice(refers_to=["shot"]))
    assert not {f.verdict.value for f in result.findings} & {"violated", "complied"}


def test_a_notice_corrected_still_answers_what_its_first_form_answered() -> None:
    again = notice("again", corrects="notice", refers_to=["shot"], note="x")
    assert answered(see("shot"), notice(refers_to=["shot"]), again) == "complied"
    shot = see("shot2", corrects="shot", note="x")
    assert answered(see("shot"), shot, notice(refers_to=["shot"])) == "complied"


def test_a_duty_that_may_never_have_begun_is_not_surely_left_undone() -> None:
    """Who published is open, so it is open whether the other duty ever began: that it was not done is no breach yet."""
    rules = (
        "rule A: red shall publish, by 2020-01-20.\n"
        "rule B: From the start of rule A, red shall adopt, no later than 2020-02-08.\n"
    )
    agreement = agree(
        rules, assume='assuming mission registers each adopt within 1 day, because "it keeps a log".\n' + EXCLUSIVE
    )
    log = {"at": {"from": "2020-01-10", "to": "2020-03-01", "kind": "throughout"}, "able_to_see": {"acts": ["adopt"]}}
    register = see("log", "watch", actor=..., place=..., **log)
    said = {"at": "2020-01-15T12:00+02:00", "place": ...}
    perhaps = see("page", "publish", actor=..., actor_candidates=["red", "blue"], **said)
    found = finding(agreement, perhaps, register, rule="1/B")
    assert found.verdict.value == "indeterminate"
    assert any("ever was" in question for question in found.undecided_by), found.undecided_by
    assert finding(agreement, see("page", "publish", **said), register, rule="1/B").verdict.value == "violated"
