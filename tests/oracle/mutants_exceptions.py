"""Interpreters that are wrong about exceptions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mutant import Patch, sets

from servanda import lower
from servanda.locate import locator
from servanda.stream import cutting, exceptions, excuses
from servanda.truth import Truth

_REAL_EXCEPTIONS = lower._Lowering.exceptions


def _asks(**other: Any) -> Patch:
    """Permissions that ask for something else than the text does."""
    real = exceptions._result
    return sets(exceptions, "_result", lambda unless, *rest, **told: real(replace(unless, **other), *rest, **told))


MUTANTS: dict[str, Patch] = {
    "one condition excuses": lambda patch: patch.setattr(exceptions, "min", max, raising=False),
    "any record belongs": sets(exceptions, "belongs", lambda _world, _record, _fact: True),
    "order does not matter": sets(exceptions, "_precedes", lambda _record, _fact: Truth.TRUE),
    "records that have to come in turn may come in any order": sets(exceptions, "_in_turn", lambda marks, _: marks),
    "nothing cuts a permission back": sets(exceptions, "_cut_back", lambda _unless, own, _forbids: own),
    "what cuts a permission back is never lifted": lambda patch: patch.setattr(
        cutting, "max", lambda *_, **__: Truth.FALSE, raising=False
    ),
    "what cuts a permission back binds at any time": sets(cutting, "meets", lambda *_: Truth.TRUE),
    "there is no time to show": sets(exceptions, "_time_to_show", lambda *_: None),
    "what came late came in time": sets(exceptions, "told_before", lambda *_: Truth.TRUE),
    "nobody claims": sets(exceptions, "_claims", lambda *_: []),
    "every permission is claimed": sets(locator, "CLAIMED", "nothing"),
    "nobody has to show": _asks(burden=False),
    "what is quoted is asked of nobody": _asks(quoted=()),
    "records after the instant excuse": sets(exceptions, "by", lambda *_: Truth.TRUE),
    "a permission has one reading": sets(lower._Lowering, "exceptions", lambda self, _: _REAL_EXCEPTIONS(self, ())),
    "one report that is excused excuses all": lambda patch: patch.setattr(excuses, "all", any, raising=False),
}
