"""The lines and zones of an agreement, read from their GeoJSON files and checked."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from servanda.observations.gazetteer import Gazetteer
from servanda.space.distance import Edges
from servanda_dsl.diagnostics import AgreementError, Diagnostic, Place, Severity

if TYPE_CHECKING:
    from pathlib import Path

    from servanda_dsl.assumptions import Where
    from servanda_dsl.model import Agreement, Line, Zone

_LARGEST_MAP = 50_000_000
_LINES = {"LineString", "MultiLineString"}
_AREAS = {"Polygon", "MultiPolygon"}


@dataclass(frozen=True, eq=False)
class Drawn:
    """A line or zone as drawn.

    Attributes:
        name: As the agreement names it.
        geometry: WGS84 longitude and latitude.
        edges: Its edges, for distances.
        accuracy_m: How far the drawing may lie from the truth, in metres.
        digest: SHA-256 of the file.
    """

    name: str
    geometry: BaseGeometry
    edges: Edges
    accuracy_m: float
    digest: str


@dataclass(frozen=True, eq=False)
class Maps:
    """All geometry of an agreement."""

    lines: dict[str, Drawn]
    zones: dict[str, Drawn]
    gazetteer: Gazetteer | None


def load_maps(agreement: Agreement) -> Maps:
    """Read every map an agreement names.

    Raises:
        AgreementError: Some map is not GeoJSON, holds no line or area, or is not a valid geometry (E34x).
    """
    folder = agreement.folder
    if folder is None:
        if agreement.lines or agreement.zones or agreement.gazetteer:
            message = "the agreement was loaded without a folder, so its maps cannot be found"
            where = agreement.clauses[0].where
            raise AgreementError((_problem(where, "E340", message, "load it from its file, or set its folder"),))
        return Maps({}, {}, None)
    problems: list[Diagnostic] = []
    lines = {x.name: d for x in agreement.lines if (d := _read(folder, x, _LINES, "line", problems))}
    zones = {x.name: d for x in agreement.zones if (d := _read(folder, x, _AREAS, "area", problems))}
    gazetteer = None
    if agreement.gazetteer is not None:
        try:
            gazetteer = Gazetteer.load(folder / agreement.gazetteer)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the list becomes one diagnostic
            place = Place(agreement.gazetteer, 1, 1)
            problems.append(Diagnostic("E344", Severity.ERROR, place, f"the gazetteer cannot be used: {error}"))
    if problems:
        raise AgreementError(tuple(problems))
    return Maps(lines, zones, gazetteer)


def _read(folder: Path, what: Line | Zone, kinds: set[str], wanted: str, problems: list[Diagnostic]) -> Drawn | None:
    path = folder / what.file
    try:
        if path.stat().st_size > _LARGEST_MAP:
            problems.append(_problem(what.where, "E341", f"the map `{what.file}` is larger than 50 MB"))
            return None
        data = path.read_bytes()
        geometry = _geometry(json.loads(data), kinds)
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        shapely.errors.ShapelyError,
    ) as error:
        problems.append(_problem(what.where, "E341", f"the map `{what.file}` is not GeoJSON: {error}"))
        return None
    if geometry is None:
        problems.append(_problem(what.where, "E342", f"the map `{what.file}` holds no {wanted}"))
        return None
    flaw = _flaw(geometry)
    if flaw:
        help_ = "mend the drawing; it is never mended silently"
        problems.append(_problem(what.where, "E343", f"the map `{what.file}` is not a valid {wanted}: {flaw}", help_))
        return None
    accuracy = what.accurate_to_m or 0.0
    return Drawn(what.name, geometry, Edges.of(geometry), accuracy, hashlib.sha256(data).hexdigest())


def _geometry(data: Any, kinds: set[str]) -> BaseGeometry | None:  # noqa: ANN401 - JSON of any shape
    if data["type"] == "FeatureCollection":
        parts = [shape(f["geometry"]) for f in data["features"] if f.get("geometry")]
    elif data["type"] == "Feature":
        parts = [shape(data["geometry"])]
    else:
        parts = [shape(data)]
    fitting = [p for p in parts if p.geom_type in kinds and not p.is_empty]
    if not fitting:
        return None
    return fitting[0] if len(fitting) == 1 else shapely.union_all(fitting)


def _flaw(geometry: BaseGeometry) -> str:
    points = shapely.get_coordinates(geometry)
    if not ((abs(points[:, 0]) <= 180).all() and (abs(points[:, 1]) <= 90).all()):
        return "a point lies outside longitude ±180, latitude ±90 (are the two in the right order?)"
    return "" if geometry.is_valid else shapely.is_valid_reason(geometry)


def _problem(where: Where, code: str, message: str, help_: str = "") -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, Place(where.file, where.line, where.column), message, help_)
