"""What becomes of an incident once its exceptions have been tested, report by report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from servanda.locate.facts import Fact
from servanda.outcomes import Verdict
from servanda.plan import RulePlan, Unless
from servanda.stream import conflict, exceptions
from servanda.stream.exceptions import Tested
from servanda.stream.proof import enough
from servanda.stream.timing import Binding
from servanda.stream.world import World
from servanda.truth import Truth


@dataclass(frozen=True)
class Excused:
    """What the exceptions make of an incident: excused, violated, or (where that is open) indeterminate; and each."""

    verdict: Verdict
    exceptions: dict[str, Tested]


def excuses(
    world: World,
    rule: RulePlan,
    unless: tuple[Unless, ...],
    shown: list[Fact],
    sure: list[Fact],
    candidates: Mapping[str, tuple[str, ...]],
    spans: Mapping[str, Binding],
) -> Excused:
    """Test the exceptions for each report of an incident.

    Excused is only what is excused by every report that shows a breach or may show one. Violated is what reports show
    for which surely no exception is made out, as far as they prove by themselves and no report that is excused
    contradicts them.

    Args:
        world: The facts that count, at one instant.
        rule: The prohibition.
        unless: Its exceptions.
        shown: The reports that show a breach, or may.
        sure: Those that surely do; none where the breach is not sure.
        candidates: Those by whom each report may show a breach.
        spans: When the rule binds each of them.
    """
    tested = {f.id: [exceptions.test(world, rule, u, f, candidates[f.id], spans) for u in unless] for f in shown}
    lifts = {name: max((t.lifts for t in found), default=Truth.FALSE) for name, found in tested.items()}
    covered = [f for f in shown if lifts[f.id] is not Truth.FALSE]
    free = [f for f in sure if lifts[f.id] is Truth.FALSE and not conflict.against(world, f, covered, rule)]
    verdict, basis = Verdict.INDETERMINATE, shown
    if free and enough(free, rule):
        verdict, basis = Verdict.VIOLATED, free
    elif sure and all(value is Truth.TRUE for value in lifts.values()):
        verdict = Verdict.EXCUSED
    found = {}
    for i, one in enumerate(unless):
        result = exceptions.merged(one.rule, [tested[f.id][i] for f in basis])
        if verdict is Verdict.EXCUSED and any(t.result == "shown" for t in (tested[f.id][i] for f in basis)):
            result = replace(result, result="shown")
        found[one.rule] = result.resting_on([tested[f.id][i] for f in shown])
    return Excused(verdict, found)
