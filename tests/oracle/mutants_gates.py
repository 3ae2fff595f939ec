"""Interpreters that are wrong about gates and phases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mutant import Patch, sets

from servanda import lower, moments, plan
from servanda.locate import things
from servanda.stream import opening, timing, world
from servanda.stream.coverage import Silence
from servanda.truth import Truth

_REAL_OPENED, _REAL_MARKS, _REAL_OPENING = opening.opened, opening._marks, lower._Lowering.opening


def _opens(change: Any) -> Patch:
    """Gates that open at another moment."""

    def opened(at: Any, gate: plan.Opening) -> opening.Opened:
        found = _REAL_OPENED(at, gate)
        return found if found.moment is None else replace(found, moment=change(found.moment))

    return sets(world, "opened", opened)


def _perhaps(moment: moments.Moment) -> bool:
    return moment.latest_us >= moments.NEVER_US


def _gates(**other: Any) -> Patch:
    """Gates of another kind than the text has."""
    return sets(lower._Lowering, "opening", lambda self, name: replace(_REAL_OPENING(self, name), **other))


def _sure_only(*asked: Any) -> Any:
    return [(fact, value) for fact, value in _REAL_MARKS(*asked) if value is Truth.TRUE]


def _all_sure(*asked: Any) -> Any:
    return [(fact, Truth.TRUE) for fact, _ in _REAL_MARKS(*asked)]


MUTANTS: dict[str, Patch] = {
    "a gate opens as early as it can": _opens(
        lambda m: m if m.latest_us >= moments.NEVER_US else replace(m, latest_us=m.earliest_us)
    ),
    "a gate that may be open is open": _opens(lambda m: replace(m, latest_us=m.earliest_us, last_day=m.first_day)),
    "a gate opens as late as it may": _opens(
        lambda m: m if m.latest_us >= moments.NEVER_US else replace(m, earliest_us=m.latest_us)
    ),
    "a gate that is not surely open never opens": _opens(
        lambda m: replace(m, earliest_us=moments.NEVER_US - 10**15) if _perhaps(m) else m
    ),
    "the day after a gate opens is its day": _opens(
        lambda m: replace(m, first_day=moments.next_day(m.first_day), last_day=m.last_day)
    ),
    "quiet needs nobody who looks": sets(opening, "silence", lambda *_: Silence()),
    "nothing starts the quiet anew": sets(opening, "_marks", lambda *_: []),
    "what may have been a shot was none": sets(opening, "_marks", _sure_only),
    "what may have been a shot was one": sets(opening, "_marks", _all_sure),
    "a total breaks no quiet": sets(opening, "TALLY", "nothing"),
    "nobody begins to look late": sets(opening, "_looked", lambda _: set()),
    "the last instant of a quiet belongs to it": sets(
        opening._Window,
        "surely_holds",
        lambda _, f, start, end: (
            f.latest_us > start and f.earliest_us <= end
            if f.kind == "throughout"
            else f.earliest_us > start and timing.last_moment(f) <= end
        ),
    ),
    "hours begin after the shot's instant": sets(opening._Window, "over", lambda _, fact: timing.last_moment(fact) + 1),
    "days begin with the shot": sets(opening._Window, "over", lambda _, fact: fact.latest_us),
    "gates are counted from the beginning of time": _gates(since=plan.Fixed(moments.between(0, 0, "UTC"))),
    "nobody has to certify": _gates(certified=None, by=""),
    "anybody may certify": _gates(by="north"),
    "every certificate is of every gate": sets(things, "names_gate", lambda *_: Truth.TRUE),
    "a certificate names its gate or none": sets(
        things, "names_gate", lambda o, gate: Truth.TRUE if o.fields.get("gate") == gate else Truth.FALSE
    ),
    "what opened a gate is no evidence": sets(opening, "_RESTING", set()),
    "a gate is open though not everything was read": sets(opening, "in_doubt", lambda _: False),
    "a gate that waits for another waits for nothing": sets(timing, "nobody_knows", lambda _: False),
}
