"""The figures of a finding: distances and calibres against their limits, counts by unit, the place on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from servanda.findings import where
from servanda.findings.model import Measure, UnitCount
from servanda.observations.model import Bounds as CountBounds
from servanda.plan import OfThing, RulePlan
from servanda.space.drawing import drawing

if TYPE_CHECKING:
    from servanda.locate import Located


def measured(rule_plan: RulePlan, telling: list[Located]) -> tuple[Measure, ...]:
    """The figures against their limits, for each observation and, where that matters, each bearer."""
    found: list[Measure] = []
    for located in telling:
        for predicate in rule_plan.select.predicates:
            match predicate:
                case OfThing():
                    found.extend(_calibre(located))
                case _:
                    found.extend(where.measures(located, predicate, rule_plan.bearers))
    return tuple(found)


def _calibre(located: Located) -> list[Measure]:
    least = [s.least_mm for s in located.seen]
    most = [s.most_mm for s in located.seen]
    if all(x is None for x in (*least, *most)):
        return []
    low = min((x for x in least if x is not None), default=None) if None not in least else None
    high = max((x for x in most if x is not None), default=None) if None not in most else None
    return [Measure(name="calibre", min=low, max=high, unit="mm", observation=located.fact.id)]


def by_unit(telling: list[Located]) -> dict[str, UnitCount]:
    """How much was seen, by unit; within one incident the most that any one observation counted."""
    found: dict[str, UnitCount] = {}
    for located in telling:
        number, unit = located.observation.count, located.observation.unit or "not stated"
        if number is None:
            continue
        if isinstance(number, CountBounds):
            one = UnitCount(min=number.min, max=number.max, about=number.about)
        else:
            one = UnitCount(min=number, max=number)
        known = found.get(unit)
        found[unit] = one if known is None else _widest(known, one)
    return found


def _widest(first: UnitCount, second: UnitCount) -> UnitCount:
    least = [x for x in (first.min, second.min) if x is not None]
    most = None if first.max is None or second.max is None else max(first.max, second.max)
    return UnitCount(min=max(least, default=None), max=most, about=first.about or second.about)


def place(telling: list[Located]) -> dict[str, Any] | None:
    """Where the first of these observations was made: as reported, and as geometry."""
    if not telling:
        return None
    first = telling[0]
    return {
        "observation": first.fact.id,
        "reported": first.observation.place.model_dump(mode="json", exclude_none=True)
        if first.observation.place
        else None,
        **drawing(first.shape),
    }
