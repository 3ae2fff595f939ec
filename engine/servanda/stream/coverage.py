"""Whether a silence is known to be one: who was watching, or keeps a register, from one instant to another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from servanda import moments
from servanda.locate.facts import DENIED, WATCH, Fact
from servanda.plan import RulePlan
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


class Asked(NamedTuple):
    """Of which time somebody asked who watched.

    Attributes:
        since_us: From when on.
        until_us: Until when.
        hinge: The time in which something else that could be seen may change the answer; None before it is due.
    """

    since_us: int
    until_us: int
    hinge: tuple[int, int] | None = None


@dataclass(frozen=True)
class _Watch:
    fact: Fact
    first_us: int
    end_us: int
    register: str | None


_Thing = TypeVar("_Thing")


def silence(world: World, rule: RulePlan, bearer: str, since_us: int, until_us: int) -> Silence | None:
    """What establishes that a bearer made no mark of a rule from one instant until another, or None.

    At each instant a register must have been kept, or a watch that would have seen a mark; where the standard needs
    several origins, so many independent watches. Who was denied access at that instant saw nothing.
    """
    until, found = silent_until(world, rule, bearer, since_us, until_us)
    hinge = (since_us, until_us) if until == until_us else (until, until)  # nobody saw anything then
    world.asked.append(Asked(since_us, until_us, hinge))
    return found if since_us < until_us == until else None


def silent_until(world: World, rule: RulePlan, bearer: str, since_us: int, until_us: int) -> tuple[int, Silence]:
    """Until when, from one instant on and until another at most, such a silence lasts, and what establishes it."""
    watches = _watches(world, rule, bearer, since_us, until_us)
    if not watches or since_us >= until_us:
        return since_us, Silence()
    blind = [d for d in world.by_act.get(DENIED, {}).values() if d.earliest_us < until_us and since_us < _ends(d)[1]]
    ends = {since_us, *(t for w in watches for t in (w.first_us, w.end_us)), *(t for d in blind for t in _ends(d))}
    instants = sorted(t for t in ends if since_us <= t < until_us)
    watching = _at_each(instants, watches, lambda w: (w.first_us, w.end_us))
    blinding = _at_each(instants, blind, _ends)
    used: dict[tuple[str, str | None], _Watch] = {}
    until = until_us
    for instant, there, denied in zip(instants, watching, blinding, strict=True):
        looking = [w for w in there if not _blinded(w, denied)]
        if not any(w.register for w in looking) and (not looking or not enough([w.fact for w in looking], rule)):
            until = instant
            break
        used.update({(w.fact.id, w.register): w for w in looking})
    assumptions = {w.register for w in used.values() if w.register} | grounds([w.fact for w in used.values()], rule)
    return until, Silence(frozenset(w.fact.id for w in used.values()), frozenset(assumptions))


def _at_each(
    instants: list[int], things: Iterable[_Thing], span: Callable[[_Thing], tuple[int, int]]
) -> Iterator[list[_Thing]]:
    """What lasts at each of some instants that follow one another; each thing is met once, not at every instant."""
    ahead = sorted(things, key=lambda thing: span(thing)[0], reverse=True)
    here: list[_Thing] = []
    for instant in instants:
        while ahead and span(ahead[-1])[0] <= instant:
            here.append(ahead.pop())
        here = [thing for thing in here if instant < span(thing)[1]]
        yield here


def _watches(world: World, rule: RulePlan, bearer: str, since_us: int, until_us: int) -> list[_Watch]:
    seen, registered = rule.watches
    found = []
    for fact in world.by_act.get(WATCH, {}).values():
        if fact.kind != "throughout" or fact.latest_us <= since_us or fact.earliest_us >= until_us:
            continue
        sees = fact.truth(seen, bearer) is Truth.TRUE
        keepers = [k for k in rule.keepers if k.source == fact.source] if rule.keepers else []
        keepers = [k for k in keepers if fact.truth(registered, bearer) is Truth.TRUE]
        if not sees and not keepers:  # most watches are of something else, and that costs least to know
            continue
        if min(by(fact, world.at_us), proves(fact, rule), world.undenied(fact, rule)) is not Truth.TRUE:
            continue
        end_us = min(fact.latest_us, world.at_us)
        for keeper in keepers:
            settled_us = _settled(int(end_us), keeper.amount, keeper.unit, world.zone)
            found.append(_Watch(fact, fact.earliest_us, settled_us, keeper.assumption))
        if sees:
            found.append(_Watch(fact, fact.earliest_us, end_us, None))
    return found


@lru_cache(maxsize=4096)
def _settled(end_us: int, amount: int, unit: str, zone: str) -> int:
    """Until when a register holds all there was, if it was kept until an instant and is behind by so much."""
    end = moments.between(end_us, end_us, zone)
    return moments.shift(end, -amount, unit, "exclusive", zone, lenient=True).earliest_us


def _ends(denied: Fact) -> tuple[int, int]:
    return denied.earliest_us, max(denied.latest_us, denied.earliest_us + 1)


def _blinded(watch: _Watch, denied: list[Fact]) -> bool:
    """Whether the one who watched may have been denied access just then; a report by nobody named is of anybody."""
    whose = {watch.fact.source, watch.fact.origin} - {None}
    blind = any(one.source is None or {one.source, one.origin} & whose for one in denied)
    return blind and watch.register is None
