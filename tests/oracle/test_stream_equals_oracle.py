"""The stream interpreter gives what the oracle gives, case by case."""

from __future__ import annotations

import datetime as dt
import os
import random
import sys
from pathlib import Path
from typing import Any

import pytest

import servanda

sys.path.insert(0, str(Path(__file__).parent))

from generate import agreement, records

from oracle import Oracle

CASES = int(os.environ.get("SERVANDA_ORACLE_CASES", "1500"))
BATCHES = 12


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("oracle")


def answers(made: Any, observed: list[dict[str, Any]], at: str) -> dict[tuple[str, str], tuple[str, frozenset[str]]]:
    result = servanda.check(made, servanda.read(observed), at=at)
    assert not result.rejected, result.rejected
    return {
        (f.rule, f.instance): (f.verdict.value, frozenset(e.observation for e in f.evidence), f.bearer)
        for f in result.findings
    }


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_interpreter_gives_what_the_oracle_gives(batch: int, folder: Path) -> None:
    for case in range(batch, CASES, BATCHES):
        rng = random.Random(case)
        made = agreement(folder, rng.randrange(60))
        observed = records(rng)
        at = rng.choice(
            (
                "2015-02-14T00:00:00Z",
                "2015-02-16T22:00:00Z",
                "2015-02-18T09:00:00Z",
                "2015-04-01T00:00:00Z",
                "2016-06-01T00:00:00Z",
            )
        )
        moment = dt.datetime.fromisoformat(at)
        expected = {
            key: (a.verdict, a.evidence, a.bearer) for key, a in Oracle(made, observed, moment).answers().items()
        }
        assert answers(made, observed, at) == expected, f"case {case}: {observed} at {at} under {made.folder}"
