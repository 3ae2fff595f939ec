"""Interpreters that are wrong about places."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from mutant import Patch, sets
from shapely.geometry import shape as geometry_of

from servanda import lower, plan
from servanda.locate import placing, settling
from servanda.observations import bearings, gazetteer, place, placenames, shapes
from servanda.observations.shapes import Disc, Sector, Shape
from servanda.space import relations
from servanda.truth import Truth

_REAL_EDGE = lower._Lowering.edge_of_places
_REAL_PLACE = lower._place
_REAL_COVER = placing.cover
_REAL_ARCS = shapes.arcs
_REAL_RANGE = shapes._range
_REAL_AWAY = placenames._away


def _not_in_port(place: Any, edge: Truth) -> Any:
    made = _REAL_PLACE(place, edge)
    return plan.AtLeastOne() if isinstance(made, plan.InZone) and made.zone == "port" else made


def _from_the_line(place: Any, edge: Truth) -> Any:
    made = _REAL_PLACE(place, edge)
    return replace(made, nearest_m=0.0) if isinstance(made, plan.NearLine) else made


def _last(lowering: Any) -> Any:
    return lowering.agreement.rules[-1]


def _observer_alone(shape: Any) -> Any:
    return _REAL_COVER(shape.observer if isinstance(shape, Sector) else shape)


def _observer_exact(shape: Any) -> Any:
    sure = isinstance(shape, Sector)
    return _REAL_COVER(replace(shape, observer=replace(shape.observer, radius_m=0.0)) if sure else shape)


def _centroid(shape: Any) -> Any:
    if not isinstance(shape, Shape):
        return _REAL_COVER(shape)
    middle = geometry_of(shape.geometry).centroid
    return _REAL_COVER(Disc(middle.x, middle.y, 0.0))


def _first_bearing(bearing: Any) -> Any:
    return _REAL_ARCS(bearing[0] if isinstance(bearing, list | tuple) else bearing)


def _at_the_observer(stated: place.Place) -> tuple[float, float | None]:
    nearest, farthest = _REAL_RANGE(stated)
    return nearest, 0.0 if farthest is None else farthest


def _narrow_points(patch: pytest.MonkeyPatch) -> None:
    for room in (bearings, gazetteer):
        patch.setattr(room, "point_arc", lambda point: (360 + _middle_of(point) - 1, 360 + _middle_of(point) + 1))


def _middle_of(point: str) -> float:
    return bearings.POINTS.index(point) * 22.5


def _as_written(found: Any) -> Any:
    return replace(_REAL_AWAY(found), rounding_m=0.0)


MUTANTS: dict[str, Patch] = {
    "lines and zones are exact": sets(relations, "_parts", lambda drawn: ((0.0, drawn.edges),)),
    "places are exact": sets(relations, "_radii", lambda place: place.radii * 0),
    "one place of several is enough": lambda patch: patch.setattr(lower, "_place", _not_in_port),
    "any side is the own one": sets(settling.Settling, "own_side", lambda *_: Truth.TRUE),
    "edges are the same for every clause": sets(
        lower._Lowering, "edge_of_places", lambda self: _REAL_EDGE(lower._Lowering(self.agreement, _last(self)))
    ),
    "a band reaches the line": lambda patch: patch.setattr(lower, "_place", _from_the_line),
    "both ends are where it was seen": sets(
        settling.Settling, "_placed", lambda self, _: self.placer.placed(self.observation.place, self.during)
    ),
    "an altitude is exact": sets(
        place.Place, "altitude_within_m", property(lambda self: self.altitude_m and (self.altitude_m, self.altitude_m))
    ),
    "any height will do": sets(settling.Settling, "altitude", lambda *_: Truth.TRUE),
    "whatever has two ends goes across": sets(relations, "across", lambda *_: Truth.TRUE),
    "a sector is its observer's point": sets(placing, "cover", _observer_alone),
    "an observer knows exactly where he stands": sets(placing, "cover", _observer_exact),
    "of a list of bearings only the first counts": sets(shapes, "arcs", _first_bearing),
    "a compass point is two degrees wide": _narrow_points,
    "what has no range is at the observer": sets(shapes, "_range", _at_the_observer),
    "a geometry is its centroid": sets(placing, "cover", _centroid),
    "a figure in a description is exact": sets(placenames, "_away", _as_written),
    "a named place is a point": sets(gazetteer, "_disc", lambda entry: Disc(entry.lon, entry.lat, 0.0)),
    "near a place is in it": sets(
        gazetteer.Gazetteer, "_nearby", lambda self, name, near_m: self._base(name.base, near_m)
    ),
}
