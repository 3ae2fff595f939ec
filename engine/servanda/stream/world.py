"""What the rules look at while they are evaluated: the facts that count, at one instant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from servanda.locate.facts import Fact
from servanda.plan import Predicate, RulePlan, Select
from servanda.stream.timing import Clock, by
from servanda.truth import Truth


@dataclass(frozen=True)
class World:
    """The facts that count, by act, and the instant of evaluation.

    Attributes:
        zone: The agreement's time zone.
        at_us: The instant of evaluation.
        by_act: The facts that count, by what they show.
        denials: Facts that say that something did not happen.
        numbers: The place of each predicate among the plan's.
        roots: What an observation's chain of corrections begins with.
    """

    zone: str
    at_us: int
    by_act: dict[str, dict[str, Fact]]
    denials: dict[str, Fact]
    numbers: dict[Predicate, int]
    roots: dict[str, str]

    def of(self, select: Select) -> Iterable[Fact]:
        """The facts whose act a selection takes."""
        for act, _ in select.acts:
            yield from self.by_act.get(act, {}).values()

    def clock(self, rule: RulePlan, trigger: Fact | None = None) -> Clock:
        """Anchors as they are for one rule at this instant."""

        def marks(select: Select, bearer: str) -> Iterable[tuple[Fact, Truth]]:
            for fact in self.of(select):
                sure = min(
                    by_whom(fact, bearer), fact.matches(select, bearer), by(fact, self.at_us), proves(fact, rule)
                )
                yield fact, sure

        return Clock(self.zone, marks, trigger)

    def denied(self, fact: Fact) -> tuple[Fact, ...]:
        """The facts that deny this one, its incident or the record it corrects."""
        names = {fact.id, self.roots.get(fact.id, fact.id), fact.incident}
        found = [d for d in self.denials.values() if d.denies & names and by(d, self.at_us) is not Truth.FALSE]
        return tuple(sorted(found, key=lambda d: d.id))


def by_whom(fact: Fact, bearer: str) -> Truth:
    """Whether it was this bearer; where nobody saw who it was, that is unknown."""
    if fact.actors == (bearer,):
        return Truth.TRUE
    return Truth.UNKNOWN if not fact.actors or bearer in fact.actors else Truth.FALSE


def proves(fact: Fact, rule: RulePlan) -> Truth:
    """Whether a source meets the declared standard of proof; where none is declared, every report counts."""
    proof = rule.proof
    if proof.standard is None or (not fact.graded and proof.vouched(fact.source)):
        return Truth.TRUE
    return Truth.UNKNOWN
