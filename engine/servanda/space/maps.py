"""The lines and zones of an agreement, read from their GeoJSON files and checked."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely

from servanda.moments import start_of_day
from servanda.observations.gazetteer import Gazetteer
from servanda.space import parts
from servanda.space.drawn import Drawings, Drawn
from servanda_dsl.diagnostics import AgreementError, Diagnostic, Place, Severity
from servanda_dsl.model import Zone

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from servanda_dsl.assumptions import Where
    from servanda_dsl.model import Agreement, Line

_LARGEST_MAP = 50_000_000
_LINES = {"LineString", "MultiLineString"}
_AREAS = {"Polygon", "MultiPolygon"}
_ALWAYS_US = -(2**63)


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
        read = [self.read(what, since, file, kinds, wanted) for since, file in files]
        each = [found for found in read if found is not None]
        if len(each) < len(files):
            return None
        if isinstance(what, Zone) and what.mended is not None and not any(mended for _, mended in each):
            message = f"`{what.name}` is said to be mended, and its drawing is valid as it stands"
            self.problems.append(_problem(what.where, "E345", message, "delete `mended because …`"))
            return None
        from_us = (_ALWAYS_US, *(start_of_day(r.since, self.time_zone) for r in what.redrawn))
        return Drawings(what.name, tuple(drawn for drawn, _ in each), from_us)

    def read(
        self, what: Line | Zone, since: dt.date | None, file: str, kinds: set[str], wanted: str
    ) -> tuple[Drawn, bool] | None:
        """One drawing, and whether it had to be mended; None where it cannot be used."""
        try:
            return self.drawn(what, since, file, kinds, wanted)
        except AgreementError as refused:
            self.problems.extend(refused.diagnostics)
        except parts.NoAccuracyError as error:
            message = f"the map `{file}` says `accurate_to_m` {error}, which is no distance in metres"
            help_ = "write a figure from nought up, or leave the property out"
            self.problems.append(_problem(what.where, "E346", message, help_))
        except (
            OSError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            RecursionError,
            shapely.errors.ShapelyError,
        ) as error:
            self.problems.append(_problem(what.where, "E341", f"the map `{file}` is not GeoJSON: {error}"))
        return None

    def drawn(
        self, what: Line | Zone, since: dt.date | None, file: str, kinds: set[str], wanted: str
    ) -> tuple[Drawn, bool]:
        """As `read`, raising what is wrong."""
        if (self.folder / file).stat().st_size > _LARGEST_MAP:
            raise _refused(what.where, "E341", f"the map `{file}` is larger than 50 MB")
        data = (self.folder / file).read_bytes()
        drawing = parts.read(json.loads(data), kinds, what.accurate_to_m or 0.0)
        if not drawing:
            raise _refused(what.where, "E342", f"the map `{file}` holds no {wanted}")
        invalid = f"the map `{file}` is not a valid {wanted}"
        if flaw := parts.off_the_globe(drawing):
            raise _refused(what.where, "E343", f"{invalid}: {flaw}", "mend the drawing")
        flaw = parts.flaw(drawing)
        if flaw and isinstance(what, Zone) and what.mended is not None:
            drawing = parts.mended(drawing, kinds)
            if not drawing:
                raise _refused(what.where, "E343", f"{invalid}, and encloses nothing: {flaw}", "draw it anew")
        elif flaw:
            ask = ", or say `mended because …` of the zone" if isinstance(what, Zone) else ""
            raise _refused(
                what.where, "E343", f"{invalid}: {flaw}", f"mend the drawing{ask}; it is never mended silently"
            )
        return parts.drawn(drawing, what.name, hashlib.sha256(data).hexdigest(), since), bool(flaw)


def _refused(where: Where, code: str, message: str, help_: str = "") -> AgreementError:
    return AgreementError((_problem(where, code, message, help_),))


def _problem(where: Where, code: str, message: str, help_: str = "") -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, Place(where.file, where.line, where.column), message, help_)
