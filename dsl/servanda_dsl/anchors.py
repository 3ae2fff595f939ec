"""Anchors: the instants a rule hangs on, as the text gives them and before any calendar has been consulted."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Unit = Literal["minutes", "hours", "days", "weeks", "months", "years"]
Point = Literal["start", "end", "deadline"]


class Frozen(BaseModel):
    """A part of a rule object: fixed once made, and refusing what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class EntryIntoForce(Frozen):
    """The instant at which the agreement enters into force."""

    kind: Literal["entry-into-force"] = "entry-into-force"


class Signature(Frozen):
    """The day or instant of signature."""

    kind: Literal["signature"] = "signature"


class Instant(Frozen):
    """A date, or a date and time of day. `24:00` is the end of the day; `zone` None is the agreement's zone."""

    kind: Literal["instant"] = "instant"
    date: dt.date
    time: str | None = None
    zone: str | None = None


class EventInstant(Frozen):
    """The instant of an event that the agreement declares, by its name."""

    kind: Literal["event"] = "event"
    event: str


class OpeningOf(Frozen):
    """The instant at which a gate that the agreement declares opens, by its name."""

    kind: Literal["opening"] = "opening"
    gate: str


class DayOf(Frozen):
    """Day `number` of a period that begins with `base`: whether the first day is day 1 is a matter of counting."""

    kind: Literal["day-of"] = "day-of"
    number: int
    base: Anchor


class PointOfRule(Frozen):
    """The start, end or deadline of another rule (named as `2/A`), for the same bearer."""

    kind: Literal["point-of-rule"] = "point-of-rule"
    point: Point
    rule: str


class Trigger(Frozen):
    """The instant of what triggered this instance of the rule."""

    kind: Literal["trigger"] = "trigger"


class Unmet(Frozen):
    """The instant from which on the obligations of a rule, or of a clause, are met no more."""

    kind: Literal["unmet"] = "unmet"
    clause: str
    rule: str | None = None
    """As written outside the language; None where the whole clause is meant."""


class Offset(Frozen):
    """So long after (or before) a base; where the base is not shown, after `otherwise`."""

    kind: Literal["offset"] = "offset"
    amount: int
    unit: Unit
    direction: Literal["after", "before"] = "after"
    base: Anchor
    otherwise: Anchor | None = None


Anchor = Annotated[
    EntryIntoForce | Signature | Instant | EventInstant | OpeningOf | DayOf | PointOfRule | Trigger | Unmet | Offset,
    Field(discriminator="kind"),
]

DayOf.model_rebuild()
Offset.model_rebuild()


CALENDAR = frozenset({"days", "weeks", "months", "years"})
"""The units that run on the calendar, and do not elapse."""


def counts_days(anchor: Anchor) -> bool:
    """Whether an anchor itself counts on the calendar, so that the way of counting matters."""
    return any(isinstance(a, DayOf) or (isinstance(a, Offset) and a.unit in CALENDAR) for a in walk(anchor))


def walk(anchor: Anchor) -> tuple[Anchor, ...]:
    """An anchor and every anchor it is made from."""
    if isinstance(anchor, DayOf):
        return (anchor, *walk(anchor.base))
    if isinstance(anchor, Offset):
        otherwise = walk(anchor.otherwise) if anchor.otherwise is not None else ()
        return (anchor, *walk(anchor.base), *otherwise)
    return (anchor,)
