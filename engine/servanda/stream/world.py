"""What the rules look at while they are evaluated: the facts that count, at one instant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from servanda.locate.facts import Fact
from servanda.plan import Predicate, RulePlan, Select
from servanda.stream import quiet
from servanda.stream.proof import established, proves, weighs
from servanda.stream.register import instance_of
from servanda.stream.timing import Clock, by, clipped
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
        paths: For each observation, itself and those it corrects, the first last.
        since_us: What ended by this instant shows no breach any more; None where everything may.
    """

    zone: str
    at_us: int
    by_act: dict[str, dict[str, Fact]]
    denials: dict[str, Fact]
    numbers: dict[Predicate, int]
    paths: dict[str, tuple[str, ...]]
    since_us: int | None = None

    def of(self, select: Select) -> Iterable[Fact]:
        """The facts whose act a selection takes."""
        for act, _ in select.acts:
            for fact in self.by_act.get(act, {}).values():
                yield clipped(fact, self.at_us)

    def root(self, fact: Fact) -> str:
        """The first record of the chain of corrections that a fact ends."""
        return self.paths.get(fact.id, (fact.id,))[-1]

    def names(self, fact: Fact) -> frozenset[str]:
        """All names by which records may refer to a fact: its chain of corrections, and its incident.

        Where a group record puts it elsewhere, what spoke of the incident that its own record names still speaks of it.
        """
        incidents = (i for i in (fact.incident, fact.reported_incident) if i is not None)
        return frozenset((*self.paths.get(fact.id, (fact.id,)), *incidents))

    def clock(self, rule: RulePlan, trigger: Fact | None = None) -> Clock:
        """Anchors as they are for one rule at this instant."""

        def marks(select: Select, bearer: str) -> Iterable[tuple[Fact, Truth]]:
            for fact in self.of(select):
                values = (
                    by_whom(fact, bearer),
                    fact.matches(select, bearer),
                    by(fact, self.at_us),
                    proves(fact, rule),
                    self.undenied(fact, rule),
                )
                yield fact, min(values)

        return Clock(
            self.zone,
            marks,
            trigger,
            lambda found: established(found, rule, self.instance),
            lambda gate, since: quiet.opens(self, rule, gate, since),
        )

    def instance(self, fact: Fact) -> str:
        """What an instance of which a fact is part is called after."""
        return instance_of(fact, self.root(fact))

    def denied(self, fact: Fact) -> tuple[Fact, ...]:
        """The facts that deny this one, its incident or the record it corrects.

        Like a correction, a denial is about what is known: it counts whenever it was made.
        """
        if not self.denials:
            return ()
        names = self.names(fact)
        return tuple(sorted((d for d in self.denials.values() if d.denies & names), key=lambda d: d.id))

    def undenied(self, fact: Fact, rule: RulePlan) -> Truth:
        """True where no source that meets the standard denies it; where one does, nobody knows which is right."""
        weighty = any(weighs(d, rule) is Truth.TRUE for d in self.denied(fact))
        return Truth.UNKNOWN if weighty else Truth.TRUE


def by_whom(fact: Fact, bearer: str) -> Truth:
    """Whether it was this bearer; where nobody saw who it was, that is unknown."""
    if fact.actors == (bearer,):
        return Truth.TRUE
    return Truth.UNKNOWN if not fact.actors or bearer in fact.actors else Truth.FALSE
