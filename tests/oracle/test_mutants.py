"""Would the oracle notice? Each way of breaking the interpreter gives another answer than the oracle on some case."""

from __future__ import annotations

import datetime as dt
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from generate import agreement, records
from test_stream_equals_oracle import answers

from oracle import Oracle
from servanda import lower, moments
from servanda.space import relations
from servanda.stream import breach, exceptions, performance, register, timing, world
from servanda.truth import Truth

CASES = 500
INSTANTS = (
    "2015-02-14T00:00:00Z",
    "2015-02-16T22:00:00Z",
    "2015-02-18T09:00:00Z",
    "2015-04-01T00:00:00Z",
    "2016-06-01T00:00:00Z",
)

Case = tuple[Any, list[dict[str, Any]], str, dict[Any, Any]]
Patch = Callable[[pytest.MonkeyPatch], None]


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    folder = tmp_path_factory.mktemp("mutants")
    made = []
    for case in range(CASES):
        rng = random.Random(case)
        encoded = agreement(folder, rng.randrange(60))
        observed, at = records(rng), rng.choice(INSTANTS)
        told = Oracle(encoded, observed, dt.datetime.fromisoformat(at)).answers()
        made.append((encoded, observed, at, {k: (a.verdict, a.evidence, a.bearer) for k, a in told.items()}))
    return made


def _set(target: object, name: str, value: object) -> Patch:
    return lambda patch: patch.setattr(target, name, value)


def _shifts(value: object) -> Patch:
    """Another calendar, for instants known beforehand and for those that reports fix."""

    def patch_both(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(moments, "shift", value)
        patch.setattr(lower, "shift", value)

    return patch_both


def _any_candidate(values: Iterator[Truth]) -> Truth:
    return max(values)


def _shift_one_day_more(*args: Any, **kwargs: Any) -> moments.Moment:
    return _REAL_SHIFT(args[0], args[1] + 1, *args[2:], **kwargs)


def _months_of_30_days(base: Any, amount: int, unit: str, *rest: Any, **kwargs: Any) -> moments.Moment:
    return _REAL_SHIFT(base, *((amount * 30, "days") if unit == "months" else (amount, unit)), *rest, **kwargs)


def _without_assumptions(self: Any, name: str) -> Any:
    select = _REAL_ACT(self, name)
    return replace(select, acts=tuple(a for a in select.acts if a[1] is None))


def _nothing_besides(self: Any, name: str) -> Any:
    select = _REAL_ACT(self, name)
    return replace(select, acts=tuple(a for a in select.acts if a[0] == name or a[1] is not None))


_REAL_SHIFT = moments.shift
_REAL_ACT = lower._Lowering.act
_REAL_CLOSED = moments.closed

MUTANTS: dict[str, Patch] = {
    "one candidate is enough": _set(breach, "agree", _any_candidate),
    "nobody else can have done it": _set(breach, "who", lambda rule, fact: (fact.actors or rule.parties, [])),
    "every source proves": _set(breach, "proves", lambda _fact, _rule: Truth.TRUE),
    "whoever it was, it was the bearer": _set(performance, "by_whom", lambda _fact, _bearer: Truth.TRUE),
    "the deadline's own instant is in time": _set(
        performance,
        "before",
        lambda fact, deadline: Truth.TRUE if fact.latest_us <= deadline.latest_us else Truth.FALSE,
    ),
    "no start": _set(timing, "_from", lambda _fact, _starts: Truth.TRUE),
    "no end": _set(timing, "_until", lambda _fact, _ends: Truth.TRUE),
    "the future counts": _set(breach, "by", lambda _fact, _us: Truth.TRUE),
    "a day more": _set(moments, "shift", _shift_one_day_more),
    "months have 30 days": _shifts(_months_of_30_days),
    "what is not known never was": _set(performance, "name_of", lambda _anchor: ""),
    "a deadline closes as its day opens": _set(moments, "closed", lambda moment, _zone: moment),
    "lines and zones are exact": _set(relations, "_slack", lambda place, _drawn: place.radii),
    "places are exact": _set(relations, "_slack", lambda place, drawn: place.radii * 0 + drawn.accuracy_m),
    "corrections and retractions do nothing": _set(register.Register, "standing", lambda _self, _name: ""),
    "denials do nothing": _set(world.World, "undenied", lambda _self, _fact, _rule: Truth.TRUE),
    "one condition excuses": lambda patch: patch.setattr(exceptions, "min", max, raising=False),
    "any record belongs": _set(exceptions, "belongs", lambda _world, _record, _fact: True),
    "order does not matter": _set(exceptions, "_precedes", lambda _record, _fact: Truth.TRUE),
    "what counts by assumption does not": _set(lower._Lowering, "act", _without_assumptions),
    "a discharge is no presence": _set(lower._Lowering, "act", _nothing_besides),
    "an unsure start is a start": _set(moments, "perhaps", lambda moment: moment),
    "any notice answers": _set(performance, "_answers", lambda _world, _fact, _trigger: Truth.TRUE),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_the_oracle_notices_a_broken_interpreter(
    mutant: str, cases: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    MUTANTS[mutant](monkeypatch)
    assert any(answers(encoded, observed, at) != told for encoded, observed, at, told in cases), "nothing differs"


def test_the_interpreter_as_it_is_differs_nowhere(cases: list[Case]) -> None:
    assert all(answers(encoded, observed, at) == told for encoded, observed, at, told in cases)
