"""How a place stands to a zone or a line: bounds of the distance, and a truth value."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from servanda.space.distance import GEOD, distances
from servanda.truth import Truth, agree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from servanda.space.cover import Cover
    from servanda.space.distance import Edges, Floats
    from servanda.space.drawn import Drawn


_SIDES = 48
_TURNS = np.arange(_SIDES) * 360.0 / _SIDES
_ROUND = 1.005
"""So much larger is a ring of `_SIDES` corners drawn, that it holds the disc; its corners alone lie on it."""


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

    def widened(self, other: Reach) -> Reach:
        """Bounds that hold both: the distance is one of the two, and nobody knows which."""
        least, most = min(self.least_m, other.least_m), max(self.most_m, other.most_m)
        return self if other == self else Reach(least, most, round((least + most) / 2, 3))


@dataclass(frozen=True)
class _Far:
    """How far each disc of a place is from a line or edge, in metres.

    Attributes:
        drawn: From its middle to the drawing.
        least: At least, from any point of it to the truth; below nought where it may reach across.
        most: At most.
    """

    drawn: Floats
    least: Floats
    most: Floats

    @property
    def on_it(self) -> bool:
        """Whether the place lies exactly on it, both taken as exact."""
        return bool(((self.drawn == 0) & (self.most == 0)).all())


def _far(place: Cover, drawn: Drawn) -> _Far:
    """How far a place is from a drawing; each part of it may lie as far from the truth as its own accuracy."""
    radii = _radii(place)
    found = [(distances(place.centres, edges), accuracy) for accuracy, edges in _parts(drawn)]
    return _Far(
        np.min([metres for metres, _ in found], axis=0),
        np.min([metres - accuracy for metres, accuracy in found], axis=0) - radii,
        np.min([metres + accuracy for metres, accuracy in found], axis=0) + radii,
    )


def _radii(place: Cover) -> Floats:
    return place.radii


def _parts(drawn: Drawn) -> tuple[tuple[float, Edges], ...]:
    return drawn.by_accuracy


def reach(place: Cover, drawn: Drawn) -> Reach:
    """Bounds of the distance from a place to a line."""
    return _bounds(_far(place, drawn))


def _bounds(far: _Far) -> Reach:
    least, most = float(far.least.min()), float(far.most.max())
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
    far = _far(place, zone)
    within = shapely.contains_xy(zone.geometry, place.centres[:, 0], place.centres[:, 1])
    if far.on_it:
        return _bounds(far), edge
    values = np.where(far.least <= 0, Truth.UNKNOWN, np.where(within, Truth.TRUE, Truth.FALSE))
    return _bounds(far), agree(Truth(int(v)) for v in values)


def same_side(place: Cover, line: Drawn, other: tuple[float, float], edge: Truth = Truth.UNKNOWN) -> Truth:
    """Whether a place lies on the same side of a line as another point.

    Args:
        place: Where it may be.
        line: The line; it is taken to go on far enough to part the two sides.
        other: Longitude and latitude of a point whose side is known.
        edge: What holds for a place exactly on the line.
    """
    far = _far(place, line)
    if far.on_it:
        return edge
    if bool((far.least <= 0).any()):
        return Truth.UNKNOWN
    crossings = (_crossings((float(lon), float(lat)), other, line) for lon, lat in place.centres)
    return agree(Truth.TRUE if c % 2 == 0 else Truth.FALSE for c in crossings)


def across(origin: Cover, arrival: Cover, line: Drawn) -> Truth:
    """Whether the straight way from one place to another crosses a line, so that they lie on different sides of it.

    Args:
        origin: Where it may have begun.
        arrival: Where it may have ended.
        line: The line, as far as it is drawn.
    """
    for place in (origin, arrival):
        if bool((_far(place, line).least <= 0).any()):
            return Truth.UNKNOWN
    if _passes_an_end(origin, arrival, line):
        return Truth.UNKNOWN
    ways = itertools.product(origin.centres, arrival.centres)
    odd = (_crossings((float(a[0]), float(a[1])), (float(b[0]), float(b[1])), line) % 2 for a, b in ways)
    return _agree_early(Truth.TRUE if o else Truth.FALSE for o in odd)


def _passes_an_end(origin: Cover, arrival: Cover, line: Drawn) -> bool:
    """Whether an end of the line may lie between the two places, so that ways on both sides of it are possible."""
    ends = shapely.get_coordinates(line.geometry.boundary)
    around: list[Floats] = []
    for place in (origin, arrival):
        reach_m = (place.radii + line.accuracy_m) * _ROUND
        lon, lat = np.repeat(place.centres, _SIDES, axis=0).T
        east, north, _ = GEOD.fwd(lon, lat, np.tile(_TURNS, len(reach_m)), np.repeat(reach_m, _SIDES))
        around.append(np.stack([east, north], axis=1))
    between = shapely.MultiPoint(np.concatenate(around)).convex_hull
    return bool(shapely.intersects_xy(between, ends[:, 0], ends[:, 1]).any())


def _agree_early(values: Iterable[Truth]) -> Truth:
    """As `agree`, asking no further once two differ."""
    first = None
    for value in values:
        if first is not None and value is not first:
            return Truth.UNKNOWN
        first = value
    return Truth.UNKNOWN if first is None else first


def _crossings(start: tuple[float, float], end: tuple[float, float], line: Drawn) -> int:
    """How often the straight way from one point to another crosses a line; to touch a corner is not to cross it."""
    first, second = line.edges.starts, line.edges.ends
    apart = (_left_of(start, end, first) >= 0) != (_left_of(start, end, second) >= 0)
    along = second - first
    from_start = along[:, 0] * (start[1] - first[:, 1]) - along[:, 1] * (start[0] - first[:, 0])
    from_end = along[:, 0] * (end[1] - first[:, 1]) - along[:, 1] * (end[0] - first[:, 0])
    return int((apart & ((from_start >= 0) != (from_end >= 0))).sum())


def _left_of(start: tuple[float, float], end: tuple[float, float], points: Floats) -> Floats:
    return (end[0] - start[0]) * (points[:, 1] - start[1]) - (end[1] - start[1]) * (points[:, 0] - start[0])
