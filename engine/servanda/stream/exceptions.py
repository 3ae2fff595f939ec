"""Whether an exception lifts a breach: shown, not shown, or open, tested after the breach is made out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from servanda.locate.facts import Fact
from servanda.outcomes import ExceptionResult
from servanda.plan import RulePlan, Select, Unless
from servanda.stream.proof import Mark, corroborated, grounds, proves
from servanda.stream.timing import Binding, binding, by, covered, last_moment
from servanda.stream.world import World, by_whom
from servanda.truth import Truth


@dataclass(frozen=True)
class Tested:
    """The result of one exception, and what it rests on.

    Attributes:
        result: Shown, not shown or open.
        records: The records that show it, or may.
        missing: The acts of which no record is surely there.
        assumptions: The assumptions by which records count.
        denials: What says that some of the records are not so.
    """

    result: ExceptionResult
    records: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()


def test(
    world: World,
    rule: RulePlan,
    unless: Unless,
    fact: Fact,
    candidates: tuple[str, ...],
    spans: Mapping[str, Binding],
) -> Tested:
    """Test one exception for one act; `spans` says when the rule itself binds each of those it may have been.

    The conditions are cumulative. All shown: shown. None shown: not shown. Some shown, or shown for some of those
    it may have been: open.
    """
    tried = [_for(world, rule, unless, fact, candidate, spans[candidate]) for candidate in candidates]
    results = {t.result for t in tried}
    return Tested(
        tried[0].result if len(results) == 1 else "open",
        tuple(sorted({r for t in tried for r in t.records})),
        tuple(sorted({m for t in tried for m in t.missing})),
        tuple(sorted({a for t in tried for a in t.assumptions})),
        tuple(sorted({d for t in tried for d in t.denials})),
    )


def _for(world: World, rule: RulePlan, unless: Unless, fact: Fact, candidate: str, forbidden: Binding) -> Tested:
    if candidate not in unless.bearers:
        return Tested("not-shown")
    permitted = min(
        fact.matches(unless.select, candidate),
        covered(fact, binding(world.clock(rule), unless.span, candidate), forbidden),
    )
    if permitted is Truth.FALSE:
        return Tested("not-shown")
    conditions = [
        _record(world, rule, select, fact, candidate, own=True, before=unless.before) for select in unless.only_if
    ]
    if unless.response_to is not None:
        conditions.append(_record(world, rule, unless.response_to, fact, candidate, own=False, before=True))
    if not conditions:
        return Tested("shown" if permitted is Truth.TRUE else "open")
    values = [value for value, _ in conditions]
    if all(v is Truth.FALSE for v in values):
        return Tested("not-shown")
    selects = [*unless.only_if, *([unless.response_to] if unless.response_to else [])]
    missing = tuple(s.name for s, v in zip(selects, values, strict=True) if v is not Truth.TRUE)
    records = [r for _, found in conditions for r in found]
    counted = [a for s in selects for r in records if (a := dict(s.acts).get(r.act))]
    result: ExceptionResult = "shown" if min(permitted, *values) is Truth.TRUE else "open"
    denials = tuple(dict.fromkeys(d.id for r in records for d in world.denied(r)))
    used = tuple(dict.fromkeys([*counted, *sorted(grounds(records, rule))]))
    return Tested(result, tuple(r.id for r in records), missing, used, denials)


def _record(
    world: World, rule: RulePlan, select: Select, fact: Fact, candidate: str, *, own: bool, before: bool
) -> tuple[Truth, list[Fact]]:
    """Whether a record that belongs to this act is there and meets the standard: by this actor, or by someone else."""
    marks: list[Mark] = []
    for record in world.of(select):
        if record.id == fact.id or not belongs(world, record, fact):
            continue
        who = by_whom(record, candidate) if own else Truth(Truth.TRUE - by_whom(record, candidate))
        there = min(by(record, world.at_us), proves(record, rule), world.undenied(record, rule))
        values = (who, record.matches(select, candidate), there)
        value = min(*values, _precedes(record, fact) if before else Truth.TRUE)
        if value is not Truth.FALSE:
            marks.append((record, value))
    marks = corroborated(marks, rule, lambda _: "")
    return max((value for _, value in marks), default=Truth.FALSE), [record for record, _ in marks]


def belongs(world: World, record: Fact, fact: Fact) -> bool:
    """Whether a record says that it is about this act: one refers to the other, or both are of one incident."""
    same = record.incident is not None and record.incident == fact.incident
    return same or bool(record.refers_to & world.names(fact)) or bool(fact.refers_to & world.names(record))


def _precedes(record: Fact, fact: Fact) -> Truth:
    """Whether a record was there before an act: not at the same instant."""
    if last_moment(record) < fact.earliest_us:
        return Truth.TRUE
    return Truth.FALSE if record.earliest_us >= last_moment(fact) else Truth.UNKNOWN
