"""Whether an area surely holds another, with all that lies within some distance of it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import Transformer

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_SPARE = 1.02
"""A plane about the middle stretches distances; within 1,000 km by less than this factor."""

_STEP_DEG = 0.05
"""Edges are straight in longitude and latitude; in steps of so many degrees the plane bends them by less than 1 m."""


def surely_holds(area: BaseGeometry, inner: BaseGeometry, margin_m: float) -> bool:
    """Whether an area holds everything that is within a margin of another geometry.

    With a margin, both are laid on a plane about the middle of the inner one (azimuthal equidistant), with something to
    spare, so that the answer errs to no.

    Args:
        area: WGS84 longitude and latitude.
        inner: WGS84 longitude and latitude.
        margin_m: Metres.
    """
    if not area.is_valid:
        return False
    if not margin_m:
        return bool(area.covers(inner))
    middle = inner.centroid
    plane = _plane(middle.x, middle.y)

    def flat(geometry: BaseGeometry) -> BaseGeometry:
        stepped = shapely.segmentize(geometry, _STEP_DEG)
        return shapely.transform(stepped, lambda xy: np.column_stack(plane.transform(xy[:, 0], xy[:, 1])))

    return bool(flat(area).contains(flat(inner).buffer(margin_m * _SPARE + 1.0)))


@lru_cache(maxsize=128)
def _plane(lon: float, lat: float) -> Transformer:
    plane = f"+proj=aeqd +lon_0={lon} +lat_0={lat} +datum=WGS84 +units=m"
    return Transformer.from_crs("EPSG:4326", plane, always_xy=True)
