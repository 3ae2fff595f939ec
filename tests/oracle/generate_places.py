"""Places of every form that sources have, made from a seed, at and beside every boundary.

The interpreter covers a sector or an outline with discs that stick out a little; the oracle walks its outline in steps.
So the two can be compared exactly only where nothing lies within such a little of it: a place is taken only if no edge
and no limit of the maps lies just outside of it (`_clear`). What lies within it, however little, is no harm: then both
have to say that nobody can tell. They are some hundred, and not a new one each time, since each is walked once.
"""

from __future__ import annotations

import csv
import json
import random
from functools import cache
from typing import Any

import generate_maps as maps
from oracle_places import WGS84, Somewhere, arcs, settle
from oracle_space import edges_of, to_edges
from shapely.geometry import LineString, MultiLineString, MultiPoint, Polygon
from shapely.ops import polygonize, unary_union

Record = dict[str, Any]

POOL = 240
BORDERS = (
    *((37.5, y) for y in (47.7, 48.1, 48.4)),
    *((38.5, y) for y in (47.6, 48.3)),
    *((x, y) for x in (37.6, 38.3) for y in (47.5, 48.5)),
    *((38.0, 48.05), (38.4, 48.1), (38.2, 47.9), (38.2, 48.2), (38.0, 47.9), (38.4, 48.2)),
    *((37.4, 47.8), (37.8, 47.7), (38.2, 48.4), (38.4, 48.4), (38.2, 49.0)),
    *((x, 48.0 + s * d / 111_200) for x in (37.45, 37.8) for s in (-1, 1) for d in maps.LIMITS_M),
    *((x, 48.2) for x in (37.5, 38.05, 38.6)),
)
"""Points on the edges of the zones, on the lines, and at every limit from them."""

DRAWN = tuple(
    outline if isinstance(outline, LineString | MultiLineString) else outline.boundary
    for outline in (
        *(Polygon(rings[0]) for rings in (maps.AREA, maps.PORT, maps.BELT_1, maps.BELT_2)),
        unary_union(list(polygonize(unary_union(LineString(maps.CROSSED[0]))))),
        LineString(maps.LINE_A),
        *(LineString(part) for part in maps.LINE_B),
    )
)
TOWNS = {
    name: (float(row["lon"]), float(row["lat"]), float(row["error_m"]))
    for row in csv.DictReader(maps.GAZETTEER.splitlines())
    for name in [row["name"], *filter(None, row["also"].split("|"))]
}
UNKNOWN: tuple[Record, ...] = (
    {"observer": [38.0, 48.0], "bearing": "N"},
    {"observer": "Nowhere", "bearing": "N", "range_m": 2_000},
    {"observer": "near Mill", "bearing": "N", "range_m": 2_000},
    {"settlement": "Nowhere"},
    {"settlement": "3 km W of Nowhere"},
    {"settlement": "near Mill"},
    {"settlement": "N of Ford"},
    {"settlement": "between Mill and Nowhere"},
    {"area": "The District"},
)
"""Places of which nobody can say where they are."""


SOUTH_EAST = {"from": 90, "to": 200}
NORTH_WEST = {"from": "W", "to": 10}


def some_place(rng: random.Random) -> Record:
    """One of the places, of any form."""
    return dict(place_of(rng.randrange(POOL)))


@cache
def place_of(number: int) -> Record:
    """A place that is clear of whatever lies just outside of it."""
    rng = random.Random(f"place {number}")
    make = rng.choice((*[_sector] * 5, *[_described] * 2, *[_outline] * 3, _lost))
    while True:
        made = make(rng)
        where = settle(made, TOWNS, {})
        if where is None or _clear(where, _loose(made, where)):
            return made


def inside(place: Record) -> Record | None:
    """A point of a place, known exactly; nothing where nobody can say where it is."""
    where = settle(place, TOWNS, {})
    return None if where is None else {"lon": where.spots[0][0], "lat": where.spots[0][1], "error_m": 0}


def _loose(place: Record, where: Somewhere) -> float:
    """How far discs that cover a place may stick out of it, or a step pass an edge by: an eighth of its size.

    A sector is covered by rings of a fourteenth of its range (or 50 m), an outline by boxes of a fourteenth of its own.
    """
    if len(where.spots) == 1:
        return 0.0
    if "geometry" in place:
        west, south, east, north = MultiPoint(where.spots).bounds
        return 10.0 + float(WGS84.inv(west, south, east, north)[2]) / 8
    words = place.get("settlement", "")
    if words:
        figure, unit = words.split()[:2] if words[0].isdigit() else (str(place["near_m"]), "m")
        return 60.0 + float(figure) * 1.5 * (1000 if unit == "km" else 1) / 8
    reach = place.get("range_m", place.get("reach_m", 0))
    return 60.0 + float(max(reach) if isinstance(reach, list) else reach) / 8


def _clear(where: Somewhere, loose: float) -> bool:
    """Whether no edge, and no limit of any accuracy, lies outside a place by less than so much."""
    if not loose:
        return True
    for line in DRAWN:
        apart = [to_edges(spot, edges_of(line)) for spot in where.spots]
        low, high = (0.0 if where.meets(line) else min(apart)) - where.error, max(apart) + where.error
        for limit in maps.LIMITS_M:
            for accuracy in maps.ACCURACIES_M:
                if limit + accuracy < low <= limit + accuracy + loose:
                    return False
                if limit - accuracy - loose <= high < limit - accuracy:
                    return False
    return True


def _sector(rng: random.Random) -> Record:
    """From an observer who stands so that an end or the middle of the sector is on a boundary, or beside it."""
    farthest = rng.choice((150, 400, 1_000, 2_000, 4_000, 4_000, 8_000, 15_000))
    nearest = rng.choice((0, 0.25, 0.5, 0.5, 0.75, 0.9, 1)) * farthest
    point = rng.choice(("N", "E", "S", "W", "NE", "SE", "SW", "NW", "NNE", "ESE", "WSW", "NNW"))
    degrees = rng.choice((0, 1, 45, 135, 180, 217.5, 359.5, 360))
    several = (["N", "S"], ["S", "N"], ["E", "W"], ["NE", "SW"], ["WSW", "W", "WNW"], [0, 180], ["N", SOUTH_EAST])
    span = rng.choice(({"from": "NE", "to": "SSE"}, {"from": 350, "to": 10}, {"from": 30, "to": 300}, NORTH_WEST))
    bearing = rng.choice((point, point, point, degrees, rng.choice(several), rng.choice(several), span, None))
    place: Record = {"range_m": rng.choice(([nearest, farthest], [nearest, farthest], farthest))}
    if rng.random() < 0.15:
        place = {"reach_m": farthest}
    if bearing is not None:
        place["bearing"] = bearing
    if rng.random() < 0.15:
        return place | {"observer": rng.choice(tuple(TOWNS))}
    error = rng.choice((None, None, 0, 30, 500))
    lon, lat = rng.choice(BORDERS)
    first, last = arcs(bearing if bearing is not None else (0, 360))[0]
    beside = (60 + farthest / 8 + (error or 0)) * rng.choice((-2, -1.1, -1, 0, 0, 0.5, 1, 1.1, 2))
    back = rng.choice((nearest, farthest, farthest, (nearest + farthest) / 2)) + beside
    if isinstance(bearing, list) and rng.random() < 0.7:  # he stands on the boundary: one way leads in, another out
        place = {"bearing": rng.choice((["NE", "SW"], ["SW", "NE"], ["SE", "NW"])), "range_m": [0.75 * 2_000, 2_000]}
        back, error = 0.0, None
    east, north, _ = WGS84.fwd(lon, lat, rng.choice((first, last, (first + last) / 2)) + 180, back)
    return place | {"observer": [round(east, 6), round(north, 6)]} | ({} if error is None else {"error_m": error})


def _described(rng: random.Random) -> Record:
    town = rng.choice(tuple(TOWNS))
    point = rng.choice(("N", "E", "S", "W", "SE", "NW", "NNE", "WSW"))
    figure = rng.choice(("1 km", "2 km", "3 km", "2.5 km", "5 km", "10 km", "20 km", "300 m", "350 m", "800 m"))
    if rng.random() < 0.5:
        return {"settlement": f"{figure} {point} of {town}"}
    near = {"near_m": rng.choice((200, 2_000, 5_000))}
    if rng.random() < 0.5:
        return {"settlement": rng.choice((f"near {town}", f"{point} of {town}"))} | near
    return {"settlement": rng.choice((town, f"between {town} and {rng.choice(tuple(TOWNS))}"))}


def _outline(rng: random.Random) -> Record:
    """Points on a boundary, lines and areas that have a corner on one or beside it."""
    lon, lat = rng.choice(BORDERS)
    kind = rng.choice(("Point", "MultiPoint", "LineString", "Polygon", "Polygon"))
    if kind == "Point":
        return {"geometry": {"type": kind, "coordinates": [lon, lat]}}
    size = rng.choice((0.002, 0.01, 0.04, 0.15)) * rng.choice((-1, 1))
    off = size * rng.choice((-1.3, -0.5, -0.2, 0, 0.2, 0.3))
    x, y = round(lon + off, 6), round(lat + off * rng.choice((-1, 0, 1)), 6)
    corners = [[x, y], [round(x + size, 6), y], [round(x + size, 6), round(y + size * 0.7, 6)], [x, y]]
    if kind == "MultiPoint":
        return {"geometry": {"type": kind, "coordinates": rng.choice((corners[:1], corners[:2]))}}
    if kind == "LineString":
        return {"geometry": {"type": kind, "coordinates": rng.choice((corners[:2], corners[1:3], corners[:3]))}}
    return {"geometry": {"type": kind, "coordinates": [corners]}}


def _lost(rng: random.Random) -> Record:
    return json.loads(json.dumps(rng.choice(UNKNOWN)))
