"""What measures find before the readings are put together: verdicts for one limit or period, with their grounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from servanda.moments import Bounds
from servanda.outcomes import Amount, Evidence, Unknown, Verdict
from servanda.stream.measures.marks import Asked, Mark
from servanda.stream.proof import grounds


@dataclass(frozen=True)
class Found:
    """What one limit comes to, in one stretch of time.

    Attributes:
        verdict: The answer.
        amount: How much there was.
        shown: The marks it rests on, and whether each surely shows it.
        watches: What shows that there was no more.
        totals: Totals on record of which nobody knows what they count.
        unknowns: What keeps it from being sure.
        assumptions: The assumptions used besides those of the marks.
        at: When the breach was complete, or the count made.
        against: The marks of what the limit is so many for each of.
        triggers: Those of them for which so many are due.
        other: How those were asked for; None where a limit stands by itself.
        deadline: By when so many were due.
    """

    verdict: Verdict
    amount: Amount | None
    shown: tuple[tuple[Mark, bool], ...] = ()
    watches: frozenset[str] = frozenset()
    totals: tuple[str, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    assumptions: frozenset[str] = frozenset()
    at: Bounds | None = None
    against: tuple[Mark, ...] = ()
    triggers: tuple[Mark, ...] = ()
    other: Asked | None = None
    deadline: Bounds | None = None

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Every mark that it rests on."""
        return (*(mark for mark, _ in self.shown), *self.against, *self.triggers)


def evidence(asked: Asked, found: Iterable[Found]) -> tuple[Evidence, ...]:
    """The observations that some answers rest on, each once, and what denies them."""
    roles: dict[str, Evidence] = {}
    for one in found:
        for mark, sure in one.shown:
            known = roles.get(mark.fact.id)
            if known is None or sure:
                roles[mark.fact.id] = Evidence(mark.fact.id, "shows" if sure else "may-show")
        for mark in one.against:
            roles.setdefault(f"={mark.fact.id}", Evidence(mark.fact.id, "measured-against"))
        for mark in one.triggers:
            roles[f"={mark.fact.id}"] = Evidence(mark.fact.id, "triggers")
        for mark in one.marks:
            for denial in asked.world.denied(mark.fact):
                roles.setdefault(f"!{denial.id}", Evidence(denial.id, "contradicts"))
            for name in mark.against:
                roles.setdefault(f"!{name}", Evidence(name, "contradicts"))
        for name in one.totals:
            roles.setdefault(f"!{name}", Evidence(name, "contradicts"))
        for name in one.watches:
            roles.setdefault(f"?{name}", Evidence(name, "watches"))
    return tuple(sorted(set(roles.values()), key=lambda e: (e.role, e.observation)))


def assumptions(asked: Asked, found: Iterable[Found]) -> tuple[str, ...]:
    """The assumptions that some answers rest on."""
    used: set[str] = set()
    for one in found:
        used |= one.assumptions
        counted = dict((asked if one.other is None else one.other).rule.select.acts) | dict(asked.rule.select.acts)
        for mark in one.marks:
            used |= grounds([mark.fact], asked.rule)
            used |= {a} if (a := counted.get(mark.fact.act)) else set()
    return tuple(sorted(used))


def reasons(marks: Iterable[Mark]) -> tuple[Unknown, ...]:
    """What is open about marks: what keeps each from being sure, and how many there were where that is not exact."""
    found: set[Unknown] = set()
    for mark in marks:
        found.update(mark.reasons)
        if mark.most is None or mark.least != mark.most:
            found.add(Unknown("figure", mark.fact.id))
    return tuple(sorted(found))


def span(marks: Iterable[Mark]) -> Bounds:
    """From the first to the last of some marks."""
    facts = [m.fact for m in marks]
    return Bounds(min(f.earliest_us for f in facts), max(f.latest_us for f in facts))
