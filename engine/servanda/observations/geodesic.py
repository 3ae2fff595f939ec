"""Distance and direction on the WGS84 ellipsoid."""

from __future__ import annotations

from pyproj import Geod

_WGS84 = Geod(ellps="WGS84")


def destination(lon: float, lat: float, bearing: float, metres: float) -> tuple[float, float]:
    """Go a distance in a direction.

    Args:
        lon: Degrees east of the start.
        lat: Degrees north of the start.
        bearing: Degrees clockwise from north.
        metres: How far.

    Returns:
        Longitude and latitude of the end.
    """
    east, north, _ = _WGS84.fwd(lon, lat, bearing, metres)
    return float(east), float(north)


def inverse(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    """Measure from one point to another.

    Args:
        start: Longitude and latitude.
        end: Longitude and latitude.

    Returns:
        Bearing in degrees from 0 to 360, and metres.
    """
    bearing, _, metres = _WGS84.inv(*start, *end)
    return float(bearing) % 360, float(metres)
