"""A monitor gives what a check gives: in any order and batches, saved and restored anywhere, whatever was put away."""

from __future__ import annotations

import os
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

import servanda

sys.path.insert(0, str(Path(__file__).parent))

from generate_agreements import agreement
from generate_rows import night

from servanda.engine import Engine
from servanda.session import Session, instant_us
from servanda.stream import reach
from servanda_dsl.model import Agreement

CASES = int(os.environ.get("SERVANDA_MONITOR_CASES", "60"))
BATCHES = 6
AGREEMENTS = 60
CLOCK = (
    "2015-02-13T00:00:00Z",
    "2015-02-15T10:30:00Z",
    "2015-02-16T22:00:00Z",
    "2015-02-18T09:00:00Z",
    "2015-02-21T00:00:00Z",
    "2015-03-20T00:00:00Z",
    "2015-04-01T00:00:00Z",
    "2016-06-01T00:00:00Z",
)

Record = dict[str, Any]
Told = list[tuple[str, str]]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("monitor")


def log(rng: random.Random) -> list[Record]:
    """Several handfuls of records, bad rows among them, now and then with a word on one of an earlier handful."""
    made: list[Record] = []
    for number in range(rng.randint(1, 4)):
        apart = rng.random() < 0.7 or not made
        handful = [_renamed(record, f"{number}-") if apart or rng.random() < 0.5 else record for record in night(rng)]
        before = {r["id"] for r in made}
        made.extend(record for record in handful if record["id"] not in before)
        if number and rng.random() < 0.5:
            said = rng.choice(("retracts", "corrects", "denies"))
            target = rng.choice(made)["id"]
            again = dict(rng.choice(made)) if said == "corrects" else {"act": "comment", "at": "2015-03-01"}
            for pointer in ("retracts", "corrects"):
                again.pop(pointer, None)
            made.append(again | {"id": f"later{number}", said: [target] if said == "denies" else target})
    return made


def _renamed(record: Record, before: str) -> Record:
    """The same record of another handful: nothing in it speaks of the first."""

    def named(value: Any) -> Any:
        return [before + name for name in value] if isinstance(value, list) else before + value

    pointing = ("id", "corrects", "retracts", "incident", "refers_to", "denies")
    return record | {key: named(record[key]) for key in pointing if key in record}


def findings(monitor: servanda.Monitor) -> Told:
    return [(f.id, f.digest) for f in monitor.each_finding()]


def checked(made: Agreement, seen: list[Record], at: str) -> Told:
    return [(f.id, f.digest) for f in servanda.check(made, servanda.read(seen), at=at).findings]


def accounted(monitor: servanda.Monitor, many: int) -> servanda.monitor.Counts:
    counts = monitor.counts
    assert counts.read == many
    assert many == counts.used + counts.unused + counts.again + counts.set_aside + counts.refused
    return counts


def put_away(
    made: Agreement, seen: list[Record], rng: random.Random, folder: Path, where: str
) -> tuple[servanda.Result, servanda.monitor.Counts, int]:
    """What a check says, as a monitor with an archive does that counts every record; and how many it put away."""
    place = Path(tempfile.mkdtemp(dir=folder))
    lateness = rng.choice(("0 hours", "36 hours", "3 days", "3 weeks"))
    monitor = run(made, seen, rng, place, archive=place / "archive", lateness=lateness)
    monitor.advance(CLOCK[-1])
    result = servanda.check(made, servanda.read(seen), at=CLOCK[-1])
    assert findings(monitor) == [(f.id, f.digest) for f in result.findings], where
    counts = accounted(monitor, len(seen))
    away = counts.used + counts.unused - monitor.held
    monitor.close()
    return result, counts, away


def of_one_content(seen: list[Record]) -> list[Record]:
    """Without the records whose id another one has that came before."""
    first: dict[str, Record] = {}
    return [record for record in seen if first.setdefault(record["id"], record) == record]


def run(made: Agreement, seen: list[Record], rng: random.Random, folder: Path, **options: Any) -> servanda.Monitor:
    """A monitor that got everything, in some order, with the clock moved and its state saved in between."""
    monitor = servanda.Monitor(made, **options)
    waiting = rng.sample(seen, len(seen)) if rng.random() < 0.7 else sorted(seen, key=lambda r: str(r["at"]))
    clock = sorted(rng.sample(CLOCK, rng.randint(1, len(CLOCK))))
    standing: dict[str, servanda.Finding] = {}
    while waiting or clock:
        changes: tuple[servanda.Change, ...] = ()
        if clock and (not waiting or rng.random() < 0.5):
            changes = monitor.advance(clock.pop(0))
        elif waiting:
            many = rng.randint(1, 3)
            changes, waiting = monitor.observe(waiting[:many]), waiting[many:]
        account(standing, changes)
        if rng.random() < 0.3:
            monitor.save(folder / "state")
            monitor.close()
            monitor = servanda.Monitor.restore(made, folder / "state")
    assert standing.keys() == {name for name, _ in findings(monitor)}, "changes add up to the findings"
    assert {f.id: (f.verdict, f.evidence) for f in standing.values()} == {
        f.id: (f.verdict, f.evidence) for f in monitor.findings
    }
    return monitor


def account(standing: dict[str, servanda.Finding], changes: tuple[servanda.Change, ...]) -> None:
    for change in changes:
        before = standing.pop(change.finding.id, None)
        assert (before is None) == (change.kind == "opened"), change
        if before is not None and change.kind == "revised":
            assert change.finding.revision == before.revision + 1
            assert change.finding.supersedes == before.digest
        if change.kind == "withdrawn":
            assert before is not None
            assert (change.finding.digest, change.finding.revision) == (before.digest, before.revision)
        else:
            standing[change.finding.id] = change.finding


def cases(batch: int, folder: Path) -> Any:
    for case in range(batch, CASES, BATCHES):
        rng = random.Random(case)
        made = agreement(folder, rng.randrange(AGREEMENTS), plain=case // BATCHES % 4 > 0)
        yield case, rng, made, log(rng), Path(tempfile.mkdtemp(dir=folder))


@pytest.mark.parametrize("batch", range(BATCHES))
def test_with_an_archive_nothing_comes_too_late(batch: int, folder: Path) -> None:
    away = 0
    for case, rng, made, seen, place in cases(batch, folder):
        lateness = rng.choice(("0 hours", "36 hours", "3 days", "3 weeks"))
        monitor = run(made, seen, rng, place, archive=place / "archive", lateness=lateness)
        at = rng.choice((CLOCK[-1], CLOCK[-1], "2016-06-02T00:00:00Z"))
        monitor.advance(at)
        result, where = servanda.check(made, servanda.read(seen), at=at), f"case {case}: {seen} under {made.folder}"
        assert findings(monitor) == [(f.id, f.digest) for f in result.findings], where
        assert {r.id for r in monitor.rejected} == {r.id for r in result.rejected}, where
        assert not monitor.refused
        counts = accounted(monitor, len(seen))
        assert counts.used == sum(a.status == "used" for a in result.accounts), where
        away += counts.used + counts.unused - monitor.held
        monitor.close()
    assert away > CASES // BATCHES, "most of it was put away"


@pytest.mark.parametrize("batch", range(BATCHES))
def test_without_an_archive_what_comes_too_late_is_refused_by_name(batch: int, folder: Path) -> None:
    refused = away = 0
    for case, rng, made, several, place in cases(batch, folder):
        seen = of_one_content(several)
        monitor = run(made, seen, rng, place, lateness=rng.choice(("36 hours", "3 days", "3 weeks")))
        counts = accounted(monitor, len(seen))
        named = {r.id for r in monitor.refused}
        assert len(monitor.refused) == counts.refused
        session = Session(Engine(made))
        session.take_reading(servanda.read([r for r in seen if r["id"] not in named]))
        session.rejected.extend(monitor.refused)
        assert monitor.at_us is not None
        expected = session.evaluate(monitor.at_us).findings
        assert findings(monitor) == [(f.id, f.digest) for f in expected], f"case {case}: {seen} under {made.folder}"
        refused, away = refused + len(named), away + counts.used + counts.unused - monitor.held
    assert refused > CASES // BATCHES
    assert away, "some of it was put away for good"


@pytest.mark.parametrize(
    ("rule", "unless"), [({"once"}, set()), ({"trigger", "keepers"}, {"only_if"}), ({"bearers"}, set())]
)
def test_rules_of_a_kind_that_is_not_known_are_evaluated_whole(
    rule: set[str], unless: set[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part of a rule of which the monitor does not know what it looks at: it takes everything for looked for."""
    monkeypatch.setattr(reach, "_RULE", reach._RULE - rule)
    monkeypatch.setattr(reach, "_UNLESS", reach._UNLESS - unless)
    for case, rng, made, seen, place in cases(1, folder):
        monitor = run(made, seen, rng, place, archive=place / "archive", lateness=rng.choice(("0 hours", "3 days")))
        monitor.advance(CLOCK[-1])
        assert findings(monitor) == checked(made, seen, CLOCK[-1]), f"case {case}: {seen} under {made.folder}"
        monitor.close()


@pytest.mark.parametrize("batch", range(BATCHES))
def test_with_no_lateness_everything_stays_in_memory(batch: int, folder: Path) -> None:
    for case, rng, made, seen, place in cases(batch, folder):
        monitor = run(made, seen, rng, place, lateness=None)
        counts = accounted(monitor, len(seen))
        assert monitor.held == counts.used + counts.unused
        at = rng.choice(CLOCK)
        if monitor.at_us is not None and instant_us(at, "UTC") < monitor.at_us:
            at = "2016-06-02T00:00:00Z"
        monitor.advance(at)
        assert findings(monitor) == checked(made, seen, at), f"case {case}: {seen} under {made.folder}"
