"""What a measure is made of: for one bearer, each observation with whether it surely belongs, and its incident."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from servanda.locate.facts import Fact
from servanda.moments import NEVER_US
from servanda.outcomes import MAYBE_NEVER, Unknown
from servanda.plan import Beyond, Measure, Predicate, RulePlan
from servanda.stream.conflict import against, differs
from servanda.stream.proof import corroborated, enough, proves
from servanda.stream.timing import Binding, by, clipped, falls_in, open_edge
from servanda.stream.world import World, by_whom
from servanda.truth import Truth


@dataclass(frozen=True)
class Asked:
    """One limit of a rule for one bearer, while it binds him.

    Attributes:
        world: The facts that count.
        rule: The rule, as it is for what this limit counts.
        beyond: The limit.
        bearer: Whose duty.
        binds: When it binds him.
        others: Whether what is counted is done by another than he whose duty it is: nobody's word is then against
            himself.
    """

    world: World
    rule: RulePlan
    beyond: Beyond
    bearer: str
    binds: Binding
    others: bool = False

    @property
    def over(self) -> bool:
        """Whether so much at most is allowed, so that marks tell of a breach."""
        return not self.beyond.floor and not self.others

    @property
    def short(self) -> bool:
        """Whether so much at least is due, so that a count of all there was tells of a breach."""
        return self.beyond.floor and not self.others


@dataclass(frozen=True)
class Mark:
    """An observation that belongs to a measure, or may.

    Attributes:
        fact: What was seen; of something that lasted, as far as the rule bound.
        value: Whether it surely belongs.
        incident: What it is part of, in which nothing counts twice.
        least: At least so many.
        most: At most so many; None where nobody says.
        told: Whether its source gives a figure in the unit of the measure: else it shows something, and not how much.
        reasons: What keeps it from being sure.
        against: Reports of the same event by which it was otherwise.
    """

    fact: Fact
    value: Truth
    incident: str
    least: float
    most: float | None
    told: bool = True
    reasons: tuple[Unknown, ...] = ()
    against: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether it surely belongs."""
        return self.value is Truth.TRUE

    def perhaps(self, reason: Unknown) -> Mark:
        """The same, not sure for one reason more."""
        return replace(self, value=Truth.UNKNOWN, reasons=(*self.reasons, reason))

    def opposed(self, by_others: Iterable[Fact]) -> Mark:
        """The same, not sure where others tell of the same event that it was otherwise."""
        names = tuple(o.id for o in by_others)
        if not names:
            return self
        doubts = tuple(Unknown("conflict", name) for name in names)
        return replace(
            self, value=Truth.UNKNOWN, reasons=(*self.reasons, *doubts), against=tuple({*self.against, *names})
        )


def marks(asked: Asked) -> list[Mark]:
    """Every observation that belongs to a measure or may, by time."""
    facts = list(_facts(asked))
    otherwise = _by_incident(asked, (f for f in facts if _otherwise(asked, f)))
    found = [
        m.opposed(against(asked.world, m.fact, otherwise.get(m.incident, ()), asked.rule))
        for f in facts
        if (m := _mark(asked, f)).value is not Truth.FALSE
    ]
    return sorted(found, key=lambda m: (m.fact.earliest_us, m.fact.latest_us, m.fact.id))


def elsewhen(asked: Asked, inside: Iterable[Mark], outside: Mapping[str, list[Fact]]) -> list[Mark]:
    """Marks of what happened in some time, with those not sure which others put into another.

    Args:
        asked: The limit.
        inside: The marks that lie in that time, or may.
        outside: By incident, the reports that surely lie outside it.
    """
    if not outside:
        return list(inside)
    return [m.opposed(against(asked.world, m.fact, outside.get(m.incident, ()), asked.rule)) for m in inside]


def _by_incident(asked: Asked, facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        found.setdefault(asked.world.instance(fact), []).append(fact)
    return found


def _otherwise(asked: Asked, fact: Fact) -> bool:
    """Whether a report surely tells of something that does not belong: by another, of something else, at another time.

    That nobody knows when a rule binds tells nothing of the event.
    """
    if by(fact, asked.world.at_us) is Truth.FALSE:
        return False
    if by_whom(fact, asked.bearer) is Truth.FALSE or differs(fact, asked.rule.select, asked.bearer):
        return True
    return not asked.binds.unknown and falls_in(fact, asked.binds) is Truth.FALSE


def settled(asked: Asked, given: Iterable[Mark]) -> list[Mark]:
    """Marks with those not sure of which too few origins report."""
    listed = list(given)
    values = corroborated([(m.fact, m.value) for m in listed], asked.rule, asked.world.instance)
    lacking = Unknown("corroboration", other=str(len({f.origin or f.source for f, _ in values})))
    return [
        m if v is m.value else replace(m, value=v, reasons=(*m.reasons, lacking))
        for m, (_, v) in zip(listed, values, strict=True)
    ]


def wholes(asked: Asked) -> list[Mark]:
    """Counts that are surely of everything there was, by time: what was more than they say was not there.

    Of several counts of one incident each has to be borne out by enough origins that count no more.
    """
    measure, facts = asked.beyond.measure, list(_facts(asked))
    otherwise = _by_incident(asked, (f for f in facts if _otherwise(asked, f)))
    found = []
    for fact in facts:
        sure = min(
            by(fact, asked.world.at_us),
            Truth.TRUE if fact.actors == (asked.bearer,) else Truth.UNKNOWN,
            _truth(fact, measure.whole, asked.bearer),
            proves(fact, asked.rule, breach=asked.short),
            asked.world.undenied(fact, asked.rule),
        )
        incident, figure = asked.world.instance(fact), fact.figure
        opposed = against(asked.world, fact, otherwise.get(incident, ()), asked.rule)
        if sure is Truth.TRUE and figure.most is not None and not opposed:
            found.append(Mark(fact, sure, incident, figure.least, figure.most))
    told: dict[str, list[Mark]] = {}
    for mark in found:
        told.setdefault(mark.incident, []).append(mark)
    borne = [m for m in found if enough([o.fact for o in told[m.incident] if _no_more(o, m)], asked.rule)]
    return sorted(borne, key=lambda m: (m.fact.earliest_us, m.fact.id))


def _no_more(other: Mark, mark: Mark) -> bool:
    """Whether another count of the same incident gives no more than a count does."""
    return other.most is not None and mark.most is not None and other.most <= mark.most


def _facts(asked: Asked) -> Iterator[Fact]:
    """The observations of the acts a measure takes: of what lasts as far as it was seen, else as they are."""
    lasting = asked.beyond.measure.period == "instant"
    for act, _ in asked.rule.select.acts:
        for fact in asked.world.by_act.get(act, {}).values():
            if lasting:
                yield _bound(clipped(fact, asked.world.at_us), asked.binds)
            else:
                yield replace(fact, kind="spread") if fact.kind == "throughout" else fact


def _bound(fact: Fact, binds: Binding) -> Fact:
    """Something that lasted, as far as the rule surely bound; other facts as they are."""
    if fact.kind != "throughout" or falls_in(fact, binds) is not Truth.TRUE:
        return fact
    first = fact.earliest_us if binds.starts is None else max(fact.earliest_us, binds.starts.latest_us)
    last = fact.latest_us if binds.ends is None else min(fact.latest_us, binds.ends.earliest_us)
    return replace(fact, earliest_us=first, latest_us=last) if first < last else fact


def _mark(asked: Asked, fact: Fact) -> Mark:
    world, rule, bearer = asked.world, asked.rule, asked.bearer
    values = [
        (by_whom(fact, bearer), Unknown("actor", fact.id, bearer)),
        (by(fact, world.at_us), Unknown("evaluation-instant", fact.id)),
        (falls_in(fact, asked.binds), _time(asked, fact)),
    ]
    for predicate in rule.select.predicates:
        if min(v for v, _ in values) is Truth.FALSE:
            break
        values.append(
            (_truth(fact, predicate, bearer), Unknown("predicate", fact.id, bearer, world.numbers[predicate]))
        )
    values.append((proves(fact, rule, breach=asked.over), Unknown("proof", fact.id)))
    if world.undenied(fact, rule) is Truth.UNKNOWN:
        values.append((Truth.UNKNOWN, Unknown("denied", world.denied(fact)[0].id)))
    least, most, told = size(asked.beyond.measure, fact)
    reasons = tuple(mark for value, mark in values if value is Truth.UNKNOWN)
    return Mark(fact, min(v for v, _ in values), world.instance(fact), least, most, told, reasons)


def size(measure: Measure, fact: Fact) -> tuple[float, float | None, bool]:
    """How many of its unit, and whether the source says so: of another unit it is as many as nobody knows."""
    figure = fact.figure
    if measure.incidents:
        several = figure.unit == measure.unit and figure.stated
        return (figure.least, figure.most, True) if several else (1.0, 1.0, True)
    in_unit = figure.unit == measure.unit or (measure.unit == "piece" and not figure.unit and figure.bare)
    if in_unit and figure.stated and fact.act == measure.select.name:
        return figure.least, figure.most, True
    one = measure.unit in {"piece", figure.unit}
    return (1.0 if one else 0.0), None, False


def _truth(fact: Fact, predicate: Predicate, bearer: str) -> Truth:
    return fact.truths.get((predicate, bearer if predicate.per_actor else ""), Truth.UNKNOWN)


def _time(asked: Asked, fact: Fact) -> Unknown:
    edge = open_edge(fact, asked.binds)
    if asked.binds.unknown or (asked.binds.open_end and edge is None):
        return Unknown("anchor", fact.id, asked.bearer, other=asked.binds.unknown or asked.binds.open_end)
    if edge is None:
        return Unknown("time", fact.id, asked.bearer)
    never = MAYBE_NEVER if edge.latest_us >= NEVER_US else ""
    return Unknown("time", fact.id, asked.bearer, other=f"{never}{edge.earliest_us}")
