"""How much in any stretch of time of a length: episodes in which there was, or may have been, too much.

Hours and minutes elapse; a stretch of days is so many whole local days, one after another. A stretch is over the limit
where more than that surely lies within it, and may be over it where more may lie within it. Stretches over the limit,
or that may be, which have an incident in common are one episode.
"""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Iterator

from servanda import moments
from servanda.locate.facts import Fact
from servanda.moments import Bounds
from servanda.outcomes import Amount, Unknown, Verdict
from servanda.stream.measures import distinct
from servanda.stream.measures.covering import covered
from servanda.stream.measures.found import Found, reasons, span
from servanda.stream.measures.marks import Asked, Mark, elsewhen, marks, settled, wholes
from servanda.stream.timing import last_moment

_ELAPSED = {"minutes": 60_000_000, "hours": 3_600_000_000}
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
        first = bisect.bisect_left(self._firsts, stretch[0] - self._longest)
        return [m for m in self.marks[first : bisect.bisect_left(self._firsts, stretch[1])] if meets(m.fact, stretch)]

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


def found(asked: Asked) -> Iterator[tuple[str, Found]]:
    """The episodes of going over the limit, each by its first incident."""
    every = Line(marks(asked))
    for episode in _episodes(_over(asked, every), every):
        last = max(m.fact.latest_us for stretch in episode for m in every.may_lie(stretch))
        if asked.world.since_us is not None and last <= asked.world.since_us:
            continue
        first = min((m for s in episode for m in every.may_lie(s)), key=lambda m: (m.fact.earliest_us, m.incident))
        yield first.incident, _episode(asked, episode, every)


def _stretches(asked: Asked, every: Line) -> list[Stretch]:
    """The stretches that can hold most: those that begin with the first or last moment of something."""
    measure, zone = asked.beyond.measure, asked.world.zone
    begins = sorted({t for m in every.marks for t in (m.fact.earliest_us, last_moment(m.fact))})
    if measure.of in _ELAPSED:
        return [(t, t + measure.amount * _ELAPSED[measure.of]) for t in begins]
    days = measure.amount * (7 if measure.of == "weeks" else 1)
    firsts = sorted({moments.day_of(t, zone) for t in begins})
    return [(moments.start_of_day(d, zone), moments.start_of_day(d + dt.timedelta(days=days), zone)) for d in firsts]


def _over(asked: Asked, every: Line) -> list[Stretch]:
    """The stretches that may be over the limit."""
    found = []
    for stretch in _stretches(asked, every):
        most = distinct.most(every.may_lie(stretch))
        if most is None or most > asked.beyond.limit:
            found.append(stretch)
    return found


def _episodes(over: list[Stretch], every: Line) -> list[list[Stretch]]:
    """Stretches that have an incident in common, directly or over others, together."""
    leader = list(range(len(over)))

    def lead(i: int) -> int:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    owner: dict[str, int] = {}
    for i, stretch in enumerate(over):
        for mark in every.may_lie(stretch):
            one, other = sorted((lead(i), lead(owner.setdefault(mark.incident, i))))
            leader[other] = one
    together: dict[int, list[Stretch]] = {}
    for i, stretch in enumerate(over):
        together.setdefault(lead(i), []).append(stretch)
    return list(together.values())


def _episode(asked: Asked, episode: list[Stretch], every: Line) -> Found:
    beyond, whole = asked.beyond, wholes(asked)
    doubtful: Found | None = None
    for stretch in episode:
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
    if sum(max((m.least for m in told), default=0.0) for told in distinct.incidents(ordered).values()) <= limit:
        return []
    for size in range(1, len(ordered) + 1):
        if distinct.least(ordered[:size], asked) > limit:
            return ordered[:size]
    return []


def _lies(fact: Fact, stretch: Stretch) -> bool:
    """Whether something lies within a stretch wherever in its own time it was."""
    return stretch[0] <= fact.earliest_us and last_moment(fact) < stretch[1]


def meets(fact: Fact, stretch: Stretch) -> bool:
    """Whether something may lie within a stretch of time."""
    return fact.earliest_us < stretch[1] and stretch[0] <= last_moment(fact)
