"""Geodesic distance to a line or boundary: one function for every interpreter.

WGS84; edges are straight in longitude and latitude, as GeoJSON has them (RFC 7946, section 3.1.1); rounded to the
millimetre.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

GEOD = Geod(ellps="WGS84")

_SPARE_M = 0.01
"""More than rounding and the search along an edge can add to a bound."""
_GOLDEN = (5**0.5 - 1) / 2
_STEPS = 44


@dataclass(frozen=True, eq=False)
class Edges:
    """Straight edges in longitude and latitude.

    Attributes:
        starts: Their first points, shape (n, 2).
        ends: Their last points, shape (n, 2).
    """

    starts: Floats
    ends: Floats

    @classmethod
    def of(cls, geometry: BaseGeometry) -> Edges:
        """The edges of a line, or of the boundary of an area."""
        if geometry.geom_type in {"Polygon", "MultiPolygon"}:
            geometry = geometry.boundary
        starts, ends = [], []
        for part in shapely.get_parts(geometry):
            points = shapely.get_coordinates(part)
            starts.append(points[:-1])
            ends.append(points[1:])
        return cls(np.concatenate(starts), np.concatenate(ends))


def distances(points: Floats, edges: Edges) -> Floats:
    """The geodesic distance from each point to the nearest edge.

    Args:
        points: Longitudes and latitudes, shape (n, 2).
        edges: The edges.

    Returns:
        Metres, shape (n,), rounded to the millimetre.
    """
    return measured(points, edges, estimated(points, edges))


@dataclass(frozen=True, eq=False)
class Estimate:
    """Bounds of the distance from points to the nearest edge, by flat trigonometry that is surely not farther off.

    Attributes:
        least: Metres at least, for each point.
        most: Metres at most, for each point.
        near: Which edges may be the nearest, shape (n, edges).
    """

    least: Floats
    most: Floats
    near: NDArray[np.bool_]

    def of(self, asked: NDArray[np.bool_]) -> Estimate:
        """The estimate for some of the points."""
        return Estimate(self.least[asked], self.most[asked], self.near[asked])


def estimated(points: Floats, edges: Edges) -> Estimate:
    """Bounds of the distance from each point to the nearest edge, at a fraction of the cost of measuring it.

    On a plane with the scale of the point's own latitude a way is as long as on the ellipsoid but for the change of
    that scale in between: along meridians it grows towards the poles, along parallels it shrinks. A way of so many
    metres stays within so many degrees of latitude, so the scales at the ends of that band bound the change.
    """
    latitudes = points[:, 1]
    along, across = _scales(latitudes)
    flat = _flat_distances(points, edges, along, across)
    shortest = flat.min(axis=1)
    low, high = _band(latitudes, shortest / along)
    most = shortest * np.maximum(_scales(high)[0] / along, _scales(low)[1] / across) + _SPARE_M
    low, high = _band(latitudes, most / _SHORTEST_DEGREE_M)
    shrunk = np.minimum(_scales(low)[0] / along, _scales(high)[1] / across)
    near = flat * shrunk[:, None] <= (most + _SPARE_M)[:, None]
    return Estimate(np.maximum(shortest * shrunk - _SPARE_M, 0.0), most, near)


def measured(points: Floats, edges: Edges, estimate: Estimate) -> Floats:
    """As `distances`, where the estimate is at hand."""
    which, edge = np.nonzero(estimate.near)
    exact = _to_edges(points[which], edges.starts[edge], edges.ends[edge])
    nearest = np.full(len(points), np.inf)
    np.minimum.at(nearest, which, exact)
    return np.round(nearest, 3)


def _scales(latitudes: Floats) -> tuple[Floats, Floats]:
    """Metres in a degree along the meridian and along the parallel: the radii of curvature of the ellipsoid."""
    bent = 1 - GEOD.es * np.sin(np.radians(latitudes)) ** 2
    parallel = GEOD.a * np.maximum(np.cos(np.radians(latitudes)), 0.0) / np.sqrt(bent)
    return np.radians(GEOD.a * (1 - GEOD.es) / bent**1.5), np.radians(parallel)


def degrees_within(latitudes: Floats, metres: Floats) -> tuple[Floats, Floats]:
    """How many degrees of longitude and of latitude a way of so many metres from a latitude leads away at most."""
    north = metres / _SHORTEST_DEGREE_M
    across = _scales(_band(latitudes, north)[1])[1]
    return np.where(across > 0, metres / np.where(across > 0, across, 1.0), 360.0), north


def _band(latitudes: Floats, degrees: Floats) -> tuple[Floats, Floats]:
    """The latitudes nearest to the equator and to a pole within so many degrees of others, both as north."""
    away = abs(latitudes)
    return np.maximum(away - degrees, 0.0), np.minimum(away + degrees, 90.0)


_SHORTEST_DEGREE_M = float(_scales(np.zeros(1))[0][0])
"""Metres in a degree of latitude at the equator, where it is shortest."""


def _flat_distances(points: Floats, edges: Edges, along_m: Floats, across_m: Floats) -> Floats:
    """The distance from each point to each edge on a plane, shape (n, edges)."""
    scale = np.stack([across_m, along_m], axis=1)[:, None, :]
    start = (edges.starts[None] - points[:, None]) * scale
    along = (edges.ends[None] - points[:, None]) * scale - start
    length = (along**2).sum(axis=2)
    share = np.clip(-(start * along).sum(axis=2) / np.where(length == 0, 1, length), 0, 1)
    foot = start + share[..., None] * along
    return np.asarray(np.sqrt((foot**2).sum(axis=2)))


def _to_edges(points: Floats, starts: Floats, ends: Floats) -> Floats:
    low, high = np.zeros(len(points)), np.ones(len(points))

    def at(share: Floats) -> Floats:
        feet = starts + share[:, None] * (ends - starts)
        return np.asarray(GEOD.inv(points[:, 0], points[:, 1], feet[:, 0], feet[:, 1])[2])

    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = at(left), at(right)
    for _ in range(_STEPS):
        nearer = at_left < at_right
        high, low = np.where(nearer, right, high), np.where(nearer, low, left)
        new = np.where(nearer, high - _GOLDEN * (high - low), low + _GOLDEN * (high - low))
        value = at(new)
        left, right = np.where(nearer, new, right), np.where(nearer, left, new)
        at_left, at_right = np.where(nearer, value, at_right), np.where(nearer, at_left, value)
    ends_too = np.minimum(at(np.zeros(len(points))), at(np.ones(len(points))))
    return np.minimum(np.minimum(at_left, at_right), ends_too)
