"""A line as it goes straight on beyond its ends, so that it parts two sides."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import shapely

from servanda.space.distance import Edges
from servanda.space.drawn import Drawn

_BEYOND_DEG = 5.0
"""How far a line is prolonged, in degrees: several hundred kilometres."""


@lru_cache(maxsize=256)
def prolonged(line: Drawn) -> Drawn:
    """The line with its first and last edge prolonged; one that has no two ends (a ring, or parts apart) as it is."""
    ends = [tuple(xy) for xy in shapely.get_coordinates(line.geometry.boundary)]
    if len(ends) != 2:
        return line
    added = [shapely.LineString([end, _beyond(line.edges, end)]) for end in ends]
    edges = Edges.of(shapely.MultiLineString(added))
    whole = shapely.union_all([line.geometry, *added])
    return replace(
        line,
        geometry=whole,
        edges=Edges.of(shapely.MultiLineString([*shapely.get_parts(line.geometry), *added])),
        parts=(*line.by_accuracy, (line.accuracy_m, edges)),
    )


def _beyond(edges: Edges, end: tuple[float, ...]) -> tuple[float, float]:
    """A point beyond an end, in the direction of the edge that leads to it."""
    pairs = [*zip(edges.starts, edges.ends, strict=True), *zip(edges.ends, edges.starts, strict=True)]
    before = next(start for start, stop in pairs if tuple(stop) == end and tuple(start) != end)
    east, north = end[0] - before[0], end[1] - before[1]
    scale = _BEYOND_DEG / max(abs(east), abs(north))
    return float(end[0] + scale * east), float(min(90.0, max(-90.0, end[1] + scale * north)))
