"""Reports of one incident that cannot all be right: sources that contradict each other without denying anything.

One event is in one place, at one time, of one kind and by somebody. Where one source tells of something that matters to
a rule and another, of the same event, of something that does not, both stay, and nobody knows which of them is right.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from servanda.locate.facts import Fact
from servanda.plan import AtLeastOne, RulePlan, Select
from servanda.stream.proof import voice, weighs
from servanda.truth import Truth

if TYPE_CHECKING:
    from servanda.stream.world import World


def against(world: World, fact: Fact, otherwise: Iterable[Fact], rule: RulePlan) -> tuple[Fact, ...]:
    """Of reports that say otherwise, those that contradict a report: of its incident and act, by another origin.

    Like a denial, such a report weighs only if its source meets the standard of proof. A source does not contradict
    itself: where it was wrong, it sends a correction; of two corrections of one record nobody knows which holds.
    Records of procedure are about an event and no reports of it: both sides may give notice of one.

    Args:
        world: The facts that count.
        fact: The report.
        otherwise: Reports of which it is sure that they show something else.
        rule: The rule under whose standard they are judged.
    """
    if fact.record:
        return ()
    instance, root = world.instance(fact), world.root(fact)
    return tuple(
        other
        for other in otherwise
        if other.id != fact.id
        and other.act == fact.act
        and world.instance(other) == instance
        and (world.root(other) == root or not _one_voice(other, fact))
        and weighs(other, rule) is Truth.TRUE
    )


def differs(fact: Fact, select: Select, actor: str) -> bool:
    """Whether what was seen is surely not what is looked for; that nothing was seen says nothing about the event."""
    return any(fact.truth(p, actor) is Truth.FALSE for p in select.predicates if p != AtLeastOne())


def _one_voice(first: Fact, second: Fact) -> bool:
    return voice(first) is not None and voice(first) == voice(second)
