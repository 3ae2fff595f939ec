"""Interpreters that are wrong about when a rule lapses that holds while obligations are met."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mutant import Patch, sets

from servanda import lower
from servanda.moments import NEVER_US, Moment
from servanda.stream import interpreter, joining, lapsing, world
from servanda.truth import Truth

_REAL_LAPSED, _REAL_LAPSE = lapsing.lapsed, lower._Lowering.lapse


def _lapses(change: Any) -> Patch:
    """Rules that lapse at another instant, as they see it."""

    def lapsed(*asked: Any) -> lapsing.Lapsed:
        found = _REAL_LAPSED(*asked)
        return found if found.moment is None else replace(found, moment=change(found.moment))

    return sets(world, "lapsed", lapsed)


def _by(*, determined: bool) -> Patch:
    """Rules that lapse in one way, whatever the text says."""

    def lapse(*asked: Any) -> Any:
        made = _REAL_LAPSE(*asked)
        return replace(made, marks=replace(made.marks, determined=determined))

    return sets(lower._Lowering, "lapse", lapse)


def _at_once(moment: Moment) -> Moment:
    return replace(moment, latest_us=moment.earliest_us, last_day=moment.first_day)


MUTANTS: dict[str, Patch] = {
    "nothing lapses": sets(world, "lapsed", lambda *_: lapsing.Lapsed()),
    "who breaks what has to be met is freed": sets(lapsing, "opposite", lambda _: Truth.TRUE),
    "what was broken before a rule bound ends it": sets(lapsing, "falls_in", lambda *_: Truth.TRUE),
    "what may have lapsed has": _lapses(_at_once),
    "what may have lapsed has not": _lapses(lambda m: None if m.latest_us >= NEVER_US else m),
    "what lapses by determination lapses by itself": _by(determined=False),
    "what lapses by itself needs a determination": _by(determined=True),
    "what was done before a rule lapsed rests on that": sets(lapsing, "_after", lambda *_: True),
    "what ended a rule goes unsaid": sets(interpreter, "resting", joining.resting),
}
