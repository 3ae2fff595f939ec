"""Reading a night's observations from whatever they came in."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from itertools import chain
from typing import Any, cast

from servanda.observations import delimited, frames, jsontext
from servanda.observations.collection import Observations, Origin, SourceFile, collect
from servanda.observations.flat import COLUMNS, unflatten
from servanda.observations.mapping.apply import map_row
from servanda.observations.mapping.load import Mapped, load_mapping
from servanda.observations.model import Observation
from servanda.observations.problems import Flaw, ObservationError, Rejection, locate
from servanda.observations.record import from_record
from servanda.observations.rows import Row, Table
from servanda.observations.sources import Opened, open_source

PathLike = str | os.PathLike[str]
BLANK = "blank line"


def read(
    source: Any,  # noqa: ANN401 -- frames come from optional libraries
    mapping: Mapped | PathLike | None = None,
    *,
    time_zone: str | None = None,
    strict: bool = False,
    known_fields: Collection[str] | None = None,
) -> Observations:
    """Read observations; a bad row is set aside with file, line and field.

    Args:
        source: A path (``.jsonl``, ``.json``, ``.geojson``, ``.csv``, ``.parquet``, also with
            ``.gz``), several paths, records (dicts or observations), a pandas or polars
            DataFrame, or an Arrow table.
        mapping: A mapping or the path of one, for tables that have their own columns.
        time_zone: IANA name for local times and dates of records that state none.
        strict: Raise if anything at all was set aside.
        known_fields: Further fields the vocabulary declares. None leaves ``fields`` unchecked.

    Returns:
        The records, those set aside, and the counts.

    Raises:
        ObservationError: If a file cannot be opened, or under `strict` if a row was set aside.
    """
    mapped = mapping if isinstance(mapping, Mapped | None) else load_mapping(mapping)
    reader = _Reader(mapped, time_zone, known_fields)
    if isinstance(source, str | os.PathLike):
        reader.file(source)
    elif isinstance(source, Mapping | Observation):
        reader.records([source])
    elif frames.is_frame(source):
        reader.frame(source)
    elif isinstance(source, Iterable):
        reader.many(source)
    else:
        message = f"observations cannot be read from a {type(source).__name__}"
        raise ObservationError([Rejection("<records>", None, None, "O109", message)])
    return reader.finish(strict=strict)


class _Reader:
    """Collects what one call of `read` meets."""

    def __init__(self, mapped: Mapped | None, time_zone: str | None, known: Collection[str] | None) -> None:
        self.mapped, self.time_zone, self.known = mapped, time_zone, known
        self.found: list[tuple[Observation, Origin | None]] = []
        self.rejected: list[Rejection] = []
        self.ignored: dict[str, int] = {}
        self.sources: list[SourceFile] = []
        self.unreadable: list[Rejection] = []
        self.count = 0

    def many(self, source: Iterable[Any]) -> None:
        """Read several paths, or records one by one."""
        items = iter(source)
        for first in items:
            if isinstance(first, str | os.PathLike):
                for path in chain([first], items):
                    self._path(path)
            else:
                self.records(chain([first], items))

    def _path(self, path: object) -> None:
        if isinstance(path, str | os.PathLike):
            self.file(path)
            return
        message = f"a {type(path).__name__} stands among the paths of files"
        self.unreadable.append(Rejection("<records>", None, None, "O109", message))

    def file(self, path: PathLike) -> None:
        """Read one file; one that cannot be opened is named with all others that cannot."""
        try:
            opened = open_source(path, self.mapped.format if self.mapped else None)
            rows = self._open(opened)
        except ObservationError as error:
            self.unreadable.extend(error.rejections)
            return
        self.table(opened.name, rows)
        if opened.damage is not None:
            self.rejected.append(opened.damage)

    def frame(self, source: object) -> None:
        """Read a table in memory."""
        self.table(f"<{frames.library(source)}>", self._fitting(frames.table(source)))

    def records(self, source: Iterable[Any]) -> None:
        """Read dicts or observations."""
        rows = (Row(line, record) for line, record in enumerate(source, start=1))
        self.table("<records>", Table((), rows, {"lines": 0}))

    def table(self, name: str, table: Table) -> None:
        """Read rows of any kind."""
        for row in table.rows:
            self.count += 1
            if row.flaws:
                self._reject(name, row.line, row.flaws, _id_of(row.values))
            elif self.mapped is not None:
                self._map(name, row, self.mapped)
            else:
                self._plain(name, row)
        if lines := table.blank["lines"]:
            self.count += lines
            self.ignored[BLANK] = self.ignored.get(BLANK, 0) + lines

    def finish(self, *, strict: bool) -> Observations:
        """Put it all together."""
        if self.unreadable:
            raise ObservationError(self.unreadable)
        whole = collect(
            self.found,
            self.rejected,
            read=self.count,
            ignored=self.ignored,
            sources=tuple(self.sources),
        )
        if strict and whole.rejected:
            raise ObservationError(whole.rejected)
        return whole

    def _open(self, opened: Opened) -> Table:
        if opened.kind == "parquet":
            self.sources.append(SourceFile(opened.name, opened.sha256))
            return self._fitting(frames.parquet(opened.data, opened.name))
        encodings = self.mapped.encodings if self.mapped else ("utf-8",)
        text, account = opened.text(encodings)
        self.sources.append(account)
        if opened.kind == "csv":
            delimiter = self.mapped.delimiter if self.mapped else ","
            return self._fitting(delimited.table(text, delimiter))
        blank = {"lines": 0}
        rows = jsontext.lines if opened.kind == "jsonl" else jsontext.document
        return Table((), rows(text, blank), blank)

    def _fitting(self, table: Table) -> Table:
        """Refuse a table whose columns the mapping does not fit, once and not row by row."""
        flaws = self.mapped.misfits(table.columns) if self.mapped and table.columns else ()
        if not flaws:
            return table
        held = sum(1 for _ in table.rows)
        self.count += max(held - 1, 0)
        return Table((), iter([Row(1, None, tuple(flaws))]), table.blank)

    def _map(self, name: str, row: Row, mapped: Mapped) -> None:
        outcome = map_row(mapped, _cells(row.values), self.known)
        if outcome.ignored is not None:
            self.ignored[outcome.ignored] = self.ignored.get(outcome.ignored, 0) + 1
        self._reject(name, row.line, outcome.flaws, outcome.id)
        origin = Origin(name, row.line)
        self.found.extend((record, origin) for record in outcome.records)

    def _plain(self, name: str, row: Row) -> None:
        values = row.values
        flaws: list[Flaw] = []
        if isinstance(values, dict):
            values = _feature(values) if values.get("type") == "Feature" else values
            if isinstance(values, dict) and any(_is_flat(key, values[key]) for key in values):
                values, flaws = unflatten(values)
        made = from_record(values, time_zone=self.time_zone, known_fields=self.known)
        if isinstance(made, Observation) and not flaws:
            self.found.append((made, Origin(name, row.line)))
            return
        if isinstance(made, list):
            named = {flaw.field for flaw in flaws}
            flaws = [*flaws, *(flaw for flaw in made if flaw.field not in named)]
        self._reject(name, row.line, flaws, _id_of(values))

    def _reject(self, name: str, line: int, flaws: Iterable[Flaw], record_id: str | None) -> None:
        self.rejected.extend(locate(flaw, name, line, record_id) for flaw in flaws)


def _is_flat(key: str, value: object) -> bool:
    return key in COLUMNS or value == ""


def _id_of(values: object) -> str | None:
    found = values.get("id") if isinstance(values, dict) else None
    return found if isinstance(found, str) and found else None


def _cells(values: object) -> dict[str, str]:
    """Return the cells of a row as text; inner objects get dotted names."""
    cells: dict[str, str] = {}
    stack: list[tuple[str, object]] = [("", values)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, dict):
            stack.extend((f"{path}.{key}" if path else key, inner) for key, inner in value.items())
        else:
            cells[path] = frames.as_text(value)
    return cells


def _feature(feature: dict[str, Any]) -> dict[str, Any] | object:
    """Turn a GeoJSON feature into a record: properties as fields, geometry as place."""
    properties, geometry = feature.get("properties"), feature.get("geometry")
    if not isinstance(properties, dict):
        return properties
    record = dict(properties)
    if "id" in feature:
        record.setdefault("id", feature["id"])
    if geometry is None:
        return record
    if isinstance(geometry, dict) and geometry.get("type") == "Point":
        point = geometry.get("coordinates")
        if isinstance(point, list) and len(point) in (2, 3):
            named = zip(("lon", "lat", "altitude_m"), point, strict=False)
            return (
                {**record, **dict(named)}
                if "place" not in record
                else {**record, "place": {**cast("dict[str, Any]", record["place"]), **dict(named)}}
            )
    return {**record, "geometry": geometry}
