"""The archive file of a monitor: what lies further back than the declared lateness, until something concerns it again.

An SQLite database. What is put away and taken back is written for good by `commit` alone, which a monitor does when it
is saved; whatever happens in between, the file is as it was then. A monitor without a file has an archive in memory
that keeps the findings, and of the records only the names: it can say that something concerns them, and no more.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from servanda.told import Told, as_written, written

_OURS = 0x53525641
_FORMAT = 2
_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE clusters (number INTEGER PRIMARY KEY, seen_from INTEGER, seen_until INTEGER);
CREATE INDEX clusters_of_sight ON clusters (seen_until, seen_from) WHERE seen_until IS NOT NULL;
CREATE TABLE records (id TEXT PRIMARY KEY, cluster INTEGER, digest TEXT, file TEXT, line INTEGER, content BLOB,
    used INTEGER);
CREATE INDEX records_of ON records (cluster);
CREATE TABLE names (name TEXT PRIMARY KEY, cluster INTEGER) WITHOUT ROWID;
CREATE INDEX names_of ON names (cluster);
CREATE TABLE units (cluster INTEGER, rule INTEGER, hinge_from INTEGER, hinge_until INTEGER, PRIMARY KEY (cluster, rule))
    WITHOUT ROWID;
CREATE INDEX units_under ON units (rule, hinge_until, hinge_from);
CREATE TABLE findings (id TEXT PRIMARY KEY, cluster INTEGER, rule INTEGER, bearer TEXT, key TEXT, unit TEXT,
    silent INTEGER, outcome TEXT, told TEXT, digest TEXT, content BLOB, revision INTEGER, supersedes TEXT);
CREATE INDEX findings_of ON findings (cluster);
CREATE INDEX findings_in_order ON findings (rule, bearer, key);
CREATE INDEX findings_of_silence ON findings (id) WHERE silent;
CREATE TABLE cites (cluster INTEGER, id TEXT, PRIMARY KEY (cluster, id)) WITHOUT ROWID;
CREATE INDEX cites_of ON cites (id);
CREATE TABLE periods (rule INTEGER, period TEXT, cluster INTEGER, PRIMARY KEY (rule, period, cluster)) WITHOUT ROWID;
CREATE INDEX periods_of ON periods (cluster);
CREATE TABLE gone (id TEXT PRIMARY KEY, revision INTEGER) WITHOUT ROWID;
"""


_NAMES = ("meta", "clusters", "records", "names", "units", "findings", "cites", "periods", "gone")


class StateError(ValueError):
    """A saved state or an archive cannot be used; the message says why, and what to do."""


@dataclass(frozen=True)
class Record:
    """A record that was put away.

    Attributes:
        id: Its id.
        digest: The digest of its content.
        file: Where it was read from, or "".
        line: The line, or None.
        content: It as compressed JSON; empty where only its name was kept.
        used: Whether it is evidence in a finding of its cluster.
    """

    id: str
    digest: str
    file: str
    line: int | None
    content: bytes
    used: bool = False


@dataclass(frozen=True)
class Put:
    """A finding that was put away, with the unit that gave it.

    Attributes:
        id: Its id.
        rule: The number of its rule among the plan's.
        bearer: Whose duty, where the order of the findings of a rule goes by bearers.
        key: Its place in that order.
        unit: What its instance is called after.
        outcome: What the rule gives, as JSON.
        told: The finding as it was told.
        silent: Whether it rests on a silence, so that it is held back beside what was set aside.
    """

    id: str
    rule: int
    bearer: str
    key: str
    unit: str
    outcome: str
    told: Told
    silent: bool


@dataclass(frozen=True)
class Case:
    """A cluster as it is put away.

    Attributes:
        number: Its number.
        records: Its records.
        names: The names they go by and speak of.
        units: For each rule that takes any of them, the time of which it hinges on who watched; None where on none.
        findings: What was found.
        sight: From when until when its records say what could be seen; None where they say nothing of it.
        cites: The records of other clusters that are evidence in its findings.
        periods: The periods that it concerns of rules about how much, each with the number of the rule.
    """

    number: int
    records: tuple[Record, ...]
    names: frozenset[str] = frozenset()
    units: tuple[tuple[int, tuple[int, int] | None], ...] = ()
    findings: tuple[Put, ...] = ()
    sight: tuple[int, int] | None = None
    cites: frozenset[str] = frozenset()
    periods: frozenset[tuple[int, str]] = frozenset()


@dataclass
class Archive:
    """What a monitor has put away.

    Attributes:
        path: The file; None where it is kept in memory, and of the records only the names.
        base: The database.
    """

    path: Path | None = None
    base: sqlite3.Connection = field(init=False)

    def __post_init__(self) -> None:
        """Open the file, and begin it where it is new.

        Raises:
            StateError: It is no archive, or cannot be opened.
        """
        name = ":memory:" if self.path is None else str(self.path)
        try:
            self.base = sqlite3.connect(name, isolation_level=None, check_same_thread=False)
            for setting in ("locking_mode=EXCLUSIVE", "synchronous=NORMAL", "cache_size=-8000", "temp_store=FILE"):
                self.base.execute(f"PRAGMA {setting}")
            ours = self.base.execute("PRAGMA application_id").fetchone()[0]
            tables = self.base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if tables and ours != _OURS:
                msg = f"{name} is a database of something else, and no archive of a monitor"
                raise StateError(msg)
            self.base.execute("BEGIN IMMEDIATE")
            if not tables:
                self._begin()
        except sqlite3.DatabaseError as error:
            msg = f"{name} cannot be used as an archive: {error}"
            raise StateError(msg) from error
        if self.meta("format") != str(_FORMAT):
            msg = f"{name} is an archive of another version of servanda; observe everything again, into a new file"
            raise StateError(msg)

    def _begin(self) -> None:
        self.base.execute(f"PRAGMA application_id={_OURS}")
        for statement in _TABLES.split(";"):
            self.base.execute(statement)
        self.set_meta("format", str(_FORMAT))

    @property
    def content(self) -> bool:
        """Whether what is put away can be fetched back."""
        return self.path is not None

    @property
    def empty(self) -> bool:
        """Whether nothing was ever put away."""
        return self.meta("token") is None and not self._one("SELECT count(*) FROM clusters")

    def meta(self, key: str) -> str | None:
        """A note about the archive itself."""
        row = self.base.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        """Write a note."""
        self.base.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    # ---- saved together with a state ----

    def mark(self) -> str:
        """Mark what is there now with a token that no other state of the file has."""
        token = secrets.token_hex(16)
        self.set_meta("token", token)
        return token

    def commit(self) -> None:
        """Write everything for good."""
        self.base.execute("COMMIT")
        self.base.execute("BEGIN IMMEDIATE")

    def close(self) -> None:
        """Close the file; what was not committed is as though it had not been."""
        self.base.close()

    # ---- put away and taken back ----

    def put(self, case: Case) -> None:
        """Put a cluster away."""
        number, run = case.number, self.base.executemany
        self.base.execute("INSERT INTO clusters VALUES (?, ?, ?)", (number, *(case.sight or (None, None))))
        run(
            "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (r.id, number, r.digest, r.file, r.line, r.content if self.content else None, r.used)
                for r in case.records
            ),
        )
        run("INSERT INTO cites VALUES (?, ?)", ((number, name) for name in case.cites))
        run("INSERT INTO periods VALUES (?, ?, ?)", ((rule, period, number) for rule, period in case.periods))
        run("INSERT INTO names VALUES (?, ?)", ((name, number) for name in case.names))
        run(
            "INSERT INTO units VALUES (?, ?, ?, ?)",
            ((number, rule, *(time or (None, None))) for rule, time in case.units),
        )
        for one in case.findings:
            told = written((one.told.outcome,))
            self.base.execute(
                "INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(one.id, number, one.rule, one.bearer, one.key, one.unit, one.silent),
                    *(one.outcome, None if told == one.outcome else told, one.told.digest, one.told.content),
                    *(one.told.revision, one.told.supersedes),
                ),
            )

    def take(self, number: int) -> Case:
        """Take a cluster back: what it held is here no more."""
        periods = self.base.execute("SELECT rule, period FROM periods WHERE cluster = ?", (number,))
        case = Case(
            number,
            tuple(self.records(number)),
            findings=tuple(self._findings("cluster = ?", number)),
            periods=frozenset((rule, period) for rule, period in periods),
        )
        for table in ("records", "names", "units", "findings", "cites", "periods"):
            self.base.execute(f"DELETE FROM {table} WHERE cluster = ?", (number,))  # noqa: S608 - a name of ours
        self.base.execute("DELETE FROM clusters WHERE number = ?", (number,))
        return case

    def records(self, number: int) -> Iterator[Record]:
        """The records of a cluster."""
        rows = self.base.execute("SELECT id, digest, file, line, content FROM records WHERE cluster = ?", (number,))
        yield from map(_record, rows)

    def record(self, name: str) -> Record | None:
        """A record by its id."""
        row = self.base.execute("SELECT id, digest, file, line, content FROM records WHERE id = ?", (name,)).fetchone()
        return None if row is None else _record(row)

    # ---- what was put away ----

    def naming(self, names: Iterable[str]) -> dict[int, str]:
        """The clusters that go by any of these names, have such a finding or speak of them, each with one such name."""
        found = {}
        for name in names:
            for query in (
                "SELECT cluster FROM names WHERE name = ?",
                "SELECT cluster FROM findings WHERE id = ?",
            ):
                row = self.base.execute(query, (name,)).fetchone()
                if row is not None:
                    found[int(row[0])] = name
        return found

    def citing(self, facts: Iterable[str]) -> set[int]:
        """The clusters in a finding of which one of these records of another cluster is evidence."""
        query = "SELECT cluster FROM cites WHERE id = ?"
        return {int(row[0]) for fact in facts for row in self.base.execute(query, (fact,))}

    def within(self, periods: Iterable[tuple[int, str]]) -> set[int]:
        """The clusters that concern any of some periods of rules about how much."""
        query = "SELECT cluster FROM periods WHERE rule = ? AND period = ?"
        return {row[0] for period in periods for row in self.base.execute(query, period)}

    def under(self, rule: int, times: list[tuple[int, int]] | None) -> set[int]:
        """The clusters of which a rule takes something; where times are given, those where it hinges on any of them."""
        if times is None:
            return {row[0] for row in self.base.execute("SELECT cluster FROM units WHERE rule = ?", (rule,))}
        query = "SELECT cluster FROM units WHERE rule = ? AND hinge_until >= ? AND hinge_from <= ?"
        return {row[0] for time in times for row in self.base.execute(query, (rule, *time))}

    def silences(self, rules: Iterable[int]) -> list[int]:
        """The clusters with a finding of any of these rules that rests on a silence."""
        query = "SELECT DISTINCT cluster FROM findings WHERE silent AND rule = ?"
        return sorted({row[0] for rule in rules for row in self.base.execute(query, (rule,))})

    def sight(self, since_us: int, until_us: int) -> list[int]:
        """The clusters that say what could be seen from one instant until another."""
        query = "SELECT number FROM clusters WHERE seen_until >= ? AND seen_from <= ?"
        return [row[0] for row in self.base.execute(query, (since_us, until_us))]

    def findings(self) -> Iterator[Put]:
        """All findings that were put away, by rule and in the order of its instances."""
        yield from self._findings("1 ORDER BY rule, bearer, key")

    def silent(self) -> list[Put]:
        """The findings that rest on a silence: they hang on what is set aside."""
        return list(self._findings("silent"))

    def tell(self, name: str, told: Told, outcome: str) -> None:
        """Note what was told of a finding that was put away."""
        text = written((told.outcome,))
        self.base.execute(
            "UPDATE findings SET told = ?, digest = ?, content = ?, revision = ?, supersedes = ? WHERE id = ?",
            (
                *(None if text == outcome else text, told.digest, told.content),
                *(told.revision, told.supersedes, name),
            ),
        )

    def _findings(self, where: str, *given: object) -> Iterator[Put]:
        columns = "id, rule, bearer, key, unit, outcome, told, digest, content, revision, supersedes, silent"
        rows = self.base.execute(f"SELECT {columns} FROM findings WHERE {where}", given)  # noqa: S608 - ours
        for row in rows:
            name, rule, bearer, key, unit, outcome, told, digest, content, revision, supersedes, silent = row
            (shown,) = as_written(told or outcome)
            said = Told(shown, digest, content, revision, supersedes)
            yield Put(name, rule, bearer, key, unit, outcome, said, bool(silent))

    def holds(self, number: int) -> bool:
        """Whether a cluster is here."""
        return self.base.execute("SELECT 1 FROM clusters WHERE number = ?", (number,)).fetchone() is not None

    def dump(self) -> Iterator[tuple[str, tuple[object, ...]]]:
        """Every row, with the name of its table."""
        for table in _NAMES:
            yield from ((table, row) for row in self.base.execute(f"SELECT * FROM {table}"))  # noqa: S608 - ours

    def load(self, table: str, row: list[object]) -> None:
        """Take in a row that `dump` gave.

        Raises:
            StateError: There is no such table.
        """
        if table not in _NAMES:
            msg = f"an archive has no table {table}"
            raise StateError(msg)
        self.base.execute(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608

    # ---- history and counts ----

    def leave(self, name: str, revision: int) -> None:
        """Note how often a finding was told that is no more."""
        self.base.execute("INSERT OR REPLACE INTO gone VALUES (?, ?)", (name, revision))

    def left(self, name: str) -> int:
        """How often a finding was told that was withdrawn."""
        row = self.base.execute("SELECT revision FROM gone WHERE id = ?", (name,)).fetchone()
        return 0 if row is None else int(row[0])

    def counts(self) -> tuple[int, int]:
        """How many records were put away, and how many of them are evidence in findings of their clusters."""
        return self._one("SELECT count(*) FROM records"), self._one("SELECT count(*) FROM records WHERE used")

    def cited(self) -> set[str]:
        """The records that are evidence in a finding of another cluster that was put away."""
        return {row[0] for row in self.base.execute("SELECT DISTINCT id FROM cites")}

    def unused(self, names: Iterable[str]) -> int:
        """How many of these records were put away and are evidence in no finding of their own cluster."""
        query = "SELECT 1 FROM records WHERE id = ? AND NOT used"
        return sum(self.base.execute(query, (name,)).fetchone() is not None for name in names)

    def _one(self, query: str) -> int:
        return int(self.base.execute(query).fetchone()[0])


def _record(row: tuple[Any, ...]) -> Record:
    name, digest, file, line, content = row
    return Record(name, digest, file, line, content or b"")
