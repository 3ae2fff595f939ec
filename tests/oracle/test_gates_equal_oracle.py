"""Under gates and phases the interpreter gives what the oracle gives, and a monitor what a check gives."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from generate_gates import POOL, gated, gates
from laws_of_a_kind import BATCHES, Kind

from servanda.stream.reach import Reach

KIND = Kind(gates, gated, POOL)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gates")


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_interpreter_gives_what_the_oracle_gives(batch: int, folder: Path) -> None:
    KIND.shows_every_verdict(batch, folder, "1/A")


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_monitor_gives_what_a_check_gives(batch: int, folder: Path) -> None:
    KIND.monitored(batch, folder)


def test_to_know_better_what_was_seen_reverses_nothing(folder: Path) -> None:
    """What is decided while a gate may open at one time or another stays so when more is known of what was seen."""
    assert KIND.known_better(folder, 300) > 30


def test_a_rule_that_hangs_on_a_gate_is_evaluated_whole(folder: Path) -> None:
    """It looks at everything again, however long ago its gate opened, so that nothing it needs is put away."""
    plan = KIND.engine(folder, 0).plan
    hanging = [number for number, rule in enumerate(plan.rules) if rule.gates]
    assert hanging
    assert all(Reach(plan).whole[number] for number in hanging)
