"""How many there surely were: what may be the same thing, told twice, is counted once.

Two reports are surely not of one thing where their times do not meet (of what happens), where they were seen in places
that do not meet, of other kinds, or with other serial numbers. Two incidents are surely two where that is so of every
two of their reports, since of several that differ one may be wrong; and, where incidents are counted, where one source
tells of both as of two, on the word of one origin. All else may be one thing told twice. The most that is surely there
is then the greatest sum over incidents of which no two may be the same. How many an incident was surely of is what
enough origins bear out.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from servanda.locate.facts import Fact
from servanda.plan import Measure
from servanda.stream.measures.marks import Asked, Mark
from servanda.stream.proof import enough
from servanda.stream.timing import last_moment

EXACT = 40
"""So many incidents that hang together are tried in every way; of more the greatest go first, which gives no more."""

Incidents = dict[str, list[Mark]]


def incidents(marks: Iterable[Mark]) -> Incidents:
    """Marks by incident, in the order of their first."""
    found: Incidents = {}
    for mark in marks:
        found.setdefault(mark.incident, []).append(mark)
    return found


def least(marks: Iterable[Mark], asked: Asked) -> float:
    """How many there surely were, of marks that are sure and were there together."""
    measure = asked.beyond.measure
    found = incidents(m for m in marks if m.sure and m.least > 0)
    weights = {key: _borne_out(told, asked) for key, told in found.items()}
    keys = sorted(found)
    same: dict[str, set[str]] = {key: set() for key in keys}
    for key, other in _pairs(keys, found, measure):
        if _may_be_one(found[key], found[other], measure):
            same[key].add(other)
            same[other].add(key)
    return sum(_best(part, weights, same) for part in _together(keys, same))


def most(marks: Iterable[Mark]) -> float | None:
    """How many there may have been, of all that was seen; None where some report does not say."""
    figures = [_greatest(told) for told in incidents(marks).values()]
    return None if None in figures else sum(f for f in figures if f is not None)


def _borne_out(told: list[Mark], asked: Asked) -> float:
    """The greatest figure of an incident that enough origins bear out: each by one as great or greater."""
    figures = sorted({m.least for m in told}, reverse=True)
    sure = (f for f in figures if enough([m.fact for m in told if m.least >= f], asked.rule))
    return next(sure, 0.0)


def _greatest(told: list[Mark]) -> float | None:
    figures = [m.most for m in told]
    return None if None in figures else max(f for f in figures if f is not None)


def _pairs(keys: list[str], found: Incidents, measure: Measure) -> Iterator[tuple[str, str]]:
    """The pairs of incidents that may be one as far as their times go."""
    if measure.period == "instant":
        yield from itertools.combinations(keys, 2)
        return
    times = {k: (min(m.fact.earliest_us for m in found[k]), max(last_moment(m.fact) for m in found[k])) for k in keys}
    going: list[str] = []
    for key in sorted(keys, key=lambda k: times[k]):
        going = [other for other in going if times[other][1] >= times[key][0]]
        yield from ((key, other) for other in going)
        going.append(key)


def _may_be_one(first: list[Mark], second: list[Mark], measure: Measure) -> bool:
    pairs = [(one.fact, other.fact) for one in first for other in second]
    counted = measure.incidents and measure.period != "instant"
    as_two = counted and any(_told_as_two(one, other, measure) for one, other in pairs)
    return not as_two and not all(_apart(one, other, measure) for one, other in pairs)


def _told_as_two(one: Fact, other: Fact, measure: Measure) -> bool:
    """Whether one source tells of each as of one thing."""
    singly = all(f.kind in {"instant", "within"} and f.figure.unit != measure.unit for f in (one, other))
    return singly and one.source is not None and (one.source, one.origin) == (other.source, other.origin)


def _apart(one: Fact, other: Fact, measure: Measure) -> bool:
    """Whether two reports are surely not of one thing."""
    if one.kinds and other.kinds and not one.kinds & other.kinds:
        return True
    if one.serial and other.serial and one.serial != other.serial:
        return True
    if one.act == other.act and one.extent and other.extent and _clear(one.extent, other.extent):
        return True
    if measure.period == "instant":
        return False
    return last_moment(one) < other.earliest_us or last_moment(other) < one.earliest_us


def _clear(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    """Whether two boxes do not meet."""
    return one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]


def _together(keys: list[str], same: Mapping[str, AbstractSet[str]]) -> list[list[str]]:
    """Keys that hang together, directly or over others."""
    parts: list[list[str]] = []
    left = dict.fromkeys(keys)
    while left:
        todo, part = [next(iter(left))], []
        while todo:
            key = todo.pop()
            if key in left:
                del left[key]
                part.append(key)
                todo.extend(same[key])
        parts.append(sorted(part))
    return parts


def _best(keys: list[str], weights: dict[str, float], same: Mapping[str, AbstractSet[str]]) -> float:
    """The greatest sum over keys of which no two may be the same."""
    if len(keys) > EXACT:
        taken: list[str] = []
        for key in sorted(keys, key=lambda k: (-weights[k], k)):
            if not same[key] & set(taken):
                taken.append(key)
        return sum(weights[k] for k in taken)
    left = frozenset(keys)
    known: dict[frozenset[str], float] = {}

    def best(left: frozenset[str]) -> float:
        if left not in known:
            key = max(left, key=lambda k: (len(same[k] & left), k), default="")
            if not key or not same[key] & left:
                known[left] = sum(weights[k] for k in left)
            else:
                without = left - {key}
                known[left] = max(weights[key] + best(without - same[key]), best(without))
        return known[left]

    return best(left)
