"""From, into, over and across: which end of an act is meant, and what is unknown because nobody said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely
from groundwork import GEOD, agree, at_km, finding, run, see, trial, verdict
from hypothesis import given
from hypothesis import strategies as st

from servanda.observations import read
from servanda.observations.shapes import Disc
from servanda.space.cover import cover
from servanda.space.distance import Edges
from servanda.space.drawn import Drawn
from servanda.space.relations import across
from servanda.truth import Truth

COUNTS = 'assuming explosion or impact or shot counts as fire, because "sounds are reported".\n'
IN, OUT = at_km(0, lat=47.5), at_km(0, lat=50.5)
EDGE = at_km(0, lat=49.0)


@pytest.mark.parametrize(
    ("act", "fields", "origin", "arrival"),
    [
        ("fire", {"place": IN, "target": OUT}, "violated", "unobserved"),
        ("fire", {"place": OUT, "target": IN}, "unobserved", "violated"),
        ("fire", {"place": IN}, "violated", "indeterminate"),
        ("fire", {"place": OUT}, "unobserved", "indeterminate"),
        ("fire", {"place": ..., "target": IN}, "indeterminate", "violated"),
        ("fire", {"place": IN, "target": {"zone": "square"}}, "violated", "violated"),
        ("fire", {"place": IN, "target": EDGE}, "violated", "indeterminate"),
        ("shot", {"place": IN}, "violated", "indeterminate"),
        ("impact", {"place": IN}, "indeterminate", "violated"),
        ("impact", {"place": OUT}, "indeterminate", "unobserved"),
        ("explosion", {"place": IN}, "indeterminate", "indeterminate"),
        ("explosion", {"place": OUT}, "indeterminate", "indeterminate"),
        ("explosion", {"place": OUT, "target": IN}, "indeterminate", "violated"),
    ],
)
def test_each_end_is_what_the_act_says_it_is(act: str, fields: dict[str, Any], origin: str, arrival: str) -> None:
    seen = see("shot", act, **fields)
    assert verdict(agree("rule A: No party shall fire from square.\n", assume=COUNTS), seen) == origin
    assert verdict(agree("rule A: No party shall fire into square.\n", assume=COUNTS), seen) == arrival


def test_in_a_zone_is_where_it_was_seen_whatever_end_that_is() -> None:
    agreement = agree("rule A: No party shall fire in square.\n", assume=COUNTS)
    for act in ("fire", "impact", "explosion"):
        assert verdict(agreement, see("x", act, place=IN)) == "violated"
    assert verdict(agreement, see("x", place=OUT, target=IN)) == "unobserved"


def test_from_outside_a_zone_is_the_opposite_of_from_it() -> None:
    agreement = agree("rule A: No party shall fire from outside square into square.\n")
    assert verdict(agreement, see("x", place=OUT, target=IN)) == "violated"
    assert verdict(agreement, see("x", place=IN, target=IN)) == "unobserved"
    assert verdict(agreement, see("x", place=EDGE, target=IN)) == "indeterminate"
    assert verdict(agreement, see("x", place=OUT)) == "indeterminate"


@pytest.mark.parametrize(
    ("place", "target", "expected"),
    [
        (at_km(-5), at_km(5), "violated"),
        (at_km(5), at_km(-5), "violated"),
        (at_km(-5), at_km(-2), "unobserved"),
        (at_km(-5), at_km(0.005), "indeterminate"),
        (at_km(-5), at_km(0, error_m=0), "indeterminate"),
        (at_km(-5), ..., "indeterminate"),
        (..., at_km(5), "indeterminate"),
        (at_km(-5, lat=50.0, error_m=100), at_km(5, lat=50.0, error_m=100), "indeterminate"),
        (at_km(-5, lat=50.1), at_km(5, lat=50.1), "unobserved"),
    ],
)
def test_across_a_line_needs_both_ends(place: Any, target: Any, expected: str) -> None:
    agreement = agree("rule A: No party shall fire across front.\n")
    assert verdict(agreement, see("shot", place=place, target=target)) == expected


def test_an_end_on_the_line_is_unknown_whatever_is_assumed_of_edges() -> None:
    agreement = agree("rule A: No party shall fire across front.\n", assume='assuming edges inside, because "x".\n')
    assert verdict(agreement, see("shot", place=at_km(-5), target=at_km(0, error_m=0))) == "indeterminate"


@trial
@given(st.tuples(*[st.floats(-0.5, 0.5)] * 4), st.floats(0, 20_000), st.floats(0, 20_000), st.data())
def test_what_surely_goes_across_does_so_from_wherever_to_wherever(
    ends: tuple[float, ...], error: float, other: float, data: st.DataObject
) -> None:
    shape = shapely.LineString([(-0.2, -0.3), (0.0, 0.1), (0.1, -0.1), (0.2, 0.3)])
    line = Drawn("line", shape, Edges.of(shape), 0.0, "")
    value = across(cover(Disc(*ends[:2], error)), cover(Disc(*ends[2:], other)), line)
    points = []
    for lon, lat, radius in ((*ends[:2], error), (*ends[2:], other)):
        angle, share = data.draw(st.floats(0, 360)), data.draw(st.floats(0, 1))
        points.append(GEOD.fwd(lon, lat, angle, radius * share)[:2])
    cut = shapely.LineString(points).intersection(shape)
    odd = (0 if cut.is_empty else len(getattr(cut, "geoms", [cut]))) % 2
    assert value in {Truth.UNKNOWN, Truth.TRUE if odd else Truth.FALSE}


def test_over_a_zone_is_above_it_at_any_height() -> None:
    agreement = agree("rule A: No party shall fly over square.\n")
    assert verdict(agreement, see("flight", "fly", place={**IN, "altitude_m": 9000})) == "violated"
    assert verdict(agreement, see("flight", "fly", place=OUT)) == "unobserved"


@pytest.mark.parametrize("act", ["keep", "impact", "fly", "notify"])
def test_a_target_of_what_goes_nowhere_is_refused(act: str) -> None:
    agreement = agree("rule A: No party shall fire in square.\n")
    result = run(agreement, see("x", act, target=OUT))
    assert [(r.code, r.field) for r in result.rejected] == [("O165", "target")]


def test_a_target_in_a_zone_nobody_declared_is_refused() -> None:
    agreement = agree("rule A: No party shall fire in square.\n")
    result = run(agreement, see("x", target={"zone": "circle"}))
    assert [(r.code, r.field) for r in result.rejected] == [("O162", "target.zone")]


def test_the_finding_names_the_end_that_is_unknown_and_the_target_that_is_known() -> None:
    agreement = agree("rule A: No party shall fire into square.\n", assume=COUNTS)
    assert finding(agreement, see("x")).undecided_by == ("place: where it arrived is not stated",)
    heard = finding(agreement, see("x", "explosion"))
    assert heard.undecided_by == ("place: where it arrived is not known: the place of an explosion may be either end",)
    found = finding(agreement, see("x", place=OUT, target=IN))
    assert "target at 47.5000° N, 38.0000° E" in found.because
    assert found.measured[0].name == "target: distance to the edge of square"


def test_a_target_stands_in_columns_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "seen.csv"
    file.write_text(
        "id,act,at,lon,lat,target_lon,target_lat,target_error_m\nx,fire,2020-02-01T12:00Z,38,48,38.5,48.5,200\n"
        "y,fire,2020-02-01T12:00Z,38,48,,,\n"
    )
    one, other = read(file).records
    assert one.target is not None
    assert (one.target.lon, one.target.lat, one.target.error_m) == (38.5, 48.5, 200)
    assert other.target is None
    (back,) = read([one.to_record()]).records
    assert back == one


def test_a_mapping_fills_a_target(tmp_path: Path) -> None:
    (tmp_path / "seen.csv").write_text("n,when,x,y,tx,ty\n1,2020-02-01T12:00+02:00,38,51,38,48\n", encoding="utf-8")
    mapping = """
title = "t"
format = "csv"
time_zone = "Europe/Kyiv"
id = "{n}"
[[observation]]
act = "fire"
actor = "red"
at = { column = "when" }
place = { lon = { column = "x" }, lat = { column = "y" } }
target = { lon = { column = "tx" }, lat = { column = "ty" }, error_m = 10 }
"""
    (tmp_path / "map.toml").write_text(mapping, encoding="utf-8")
    found = read(tmp_path / "seen.csv", mapping=tmp_path / "map.toml")
    assert not found.rejected
    assert verdict(agree("rule A: No party shall fire into square.\n"), *found.records) == "violated"
