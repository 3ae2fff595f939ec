"""The stream interpreter gives what the oracle gives, case by case, in whatever order the records come."""

from __future__ import annotations

import datetime as dt
import os
import random
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import servanda

sys.path.insert(0, str(Path(__file__).parent))

from generate_agreements import agreement
from generate_rows import night

from oracle import Oracle
from servanda.engine import Engine
from servanda.session import Session, instant_us
from servanda_dsl.model import Agreement

CASES = int(os.environ.get("SERVANDA_ORACLE_CASES", "1500"))
BATCHES = 12
AGREEMENTS = 60
INSTANTS = (
    "2015-02-14T00:00:00Z",
    "2015-02-16T22:00:00Z",
    "2015-02-18T09:00:00Z",
    "2015-04-01T00:00:00Z",
    "2016-06-01T00:00:00Z",
)

Told = dict[tuple[str, str], tuple[str, frozenset[str], str | None]]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("oracle")


def told(made: Agreement, observed: list[dict[str, Any]], at: str) -> Told:
    """What the oracle says, by rule and instance, and which rows it sets aside."""
    oracle = Oracle(made, observed, dt.datetime.fromisoformat(at))
    found = {key: (a.verdict, a.evidence, a.bearer) for key, a in oracle.answers().items()}
    return found | set_aside({r["id"] for r in oracle.rejected})


def set_aside(rows: set[str | None]) -> Told:
    return {("rows", "set aside"): ("", frozenset(str(r) for r in rows), None)}


def answers(made: Agreement, observed: list[dict[str, Any]], at: str) -> Told:
    """What a check says."""
    result = servanda.check(made, servanda.read(observed), at=at)
    return set_aside({r.id for r in result.rejected}) | {
        (f.rule, f.instance): (f.verdict.value, frozenset(e.observation for e in f.evidence), f.bearer)
        for f in result.findings
    }


def outcomes(engine: Engine, observed: list[dict[str, Any]], at: str, rng: random.Random) -> Told:
    """What the interpreter says of records that come in any order and any batches, before it is put into words."""
    session, waiting = Session(engine), rng.sample(observed, len(observed))
    while waiting:
        batch = rng.randint(1, len(waiting))
        session.take_reading(servanda.read(waiting[:batch]))
        waiting = waiting[batch:]
        if rng.random() < 0.3:
            session.outcomes(instant_us(rng.choice(INSTANTS), engine.agreement.time_zone))
    return set_aside({r.id for r in session.rejected}) | {
        (o.rule, o.instance): (o.verdict.value, frozenset(e.observation for e in o.evidence), o.bearer)
        for o in session.outcomes(instant_us(at, engine.agreement.time_zone))
    }


@cache
def engine_of(folder: Path, choice: int) -> Engine:
    return Engine(agreement(folder, choice))


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_interpreter_gives_what_the_oracle_gives(batch: int, folder: Path) -> None:
    for case in range(batch, CASES, BATCHES):
        rng = random.Random(case)
        engine = engine_of(folder, rng.randrange(AGREEMENTS))
        made = engine.agreement
        observed = night(rng)
        at = rng.choice(INSTANTS)
        expected = told(made, observed, at)
        where = f"case {case}: {observed} at {at} under {made.folder}"
        assert outcomes(engine, observed, at, rng) == expected, where
        if case // BATCHES % 10 == 0:
            assert answers(made, observed, at) == expected, where
