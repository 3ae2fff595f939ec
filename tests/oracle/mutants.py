"""Every way of breaking the interpreter that the oracle and the tables have to notice, and a case that notices each."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import mutants_exceptions
import mutants_proof
import mutants_records
import mutants_space
import mutants_things
import mutants_time
import pytest
from generate_agreements import agreement
from generate_places import POOL, place_of
from generate_records import excused
from generate_rows import night
from mutant import Patch
from test_places_equal_oracle import AT, seen
from test_stream_equals_oracle import AGREEMENTS, INSTANTS, outcomes, told

from servanda.engine import Engine

ROOMS = (
    mutants_time,
    mutants_space,
    mutants_things,
    mutants_proof,
    mutants_records,
    mutants_exceptions,
)
MUTANTS: dict[str, Patch] = {name: patch for room in ROOMS for name, patch in room.MUTANTS.items()}
WITNESSES = Path(__file__).parent / "witnesses.json"
"""By the name of a way to break the interpreter: a case that notices it, as kind and number."""

Case = tuple[int, list[dict[str, Any]], str]
"""The number of an agreement, what was observed, and an instant."""


def _any_night(number: int) -> Case:
    rng = random.Random(number)
    choice = rng.randrange(AGREEMENTS)
    return choice, night(rng), rng.choice(INSTANTS)


def _only_excuses(number: int) -> Case:
    rng = random.Random(number)
    choice = rng.randrange(AGREEMENTS)
    return choice, excused(rng), rng.choice(INSTANTS[1:])


def _only_places(number: int) -> Case:
    rng = random.Random(number)
    return rng.randrange(AGREEMENTS), seen(place_of(number % POOL), place_of(rng.randrange(POOL))), AT


KINDS: dict[str, Callable[[int], Case]] = {"night": _any_night, "excuses": _only_excuses, "places": _only_places}


@cache
def expected(folder: Path, kind: str, number: int) -> Any:
    """What the oracle says."""
    choice, observed, at = KINDS[kind](number)
    return told(agreement(folder, choice), observed, at)


def differs(folder: Path, kind: str, number: int) -> bool:
    """Whether the interpreter, lowering included, says something else than the oracle says."""
    choice, observed, at = KINDS[kind](number)
    said = expected(folder, kind, number)
    return outcomes(Engine(agreement(folder, choice)), observed, at, random.Random(0)) != said


def noticed(name: str, folder: Path, cases: Iterator[tuple[str, int]]) -> tuple[str, int] | None:
    """The first of these cases in which the interpreter, broken in this way, differs from the oracle."""
    with pytest.MonkeyPatch.context() as patch:
        MUTANTS[name](patch)
        return next((case for case in cases if differs(folder, *case)), None)


def in_turn(numbers: range) -> Iterator[tuple[str, int]]:
    """Cases of every kind, number by number."""
    for number in numbers:
        for kind in KINDS:
            yield kind, number


def witnesses() -> dict[str, tuple[str, int]]:
    """What was recorded last; empty where nothing was."""
    if not WITNESSES.exists():
        return {}
    return {name: (kind, number) for name, (kind, number) in json.loads(WITNESSES.read_text("utf-8")).items()}
