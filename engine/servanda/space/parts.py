"""The parts of a map: geometries of GeoJSON with the accuracy of each, checked, and mended where that is asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry import shape

from servanda.space.distance import Edges
from servanda.space.drawn import Drawn

if TYPE_CHECKING:
    import datetime as dt

    from shapely.geometry.base import BaseGeometry

_SAME = 1e-9
"""Degrees (a tenth of a millimetre) within which an edge of the whole lies on that of a part."""


class NoAccuracyError(Exception):
    """A property `accurate_to_m` that is no distance."""


@dataclass(frozen=True)
class Part:
    """A geometry of a map.

    Attributes:
        geometry: WGS84 longitude and latitude.
        accuracy_m: How far it may lie from the truth.
        closed: Whether each ring ends where it begins, as drawn.
    """

    geometry: BaseGeometry
    accuracy_m: float
    closed: bool = True


def read(data: Any, kinds: set[str], accuracy_m: float) -> list[Part]:  # noqa: ANN401 - JSON of any shape
    """The parts of these kinds, each with the accuracy its feature states, else with the one that is declared.

    Raises:
        NoAccuracyError: A feature states something else than a distance.
    """
    features = data["features"] if data["type"] == "FeatureCollection" else [data]
    found = []
    for feature in features:
        bare = feature["type"] != "Feature"
        drawn = feature if bare else feature["geometry"]
        if drawn is None and data["type"] == "FeatureCollection":
            continue
        geometry = shape(drawn)
        if geometry.geom_type in kinds and not geometry.is_empty:
            stated = None if bare else (feature.get("properties") or {}).get("accurate_to_m")
            accuracy = accuracy_m if stated is None else _metres(stated)
            found.append(Part(geometry, accuracy, _closed(drawn["type"], drawn.get("coordinates"))))
    return found


def _closed(kind: str, coordinates: Any) -> bool:  # noqa: ANN401 - JSON of any shape
    """Whether every ring ends where it begins (RFC 7946, 3.1.6); shapely would close it without a word."""
    if kind == "MultiPolygon":
        return all(_closed("Polygon", polygon) for polygon in coordinates)
    return kind != "Polygon" or all(ring[0][:2] == ring[-1][:2] for ring in coordinates if ring)


def _metres(stated: object) -> float:
    if isinstance(stated, bool) or not isinstance(stated, int | float) or not 0 <= stated < math.inf:
        raise NoAccuracyError(repr(stated))
    return float(stated)


def off_the_globe(parts: list[Part]) -> str:
    """Says so where a point lies off the globe; empty where none does."""
    points = np.concatenate([shapely.get_coordinates(p.geometry) for p in parts])
    if (abs(points[:, 0]) <= 180).all() and (abs(points[:, 1]) <= 90).all():
        edges = [Edges.of(p.geometry) for p in parts]
        if all((abs(e.ends[:, 0] - e.starts[:, 0]) <= 180).all() for e in edges):
            return ""
        return "an edge goes the long way round the globe; cut the drawing at longitude 180 (RFC 7946, 3.1.9)"
    return "a point lies outside longitude ±180, latitude ±90 (are the two in the right order?)"


def flaw(parts: list[Part]) -> str:
    """What is wrong with the first part that is not valid, as a ring that crosses or touches itself; else empty.

    OGC Simple Feature Access (06-103r4), 6.1.11.
    """
    if not all(p.closed for p in parts):
        return "a ring does not end where it begins"
    return next((shapely.is_valid_reason(p.geometry) for p in parts if not p.geometry.is_valid), "")


def mended(parts: list[Part], kinds: set[str]) -> list[Part]:
    """The parts as valid geometries of these kinds: what the drawn rings enclose, cut where they cross or touch."""
    whole: list[Part] = []
    for part in parts:
        valid = shapely.make_valid(part.geometry)
        fitting = [g for g in shapely.get_parts(valid) if g.geom_type in kinds and not g.is_empty]
        whole.extend(replace(part, geometry=g) for g in fitting)
    return whole


def drawn(parts: list[Part], name: str, digest: str, since: dt.date | None) -> Drawn:
    """The whole that the parts make, with its edges by their accuracy."""
    geometries = [p.geometry for p in parts]
    whole = geometries[0] if len(parts) == 1 else shapely.union_all(geometries)
    edges = Edges.of(whole)
    accuracies = sorted({p.accuracy_m for p in parts})
    if len(accuracies) == 1:
        return Drawn(name, whole, edges, accuracies[0], digest, since)
    of_edge = _accuracy_of(edges, parts)
    by_accuracy = tuple((a, Edges(edges.starts[of_edge == a], edges.ends[of_edge == a])) for a in sorted(set(of_edge)))
    return Drawn(name, whole, edges, accuracies[-1], digest, since, by_accuracy)


def _accuracy_of(edges: Edges, parts: list[Part]) -> np.ndarray[Any, Any]:
    """For each edge of the whole the accuracy of the part it belongs to; where several share it, the worst."""
    middles = shapely.points((edges.starts + edges.ends) / 2)
    outlines = [p.geometry.boundary if "Polygon" in p.geometry.geom_type else p.geometry for p in parts]
    apart = np.stack([shapely.distance(middles, outline) for outline in outlines])
    shared = apart <= apart.min(axis=0) + _SAME
    return np.asarray(np.where(shared, np.array([[p.accuracy_m] for p in parts]), 0.0).max(axis=0))
