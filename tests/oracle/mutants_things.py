"""Interpreters that are wrong about what was seen, and about how much of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mutant import Patch, sets

from servanda import lower
from servanda.locate import things
from servanda.stream import breach
from servanda.truth import Truth

_REAL_CALIBRE = things._calibre
_REAL_SEEN = things.seen
_REAL_ACT = lower._Lowering.act


def _without_assumptions(self: Any, name: str) -> Any:
    select = _REAL_ACT(self, name)
    return replace(select, acts=tuple(a for a in select.acts if a[1] is None))


def _nothing_besides(self: Any, name: str) -> Any:
    select = _REAL_ACT(self, name)
    return replace(select, acts=tuple(a for a in select.acts if a[0] == name or a[1] is not None))


def _ends_included(bracket: Any, candidate: Any) -> Truth:
    return _REAL_CALIBRE(bracket.model_copy(update={"least_included": True, "most_included": True}), candidate)


MUTANTS: dict[str, Patch] = {
    "to count none is to see something": sets(things, "at_least_one", lambda _observation: Truth.TRUE),
    "of several models the first one counts": sets(things, "seen", lambda observation: _REAL_SEEN(observation)[:1]),
    "every model is unknown": sets(things, "weapon_model", lambda _name: None),
    "what contradicts a model is passed over": sets(things, "_within", lambda *_: True),
    "brackets include their ends": sets(things, "_calibre", _ends_included),
    "what counts by assumption does not": sets(lower._Lowering, "act", _without_assumptions),
    "a discharge is no presence": sets(lower._Lowering, "act", _nothing_besides),
    "totals tell of nothing": sets(breach, "tallies", lambda *_: ()),
}
