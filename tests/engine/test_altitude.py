"""Below and above a height: three-valued, in metres or feet."""

from __future__ import annotations

from typing import Any

import pytest
from groundwork import agree, finding, see, verdict

from servanda.observations import read

BELOW, ABOVE = "rule A: No party shall fly below 5,000 ft.\n", "rule A: No party shall fly above 1,524 m.\n"


def at(altitude: float | None, error: float | None = 0) -> dict[str, Any]:
    stated = {"altitude_m": altitude, "altitude_error_m": error}
    return {"lon": 38.0, "lat": 48.0, "error_m": 10, **{k: v for k, v in stated.items() if v is not None}}


@pytest.mark.parametrize(
    ("place", "below", "above"),
    [
        (at(1523.9), "violated", "unobserved"),
        (at(1524.1), "unobserved", "violated"),
        (at(1524), "indeterminate", "indeterminate"),
        (at(1500, 20), "violated", "unobserved"),
        (at(1500, 30), "indeterminate", "indeterminate"),
        (at(1500, None), "violated", "unobserved"),
        (at(-20), "violated", "unobserved"),
        (at(None, None), "indeterminate", "indeterminate"),
        (..., "indeterminate", "indeterminate"),
    ],
)
def test_a_height_is_compared_with_the_altitude_and_its_error(place: Any, below: str, above: str) -> None:
    assert verdict(agree(BELOW), see("flight", "fly", place=place)) == below
    assert verdict(agree(ABOVE), see("flight", "fly", place=place)) == above


@pytest.mark.parametrize("rule", [BELOW, ABOVE])
@pytest.mark.parametrize(("edge", "expected"), [("inside", "violated"), ("outside", "unobserved")])
def test_exactly_at_a_height_is_what_is_assumed_of_edges(rule: str, edge: str, expected: str) -> None:
    agreement = agree(rule, assume=f'assuming edges {edge}, because "so agreed".\n')
    found = finding(agreement, see("flight", "fly", place=at(1524)))
    assert found.verdict.value == expected
    if expected == "violated":
        assert [a.id for a in found.assumptions] == ["A1"]


def test_an_altitude_without_an_error_is_taken_as_exact_and_the_finding_says_so() -> None:
    found = finding(agree(BELOW), see("flight", "fly", place=at(1000, None)))
    assert [a.id for a in found.assumptions] == ["altitude-as-stated"]
    assert [(m.name, m.min, m.max, m.limit) for m in found.measured] == [("altitude", 1000, 1000, 1524)]
    assert "1,000 m above sea level (limit 1,524 m)" in found.because


def test_a_layer_has_a_floor_and_a_ceiling() -> None:
    agreement = agree("rule A: No party shall fly over square above 1,000 m below 2 km.\n")
    found = [verdict(agreement, see("flight", "fly", place=at(h))) for h in (900, 1500, 2100)]
    assert found == ["unobserved", "violated", "unobserved"]


def test_an_error_of_altitude_without_an_altitude_is_refused() -> None:
    record = {"id": "x", "act": "fly", "at": "2020-02-01T12:00Z", "place": at(None, 5)}
    assert [(r.code, r.field) for r in read([record]).rejected] == [("O140", "place.altitude_error_m")]
