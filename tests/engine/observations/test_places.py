"""What a patrol's description of a place comes to."""

from __future__ import annotations

from pathlib import Path

import pytest

from servanda.observations import (
    Disc,
    Gazetteer,
    Named,
    ObservationError,
    Sector,
    Shape,
    Unplaced,
    read,
    settle_place,
)
from servanda.observations.bearings import arcs, in_arc, point_arc, read_bearing

HEADER = "name,also,lon,lat,error_m,kind,source\n"
PLACES = HEADER + (
    "Donetsk,Donetsk city|Doneck,37.8053,48.0,10000,city,t\n"
    "Luhansk,,39.3286,48.5695,8000,city,t\n"
    "Yasynuvata,Yasinovataya,37.8625,48.1278,4000,town,t\n"
    "Novoazovsk,,38.071,47.1238,3500,town,t\n"
    "Siedove,,38.1602,47.0733,3000,town,t\n"
    "Khrustalnyi,,38.9372,48.1395,6000,city,t\n"
    "Brianka,,38.6722,48.511,5000,town,t\n"
    "Lyman,,37.8,48.99,3000,town,far from Luhansk\n"
    "Zolote disengagement area,,38.51,48.662,2500,area,t\n"
)


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    path = tmp_path_factory.mktemp("maps") / "gazetteer.csv"
    path.write_text(PLACES, encoding="utf-8")
    return Gazetteer.load(path)


def test_names_and_other_names(gazetteer: Gazetteer) -> None:
    town = Disc(37.8625, 48.1278, 4000)
    assert gazetteer.find("Yasynuvata") == town
    assert gazetteer.find("  yasinovataya ") == town
    assert gazetteer.find("NW edge of Yasynuvata") == town
    assert gazetteer.find("compound in centre of Yasynuvata") == town
    assert gazetteer.find("Luhansk city") == Disc(39.3286, 48.5695, 8000)
    missing = gazetteer.find("Yasynuvatta")
    assert isinstance(missing, Unplaced)
    assert "Yasynuvata" in missing.reason


def test_a_distance_and_a_compass_point_are_a_sector(gazetteer: Gazetteer) -> None:
    found = gazetteer.find("3km W of Yasynuvata")
    assert found == Sector(Disc(37.8625, 48.1278, 4000), ((247.5, 292.5),), 2500, 3500)
    found = gazetteer.find("1.2km WNW of Zolote disengagement area")
    assert found == Sector(Disc(38.51, 48.662, 2500), ((281.25, 303.75),), 1150, 1250)


def test_near_needs_a_statement(gazetteer: Gazetteer) -> None:
    assert isinstance(gazetteer.find("near Yasynuvata"), Unplaced)
    assert gazetteer.find("near Yasynuvata", 5000) == Disc(37.8625, 48.1278, 9000)
    assert isinstance(gazetteer.find("N of Khrustalnyi"), Unplaced)
    north = gazetteer.find("N of Khrustalnyi", 5000)
    assert north == Sector(Disc(38.9372, 48.1395, 6000), ((337.5, 382.5),), 0, 5000)


def test_between_holds_both_ends(gazetteer: Gazetteer) -> None:
    found = gazetteer.find("between Novoazovsk and Siedove")
    assert isinstance(found, Disc)
    assert found.radius_m is not None
    assert 7000 < found.radius_m < 8000


def test_a_parenthesis_confirms_the_name_or_replaces_it(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("Brianka (50km W of Luhansk)") == Disc(38.6722, 48.511, 5000)
    other = gazetteer.find("Lyman (12km NW of Luhansk)")
    assert other == Sector(Disc(39.3286, 48.5695, 8000), ((292.5, 337.5),), 11500, 12500)
    beyond = gazetteer.find("S of Vilkhivka (40km E of Donetsk)", 5000)
    assert isinstance(beyond, Sector)
    assert beyond.observer.radius_m is not None
    assert beyond.observer.radius_m > 25000
    assert isinstance(gazetteer.find("Vilkhivka (40km E of Nowhere)"), Unplaced)


def test_a_bad_gazetteer_names_every_line(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    path.write_text(PLACES + "X,Doneck,1,2,3,k,s\nY,,east,95,3,k,s\n", encoding="utf-8")
    with pytest.raises(ObservationError) as caught:
        Gazetteer.load(path)
    assert [(r.line, r.field) for r in caught.value.rejections] == [
        (11, "also"),
        (12, "lon"),
        (12, "lat"),
    ]


def test_every_form_of_place_is_settled(gazetteer: Gazetteer) -> None:
    point = {"type": "Point", "coordinates": [1, 2]}
    forms: list[tuple[object, object]] = [
        (None, Unplaced("no place stated")),
        ({"lon": 1, "lat": 2}, Disc(1, 2, None)),
        ({"lon": 1, "lat": 2, "error_m": 0}, Disc(1, 2, 0)),
        ({"geometry": point}, Shape(point)),
        ({"zone": "z"}, Named("zone", "z")),
        ({"area": "a"}, Named("area", "a")),
        ({"settlement": "Yasynuvata"}, Disc(37.8625, 48.1278, 4000)),
        (
            {"observer": [1, 2], "bearing": "SE", "range_m": [10, 20]},
            Sector(Disc(1, 2, None), ((112.5, 157.5),), 10, 20),
        ),
        (
            {"observer": [1, 2], "error_m": 5, "range_m": 20},
            Sector(Disc(1, 2, 5), ((0, 360),), 20, 20),
        ),
        (
            {"observer": "Yasynuvata", "bearing": ["N", "E"], "reach_m": 9},
            Sector(Disc(37.8625, 48.1278, 4000), ((337.5, 382.5), (67.5, 112.5)), 0, 9),
        ),
    ]
    for number, (place, wanted) in enumerate(forms):
        record = {"id": str(number), "act": "fire", "at": "2016-07-22", "place": place}
        (observation,) = read([record])
        assert settle_place(observation, gazetteer) == wanted
    record = {"id": "x", "act": "fire", "at": "2016-07-22"}
    (heard,) = read([{**record, "place": {"observer": [1, 2], "bearing": "SE"}}])
    assert isinstance(settle_place(heard, gazetteer), Unplaced)
    (named,) = read([{**record, "place": {"settlement": "Yasynuvata"}}])
    assert isinstance(settle_place(named, None), Unplaced)


def test_bearings() -> None:
    assert point_arc("N") == (337.5, 382.5)
    assert arcs(read_bearing("NE..SSE")) == ((22.5, 168.75),)
    assert arcs(read_bearing("WSW|W")) == ((236.25, 258.75), (247.5, 292.5))
    assert arcs(read_bearing("30..60")) == ((30, 60),)
    assert arcs(135) == ((134.5, 135.5),)
    assert in_arc(5, point_arc("N"))
    assert in_arc(350, point_arc("N"))
    assert not in_arc(180, point_arc("N"))
    assert isinstance(arcs("SEE"), str)
    assert isinstance(arcs({"from": "N"}), str)


@pytest.mark.parametrize(
    ("first", "last", "width"),
    [
        ("N", "E", 135),
        ("NE", "SSE", 146.25),
        ("NNE", "N", 360),
        ("N", "NNW", 360),
        (22.5, 0, 337.5),
        ("NNE", "NE", 56.25),
    ],
)
def test_a_range_of_bearings_goes_clockwise_from_one_to_the_other(first: object, last: object, width: float) -> None:
    ((low, high),) = arcs({"from": first, "to": last})
    assert high - low == width
