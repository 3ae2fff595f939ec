"""Gates: the first instant at which nothing of a kind has happened for so long, and was known not to have happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from servanda import moments
from servanda.locate.facts import DENIED, WATCH, Fact
from servanda.moments import Moment
from servanda.outcomes import OUTSIDER
from servanda.plan import Quiet, RulePlan
from servanda.stream.coverage import silence
from servanda.stream.proof import Mark, corroborated, proves
from servanda.stream.timing import by, last_moment
from servanda.truth import Truth, agree

if TYPE_CHECKING:
    from servanda.stream.world import World

_HOURS = {"minutes": 60_000_000, "hours": 3_600_000_000}
_DAYS = {"days": 1, "weeks": 7}


def opens(world: World, rule: RulePlan, gate: Quiet, since: Moment) -> Moment:
    """When a gate opens, counted from a moment, under the standard of proof of the rule that hangs on it.

    Not before it can have been quiet for so long, whatever is unknown; and surely open from the end of the first time
    in which nothing can have happened and somebody would have seen it. Every act starts the time anew; what has opened
    stays open.
    """
    found = _marks(world, rule, gate)
    window = _Window(gate, world.zone)
    earliest = _first(window, _after_sure(found, since.earliest_us), lambda s, e: not _surely_inside(found, s, e))
    sure = _first(
        window, _after_any(world, found, since.latest_us), lambda s, e: _known(world, rule, gate, found, s, e)
    )
    if earliest is None or sure is None:
        first = since.earliest_us if earliest is None else earliest
        return moments.perhaps(moments.between(first, first, world.zone))
    return moments.between(earliest, sure, world.zone)


@dataclass(frozen=True)
class _Window:
    """The time that has to stay quiet: so many hours from an instant on, or so many whole local days."""

    gate: Quiet
    zone: str

    def __call__(self, start_us: int) -> tuple[int, int]:
        amount, unit = self.gate.amount, self.gate.unit
        if unit in _HOURS:
            return start_us, start_us + amount * _HOURS[unit]
        day = moments.day_of(start_us, self.zone)
        begins = moments.start_of_day(day, self.zone)
        if begins < start_us:
            begins = moments.end_of_day(day, self.zone)
        opening = Moment(begins, begins, moments.day_of(begins, self.zone), moments.day_of(begins, self.zone))
        days = amount * _DAYS[unit]
        return begins, moments.shift(opening, days, "days", "exclusive", self.zone).earliest_us


def _first(window: _Window, starts: set[int], holds: Callable[[int, int], bool]) -> int | None:
    """The end of the first time that holds."""
    for start in sorted(starts):
        begins, ends = window(start)
        if holds(begins, ends):
            return ends
    return None


def _marks(world: World, rule: RulePlan, gate: Quiet) -> list[Mark]:
    """What may have broken the quiet: marks by a party, whichever."""
    found = []
    for fact in world.of(gate.select):
        who = fact.actors or (*gate.parties, OUTSIDER)
        done = agree(fact.matches(gate.select, actor) if actor in gate.parties else Truth.FALSE for actor in who)
        value = min(done, by(fact, world.at_us), proves(fact, rule), world.undenied(fact, rule))
        if value is not Truth.FALSE:
            found.append((fact, value))
    return corroborated(found, rule, world.instance)


def _after_sure(found: list[Mark], since_us: int) -> set[int]:
    after = {_over(f) for f, value in found if value is Truth.TRUE}
    return {since_us, *(t for t in after if t > since_us)}


def _over(fact: Fact) -> int:
    """The first instant from which on what was seen may be over."""
    return last_moment(fact) + 1 if fact.kind == "throughout" else fact.earliest_us + 1


def _surely_inside(found: list[Mark], start_us: int, end_us: int) -> bool:
    for fact, value in found:
        if value is Truth.TRUE:
            lasts = fact.kind == "throughout"
            first, last = fact.earliest_us, last_moment(fact)
            if (last >= start_us and first < end_us) if lasts else (first >= start_us and last < end_us):
                return True
    return False


def _after_any(world: World, found: list[Mark], since_us: int) -> set[int]:
    after = {last_moment(f) + 1 for f, _ in found}
    after |= {f.earliest_us for f in world.by_act.get(WATCH, {}).values()}
    after |= {max(f.latest_us, f.earliest_us + 1) for f in world.by_act.get(DENIED, {}).values()}
    return {since_us, *(t for t in after if t > since_us)}


def _known(world: World, rule: RulePlan, gate: Quiet, found: list[Mark], start_us: int, end_us: int) -> bool:
    """Whether nothing can have happened in that time, and somebody would have seen it of every party."""
    if end_us > world.at_us or any(last_moment(f) >= start_us and f.earliest_us < end_us for f, _ in found):
        return False
    return all(silence(world, rule, party, start_us, end_us, gate) is not None for party in gate.parties)
