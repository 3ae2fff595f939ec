"""Loading a mapping file: everything wrong with it is said at once, with its key path."""

from __future__ import annotations

import codecs
import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from servanda.observations import times
from servanda.observations.border import flaws_of
from servanda.observations.gazetteer import Gazetteer
from servanda.observations.mapping.nodes import Checker, Node
from servanda.observations.mapping.schema import Identity, MappingFile, Skip, When
from servanda.observations.problems import Flaw, did_you_mean

MAPPING_CODES: dict[str, str] = {
    "M100": "the mapping cannot be opened",
    "M101": "the mapping is not TOML",
    "M102": "a key is not known, is missing, or has the wrong kind of value",
    "M103": "a field does not say, or says twice, where its value comes from",
    "M104": "a template or regular expression cannot be read",
    "M105": "a value map is missing or not used",
    "M106": "a layout of dates is not complete",
    "M107": "a time zone or text encoding is not known",
    "M108": "the gazetteer cannot be used",
    "M109": "a column is both used and ignored",
    "M110": "the blocks cannot be told apart",
}
"""Each mapping error code with its meaning in one line."""


class MappingError(Exception):
    """A mapping file cannot be used.

    Attributes:
        file: The mapping file as the caller named it.
        problems: Every problem; ``field`` is the key path in the file.
    """

    def __init__(self, file: str, problems: Sequence[Flaw]) -> None:
        """Hold the problems.

        Args:
            file: The mapping file.
            problems: At least one.
        """
        self.file, self.problems = file, tuple(problems)
        lines = [f"{file}: {len(self.problems)} problems in the mapping"]
        for flaw in self.problems:
            key = f"{flaw.field}: " if flaw.field else ""
            advice = f" ({flaw.help})" if flaw.help else ""
            lines.append(f"  {key}{flaw.message}{advice} [{flaw.code}]")
        super().__init__("\n".join(lines))


@dataclass(frozen=True)
class MappedOverride:
    """Fields set otherwise for some rows."""

    when: When
    fields: Mapping[str, Node]


@dataclass(frozen=True)
class MappedBlock:
    """One kind of observation made from a row, common fields included."""

    name: str | None
    when: When
    fields: Mapping[str, Node]
    overrides: tuple[MappedOverride, ...]


@dataclass(frozen=True)
class Mapped:
    """A mapping that was checked and can be applied.

    Attributes:
        file: The mapping file as the caller named it.
        title: What it maps.
        format: csv, parquet, jsonl, json or geojson.
        encodings: Tried in order.
        delimiter: Between cells.
        time_zone: IANA name for times without an offset, or None.
        empty: Texts that mean an empty cell.
        ignore: Columns left out, with the reason.
        skip: Rows left out, with the reason.
        id: How the id is made.
        values: Value maps by name.
        blocks: What is made of a row.
        columns: Columns it uses.
        gazetteer: The places it names, or None.
    """

    file: str
    title: str
    format: str
    encodings: tuple[str, ...]
    delimiter: str
    time_zone: str | None
    empty: frozenset[str]
    ignore: Mapping[str, str]
    skip: tuple[Skip, ...]
    id: Identity
    values: Mapping[str, Mapping[str, Any]]
    blocks: tuple[MappedBlock, ...]
    columns: frozenset[str]
    gazetteer: Gazetteer | None

    def misfits(self, columns: Sequence[str]) -> list[Flaw]:
        """Compare the columns of a table with those the mapping speaks of.

        Args:
            columns: The header.

        Returns:
            A flaw for each column that is missing, and for each that is neither used nor ignored.
        """
        flaws = []
        for missing in sorted(self.columns - set(columns)):
            message = f'the mapping uses the column "{missing}", which is not in the file'
            flaws.append(Flaw(missing, "O154", message, did_you_mean(missing, columns)))
        return flaws + self.strays(columns)

    def strays(self, columns: Sequence[str]) -> list[Flaw]:
        """Name the columns that would be dropped silently.

        Args:
            columns: The columns that hold something.

        Returns:
            A flaw for each that is neither used nor ignored.
        """
        return [
            Flaw(
                name,
                "O155",
                f'the column "{name}" is neither used nor ignored by the mapping',
                f"use it, or add it to [ignore] with the reason, in {self.file}",
            )
            for name in columns
            if name not in self.columns and name not in self.ignore
        ]


def load_mapping(path: str | os.PathLike[str]) -> Mapped:
    """Read and check a mapping file.

    Args:
        path: The TOML file.

    Returns:
        The mapping.

    Raises:
        MappingError: With everything that is wrong with it.
        ObservationError: If its gazetteer has bad lines.
    """
    name = os.fspath(path)
    try:
        raw = tomllib.loads(Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise MappingError(name, [Flaw(None, "M100", str(error.strerror))]) from error
    except ValueError as error:  # not TOML, or not UTF-8
        raise MappingError(name, [Flaw(None, "M101", f"it is not TOML: {error}")]) from error
    try:
        file = MappingFile.model_validate(raw)
    except ValidationError as error:
        flaws = [Flaw(flaw.field, "M102", flaw.message, flaw.help, flaw.value) for flaw in flaws_of(error, MappingFile)]
        raise MappingError(name, flaws) from error
    return _mapped(name, file)


def _mapped(name: str, file: MappingFile) -> Mapped:
    checker = Checker(frozenset(file.values))
    identity = Identity(template=file.id) if isinstance(file.id, str) else file.id
    checker.template(identity.template, "id")
    for number, skip in enumerate(file.skip, start=1):
        checker.when(skip.when, f"skip[{number}].when")
    common = checker.fields(file.common, "common")
    blocks = tuple(_blocks(file, common, checker))
    encodings = (file.encoding,) if isinstance(file.encoding, str) else tuple(file.encoding)
    flaws = [*checker.flaws, *_rest(file, encodings, checker)]
    where = _gazetteer_path(name, file.gazetteer)
    if isinstance(where, Flaw):
        flaws.append(where)
    if flaws:
        raise MappingError(name, flaws)
    return Mapped(
        name,
        file.title,
        file.format,
        encodings,
        file.delimiter,
        file.time_zone,
        frozenset(file.empty),
        file.ignore,
        tuple(file.skip),
        identity,
        file.values,
        blocks,
        frozenset(checker.columns),
        Gazetteer.load(where) if isinstance(where, Path) else None,
    )


def _blocks(file: MappingFile, common: Mapping[str, Node], checker: Checker) -> Iterator[MappedBlock]:
    for number, block in enumerate(file.observation, start=1):
        path = f"observation[{number}]"
        checker.when(block.when, f"{path}.when")
        own = checker.fields(block.model_extra or {}, path)
        overrides = []
        for at, override in enumerate(block.override, start=1):
            inner = f"{path}.override[{at}]"
            checker.when(override.when, f"{inner}.when")
            fields = checker.fields(override.model_extra or {}, inner)
            overrides.append(MappedOverride(override.when, fields))
        yield MappedBlock(block.name, block.when, {**common, **own}, tuple(overrides))


def _rest(file: MappingFile, encodings: tuple[str, ...], checker: Checker) -> Iterator[Flaw]:
    for encoding in encodings:
        try:
            codecs.lookup(encoding)
        except LookupError:
            yield Flaw("encoding", "M107", f'"{encoding}" is not a text encoding', "write utf-8")
    if file.time_zone is not None and times.zone_of(file.time_zone) is None:
        flaw = times.unknown_zone(file.time_zone)
        yield Flaw("time_zone", "M107", flaw.message, flaw.help)
    for column in sorted(checker.columns & file.ignore.keys()):
        yield Flaw(f"ignore.{column}", "M109", f'"{column}" is ignored here and used elsewhere')
    for unused in sorted(file.values.keys() - checker.maps_used):
        yield Flaw(f"values.{unused}", "M105", f'the value map "{unused}" is not used')
    names = [block.name for block in file.observation]
    if len(names) > 1 and (None in names or len(set(names)) < len(names)):
        message = "where there are several blocks each needs its own name, for the ids"
        yield Flaw("observation", "M110", message)


def _gazetteer_path(name: str, gazetteer: str | None) -> Path | Flaw | None:
    """Find the gazetteer, which must lie in the folder of the agreement."""
    if gazetteer is None:
        return None
    here = Path(name).resolve().parent
    root = here.parent if here.name == "observations" else here
    where = (here / gazetteer).resolve()
    if not where.is_relative_to(root):
        message = f'"{gazetteer}" lies outside the folder of the agreement'
        return Flaw("gazetteer", "M108", message, "copy it into the agreement's folder")
    if not where.is_file():
        return Flaw("gazetteer", "M108", f'"{gazetteer}" is not there')
    # a short name, so that messages say the same on every machine
    return Path(os.path.relpath(where)) if where.is_relative_to(Path.cwd()) else where
