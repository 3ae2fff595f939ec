"""The tables of verdicts of the manual, row by row: the engine, a monitor and the oracle have to agree with them.

The tables were written by hand as law. They test the oracle itself: where it and the engine are wrong alike, only the
tables can tell.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import servanda
from servanda_dsl.model import Agreement

sys.path.insert(0, str(Path(__file__).parent))

import mutants_procedure
from mutants import MUTANTS
from tables import Row, Table, Told, read_page

from oracle import Oracle

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/reference/verdicts.md"
READ = read_page(PAGE)
CASES = [(table, row) for table in READ.tables for row in table.rows]
BY_TURNS = sorted(CASES, key=lambda case: case[0].rows.index(case[1]))
"""The first row of each table, then the second of each: so that what is broken in one subject shows soon."""
AT_LEAST = 1795
"""Rows. Whoever adds some raises it; whoever takes some away says why."""


@pytest.fixture(scope="session")
def maps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the maps of the page, and that of the tutorial."""
    folder = tmp_path_factory.mktemp("tables")
    (folder / "maps").mkdir()
    tutorial = read_files(ROOT / "docs/tutorial.md")
    for path, text in {"maps/valley.geojson": tutorial["two-rivers/maps/valley.geojson"], **READ.files}.items():
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def read_files(page: Path) -> dict[str, str]:
    blocks = re.findall(r"(?ms)^<!-- file: (\S+) -->\n```\w+\n(.*?)^```$", page.read_text(encoding="utf-8"))
    return dict(blocks)


@cache
def agreement(folder: Path, text: str) -> Agreement:
    made = folder / f"{abs(hash(text))}.terms"
    made.write_text(text, encoding="utf-8")
    return servanda.load(made)


def instant(text: str, zone: str) -> dt.datetime:
    """An instant; of a date, its end."""
    if len(text) == len("2025-06-10"):
        day = dt.date.fromisoformat(text) + dt.timedelta(days=1)
        return dt.datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return dt.datetime.fromisoformat(text)


def told(findings: tuple[servanda.Finding, ...], rule: str) -> Told:
    return Counter((f.verdict.value, f.bearer) for f in findings if f.rule == rule)


@pytest.mark.parametrize(("table", "row"), CASES, ids=[f"line-{r.line}" for _, r in CASES])
def test_the_row_holds(table: Table, row: Row, maps: Path) -> None:
    made = agreement(maps, READ.text_of(table))
    records = [table.records[name] for name in row.names]
    case = f"{table.title}: {row.shown}"

    oracle = Oracle(made, records, instant(row.at, made.time_zone))
    answers = oracle.answers().items()
    assert Counter((a.verdict, a.bearer) for (rule, _), a in answers if rule == row.rule) == row.verdicts, case

    reading = servanda.read(records, time_zone=made.time_zone)
    result = servanda.check(made, reading, at=row.at)
    assert told(result.findings, row.rule) == row.verdicts, case
    assert len(result.rejected) == oracle.set_aside, case

    monitor = servanda.Monitor(made, lateness=None)
    for record in reversed(records):
        monitor.observe(servanda.read([record], time_zone=made.time_zone))
    monitor.advance(row.at)
    assert told(monitor.findings, row.rule) == row.verdicts, case


def test_no_row_is_passed_over() -> None:
    page = PAGE.read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith(("| `", "| nothing"))]
    assert len(rows) == len(CASES) >= AT_LEAST
    assert len(re.findall(r"(?m)^Rule .* asked at ", page)) == len(READ.tables) == len(re.findall(r"(?m)^## ", page))


@pytest.mark.parametrize("table", READ.tables, ids=[t.title for t in READ.tables])
def test_a_table_tells_things_apart(table: Table) -> None:
    assert len({frozenset(r.verdicts) for r in table.rows}) > 1, "one answer for every row shows nothing"
    asked = [(r.rule, r.at, r.names) for r in table.rows]
    assert len(set(asked)) == len(asked), "a row stands there twice"
    named = {name for row in table.rows for name in row.names}
    assert named == set(table.records), f"records in no row: {set(table.records) - named}"


def test_every_verdict_is_in_some_row() -> None:
    assert {verdict for _, row in CASES for verdict, _ in row.verdicts} == {v.value for v in servanda.Verdict}


BEYOND = {
    "of two records with one name the first counts",
    "what opened a gate is no evidence",
    "what was done before a rule lapsed rests on that",
    "what ended a rule goes unsaid",
    *mutants_procedure.OF_RECORDS,
}
"""A record of a table has its name to itself; of evidence, and of what is put on record, a row says nothing."""


@pytest.mark.parametrize("mutant", [name for name in MUTANTS if name not in BEYOND])
def test_the_tables_notice_a_broken_interpreter(mutant: str, maps: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    MUTANTS[mutant](monkeypatch)
    assert any(not holds(table, row, maps) for table, row in BY_TURNS), "every row holds"


def holds(table: Table, row: Row, maps: Path) -> bool:
    made = agreement(maps, READ.text_of(table))
    found = servanda.check(made, [table.records[name] for name in row.names], at=row.at).findings
    return told(found, row.rule) == row.verdicts
