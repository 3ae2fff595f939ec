"""How a place stands to a zone or a line: bounds of the distance, and a truth value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely

from servanda.space.distance import distances
from servanda.truth import Truth, agree

if TYPE_CHECKING:
    from servanda.space.cover import Cover
    from servanda.space.distance import Floats
    from servanda.space.maps import Drawn


@dataclass(frozen=True)
class Reach:
    """How far a place is from a line or edge, in metres, the line's own accuracy included.

    Attributes:
        least_m: At least.
        most_m: At most.
        middle_m: Half-way between the bounds before the lower one is cut off at nought: the best single figure.
    """

    least_m: float
    most_m: float
    middle_m: float


def reach(place: Cover, drawn: Drawn) -> Reach:
    """Bounds of the distance from a place to a line."""
    return _bounds(distances(place.centres, drawn.edges), place, drawn)


def _bounds(metres: Floats, place: Cover, drawn: Drawn) -> Reach:
    slack = place.radii + drawn.accuracy_m
    least, most = float((metres - slack).min()), float((metres + slack).max())
    return Reach(round(max(least, 0.0), 3), round(most, 3), round((least + most) / 2, 3))


def closer_than(bounds: Reach, limit_m: float, edge: Truth) -> Truth:
    """Whether a place is less than `limit_m` from a line.

    Args:
        bounds: Bounds of its distance.
        limit_m: The limit in metres.
        edge: What holds for a place exactly at the limit.
    """
    if bounds.least_m == bounds.most_m == limit_m:
        return edge
    if bounds.most_m < limit_m or (bounds.most_m == limit_m and edge is Truth.TRUE):
        return Truth.TRUE
    if bounds.least_m > limit_m or (bounds.least_m == limit_m and edge is Truth.FALSE):
        return Truth.FALSE
    return Truth.UNKNOWN


def inside(place: Cover, zone: Drawn, edge: Truth) -> tuple[Reach, Truth]:
    """How far a place is from the edge of a zone, and whether it lies in it.

    Args:
        place: Where it may be.
        zone: The zone.
        edge: What holds for a place exactly on the edge.
    """
    metres = distances(place.centres, zone.edges)
    within = shapely.contains_xy(zone.geometry, place.centres[:, 0], place.centres[:, 1])
    slack = place.radii + zone.accuracy_m

    def one(distance: float, slack_m: float, *, holds: bool) -> Truth:
        if distance == 0 == slack_m:
            return edge
        if distance <= slack_m:
            return Truth.UNKNOWN
        return Truth.TRUE if holds else Truth.FALSE

    pairs = zip(metres, slack, within, strict=True)
    return _bounds(metres, place, zone), agree(one(float(d), float(s), holds=bool(w)) for d, s, w in pairs)


def same_side(place: Cover, line: Drawn, other: tuple[float, float]) -> Truth:
    """Whether a place lies on the same side of a line as another point.

    Args:
        place: Where it may be.
        line: The line; it is taken to go on far enough to part the two sides.
        other: Longitude and latitude of a point whose side is known.
    """
    metres = distances(place.centres, line.edges)
    answers = []
    for (lon, lat), distance, radius in zip(place.centres, metres, place.radii, strict=True):
        if distance <= radius + line.accuracy_m:
            return Truth.UNKNOWN
        path = shapely.LineString([(lon, lat), other])
        crossings = shapely.get_num_geometries(shapely.intersection(path, line.geometry))
        crossed = path.intersects(line.geometry) and crossings % 2 == 1
        answers.append(Truth.FALSE if crossed else Truth.TRUE)
    return agree(answers)
