"""Where so many are allowed, or due, for each of something else the interpreter gives what the oracle gives."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from generate_ratios import POOL, compared, ratios
from laws_of_a_kind import BATCHES, Kind

from servanda.stream.reach import Reach

KIND = Kind(ratios, compared, POOL)
RATIOS = {"1/A", "1/B", "1/D", "2/A", "2/B"}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ratios")


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_interpreter_gives_what_the_oracle_gives(batch: int, folder: Path) -> None:
    ceilings, floors = Counter[str](), Counter[str]()
    for expected in KIND.expected(batch, folder):
        for (rule, _), (verdict, *_) in expected.items():
            if rule in RATIOS:
                (ceilings if rule.startswith("1/") else floors)[verdict] += 1
    for counted in (ceilings, floors):
        wanted = ("complied", "violated", "pending", "indeterminate", "unobserved")
        assert all(counted[verdict] for verdict in wanted), (ceilings, floors)


def test_to_know_better_what_was_seen_reverses_nothing(folder: Path) -> None:
    """What is decided stays so when more is known of what was seen; of an episode, that there is one of that limit."""
    decided = 0
    for _, before, after, where in KIND.refinements(folder, 300):
        for (rule, name), (verdict, *_) in before.items():
            if rule not in RATIOS or verdict not in {"violated", "complied"}:
                continue
            decided += 1
            alike = {k for k in after if k[0] == rule and k[1].split(":")[:2] == name.split(":")[:2]}
            now = {after[k][0] for k in alike if rule.startswith("1/") or k[1] == name}
            assert verdict in now, (rule, name, verdict, now, where)
    assert decided > 60


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_monitor_gives_what_a_check_gives(batch: int, folder: Path) -> None:
    KIND.monitored(batch, folder)


def test_a_ratio_is_evaluated_whole(folder: Path) -> None:
    """A running total hangs on everything since the rule began to bind, so that nothing of it is put away."""
    plan = KIND.engine(folder, 0).plan
    compared_ = [number for number, rule in enumerate(plan.rules) if any(b.each for b in rule.beyond)]
    assert compared_
    assert all(Reach(plan).whole[number] for number in compared_)
