"""Whether an area surely holds another, with all that lies within some distance of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import Transformer

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_SPARE = 1.02
"""A plane about the middle stretches distances; within 1,000 km by less than this factor."""


def surely_holds(area: BaseGeometry, inner: BaseGeometry, margin_m: float) -> bool:
    """Whether an area holds everything that is within a margin of another geometry.

    Both are laid on a plane about the middle of the inner one (azimuthal equidistant), with a margin to spare, so that
    the answer errs to no.

    Args:
        area: WGS84 longitude and latitude.
        inner: WGS84 longitude and latitude.
        margin_m: Metres.
    """
    if not area.is_valid:
        return False
    middle = inner.centroid
    plane = f"+proj=aeqd +lon_0={middle.x} +lat_0={middle.y} +datum=WGS84 +units=m"
    to_plane = Transformer.from_crs("EPSG:4326", plane, always_xy=True)

    def flat(geometry: BaseGeometry) -> BaseGeometry:
        return shapely.transform(geometry, lambda xy: np.column_stack(to_plane.transform(xy[:, 0], xy[:, 1])))

    return bool(flat(area).contains(flat(inner).buffer(margin_m * _SPARE) if margin_m else flat(inner)))
