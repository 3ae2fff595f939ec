"""Interpreters that are wrong about who is bound by an act of his own, and from when."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mutant import Patch, sets

from servanda import lower, plan
from servanda.locate.facts import Fact
from servanda.moments import EVER_US, NEVER_US, Bounds
from servanda.stream import joining, performance, timing, world
from servanda.stream.coverage import Silence
from servanda.truth import Truth

_REAL_JOINED, _REAL_JOINING, _REAL_IN_TIME = joining.joined, lower._Lowering.joining, joining._in_time


def _joins(change: Any) -> Patch:
    """Parties that are bound from another instant on, as rules see it."""

    def joined(at: Any, one: plan.Joining) -> joining.Joined:
        found = _REAL_JOINED(at, one)
        return replace(found, bounds=change(found.bounds))

    return sets(world, "joined", joined)


def _lowered(change: Any) -> Patch:
    """Acts by which parties are bound that are others than the text has."""
    return sets(lower._Lowering, "joining", lambda self: tuple(change(one) for one in _REAL_JOINING(self)))


def _last_instant(fact: Fact, due: Bounds | None) -> Truth:
    return _REAL_IN_TIME(fact, None if due is None else Bounds(due.earliest_us + 1, due.latest_us + 1))


def _bound_as_parties(_world: Any, rule: plan.RulePlan, actor: str, _fact: Fact) -> Truth:
    return Truth.TRUE if actor in rule.parties else Truth.FALSE


MUTANTS: dict[str, Patch] = {
    "every party is bound at once": sets(lower._Lowering, "joining", lambda _: ()),
    "who has not surely joined is bound": _joins(
        lambda b: Bounds(b.earliest_us, b.earliest_us) if b.earliest_us < NEVER_US else b
    ),
    "who has not surely joined is not bound": _joins(
        lambda b: Bounds(NEVER_US, NEVER_US) if b.latest_us >= NEVER_US else b
    ),
    "a party joins as late as it may have": _joins(lambda b: Bounds(b.latest_us, b.latest_us)),
    "it is never too late to join": sets(joining, "_in_time", lambda *_: Truth.TRUE),
    "the last instant is in time to join": sets(joining, "_in_time", _last_instant),
    "what joins too late may be done in time as well": _lowered(
        lambda one: replace(one, rule=replace(one.rule, once=False))
    ),
    "nobody knows that a party did not join": sets(joining, "_unseen", lambda *_: (EVER_US, Silence())),
    "no record of joining means that nobody joined": sets(joining, "_unseen", lambda *_: (NEVER_US, Silence())),
    "what was over before a party joined is its duty": sets(joining, "_borne", lambda _world, _rule, outcome: outcome),
    "who has not joined triggers what a party does": sets(performance, "_bound_then", _bound_as_parties),
    "what is done before joining goes unsaid": sets(timing.Binding, "for_all", property(lambda self: self)),
}
