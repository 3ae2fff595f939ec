"""A year of observations through a monitor with a lateness of seven days: its memory stays flat, nothing is dropped.

`SERVANDA_YEAR` says how many observations: 1,000,000 for the long run, which prints a figure for every tenth.
"""

from __future__ import annotations

import datetime as dt
import gc
import json
import os
import random
import sys
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import servanda
from servanda.observations import Observation, from_record

SIZE = int(os.environ.get("SERVANDA_YEAR", "3000"))
PARTS = 10
START = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
TERMS = """
agreement twelve-months "A year" signed 2024-12-30 in force 2025-01-01 00:00 time zone UTC.
use vocabulary ceasefire.
party north "North".
party south "South".
monitor mission "Mission".
zone valley "the valley" from "valley.geojson".
assuming explosion counts as fire, because "sounds are reported".
assuming mission registers each notify within 1 hour, because "it keeps a log".
assuming unattributed fire in valley counts as by a party, because "nobody else is there".
clause 1 "Ceasefire".
rule A: From entry into force, no party shall fire in valley.
clause 2 "Withdrawal".
rule A: Each party shall begin withdrawal of artillery, within 240 hours after entry into force.
rule B: From the deadline of rule A, no party shall keep artillery in valley.
clause 3 "Return fire".
rule A: No party shall attack, except as rule B permits.
rule B: A party may attack in response to an offensive-operation, only if an order is recorded before it.
rule C: After each attack by a party, that party shall notify, to mission, within 24 hours after it.
clause 4 "Access".
rule A: No party shall deny-access.
"""
VALLEY = [[20.0, 45.0], [20.5, 45.0], [20.5, 45.4], [20.0, 45.4], [20.0, 45.0]]
PLACES = [(20.0 + 0.05 * x, 45.02 + 0.05 * y) for x in range(14) for y in range(12)]


def year(many: int, seed: int = 7) -> Iterator[tuple[dt.datetime, dict[str, Any]]]:
    """A year of records in the order in which they arrive, each with the time of its arrival.

    One in fifty comes up to five days late, one in two thousand up to two months. Some belong to one incident; some
    correct, take back, deny or put together what was reported before, now and then long before.
    """
    rng = random.Random(seed)
    step = dt.timedelta(days=365) / many
    recent: list[str] = []
    old: list[str] = []
    for number in range(many):
        now = START + step * number
        late = rng.random()
        delay = dt.timedelta(minutes=rng.randint(1, 600))
        if late < 0.02:
            delay = dt.timedelta(hours=rng.randint(10, 120))
        if late < 0.0005:
            delay = dt.timedelta(days=rng.randint(8, 60))
        record = _record(rng, f"r{number}", max(START, now - delay), recent, old) | {"received": _iso(now)}
        recent.append(record["id"])
        if len(recent) > 200:
            gone = recent.pop(0)
            if rng.random() < 0.01:
                old.append(gone)
        if len(old) > 500:
            old.pop(rng.randrange(len(old)))
        yield now, record


def _iso(moment: dt.datetime) -> str:
    return moment.replace(microsecond=0).isoformat()


def _record(rng: random.Random, name: str, at: dt.datetime, recent: list[str], old: list[str]) -> dict[str, Any]:
    lon, lat = rng.choice(PLACES)
    record: dict[str, Any] = {
        "id": name,
        "at": _iso(at),
        "source": {"id": rng.choice(("mission", "press", "drone"))},
        "place": {"lon": round(lon, 3), "lat": round(lat, 3), "error_m": rng.choice((10, 500))},
    }
    kind = rng.random()
    if kind < 0.6:
        record |= {
            "act": rng.choice(("explosion", "fire", "explosion")),
            "count": rng.randint(1, 9),
            "unit": "explosions",
        }
    elif kind < 0.8:
        record |= {"act": "keep", "weapon": {"category": rng.choice(("artillery", "mortar"))}}
    elif kind < 0.88:
        record |= {"act": "attack", "actor": rng.choice(("north", "south"))}
    elif kind < 0.94 and recent:
        told = rng.choice(("north", "south"))
        record |= {"act": "notify", "actor": told, "refers_to": [rng.choice(recent)]}
        record["source"] = {"id": told, "kind": "notification"}
    elif kind < 0.96 and recent:
        record |= {"act": "order", "actor": rng.choice(("north", "south")), "refers_to": [rng.choice(recent)]}
    elif kind < 0.97:
        record |= {"act": "deny-access", "actor": rng.choice(("north", "south"))}
    elif kind < 0.98:
        span = {"from": _iso(at), "to": _iso(at + dt.timedelta(hours=3)), "kind": "throughout"}
        record |= {"act": "watch", "at": span, "able_to_see": {"acts": ["fire", "keep", "notify"]}}
        record["source"] = {"id": "mission"}
    else:
        record |= {"act": "comment"}
    if rng.random() < 0.25 and record["act"] != "watch":
        record["actor"] = rng.choice(("north", "south"))
    if recent and rng.random() < 0.1 and record["act"] in {"explosion", "fire"}:
        record["incident"] = f"i{int(recent[-1][1:]) // 50}"
    if recent and rng.random() < 0.02:
        target = rng.choice(old) if old and rng.random() < 0.05 else rng.choice(recent)
        said: dict[str, Any] = rng.choice(({"corrects": target}, {"retracts": target}, {"denies": [target]}))
        record |= said if "corrects" in said else {"act": "comment"} | said
    elif recent and rng.random() < 0.005:
        record |= {"act": "group", "refers_to": rng.sample(recent, min(3, len(recent))), "incident": f"g{name}"}
    return record


def agreement(folder: Path) -> servanda.Agreement:
    drawn = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [VALLEY]}}
    (folder / "valley.geojson").write_text(json.dumps(drawn))
    (folder / "agreement.terms").write_text(TERMS)
    return servanda.load(folder)


def observed(made: servanda.Agreement, record: dict[str, Any]) -> Observation:
    found = from_record(record, time_zone="UTC", known_fields=made.vocabulary.fields)
    assert isinstance(found, Observation), found
    return found


def rss_mb() -> float:
    """The memory of this process, where the system tells it."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


@pytest.mark.long
def test_memory_stays_flat_and_nothing_is_dropped(tmp_path: Path) -> None:
    made = agreement(tmp_path)
    monitor = servanda.Monitor(made, archive=tmp_path / "archive", lateness="7 days")
    if SIZE <= 20_000:
        tracemalloc.start()
    figures: list[tuple[float, int]] = []
    batch: list[Observation] = []
    opened = withdrawn = 0
    began, day = time.monotonic(), START
    for number, (now, record) in enumerate(year(SIZE), 1):
        batch.append(observed(made, record))
        if number % (SIZE // PARTS) == 0 or len(batch) == 100:
            changes = [*monitor.observe(batch)]
            batch = []
            if now - day >= dt.timedelta(hours=1):
                changes += monitor.advance(now)
                day = now
            opened += sum(c.kind == "opened" for c in changes)
            withdrawn += sum(c.kind == "withdrawn" for c in changes)
        if number % (SIZE // PARTS) == 0:
            gc.collect()
            memory = tracemalloc.get_traced_memory()[0] / 1e6 if tracemalloc.is_tracing() else rss_mb()
            figures.append((memory, monitor.held))
            told = f"{number:>9,} {memory:8.1f} MB {monitor.held:>7,} in memory {time.monotonic() - began:8.0f} s"
            sys.stderr.write(told + "\n")
    counts = monitor.counts
    assert counts.read == SIZE == counts.used + counts.unused
    assert not monitor.refused
    assert not monitor.rejected
    tracemalloc.stop()
    sys.stderr.write(f"{counts}; {opened:,} opened, {withdrawn:,} withdrawn\n")
    settled = figures[1:]  # in the first part the seven days fill
    assert max(held for _, held in settled) < SIZE * 7 / 365 * 1.2 + 200
    assert max(memory for memory, _ in settled) < 1.3 * min(memory for memory, _ in settled) + 1
    assert sum(1 for _ in monitor.each_finding()) == opened - withdrawn
    monitor.close()


def test_a_part_of_the_year_is_what_a_check_finds(tmp_path: Path) -> None:
    made = agreement(tmp_path)
    monitor = servanda.Monitor(made, archive=tmp_path / "archive", lateness="7 days")
    given = [(now, observed(made, record)) for now, record in year(1500)]
    for start in range(0, len(given), 20):
        monitor.observe([o for _, o in given[start : start + 20]])
        monitor.advance(given[start][0])
    monitor.advance(given[-1][0])
    result = servanda.check(made, [o for _, o in given], at=given[-1][0])
    assert monitor.held < len(given) / 4
    assert [(f.id, f.digest) for f in monitor.each_finding()] == [(f.id, f.digest) for f in result.findings]
