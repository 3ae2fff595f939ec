"""Where rules hold while obligations are met: the interpreter gives what the oracle gives, a monitor what a check."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from generate_lapsing import POOL, lapses, lapsing
from laws_of_a_kind import BATCHES, Kind

from servanda.stream.reach import Reach

KIND = Kind(lapses, lapsing, POOL)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lapsing")


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_interpreter_gives_what_the_oracle_gives(batch: int, folder: Path) -> None:
    KIND.shows_every_verdict(batch, folder, "2/A")


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_monitor_gives_what_a_check_gives(batch: int, folder: Path) -> None:
    KIND.monitored(batch, folder)


def test_to_know_better_what_was_seen_reverses_nothing(folder: Path) -> None:
    """What is decided while a rule may have lapsed stays so when more is known of what was seen."""
    assert KIND.known_better(folder, 300) > 30


def test_a_rule_that_may_lapse_is_evaluated_whole(folder: Path) -> None:
    """It looks again at all with which it may have lapsed, however long ago, so that nothing it needs is put away."""
    plan = KIND.engine(folder, 0).plan
    needed = {name for rule in plan.rules if rule.lapses for name in (rule.rule, *rule.needs)}
    assert len(needed) > len([rule for rule in plan.rules if rule.lapses])
    assert all(Reach(plan).whole[number] for number, rule in enumerate(plan.rules) if rule.rule in needed)
