"""Duties that a violation triggers: one for each bearer and each violated instance of the rules named.

Surely where the violation is sure, and the bearer's own where it has to be; possibly where it is indeterminate, or
where nobody knows who of several broke the rule. What is excused, complied with, not yet due or unobserved triggers
nothing.

Where the determination of a violation triggers, it is what a body with the power determined that does, whatever the
verdict is; possibly where it is not sure that it was made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from servanda.locate.facts import Fact
from servanda.moments import Bounds
from servanda.outcomes import SHOWING, Evidence, Origin, Outcome, Unknown, Verdict, finding_id
from servanda.plan import RulePlan
from servanda.stream import breaches
from servanda.stream.breaches import Determined
from servanda.stream.performance import Trigger, duty, nothing_triggered
from servanda.stream.timing import binding, falls_in
from servanda.stream.world import World
from servanda.truth import Truth, agree

_AS_IT_WAS = {"contradicts", "shows-exception"}


def _as_it_was(outcome: Outcome) -> Iterator[Evidence]:
    """What a violation rests on, as it triggers a duty."""
    for e in outcome.evidence:
        yield e if e.role in _AS_IT_WAS else Evidence(e.observation, "triggers")


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
            determined = breaches.determined(world, outcome) if rule.breach and rule.breach.determined else None
            for bearer in rule.bearers:
                value = _triggers(world, rule, outcome, bearer, determined)
                if value is not Truth.FALSE:
                    found.append(_after(world, rule, outcome, bearer, value, determined))
    return sorted(found, key=lambda o: o.instance) or [nothing_triggered(world, rule)]


def _triggers(world: World, rule: RulePlan, outcome: Outcome, bearer: str, determined: Determined | None) -> Truth:
    """Whether an outcome, or what was determined of it, triggers the duty of a bearer."""
    if determined is not None:
        return _triggers_determined(world, rule, outcome, bearer, determined)
    if outcome.breach is None or outcome.verdict not in {Verdict.VIOLATED, Verdict.INDETERMINATE}:
        return Truth.FALSE
    return min(
        Truth.TRUE if outcome.verdict is Verdict.VIOLATED else Truth.UNKNOWN,
        breaches.broken_by(outcome, bearer) if rule.of_trigger else Truth.TRUE,
        _while_bound(world, rule, breaches.instant(outcome, outcome.breach), bearer),
    )


def _triggers_determined(world: World, rule: RulePlan, outcome: Outcome, bearer: str, determined: Determined) -> Truth:
    if determined.when is None:
        return Truth.FALSE
    whose = breaches.determined_by(outcome, determined, bearer) if rule.of_trigger else Truth.TRUE
    sure = Truth.TRUE if determined.sure else Truth.UNKNOWN
    return min(sure, whose, _while_bound(world, rule, breaches.instant(outcome, determined.when), bearer))


def _while_bound(world: World, rule: RulePlan, when: Fact, bearer: str) -> Truth:
    """Whether what triggers a duty was while it binds its bearer."""
    clock = world.clock(rule, when)
    return agree(falls_in(when, binding(clock, v.span, bearer)) for v in rule.variants)


def _after(
    world: World, rule: RulePlan, outcome: Outcome, bearer: str, value: Truth, determined: Determined | None
) -> Outcome:
    complete = outcome.breach if determined is None else determined.when
    when = breaches.instant(outcome, complete or Bounds(0, 0))
    records = () if determined is None else determined.facts
    facts = {e.observation: f for e in outcome.evidence if (f := world.fact(e.observation)) is not None}
    trigger = Trigger(
        fact=when,
        reports=(
            *records,
            *(facts[e.observation] for e in outcome.evidence if e.role in SHOWING and e.observation in facts),
        ),
        evidence=(*(Evidence(f.id, "triggers") for f in records), *_as_it_was(outcome)),
        names=frozenset({finding_id(world.agreement, outcome.rule, outcome.instance)}),
        beside=(*facts.values(), *(world.of_instance(outcome.instance) if outcome.by_reading else ())),
    )
    made = duty(world, rule, bearer, trigger, f"{bearer}:{outcome.rule}:{outcome.instance}")
    made = replace(made, origin=Origin(outcome.rule, outcome.instance, value is Truth.TRUE))
    if value is Truth.TRUE or made.verdict not in {Verdict.VIOLATED, Verdict.COMPLIED, Verdict.INDETERMINATE}:
        return made
    mark = Unknown("breach", candidate=bearer, other=outcome.rule)
    return replace(made, verdict=Verdict.INDETERMINATE, unknowns=(*made.unknowns, mark))
