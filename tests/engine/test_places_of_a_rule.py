"""What a rule says of where: several places at once, bands, sides. All of it three-valued."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from groundwork import at_km, see, terms, verdict, write

import servanda

HARBOUR = 'zone harbour "the harbour" from "maps/harbour.geojson".\n'
IN_HARBOUR = {"type": "Polygon", "coordinates": [[[38.5, 47.5], [39, 47.5], [39, 48.5], [38.5, 48.5], [38.5, 47.5]]]}


def made(folder: Path, rules: str, declare: str = HARBOUR, **maps: Any) -> servanda.Agreement:
    """An agreement of the groundwork with more declarations and maps."""
    return servanda.load(write(folder, terms(rules, assume=declare), **{"harbour": IN_HARBOUR, **maps}))


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
