"""What becomes of an incident once its exceptions have been tested, report by report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from servanda.locate.facts import Fact
from servanda.outcomes import ExceptionResult, Verdict
from servanda.plan import RulePlan
from servanda.stream import conflict, exceptions
from servanda.stream.exceptions import Tested
from servanda.stream.proof import enough
from servanda.stream.timing import Binding
from servanda.stream.world import World


@dataclass(frozen=True)
class Lifted:
    """What the exceptions make of an incident.

    Attributes:
        verdict: Excused, violated, or (where that is open) indeterminate.
        results: What became of each exception.
        records: The records that show one, or may.
        missing: Each exception with an act of which no record is surely there.
        assumptions: The assumptions by which records count.
        denials: What says that some of the records are not so.
    """

    verdict: Verdict
    results: tuple[tuple[str, ExceptionResult], ...]
    records: frozenset[str]
    missing: frozenset[tuple[str, str]]
    assumptions: frozenset[str]
    denials: frozenset[str]


def excuses(
    world: World,
    rule: RulePlan,
    shown: list[Fact],
    sure: list[Fact],
    candidates: Mapping[str, tuple[str, ...]],
    spans: Mapping[str, Binding],
) -> Lifted:
    """Test the exceptions for each report of an incident.

    Excused is only what is excused by every report that shows a breach or may show one. Violated is what reports show
    for which surely no exception is made out, as far as they prove by themselves and no report that is excused
    contradicts them.

    Args:
        world: The facts that count, at one instant.
        rule: The prohibition.
        shown: The reports that show a breach, or may.
        sure: Those that surely do; none where the breach is not sure.
        candidates: Who each report may be of.
        spans: When the rule binds each of them.
    """
    tested = {
        f.id: [exceptions.test(world, rule, unless, f, candidates[f.id], spans) for unless in rule.unless]
        for f in shown
    }
    bare = {f.id for f in shown if all(t.result == "not-shown" for t in tested[f.id])}
    unexcused = [f for f in sure if f.id in bare]
    excused = [f for f in shown if f.id not in bare]
    free = [f for f in unexcused if not conflict.against(world, f, excused, rule)]
    verdict, basis = Verdict.INDETERMINATE, shown
    if free and enough(free, rule):
        verdict, basis = Verdict.VIOLATED, free
    elif sure and all(any(t.result == "shown" for t in tested[f.id]) for f in shown):
        verdict = Verdict.EXCUSED
    of_each = [[tested[f.id][i] for f in basis] for i in range(len(rule.unless))]
    every = [t for found in tested.values() for t in found]
    return Lifted(
        verdict,
        tuple((u.rule, _merged(found, verdict)) for u, found in zip(rule.unless, of_each, strict=True)),
        frozenset(r for t in every for r in t.records),
        frozenset((u.rule, act) for i, u in enumerate(rule.unless) for f in shown for act in tested[f.id][i].missing),
        frozenset(a for t in every for a in t.assumptions),
        frozenset(d for t in every for d in t.denials),
    )


def _merged(tested: list[Tested], verdict: Verdict) -> ExceptionResult:
    """What became of one exception over several reports: where each is excused by some, what is shown is shown."""
    results = {t.result for t in tested}
    if verdict is Verdict.EXCUSED and "shown" in results:
        return "shown"
    return tested[0].result if len(results) == 1 else "open"
