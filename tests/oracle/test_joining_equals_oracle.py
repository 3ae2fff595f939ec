"""Where parties join by an act of their own the interpreter gives what the oracle gives, and a monitor what a check."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from generate_joining import POOL, joined, joins
from laws_of_a_kind import BATCHES, Kind
from test_stream_equals_oracle import CASES, outcomes

import servanda
from servanda.engine import Engine
from servanda.moments import iso
from servanda.session import Session, instant_us
from servanda.stream.joining import joined as joined_of
from servanda.stream.joining import limit
from servanda.stream.reach import Reach

KIND = Kind(joins, joined, POOL)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("joining")


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_interpreter_gives_what_the_oracle_gives(batch: int, folder: Path) -> None:
    KIND.shows_every_verdict(batch, folder)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_monitor_gives_what_a_check_gives(batch: int, folder: Path) -> None:
    KIND.monitored(batch, folder)


def test_to_know_better_what_was_seen_reverses_nothing(folder: Path) -> None:
    """What is decided while a party may have joined at one time or another stays so when more is known of that."""
    assert KIND.known_better(folder, 400) > 30


def test_however_a_joining_that_is_open_turns_out_what_is_decided_stays(folder: Path) -> None:
    """A sure record of it is added at every instant that matters and at which it may have been done unseen."""
    decided: Counter[str] = Counter()
    for case in range(max(100, CASES // 20)):
        choice, observed, at = joins(case)
        engine = KIND.engine(folder, choice)
        before = outcomes(engine, observed, at, random.Random(case))
        if before["rows", "set aside"][1]:
            continue
        for added in open_joinings(engine, observed, at):
            after = outcomes(engine, [*observed, *added], at, random.Random(case))
            for key, (verdict, *_) in before.items():
                limits = key[0] != "rows" and engine.agreement.rule(key[0]).kind == "maintenance"
                wanted = {"violated"} if limits else {"violated", "complied", "excused", "not-applicable"}
                if verdict in wanted and key[1] != "remainder":
                    decided[verdict] += 1
                    assert after.get(key, ("none",))[0] == verdict, (case, key, observed, added)
    assert min(decided["violated"], decided["not-applicable"]) > 30, decided


def open_joinings(engine: Engine, observed: list[dict[str, Any]], at: str) -> Iterator[list[dict[str, Any]]]:
    """Sure records of every act of joining that is open, at and beside the instants that matter."""
    session, at_us = Session(engine), instant_us(at, "UTC")
    session.take_reading(servanda.read(observed))
    world = session.stream.world(at_us)
    for one in engine.plan.rules[0].joining:
        found, due, act = joined_of(world, one), limit(world, one), one.rule.select.name
        if found.never or found.sure(at_us) or due is None or act == "order":
            continue
        said = [record["at"] for record in observed if isinstance(record["at"], str) and "T" in record["at"]]
        near = [instant_us(text, "UTC") + beside for text in said for beside in (-1, 0, 1)]
        for instant in {found.bounds.earliest_us, due.earliest_us - 1, at_us, *near}:
            if max(found.bounds.earliest_us, 0) <= instant < due.earliest_us and instant <= at_us:
                record = {"act": act, "actor": one.party, "at": iso(instant), "incident": "joining"}
                yield [record | {"id": f"x-{s}", "source": {"id": s}} for s in ("watchers", "press")]


def test_a_rule_under_which_parties_join_is_evaluated_whole(folder: Path) -> None:
    """It looks at everything again, however long ago somebody joined, so that nothing it needs is put away."""
    plan = KIND.engine(folder, 0).plan
    assert plan.rules
    assert all(Reach(plan).whole)
