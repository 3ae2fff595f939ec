"""How a place is handed to geometry: a disc, a sector, a shape, a name, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from servanda.observations.bearings import Arc, arcs
from servanda.observations.geodesic import destination, inverse

if TYPE_CHECKING:
    from servanda.observations.gazetteer import Gazetteer
    from servanda.observations.model import Observation
    from servanda.observations.place import Place

_ALL_ROUND: Arc = (0.0, 360.0)


@dataclass(frozen=True, slots=True)
class Disc:
    """Somewhere within a radius of a point.

    Attributes:
        lon: Degrees east, WGS84.
        lat: Degrees north.
        radius_m: Metres; None means that the source stated no error, which is not zero.
    """

    lon: float
    lat: float
    radius_m: float | None


@dataclass(frozen=True, slots=True)
class Sector:
    """Somewhere in given directions and at a given distance from an observer.

    Attributes:
        observer: Where the observer was; its own radius adds to the uncertainty.
        bearings: Clockwise arcs in degrees from north; several are a union. ``to`` may exceed 360.
        range_min_m: Nearest distance in metres.
        range_max_m: Farthest distance in metres.
    """

    observer: Disc
    bearings: tuple[Arc, ...]
    range_min_m: float
    range_max_m: float


@dataclass(frozen=True, slots=True)
class Shape:
    """Somewhere in a geometry.

    Attributes:
        geometry: GeoJSON, WGS84 longitude and latitude.
    """

    geometry: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Named:
    """A place only the agreement can resolve.

    Attributes:
        kind: What is named.
        name: As written.
    """

    kind: Literal["zone", "area"]
    name: str


@dataclass(frozen=True, slots=True)
class Unplaced:
    """No place, and why.

    Attributes:
        reason: One sentence; the place is unknown, not empty.
    """

    reason: str


PlaceShape = Disc | Sector | Shape
"""A place geometry can work with."""


def settle_place(observation: Observation, gazetteer: Gazetteer | None) -> Disc | Sector | Shape | Named | Unplaced:
    """Say where an observation was made of; as `settle`."""
    return settle(observation.place, gazetteer)


def settle(place: Place | None, gazetteer: Gazetteer | None) -> Disc | Sector | Shape | Named | Unplaced:
    """Say where a place is, without guessing.

    Args:
        place: The place, or None where the source states none.
        gazetteer: Names with coordinates, or None if the agreement names none.

    Returns:
        A shape, a name for the agreement to resolve, or why the place is unknown.
    """
    if place is None:
        return Unplaced("no place stated")
    if place.lon is not None and place.lat is not None:
        return Disc(place.lon, place.lat, place.error_m)
    if place.geometry is not None:
        return Shape(place.geometry)
    if place.zone is not None:
        return Named("zone", place.zone)
    if place.area is not None:
        return Named("area", place.area)
    if place.settlement is not None:
        return _look_up(place.settlement, place.near_m, gazetteer)
    return _from_observer(place, gazetteer)


def enclosing(sector: Sector) -> Disc:
    """Return a disc that holds a sector, for a place that is itself a starting point.

    Args:
        sector: With one arc narrower than half a circle, as compass points are.

    Returns:
        The disc about its middle, reaching its farthest corner.
    """
    start, end = sector.bearings[0]
    lon, lat = sector.observer.lon, sector.observer.lat
    middle_m = (sector.range_min_m + sector.range_max_m) / 2
    middle = destination(lon, lat, (start + end) / 2, middle_m)
    corners = [
        destination(lon, lat, bearing, metres)
        for bearing in (start, end)
        for metres in (sector.range_min_m, sector.range_max_m)
    ]
    farthest = max(inverse(middle, corner)[1] for corner in corners)
    return Disc(*middle, farthest + (sector.observer.radius_m or 0.0))


def _look_up(name: str, near_m: float | None, gazetteer: Gazetteer | None) -> Disc | Sector | Shape | Unplaced:
    if gazetteer is None:
        return Unplaced(f'no gazetteer to find "{name}" in')
    return gazetteer.find(name, near_m)


def _from_observer(place: Place, gazetteer: Gazetteer | None) -> Sector | Unplaced:
    nearest, farthest = _range(place)
    if farthest is None:
        return Unplaced("no range stated, nor how far this sensor reaches")
    if isinstance(place.observer, str):
        stood = _look_up(place.observer, place.near_m, gazetteer)
        if isinstance(stood, Unplaced):
            return stood
        if isinstance(stood, Shape):
            return Unplaced("the observer's position is an area")
        stood = stood if isinstance(stood, Disc) else enclosing(stood)
    elif place.observer is not None:
        stood = Disc(*place.observer, place.error_m)
    else:
        return Unplaced("no observer stated")
    bearings = arcs(place.bearing) if place.bearing is not None else (_ALL_ROUND,)
    if isinstance(bearings, str):
        return Unplaced(f"the bearing cannot be read: {bearings}")
    return Sector(stood, bearings, nearest, farthest)


def _range(place: Place) -> tuple[float, float | None]:
    if isinstance(place.range_m, tuple):
        return place.range_m
    if place.range_m is not None:
        return place.range_m, place.range_m
    return 0, place.reach_m
