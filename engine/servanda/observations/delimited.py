"""Delimited text (CSV) row by row, with the physical line each row starts on.

The standard reader gives the last line of a row and, at a missing quotation
mark, swallows everything to the next one. Here a row that came out wrong gives
back all its lines but the first, so that one stray mark costs one row.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from servanda.observations.problems import Flaw, shown
from servanda.observations.rows import Row, Table

_LONGEST = 1000  # physical lines one row may span before its quotation mark counts as not closed


@dataclass
class _Lines:
    """Hands out physical lines and can be set back."""

    lines: Sequence[str]
    next: int = 0
    stop: int = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.next >= min(self.stop, len(self.lines)):
            raise StopIteration
        self.next += 1
        return self.lines[self.next - 1]


def table(text: str, delimiter: str = ",") -> Table:
    """Read delimited text.

    Args:
        text: The whole file; rows may hold quoted line breaks.
        delimiter: One character between cells.

    Returns:
        The rows by column name. A missing or doubled header gives one row with the flaw.
    """
    lines = list(io.StringIO(text, newline=""))
    blank = {"lines": 0}
    raw = _raw(lines, delimiter)
    header = next((row for row in raw if row.values != []), None)
    columns: list[str] = [] if header is None or header.flaws else [c.strip() for c in header.values]
    flaw = _bad_header(header, columns)
    if flaw is not None:
        line = header.line if header else 1
        return Table((), iter([Row(line, None, (flaw,))]), blank)
    return Table(tuple(columns), _named(raw, columns, lines, delimiter, blank), blank)


def _raw(lines: Sequence[str], delimiter: str, start: int = 0) -> Iterator[Row]:
    feed = _Lines(lines, start)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while feed.next < len(lines):
        first = feed.next
        feed.stop = first + _LONGEST
        try:
            cells = next(reader)
        except csv.Error as error:
            if feed.next == first + 1:
                flaw = Flaw(None, "O112", f"the row cannot be read: {error}")
            else:
                flaw = _unclosed(first, feed.next)
                feed.next = first + 1
            reader = csv.reader(feed, delimiter=delimiter, strict=True)
            yield Row(first + 1, None, (flaw,))
            continue
        yield Row(first + 1, cells)


def _named(
    raw: Iterator[Row],
    columns: Sequence[str],
    lines: Sequence[str],
    delimiter: str,
    blank: dict[str, int],
) -> Iterator[Row]:
    pending = next(raw, None)
    while pending is not None:
        row, pending = pending, next(raw, None)
        if row.values is None:
            yield row
        elif not row.values:
            blank["lines"] += 1
        elif len(row.values) == len(columns):
            yield _checked(row.line, dict(zip(columns, row.values, strict=True)))
        else:
            end = pending.line if pending else len(lines) + 1
            if end - row.line > 1:
                # a stray quotation mark joined several lines: give all but the first back
                yield Row(row.line, None, (_unclosed(row.line - 1, end - 1),))
                raw = _raw(lines, delimiter, row.line)
                pending = next(raw, None)
            else:
                message = f"the row has {len(row.values)} cells, the header has {len(columns)}"
                advice = "a cell that holds the delimiter stands in quotation marks"
                yield Row(row.line, None, (Flaw(None, "O106", message, advice),))


def _checked(line: int, cells: dict[str, str]) -> Row:
    flaws = []
    for column, cell in cells.items():
        if not cell.isascii() and any("\ud800" <= char <= "\udfff" for char in cell):
            message = "a byte does not belong to the text encoding"
            flaws.append(Flaw(column, "O102", message, "save the file as UTF-8", shown(cell)))
    return Row(line, cells, tuple(flaws))


def _unclosed(first: int, end: int) -> Flaw:
    message = f"a quotation mark that is not closed runs from this line to line {end}"
    advice = "close it, or double it where it belongs to the text; the lines after it were read"
    return Flaw(None, "O112", message, advice, f"lines {first + 1} to {end}")


def _bad_header(header: Row | None, columns: Sequence[str]) -> Flaw | None:
    if header is None:
        return Flaw(None, "O107", "the file is empty: it has no header")
    if header.flaws:
        return Flaw(None, "O107", f"the header cannot be read: {header.flaws[0].message}")
    if bad := next((c for c in columns if any("\ud800" <= char <= "\udfff" for char in c)), None):
        return Flaw(shown(bad), "O102", "a byte of the header does not belong to the encoding")
    if "" in columns:
        message = f"column {columns.index('') + 1} has no name; no row was read"
        return Flaw(None, "O107", message)
    twice = next((c for c in columns if columns.count(c) > 1), None)
    if twice is not None:
        return Flaw(twice, "O107", f'the column "{twice}" stands twice; no row was read')
    return None
