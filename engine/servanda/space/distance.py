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

_DEGREE_M = 111_320.0
_SLACK, _SLACK_M = 1.03, 50.0
"""How far off the flat estimate may be, so that the nearest edge is surely among those looked at closely."""
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
    flat = _flat_distances(points, edges)
    near = flat <= flat.min(axis=1, keepdims=True) * _SLACK + _SLACK_M
    which, edge = np.nonzero(near)
    exact = _to_edges(points[which], edges.starts[edge], edges.ends[edge])
    nearest = np.full(len(points), np.inf)
    np.minimum.at(nearest, which, exact)
    return np.round(nearest, 3)


def _flat_distances(points: Floats, edges: Edges) -> Floats:
    scale = np.stack([np.cos(np.radians(points[:, 1])), np.ones(len(points))], axis=1)[:, None, :] * _DEGREE_M
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
