"""Would the oracle notice? Each way of breaking the interpreter gives another answer than the oracle on some case."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from mutants import MUTANTS, differs, in_turn, noticed, witnesses

SEARCHED = 400
"""So many cases of each kind are tried where the recorded one no longer notices."""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mutants")


BEYOND = {"what ends before it begins binds"}
"""No generated agreement has a span whose ends reports can turn round; the tables of verdicts have one."""


@pytest.mark.parametrize("mutant", [name for name in MUTANTS if name not in BEYOND])
def test_the_oracle_notices_a_broken_interpreter(mutant: str, folder: Path) -> None:
    recorded = witnesses().get(mutant)
    if recorded and noticed(mutant, folder, iter([recorded])):
        return
    assert noticed(mutant, folder, in_turn(range(SEARCHED))), "nothing differs: run tests/oracle/find_witnesses.py"


def test_the_interpreter_as_it_is_differs_nowhere(folder: Path) -> None:
    assert not any(differs(folder, *case) for case in in_turn(range(100)))
