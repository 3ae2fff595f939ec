"""Ceilings, floors and quotas: what a reader is told of them, at the borders of days, and what is surely there."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from groundwork import agree, finding, raw, run, see, trial, verdict
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import servanda
from servanda.cli.app import app
from servanda.findings.model import UnitCount
from servanda.stream.measures import distinct

TANKS = agree("rule A: At no time shall red have more than 75 tank in square.\n")
SHOTS = agree("rule A: red shall not fire more than 2 times in any 3 days in square.\n")
TRUCKS = agree(
    "rule A: On each day from 2020-03-28 until 2020-03-30 00:00, blue shall admit at least 9 trucks into square.\n"
)
OWN_LINE = agree(
    "rule A: At no time shall a party have more than 5 tank within 10 km of the line,\n"
    "    measured for red from front and for blue from old-line.\n"
)
SQUARE = {"zone": "square"}


def tanks(name: str, count: Any, **more: Any) -> servanda.observations.Observation:
    return see(name, "keep", weapon={"category": "tank"}, count=count, **more)


def trucks(name: str, count: int, at: Any, **more: Any) -> servanda.observations.Observation:
    return see(name, "admit", actor="blue", at=at, count=count, unit="trucks", target=SQUARE, **more)


def test_the_sentence_says_the_duty_the_figure_the_limit_and_by_how_much() -> None:
    found = finding(TANKS, tanks("all", 80))
    assert found.because == (
        "clause 1, rule A: Red must not keep more than 75 tanks at any one time in the square; "
        "at least 80 tanks (limit 75, 5 over) on 1 February 2020 at 12:00; the rule is breached by Red"
    )
    (measure,) = [m for m in found.measured if m.observation is None]
    assert (measure.name, measure.for_, measure.min, measure.limit, measure.unit) == ("tanks", "red", 80, 75, "piece")
    assert found.by_unit == {"piece": UnitCount(min=80)}


def test_the_table_gives_the_figure_in_its_unit_against_the_limit(tmp_path: Path) -> None:
    night = tmp_path / "night.jsonl"
    night.write_text("\n".join(json.dumps(tanks(n, c).to_record()) for n, c in (("all", 80), ("some", 60))))
    shown = CliRunner().invoke(app, ["check", str(TANKS.folder), str(night)], env={"COLUMNS": "160", "NO_COLOR": "1"})
    assert "at least 80 tanks, limit 75" in shown.stdout
    assert "km from tanks" not in shown.stdout


def test_what_would_settle_it_is_named() -> None:
    found = finding(TANKS, tanks("some", {"min": 70, "max": 90}))
    assert found.verdict.value == "indeterminate"
    assert found.undecided_by == ("how many there were: the source says 70 to 90",)


def test_firings_in_a_stretch_of_time_are_told_with_their_range() -> None:
    shots = [see(f"s{day}", at=f"2020-02-0{day}T12:00+02:00") for day in (1, 2, 3, 5)]
    found = finding(SHOTS, *shots)
    assert [e.observation for e in found.evidence] == ["s1", "s2", "s3"], "the first of them that are too many"
    assert "at least 3 times (limit 2, 1 over) between 1 February 2020 at 12:00 and 3 February 2020" in found.because
    unused = {a.observation: a.reason for a in run(SHOTS, *shots).accounts if a.status == "unused"}
    assert unused == {"s5": "counted under a limit that it neither breaks nor settles by itself"}


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2020-03-28T23:59+02:00", "2020-03-28"),
        ("2020-03-29T00:00+02:00", "2020-03-29"),
        ("2020-03-29T23:59+03:00", "2020-03-29"),
        ("2020-03-29T20:59:59Z", "2020-03-29"),
    ],
)
def test_a_day_is_the_local_day_and_has_23_hours_where_clocks_go_forward(at: str, day: str) -> None:
    found = run(TRUCKS, trucks("nine", 9, at)).findings
    assert [(f.instance, f.verdict.value) for f in found if f.verdict.value == "complied"] == [
        (f"blue:{day}", "complied")
    ]


def test_complete_counts_by_turns_have_to_leave_no_hour_out() -> None:
    night = {"from": "2020-03-29T00:00+02:00", "to": "2020-03-29T12:00+03:00", "kind": "spread"}
    day = {"from": "2020-03-29T12:00+03:00", "to": "2020-03-30T00:00+03:00", "kind": "spread"}
    short = {"from": "2020-03-29T13:00+03:00", "to": "2020-03-30T00:00+03:00", "kind": "spread"}
    first = trucks("night", 4, night, complete=True)
    for late, verdict_ in ((day, "violated"), (short, "unobserved")):
        found = run(TRUCKS, first, trucks("day", 4, late, complete=True)).findings
        assert {f.verdict.value for f in found if f.instance == "blue:2020-03-29"} == {verdict_}


def test_each_party_is_counted_from_its_own_line() -> None:
    east = {"lon": 38.2, "lat": 48.0, "error_m": 10}
    found = run(OWN_LINE, tanks("red", 6, place=east), tanks("blue", 6, actor="blue", place=east)).findings
    assert {(f.bearer, f.verdict.value) for f in found} == {("red", "unobserved"), ("blue", "violated")}


def test_a_row_that_was_set_aside_keeps_a_floor_from_being_missed_and_a_ceiling_from_being_kept() -> None:
    odd = {"id": "odd", "act": "hum", "at": "2020-02-01"}
    whole = raw("whole", "keep", weapon={"category": "tank"}, count=5, complete=True, place=SQUARE)
    short = raw("short", "admit", actor="blue", at="2020-03-28", count=5, unit="trucks", complete=True, target=SQUARE)
    for agreement, record, verdict_ in ((TANKS, whole, "complied"), (TRUCKS, short, "violated")):
        alone, beside = (
            servanda.check(agreement, servanda.read(rows, time_zone="Europe/Kyiv"), at="2020-12-31T00:00+02:00")
            for rows in ([record], [record, odd])
        )
        assert verdict_ in {f.verdict.value for f in alone.findings}
        assert verdict_ not in {f.verdict.value for f in beside.findings}


@trial
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 90)), min_size=1, max_size=5), st.integers(0, 90))
def test_seeing_more_never_takes_away_what_is_surely_too_much(seen: list[tuple[int, int]], more: int) -> None:
    looks = [
        tanks(f"t{i}", count, place={"lon": 37.5 + spot / 4, "lat": 48.0, "error_m": 100})
        for i, (spot, count) in enumerate(seen)
    ]
    found = run(TANKS, *looks).findings
    again = run(TANKS, *looks, tanks("more", more, place={"lon": 37.6, "lat": 48.0, "error_m": 20_000})).findings
    if "violated" in {f.verdict.value for f in found}:
        assert "violated" in {f.verdict.value for f in again}


@trial
@given(st.lists(st.integers(1, 9), max_size=8), st.data())
def test_the_most_that_is_surely_there_is_the_best_of_all_choices(sizes: list[int], data: st.DataObject) -> None:
    keys = [f"k{i}" for i in range(len(sizes))]
    pairs = list(itertools.combinations(keys, 2))
    drawn = data.draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    same = {k: frozenset(b if a == k else a for a, b in drawn if k in {a, b}) for k in keys}
    weights = dict(zip(keys, map(float, sizes), strict=True))
    choices = (c for n in range(len(keys) + 1) for c in itertools.combinations(keys, n))
    best = max(sum(weights[k] for k in c) for c in choices if not any(same[k] & set(c) for k in c))
    assert sum(distinct._best(part, weights, same) for part in distinct._together(keys, same)) == best


def test_very_many_that_may_be_one_are_at_least_as_many_as_are_surely_apart() -> None:
    keys = [f"k{i:03}" for i in range(distinct.EXACT + 10)]
    same = {k: frozenset(keys) - {k} for k in keys}
    assert distinct._best(keys, dict.fromkeys(keys, 2.0), same) == 2.0


def test_nothing_is_said_of_a_limit_without_a_count() -> None:
    assert verdict(TANKS) == "unobserved"
    assert verdict(TANKS, at="2020-01-05T00:00+02:00") == "pending"
