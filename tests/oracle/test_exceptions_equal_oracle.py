"""What becomes of each exception has the same name in the interpreter and in the oracle, and the verdict follows."""

from __future__ import annotations

import datetime as dt
import random
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

import servanda

sys.path.insert(0, str(Path(__file__).parent))

from generate_agreements import agreement
from generate_records import excused
from test_stream_equals_oracle import AGREEMENTS, CASES, INSTANTS

from oracle import Oracle
from servanda.engine import Engine
from servanda.session import Session, instant_us

AT_LEAST = 1
"""So many of every result in so many hundred cases: what hardly ever happens is not tested."""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exceptions")


@cache
def engine_of(folder: Path, choice: int) -> Engine:
    return Engine(agreement(folder, choice))


def test_the_interpreter_calls_every_exception_what_the_oracle_calls_it(folder: Path) -> None:
    seen: Counter[str] = Counter()
    cases = max(300, CASES // 10)
    for case in range(cases):
        rng = random.Random(case)
        engine = engine_of(folder, rng.randrange(AGREEMENTS))
        observed, at = excused(rng), rng.choice((*INSTANTS[1:], "2015-02-18T12:00:00Z", "2015-02-18T11:59:59.999999Z"))
        session = Session(engine)
        session.take_reading(servanda.read(observed))
        assert not session.rejected, session.rejected
        found = {
            (o.rule, o.instance): dict(o.exceptions)
            for o in session.outcomes(instant_us(at, engine.agreement.time_zone))
        }
        answers = Oracle(engine.agreement, observed, dt.datetime.fromisoformat(at)).answers()
        where = f"case {case}: {observed} at {at} under {engine.agreement.folder}"
        assert found == {key: a.exceptions for key, a in answers.items()}, where
        seen.update(result for results in found.values() for result in results.values())
    assert all(seen[result] >= AT_LEAST * cases // 100 for result in ("shown", "not-shown", "open", "claimed")), seen
