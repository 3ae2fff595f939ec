"""Interpreters that are wrong about so many for each of something else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from mutant import Patch, sets

from servanda import lower, session
from servanda.moments import EVER_US, Bounds
from servanda.outcomes import Outcome, Verdict
from servanda.plan import InZone
from servanda.stream.coverage import Silence
from servanda.stream.measures import ratios, running, sliding
from servanda.stream.measures.rolling import Line

_REAL_TOTAL, _REAL_AGAINST, _REAL_DUE = running.Ledger.total, ratios.against, ratios._due
_REAL_DEADLINE, _REAL_BEYOND, _REAL_EACH = ratios._deadline, lower._Lowering.beyond, lower._Lowering.each
_REAL_APART = running.Ledger.apart
_REAL_RESTS = session.rests_on_silence
_NEVER = 2**62


def _theirs(ledger: running.Ledger) -> bool:
    return ledger.asked.beyond.each is None


def _total(change: Any) -> Patch:
    """The other side is counted before another moment."""

    def total(ledger: Any, before: Any, end: Any, own: Any = ()) -> Any:
        return _REAL_TOTAL(ledger, change(before) if _theirs(ledger) and end is not None else before, end, own)

    return sets(running.Ledger, "total", total)


def _both(one: Patch, other: Patch) -> Patch:
    """It does something else in two places."""

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        one(monkeypatch)
        other(monkeypatch)

    return patch


def _all_sure(ledger: running.Ledger, instants: list[int]) -> Any:
    return sliding.least(ledger.line.marks, [(EVER_US, instant + 1) for instant in instants])


def _sides(change: Any) -> Patch:
    """What is due, from other ledgers than there are."""

    def due(asked: Any, other: Any, variant: Any, ours: Any, theirs: Any, told: Any) -> Any:
        return _REAL_DUE(asked, other, variant, *change(ours, theirs, told), told)

    return sets(ratios, "_due", due)


def _afterwards(ours: Any, theirs: Any, told: Any) -> Any:
    first = min(m.fact.earliest_us for m in told)
    return replace(ours, line=Line([m for m in ours.line.marks if m.fact.earliest_us >= first])), theirs


def _binding(thing: Any, **new: Any) -> Any:
    """Nothing binds longer than the rule."""
    return thing if "ends" in new else replace(thing, **new)


def _one(self: Any) -> Any:
    return tuple(b if b.each is None else replace(b, limit=1) for b in _REAL_BEYOND(self))


def _anywhere(self: Any, *asked: Any) -> Any:
    made = _REAL_EACH(self, *asked)
    where = tuple(p for p in made.measure.select.predicates if not isinstance(p, InZone))
    return replace(made, measure=replace(made.measure, select=replace(made.measure.select, predicates=where)))


def _rests(outcome: Outcome) -> bool:
    ratio = any(a.against is not None for a in outcome.amounts)
    return _REAL_RESTS(outcome) and not (ratio and outcome.verdict is Verdict.VIOLATED)


MUTANTS: dict[str, Patch] = {
    "what goes later replaces what came": _total(lambda _: (_NEVER, _NEVER)),
    "what goes in the same moment replaces nothing": _both(
        _total(lambda b: (b[0] - 1, b[1] - 1)),
        sets(running.Ledger, "apart", lambda ledger, instants: _REAL_APART(ledger, [t - 1 for t in instants])),
    ),
    "what may be one thing that went is two": sets(running.Ledger, "apart", _all_sure),
    "what nobody told of did not go": sets(
        running.Total, "settled", property(lambda self: self.possible if self.counted is None else self.counted)
    ),
    "what may have gone has gone": sets(
        running.Total, "low", lambda self, _top: self.least if self.possible is None else self.possible
    ),
    "books are kept though they begin late": sets(running, "silence", lambda *_: Silence()),
    "a total beside a ratio unsettles nothing": sets(running, "tallies", lambda *_: ()),
    "no complete count says how many went": sets(running, "covered", lambda *_: None),
    "what is due is due of what came after": _sides(_afterwards),
    "what is due is due for each alone": _sides(lambda ours, theirs, told: (ours, replace(theirs, line=Line(told)))),
    "what is due lapses with the rule": sets(ratios, "replace", _binding),
    "one is allowed or due for each": sets(lower._Lowering, "beyond", _one),
    "the other side is counted everywhere": sets(lower._Lowering, "each", _anywhere),
    "each counts what its bearer did": sets(
        ratios, "against", lambda asked, each, part: _REAL_AGAINST(asked, replace(each, by=""), part)
    ),
    "what another says of himself is proof": sets(
        ratios, "against", lambda *asked: replace(_REAL_AGAINST(*asked), others=False)
    ),
    "what may not have been is due for": sets(ratios._Case, "verdict", ratios._Case._sure_of_trigger),
    "the instant at which it is due is in time": sets(
        ratios,
        "_deadline",
        lambda *asked: Bounds(_REAL_DEADLINE(*asked).earliest_us + 1, _REAL_DEADLINE(*asked).latest_us + 1),
    ),
    "a row set aside unsettles no ratio": sets(session, "rests_on_silence", _rests),
}
