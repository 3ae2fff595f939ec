"""A place as GeoJSON, for reports and maps: what is drawn is the set of points it may be."""

from __future__ import annotations

from typing import Any

import numpy as np
from shapely.geometry import Polygon, mapping
from shapely.ops import unary_union

from servanda.observations.shapes import Disc, PlaceShape, Sector, Shape
from servanda.space.distance import GEOD

_STEP_DEGREES = 5.0


def drawing(shape: PlaceShape | None) -> dict[str, Any]:
    """`geometry` (GeoJSON, or None where the place is unknown) and `error_m` (metres, or None where not stated)."""
    match shape:
        case None:
            return {"geometry": None, "error_m": None}
        case Disc():
            point = {"type": "Point", "coordinates": [round(shape.lon, 6), round(shape.lat, 6)]}
            return {"geometry": point, "error_m": shape.radius_m}
        case Sector():
            parts = unary_union([_arc(shape, start, end) for start, end in shape.bearings])
            return {"geometry": mapping(parts), "error_m": shape.observer.radius_m}
        case Shape():
            return {"geometry": shape.geometry, "error_m": None}


def _arc(sector: Sector, start: float, end: float) -> Polygon:
    count = max(2, int((end - start) / _STEP_DEGREES) + 2)
    bearings = np.linspace(start, end, count)

    def along(metres: float, degrees: np.ndarray[Any, Any]) -> list[tuple[float, float]]:
        many = len(degrees)
        lon, lat, _ = GEOD.fwd(
            np.full(many, sector.observer.lon), np.full(many, sector.observer.lat), degrees, np.full(many, metres)
        )
        return [(round(float(x), 6), round(float(y), 6)) for x, y in zip(lon, lat, strict=True)]

    outer = along(max(sector.range_max_m, 1.0), bearings)
    inner = along(sector.range_min_m, bearings[::-1]) if sector.range_min_m > 0 else along(0.0, bearings[:1])
    return Polygon([*outer, *inner]).buffer(0)
