"""How a place stands to a zone or a line: bounds of the distance, and a truth value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from servanda.space.cover import Far
from servanda.space.distance import GEOD, degrees_within, estimated, measured
from servanda.space.prolonging import prolonged
from servanda.truth import Truth

if TYPE_CHECKING:
    from numpy.typing import NDArray

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


def _far(place: Cover, drawn: Drawn) -> Far:
    """How far a place is from a drawing; each part of it may lie as far from the truth as its own accuracy.

    Measured are only the discs of which an estimate cannot tell that others reach nearer and others farther.
    """
    if drawn not in place.far:
        radii, parts = _radii(place), _parts(drawn)
        estimates = [(estimated(place.centres, edges), accuracy) for accuracy, edges in parts]
        nearest = [np.min([getattr(e, end) - a for e, a in estimates], axis=0) - radii for end in ("least", "most")]
        farthest = [np.min([getattr(e, end) + a for e, a in estimates], axis=0) + radii for end in ("least", "most")]
        asked = (nearest[0] <= nearest[1].min()) | (farthest[1] >= farthest[0].max())
        found = [
            (measured(place.centres[asked], edges, estimate.of(asked)), accuracy)
            for (accuracy, edges), (estimate, _) in zip(parts, estimates, strict=True)
        ]
        least = np.min([metres - accuracy for metres, accuracy in found], axis=0) - radii[asked]
        most = np.min([metres + accuracy for metres, accuracy in found], axis=0) + radii[asked]
        place.far[drawn] = Far(float(least.min()), float(most.max()))
    return place.far[drawn]


def _radii(place: Cover) -> Floats:
    return place.radii


def _parts(drawn: Drawn) -> tuple[tuple[float, Edges], ...]:
    return drawn.by_accuracy


def reach(place: Cover, drawn: Drawn) -> Reach:
    """Bounds of the distance from a place to a line."""
    return _bounds(_far(place, drawn))


def _bounds(far: Far) -> Reach:
    return Reach(round(max(far.least, 0.0), 3), round(far.most, 3), round((far.least + far.most) / 2, 3))


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
    if far.most == 0:
        return _bounds(far), edge
    if far.least <= 0:
        return _bounds(far), Truth.UNKNOWN
    within = shapely.contains_xy(zone.geometry, place.centres[:, 0], place.centres[:, 1])
    return _bounds(far), _all_or_none(within)


def same_side(place: Cover, line: Drawn, other: tuple[float, float], edge: Truth = Truth.UNKNOWN) -> Truth:
    """Whether a place lies on the same side of a line as another point.

    Args:
        place: Where it may be.
        line: The line; it is taken to go straight on beyond its ends.
        other: Longitude and latitude of a point whose side is known.
        edge: What holds for a place exactly on the line.
    """
    line = prolonged(line)
    far = _far(place, line)
    if far.most == 0:
        return edge
    if far.least <= 0:
        return Truth.UNKNOWN
    return _all_or_none(_crossings(place.centres, np.array([other]), line) % 2 == 0)


def across(origin: Cover, arrival: Cover, line: Drawn) -> Truth:
    """Whether the straight way from one place to another crosses a line, so that they lie on different sides of it.

    Args:
        origin: Where it may have begun.
        arrival: Where it may have ended.
        line: The line, as far as it is drawn.
    """
    if any(_far(place, line).least <= 0 for place in (origin, arrival)):
        return Truth.UNKNOWN
    if _passes_an_end(origin, arrival, line):
        return Truth.UNKNOWN
    # No end of the line lies between the places, so it parts what lies between them into two sides, and a way crosses
    # if its ends lie on different ones: if all ways to one arrival do, and all from one origin, all ways do.
    ways = (
        _crossings(origin.centres, arrival.centres[:1], line) % 2 == 1,
        _crossings(origin.centres[:1], arrival.centres, line) % 2 == 1,
    )
    return _all_or_none(np.concatenate(ways))


def _passes_an_end(origin: Cover, arrival: Cover, line: Drawn) -> bool:
    """Whether an end of the line may lie between the two places, so that ways on both sides of it are possible."""
    ends = shapely.get_coordinates(line.geometry.boundary)
    ends = ends[_may_lie_between(origin, arrival, line.accuracy_m, ends)]
    if not len(ends):
        return False
    around: list[Floats] = []
    for place in (origin, arrival):
        reach_m = (place.radii + line.accuracy_m) * _ROUND
        lon, lat = np.repeat(place.centres, _SIDES, axis=0).T
        east, north, _ = GEOD.fwd(lon, lat, np.tile(_TURNS, len(reach_m)), np.repeat(reach_m, _SIDES))
        around.append(np.stack([east, north], axis=1))
    between = shapely.MultiPoint(np.concatenate(around)).convex_hull
    return bool(shapely.intersects_xy(between, ends[:, 0], ends[:, 1]).any())


def _may_lie_between(origin: Cover, arrival: Cover, accuracy_m: float, points: Floats) -> NDArray[np.bool_]:
    """Which points lie in a box that surely holds both places with the accuracy: what is outside it is not between."""
    centres = np.concatenate([origin.centres, arrival.centres])
    reach_m = (np.concatenate([origin.radii, arrival.radii]) + accuracy_m) * _ROUND
    lon, lat = degrees_within(centres[:, 1], reach_m)
    slack = np.stack([lon, lat], axis=1)
    low, high = (centres - slack).min(axis=0), (centres + slack).max(axis=0)
    return np.asarray(((points >= low) & (points <= high)).all(axis=1))


def _all_or_none(values: NDArray[np.bool_]) -> Truth:
    """True where all are, false where none is, else unknown: one of these holds, and nobody knows which."""
    if values.all():
        return Truth.TRUE
    return Truth.UNKNOWN if values.any() else Truth.FALSE


def _crossings(starts: Floats, ends: Floats, line: Drawn) -> NDArray[np.int64]:
    """How often the straight way from each point to another crosses a line; to touch a corner is not to cross it.

    Args:
        starts: Longitudes and latitudes, shape (n, 2) or (1, 2).
        ends: As many, or one for all.
        line: The line.
    """
    first, second = line.edges.starts[None], line.edges.ends[None]
    start, end = starts[:, None], ends[:, None]
    apart = (_left_of(start, end, first) >= 0) != (_left_of(start, end, second) >= 0)
    along = second - first
    from_start = along[..., 0] * (start[..., 1] - first[..., 1]) - along[..., 1] * (start[..., 0] - first[..., 0])
    from_end = along[..., 0] * (end[..., 1] - first[..., 1]) - along[..., 1] * (end[..., 0] - first[..., 0])
    return np.asarray((apart & ((from_start >= 0) != (from_end >= 0))).sum(axis=1))


def _left_of(start: Floats, end: Floats, points: Floats) -> Floats:
    along, up = end - start, points - start
    return np.asarray(along[..., 0] * up[..., 1] - along[..., 1] * up[..., 0])
