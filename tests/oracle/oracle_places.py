"""A place is a set of points: every form in which sources say where, as points that stand for all of them.

What is an area is walked along its outline, in steps that are small beside it. That is exact but for the steps, so who
makes cases keeps clear of edges and limits by more than a step.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import Any

from oracle_parts import Record
from pyproj import Geod
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, shape
from shapely.ops import unary_union

WGS84 = Geod(ellps="WGS84")
COMPASS = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")
STEP_DEG, STEPS = 15, 4

Spot = tuple[float, float]
Stands = tuple[float, float, float]


@dataclass(frozen=True)
class Somewhere:
    """Anywhere in a set of points.

    Attributes:
        spots: Longitudes and latitudes that stand for it: the point itself, or the corners and the walk between them.
        error: How far it may be from there, in metres.
        area: All of it in degrees; None where the spots are all there is.
    """

    spots: tuple[Spot, ...]
    error: float = 0.0
    area: Any = None

    def meets(self, drawn: Any) -> bool:
        """Whether it reaches what is drawn, wherever that is."""
        return self.area is not None and bool(self.area.intersects(drawn))


def settle(place: Record, towns: dict[str, Stands], zones: dict[str, tuple[Any, float]]) -> Somewhere | None:
    """Where a place is, or nothing where nobody can say."""
    if "lon" in place:
        return Somewhere(((place["lon"], place["lat"]),), place.get("error_m", 0.0))
    if "geometry" in place:
        return drawn(shape(place["geometry"]))
    if "zone" in place:
        geometry, accuracy = zones[place["zone"]]
        return Somewhere(drawn(geometry).spots, accuracy, geometry)
    if "settlement" in place:
        return described(place["settlement"], place.get("near_m"), towns)
    if "observer" in place:
        return observed(place, towns)
    return None


def observed(place: Record, towns: dict[str, Stands]) -> Somewhere | None:
    """In some directions from an observer, between two ranges."""
    reach = place.get("range_m", [0, place["reach_m"]] if "reach_m" in place else None)
    if reach is None:
        return None
    nearest, farthest = reach if isinstance(reach, list) else (reach, reach)
    stands = place["observer"]
    if isinstance(stands, str):
        town = described(stands, place.get("near_m"), towns)
        if town is None or len(town.spots) > 1:
            return None
        ((lon, lat),), error = town.spots, town.error
    else:
        (lon, lat), error = stands, place.get("error_m", 0.0)
    return sector((lon, lat, error), arcs(place.get("bearing", (0, 360))), nearest, farthest)


def arcs(bearing: Any) -> list[tuple[float, float]]:
    """The directions a bearing stands for, each from a degree clockwise to another."""
    if isinstance(bearing, tuple):
        return [bearing]
    if isinstance(bearing, list):
        return [arc for one in bearing for arc in arcs(one)]
    if isinstance(bearing, dict):
        (first, start), (last, stop) = (_ends(bearing[end], 0) for end in ("from", "to"))
        turned = ((last + stop) / 2 - (first + start) / 2) % 360  # from the middle of one to the middle of the other
        return [(first, first + min(360, turned + (start - first) / 2 + (stop - last) / 2))]
    return [_ends(bearing, 0.5)]


def _ends(direction: Any, half: float) -> tuple[float, float]:
    """The ends of one direction: of a compass point those of its sector, of degrees so much either way."""
    if isinstance(direction, str):
        half = 11.25 if len(direction) == len("NNW") else 22.5
        direction = COMPASS.index(direction) * 22.5
    return direction - half, direction + half


def sector(stands: Stands, directions: list[tuple[float, float]], nearest: float, farthest: float) -> Somewhere:
    lon, lat, error = stands
    areas: list[Any] = []
    spots: list[Spot] = []
    for first, last in directions:
        count = max(2, round((last - first) / STEP_DEG))
        turns = [first + (last - first) * i / count for i in range(count + 1)]
        ranges = [nearest + (farthest - nearest) * i / STEPS for i in range(STEPS + 1)]
        outer, inner = ([_away(lon, lat, turn, reach) for turn in turns] for reach in (farthest, nearest))
        sides = [_away(lon, lat, turn, reach) for turn in (first, last) for reach in ranges]
        around = last - first >= 360
        if nearest == farthest:
            areas.append(LineString(outer))
        elif around:
            areas.append(Polygon(outer, [inner] if nearest else None))
        else:
            areas.append(Polygon([*outer, *inner[::-1]]).buffer(0))
        spots.extend([*outer, *inner] if around else [*outer, *inner, *sides])
    return Somewhere(tuple(dict.fromkeys(spots)), error, unary_union(areas))


def described(words: str, near: float | None, towns: dict[str, Stands]) -> Somewhere | None:
    """What a description of a place says: a name, so far and in that direction from it, near it, between two."""
    town = towns.get(words)
    if town is not None:
        return Somewhere((town[:2],), town[2])
    if found := re.fullmatch(r"([\d.]+) (km|m) ([A-Z]+) of (.+)", words):
        figure, unit, point, name = found.groups()
        unwritten = len(figure) - len(figure.rstrip("0")) if unit == "m" else -len(figure.partition(".")[2])
        scale = 1000 if unit == "km" else 1
        far, half = float(figure) * scale, 10**unwritten * scale / 2
        return _from(name, towns, lambda t: sector(t, arcs(point), max(far - half, 0.0), far + half))
    if found := re.fullmatch(r"between (.+) and (.+)", words):
        one, other = (towns.get(name) for name in found.groups())
        if one is None or other is None:
            return None
        bearing, _, apart = WGS84.inv(*one[:2], *other[:2])
        return Somewhere((_away(*one[:2], bearing, apart / 2),), apart / 2 + max(one[2], other[2]))
    if found := re.fullmatch(r"near (.+)", words):
        return None if near is None else _from(found[1], towns, lambda t: Somewhere((t[:2],), t[2] + near))
    if found := re.fullmatch(r"([A-Z]+) of (.+)", words):
        return None if near is None else _from(found[2], towns, lambda t: sector(t, arcs(found[1]), 0.0, near))
    return None


def _from(name: str, towns: dict[str, Stands], made: Any) -> Somewhere | None:
    return made(towns[name]) if name in towns else None


def drawn(geometry: Any) -> Somewhere:
    """A geometry of any kind, by the ends of its edges and steps between them."""
    spots: list[Spot] = []
    for part in getattr(geometry, "geoms", [geometry]):
        if isinstance(part, Point):
            spots.append((part.x, part.y))
            continue
        rings = [part.exterior, *part.interiors] if isinstance(part, Polygon) else [part]
        for one, other in itertools.chain.from_iterable(itertools.pairwise(ring.coords) for ring in rings):
            shares = [i / STEPS for i in range(STEPS + 1)]
            spots.extend((one[0] + s * (other[0] - one[0]), one[1] + s * (other[1] - one[1])) for s in shares)
    solid = isinstance(geometry, Polygon | MultiPolygon | LineString)
    return Somewhere(tuple(dict.fromkeys(spots)), 0.0, geometry if solid else None)


def _away(lon: float, lat: float, bearing: float, metres: float) -> Spot:
    east, north, _ = WGS84.fwd(lon, lat, bearing, metres)
    return east, north
