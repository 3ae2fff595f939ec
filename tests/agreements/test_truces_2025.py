"""The truces and the moratorium of 2025, as reported, against what Ukraine reported was launched at it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import servanda
from servanda import Observations, Verdict

NAMES = ("easter-truce-2025", "victory-day-truce-2025", "energy-moratorium-2025")
Checked = Callable[..., servanda.Result]


@pytest.fixture(scope="module")
def launched(agreements: Path, shared_data: Path) -> Observations:
    """Everything that was launched."""
    file = shared_data / "missile_attacks_ua" / "missile_attacks_daily.csv.gz"
    if not file.is_file():
        pytest.skip("the table of attacks is not beside the project (../shared/data/missile_attacks_ua)")
    read = servanda.read(file, agreements / NAMES[0] / "observations" / "missile-attacks.toml")
    assert (len(read), len(read.rejected), read.ignored) == (3585, 0, {})
    return read


def local(us: int) -> str:
    """An instant by Kyiv summer time, which all of these days but the first two weeks of March have."""
    return dt.datetime.fromtimestamp(us / 1e6, dt.timezone(dt.timedelta(hours=3))).isoformat()[:16]


def within(result: servanda.Result, first: str, last: str) -> dict[str, Any]:
    """What began in a stretch of local time."""
    found = result.located.items()
    return {i: f.observation for i, f in found if first <= local(f.fact.earliest_us) < last}


@pytest.mark.parametrize("name", NAMES)
def test_it_is_marked_as_reported_and_not_as_the_text(agreements: Path, name: str) -> None:
    agreement = servanda.load(agreements / name)
    assert agreement.provenance == "reported"
    assert agreement.encoded_from is not None
    assert not agreement.encoded_from.authentic


def test_no_row_lies_in_the_easter_truce_and_that_is_no_compliance(agreements: Path, launched: Observations) -> None:
    result = servanda.check(agreements / NAMES[0], launched, at="2025-04-21T00:00+03:00")
    assert within(result, "2025-04-19T18:00", "2025-04-21T00:00") == {}
    assert [(f.rule, f.verdict) for f in result.findings] == [(f"truce/{r}", Verdict.UNOBSERVED) for r in "ABC"]
    assert result.totals == ()


def test_two_rows_of_four_small_aircraft_lie_in_the_truce_of_may(agreements: Path, launched: Observations) -> None:
    result = servanda.check(agreements / NAMES[1], launched, at="2025-05-12")
    seen = within(result, "2025-05-08T00:00", "2025-05-11T00:00").values()
    assert sorted((o.act, o.weapon.model, o.count) for o in seen if o.weapon) == [
        ("fly", ("ZALA",), 2),
        ("strike", ("Молнія",), 2),
    ]
    (total,) = result.totals
    assert (total.rule, total.max, len(total.parts)) == ("truce/A", 2, 1)
    (strike,) = [f for f in result.findings if f.rule == "truce/A"]
    assert strike.verdict in {Verdict.VIOLATED, Verdict.INDETERMINATE}
    assert [(e.observation, e.role) for e in strike.evidence if e.role != "contradicts"] == [
        (total.parts[0].observations[0], strike.evidence[0].role)
    ]


def test_strikes_whose_target_nobody_stated_leave_the_moratorium_open(agreements: Path, launched: Observations) -> None:
    result = servanda.check(agreements / NAMES[2], launched, at="2025-05-01")
    table = within(result, "2025-03-18T00:00", "2025-04-17T21:00")
    assert len(table) == 101
    assert sum(int(o.count) for o in table.values() if isinstance(o.count, int)) == 3189
    assert {f.verdict for f in result.findings} == {Verdict.INDETERMINATE}
    question = "what it was: the facilities on the published list, or something else"
    assert all(question in f.undecided_by for f in result.findings)
    assert [(t.rule, t.min) for t in result.totals] == [("strikes/A", 0), ("strikes/B", 0)]


@pytest.mark.parametrize(
    ("category", "verdict"),
    [
        ("refinery", Verdict.VIOLATED),
        ("heating-plant", Verdict.UNOBSERVED),
        ("military-object", Verdict.UNOBSERVED),
    ],
)
def test_a_stated_target_decides(agreements: Path, category: str, verdict: Verdict) -> None:
    record = {
        "id": "one", "act": "strike", "actor": "russia", "at": "2025-04-01T02:00+03:00",
        "object": {"category": category}, "weapon": {"category": "uav"},
    }  # fmt: skip
    result = servanda.check(agreements / NAMES[2], servanda.read([record]), at="2025-05-01", strict=True)
    assert {f.verdict for f in result.findings} == {verdict}


@pytest.mark.parametrize(("day", "rules"), [("2025-03-20", "A"), ("2025-04-01", "AB"), ("2025-04-20", "B")])
def test_what_only_one_side_counts_in_breaks_only_its_rule(agreements: Path, day: str, rules: str) -> None:
    record = {
        "id": "one",
        "act": "strike",
        "actor": "ukraine",
        "at": f"{day}T12:00+03:00",
        "object": {"category": "grid"},
    }
    result = servanda.check(agreements / NAMES[2], servanda.read([record]), at="2025-05-01", strict=True)
    assert [f.rule[-1] for f in result.findings if f.verdict is Verdict.VIOLATED] == list(rules)


def test_a_kind_of_object_that_nobody_knows_is_set_aside(agreements: Path) -> None:
    record = {"id": "one", "act": "strike", "actor": "russia", "at": "2025-04-01", "object": {"category": "powerplant"}}
    result = servanda.check(agreements / NAMES[2], servanda.read([record]), at="2025-05-01")
    assert [(r.field, r.code, r.help) for r in result.rejected] == [
        ("object.category", "O163", "did you mean `power-plant`?")
    ]
