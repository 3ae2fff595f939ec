"""Where readings part: from which instant on they give different answers, and on which observations.

Each reading is evaluated by itself. What they make of the times of a rule differs from some instant until another, and
what was seen from the first of these on is what they judge differently. Readings that make the same of all times differ
by the records that one takes and another does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from servanda.moments import NEVER_US, Bounds, closing
from servanda.outcomes import SHOWING, Outcome, Parted
from servanda.plan import triggered
from servanda.stream.timing import binding, last_moment

if TYPE_CHECKING:
    from servanda.plan import RulePlan, Variant
    from servanda.stream.world import World

_TELLING = {*SHOWING, "shows-exception"}


def parted(world: World, rule: RulePlan, outcome: Outcome) -> Outcome:
    """An outcome on which readings differ, with where they part."""
    if len({verdict for _, verdict in outcome.by_reading}) < 2:
        return outcome
    named = (outcome.bearer,) if outcome.bearer is not None else outcome.candidates or rule.bearers
    each = [list(_edges(world, rule, v, [n for n in named if n in rule.bearers])) for v in rule.variants]
    differing = [set(edges) for edges in zip(*each, strict=True) if len(set(edges)) > 1]
    known = [edge for edges in differing for edge in edges if edge is not None]
    if outcome.deadline is not None and any(_moves(variant) for variant in rule.variants):
        known.append(outcome.deadline)
    if not known:
        return replace(outcome, parted=Parted(None, tuple(sorted(_seen(outcome, "shows-exception")))))
    first, last = min(e.earliest_us for e in known), max(e.latest_us for e in known)
    if any(None in edges for edges in differing):
        last = NEVER_US
    facts = [f for n in sorted(_seen(outcome, *_TELLING)) if (f := world.fact(n)) is not None]
    on = tuple(f.id for f in facts if last_moment(f) >= first and f.earliest_us <= last)
    return replace(outcome, parted=Parted(Bounds(first, last), on))


def _edges(world: World, rule: RulePlan, variant: Variant, named: Iterable[str]) -> Iterator[Bounds | None]:
    """The instants at which a rule begins, ends and is due under one reading, and its exceptions begin and end."""
    clock = world.clock(rule)
    for name in named:
        for span in (variant.span, *(s for u in variant.unless for s in u.spans())):
            binds = binding(clock, span, name)
            yield binds.starts
            yield binds.ends
        due = None
        if variant.deadline is not None and not _moves(variant):
            due = clock.moment(variant.deadline, name)
        yield None if due is None else closing(replace(due, whole_day=False), world.zone)


def _moves(variant: Variant) -> bool:
    """Whether there is a deadline for each of what triggers the rule, which the outcome itself knows."""
    return variant.deadline is not None and triggered(variant.deadline)


def _seen(outcome: Outcome, *roles: str) -> set[str]:
    return {e.observation for e in outcome.evidence if e.role in roles}
