"""What the rules look at while they are evaluated: the facts that count, at one instant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from servanda.locate.facts import Fact
from servanda.outcomes import Outcome
from servanda.plan import Lapse, Predicate, RulePlan, Select, VerdictOf
from servanda.stream.conflict import against, differs
from servanda.stream.coverage import Asked
from servanda.stream.joining import Joined, joined
from servanda.stream.lapsing import Lapsed, lapsed
from servanda.stream.opening import Opened, opened
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
        means_record: Whether a name means a record, though an incident may have the same.
        agreement: The agreement's name.
        doubt: What of the record could not be read, in words; beside it no quiet is sure. Empty where all could.
        asked: The times of which a rule asked who watched, or will ask as soon as a duty is due.
        opened: When each gate opens that somebody asked for.
        joined: From when on each party is bound of which somebody asked, and that is bound by an act of its own.
        violations: What rules gave, by what ends with it a rule that holds while they are met.
        lapsed: When each such rule lapses, for whom somebody asked.
    """

    zone: str
    at_us: int
    by_act: dict[str, dict[str, Fact]]
    denials: dict[str, Fact]
    numbers: dict[Predicate, int]
    paths: dict[str, tuple[str, ...]]
    since_us: int | None = None
    means_record: Callable[[str], bool] = lambda _: False
    agreement: str = ""
    doubt: str = ""
    asked: list[Asked] = field(default_factory=list, compare=False, repr=False)
    opened: dict[str, Opened] = field(default_factory=dict, compare=False, repr=False)
    joined: dict[str, Joined] = field(default_factory=dict, compare=False, repr=False)
    violations: dict[VerdictOf, Mapping[str, Sequence[Outcome]]] = field(
        default_factory=dict, compare=False, repr=False
    )
    lapsed: dict[tuple[str, Lapse, str], Lapsed] = field(default_factory=dict, compare=False, repr=False)

    def fact(self, fact_id: str) -> Fact | None:
        """A fact that counts, by its id; None where there is none."""
        found = next((facts[fact_id] for facts in self.by_act.values() if fact_id in facts), None)
        return None if found is None else clipped(found, self.at_us)

    def of_instance(self, instance: str) -> Iterable[Fact]:
        """Every fact of one incident, whatever it shows."""
        for facts in self.by_act.values():
            yield from (clipped(f, self.at_us) for f in facts.values() if self.instance(f) == instance)

    def of(self, select: Select) -> Iterable[Fact]:
        """The facts whose act a selection takes, as far as they had gone by the instant of evaluation."""
        return (clipped(fact, self.at_us) for fact in self.whole(select))

    def whole(self, select: Select) -> Iterable[Fact]:
        """The facts whose act a selection takes, as they were reported."""
        return (fact for act, _ in select.acts for fact in self.by_act.get(act, {}).values())

    def root(self, fact: Fact) -> str:
        """The first record of the chain of corrections that a fact ends."""
        return self.paths.get(fact.id, (fact.id,))[-1]

    def names(self, fact: Fact) -> frozenset[str]:
        """All names by which records may refer to a fact: its chain of corrections, and its incident.

        Where a group record puts it elsewhere, what spoke of the incident that its own record names still speaks of it.
        A name that is the id of a record of another incident means that record, and no incident.
        """
        incidents = (i for i in (fact.incident, fact.reported_incident) if i is not None and not self.means_record(i))
        return frozenset((*self.paths.get(fact.id, (fact.id,)), *incidents))

    def clock(self, rule: RulePlan, trigger: Fact | None = None) -> Clock:
        """Anchors as they are for one rule at this instant."""

        def marks(select: Select, bearer: str) -> Iterable[tuple[Fact, Truth]]:
            happened = [f for f in self.of(select) if by(f, self.at_us) is not Truth.FALSE]
            otherwise = [f for f in happened if by_whom(f, bearer) is Truth.FALSE or differs(f, select, bearer)]
            for fact in happened:
                values = (
                    by_whom(fact, bearer),
                    fact.matches(select, bearer),
                    by(fact, self.at_us),
                    proves(fact, rule),
                    self.undenied(fact, rule),
                    Truth.UNKNOWN if against(self, fact, otherwise, rule) else Truth.TRUE,
                )
                yield fact, min(values)

        return Clock(
            self.zone,
            marks,
            trigger,
            lambda found: established(found, rule, self.instance),
            lambda gate: opened(self, gate).moment,
            lambda joining: joined(self, joining).bounds,
            lambda lapse, bearer: lapsed(self, rule, lapse, bearer),
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
