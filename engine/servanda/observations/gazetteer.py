"""Names of places with coordinates, and what a patrol's description of a place comes to.

The gazetteer never guesses: a name it does not hold, or a "near" whose reach
nobody stated, leaves the place unknown and says why.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from servanda.observations import delimited
from servanda.observations.bearings import in_arc, point_arc
from servanda.observations.geodesic import destination, inverse
from servanda.observations.numbers import number_of
from servanda.observations.placenames import (
    Aside,
    Away,
    Between,
    Inside,
    Name,
    Near,
    PlaceName,
    Toward,
    parse_place,
)
from servanda.observations.problems import Flaw, ObservationError, Rejection, did_you_mean, locate
from servanda.observations.rows import Row
from servanda.observations.shapes import Disc, PlaceShape, Sector, Unplaced, enclosing
from servanda.observations.sources import open_source

_COLUMNS = ("name", "also", "lon", "lat", "error_m", "kind", "source")
_AGREES_SHARE, _AGREES_M = 0.10, 6000.0
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "‑": "-", "–": "-"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One place of a gazetteer.

    Attributes:
        name: Its name.
        also: Other names and spellings.
        lon: Degrees east, WGS84.
        lat: Degrees north.
        error_m: Radius in metres within which the whole place surely lies.
        kind: city, town, village, crossing and so on.
        source: Where the coordinates are from.
    """

    name: str
    also: tuple[str, ...]
    lon: float
    lat: float
    error_m: float
    kind: str
    source: str


@dataclass(frozen=True)
class Gazetteer:
    """Entries by every name they have.

    Attributes:
        entries: The places, in the order of the file.
        by_name: Each name and other name, folded for comparison.
    """

    entries: tuple[Entry, ...]
    by_name: Mapping[str, Entry]

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Gazetteer:
        """Read a gazetteer.

        Args:
            path: CSV with the columns name, also (separated by ``|``), lon, lat, error_m, kind
                and source.

        Returns:
            The gazetteer.

        Raises:
            ObservationError: With every bad line: numbers, missing cells, names that stand twice.
        """
        opened = open_source(path, "csv")
        text, _ = opened.text()
        table = delimited.table(text)
        problems: list[Rejection] = []
        missing = [c for c in _COLUMNS if c not in table.columns]
        if table.columns and missing:
            message = f"the columns {', '.join(missing)} are missing"
            raise ObservationError([Rejection(opened.name, 1, missing[0], "O107", message)])
        entries: list[Entry] = []
        by_name: dict[str, Entry] = {}
        for row in table.rows:
            entry, flaws = _entry(row)
            if entry is not None:
                flaws = _enter(entry, by_name)
                entries.append(entry)
            problems.extend(locate(flaw, opened.name, row.line) for flaw in flaws)
        if problems:
            raise ObservationError(problems)
        return cls(tuple(entries), by_name)

    def find(self, text: str, near_m: float | None = None) -> PlaceShape | Unplaced:
        """Say where a description of a place is.

        Args:
            text: "Avdiivka", "3km W of Yasynuvata", "near X", "Brianka (46km SW of Luhansk)".
            near_m: What "near X" and "N of X" reach, in metres; None leaves those unknown.

        Returns:
            A disc or a sector that surely holds the place, or why there is none.
        """
        entry = self.by_name.get(_folded(text))
        return _disc(entry) if entry else self._place(parse_place(text), near_m)

    def _place(self, name: PlaceName, near_m: float | None) -> Disc | Sector | Unplaced:
        match name:
            case Name(text):
                return self._named(text)
            case Aside():
                return self._aside(name, near_m)
            case Inside(base):
                return self._place(base, near_m)
            case Between(one, other):
                return _between(self._base(one, near_m), self._base(other, near_m))
            case Away(point, metres, rounding, base):
                start = self._base(base, near_m)
                if isinstance(start, Unplaced):
                    return start
                nearest = max(metres - rounding, 0.0)
                return Sector(start, (point_arc(point),), nearest, metres + rounding)
            case Near() | Toward():
                return self._nearby(name, near_m)

    def _nearby(self, name: Near | Toward, near_m: float | None) -> Disc | Sector | Unplaced:
        start = self._base(name.base, near_m)
        if isinstance(start, Unplaced):
            return start
        if near_m is None:
            return Unplaced("a place without a distance, and nothing says how near it is")
        if isinstance(name, Toward):
            return Sector(start, (point_arc(name.point),), 0.0, near_m)
        return Disc(start.lon, start.lat, (start.radius_m or 0.0) + near_m)

    def _base(self, name: PlaceName, near_m: float | None) -> Disc | Unplaced:
        found = self._place(name, near_m)
        return enclosing(found) if isinstance(found, Sector) else found

    def _named(self, text: str) -> Disc | Unplaced:
        folded = _folded(text)
        entry = self.by_name.get(folded) or self.by_name.get(folded.removesuffix(" city"))
        if entry:
            return _disc(entry)
        hint = did_you_mean(text, [entry.name for entry in self.entries])
        hint = f"; {hint}" if hint.startswith("did") else ""
        return Unplaced(f'"{text}" is not in the gazetteer{hint}')

    def _aside(self, name: Aside, near_m: float | None) -> Disc | Sector | Unplaced:
        """Prefer the name if its coordinate agrees with the parenthesis, else the parenthesis."""
        whole = self.by_name.get(_folded(name.text))
        if whole:
            return _disc(whole)
        plain, away = self._named(name.name), name.away
        city = self._base(away.base, near_m)
        if isinstance(city, Unplaced):
            return Unplaced(f"{city.reason}, so the parenthesis cannot be checked")
        if isinstance(plain, Disc):
            bearing, metres = inverse((city.lon, city.lat), (plain.lon, plain.lat))
            allowed = _AGREES_SHARE * away.metres + _AGREES_M
            if abs(metres - away.metres) <= allowed and in_arc(bearing, point_arc(away.point)):
                return plain
        return self._place(away, near_m)


def _between(one: Disc | Unplaced, other: Disc | Unplaced) -> Disc | Unplaced:
    if isinstance(one, Unplaced):
        return one
    if isinstance(other, Unplaced):
        return other
    bearing, metres = inverse((one.lon, one.lat), (other.lon, other.lat))
    middle = destination(one.lon, one.lat, bearing, metres / 2)
    return Disc(*middle, metres / 2 + max(one.radius_m or 0.0, other.radius_m or 0.0))


def _disc(entry: Entry) -> Disc:
    return Disc(entry.lon, entry.lat, entry.error_m)


def _entry(row: Row) -> tuple[Entry | None, list[Flaw]]:
    if row.values is None or row.flaws:
        return None, list(row.flaws)
    cells: dict[str, str] = {column: cell.strip() for column, cell in row.values.items()}
    flaws: list[Flaw] = []
    numbers: dict[str, float] = {}
    for column, least, most in (("lon", -180, 180), ("lat", -90, 90), ("error_m", 0, 5e6)):
        value = number_of(cells[column])
        if value is None or not least <= value <= most:
            message = f'"{cells[column]}" is not a number from {least:g} to {most:g}'
            flaws.append(Flaw(column, "O124", message, "", cells[column]))
        else:
            numbers[column] = value
    if not cells["name"]:
        flaws.append(Flaw("name", "O121", "the name is missing"))
    if flaws:
        return None, flaws
    also = tuple(part.strip() for part in cells["also"].split("|") if part.strip())
    lon, lat, error = numbers["lon"], numbers["lat"], numbers["error_m"]
    return Entry(cells["name"], also, lon, lat, error, cells["kind"], cells["source"]), []


def _enter(entry: Entry, by_name: dict[str, Entry]) -> list[Flaw]:
    flaws = []
    for place, name in enumerate((entry.name, *entry.also)):
        known = by_name.setdefault(_folded(name), entry)
        if known is not entry:
            message = f'"{name}" already stands for {known.name} ({known.lon}, {known.lat})'
            advice = "tell two places of one name apart, as in: Lyman (12km NW of Luhansk)"
            flaws.append(Flaw("also" if place else "name", "O110", message, advice, name))
    return flaws


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFC", text).translate(_APOSTROPHES)
    return " ".join(plain.split()).casefold()
