"""How much in any stretch of time of a length: episodes in which there was, or may have been, too much.

Hours and minutes elapse; a stretch of days is so many whole local days, one after another. A stretch is over the limit
where more than that surely lies within it, and may be over it where more may lie within it. Stretches over the limit,
or that may be, which have an incident in common are one episode.
"""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from servanda import moments
from servanda.locate.facts import Fact
from servanda.moments import ELAPSED, Bounds
from servanda.outcomes import Amount, Unknown, Verdict
from servanda.plan import Measure
from servanda.stream.measures import distinct, sliding
from servanda.stream.measures.covering import covered
from servanda.stream.measures.found import Found, reasons, span
from servanda.stream.measures.marks import Asked, Mark, elsewhen, marks, settled, wholes
from servanda.stream.timing import last_moment

_DAY_US = 86_400_000_000
_BEFORE_MIDNIGHT_US = 10_800_000_000
"""So long before its end a day is surely not over; after that clocks may be set back over midnight."""
Stretch = tuple[int, int]


class Line:
    """Marks by time, to find those of a stretch without looking at all of them."""

    def __init__(self, listed: list[Mark]) -> None:
        """Take marks in the order of their first moments."""
        self.marks = listed
        self._firsts = [m.fact.earliest_us for m in listed]
        self._longest = max((m.fact.latest_us - m.fact.earliest_us for m in listed), default=0)
        self._told: dict[str, list[Mark]] = {}
        for mark in listed:
            self._told.setdefault(mark.incident, []).append(mark)

    def may_lie(self, stretch: Stretch) -> list[Mark]:
        """What may lie within a stretch."""
        return [m for m in self.between(*stretch) if meets(m.fact, stretch)]

    def between(self, first_us: int, end_us: int) -> list[Mark]:
        """What begins before an instant, and not long before another: all that may lie between them, and more."""
        first = bisect.bisect_left(self._firsts, first_us - self._longest)
        return self.marks[first : bisect.bisect_left(self._firsts, end_us)]

    def outside(self, stretch: Stretch, inside: list[Mark]) -> dict[str, list[Fact]]:
        """By incident of some marks, its other reports, which surely lie outside a stretch."""
        found = {}
        for incident in dict.fromkeys(m.incident for m in inside):
            told = self._told[incident]
            if len(told) > 1 and (others := [m.fact for m in told if not meets(m.fact, stretch)]):
                found[incident] = others
        return found

    def lie(self, stretch: Stretch) -> list[Mark]:
        """What lies within a stretch wherever in its own time it was."""
        return [m for m in self.may_lie(stretch) if _lies(m.fact, stretch)]


@dataclass
class Episode:
    """Stretches that may be over the limit and have incidents in common, and all that may lie in them."""

    stretches: list[Stretch] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


def found(asked: Asked) -> Iterator[tuple[str, Found]]:
    """The episodes of going over the limit, each by its first incident."""
    every, whole = Line(marks(asked)), wholes(asked)
    for episode in _episodes(_over(asked, every), every):
        if asked.world.since_us is not None and max(m.fact.latest_us for m in episode.marks) <= asked.world.since_us:
            continue
        first = min(episode.marks, key=lambda m: (m.fact.earliest_us, m.incident))
        yield first.incident, _episode(asked, episode.stretches, every, whole)


def stretches(measure: Measure, zone: str, marks_: list[Mark]) -> list[Stretch]:
    """The stretches that can hold most: those that begin with the first or last moment of something."""
    begins = sorted({t for m in marks_ for t in (m.fact.earliest_us, last_moment(m.fact))})
    if measure.of in ELAPSED:
        return [(t, t + length_us(measure)) for t in begins]
    many = dt.timedelta(days=length_us(measure) // _DAY_US)
    firsts = _days(begins, zone)
    return [(moments.start_of_day(d, zone), moments.start_of_day(d + many, zone)) for d in firsts]


def _days(instants: list[int], zone: str) -> list[dt.date]:
    """The local days on which some instants lie, that follow one another."""
    found: dict[dt.date, None] = {}
    until = 0
    for instant in instants:
        if not found or instant >= until:
            day = moments.day_of(instant, zone)
            found[day] = None
            until = moments.start_of_day(day + dt.timedelta(days=1), zone) - _BEFORE_MIDNIGHT_US
    return sorted(found)


def length_us(measure: Measure) -> int:
    """How long a stretch of a measure is; of local days so long if none is longer than a day."""
    if measure.of in ELAPSED:
        return measure.amount * ELAPSED[measure.of]
    return measure.amount * (7 if measure.of == "weeks" else 1) * _DAY_US


def _over(asked: Asked, every: Line) -> list[Stretch]:
    """The stretches that may be over the limit."""
    limit = asked.beyond.limit
    found, measure = [], asked.beyond.measure
    tried = stretches(measure, asked.world.zone, every.marks)
    for stretch, most in zip(tried, sliding.most(every.marks, tried), strict=True):
        close = most is not None and sliding.too_close(most, limit)
        exact = distinct.most(every.may_lie(stretch)) if close else most
        if exact is None or exact > limit:
            found.append(stretch)
    return found


def _episodes(over: list[Stretch], every: Line) -> list[Episode]:
    """Stretches that have an incident in common, directly or over others, together."""
    begins, ends = [s[0] for s in over], [s[1] for s in over]
    leader = list(range(len(over)))

    def lead(i: int) -> int:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    def join(i: int, j: int) -> None:
        one, other = sorted((lead(i), lead(j)))
        leader[other] = one

    owner: dict[str, int] = {}
    lying: list[tuple[Mark, int]] = []
    joined = 0
    for mark in every.marks:  # it may lie in stretches that follow one another
        first = bisect.bisect_right(ends, mark.fact.earliest_us)
        end = bisect.bisect_right(begins, last_moment(mark.fact))
        if first >= end:
            continue
        lying.append((mark, first))
        join(first, owner.setdefault(mark.incident, first))
        for i in range(max(first, joined), end - 1):
            join(i, i + 1)
        joined = max(joined, end - 1)
    together: dict[int, Episode] = {}
    for i, stretch in enumerate(over):
        together.setdefault(lead(i), Episode()).stretches.append(stretch)
    for mark, i in lying:
        together[lead(i)].marks.append(mark)
    return list(together.values())


def _episode(asked: Asked, episode: list[Stretch], every: Line, whole: list[Mark]) -> Found:
    beyond = asked.beyond
    doubtful: Found | None = None
    at_most = sliding.least(settled(asked, every.between(episode[0][0], episode[-1][1])), episode)
    for stretch, most in zip(episode, at_most, strict=True):
        if most <= beyond.limit and not sliding.too_close(most, beyond.limit):
            continue
        sure = [m for m in _settled(asked, every, stretch, every.lie(stretch)) if m.sure]
        first = _first_beyond(asked, sure)
        against = _contradicted(asked, first, whole) if first else None
        doubtful = doubtful or against
        if first and against is None:
            least = distinct.least(first, asked)
            return Found(
                verdict=Verdict.VIOLATED,
                amount=Amount(beyond.name, least, None, beyond.limit, beyond.floor, span(first)),
                shown=tuple((m, True) for m in first),
                at=Bounds(max(m.fact.earliest_us for m in first), max(m.fact.latest_us for m in first)),
            )
    if doubtful is not None:
        return doubtful
    telling = _settled(asked, every, episode[0], every.may_lie(episode[0]))
    least = distinct.least([m for m in telling if _lies(m.fact, episode[0])], asked)
    unknowns = reasons(telling) or (Unknown("same"),)
    return Found(
        verdict=Verdict.INDETERMINATE,
        amount=Amount(beyond.name, least, distinct.most(telling), beyond.limit, beyond.floor, span(telling)),
        shown=tuple((m, False) for m in telling),
        unknowns=unknowns,
        at=span(telling),
    )


def _settled(asked: Asked, every: Line, stretch: Stretch, inside: list[Mark]) -> list[Mark]:
    """Marks of a stretch with those not sure which others put elsewhere in time, or too few origins report."""
    return settled(asked, elsewhen(asked, inside, every.outside(stretch, inside)))


def _contradicted(asked: Asked, first: list[Mark], whole: list[Mark]) -> Found | None:
    """What is seen to be over the limit, where by complete counts of that time it was not."""
    beyond = asked.beyond
    begin, end = min(m.fact.earliest_us for m in first), max(last_moment(m.fact) for m in first) + 1
    most = covered(whole, begin, end)
    if most is None or most > beyond.limit:
        return None
    counts = [m for m in whole if m.fact.earliest_us < end and begin < m.fact.latest_us]
    telling = [*first, *counts]
    return Found(
        verdict=Verdict.INDETERMINATE,
        amount=Amount(beyond.name, most, distinct.least(first, asked), beyond.limit, beyond.floor, span(telling)),
        shown=tuple((m, False) for m in telling),
        unknowns=(Unknown("contradiction"),),
        at=span(telling),
    )


def _first_beyond(asked: Asked, sure: list[Mark]) -> list[Mark]:
    """Of what surely lies in a stretch the first that is over the limit; empty where all of it is not."""
    limit = asked.beyond.limit
    ordered = sorted(sure, key=lambda m: (m.fact.latest_us, m.fact.id))
    told, total = dict.fromkeys((m.incident for m in ordered), 0.0), 0.0
    for size, mark in enumerate(ordered, start=1):
        total += max(mark.least - told[mark.incident], 0.0)
        told[mark.incident] = max(mark.least, told[mark.incident])
        over = total > limit or sliding.too_close(total, limit)
        if over and distinct.least(ordered[:size], asked) > limit:
            return ordered[:size]
    return []


def _lies(fact: Fact, stretch: Stretch) -> bool:
    """Whether something lies within a stretch wherever in its own time it was."""
    return stretch[0] <= fact.earliest_us and last_moment(fact) < stretch[1]


def meets(fact: Fact, stretch: Stretch) -> bool:
    """Whether something may lie within a stretch of time."""
    return fact.earliest_us < stretch[1] and stretch[0] <= last_moment(fact)
