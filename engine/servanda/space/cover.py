"""The points a place may be: every form of place as discs that together hold it.

A place is never one point: it is a set of points, one of which is true. Covering the set with discs lets one function
answer for all forms, and answers soundly: what holds for the whole cover holds for the place.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import MultiPoint, Point, shape

from servanda.observations.shapes import Disc, Sector, Shape
from servanda.space.distance import GEOD

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from servanda.observations.shapes import PlaceShape
    from servanda.space.drawn import Drawn

    Floats = NDArray[np.float64]

_CELLS = 14
_FINEST_M = 50.0
_MARGIN = 1.002
"""Flat trigonometry within a cell, against the ellipsoid: 0.2 % is more than the error at any range of a sensor."""


@dataclass(frozen=True)
class Far:
    """How far the points of a place are from a drawing, in metres, the drawing's own accuracy included.

    Attributes:
        least: At least; below nought where the place may reach across.
        most: At most. Nought only for a place exactly on the drawing, both taken as exact.
    """

    least: float
    most: float


@dataclass(frozen=True, eq=False)
class Cover:
    """Discs that together hold every point a place may be.

    Attributes:
        centres: Longitudes and latitudes, shape (n, 2).
        radii: Metres, shape (n,).
        exact: Whether the source stated no error, so that the point is taken as it stands.
        far: How far it is from each drawing that was looked at, so that it is measured once.
    """

    centres: Floats
    radii: Floats
    exact: bool = False
    far: dict[Drawn, Far] = field(default_factory=dict, repr=False)


def cover(place: PlaceShape) -> Cover:
    """The cover of a place."""
    if isinstance(place, Disc):
        return _disc(place)
    if isinstance(place, Sector):
        return _sector(place)
    return _shape(place)


def _disc(place: Disc) -> Cover:
    radius = 0.0 if place.radius_m is None else float(place.radius_m)
    return Cover(np.array([[place.lon, place.lat]]), np.array([radius]), exact=place.radius_m is None)


def _sector(place: Sector) -> Cover:
    observer, error = place.observer, place.observer.radius_m or 0.0
    nearest, farthest = place.range_min_m, place.range_max_m
    size = max(_FINEST_M, farthest / _CELLS)
    rings = max(1, math.ceil((farthest - nearest) / size))
    bearings, ranges, radii = [], [], []
    for start, end in place.bearings:
        for ring in range(rings):
            inner = nearest + (farthest - nearest) * ring / rings
            outer = nearest + (farthest - nearest) * (ring + 1) / rings
            cells = max(1, math.ceil(math.radians(end - start) * outer / size))
            half = (end - start) / cells / 2
            middle = (inner + outer) / 2
            reach = max(_chord(middle, r, min(half, 180.0)) for r in (inner, outer)) * _MARGIN + 0.01
            for cell in range(cells):
                bearings.append(start + (2 * cell + 1) * half)
                ranges.append(middle)
                radii.append(reach + error)
    count = len(bearings)
    lon, lat, _ = GEOD.fwd(np.full(count, observer.lon), np.full(count, observer.lat), bearings, ranges)
    return Cover(np.stack([lon, lat], axis=1), np.array(radii), exact=observer.radius_m is None)


def _chord(middle: float, other: float, degrees: float) -> float:
    angle = math.cos(math.radians(degrees))
    return math.sqrt(max(0.0, middle**2 + other**2 - 2 * middle * other * angle))


def _shape(place: Shape) -> Cover:
    geometry = shape(place.geometry)
    if isinstance(geometry, Point | MultiPoint):
        points = shapely.get_coordinates(geometry)
        return Cover(points, np.zeros(len(points)), exact=True)
    west, south, east, north = geometry.bounds
    x, y = _steps(west, east), _steps(south, north)
    x0, x1 = (np.repeat(ends, len(y) - 1) for ends in (x[:-1], x[1:]))
    y0, y1 = (np.tile(ends, len(x) - 1) for ends in (y[:-1], y[1:]))
    shapely.prepare(geometry)
    met = shapely.intersects(shapely.box(x0, y0, x1, y1), geometry)
    x0, y0, x1, y1 = x0[met], y0[met], x1[met], y1[met]
    lon, lat = (x0 + x1) / 2, (y0 + y1) / 2
    centres = np.stack([lon, lat], axis=1)
    corners = [GEOD.inv(lon, lat, cx, cy)[2] for cx in (x0, x1) for cy in (y0, y1)]
    return Cover(centres, np.max(corners, axis=0) * _MARGIN)


def _steps(start: float, end: float) -> Floats:
    """The bounds of the cells from one end to another; of one cell where there is nothing between them."""
    return np.linspace(start, end, (_CELLS if end > start else 1) + 1)
