"""What a record may hold, and what is said of one that may not."""

from __future__ import annotations

from typing import Any

import pytest

from servanda.observations import Observation, from_record
from servanda.observations.problems import Flaw

GOOD: dict[str, Any] = {"id": "a", "act": "fire", "at": "2016-07-22T10:30+03:00"}


def flaws(**fields: Any) -> list[Flaw]:
    found = from_record({**GOOD, **fields})
    assert isinstance(found, list), found
    return found


def accepted(**fields: Any) -> Observation:
    found = from_record({**GOOD, **fields})
    assert isinstance(found, Observation), found
    return found


@pytest.mark.parametrize(
    ("field", "value", "where", "code"),
    [
        ("actt", "fire", "actt", "O120"),
        ("act", "", "act", "O125"),
        ("act", None, "act", "O121"),
        ("id", " a", "id", "O125"),
        ("id", "a\nb", "id", "O125"),
        ("at", 5, "at", "O122"),
        ("at", {"from": "2016-07-22"}, "at.to", "O121"),
        ("at", {"from": "2016-07-22", "to": "2016-07-23", "kind": "withn"}, "at.kind", "O123"),
        ("received", "2016-07-22T10:30", "received", "O132"),
        ("time_zone", "Europe/Kiew", "time_zone", "O136"),
        ("grade", "G7", "grade", "O125"),
        ("count", True, "count", "O122"),
        ("count", "5", "count", "O122"),
        ("count", -1, "count", "O124"),
        ("count", 10**400, "count", "O124"),
        ("place", {"lon": 10**400, "lat": 1}, "place.lon", "O124"),
        ("place", {"observer": "X", "bearing": 10**400}, "place.bearing", "O142"),
        ("time_zone", "localtime", "time_zone", "O136"),
        ("count", float("nan"), "count", "O105"),
        ("count", {"min": 3, "max": 2}, "count.min", "O124"),
        ("count", {}, "count", "O121"),
        ("confidentiality", "secret", "confidentiality", "O123"),
        ("source", {"kind": "camera"}, "source.id", "O121"),
        ("source", {"id": "smm", "sence": "heard"}, "source.sence", "O120"),
        ("complete", "yes", "complete", "O122"),
        ("place", {"lon": 38.0, "lat": 148.0}, "place.lat", "O141"),
        ("place", {"lon": 38.0}, "place.lat", "O121"),
        ("place", {"lat": 38.0}, "place.lon", "O121"),
        ("place", {"lon": float("inf"), "lat": 1}, "place.lon", "O105"),
        ("place", {}, "place", "O140"),
        ("place", {"zone": "a", "area": "b"}, "place", "O140"),
        ("place", {"zone": "a", "range_m": 5}, "place.range_m", "O140"),
        ("place", {"observer": "X", "error_m": 5}, "place.error_m", "O140"),
        ("place", {"observer": "X", "bearing": "SEE"}, "place.bearing", "O142"),
        ("place", {"observer": "X", "bearing": []}, "place.bearing", "O142"),
        ("place", {"observer": "X", "bearing": {"from": "N", "to": "N"}}, "place.bearing", "O142"),
        ("place", {"observer": "X", "range_m": [5, 2]}, "place.range_m", "O143"),
        ("place", {"observer": [1]}, "place.observer", "O122"),
        ("place", {"geometry": {"type": "Circle"}}, "place.geometry.type", "O144"),
        (
            "place",
            {"geometry": {"type": "Point", "coordinates": [500, 1]}},
            "place.geometry",
            "O141",
        ),
        ("place", {"geometry": {"type": "Polygon", "coordinates": []}}, "place.geometry", "O144"),
        ("custody", {"x": float("inf")}, "custody.x", "O105"),
        ("note", "\ud800", "note", "O102"),
    ],
)
def test_each_bad_field_is_named(field: str, value: object, where: str, code: str) -> None:
    assert (where, code) in [(flaw.field, flaw.code) for flaw in flaws(**{field: value})]


def test_a_misspelling_is_answered_with_the_word_meant() -> None:
    assert 'did you mean "act"?' in flaws(actt="x")[0].help
    assert 'did you mean "sense"?' in flaws(source={"id": "s", "sence": "heard"})[0].help


def test_everything_wrong_is_said_at_once() -> None:
    found = flaws(at="2016-02-30", place={"lon": 200, "lat": 0}, count=-1, grade="x", actt=1)
    assert {flaw.field for flaw in found} == {"at", "place.lon", "count", "grade", "actt"}


def test_a_self_crossing_ring_is_refused_with_the_place_of_the_crossing() -> None:
    ring = [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]
    (flaw,) = flaws(place={"geometry": {"type": "Polygon", "coordinates": [ring]}})
    assert "0.5 0.5" in flaw.message


def test_further_fields_are_taken_only_if_declared() -> None:
    record = {**GOOD, "trucks_with_fuel": 50}
    assert isinstance(from_record(record), list)
    found = from_record(record, known_fields={"trucks_with_fuel"})
    assert isinstance(found, Observation)
    assert found.fields == {"trucks_with_fuel": 50}
    inside = {**GOOD, "fields": {"truks_with_fuel": 50}}
    assert isinstance(from_record(inside), Observation)
    (flaw,) = from_record(inside, known_fields={"trucks_with_fuel"})  # type: ignore[misc]
    assert "trucks_with_fuel" in flaw.help


def test_about_bounds_nothing_but_one() -> None:
    count = accepted(count={"about": 40}).count
    assert count is not None
    assert (count.min, count.max, count.about) == (1, None, 40)  # type: ignore[union-attr]


def test_one_text_and_a_list_of_one_are_the_same_content() -> None:
    assert accepted(denies="fire").digest() == accepted(denies=["fire"]).digest()
    assert accepted(count=5).digest() == accepted(count=5.0).digest()


def test_a_deep_record_is_refused() -> None:
    deep: Any = 1
    for _ in range(100):
        deep = {"x": deep}
    assert flaws(custody=deep)[0].code == "O104"


def test_a_record_that_is_no_object() -> None:
    assert from_record([1])[0].code == "O111"  # type: ignore[index]
