"""How much on each day or in each month of the calendar, in the agreement's zone, against ceilings and floors.

What was seen is at least so much. That there was no more is known from counts that say that they are complete and cover
the whole period between them, or from a watch or register for all of it; then the reports of it are all there was.
"""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from servanda import moments
from servanda.outcomes import Amount, Unknown, Verdict
from servanda.stream.breach import tallies
from servanda.stream.coverage import Silence, silence
from servanda.stream.measures import distinct
from servanda.stream.measures.covering import covered
from servanda.stream.measures.found import Found, reasons, span
from servanda.stream.measures.marks import Asked, Mark, elsewhen, marks, settled, wholes
from servanda.stream.measures.rolling import Line, Stretch, meets
from servanda.stream.timing import last_moment


@dataclass(frozen=True)
class Period:
    """A day or month of the calendar: `2025-06-03`, `2025-06`."""

    name: str
    first_us: int
    end_us: int

    @property
    def stretch(self) -> Stretch:
        """From its first instant until its last."""
        return self.first_us, self.end_us


@dataclass(frozen=True)
class _Counted:
    """What one limit can count: its marks and the counts of everything, by period."""

    asked: Asked
    line: Line
    marks: dict[str, list[Mark]]
    wholes: dict[str, list[Mark]]


def periods(asked: Asked, only: str | None = None) -> Iterator[Period]:
    """The periods in which a rule bound, or may have, until now; where one is named, that one, if it is among them."""
    world, binds = asked.world, asked.binds
    if binds.starts is None:
        return
    zone, until = world.zone, world.at_us
    if binds.ends is not None:
        until = min(until, binds.ends.latest_us - 1)
    day = moments.day_of(binds.starts.earliest_us, zone)
    if asked.beyond.measure.period == "month":
        day = day.replace(day=1)
    if only is not None:
        named = day_named(only)
        if named < day:
            return
        day = named
    while (first := moments.start_of_day(day, zone)) <= until:
        following = _after(day, asked.beyond.measure.period)
        yield Period(_name(day, asked.beyond.measure.period), first, moments.start_of_day(following, zone))
        if only is not None:
            return
        day = following


def day_named(name: str) -> dt.date:
    """The first day of a period by its name."""
    return dt.date.fromisoformat(name if len(name) > len("2025-06") else f"{name}-01")


def names_between(first: dt.date, last: dt.date, period: str) -> Iterator[str]:
    """The names of the periods in which some days lie, one after another; none where the last is before the first."""
    day = first if period == "day" else first.replace(day=1)
    while first <= last and day <= last:
        yield _name(day, period)
        day = _after(day, period)


def _name(day: dt.date, period: str) -> str:
    return day.isoformat() if period == "day" else f"{day:%Y-%m}"


def _after(day: dt.date, period: str) -> dt.date:
    if period == "day":
        return day + dt.timedelta(days=1)
    return (day + dt.timedelta(days=32)).replace(day=1)


def found(asked: list[Asked], only: str | None = None) -> Iterator[tuple[Period, tuple[Found, ...] | None]]:
    """Each period with what every limit comes to in it; None for one that nobody tells anything of.

    Where a period is named, that one alone.
    """
    since, every = asked[0].world.since_us, list(periods(asked[0], only))
    counted = [_counted(a, every) for a in asked]
    for period in every:
        if since is None or period.end_us > since:
            told = tuple(_found(c, period) for c in counted)
            yield period, told if any(f.amount is not None for f in told) else None


def _counted(asked: Asked, every: list[Period]) -> _Counted:
    found = marks(asked)
    return _Counted(asked, Line(found), _by_period(found, every), _by_period(wholes(asked), every))


def _by_period(found: list[Mark], every: list[Period]) -> dict[str, list[Mark]]:
    """Marks by the periods in which they may lie."""
    ends = [p.end_us for p in every]
    by: dict[str, list[Mark]] = {}
    for mark in found:
        for period in every[bisect.bisect_right(ends, mark.fact.earliest_us) :]:
            if not meets(mark.fact, period.stretch):
                break
            by.setdefault(period.name, []).append(mark)
    return by


def _found(counted: _Counted, period: Period) -> Found:
    """What one limit comes to in one period."""
    asked, beyond = counted.asked, counted.asked.beyond
    lying = counted.marks.get(period.name, [])
    placed = [m if _within(m, period) else _perhaps(asked, m, period) for m in lying]
    inside = settled(asked, elsewhen(asked, placed, counted.line.outside(period.stretch, lying)))
    whole = counted.wholes.get(period.name, [])
    first, end = _bound(asked, period)
    judged = _judged(asked, period, inside, covered(whole, first, end))
    watched = silence(asked.world, asked.rule, asked.bearer, first, end)
    used = Silence()
    totals: tuple[str, ...] = ()
    if watched is not None:
        tops = [t for t in (covered(whole, first, end), distinct.most(inside)) if t is not None]
        by_watch = _judged(asked, period, inside, min(tops, default=None))
        if by_watch.verdict is not judged.verdict or not (inside or whole):
            totals = tuple(t.id for t in tallies(asked.world, first) if t.earliest_us < end)
            judged, used = by_watch, watched
    if not inside and not whole and not used.watches:
        return Found(_nothing(asked, period), None)
    verdict, unknowns = judged.verdict, judged.unknowns
    if totals:
        verdict, unknowns = Verdict.INDETERMINATE, tuple(Unknown("tally", name) for name in totals)
    shown = {m.fact.id: m for m in (*whole, *inside)}
    sure = {m.fact.id for m in (*whole, *(m for m in inside if m.sure))}
    return Found(
        verdict=verdict,
        amount=Amount(beyond.name, judged.least, judged.most, beyond.limit, beyond.floor, moments.Bounds(first, end)),
        shown=tuple((m, name in sure) for name, m in sorted(shown.items())),
        watches=used.watches,
        totals=totals,
        unknowns=unknowns if verdict is Verdict.INDETERMINATE else (),
        assumptions=used.assumptions,
        at=moments.Bounds(end, end) if beyond.floor or not inside else span(inside),
    )


@dataclass(frozen=True)
class _Judged:
    """A verdict, with the bounds it rests on and what is open."""

    verdict: Verdict
    least: float
    most: float | None
    unknowns: tuple[Unknown, ...]


def _judged(asked: Asked, period: Period, inside: list[Mark], most: float | None) -> _Judged:
    """What is made of the marks of a period and of how much there was at most; where they contradict, of both."""
    least = distinct.least(inside, asked)
    doubts: tuple[Unknown, ...] = ()
    if most is not None and least > most:
        least, most, doubts = most, least, (Unknown("contradiction"),)
    verdict, open_ = _verdict(asked, period, least, most, inside)
    return _Judged(verdict, least, most, (*doubts, *open_))


def _verdict(
    asked: Asked, period: Period, least: float, most: float | None, inside: list[Mark]
) -> tuple[Verdict, tuple[Unknown, ...]]:
    limit, passed = asked.beyond.limit, asked.world.at_us >= _bound(asked, period)[1]
    if asked.beyond.floor:
        if least >= limit:
            return Verdict.COMPLIED, ()
        if not passed:
            return Verdict.PENDING, ()
        if _partly(asked, period):
            return Verdict.INDETERMINATE, (Unknown("part"),)
        if most is not None and most < limit:
            return Verdict.VIOLATED, ()
        possible = distinct.most(inside)
        if most is not None or possible is None or possible >= limit:
            return Verdict.INDETERMINATE, _open(inside, most)
        return Verdict.UNOBSERVED, ()
    if least > limit:
        return Verdict.VIOLATED, ()
    if most is not None and most <= limit:
        return (Verdict.COMPLIED if passed else Verdict.PENDING), ()
    possible = distinct.most(m for m in inside if m.told)
    if most is not None or possible is None or possible > limit:
        return Verdict.INDETERMINATE, _open(inside, most)
    return (Verdict.UNOBSERVED if passed else Verdict.PENDING), ()


def _open(inside: list[Mark], most: float | None) -> tuple[Unknown, ...]:
    """What would settle how much there was: what is open about each report, and, where nobody counted all, that."""
    return (*(reasons(inside) or (Unknown("same"),)), *((Unknown("whole"),) if most is None else ()))


def _nothing(asked: Asked, period: Period) -> Verdict:
    """What is said of a limit of which nothing is known in a period."""
    return Verdict.UNOBSERVED if asked.world.at_us >= _bound(asked, period)[1] else Verdict.PENDING


def _bound(asked: Asked, period: Period) -> Stretch:
    """The part of a period in which the rule bound, or may have."""
    binds = asked.binds
    first = period.first_us if binds.starts is None else max(period.first_us, binds.starts.earliest_us)
    return first, period.end_us if binds.ends is None else min(period.end_us, binds.ends.latest_us)


def _partly(asked: Asked, period: Period) -> bool:
    """Whether a rule may have bound for a part of a period only."""
    binds = asked.binds
    begins = binds.starts is not None and binds.starts.latest_us > period.first_us
    ends = binds.ends is not None and binds.ends.earliest_us < period.end_us
    return begins or ends or bool(binds.open_end)


def _within(mark: Mark, period: Period) -> bool:
    return period.first_us <= mark.fact.earliest_us and last_moment(mark.fact) < period.end_us


def _perhaps(asked: Asked, mark: Mark, period: Period) -> Mark:
    """A mark that lies across an edge of a period: none of it need lie within."""
    edge = period.first_us if mark.fact.earliest_us < period.first_us else period.end_us
    return mark.perhaps(Unknown("time", mark.fact.id, asked.bearer, other=str(edge)))
