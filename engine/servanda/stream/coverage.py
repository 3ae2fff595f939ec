"""Whether a silence is known to be one: who was watching, or keeps a register, from one instant to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from servanda import moments
from servanda.locate.facts import DENIED, WATCH, Fact
from servanda.plan import Quiet, RulePlan, watches
from servanda.stream.proof import enough, grounds, proves
from servanda.stream.timing import by
from servanda.truth import Truth

if TYPE_CHECKING:
    from servanda.stream.world import World


@dataclass(frozen=True)
class Silence:
    """An absence that is established.

    Attributes:
        watches: The observations that establish it.
        assumptions: The assumptions by which they do.
    """

    watches: frozenset[str] = frozenset()
    assumptions: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Watch:
    fact: Fact
    first_us: int
    end_us: int
    register: str | None


def silence(
    world: World, rule: RulePlan, bearer: str, since_us: int, until_us: int, gate: Quiet | None = None
) -> Silence | None:
    """What establishes that a bearer made no mark of a rule, or of a gate it hangs on, between two instants, or None.

    At each instant a register must have been kept, or a watch that would have seen a mark; where the standard needs
    several origins, so many independent watches. Who was denied access at that instant saw nothing.
    """
    looks = _watches(world, rule, bearer, gate)
    if not looks or since_us >= until_us:
        return None
    blind = list(world.by_act.get(DENIED, {}).values())
    ends = {since_us, *(t for w in looks for t in (w.first_us, w.end_us)), *(t for d in blind for t in _ends(d))}
    used: set[_Watch] = set()
    for instant in (t for t in ends if since_us <= t < until_us):
        looking = [w for w in looks if w.first_us <= instant < w.end_us and not _blinded(w, blind, instant)]
        if not any(w.register for w in looking) and (not looking or not enough([w.fact for w in looking], rule)):
            return None
        used.update(looking)
    assumptions = {w.register for w in used if w.register} | grounds([w.fact for w in used if not w.register], rule)
    return Silence(frozenset(w.fact.id for w in used), frozenset(assumptions))


def _watches(world: World, rule: RulePlan, bearer: str, gate: Quiet | None = None) -> list[_Watch]:
    seen, registered = watches(rule.select if gate is None else gate.select)
    found = []
    for fact in world.by_act.get(WATCH, {}).values():
        sure = min(by(fact, world.at_us), world.undenied(fact, rule)) is Truth.TRUE
        if fact.kind != "throughout" or not sure:
            continue
        end_us = min(fact.latest_us, world.at_us)
        for keeper in rule.keepers if gate is None else gate.keepers:
            if keeper.source == fact.source and fact.truth(registered, bearer) is Truth.TRUE:
                end = moments.between(end_us, end_us, world.zone)
                settled = moments.shift(end, -keeper.amount, keeper.unit, "exclusive", world.zone, lenient=True)
                found.append(_Watch(fact, fact.earliest_us, settled.earliest_us, keeper.assumption))
        if proves(fact, rule) is Truth.TRUE and fact.truth(seen, bearer) is Truth.TRUE:
            found.append(_Watch(fact, fact.earliest_us, end_us, None))
    return found


def _ends(denied: Fact) -> tuple[int, int]:
    return denied.earliest_us, max(denied.latest_us, denied.earliest_us + 1)


def _blinded(watch: _Watch, denied: list[Fact], instant: int) -> bool:
    """Whether the one who watched may have been denied access at an instant; a report by nobody named is of anybody."""
    whose = {watch.fact.source, watch.fact.origin}
    for one in denied:
        first, end = _ends(one)
        if first <= instant < end and (one.source is None or {one.source, one.origin} & whose - {None}):
            return watch.register is None
    return False
