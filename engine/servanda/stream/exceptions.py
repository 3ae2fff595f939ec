"""Whether an exception lifts a breach: shown, not shown, or open, tested after the breach is made out."""

from __future__ import annotations

from dataclasses import dataclass

from servanda.locate.facts import Fact
from servanda.outcomes import ExceptionResult
from servanda.plan import RulePlan, Select, Unless
from servanda.stream.timing import binding, falls_in
from servanda.stream.world import World, by_whom
from servanda.truth import Truth


@dataclass(frozen=True)
class Tested:
    """The result of one exception and the records it rests on."""

    result: ExceptionResult
    records: tuple[str, ...] = ()


def test(world: World, rule: RulePlan, unless: Unless, fact: Fact, candidates: tuple[str, ...]) -> Tested:
    """Test one exception for one act.

    The conditions are cumulative. All shown: shown. None shown: not shown. Some shown, or shown for some of those
    it may have been: open.
    """
    results, records = [], []
    for candidate in candidates:
        result, found = _for(world, rule, unless, fact, candidate)
        results.append(result)
        records.extend(found)
    kept = tuple(sorted(set(records)))
    if all(r == "shown" for r in results):
        return Tested("shown", kept)
    if all(r == "not-shown" for r in results):
        return Tested("not-shown", kept)
    return Tested("open", kept)


def _for(world: World, rule: RulePlan, unless: Unless, fact: Fact, candidate: str) -> tuple[ExceptionResult, list[str]]:
    permitted = min(
        fact.matches(unless.select, candidate),
        falls_in(fact, binding(world.clock(rule), unless.span, candidate)),
    )
    if permitted is Truth.FALSE:
        return "not-shown", []
    values, records = [], []
    if unless.response_to is not None:
        value, found = _record(world, unless.response_to, fact, None, candidate)
        values.append(value)
        records.extend(found)
    for select in unless.only_if:
        value, found = _record(world, select, fact, candidate, candidate)
        values.append(value)
        records.extend(found)
    if not values:
        return ("shown" if permitted is Truth.TRUE else "open"), []
    if all(v is Truth.FALSE for v in values):
        return "not-shown", []
    return ("shown" if min(permitted, *values) is Truth.TRUE else "open"), records


def _record(world: World, select: Select, fact: Fact, by: str | None, candidate: str) -> tuple[Truth, list[str]]:
    """Whether a record that belongs to this act is there: by this actor, or (by None) by someone else."""
    best, records = Truth.FALSE, []
    for record in world.of(select):
        if record.id == fact.id or not belongs(world, record, fact):
            continue
        who = by_whom(record, by) if by is not None else Truth(Truth.TRUE - by_whom(record, candidate))
        value = min(who, _precedes(record, fact), record.matches(select, candidate))
        if value is not Truth.FALSE:
            records.append(record.id)
        best = max(best, value)
    return best, records


def belongs(world: World, record: Fact, fact: Fact) -> bool:
    """Whether a record says that it is about this act: one refers to the other, or both are of one incident."""
    names = {fact.id, world.roots.get(fact.id, fact.id)} | ({fact.incident} if fact.incident else set())
    back = {record.id, world.roots.get(record.id, record.id)}
    same = record.incident is not None and record.incident == fact.incident
    return same or bool(record.refers_to & names) or bool(fact.refers_to & back)


def _precedes(record: Fact, fact: Fact) -> Truth:
    if record.latest_us <= fact.earliest_us:
        return Truth.TRUE
    return (
        Truth.FALSE
        if record.earliest_us >= fact.latest_us > fact.earliest_us or (record.earliest_us > fact.latest_us)
        else Truth.UNKNOWN
    )
