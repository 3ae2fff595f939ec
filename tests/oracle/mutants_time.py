"""Interpreters that are wrong about time."""

from __future__ import annotations

from typing import Any

import pytest
from mutant import Patch, sets

from servanda import lower, moments
from servanda.space import drawn
from servanda.stream import breach, performance, timing
from servanda.truth import Truth
from servanda_dsl.model import Agreement

_REAL_SHIFT = moments.shift


def _shifts(value: object) -> Patch:
    """Another calendar, for instants known beforehand and for those that reports fix."""

    def patch_both(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(moments, "shift", value)
        patch.setattr(lower, "shift", value)

    return patch_both


def _shift_one_day_more(*args: Any, **kwargs: Any) -> moments.Moment:
    return _REAL_SHIFT(args[0], args[1] + 1, *args[2:], **kwargs)


def _months_of_30_days(base: Any, amount: int, unit: str, *rest: Any, **kwargs: Any) -> moments.Moment:
    return _REAL_SHIFT(base, *((amount * 30, "days") if unit == "months" else (amount, unit)), *rest, **kwargs)


MUTANTS: dict[str, Patch] = {
    "what all rules read in two ways is read in one": sets(Agreement, "shared_readings", lambda *_: ()),
    "no start": sets(timing, "since", lambda _fact, _starts: Truth.TRUE),
    "no end": sets(timing, "_until", lambda _fact, _ends: Truth.TRUE),
    "the future counts": sets(breach, "by", lambda _fact, _us: Truth.TRUE),
    "a day more": sets(moments, "shift", _shift_one_day_more),
    "months have 30 days": _shifts(_months_of_30_days),
    "what is not known binds always": sets(timing, "name_of", lambda _anchor: ""),
    "a deadline closes as its day opens": sets(moments, "closed", lambda moment, _zone: moment),
    "an unsure start is a start": sets(moments, "perhaps", lambda moment: moment),
    "the deadline's own instant is in time": sets(
        performance,
        "before",
        lambda fact, deadline: Truth.TRUE if fact.latest_us <= deadline.latest_us else Truth.FALSE,
    ),
    "what ends before it begins binds": sets(timing, "_holds_time", lambda _: Truth.TRUE),
    "what lasts is achieved at once": sets(performance, "achieved", timing.by),
    "a zone is always what it was first": sets(drawn.Drawings, "during", lambda self, *_: self.each[:1]),
    "a zone is always what it is now": sets(drawn.Drawings, "during", lambda self, *_: self.each[-1:]),
}
