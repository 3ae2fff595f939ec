"""The measures of 2020: return fire and its conditions, orders and notices, and who is bound."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import servanda
from servanda import Finding, Verdict

Record = dict[str, Any]
Check = Callable[..., servanda.Result]
Make = Callable[..., Record]
PLACE = {"lon": 38.0, "lat": 48.3, "error_m": 500}


@pytest.fixture
def parts(record: Make) -> dict[str, Record]:
    """Return fire by Ukraine with everything it needs: each record says that it is about the fire."""
    day = "2020-09-01T{}+03:00"
    return {
        "fire": record("fire", "fire", day.format("10:00"), actor="ukraine", place=PLACE),
        "operation": record("operation", "offensive-operation", day.format("08:00"), actor="formations", place=PLACE,
                            refers_to=["fire"]),
        "failure": record("failure", "mechanism-failure", day.format("09:00"), actor="ukraine", refers_to=["fire"]),
        "order": record("order", "retaliation-order", day.format("09:30"), actor="ukraine", refers_to=["fire"]),
    }  # fmt: skip


def of_rule(result: servanda.Result, rule: str) -> Finding:
    """The one finding of a rule."""
    (finding,) = [f for f in result.findings if f.rule == rule]
    return finding


@pytest.mark.parametrize(
    ("named", "verdict", "exception"),
    [
        ("operation failure order", Verdict.EXCUSED, "shown"),
        ("", Verdict.VIOLATED, "not-shown"),
        ("operation", Verdict.INDETERMINATE, "open"),
        ("order", Verdict.INDETERMINATE, "open"),
        ("failure order", Verdict.INDETERMINATE, "open"),
        ("operation order", Verdict.INDETERMINATE, "open"),
        ("operation failure", Verdict.INDETERMINATE, "open"),
    ],
)
def test_return_fire(checked: Check, parts: dict[str, Record], named: str, verdict: Verdict, exception: str) -> None:
    finding = of_rule(checked("measures-2020", parts["fire"], *(parts[n] for n in named.split())), "2/A")
    assert finding.verdict is verdict
    assert [(e.rule, e.result) for e in finding.exceptions] == [("6/A", exception)]
    roles = {e.observation: e.role for e in finding.evidence}
    assert roles.pop("fire") == "shows"
    assert roles == dict.fromkeys(named.split(), "shows-exception")


def test_conditions_that_come_after_the_fire_excuse_nothing(checked: Check, parts: dict[str, Record]) -> None:
    late = [{**parts[n], "at": "2020-09-02T09:00+03:00"} for n in ("operation", "failure", "order")]
    assert of_rule(checked("measures-2020", parts["fire"], *late), "2/A").verdict is Verdict.VIOLATED


def test_one_s_own_offensive_is_nothing_to_answer(checked: Check, parts: dict[str, Record]) -> None:
    own = {**parts["operation"], "actor": "ukraine"}
    finding = of_rule(checked("measures-2020", parts["fire"], own, parts["failure"], parts["order"]), "2/A")
    assert finding.verdict is Verdict.INDETERMINATE


def test_the_other_side_s_order_is_not_one_s_own(checked: Check, parts: dict[str, Record]) -> None:
    theirs = {**parts["order"], "actor": "formations"}
    finding = of_rule(checked("measures-2020", parts["fire"], parts["operation"], parts["failure"], theirs), "2/A")
    assert finding.verdict is Verdict.INDETERMINATE


def test_records_about_another_fire_excuse_nothing(checked: Check, parts: dict[str, Record]) -> None:
    other = [{**parts[n], "refers_to": ["another"]} for n in ("operation", "failure", "order")]
    assert of_rule(checked("measures-2020", parts["fire"], *other), "2/A").verdict is Verdict.VIOLATED


@pytest.mark.parametrize("act", ["advance", "fortify", "reconnaissance-operation", "sabotage-operation"])
def test_what_the_footnote_calls_offensive_can_be_answered(checked: Check, parts: dict[str, Record], act: str) -> None:
    seen = {**parts["operation"], "act": act}
    result = checked("measures-2020", parts["fire"], seen, parts["failure"], parts["order"])
    assert of_rule(result, "2/A").verdict is Verdict.EXCUSED
    breached = {f.rule for f in result.findings if f.verdict is Verdict.VIOLATED}
    assert breached == {{"reconnaissance-operation": "1/B", "sabotage-operation": "1/C"}.get(act, "1/A")}


def test_a_party_s_own_word_does_not_excuse_it(checked: Check, parts: dict[str, Record]) -> None:
    claimed = [{**parts[n], "source": {"id": "ukraine"}} for n in ("operation", "failure", "order")]
    finding = of_rule(checked("measures-2020", parts["fire"], *claimed), "2/A")
    assert finding.verdict is not Verdict.EXCUSED


def test_a_finding_excused_lists_what_the_exception_assumes(checked: Check, parts: dict[str, Record]) -> None:
    records = [parts["fire"], {**parts["operation"], "act": "advance"}, parts["failure"], parts["order"]]
    finding = of_rule(checked("measures-2020", *records), "2/A")
    said = " ".join(a.text for a in finding.assumptions)
    assert "count as `offensive-operation`" in said
    assert "come before the fire" in said


def test_an_order_calls_for_a_notice_without_a_time_limit(checked: Check, parts: dict[str, Record]) -> None:
    finding = of_rule(checked("measures-2020", parts["order"]), "6/B")
    assert (finding.verdict, finding.bearer, finding.counterpart) == (Verdict.PENDING, "ukraine", ("tcg",))
    assert finding.deadline is None
    assert "sets no time limit" in finding.because


def test_a_notice_that_refers_to_the_order_performs_it(checked: Check, record: Make, parts: dict[str, Record]) -> None:
    notice = record("notice", "notify", "2020-09-01T12:00+03:00", source="tcg", actor="ukraine", refers_to=["order"])
    finding = of_rule(checked("measures-2020", parts["order"], notice), "6/B")
    assert finding.verdict is Verdict.COMPLIED
    assert {e.observation: e.role for e in finding.evidence} == {"notice": "shows", "order": "triggers"}


def test_a_notice_of_something_else_or_by_someone_else_does_not(
    checked: Check, record: Make, parts: dict[str, Record]
) -> None:
    at = "2020-09-01T12:00+03:00"
    other = record("notice", "notify", at, source="tcg", actor="ukraine", refers_to=["another"])
    theirs = record("notice", "notify", at, source="tcg", actor="formations", refers_to=["order"])
    unsaid = record("notice", "notify", at, source="tcg", actor="ukraine")
    own_word = record("notice", "notify", at, source="ukraine", actor="ukraine", refers_to=["order"])
    verdicts = [of_rule(checked("measures-2020", parts["order"], n), "6/B").verdict for n in (other, theirs)]
    assert verdicts == [Verdict.PENDING, Verdict.PENDING]
    verdicts = [of_rule(checked("measures-2020", parts["order"], n), "6/B").verdict for n in (unsaid, own_word)]
    assert verdicts == [Verdict.INDETERMINATE, Verdict.INDETERMINATE]


def test_discipline_calls_for_a_notice_too(checked: Check, record: Make) -> None:
    done = record("done", "discipline", "2020-09-01T12:00+03:00", actor="formations")
    finding = of_rule(checked("measures-2020", done), "4/B")
    assert (finding.verdict, finding.bearer) == (Verdict.PENDING, "formations")


def test_orders_are_due_when_the_measures_begin(checked: Check, record: Make) -> None:
    order = record("order", "order-ceasefire", "2020-07-26T18:00+03:00", actor="ukraine")
    result = checked("measures-2020", order, at="2020-08-01T00:00+03:00")
    verdicts = {f.bearer: f.verdict for f in result.findings if f.rule == "chapeau/A"}
    assert verdicts == {"ukraine": Verdict.COMPLIED, "formations": Verdict.UNOBSERVED}
    announced = of_rule(result, "closing/A")
    assert (announced.verdict, announced.bearer) == (Verdict.PENDING, "ukraine")


@pytest.mark.parametrize(
    ("at", "verdicts"), [("2020-07-27T00:00:59+03:00", []), ("2020-07-27T00:01+03:00", [Verdict.VIOLATED])]
)
def test_the_first_minute_is_free(checked: Check, record: Make, at: str, verdicts: list[Verdict]) -> None:
    result = checked("measures-2020", record("f", "fire", at, actor="formations", place=PLACE))
    assert [f.verdict for f in result.findings if f.rule == "2/A" and f.evidence] == verdicts


def test_aerial_vehicles_of_the_sides_only(checked: Check, record: Make) -> None:
    def fly(actor: str | None) -> servanda.Result:
        seen = record("f", "fly", "2020-09-01T12:00+03:00", actor=actor, weapon={"category": "uav"}, place=PLACE)
        return checked("measures-2020", seen)

    assert of_rule(fly("ukraine"), "1/D").verdict is Verdict.VIOLATED
    assert of_rule(fly(None), "1/D").verdict is Verdict.INDETERMINATE  # it may be the mission's own
    assert Verdict.VIOLATED not in {f.verdict for f in fly("smm").findings}


def test_one_who_is_not_bound_breaks_nothing(checked: Check, parts: dict[str, Record]) -> None:
    result = checked("measures-2020", {**parts["fire"], "actor": "russia"})
    assert not {Verdict.VIOLATED, Verdict.INDETERMINATE} & {f.verdict for f in result.findings}
