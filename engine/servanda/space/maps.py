"""The lines and zones of an agreement, read from their GeoJSON files and checked."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from servanda.moments import start_of_day
from servanda.observations.gazetteer import Gazetteer
from servanda.space.distance import Edges
from servanda_dsl.diagnostics import AgreementError, Diagnostic, Place, Severity

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from servanda_dsl.assumptions import Where
    from servanda_dsl.model import Agreement, Line, Zone

_LARGEST_MAP = 50_000_000
_LINES = {"LineString", "MultiLineString"}
_AREAS = {"Polygon", "MultiPolygon"}
_ALWAYS_US = -(2**63)


@dataclass(frozen=True, eq=False)
class Drawn:
    """A line or zone as drawn.

    Attributes:
        name: As the agreement names it.
        geometry: WGS84 longitude and latitude.
        edges: Its edges, for distances.
        accuracy_m: How far the drawing may lie from the truth, in metres.
        digest: SHA-256 of the file.
        since: The day from which it holds; None for the first.
    """

    name: str
    geometry: BaseGeometry
    edges: Edges
    accuracy_m: float
    digest: str
    since: dt.date | None = None


@dataclass(frozen=True, eq=False)
class Drawings:
    """A line or zone in the course of time: a drawing holds from its first instant until the next begins.

    Attributes:
        name: As the agreement names it.
        each: The drawings, in the order of time.
        from_us: When each begins to hold, microseconds since the epoch; the first has always held.
    """

    name: str
    each: tuple[Drawn, ...]
    from_us: tuple[int, ...]

    def during(self, earliest_us: int, latest_us: int) -> tuple[Drawn, ...]:
        """The drawings that held at some time from `earliest_us` until before `latest_us` (or at one instant)."""
        last_us = max(earliest_us, latest_us - 1)
        first = max(0, bisect_right(self.from_us, earliest_us) - 1)
        return self.each[first : max(first + 1, bisect_right(self.from_us, last_us))]


@dataclass(frozen=True, eq=False)
class Maps:
    """All geometry of an agreement."""

    lines: dict[str, Drawings]
    zones: dict[str, Drawings]
    gazetteer: Gazetteer | None

    @property
    def digests(self) -> dict[str, str]:
        """The digest of the file of each drawing, by name; of a later drawing by name and day."""
        drawn = [d for drawings in (*self.lines.values(), *self.zones.values()) for d in drawings.each]
        return dict(sorted((d.name if d.since is None else f"{d.name} from {d.since}", d.digest) for d in drawn))


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
    reader = _Reader(folder, agreement.time_zone, problems)
    lines = {x.name: d for x in agreement.lines if (d := reader.drawings(x, _LINES, "line"))}
    zones = {x.name: d for x in agreement.zones if (d := reader.drawings(x, _AREAS, "area"))}
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


@dataclass(frozen=True)
class _Reader:
    folder: Path
    time_zone: str
    problems: list[Diagnostic]

    def drawings(self, what: Line | Zone, kinds: set[str], wanted: str) -> Drawings | None:
        """All drawings of a line or zone; None where one of them cannot be used."""
        files = [(None, what.file), *((r.since, r.file) for r in what.redrawn)]
        each = [_read(self.folder, what, since, file, kinds, wanted, self.problems) for since, file in files]
        drawn = tuple(d for d in each if d is not None)
        if len(drawn) < len(files):
            return None
        from_us = (_ALWAYS_US, *(start_of_day(r.since, self.time_zone) for r in what.redrawn))
        return Drawings(what.name, drawn, from_us)


def _read(
    folder: Path,
    what: Line | Zone,
    since: dt.date | None,
    file: str,
    kinds: set[str],
    wanted: str,
    problems: list[Diagnostic],
) -> Drawn | None:
    path = folder / file
    try:
        if path.stat().st_size > _LARGEST_MAP:
            problems.append(_problem(what.where, "E341", f"the map `{file}` is larger than 50 MB"))
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
        problems.append(_problem(what.where, "E341", f"the map `{file}` is not GeoJSON: {error}"))
        return None
    if geometry is None:
        problems.append(_problem(what.where, "E342", f"the map `{file}` holds no {wanted}"))
        return None
    flaw = _flaw(geometry)
    if flaw:
        help_ = "mend the drawing; it is never mended silently"
        problems.append(_problem(what.where, "E343", f"the map `{file}` is not a valid {wanted}: {flaw}", help_))
        return None
    accuracy = what.accurate_to_m or 0.0
    return Drawn(what.name, geometry, Edges.of(geometry), accuracy, hashlib.sha256(data).hexdigest(), since)


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
