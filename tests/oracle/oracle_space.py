"""Where it was seen: geometry by golden section and by areas, one drawing at a time."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
from collections.abc import Callable
from functools import cache
from typing import Any

from oracle_parts import MAYBE, NO, YES, Record
from oracle_things import Things
from pyproj import Geod
from shapely.geometry import LineString, MultiPoint, Point, Polygon, shape
from shapely.ops import linemerge, polygonize, unary_union

WGS84 = Geod(ellps="WGS84")


@cache
def to_edge(lon: float, lat: float, a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """The geodesic distance from a place to an edge that is straight in longitude and latitude."""

    def at(share: float) -> float:
        return float(WGS84.inv(lon, lat, a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))[2])

    low, high = 0.0, 1.0
    for _ in range(80):
        third = (high - low) / 3
        if at(low + third) < at(high - third):
            high -= third
        else:
            low += third
    return min(at(low), at(0.0), at(1.0))


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
            ends = [self.end(record, "from"), self.end(record, "into")]
            if not all(end and "lon" in end for end in ends):
                return MAYBE
            return self.on_each_day(record, place.line, lambda drawn: self.crosses(*ends, drawn))
        line: dict[str | None, str] = {p.party: p.line for p in place.lines}
        name = line.get(party, line.get(None))
        if name is None:
            return NO
        where = record.get("place") or {}
        if "lon" not in where:
            return MAYBE
        if place.kind == "side":
            return self.on_each_day(record, name, lambda drawn: self.on_side(where, name, drawn, party, own=place.own))
        return self.on_each_day(record, name, lambda drawn: self.near_line(where, name, drawn, party, place))

    def on_each_day(self, record: Record, name: str, value: Callable[[Any], int]) -> int:
        """What holds under every drawing that held on some day of what was seen; else nobody can say."""
        at = record["at"]
        first = self.moment(at["from"] if isinstance(at, dict) else at)
        end = self.moment(at["to"] if isinstance(at, dict) else at, end=True)
        last = first if first == end else end - dt.timedelta(microseconds=1)
        days = [since for since, _, _ in self.drawn[name]]
        held = [i for i, since in enumerate(days) if since <= self.day(last)]
        over = [i for i in held if i + 1 < len(days) and days[i + 1] <= self.day(first)]
        values = {value(self.drawn[name][i][1:]) for i in held if i not in over}
        return values.pop() if len(values) == 1 else MAYBE

    def near_line(self, where: Record, name: str, drawn: Any, party: str, place: Any) -> int:
        value = self.nearer(where, drawn, place.distance_m, self.at_edge)
        if place.nearest_m:
            value = min(value, YES - self.nearer(where, drawn, place.nearest_m, YES - self.at_edge))
        return min(value, self.on_side(where, name, drawn, party, own=True)) if place.own_side else value

    def nearer(self, where: Record, drawn: Any, limit: float, at_limit: int) -> int:
        low, high = self.between(where, drawn)
        if low == high == limit:
            return at_limit
        if high < limit or (high == limit and at_limit == YES):
            return YES
        return NO if low > limit or (low == limit and at_limit == NO) else MAYBE

    def on_side(self, where: Record, name: str, drawn: Any, party: str, *, own: bool) -> int:
        """Which side of a line, by the area north of it: for lines from west to east, as all that are made here are."""
        if party not in {s.party for s in self.agreement.line(name).sides}:
            return MAYBE
        low, high = self.between(where, drawn)
        if low == 0:
            return self.at_edge if high == 0 else MAYBE
        line = list(drawn[0].coords)
        north = Polygon([(-10, line[0][1]), *line, (90, line[-1][1]), (90, 80), (-10, 80)])
        assert self.agreement.folder is not None
        assert self.agreement.gazetteer is not None
        with (self.agreement.folder / self.agreement.gazetteer).open(encoding="utf-8") as rows:
            towns = {row["name"]: (float(row["lon"]), float(row["lat"])) for row in csv.DictReader(rows)}
        here = north.contains(Point(where["lon"], where["lat"]))
        its = {s.party: here == north.contains(Point(towns[s.place])) for s in self.agreement.line(name).sides}
        return YES if its[party] == own else NO

    def between(self, where: Record, drawn: Any) -> tuple[float, float]:
        """The distance to what is drawn, at least and at most: each part may be as far off as its accuracy."""
        found = [(self.distance(where, line), where.get("error_m", 0.0), accuracy) for line, accuracy in drawn[1]]
        low, high = min(d - e - a for d, e, a in found), min(d + a for d, _, a in found) + where.get("error_m", 0.0)
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

    def crosses(self, start: Record, stop: Record, drawn: Any) -> int:
        """Whether the straight way crosses the line; unknown where ways on both sides of an end of it are possible."""
        geometry, parts = drawn
        rings = []
        for where in (start, stop):
            slack = where.get("error_m", 0.0) + max(accuracy for _, accuracy in parts)
            if self.between(where, drawn)[0] == 0:
                return MAYBE
            around = [WGS84.fwd(where["lon"], where["lat"], a, slack)[:2] for a in range(0, 360, 15)]
            rings.extend([(where["lon"], where["lat"]), *around])
        if MultiPoint(rings).convex_hull.intersects(MultiPoint([geometry.coords[0], geometry.coords[-1]])):
            return MAYBE
        cut = LineString([(w["lon"], w["lat"]) for w in (start, stop)]).intersection(geometry)
        return NO if cut.is_empty or len(getattr(cut, "geoms", [cut])) % 2 == 0 else YES

    def in_zone(self, record: Record, name: str, which: str = "in") -> int:
        where = self.end(record, which)
        if where.get("zone") == name:
            return YES
        if "lon" not in where:
            return MAYBE
        return self.on_each_day(record, name, lambda drawn: self.within(where, drawn))

    def within(self, where: Record, drawn: Any) -> int:
        low, high = self.between(where, drawn)
        if low == 0:
            return self.at_edge if high == 0 else MAYBE
        return YES if drawn[0].contains(Point(where["lon"], where["lat"])) else NO

    def distance(self, where: Record, line: Any) -> float:
        """Geodesic distance by golden section on every edge."""
        edges = [pair for part in getattr(line, "geoms", [line]) for pair in itertools.pairwise(part.coords)]
        return round(min(to_edge(where["lon"], where["lat"], a, b) for a, b in edges), 3)
