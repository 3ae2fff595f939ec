"""Where it was seen: geometry by golden section and by areas, one drawing at a time."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import json
import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from oracle_parts import MAYBE, NO, YES, Record
from oracle_places import WGS84, Somewhere, Stands, settle
from oracle_things import Things
from shapely.geometry import LineString, MultiPoint, Point, Polygon, shape
from shapely.ops import linemerge, polygonize, unary_union

GOLDEN = (5**0.5 - 1) / 2


@cache
def to_edges(spot: tuple[float, float], edges: tuple[tuple[tuple[float, ...], tuple[float, ...]], ...]) -> float:
    """The geodesic distance from a point to the nearest of some edges.

    Up to 52 degrees from the equator a degree is 68 to 112 km, so one edge that is 1.7 times as many degrees away as
    another is not nearer.
    """
    assert abs(spot[1]) <= 52
    degrees = [_degrees(spot, *edge) for edge in edges]
    near = [edge for edge, apart in zip(edges, degrees, strict=True) if apart <= 1.7 * min(degrees) + 1e-6]
    return round(min(to_edge(*spot, *edge) for edge in near), 3)


def _degrees(spot: tuple[float, float], a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """The distance to an edge on squared paper."""
    along, off = (b[0] - a[0], b[1] - a[1]), (spot[0] - a[0], spot[1] - a[1])
    length = along[0] ** 2 + along[1] ** 2
    share = min(1.0, max(0.0, (along[0] * off[0] + along[1] * off[1]) / length)) if length else 0.0
    return math.hypot(off[0] - share * along[0], off[1] - share * along[1])


def to_edge(lon: float, lat: float, a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """The geodesic distance from a place to an edge that is straight in longitude and latitude."""

    def at(share: float) -> float:
        return float(WGS84.inv(lon, lat, a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))[2])

    low, high = 0.0, 1.0
    left, right = high - GOLDEN, low + GOLDEN
    at_left, at_right = at(left), at(right)
    for _ in range(50):
        if at_left < at_right:
            high, right, at_right = right, left, at_left
            left = high - GOLDEN * (high - low)
            at_left = at(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + GOLDEN * (high - low)
            at_right = at(right)
    return min(at_left, at_right, at(0.0), at(1.0))


@cache
def edges_of(line: Any) -> tuple[tuple[tuple[float, ...], tuple[float, ...]], ...]:
    """The edges of a line or of an outline."""
    return tuple(pair for part in getattr(line, "geoms", [line]) for pair in itertools.pairwise(part.coords))


@cache
def _towns(gazetteer: Path) -> dict[str, Stands]:
    with gazetteer.open(encoding="utf-8") as rows:
        return {
            name: (float(row["lon"]), float(row["lat"]), float(row["error_m"]))
            for row in csv.DictReader(rows)
            for name in [row["name"], *filter(None, row["also"].split("|"))]
        }


_SETTLED: dict[str, Somewhere | None] = {}


class Places(Things):
    """Zones, lines, sides, heights and ways."""

    def drawing(self, data: Any, declared: float) -> tuple[Any, list[tuple[Any, float]]]:
        """What is drawn as a whole, and its lines or outline in parts, each with its accuracy."""
        features = data.get("features", [data])
        parts = []
        for feature in features:
            stated = (feature.get("properties") or {}).get("accurate_to_m")
            parts.append((shape(feature.get("geometry", feature)), declared if stated is None else stated))
        if parts[0][0].geom_type == "LineString":
            return linemerge([line for line, _ in parts]) if len(parts) > 1 else parts[0][0], parts
        ((area, accuracy),) = parts
        if not area.is_valid:
            area = unary_union(list(polygonize(unary_union(area.exterior))))
        return area, [(area.boundary, accuracy)]

    def place(self, record: Record, place: Any, party: str) -> int:
        if place.kind == "zone":
            value = self.in_zone(record, place.zone, {"over": "in"}.get(place.relation, place.relation))
            return value if place.inside else YES - value
        if place.kind == "altitude":
            return self.height(record.get("place") or {}, place)
        if place.kind == "across":
            start, stop = (self.somewhere(record, self.end(record, end)) for end in ("from", "into"))
            if start is None or stop is None:
                return MAYBE
            return self.on_each_day(record, place.line, lambda drawn: self.crosses(start, stop, drawn))
        line: dict[str | None, str] = {p.party: p.line for p in place.lines}
        name = line.get(party, line.get(None))
        if name is None:
            return NO
        where = self.somewhere(record, record.get("place") or {})
        if where is None:
            return MAYBE
        if place.kind == "side":
            return self.on_each_day(record, name, lambda drawn: self.on_side(where, name, drawn, party, own=place.own))
        return self.on_each_day(record, name, lambda drawn: self.near_line(where, name, drawn, party, place))

    def somewhere(self, record: Record, place: Record) -> Somewhere | None:
        """Where a place is; one that names a zone is the zone as drawn at the time, of several drawings all of them."""
        zones = {}
        if place.get("zone") in self.drawn:
            held = [drawn for _, *drawn in self.drawings(record, place["zone"])]
            zones[place["zone"]] = (unary_union([g for g, _ in held]), max(a for _, parts in held for _, a in parts))
            return settle(place, {}, zones)
        bare = {k: v for k, v in place.items() if not k.startswith("altitude")}
        key = json.dumps([bare, str(self.agreement.folder) if {"settlement", "observer"} & set(bare) else ""])
        if key not in _SETTLED:
            _SETTLED[key] = settle(bare, self.towns(), {})
        return _SETTLED[key]

    def towns(self) -> dict[str, Stands]:
        """The places of the gazetteer by their names."""
        if self.agreement.gazetteer is None:
            return {}
        assert self.agreement.folder is not None
        return _towns(self.agreement.folder / self.agreement.gazetteer)

    def drawings(self, record: Record, name: str) -> list[Any]:
        """Every drawing that held on some day of what was seen."""
        at = record["at"]
        first = self.moment(at["from"] if isinstance(at, dict) else at)
        end = self.moment(at["to"] if isinstance(at, dict) else at, end=True)
        last = first if first == end else end - dt.timedelta(microseconds=1)
        days = [since for since, _, _ in self.drawn[name]]
        held = [i for i, since in enumerate(days) if since <= self.day(last)]
        over = [i for i in held if i + 1 < len(days) and days[i + 1] <= self.day(first)]
        return [self.drawn[name][i] for i in held if i not in over]

    def on_each_day(self, record: Record, name: str, value: Callable[[Any], int]) -> int:
        """What holds under every drawing that held on some day of what was seen; else nobody can say."""
        values = {value(drawn[1:]) for drawn in self.drawings(record, name)}
        return values.pop() if len(values) == 1 else MAYBE

    def near_line(self, where: Somewhere, name: str, drawn: Any, party: str, place: Any) -> int:
        value = self.nearer(where, drawn, place.distance_m, self.at_edge)
        if place.nearest_m:
            value = min(value, YES - self.nearer(where, drawn, place.nearest_m, YES - self.at_edge))
        return min(value, self.on_side(where, name, drawn, party, own=True)) if place.own_side else value

    def nearer(self, where: Somewhere, drawn: Any, limit: float, at_limit: int) -> int:
        low, high = self.between(where, drawn)
        if low == high == limit:
            return at_limit
        if high < limit or (high == limit and at_limit == YES):
            return YES
        return NO if low > limit or (low == limit and at_limit == NO) else MAYBE

    def on_side(self, where: Somewhere, name: str, drawn: Any, party: str, *, own: bool) -> int:
        """Which side of a line, by the area north of it: for lines from west to east, as all that are made here are."""
        if party not in {s.party for s in self.agreement.line(name).sides}:
            return MAYBE
        line = list(drawn[0].coords)
        beyond = [self.beyond(*line[:2][::-1]), self.beyond(*line[-2:])]
        further = [LineString([line[0], beyond[0]]), LineString([line[-1], beyond[1]])]
        widest = max(accuracy for _, accuracy in drawn[1])
        low, high = self.between(where, (drawn[0], [*drawn[1], *((way, widest) for way in further)]))
        if low == 0:
            return self.at_edge if high == 0 and where.area is None else MAYBE
        north = Polygon([beyond[0], *line, beyond[1], (beyond[1][0], 80), (beyond[0][0], 80)])
        towns = self.towns()
        here = {north.contains(Point(spot)) for spot in where.spots}
        its = {s.party: north.contains(Point(towns[s.place][:2])) for s in self.agreement.line(name).sides}
        if len(here) > 1:
            return MAYBE
        return YES if (its[party] in here) == own else NO

    def beyond(self, before: Any, end: Any) -> tuple[float, float]:
        """A point five degrees beyond the end of a line, straight on."""
        steps = 5 / max(abs(end[0] - before[0]), abs(end[1] - before[1]))
        return end[0] + steps * (end[0] - before[0]), end[1] + steps * (end[1] - before[1])

    def between(self, where: Somewhere, drawn: Any) -> tuple[float, float]:
        """The distance to what is drawn, at least and at most: each part may be as far off as its accuracy."""
        spots = [[(self.distance(spot, line), accuracy) for line, accuracy in drawn[1]] for spot in where.spots]
        nearest = [min(d - a for d, a in spot) for spot in spots]
        nearest += [-accuracy for line, accuracy in drawn[1] if where.meets(line)]
        low, high = min(nearest) - where.error, max(min(d + a for d, a in spot) for spot in spots) + where.error
        return round(max(low, 0.0), 3), round(high, 3)

    def height(self, where: Record, place: Any) -> int:
        if "altitude_m" not in where:
            return MAYBE
        error = where.get("altitude_error_m", 0)
        low, high = where["altitude_m"] - error, where["altitude_m"] + error
        tried = set()
        for height in (low, high):
            under = YES if (height < place.limit_m) == place.below else NO
            tried.add(self.at_edge if height == place.limit_m else under)
        if low < place.limit_m < high:
            return MAYBE
        return tried.pop() if len(tried) == 1 else MAYBE

    def end(self, record: Record, which: str) -> Record:
        """Where it was seen, came from, or arrived; nothing where nobody said."""
        denotes = self.agreement.vocabulary.acts[record["act"]].place
        if which in {"in", denotes}:
            return record.get("place") or {}
        return (record.get("target") or {}) if which == "into" else {}

    def crosses(self, start: Somewhere, stop: Somewhere, drawn: Any) -> int:
        """Whether the straight way crosses the line; unknown where ways on both sides of an end of it are possible."""
        geometry, parts = drawn
        rings: list[Any] = []
        for where in (start, stop):
            slack = where.error + max(accuracy for _, accuracy in parts)
            if self.between(where, drawn)[0] == 0:
                return MAYBE
            turns = range(0, 360, 15) if slack else ()
            rings.extend([*where.spots, *(WGS84.fwd(*spot, a, slack)[:2] for spot in where.spots for a in turns)])
        if MultiPoint(rings).convex_hull.intersects(MultiPoint([geometry.coords[0], geometry.coords[-1]])):
            return MAYBE
        odd = {self.parted(one, other, geometry) for one in start.spots for other in stop.spots}
        return MAYBE if len(odd) > 1 else YES if odd.pop() else NO

    def parted(self, one: Any, other: Any, line: Any) -> bool:
        cut = LineString([one, other]).intersection(line)
        return not cut.is_empty and len(getattr(cut, "geoms", [cut])) % 2 == 1

    def in_zone(self, record: Record, name: str, which: str = "in") -> int:
        where = self.end(record, which)
        if where.get("zone") == name:
            return YES
        spots = self.somewhere(record, where)
        if spots is None:
            return MAYBE
        return self.on_each_day(record, name, lambda drawn: self.within(spots, drawn))

    def within(self, where: Somewhere, drawn: Any) -> int:
        low, high = self.between(where, drawn)
        if low == 0:
            return self.at_edge if high == 0 and where.area is None else MAYBE
        inside = {drawn[0].contains(Point(spot)) for spot in where.spots}
        return MAYBE if len(inside) > 1 else YES if inside.pop() else NO

    def distance(self, spot: tuple[float, float], line: Any) -> float:
        """Geodesic distance by golden section on every edge."""
        return to_edges(spot, edges_of(line))
