"""Rings that cross or touch themselves, and drawings whose parts have an accuracy of their own."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
import shapely
from groundwork import GEOD, at_km, finding, see, terms, trial, verdict, write
from hypothesis import given
from hypothesis import strategies as st

import servanda
from servanda.observations.shapes import Disc
from servanda.space import parts
from servanda.space.cover import cover
from servanda.space.relations import reach

MENDED = 'zone sketch "the sketch" from "maps/sketch.geojson", mended because "the corners are in a wrong order".\n'
NO_FIRE = "rule A: No party shall fire in sketch.\n"
BOW_TIE = {"type": "Polygon", "coordinates": [[[37, 47], [39, 49], [39, 47], [37, 49], [37, 47]]]}
TOUCHING = {
    "type": "Polygon",
    "coordinates": [[[37, 47], [39, 47], [38, 48], [39, 49], [37, 49], [38, 48], [37, 47]]],
}


def made(folder: Path, sketch: Any, declare: str = MENDED, rules: str = NO_FIRE) -> servanda.Agreement:
    return servanda.load(write(folder, terms(rules, assume=declare), sketch=sketch))


def codes(folder: Path, sketch: Any, declare: str = MENDED) -> list[str]:
    with pytest.raises(servanda.AgreementError) as error:
        made(folder, sketch, declare)
    return [d.code for d in error.value.diagnostics]


@pytest.mark.parametrize("sketch", [BOW_TIE, TOUCHING])
def test_a_ring_that_crosses_or_touches_itself_is_refused_unless_mending_is_asked_for(
    tmp_path: Path, sketch: Any
) -> None:
    plain = MENDED.replace(', mended because "the corners are in a wrong order"', "")
    assert codes(tmp_path / "a", sketch, plain) == ["E343"]
    assert made(tmp_path / "b", sketch).zone("sketch").mended == "the corners are in a wrong order"


def test_a_mended_zone_is_what_its_rings_enclose_and_every_finding_says_so(tmp_path: Path) -> None:
    agreement = made(tmp_path, BOW_TIE)
    found = finding(agreement, see("shot", place={"lon": 37.2, "lat": 48.0, "error_m": 10}))
    assert found.verdict.value == "violated"
    assert "sketch-mended" in [a.id for a in found.assumptions]
    assert verdict(agreement, see("shot", place={"lon": 38.0, "lat": 47.2, "error_m": 10})) == "unobserved"


def test_a_place_that_is_a_mended_zone_rests_on_the_mending_too(tmp_path: Path) -> None:
    agreement = made(tmp_path, BOW_TIE, rules="rule A: No party shall fire in square.\n")
    found = finding(agreement, see("shot", place={"zone": "sketch"}))
    assert "sketch-mended" in [a.id for a in found.assumptions]


def test_what_needs_no_mending_may_not_claim_it(tmp_path: Path) -> None:
    fine = {"type": "Polygon", "coordinates": [[[37, 47], [39, 47], [39, 49], [37, 47]]]}
    assert codes(tmp_path, fine) == ["E345"]


def test_what_encloses_nothing_or_lies_off_the_globe_is_not_mended(tmp_path: Path) -> None:
    flat = {"type": "Polygon", "coordinates": [[[37, 47], [38, 47], [39, 47], [37, 47]]]}
    assert codes(tmp_path / "a", flat) == ["E343"]
    off = {"type": "Polygon", "coordinates": [[[47, 137], [49, 139], [47, 139], [49, 137], [47, 137]]]}
    assert codes(tmp_path / "b", off) == ["E343"]


def collection(*features: tuple[dict[str, Any], dict[str, Any]]) -> dict[str, Any]:
    made = [{"type": "Feature", "properties": p, "geometry": g} for g, p in features]
    return {"type": "FeatureCollection", "features": made}


def line(*points: tuple[float, float]) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": [list(p) for p in points]}


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


SOUTH, NORTH = line((38, 46), (38, 48)), line((38, 48), (38, 50))


@pytest.mark.parametrize(
    ("lat", "km", "expected"),
    [
        (47.0, 4, "violated"),
        (47.0, 6, "unobserved"),
        (49.0, 4, "indeterminate"),
        (49.0, 6, "indeterminate"),
        (49.0, 8, "unobserved"),
        (47.0, 4.9, "violated"),
    ],
)
def test_each_part_of_a_line_has_its_own_accuracy(tmp_path: Path, lat: float, km: float, expected: str) -> None:
    declare = 'line course "the course" from "maps/sketch.geojson", accurate to 10 m.\n'
    course = collection((SOUTH, {}), (NORTH, {"accurate_to_m": 2000}))
    agreement = made(tmp_path, course, declare, "rule A: No party shall fire within 5 km of course.\n")
    assert verdict(agreement, see("shot", place=at_km(km, lat=lat))) == expected


def test_each_part_of_a_zone_has_its_own_accuracy_and_what_lies_between_them_is_inside(tmp_path: Path) -> None:
    declare = 'zone sketch "the sketch" from "maps/sketch.geojson".\n'
    two = collection((box(37, 47, 38, 49), {"accurate_to_m": 5000}), (box(38, 47, 39, 49), {"accurate_to_m": 10}))
    agreement = made(tmp_path, two, declare)
    found = {
        lon: verdict(agreement, see("shot", place={"lon": lon, "lat": 48.0, "error_m": 10}))
        for lon in (37.03, 37.5, 38.0, 38.97, 39.03, 36.97)
    }
    assert found == {
        37.03: "indeterminate",
        37.5: "violated",
        38.0: "violated",
        38.97: "violated",
        39.03: "unobserved",
        36.97: "indeterminate",
    }


@pytest.mark.parametrize("wrong", [-1, "far", True, [5]])
def test_an_accuracy_that_is_no_distance_is_named(tmp_path: Path, wrong: Any) -> None:
    declare = 'zone sketch "the sketch" from "maps/sketch.geojson".\n'
    assert codes(tmp_path, collection((box(37, 47, 38, 49), {"accurate_to_m": wrong})), declare) == ["E346"]


@trial
@given(
    st.lists(st.floats(-0.2, 0.2), min_size=2, max_size=4),
    st.lists(st.floats(0, 20_000), min_size=1, max_size=3),
    st.floats(-0.4, 0.4),
    st.floats(-0.4, 0.4),
    st.data(),
)
def test_the_bounds_hold_wherever_each_part_truly_runs(
    turns: list[float], accuracies: list[float], lon: float, lat: float, data: st.DataObject
) -> None:
    corners = [(x, 0.1 * i) for i, x in enumerate(turns)]
    pieces = [
        parts.Part(shapely.LineString(p), accuracies[i % len(accuracies)])
        for i, p in enumerate(itertools.pairwise(corners))
    ]
    bounds = reach(cover(Disc(lon, lat, 0.0)), parts.drawn(pieces, "x", "", None))
    truly = []
    for piece in pieces:
        angle, share = data.draw(st.floats(0, 360)), data.draw(st.floats(0, 1))
        points = [piece.geometry.interpolate(k / 200, normalized=True) for k in range(201)]
        moved = [GEOD.fwd(p.x, p.y, angle, piece.accuracy_m * share)[:2] for p in points]
        truly.extend(GEOD.inv(lon, lat, *p)[2] for p in moved)
    nearest, step = min(truly), 0.25 * 111_320 / 200
    assert bounds.least_m - step <= nearest <= bounds.most_m + step
