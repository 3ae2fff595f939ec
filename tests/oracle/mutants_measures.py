"""Interpreters that are wrong about how much there was."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from mutant import Patch, sets

from servanda.locate import amounts
from servanda.stream.measures import distinct, instants, marks, periods, rolling
from servanda.truth import Truth

evaluate = import_module("servanda.stream.measures.evaluate")
_REAL_COVERED = periods.covered
_DAYS_TOO = {**rolling.ELAPSED, "days": 86_400_000_000}


def _added_up(whole: Any, *times: int) -> float | None:
    return _REAL_COVERED(whole, *times) and sum(m.most for m in whole)


MUTANTS: dict[str, Patch] = {
    "what may be one thing is two": sets(distinct, "_may_be_one", lambda *_: False),
    "all reports are of one thing": sets(distinct, "_apart", lambda *_: False),
    "within an incident everything counts": sets(distinct, "incidents", lambda marks: {m.fact.id: [m] for m in marks}),
    "any origin bears a figure out": sets(distinct, "enough", lambda _facts, _rule: True),
    "every count is of everything": sets(amounts, "holds", lambda *_: Truth.TRUE),
    "no count is of everything": sets(amounts, "holds", lambda *_: Truth.UNKNOWN),
    "figures of any unit add up": sets(marks, "size", lambda _, fact: (fact.figure.least, fact.figure.most, True)),
    "seen within a day is seen together": sets(instants, "_there", instants._maybe),
    "nothing is seen together": sets(instants, "_there", lambda fact, anchor: fact.id == anchor.id),
    "what lasted counts before it is forbidden": sets(marks, "_bound", lambda fact, _: fact),
    "of what one event was, each report holds": sets(marks, "against", lambda *_: ()),
    "days in a row are hours": sets(rolling, "ELAPSED", _DAYS_TOO),
    "what may lie in a stretch lies in it": sets(rolling, "_lies", rolling.meets),
    "no complete count speaks against a stretch": sets(rolling, "_contradicted", lambda *_: None),
    "what lies across midnight is of that day": sets(periods, "_within", lambda *_: True),
    "a floor holds for a part of a day": sets(periods, "_partly", lambda *_: False),
    "a count of a part is of the whole": sets(
        periods, "covered", lambda whole, *_: sum(m.most for m in whole) if whole else None
    ),
    "two complete counts of a day add up": sets(periods, "covered", _added_up),
    "a total beside a count unsettles nothing": sets(periods, "tallies", lambda *_: ()),
    "a total beside a stretch unsettles nothing": sets(evaluate, "tallies", lambda *_: ()),
    "an episode is another under each reading": sets(evaluate, "aligned", lambda found: found),
}
