"""A monitor gives what a check gives where much hangs on who watched: duties that are due, move, and are unsettled."""

from __future__ import annotations

import os
import random
import sys
from functools import cache
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import test_monitor_equals_check as law

import servanda
from servanda_dsl.model import Agreement

CASES = int(os.environ.get("SERVANDA_MONITOR_CASES", "60"))
BATCHES = 4
TEXT = """
agreement watched "Made for tests" signed 2015-02-10 in force 2015-02-10 00:00 time zone UTC.
use vocabulary ceasefire.
party north "North".
party south "South".
monitor watchers "Watchers".
monitor others "Others".
assuming days exclusive, because "made".
{assumptions}
clause 1 "One".
rule A: No party shall fire.
rule B: After each attack by a party, that party shall notify, to watchers, within {within} after it.
rule C: After each violation of rule A, that party shall publish, within {later} after it.
rule D: After each violation of rule C, each party shall discipline, within 24 hours after it.
rule E: Each party shall release, within {first} after entry into force.
rule F: No party shall fly.
"""
ACTS = ("notify", "publish", "discipline", "release", "fly", "fire")


@cache
def made(folder: Path, choice: int) -> Agreement:
    rng = random.Random(f"watched {choice}")
    here = folder / f"watched-{choice}"
    here.mkdir(parents=True, exist_ok=True)
    lag = rng.choice(("1 hour", "6 hours", "24 hours"))
    assumptions = [
        f'assuming watchers registers each notify or publish or release within {lag}, because "made".',
        'assuming others registers each discipline within 1 hour, because "made".' * (rng.random() < 0.5),
        'assuming ungraded reports of watchers and others meet reasonable grounds, because "made".'
        * (rng.random() < 0.3),
        'assuming reasonable grounds needs 2 independent origins, because "made".' * (rng.random() < 0.1),
    ]
    text = TEXT.format(
        assumptions="\n".join(filter(None, assumptions)),
        within=rng.choice(("24 hours", "24 hours", "72 hours")),
        later=rng.choice(("48 hours", "48 hours", "1 month")),
        first=rng.choice(("48 hours", "240 hours")),
    )
    (here / "agreement.terms").write_text(text, encoding="utf-8")
    return servanda.load(here)


def log(rng: random.Random) -> list[law.Record]:
    """What triggers duties, in a few incidents, who watched in short and long turns, and what unsettles any of it."""
    found: list[law.Record] = []
    for number in range(rng.randint(2, 8)):
        record: law.Record = {"id": f"t{number}", "act": rng.choice(("attack", "attack", "fire"))}
        record |= {"at": _time(_hour(rng)), "actor": rng.choice(("north", "south")), "source": {"id": "watchers"}}
        if rng.random() < 0.3:
            record["incident"] = rng.choice(("i1", "i2"))
        found.append(record)
    begins, turn = rng.uniform(0, 100), rng.choice((20, 30, 80))
    for number in range(rng.randint(3, 16)):
        begins = _hour(rng) if rng.random() < 0.2 else begins + turn * rng.choice((0.5, 0.7, 0.9, 1, 1.2))
        span = {"from": _time(begins), "to": _time(begins + turn * rng.choice((1, 2, 4))), "kind": "throughout"}
        sees = rng.sample(ACTS, rng.randint(3, 6))
        watch: law.Record = {"id": f"w{number}", "act": "watch", "at": span, "able_to_see": {"acts": ["notify", *sees]}}
        found.append(watch | {"source": {"id": rng.choice(("watchers", "watchers", "watchers", "others"))}})
    for number in range(rng.randint(0, 7)):
        found.append(_word(rng, f"x{number}", rng.choice(found)))
    return found


def _hour(rng: random.Random) -> float:
    return rng.uniform(0, 300) if rng.random() < 0.7 else rng.uniform(0, 1200)


def _time(hours: float) -> str:
    days, rest = divmod(int(hours), 24)
    day, months = 10 + days, [("02", 28), ("03", 31), ("04", 30), ("05", 31)]
    while day > months[0][1]:
        day -= months[0][1]
        months = months[1:]
    return f"2015-{months[0][0]}-{day:02}T{rest:02}:00:00Z"


def _word(rng: random.Random, name: str, target: law.Record) -> law.Record:
    """A record that speaks of another, or says who saw nothing."""
    kind = rng.choice(("retracts", "denies", "corrects", "blind", "blind", "answer", "answer", "same"))
    word: law.Record = {"id": name, "act": "comment", "at": _time(_hour(rng)), "source": {"id": "watchers"}}
    if kind == "retracts":
        return word | {"retracts": target["id"]}
    if kind == "denies":
        return word | {"denies": [target["id"]]}
    if kind == "corrects":
        again = {k: v for k, v in target.items() if k not in {"retracts", "corrects", "denies"}}
        return again | {"id": name, "corrects": target["id"]}
    if kind == "blind":
        source = {"source": {"id": rng.choice(("watchers", "others"))}} if rng.random() < 0.7 else {}
        own = {"incident": rng.choice(("i1", "i2"))} if rng.random() < 0.4 else {}
        return {"id": name, "act": "deny-access", "at": word["at"], "actor": "north"} | source | own
    if kind == "answer":
        act, some = rng.choice(("notify", "publish", "release", "discipline")), rng.random() < 0.7
        return (
            word
            | {"act": act, "actor": rng.choice(("north", "south"))}
            | ({"refers_to": [target["id"]]} if some else {})
        )
    return word | {"act": "attack", "actor": "north", "incident": rng.choice(("i1", "i2"))}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sights")


@pytest.mark.parametrize("batch", range(BATCHES))
def test_who_watched_is_known_wherever_it_was_put(batch: int, folder: Path) -> None:
    away = settled = 0
    for case in range(batch, CASES, BATCHES):
        rng = random.Random(f"sights {case}")
        terms, seen = made(folder, rng.randrange(40)), log(rng)
        result, _, more = law.put_away(terms, seen, rng, folder, f"case {case}: {seen}")
        away += more
        settled += sum(f.verdict == "violated" and f.rule != "1/A" for f in result.findings)
    assert away > CASES // BATCHES, "most of it was put away"
    assert settled > CASES // BATCHES // 2, "many a silence is established"
