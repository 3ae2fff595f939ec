"""Zones and lines that were redrawn: each is what it was on the day of what was seen."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from groundwork import SQUARE, finding, meridian, see, terms, verdict, write
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Polygon

import servanda
from servanda.space.distance import Edges
from servanda.space.drawn import Drawings, Drawn

SMALL = [[38.5, 47.5], [39, 47.5], [39, 48.5], [38.5, 48.5], [38.5, 47.5]]
AIR = 'zone air "the air zone" from "maps/square.geojson", from 2020-02-01 as in "maps/small.geojson".\n'
IN_BOTH, IN_FIRST = {"lon": 38.7, "lat": 48.0, "error_m": 10}, {"lon": 38.0, "lat": 48.0, "error_m": 10}


def made(folder: Path, rules: str, declare: str = AIR, **maps: Any) -> servanda.Agreement:
    small = {"type": "Polygon", "coordinates": [SMALL]}
    return servanda.load(write(folder, terms(rules, assume=declare), **{"small": small, **maps}))


@pytest.mark.parametrize(
    ("at", "place", "expected"),
    [
        ("2020-01-31T23:59:59.999999+02:00", IN_FIRST, "violated"),
        ("2020-02-01T00:00+02:00", IN_FIRST, "unobserved"),
        ("2020-01-31", IN_FIRST, "violated"),
        ("2020-02-01", IN_FIRST, "unobserved"),
        ({"from": "2020-01-31", "to": "2020-02-01"}, IN_FIRST, "indeterminate"),
        ({"from": "2020-01-31", "to": "2020-02-01"}, IN_BOTH, "violated"),
        ({"from": "2020-01-31", "to": "2020-02-01", "kind": "throughout"}, IN_FIRST, "indeterminate"),
        ({"from": "2020-01-31", "to": "2020-02-01"}, {"zone": "air"}, "violated"),
        ("2020-02-02", {"lon": 38.5, "lat": 48.0, "error_m": 10}, "indeterminate"),
    ],
)
def test_a_zone_is_what_it_was_on_that_day(tmp_path: Path, at: Any, place: Any, expected: str) -> None:
    agreement = made(tmp_path, "rule A: No party shall fly in air.\n")
    assert verdict(agreement, see("flight", "fly", at=at, place=place)) == expected


def test_a_line_is_what_it_was_on_that_day(tmp_path: Path) -> None:
    declare = 'line course "the course" from "maps/front.geojson", from 2020-02-01 as in "maps/course.geojson".\n'
    rule = "rule A: No party shall fire within 5 km of course.\n"
    agreement = made(tmp_path, rule, declare, course=meridian(39.0))
    assert verdict(agreement, see("shot", at="2020-01-31", place=IN_FIRST)) == "violated"
    assert verdict(agreement, see("shot", at="2020-02-01", place=IN_FIRST)) == "unobserved"


def test_a_place_given_as_a_zone_is_the_zone_of_that_day(tmp_path: Path) -> None:
    declare = AIR + 'zone west "the west" from "maps/west.geojson".\n'
    west = {"type": "Polygon", "coordinates": [[[38.4, 47], [40, 47], [40, 49], [38.4, 49], [38.4, 47]]]}
    agreement = made(tmp_path, "rule A: No party shall fly in west.\n", declare, west=west)
    assert verdict(agreement, see("flight", "fly", at="2020-01-31", place={"zone": "air"})) == "indeterminate"
    assert verdict(agreement, see("flight", "fly", at="2020-02-01", place={"zone": "air"})) == "violated"


def test_the_finding_asks_when_it_was(tmp_path: Path) -> None:
    agreement = made(tmp_path, "rule A: No party shall fly in air.\n")
    night = {"from": "2020-01-31", "to": "2020-02-01"}
    found = finding(agreement, see("flight", "fly", at=night, place=IN_FIRST))
    assert found.undecided_by == ("time: before or after `air` was redrawn",)


def test_every_drawing_stands_in_the_provenance_and_changes_the_digest(tmp_path: Path) -> None:
    one = made(tmp_path / "one", "rule A: No party shall fly in air.\n")
    other = made(
        tmp_path / "two", "rule A: No party shall fly in air.\n", small={"type": "Polygon", "coordinates": [SQUARE]}
    )
    assert one.digest != other.digest
    geometry = servanda.check(one, [], at="2020-02-01").provenance["geometry"]
    assert {"air", "air from 2020-02-01"} <= set(geometry)  # type: ignore[call-overload]


def test_a_later_drawing_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    with pytest.raises(servanda.AgreementError) as error:
        made(tmp_path, "rule A: No party shall fly in air.\n", small="{")
    (found,) = error.value.diagnostics
    assert (found.code, "maps/small.geojson" in found.message) == ("E341", True)


@given(st.lists(st.integers(-50, 50), unique=True, max_size=4), st.integers(-60, 60), st.integers(0, 30))
def test_the_drawings_of_a_time_are_those_that_held_at_some_instant_of_it(
    starts: list[int], first: int, length: int
) -> None:
    from_us = (-(2**63), *sorted(starts))
    shape = Polygon(SQUARE)
    each = tuple(Drawn("x", shape, Edges.of(shape), 0.0, "", dt.date(2020, 1, 1)) for _ in from_us)
    held = {max(i for i, s in enumerate(from_us) if s <= t) for t in range(first, first + max(length, 1))}
    found = Drawings("x", each, from_us).during(first, first + length)
    assert [each.index(d) for d in found] == sorted(held)
