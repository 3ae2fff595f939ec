"""A monitor gives what a check gives where much is counted: episodes, days and months that come and go and meet."""

from __future__ import annotations

import os
import random
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import test_monitor_equals_check as law
from generate_agreements import agreement

import servanda
from servanda_dsl.model import Agreement

CASES = int(os.environ.get("SERVANDA_MONITOR_CASES", "60"))
BATCHES = 4
TEXT = """
agreement counted "Made for tests" signed 2015-02-10 in force 2015-02-10 00:00 time zone {zone}.
use vocabulary ceasefire.
party north "North".
party south "South".
monitor watchers "Watchers".
zone area "the area" from "maps/area.geojson".
{origins}
clause 1 "One".
rule A: No party shall fire more than {times} times in any {stretch}{span}.
rule B: On each day from 2015-02-12, a party shall fire at most {daily} times in area.
rule C: In each month until {until}, a party shall fire at most {monthly} times in area.
rule D: No party shall fly in area.
rule E: After each violation of rule D, that party shall publish, within {within} after it.
rule F: After each violation of rule E, each party shall discipline, within 24 hours after it.
rule G: On each day from 2015-02-14 until 2015-03-01 00:00, south shall admit at least 10 trucks into area.
"""


@cache
def made(folder: Path, choice: int) -> Agreement:
    rng = random.Random(f"counted {choice}")
    here = folder / f"counted-{choice}"
    (here / "maps").mkdir(parents=True, exist_ok=True)
    maps = agreement(folder, 0).folder / "maps"
    (here / "maps" / "area.geojson").write_text((maps / "area.geojson").read_text("utf-8"), "utf-8")
    origins = "\n".join(
        ('assuming ungraded reports of watchers and press meet reasonable grounds, because "made".',)
        * (rng.random() < 0.4)
        + ('assuming reasonable grounds needs 2 independent origins, because "made".',) * (rng.random() < 0.2)
        + ('assuming watchers registers each publish or fire within 24 hours, because "made".',) * (rng.random() < 0.4)
    )
    text = TEXT.format(
        zone=rng.choice(("Europe/Kyiv", "UTC", "America/New_York")),
        origins=f'assuming days exclusive, because "made".\n{origins}',
        times=rng.choice((1, 2, 3)),
        stretch=rng.choice(("1 days", "2 days", "3 days", "90 minutes", "36 hours", "1 week")),
        span=rng.choice(("", ", until 2015-02-25 12:00", ", from 2015-02-15", " in area")),
        daily=rng.choice((1, 2)),
        monthly=rng.choice((2, 4, 8)),
        until=rng.choice(("2015-05-01 00:00", "2015-03-12 06:00")),
        within=rng.choice(("48 hours", "1 month", "10 days")),
    )
    (here / "agreement.terms").write_text(text, encoding="utf-8")
    return servanda.load(here)


def log(rng: random.Random) -> list[law.Record]:
    """Reports of what is counted, in bursts and quiet times, and what unsettles them."""
    found: list[law.Record] = []
    centres = [rng.uniform(0, 55) for _ in range(rng.randint(1, 4))]
    for number in range(rng.randint(4, 26)):
        day = rng.choice(centres) + rng.gauss(0, 1.2) if rng.random() < 0.8 else rng.uniform(-2, 60)
        record: law.Record = {"id": f"r{number}", "act": rng.choice(("fire", "fire", "fire", "fire", "fly", "admit"))}
        record |= {"at": _time(rng, day), "place": {"zone": "area"}, "actor": rng.choice(("north", "north", "south"))}
        if record["act"] == "admit":
            record |= {"actor": "south", "count": rng.choice((4, 10)), "unit": "trucks"}
        if rng.random() < 0.1:
            del record["actor"]
        if rng.random() < 0.15:
            record["incident"] = rng.choice(("i1", "i2"))
        if rng.random() < 0.1 and record["act"] == "fire":
            record |= {"count": rng.choice((0, 2, 3)), "unit": "times"}
        record["source"] = {"id": rng.choice(("watchers", "watchers", "press", "north"))}
        found.append(record)
    for number in range(rng.randint(0, 5)):
        found.append(_word(rng, f"w{number}", rng.choice(found)))
    return found


def _time(rng: random.Random, day: float) -> Any:
    def at(days: float) -> str:
        minutes = round(days * 1440 / 15) * 15
        month_day = 10 + minutes // 1440
        months = [("02", 28), ("03", 31), ("04", 30), ("05", 31)]
        while month_day > months[0][1]:
            month_day -= months[0][1]
            months = months[1:]
        return f"2015-{months[0][0]}-{max(month_day, 1):02}T{minutes % 1440 // 60:02}:{minutes % 60:02}:00Z"

    if rng.random() < 0.75:
        return at(day)
    end = day + rng.choice((0.1, 0.6, 2.5, 9.0))
    return {"from": at(day), "to": at(end)} | ({"kind": "throughout"} if rng.random() < 0.3 else {})


def _word(rng: random.Random, name: str, target: law.Record) -> law.Record:
    """What unsettles a report, or answers it, or says what could be seen."""
    kind = rng.choice(("retracts", "corrects", "denies", "group", "watch", "answer", "tally", "blind", "again"))
    word: law.Record = {"id": name, "act": "comment", "at": _time(rng, rng.uniform(0, 50))}
    word["source"] = {"id": "watchers"}
    if kind in {"retracts", "denies"}:
        return word | {kind: target["id"] if kind == "retracts" else [target["id"]]}
    if kind == "corrects":
        again = {k: v for k, v in target.items() if k not in {"retracts", "corrects"}}
        return again | {"id": name, "at": word["at"], "corrects": target["id"]}
    if kind == "again":
        return target | {"at": word["at"]}
    if kind == "group":
        return word | {"act": "group", "refers_to": [target["id"], "r0"], "incident": "i3"}
    if kind == "answer":
        act, some = rng.choice(("publish", "discipline")), rng.random() < 0.5
        return word | {"act": act, "actor": "north"} | ({"refers_to": [target["id"]]} if some else {})
    if kind == "tally":
        return word | {"act": "tally", "count": 4, "unit": "shots"}
    if kind == "blind":
        return word | {"act": "deny-access", "place": {"zone": "area"}}
    sees = {"able_to_see": {"acts": ["fire", "admit", "publish"]}, "place": {"zone": "area"}}
    first, last = rng.choice((("02-09", "06-30"), ("02-12", "02-20"), ("02-20", "04-01")))
    return word | sees | {"act": "watch", "at": {"from": f"2015-{first}", "to": f"2015-{last}", "kind": "throughout"}}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("counts")


@pytest.mark.parametrize("batch", range(BATCHES))
def test_what_is_counted_is_repaired_wherever_it_was_put(batch: int, folder: Path) -> None:
    away = 0
    for case in range(batch, CASES, BATCHES):
        rng = random.Random(f"counts {case}")
        terms, seen = made(folder, rng.randrange(40)), log(rng)
        where = f"case {case}: {seen}"
        result, counts, more = law.put_away(terms, seen, rng, folder, where)
        away += more
        assert counts.used == sum(a.status == "used" for a in result.accounts), where
    assert away > CASES // BATCHES, "most of it was put away"
