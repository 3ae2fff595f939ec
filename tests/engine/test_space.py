"""Distances on the ellipsoid, places with error, edges and lines: figures that pyproj and plain sampling confirm."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import shapely
from groundwork import FRONT, GEOD, SQUARE, agree, at_km, finding, see, trial, verdict
from hypothesis import assume, given
from hypothesis import strategies as st

from servanda.observations.shapes import Disc, PlaceShape, Sector, Shape
from servanda.space.cover import Cover, cover
from servanda.space.distance import Edges, distances, estimated
from servanda.space.drawn import Drawn
from servanda.space.relations import Reach, closer_than, inside, reach, same_side
from servanda.truth import Truth

KEEP_OUT = "rule A: From entry into force, no party shall keep heavy-artillery within 25 km of front.\n"
GUN = {"weapon": {"category": "artillery", "calibre_mm": 122}}

near = st.tuples(st.floats(36.5, 39.5), st.floats(46.5, 49.5))


def drawn(shape: Any, accuracy_m: float = 0.0) -> Drawn:
    return Drawn("drawn", shape, Edges.of(shape), accuracy_m, "")


SQUARE_SHAPE = shapely.Polygon(SQUARE)
FRONT_SHAPE = shapely.LineString([(FRONT, 46), (FRONT, 50)])


def metres(point: tuple[float, float], shape: Any) -> float:
    return float(distances(np.array([point]), Edges.of(shape))[0])


def inverse(one: tuple[float, float], other: tuple[float, float]) -> float:
    return float(GEOD.inv(*one, *other)[2])


# ---- distances ----

NORTHERN = [(38.63, 73.35), (41.33, 68.08)]


@pytest.mark.parametrize("km", [0.001, 1, 15, 25, 70, 140])
def test_a_point_so_far_from_a_meridian_is_so_far_from_the_line(km: float) -> None:
    lon, lat, _ = GEOD.fwd(FRONT, 48, 90, km * 1000)
    assert metres((lon, lat), FRONT_SHAPE) == pytest.approx(km * 1000, abs=0.002)


def test_beyond_the_end_of_a_line_the_distance_is_to_its_end() -> None:
    assert metres((38.0, 51.0), FRONT_SHAPE) == pytest.approx(inverse((38, 51), (38, 50)), abs=0.002)


def test_an_edge_is_straight_in_degrees_and_not_a_great_circle() -> None:
    """Between 37° and 39° on the 48th parallel the great circle bulges 1.1 km to the north of the edge."""
    edge = shapely.LineString([(30, 48), (46, 48)])
    assert metres((38, 48), edge) == 0
    assert metres((38.0, 48.1), edge) == pytest.approx(inverse((38, 48.1), (38, 48)), rel=1e-4)


def test_a_distance_is_rounded_to_the_millimetre() -> None:
    found = metres((38.123456, 48.2), FRONT_SHAPE)
    assert found == round(found, 3)


@trial
@given(near, st.lists(near, min_size=2, max_size=5, unique=True))
def test_the_distance_is_that_to_the_nearest_point_of_the_line(
    point: tuple[float, float], corners: list[tuple[float, float]]
) -> None:
    line = shapely.LineString(corners)
    assume(line.length > 1e-6)
    found = metres(point, line)
    shares = np.linspace(0, 1, 2001)
    feet = np.array([line.interpolate(s, normalized=True).coords[0] for s in shares])
    many = len(feet)
    dense = GEOD.inv(np.full(many, point[0]), np.full(many, point[1]), feet[:, 0], feet[:, 1])[2]
    step = line.length / 2000 * 111_400
    assert dense.min() - step - 0.01 <= found <= dense.min() + 0.002


@trial
@given(
    st.floats(-75, 75),
    st.lists(st.tuples(st.floats(0, 360), st.floats(1_000, 600_000)), min_size=2, max_size=6),
    st.integers(0, 5),
)
def test_of_several_edges_however_far_the_nearest_counts(
    lat: float, edges: list[tuple[float, float]], nearly: int
) -> None:
    """At 70° north and 500 km a plane is wrong by a tenth and more: it may take another edge for the nearest."""
    farthest = max(metres_ for _, metres_ in edges)
    placed = [GEOD.fwd(30, lat, b, farthest * 0.97 if i == nearly else m)[:2] for i, (b, m) in enumerate(edges)]
    drawn_ = [shapely.LineString([(x, y), (x + 0.001, y + 0.001)]) for x, y in placed]
    assert metres((30, lat), shapely.MultiLineString(drawn_)) == min(metres((30, lat), one) for one in drawn_)


@trial
@given(st.floats(-80, 80), st.lists(near, min_size=2, max_size=6), st.floats(0, 6), st.floats(0, 6))
def test_an_estimate_bounds_the_distance(
    lat: float, corners: list[tuple[float, float]], east: float, north: float
) -> None:
    line = shapely.LineString([(x, min(89.0, y - 48 + lat)) for x, y in corners])
    assume(line.length > 1e-6)
    points, edges = np.array([[38 + east, min(89.5, lat + north)]]), Edges.of(line)
    estimate = estimated(points, edges)
    assert estimate.least[0] <= distances(points, edges)[0] <= estimate.most[0]


def test_the_nearest_edge_far_off_in_the_north() -> None:
    """Here a plane has the farther of two edges nearer, by more than three in a hundred."""
    edges = [shapely.LineString([(x, y), (x + 0.001, y)]) for x, y in NORTHERN]
    assert metres((30, 70), shapely.MultiLineString(edges)) == min(metres((30, 70), one) for one in edges)


def test_many_points_at_once_give_what_each_gives_alone() -> None:
    points = np.array([[38.0 + i / 50, 47 + i / 30] for i in range(40)])
    together = distances(points, Edges.of(SQUARE_SHAPE))
    alone = [metres((float(x), float(y)), SQUARE_SHAPE) for x, y in points]
    assert together.tolist() == alone


def test_a_hole_has_an_edge_too() -> None:
    ring = shapely.Polygon(SQUARE, [[[37.9, 47.9], [38.1, 47.9], [38.1, 48.1], [37.9, 48.1], [37.9, 47.9]]])
    assert metres((38, 48), ring) < 12_000
    assert inside(cover(Disc(38, 48, 10)), drawn(ring), Truth.UNKNOWN)[1] is Truth.FALSE


# ---- the cover of a place ----


def held(where: Cover, point: tuple[float, float]) -> bool:
    many = len(where.centres)
    apart = GEOD.inv(where.centres[:, 0], where.centres[:, 1], np.full(many, point[0]), np.full(many, point[1]))[2]
    return bool((apart <= where.radii + 0.001).any())


@trial
@given(
    st.floats(0, 359.9),
    st.floats(0.5, 360),
    st.floats(0, 15_000),
    st.floats(0, 15_000),
    st.floats(0, 3_000),
    st.data(),
)
def test_a_sector_holds_every_point_it_speaks_of(
    start: float, width: float, nearest: float, depth: float, error: float, data: st.DataObject
) -> None:
    sector = Sector(Disc(38, 48, error), ((start, start + width),), nearest, nearest + depth)
    covered = cover(sector)
    for _ in range(12):
        bearing = start + width * data.draw(st.floats(0, 1))
        metres_ = nearest + depth * data.draw(st.floats(0, 1))
        off, by = data.draw(st.floats(0, 360)), error * data.draw(st.floats(0, 1))
        lon, lat, _ = GEOD.fwd(38, 48, off, by)
        lon, lat, _ = GEOD.fwd(lon, lat, bearing, metres_)
        assert held(covered, (lon, lat))


@trial
@given(st.lists(near, min_size=3, max_size=6, unique=True), st.data())
def test_a_geometry_is_held_by_its_cover(corners: list[tuple[float, float]], data: st.DataObject) -> None:
    polygon = shapely.MultiPoint(corners).convex_hull
    assume(polygon.geom_type == "Polygon" and polygon.area > 1e-4)
    covered = cover(Shape(shapely.geometry.mapping(polygon)))
    ring: Any = polygon.boundary
    points = [ring.interpolate(data.draw(st.floats(0, 1)), normalized=True) for _ in range(8)]
    points.append(polygon.representative_point())
    assert all(held(covered, (p.x, p.y)) for p in points)


@pytest.mark.parametrize(
    "shape",
    [
        shapely.Point(38.05, 48.05),
        shapely.MultiPoint([(38.05, 48.05), (38.4, 48.2)]),
        shapely.LineString([(37.9, 48), (38.2, 48.1)]),
        shapely.LineString([(38.0, 47.9), (38.0, 48.1)]),
        shapely.MultiPolygon([shapely.box(37.5, 47.5, 37.6, 47.6), shapely.box(38.5, 48.5, 38.6, 48.6)]),
        shapely.GeometryCollection([shapely.Point(37.2, 47.2), shapely.box(38, 48, 38.1, 48.1)]),
    ],
    ids=lambda s: s.geom_type,
)
def test_every_kind_of_geometry_is_held_by_its_cover(shape: Any) -> None:
    covered = cover(Shape(shapely.geometry.mapping(shape)))
    assert all(held(covered, (float(x), float(y))) for x, y in shapely.get_coordinates(shape))


def test_a_cover_is_not_so_wide_that_it_says_nothing() -> None:
    sector = cover(Sector(Disc(38, 48, 0), ((80.0, 100.0),), 4500.0, 5500.0))
    bounds = reach(sector, drawn(FRONT_SHAPE))
    assert 3900 < bounds.least_m <= 4500 * math.cos(math.radians(10))
    assert 5500 <= bounds.most_m < 6100


# ---- truth of near and inside, sound against every way of resolving the unknown ----


def places() -> st.SearchStrategy[PlaceShape]:
    discs = st.builds(Disc, st.floats(36.6, 39.4), st.floats(46.6, 49.4), st.one_of(st.none(), st.floats(0, 40_000)))
    sectors = st.builds(
        lambda o, b, w, n, d: Sector(o, ((b, b + w),), n, n + d),
        discs,
        st.floats(0, 359),
        st.floats(1, 180),
        st.floats(0, 10_000),
        st.floats(0, 20_000),
    )
    return st.one_of(discs, sectors)


def somewhere(place: PlaceShape, draw: Any) -> tuple[float, float]:
    """One of the points a place may be."""
    if isinstance(place, Disc):
        lon, lat, _ = GEOD.fwd(
            place.lon, place.lat, draw(st.floats(0, 360)), (place.radius_m or 0) * draw(st.floats(0, 1))
        )
        return lon, lat
    assert isinstance(place, Sector)
    lon, lat = somewhere(place.observer, draw)
    start, end = place.bearings[0]
    metres_ = place.range_min_m + (place.range_max_m - place.range_min_m) * draw(st.floats(0, 1))
    lon, lat, _ = GEOD.fwd(lon, lat, start + (end - start) * draw(st.floats(0, 1)), metres_)
    return lon, lat


@trial
@given(places(), st.floats(0, 90_000), st.floats(0, 8_000), st.data())
def test_what_is_surely_near_a_line_is_near_it_wherever_it_was(
    place: PlaceShape, limit: float, accuracy: float, data: st.DataObject
) -> None:
    line = drawn(FRONT_SHAPE, accuracy)
    bounds = reach(cover(place), line)
    value = closer_than(bounds, limit, Truth.UNKNOWN)
    for _ in range(8):
        true = metres(somewhere(place, data.draw), FRONT_SHAPE)
        for moved in (-accuracy, 0.0, accuracy):
            actual = max(true + moved, 0.0)
            assert bounds.least_m - 0.01 <= actual <= bounds.most_m + 0.01
            if value is Truth.TRUE:
                assert actual < limit + 0.01
            if value is Truth.FALSE:
                assert actual > limit - 0.01


@trial
@given(places(), st.floats(0, 8_000), st.data())
def test_what_is_surely_inside_is_inside_wherever_it_was(
    place: PlaceShape, accuracy: float, data: st.DataObject
) -> None:
    _, value = inside(cover(place), drawn(SQUARE_SHAPE, accuracy), Truth.UNKNOWN)
    for _ in range(8):
        point = somewhere(place, data.draw)
        to_edge = metres(point, SQUARE_SHAPE)
        within = SQUARE_SHAPE.contains(shapely.Point(point))
        if value is Truth.TRUE:
            assert within
            assert to_edge >= accuracy - 0.01
        if value is Truth.FALSE:
            assert not within
            assert to_edge >= accuracy - 0.01


@trial
@given(places(), st.data())
def test_what_is_surely_on_one_side_is_there_wherever_it_was(place: PlaceShape, data: st.DataObject) -> None:
    value = same_side(cover(place), drawn(FRONT_SHAPE), (37.5, 48.0))
    for _ in range(8):
        lon, _lat = somewhere(place, data.draw)
        if value is Truth.TRUE:
            assert lon <= FRONT + 1e-9
        if value is Truth.FALSE:
            assert lon >= FRONT - 1e-9


@trial
@given(st.floats(0, 50_000), st.floats(0, 50_000), st.floats(0, 50_000))
def test_edge_choice_changes_nothing_but_the_edge(one: float, other: float, limit: float) -> None:
    least, most = sorted((one, other))
    bounds = Reach(least, most, (least + most) / 2)
    values = {closer_than(bounds, limit, edge) for edge in Truth}
    if limit not in {least, most}:
        assert len(values) == 1
    if least < limit < most:
        assert values == {Truth.UNKNOWN}


# ---- as a user meets it ----


@pytest.mark.parametrize(
    ("km", "error_m", "expected"),
    [
        (24.0, 10, "violated"),
        (26.0, 10, "unobserved"),
        (24.9, 200, "indeterminate"),
        (25.1, 200, "indeterminate"),
        (0.0, 24_000, "violated"),
        (0.0, 25_500, "indeterminate"),
    ],
)
def test_a_gun_near_the_line_within_its_error(km: float, error_m: float, expected: str) -> None:
    agreement = agree(KEEP_OUT)
    assert verdict(agreement, see("gun", "keep", place=at_km(km, error_m=error_m), **GUN)) == expected


@pytest.mark.parametrize(("km", "expected"), [(19.0, "violated"), (21.0, "indeterminate"), (31.0, "unobserved")])
def test_the_accuracy_of_the_line_adds_to_the_error_of_the_place(km: float, expected: str) -> None:
    agreement = agree(KEEP_OUT, accurate="5 km")
    assert verdict(agreement, see("gun", "keep", place=at_km(km), **GUN)) == expected


def test_the_distance_on_the_finding_is_an_interval_with_its_limit() -> None:
    found = finding(agree(KEEP_OUT, accurate="5 km"), see("gun", "keep", place=at_km(19), **GUN))
    (measure,) = [m for m in found.measured if m.name == "distance to front"]
    assert measure.for_ == "red"
    assert measure.limit == 25_000
    assert measure.min == pytest.approx(13_990, abs=0.01)
    assert measure.max == pytest.approx(24_010, abs=0.01)


@pytest.mark.parametrize(
    ("assume", "expected"),
    [
        ("", "indeterminate"),
        ('assuming edges inside, because "the text says within".\n', "violated"),
        ('assuming edges outside, because "the text says so".\n', "unobserved"),
    ],
)
def test_a_place_exactly_on_the_edge_is_what_the_text_is_assumed_to_say(assume: str, expected: str) -> None:
    agreement = agree("rule A: From entry into force, no party shall fire in square.\n", assume=assume)
    on_edge = {"lon": 37.0, "lat": 48.0, "error_m": 0}
    assert verdict(agreement, see("shot", place=on_edge)) == expected


@pytest.mark.parametrize(
    ("assume", "expected"), [("", "violated"), ('assuming edges inside, because "x".\n', "violated")]
)
def test_a_place_surely_inside_does_not_depend_on_the_edge(assume: str, expected: str) -> None:
    agreement = agree("rule A: From entry into force, no party shall fire in square.\n", assume=assume)
    assert verdict(agreement, see("shot")) == expected


def test_outside_a_zone_is_the_opposite_of_in_it() -> None:
    agreement = agree("rule A: From entry into force, no party shall fire outside square.\n")
    assert verdict(agreement, see("shot")) == "unobserved"
    assert verdict(agreement, see("shot", place={"lon": 36.0, "lat": 48.0, "error_m": 10})) == "violated"
    assert verdict(agreement, see("shot", place={"lon": 37.0, "lat": 48.0, "error_m": 10})) == "indeterminate"


def test_own_side_is_each_partys_own() -> None:
    rule = "rule A: From entry into force, no party shall keep heavy-artillery on its own side within 25 km of front.\n"
    agreement = agree(rule)
    west, east = at_km(-10), at_km(10)
    assert verdict(agreement, see("gun", "keep", place=west, **GUN)) == "violated"
    assert verdict(agreement, see("gun", "keep", place=east, **GUN)) == "unobserved"
    assert verdict(agreement, see("gun", "keep", place=east, actor="blue", **GUN)) == "violated"
    assert verdict(agreement, see("gun", "keep", place=at_km(0.05, error_m=100), **GUN)) == "indeterminate"


def test_half_of_a_width_on_each_side() -> None:
    rule = (
        "rule A: From entry into force, no party shall keep heavy-artillery "
        "in a zone 50 km wide, half on each side of front.\n"
    )
    agreement = agree(rule)
    assert verdict(agreement, see("gun", "keep", place=at_km(-24), **GUN)) == "violated"
    assert verdict(agreement, see("gun", "keep", place=at_km(26), **GUN)) == "unobserved"


def test_a_zone_named_as_the_place_is_that_zone() -> None:
    agreement = agree("rule A: From entry into force, no party shall fire in square.\n")
    assert verdict(agreement, see("shot", place={"zone": "square"})) == "violated"


def test_a_settlement_is_looked_up_with_its_own_error() -> None:
    agreement = agree("rule A: From entry into force, no party shall fire in square.\n")
    assert verdict(agreement, see("shot", place={"settlement": "Westham"})) == "violated"
    found = finding(agreement, see("shot", place={"settlement": "Westhan"}))
    assert found.verdict == "indeterminate"
    assert "Westham" in found.undecided_by[0], "and it says which name is near"


def test_no_place_at_all_is_unknown_and_not_outside() -> None:
    agreement = agree("rule A: From entry into force, no party shall fire in square.\n")
    found = finding(agreement, see("shot", place=...))
    assert found.verdict == "indeterminate"
    assert any("place" in u for u in found.undecided_by)


def test_a_bearing_without_a_range_leaves_the_place_unknown() -> None:
    agreement = agree("rule A: From entry into force, no party shall fire in square.\n")
    assert verdict(agreement, see("shot", place={"observer": [38.0, 48.0], "bearing": "SE"})) == "indeterminate"
    near_by = {"observer": [38.0, 48.0], "bearing": "SE", "range_m": [1000, 3000]}
    assert verdict(agreement, see("shot", place=near_by)) == "violated"


def test_a_point_without_stated_error_is_taken_as_exact_and_says_so() -> None:
    found = finding(agree(KEEP_OUT), see("gun", "keep", place=at_km(24.99, error_m=None), **GUN))
    assert found.verdict == "violated"
    assert "position-as-stated" in {a.id for a in found.assumptions}
