"""Where something was seen, in the forms sources really have.

Exactly one form is used; two forms at once would be two places.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Self

import shapely
from pydantic import BaseModel, ConfigDict, model_validator

from servanda.observations.bearings import arcs
from servanda.observations.border import raise_flaw
from servanda.observations.numbers import Metres, Number, Position, Span, Text
from servanda.observations.problems import Flaw, shown

_EAST, _NORTH = 180, 90
_FORMS = ("lon", "observer", "geometry", "zone", "settlement", "area")
_BELONGS = {
    "lat": ("lon",),
    "error_m": ("lon", "observer"),
    "bearing": ("observer",),
    "range_m": ("observer",),
    "reach_m": ("observer",),
    "near_m": ("observer", "settlement"),
}
_KINDS = {
    *("Point", "MultiPoint", "LineString", "MultiLineString"),
    *("Polygon", "MultiPolygon", "GeometryCollection"),
}


class Place(BaseModel):
    """Where: one of point, observer with bearing and range, geometry, zone, settlement, area.

    Attributes:
        lon: Degrees east, WGS84; with `lat` a point.
        lat: Degrees north.
        error_m: Radius of error in metres, of the point or of the observer's own position;
            None means not stated, which is not zero.
        observer: Where the observer stood: ``[lon, lat]``, or a name of the gazetteer.
        bearing: Compass point, degrees, ``{"from", "to"}`` clockwise, or a list of these.
        range_m: Distance in metres: a number or ``[min, max]``.
        reach_m: How far this sensor can see or hear, as a mapping states it; used without a range.
        geometry: A GeoJSON geometry.
        zone: A zone the agreement declares.
        settlement: A name, or "3 km W of Yasynuvata", for the gazetteer.
        near_m: What "near" means in metres, as a mapping states it, for `settlement` or `observer`.
        area: An administrative area.
        altitude_m: Metres above sea level; None if not stated.
        altitude_error_m: How far off it may be, in metres; None means not stated, which is not zero.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    lon: Number | None = None
    lat: Number | None = None
    error_m: Metres | None = None
    observer: Position | None = None
    bearing: Any = None
    range_m: Span | None = None
    reach_m: Metres | None = None
    geometry: dict[str, Any] | None = None
    zone: Text | None = None
    settlement: Text | None = None
    near_m: Metres | None = None
    area: Text | None = None
    altitude_m: Number | None = None
    altitude_error_m: Metres | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        given = [name for name in _FORMS if getattr(self, name) is not None]
        if self.lat is not None and self.lon is None:
            raise_flaw(Flaw("lon", "O121", "a point needs both lon and lat"))
        if len(given) != 1:
            what = " and ".join(given) or "nothing that says where"
            message = f"a place has exactly one form; this one has {what}"
            raise_flaw(Flaw("", "O140", message, "give one of: lon and lat, " + ", ".join(_FORMS[1:])))
        for name, forms in _BELONGS.items():
            if getattr(self, name) is not None and given[0] not in forms:
                message = f"{name} does not go with {given[0]}"
                raise_flaw(Flaw(name, "O140", message, f"it goes with {' or '.join(forms)}"))
        if self.altitude_error_m is not None and self.altitude_m is None:
            raise_flaw(Flaw("altitude_error_m", "O140", "altitude_error_m does not go without altitude_m"))
        if isinstance(self.observer, str) and self.error_m is not None:
            message = "error_m goes with coordinates; a named place has the gazetteer's own error"
            raise_flaw(Flaw("error_m", "O140", message))
        for flaw in self._flaws(given[0]):
            raise_flaw(flaw)
        return self

    @property
    def altitude_within_m(self) -> tuple[float, float] | None:
        """The altitude at least and at most; None if not stated. Without an error it is taken as exact."""
        if self.altitude_m is None:
            return None
        error = self.altitude_error_m or 0.0
        return self.altitude_m - error, self.altitude_m + error

    def _flaws(self, form: str) -> Iterable[Flaw]:
        if form == "lon":
            if self.lat is None:
                yield Flaw("lat", "O121", "a point needs both lon and lat")
            elif self.lon is not None:
                yield from _on_earth(self.lon, self.lat, ("lon", "lat"))
        if isinstance(self.observer, tuple):
            yield from _on_earth(*self.observer, ("observer", "observer"))
        if self.bearing is not None and isinstance(wrong := arcs(self.bearing), str):
            advice = "write a compass point, degrees, {from, to} clockwise, or a list of these"
            yield Flaw("bearing", "O142", wrong, advice, shown(self.bearing))
        if self.geometry is not None:
            yield from _geometry(self.geometry)


def _on_earth(lon: float, lat: float, names: tuple[str, str]) -> Iterable[Flaw]:
    for name, value, most in zip(names, (lon, lat), (_EAST, _NORTH), strict=True):
        if abs(value) > most:
            message = f"{value} is outside -{most} to {most} degrees"
            advice = "longitude comes first, then latitude" if abs(value) <= _EAST else ""
            yield Flaw(name, "O141", message, advice, str(value))


def _geometry(geometry: dict[str, Any]) -> Iterable[Flaw]:
    if geometry.get("type") not in _KINDS:
        message = f"{shown(geometry.get('type'))} is not a GeoJSON geometry"
        yield Flaw("geometry.type", "O144", message, f"known: {', '.join(sorted(_KINDS))}")
        return
    try:
        shape = shapely.geometry.shape(geometry)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError):
        yield Flaw("geometry", "O144", "its coordinates do not make a geometry")
        return
    if shape.is_empty:
        yield Flaw("geometry", "O144", "it is empty")
        return
    corners = shapely.get_coordinates(shape)
    if not all(math.isfinite(number) for pair in corners for number in pair):
        yield Flaw("geometry", "O105", "a coordinate is not a finite number")
        return
    west, south, east, north = shape.bounds
    for lon, lat in ((west, south), (east, north)):
        yield from _on_earth(lon, lat, ("geometry", "geometry"))
    if not shape.is_valid:
        reason = shapely.is_valid_reason(shape)
        yield Flaw("geometry", "O144", f"it is not valid: {reason}", "repair the ring")
