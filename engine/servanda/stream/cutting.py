"""What cuts a permission back: whether another rule forbids all the same what the permission would permit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from servanda.locate.facts import Fact
from servanda.outcomes import Unknown
from servanda.plan import Cut, RulePlan, Unless
from servanda.stream.timing import Binding, binding, both, meets
from servanda.stream.world import World
from servanda.truth import Truth

if TYPE_CHECKING:
    from servanda.stream.exceptions import Tested

Below = Callable[[Unless, Binding], "Tested"]
"""Tests an exception further down in the tree, where the rule it lifts binds at these times."""


@dataclass(frozen=True)
class Forbidden:
    """Whether a prohibition takes back what a permission permits, and what that rests on.

    Attributes:
        rule: The prohibition.
        value: Whether it forbids the act and nothing lifts it.
        lifted: What became of its own exceptions, where it may forbid the act at all.
        unknowns: What keeps it open whether it forbids the act.
        assumptions: The assumptions by which the act counts as what it forbids.
    """

    rule: str
    value: Truth
    lifted: tuple[Tested, ...] = ()
    unknowns: frozenset[Unknown] = frozenset()
    assumptions: frozenset[str] = frozenset()


def forbids(
    world: World, rule: RulePlan, cut: Cut, fact: Fact, candidate: str, outer: Binding, below: Below
) -> Forbidden:
    """Whether a prohibition forbids an act, if it was this actor; `outer` is when the rule above binds."""
    if candidate not in cut.bearers or not cut.select.counts(fact.act):
        return Forbidden(cut.rule, Truth.FALSE)
    binds = binding(world.clock(rule), cut.span, candidate)
    values = [(meets(fact, outer, binds), Unknown("cut", other=cut.rule))]
    for predicate in cut.select.predicates:
        if min(v for v, _ in values) is Truth.FALSE:
            break
        mark = Unknown("predicate", fact.id, candidate, world.numbers[predicate])
        values.append((fact.truth(predicate, candidate), mark))
    value = min(v for v, _ in values)
    if value is Truth.FALSE:
        return Forbidden(cut.rule, Truth.FALSE)
    lifted = tuple(below(unless, both(outer, binds)) for unless in cut.unless)
    counted = dict(cut.select.acts).get(fact.act)
    return Forbidden(
        cut.rule,
        min(value, Truth(Truth.TRUE - max((t.lifts for t in lifted), default=Truth.FALSE))),
        lifted,
        frozenset({Unknown("cut", other=cut.rule)}.union(mark for v, mark in values if v is Truth.UNKNOWN)),
        frozenset({counted} if counted else ()),
    )
