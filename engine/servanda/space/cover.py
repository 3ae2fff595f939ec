"""The points a place may be: every form of place as discs that together hold it.

A place is never one point: it is a set of points, one of which is true. Covering the set with discs lets one function
answer for all forms, and answers soundly: what holds for the whole cover holds for the place.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import Point, shape

from servanda.observations.shapes import Disc, Sector, Shape
from servanda.space.distance import GEOD

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from servanda.observations.shapes import PlaceShape

    Floats = NDArray[np.float64]

_CELLS = 14
_FINEST_M = 50.0
_MARGIN = 1.002
"""Flat trigonometry within a cell, against the ellipsoid: 0.2 % is more than the error at any range of a sensor."""


@dataclass(frozen=True, eq=False)
class Cover:
    """Discs that together hold every point a place may be.

    Attributes:
        centres: Longitudes and latitudes, shape (n, 2).
        radii: Metres, shape (n,).
        exact: Whether the source stated no error, so that the point is taken as it stands.
    """

    centres: Floats
    radii: Floats
    exact: bool = False


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
    if isinstance(geometry, Point):
        return Cover(np.array([[geometry.x, geometry.y]]), np.array([0.0]), exact=True)
    west, south, east, north = geometry.bounds
    xs, ys = np.linspace(west, east, _CELLS + 1), np.linspace(south, north, _CELLS + 1)
    centres, radii = [], []
    for x0, x1 in itertools.pairwise(xs):
        for y0, y1 in itertools.pairwise(ys):
            if shapely.box(x0, y0, x1, y1).intersects(geometry):
                x, y = (x0 + x1) / 2, (y0 + y1) / 2
                corners = [GEOD.inv(x, y, cx, cy)[2] for cx in (x0, x1) for cy in (y0, y1)]
                centres.append((x, y))
                radii.append(max(corners) * _MARGIN)
    return Cover(np.array(centres), np.array(radii))
