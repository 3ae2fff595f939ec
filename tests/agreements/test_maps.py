"""The maps that ship: sound shapes, places on the side they are listed for, distances as the reports state them."""

from __future__ import annotations

import csv
import gzip
import json
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pyproj import Geod, Transformer
from shapely.geometry import LineString, Point, Polygon, shape

AGREEMENTS = Path(__file__).parents[2] / "agreements"
MAPS = AGREEMENTS / "minsk-2-2015" / "maps"
LINES = ("actual-line", "line-2014")
GEOD = Geod(ellps="WGS84")
FLAT = Transformer.from_crs(4326, "+proj=laea +lat_0=48.5 +lon_0=38.3 +ellps=WGS84 +units=m", always_xy=True)
OFF = 50
"""How far the mission's compass words stray, in degrees: Brianka, "SW of Luhansk", lies due west."""
BEARINGS = {"N": 0, "NE": 45, "E": 90, "SE": 135, "S": 180, "SW": 225, "W": 270, "NW": 315}
Position = tuple[float, float]


@cache
def feature(name: str) -> tuple[dict[str, Any], Any]:
    """Properties and geometry of the one feature of a map."""
    (only,) = json.loads((MAPS / f"{name}.geojson").read_text(encoding="utf-8"))["features"]
    return only["properties"], shape(only["geometry"])


@cache
def rows() -> list[dict[str, str]]:
    """The rows of the gazetteer."""
    with (MAPS / "gazetteer.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@cache
def places() -> dict[str, Position]:
    """Every name of the gazetteer, and where it is."""
    return {
        key: (float(row["lon"]), float(row["lat"]))
        for row in rows()
        for key in (row["name"], *filter(None, row["also"].split("|")))
    }


@cache
def dense(name: str) -> list[Position]:
    """A line as points less than 100 m apart."""
    corners = list(feature(name)[1].coords)
    points: list[Position] = []
    for (x1, y1), (x2, y2) in pairwise(corners):
        steps = max(1, int(GEOD.inv(x1, y1, x2, y2)[2] / 100) + 1)
        points += [(x1 + (x2 - x1) * i / steps, y1 + (y2 - y1) * i / steps) for i in range(steps)]
    return [*points, corners[-1]]


@cache
def area() -> Polygon:
    """The two regions on a flat map."""
    return Polygon([FLAT.transform(x, y) for x, y in feature("area")[1].exterior.coords])


def distance_km(place: str, line: str) -> float:
    """Geodesic distance from a place to a line."""
    points, (lon, lat) = dense(line), places()[place]
    count = len(points)
    metres = GEOD.inv([lon] * count, [lat] * count, [p[0] for p in points], [p[1] for p in points])[2]
    return float(min(metres)) / 1000


def west_of(line: str) -> Polygon:
    """Everything west of a line that runs from the state border in the north-east to the sea."""
    corners = list(feature(line)[1].coords)
    return Polygon([*corners, (corners[-1][0], 46), (34, 46), (34, 51), (corners[0][0], 51)])


@pytest.mark.parametrize("folder", [p.name for p in sorted(AGREEMENTS.iterdir()) if (p / "maps").is_dir()])
def test_copies_are_copies(folder: str) -> None:
    for file in sorted((AGREEMENTS / folder / "maps").iterdir()):
        assert file.read_bytes() == (MAPS / file.name).read_bytes(), file.name


@pytest.mark.parametrize("name", ["area", *LINES])
def test_shapes_are_sound_and_say_what_they_are(name: str) -> None:
    properties, geometry = feature(name)
    assert geometry.is_valid
    assert geometry.is_simple
    assert "APPROXIMATION" in properties["note"]
    assert properties["accurate_to_m"] in {5000, 10_000}
    if name == "area":
        assert geometry.exterior.is_ccw


def test_the_accuracy_of_a_map_is_the_accuracy_of_the_encoding() -> None:
    text = (AGREEMENTS / "minsk-2-2015" / "agreement.md").read_text(encoding="utf-8")
    for name in ("area", *LINES):
        stated = re.search(rf'"maps/{name}\.geojson", accurate to (\d+) km', text)
        assert stated is not None
        assert int(stated[1]) * 1000 == feature(name)[0]["accurate_to_m"]


def test_the_gazetteer_names_each_place_once_and_inside_the_area() -> None:
    names = [k.lower() for row in rows() for k in (row["name"], *filter(None, row["also"].split("|")))]
    assert len(names) == len(set(names))
    assert len(rows()) == 114
    for row in rows():
        assert 1_000 <= float(row["error_m"]) <= 10_000
        assert row["source"]
        assert area().distance(Point(FLAT.transform(float(row["lon"]), float(row["lat"])))) <= 5_000, row["name"]


def test_stated_distances_agree_with_the_coordinates() -> None:
    tested = 0
    for key, position in places().items():
        stated = re.search(r"\((\d+)km (N|NE|E|SE|S|SW|W|NW) of (\w+)\)", key)
        if stated is None:
            continue
        azimuth, _, metres = GEOD.inv(*places()[stated[3]], *position)
        assert abs(metres / 1000 - int(stated[1])) <= 6, key
        off = abs((azimuth - BEARINGS[stated[2]] + 180) % 360 - 180)
        assert off <= OFF, key
        tested += 1
    assert tested == 27


@pytest.mark.parametrize("line", LINES)
def test_each_place_lies_on_the_side_it_is_listed_for(line: str) -> None:
    properties, _ = feature(line)
    west = west_of(line)
    assert len(properties["ukraine_side"]) > 20
    assert len(properties["formations_side"]) > 20
    for field, inside in (("ukraine_side", True), ("formations_side", False)):
        for place in properties[field]:
            assert west.contains(Point(places()[place])) is inside, place
    for place in properties["through"]:
        assert place in places()


@pytest.mark.parametrize("line", LINES)
def test_a_line_parts_the_whole_area(line: str) -> None:
    _, geometry = feature(line)
    first, last = geometry.coords[0], geometry.coords[-1]
    for end in (first, last):
        assert area().exterior.distance(Point(FLAT.transform(*end))) < 12_000
    assert 300 < GEOD.geometry_length(LineString(geometry.coords)) / 1000 < 500


def test_the_places_that_tell_the_sides_lie_far_from_both_lines() -> None:
    for line in LINES:
        assert west_of(line).contains(Point(places()["Kramatorsk"]))
        assert not west_of(line).contains(Point(places()["Donetsk"]))
        assert distance_km("Kramatorsk", line) > 10


def test_khrustalnyi_lies_between_the_two_readings() -> None:
    actual, agreed = (distance_km("Khrustalnyi", line) for line in LINES)
    assert actual == pytest.approx(54.0, abs=0.3)
    assert agreed == pytest.approx(31.0, abs=0.3)
    assert agreed < 35 < actual  # inside by the line of 2014, outside by the actual one


def test_the_area_agrees_with_nine_years_of_events(shared_data: Path) -> None:
    file = shared_data / "ucdp_ged_ukraine" / "UCDP-Ukraine_peacerep_2023-05.csv.gz"
    if not file.is_file():
        pytest.skip("the UCDP tables are not beside the project (../shared/data/ucdp_ged_ukraine)")
    tested = wrong = 0
    with gzip.open(file, "rt", encoding="cp1252", newline="") as handle:
        for row in csv.DictReader(handle):
            if row["where_prec"] not in {"1", "2", "3"} or row["adm_1"] in {"", "NA"}:
                continue
            point = Point(FLAT.transform(float(row["longitude"]), float(row["latitude"])))
            tested += 1
            if area().contains(point) != (row["adm_1"] in {"Donetsk oblast", "Luhansk oblast"}):
                wrong += 1
                assert area().exterior.distance(point) <= 5_000, row["where_coordinates"]
    assert (tested, wrong) == (2933, 9)
