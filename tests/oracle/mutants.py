"""Every way of breaking the interpreter that the oracle and the tables have to notice, and a case that notices each."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import mutants_exceptions
import mutants_gates
import mutants_joining
import mutants_lapsing
import mutants_measures
import mutants_procedure
import mutants_proof
import mutants_ratios
import mutants_records
import mutants_space
import mutants_things
import mutants_time
import pytest
from generate_agreements import agreement
from generate_amounts import amounts, counted
from generate_gates import gated, gates
from generate_joining import joined, joins
from generate_lapsing import lapses, lapsing
from generate_places import POOL, TOWNS, place_of
from generate_procedure import procedure
from generate_ratios import compared, ratios
from generate_records import corrected, excused, watched
from generate_rows import night
from mutant import Patch
from test_places_equal_oracle import AT, seen
from test_stream_equals_oracle import AGREEMENTS, INSTANTS, outcomes, told

from servanda.engine import Engine
from servanda_dsl.model import Agreement

ROOMS = (
    mutants_time,
    mutants_space,
    mutants_things,
    mutants_proof,
    mutants_records,
    mutants_exceptions,
    mutants_measures,
    mutants_procedure,
    mutants_gates,
    mutants_joining,
    mutants_lapsing,
    mutants_ratios,
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


def _only_watched(number: int) -> Case:
    rng = random.Random(number)
    return rng.randrange(AGREEMENTS), watched(rng), rng.choice(INSTANTS[1:])


def _only_corrected(number: int) -> Case:
    rng = random.Random(number)
    return rng.randrange(AGREEMENTS), corrected(rng), AT


def _only_amounts(number: int) -> Case:
    rng = random.Random(number)
    choice = rng.randrange(AGREEMENTS)
    return choice, amounts(rng), rng.choice(INSTANTS[2:])


def _only_counted(number: int) -> Case:
    rng = random.Random(number)
    choice = rng.randrange(AGREEMENTS)
    return choice, counted(rng), rng.choice(INSTANTS[2:])


def _only_places(number: int) -> Case:
    rng = random.Random(number)
    return rng.randrange(AGREEMENTS), seen(place_of(number % POOL), place_of(rng.randrange(POOL))), AT


def _only_procedure(number: int) -> Case:
    rng = random.Random(number)
    return rng.randrange(AGREEMENTS), procedure(rng, []), rng.choice(INSTANTS[1:])


def _described(number: int) -> Case:
    """Places in words, at every distance from a town: some limit is nearly always about that far."""
    rng = random.Random(number)
    figure = f"{rng.randint(1, 24) / rng.choice((2, 2, 4, 10)):g} km"
    here, there = (
        {"settlement": f"{figure} {rng.choice(('N', 'E', 'S', 'W', 'SE', 'NW'))} of {rng.choice(tuple(TOWNS))}"}
        for _ in range(2)
    )
    return rng.randrange(AGREEMENTS), seen(here, there), AT


def _named_alike(number: int) -> Case:
    """A night in which somebody calls an incident by the name of a record."""
    rng = random.Random(number)
    choice, observed, at = _any_night(rng.randrange(10_000))
    first, last = rng.choice(observed), rng.choice(observed)
    last["incident"] = first["id"]
    return choice, observed, at


KINDS: dict[str, Callable[[int], Case]] = {
    "night": _any_night,
    "excuses": _only_excuses,
    "places": _only_places,
    "watched": _only_watched,
    "corrected": _only_corrected,
    "described": _described,
    "named alike": _named_alike,
    "amounts": _only_amounts,
    "counted": _only_counted,
    "procedure": _only_procedure,
    "gates": gates,
    "joining": joins,
    "lapsing": lapses,
    "ratios": ratios,
}
MADE: dict[str, Callable[[Path, int], Agreement]] = {
    "gates": gated,
    "joining": joined,
    "lapsing": lapsing,
    "ratios": compared,
}
"""The agreements of a kind, where they are not those of all others."""


@cache
def expected(folder: Path, kind: str, number: int) -> Any:
    """What the oracle says."""
    choice, observed, at = KINDS[kind](number)
    return told(MADE.get(kind, agreement)(folder, choice), observed, at)


def differs(folder: Path, kind: str, number: int) -> bool:
    """Whether the interpreter, lowering included, says something else than the oracle says."""
    choice, observed, at = KINDS[kind](number)
    said = expected(folder, kind, number)
    made = MADE.get(kind, agreement)(folder, choice)
    return outcomes(Engine(made), observed, at, random.Random(0)) != said


def noticed(name: str, folder: Path, cases: Iterator[tuple[str, int]]) -> tuple[str, int] | None:
    """The first of these cases in which the interpreter, broken in this way and only then, differs from the oracle."""
    while True:
        with pytest.MonkeyPatch.context() as patch:
            MUTANTS[name](patch)
            found = next((case for case in cases if differs(folder, *case)), None)
        if found is None or not differs(folder, *found):
            return found


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
