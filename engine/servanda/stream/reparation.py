"""Duties that a violation triggers: one for each bearer and each violated instance of the rules named.

Surely where the violation is sure, and the bearer's own where it has to be; possibly where it is indeterminate, or
where nobody knows who of several broke the rule. What is excused, complied with, not yet due or unobserved triggers
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from servanda.locate.facts import Fact
from servanda.moments import Bounds
from servanda.outcomes import SHOWING, Evidence, Origin, Outcome, Unknown, Verdict, finding_id
from servanda.plan import RulePlan
from servanda.stream.performance import Trigger, duty, nothing_triggered
from servanda.stream.timing import binding, falls_in
from servanda.stream.world import World
from servanda.truth import Truth, agree

_AS_IT_WAS = {"contradicts", "shows-exception"}


def evaluate(world: World, rule: RulePlan, outcomes: Mapping[str, Sequence[Outcome]]) -> list[Outcome]:
    """Evaluate a duty that violations trigger.

    Args:
        world: The facts that count, at one instant.
        rule: The duty.
        outcomes: The outcomes of the rules whose violation triggers it.
    """
    found = []
    for name in rule.breach.rules if rule.breach else ():
        for outcome in outcomes.get(name, ()):
            for bearer in rule.bearers:
                value = _triggers(world, rule, outcome, bearer)
                if value is not Truth.FALSE:
                    found.append(_after(world, rule, outcome, bearer, value))
    return sorted(found, key=lambda o: o.instance) or [nothing_triggered(world, rule)]


def _triggers(world: World, rule: RulePlan, outcome: Outcome, bearer: str) -> Truth:
    """Whether an outcome triggers the duty of a bearer."""
    if outcome.breach is None or outcome.verdict not in {Verdict.VIOLATED, Verdict.INDETERMINATE}:
        return Truth.FALSE
    when = _instant(outcome, outcome.breach)
    clock = world.clock(rule, when)
    return min(
        Truth.TRUE if outcome.verdict is Verdict.VIOLATED else Truth.UNKNOWN,
        _by(outcome, bearer) if rule.of_trigger else Truth.TRUE,
        agree(falls_in(when, binding(clock, v.span, bearer)) for v in rule.variants),
    )


def _by(outcome: Outcome, bearer: str) -> Truth:
    """Whether it was this bearer who broke the rule, if it was broken."""
    if outcome.bearer is not None:
        return Truth.TRUE if outcome.bearer == bearer else Truth.FALSE
    return Truth.UNKNOWN if bearer in outcome.candidates else Truth.FALSE


def _instant(outcome: Outcome, breach: Bounds) -> Fact:
    """The instant at which a breach was complete, as what a duty counts from."""
    return Fact("", "", breach.earliest_us, breach.latest_us, "within", outcome.candidates)


def _after(world: World, rule: RulePlan, outcome: Outcome, bearer: str, value: Truth) -> Outcome:
    when = _instant(outcome, outcome.breach or Bounds(0, 0))
    facts = {e.observation: f for e in outcome.evidence if (f := world.fact(e.observation)) is not None}
    trigger = Trigger(
        fact=when,
        reports=tuple(facts[e.observation] for e in outcome.evidence if e.role in SHOWING and e.observation in facts),
        evidence=tuple(e if e.role in _AS_IT_WAS else Evidence(e.observation, "triggers") for e in outcome.evidence),
        names=frozenset({finding_id(world.agreement, outcome.rule, outcome.instance)}),
        beside=(*facts.values(), *(world.of_instance(outcome.instance) if outcome.by_reading else ())),
    )
    made = duty(world, rule, bearer, trigger, f"{bearer}:{outcome.rule}:{outcome.instance}")
    made = replace(made, origin=Origin(outcome.rule, outcome.instance, value is Truth.TRUE))
    if value is Truth.TRUE or made.verdict not in {Verdict.VIOLATED, Verdict.COMPLIED, Verdict.INDETERMINATE}:
        return made
    mark = Unknown("breach", candidate=bearer, other=outcome.rule)
    return replace(made, verdict=Verdict.INDETERMINATE, unknowns=(*made.unknowns, mark))
