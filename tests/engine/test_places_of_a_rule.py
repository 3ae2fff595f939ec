"""What a rule says of where: several places at once, bands, sides. All of it three-valued."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from groundwork import FRONT, GEOD, agree, at_km, finding, meridian, see, terms, verdict, write
from shapely.geometry import shape

import servanda
from servanda.observations.shapes import Disc
from servanda.space.cover import cover
from servanda.space.distance import Edges
from servanda.space.drawn import Drawn
from servanda.space.relations import reach

HARBOUR = 'zone harbour "the harbour" from "maps/harbour.geojson".\n'
IN_HARBOUR = {"type": "Polygon", "coordinates": [[[38.5, 47.5], [39, 47.5], [39, 48.5], [38.5, 48.5], [38.5, 47.5]]]}


def made(folder: Path, rules: str, declare: str = HARBOUR, **maps: Any) -> servanda.Agreement:
    """An agreement of the groundwork with more declarations and maps."""
    return servanda.load(write(folder, terms(rules, assume=declare), **{"harbour": IN_HARBOUR, **maps}))


def meridian_drawn() -> Drawn:
    geometry = shape(meridian(FRONT))
    return Drawn("front", geometry, Edges.of(geometry), 0.0, "")


def point(lon: float, lat: float = 48.0, error_m: float = 10) -> dict[str, float]:
    return {"lon": lon, "lat": lat, "error_m": error_m}


@pytest.mark.parametrize("written", ["in square, outside harbour", "in square outside harbour"])
@pytest.mark.parametrize(
    ("lon", "expected"),
    [(38.0, "violated"), (38.7, "unobserved"), (38.5, "indeterminate"), (37.0, "indeterminate"), (36.0, "unobserved")],
)
def test_all_places_of_a_rule_must_hold(tmp_path: Path, written: str, lon: float, expected: str) -> None:
    agreement = made(tmp_path, f"rule A: No party shall fire {written}.\n")
    assert verdict(agreement, see("shot", place=point(lon))) == expected


def test_one_place_that_is_surely_not_so_decides_whatever_the_other(tmp_path: Path) -> None:
    agreement = made(tmp_path, "rule A: No party shall fire in square, within 5 km of front.\n")
    assert verdict(agreement, see("shot", place=at_km(5, error_m=500))) == "indeterminate"
    assert verdict(agreement, see("shot", place=at_km(5, error_m=500, lat=49.5))) == "unobserved"


def test_an_override_in_a_part_of_a_zone_is_two_rules(tmp_path: Path) -> None:
    rules = (
        "rule A: No party shall keep tank within 20 km of front, outside harbour.\n"
        "rule B: No party shall keep tank within 50 km of front, in harbour.\n"
    )
    agreement = made(tmp_path, rules)
    tank = {"act": "keep", "weapon": {"category": "tank"}}
    inside, beside = see("a", place=point(38.6), **tank), see("b", place=point(38.4), **tank)
    found = {(f.rule, f.instance): f.verdict.value for f in servanda.check(agreement, [inside, beside]).findings}
    assert found == {("1/A", "remainder"): "unobserved", ("1/B", "observation:a"): "violated"}


TANK = {"act": "keep", "weapon": {"category": "tank"}}
INSIDE = 'assuming edges inside, because "so agreed".\n'
OUTSIDE = 'assuming edges outside, because "so agreed".\n'


@pytest.mark.parametrize(
    ("side", "km", "actor", "expected"),
    [
        ("its own side", -100, "red", "violated"),
        ("its own side", 100, "red", "unobserved"),
        ("its own side", 100, "blue", "violated"),
        ("the other side", 100, "red", "violated"),
        ("the other side", -100, "red", "unobserved"),
        ("the other side", -100, "blue", "violated"),
        ("the other side", 0.05, "red", "indeterminate"),
    ],
)
def test_a_side_of_a_line_reaches_as_far_as_one_likes(side: str, km: float, actor: str, expected: str) -> None:
    agreement = agree(f"rule A: No party shall keep tank on {side} of front.\n")
    assert verdict(agreement, see("tank", place=at_km(km, error_m=100), actor=actor, **TANK)) == expected


@pytest.mark.parametrize("side", ["its own side", "the other side"])
@pytest.mark.parametrize(("assume", "expected"), [("", "indeterminate"), (INSIDE, "violated"), (OUTSIDE, "unobserved")])
def test_the_line_itself_belongs_to_either_side_or_to_none(side: str, assume: str, expected: str) -> None:
    agreement = agree(f"rule A: No party shall keep tank on {side} of front.\n", assume=assume)
    for actor in ("red", "blue"):
        assert verdict(agreement, see("tank", place=point(38.0, error_m=0), actor=actor, **TANK)) == expected


def test_a_side_hangs_on_who_it_was() -> None:
    agreement = agree("rule A: No party shall keep tank on the other side of front.\n")
    assert verdict(agreement, see("tank", place=at_km(20), actor=..., **TANK)) == "indeterminate"


def test_a_town_that_may_lie_on_the_line_tells_no_side() -> None:
    agreement = agree("rule A: No party shall keep tank on its own side of front.\n", accurate="40 km")
    assert verdict(agreement, see("tank", place=at_km(-100), **TANK)) == "indeterminate"


@pytest.mark.parametrize(
    ("km", "error_m", "expected"),
    [
        (3, 10, "unobserved"),
        (5, 10, "indeterminate"),
        (10, 10, "violated"),
        (15, 10, "indeterminate"),
        (17, 10, "unobserved"),
        (10, 4000, "violated"),
        (10, 6000, "indeterminate"),
        (0, 4000, "unobserved"),
    ],
)
@pytest.mark.parametrize("east", [1, -1])
def test_a_band_that_does_not_reach_the_line(km: float, error_m: float, expected: str, east: int) -> None:
    agreement = agree("rule A: No party shall keep tank between 5 km and 15 km of front.\n")
    assert verdict(agreement, see("tank", place=at_km(east * km, error_m=error_m), **TANK)) == expected


@pytest.mark.parametrize(("assume", "expected"), [("", "indeterminate"), (INSIDE, "violated"), (OUTSIDE, "unobserved")])
def test_both_limits_of_a_band_are_edges_of_it(assume: str, expected: str) -> None:
    where = at_km(5, error_m=0)
    metres = round(GEOD.inv(FRONT, 48.0, where["lon"], where["lat"])[2], 3)
    there = reach(cover(Disc(where["lon"], where["lat"], 0.0)), meridian_drawn()).least_m
    assert abs(metres - there) < 5
    for limits in (f"between {there / 1000:.6f} km and 15 km", f"between 1 km and {there / 1000:.6f} km"):
        agreement = agree(f"rule A: No party shall keep tank {limits} of front.\n", assume=assume)
        assert verdict(agreement, see("tank", place=where, **TANK)) == expected


def test_a_band_on_the_own_side_alone() -> None:
    agreement = agree("rule A: No party shall keep tank on its own side between 5 km and 15 km of front.\n")
    found = [verdict(agreement, see("tank", place=at_km(km), **TANK)) for km in (-10, -3, 10)]
    assert found == ["violated", "unobserved", "unobserved"]


def test_width_and_depth_that_agree_are_one_band() -> None:
    (one,) = agree("rule A: No party shall keep tank in a zone 30 km wide, 15 km on each side of front.\n").rules
    (two,) = agree("rule A: No party shall keep tank in a zone 30 km wide, half on each side of front.\n").rules
    assert one.places == two.places


def test_the_finding_tells_both_limits_and_the_figure() -> None:
    agreement = agree("rule A: No party shall keep tank between 5 km and 15 km of front.\n")
    found = finding(agreement, see("tank", place=at_km(7), **TANK))
    assert [m.limit for m in found.measured if m.name == "distance to front"] == [5000, 15000]
    assert "(limits 5.0 km and 15.0 km: inside by at least 2.0 km)" in found.because


def test_edges_assumed_beneath_a_clause_hold_for_that_clause_alone() -> None:
    rules = (
        'clause 1 "One".\nassuming edges inside, because "clause 1 says so".\n'
        "rule A: No party shall fire in square.\n"
        'clause 2 "Two".\nrule A: No party shall fire in square.\n'
    )
    shot = see("shot", place=point(37.0, error_m=0))
    agreement = agree(rules)
    assert verdict(agreement, shot) == "violated"
    assert verdict(agreement, shot, rule="2/A") == "indeterminate"
    both = agree(rules, assume=OUTSIDE)
    found = finding(both, shot)
    assert [a.because for a in found.assumptions] == ["clause 1 says so"]
    assert verdict(both, shot, rule="2/A") == "unobserved"
