"""What a prohibition takes of the facts that count, whether or not it was a breach: what totals are made of."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from servanda.locate.facts import Fact
from servanda.outcomes import OUTSIDER
from servanda.plan import AtLeastOne, RulePlan
from servanda.stream.breach import who
from servanda.stream.proof import proves
from servanda.stream.timing import binding, by, falls_in
from servanda.stream.world import World
from servanda.truth import Truth, agree


def taken(world: World, rule: RulePlan, wanted: Collection[str]) -> Iterator[tuple[Fact, Truth]]:
    """The facts that are, or may be, what a rule forbids, each with whether that is sure.

    An exception is not asked for: it excuses what was done, and does not make it less. A count of nought is taken as
    well, since it says over which time and place something was counted.

    Args:
        world: The facts that count, at one instant.
        rule: A prohibition.
        wanted: The ids looked at.
    """
    clock = world.clock(rule)
    counted = replace(rule.select, predicates=tuple(p for p in rule.select.predicates if p != AtLeastOne()))
    spans = [{b: binding(clock, v.span, b) for b in rule.bearers} for v in rule.variants]
    for fact in world.of(rule.select):
        if fact.id not in wanted:
            continue
        values = []
        for actor in who(rule, fact)[0]:
            if actor == OUTSIDER or actor not in rule.bearers:
                values.append(Truth.FALSE)
                continue
            inside = agree(falls_in(fact, span[actor]) for span in spans)
            values.append(min(inside, by(fact, world.at_us), fact.matches(counted, actor)))
        value = agree(values)
        if value is not Truth.FALSE:
            yield fact, min(value, proves(fact, rule, breach=True), world.undenied(fact, rule))
