"""The tables of verdicts, as the page has them: a rule, named records, and rows of what follows from which of them.

    Rule 99/A, asked at 2025-06-10:

    ```terms
    rule A: No party shall fire.
    ```

    ```json
    {"id": "shot", "act": "fire", "actor": "north", "at": "2025-06-03"}
    ```

    | on record | of | asked | what is shown | verdict |
    |---|---|---|---|---|
    | `shot` | | | the North fired | violated, north |
    | nothing | 99/B | 2025-06-20 | … | … |

The columns `of` (another rule) and `asked` (another instant) may be left out. What cannot be read is a mistake; no row
is passed over.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

Record = dict[str, Any]
Told = Counter[tuple[str, str | None]]

_HEADING = re.compile(r"^#+ (?P<title>.+)$")
_OPENING = re.compile(r"^Rule (?P<rule>\S+), asked at (?P<at>\S+):$")
_FENCE = re.compile(r"^```(?P<lang>[\w-]*)$")
_FILE = re.compile(r"^<!-- file: (?P<path>\S+) -->$")
_NAME = re.compile(r"`([^`]+)`")
_COLUMNS = {"on record", "of", "asked", "what is shown", "verdict"}


@dataclass
class Row:
    """One row: under which rule and at which instant, what is on record, and what follows."""

    line: int
    rule: str
    at: str
    names: tuple[str, ...]
    shown: str
    verdicts: Told


@dataclass
class Table:
    """One table: the terms, the records by name, and the rows."""

    title: str
    rule: str
    at: str
    terms: str = ""
    records: dict[str, Record] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)


@dataclass
class Page:
    """The page: its files, its declarations, its tables."""

    files: dict[str, str] = field(default_factory=dict)
    declarations: str = ""
    tables: list[Table] = field(default_factory=list)

    def text_of(self, table: Table) -> str:
        """The whole agreement under which a table stands."""
        if re.search(r"(?m)^agreement ", table.terms):
            return table.terms
        clause = "" if re.search(r"(?m)^clause ", table.terms) else 'clause 99 "Example".\n'
        return self.declarations + clause + table.terms


def read_page(page: Path) -> Page:
    """Read a page of tables."""
    read = Page()
    title, columns, file = "", [], None
    lines = iter(enumerate(page.read_text(encoding="utf-8").splitlines(), 1))
    for number, line in lines:
        if not line.startswith("|"):
            columns = []
        if found := _FILE.match(line):
            file = found["path"]
        elif found := _FENCE.match(line):
            _block(read, found["lang"], _until_closed(lines), file)
            file = None
        elif found := _HEADING.match(line):
            title = found["title"]
        elif found := _OPENING.match(line):
            read.tables.append(Table(title, found["rule"], found["at"]))
        elif line.startswith("|"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if not columns:
                columns = cells
                assert set(columns) <= _COLUMNS, f"line {number}: not a table of verdicts: {columns}"
            elif set(line) != set("|-"):
                assert len(cells) == len(columns), f"line {number}: {len(cells)} cells under {len(columns)} columns"
                table = read.tables[-1]
                table.rows.append(_row(table, number, dict(zip(columns, cells, strict=True))))
    return read


def _until_closed(lines: Any) -> str:
    found = []
    for _, line in lines:
        if line == "```":
            return "\n".join(found) + "\n"
        found.append(line)
    pytest.fail("a block is not closed")


def _block(read: Page, lang: str, text: str, file: str | None) -> None:
    if file is not None:
        read.files[file] = text
    elif lang == "terms" and not read.tables:
        read.declarations = text
    elif lang == "terms":
        assert not read.tables[-1].terms, f"{read.tables[-1].title}: terms twice"
        read.tables[-1].terms = text
    elif lang == "json":
        for line in text.splitlines():
            record = json.loads(line)
            assert record["id"] not in read.tables[-1].records, f"{record['id']} stands there twice"
            read.tables[-1].records[record["id"]] = record


def _row(table: Table, line: int, cells: dict[str, str]) -> Row:
    names = tuple(_NAME.findall(cells["on record"]))
    spelt = ", ".join(f"`{name}`" for name in names) or "nothing"
    assert cells["on record"] == spelt, f"line {line}: {cells['on record']}"
    unknown = set(names) - set(table.records)
    assert not unknown, f"line {line}: no such record: {unknown}"
    assert cells["what is shown"], f"line {line}: say in words what is on record"
    told: Told = Counter()
    for part in cells["verdict"].split("; "):
        verdict, _, bearer = part.partition(", ")
        told[verdict, bearer or None] += 1
    return Row(line, cells.get("of") or table.rule, cells.get("asked") or table.at, names, cells["what is shown"], told)
