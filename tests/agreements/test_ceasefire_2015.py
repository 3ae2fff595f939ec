"""The ceasefire of February 2015: the minute it begins, who is bound, and what a report of fire comes to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import servanda
from servanda import Verdict

Record = dict[str, Any]
Check = Callable[..., servanda.Result]
Make = Callable[..., Record]
AVDIIVKA = {"lon": 37.745, "lat": 48.1453, "error_m": 4000}


@pytest.mark.parametrize(
    ("at", "verdicts"),
    [
        ("2015-02-14T23:59:59+02:00", []),
        ("2015-02-14T21:59:59Z", []),
        ("2015-02-15T00:00+02:00", [Verdict.VIOLATED]),
        ("2015-02-14T22:00Z", [Verdict.VIOLATED]),
        ({"from": "2015-02-14T23:30+02:00", "to": "2015-02-15T00:30+02:00", "kind": "within"}, [Verdict.INDETERMINATE]),
        ({"from": "2015-02-14T23:30+02:00", "to": "2015-02-15T00:00+02:00", "kind": "within"}, []),
        ("2015-02-14", []),
        ("2015-02-15", [Verdict.VIOLATED]),
    ],
)
def test_midnight_in_kyiv(checked: Check, record: Make, at: object, verdicts: list[Verdict]) -> None:
    result = checked(
        "minsk-2-2015", record("f", "fire", at, actor="ukraine", place=AVDIIVKA), at="2015-03-01T00:00+02:00"
    )
    found = [f for f in result.findings if f.rule == "1/A" and f.evidence]
    assert [f.verdict for f in found] == verdicts
    if not verdicts:
        assert [(a.status, a.reason) for a in result.accounts] == [("unused", "tested, and no breach possible")]


def test_an_explosion_nobody_saw_fired_is_a_breach_by_a_party_not_known(checked: Check, record: Make) -> None:
    heard = record("x", "explosion", "2015-06-01T12:00+03:00", place=AVDIIVKA, count=8, unit="explosions")
    (finding,) = [f for f in checked("minsk-2-2015", heard).findings if f.rule == "1/A"]
    assert (finding.verdict, finding.bearer, finding.actor) == (Verdict.VIOLATED, None, None)
    assert finding.attribution.status == "none"
    assert finding.by_unit["explosions"].min == 8
    said = " ".join(a.text for a in finding.assumptions)
    assert "count as `fire`" in said
    assert "unattributed" in said


def test_one_who_is_not_bound_breaks_nothing(checked: Check, record: Make) -> None:
    shot = record("f", "fire", "2015-06-01T12:00+03:00", actor="russia", place=AVDIIVKA)
    result = checked("minsk-2-2015", shot)
    assert Verdict.VIOLATED not in {f.verdict for f in result.findings}
    either = record("g", "fire", "2015-06-01T12:00+03:00", actor_candidates=["russia", "formations"], place=AVDIIVKA)
    (finding,) = [f for f in checked("minsk-2-2015", either).findings if f.rule == "1/A"]
    assert finding.verdict is Verdict.INDETERMINATE
    assert any("who acted" in question for question in finding.undecided_by)


def test_a_source_the_encoding_does_not_vouch_for_leaves_it_open(checked: Check, record: Make) -> None:
    claim = record("f", "fire", "2015-06-01T12:00+03:00", source="ukraine", actor="formations", place=AVDIIVKA)
    (finding,) = [f for f in checked("minsk-2-2015", claim).findings if f.rule == "1/A"]
    assert finding.verdict is Verdict.INDETERMINATE
    assert any("reasonable grounds" in question for question in finding.undecided_by)


def test_far_from_the_area_nothing_is_breached(checked: Check, record: Make) -> None:
    kyiv = record("f", "fire", "2015-06-01T12:00+03:00", actor="ukraine", place={"lon": 30.52, "lat": 50.45})
    result = checked("minsk-2-2015", kyiv)
    assert not [f for f in result.findings if f.rule == "1/A" and f.evidence]
