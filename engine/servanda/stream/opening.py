"""Gates: when nothing of a kind has happened for so long, and was known not to have happened; or who certified it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from servanda import moments
from servanda.locate.facts import DENIED, TALLY, WATCH, Fact
from servanda.moments import ELAPSED, Moment
from servanda.outcomes import Evidence, Outcome, Unknown, Verdict
from servanda.plan import AtLeastOne, FirstMark, Opening, RulePlan, Span
from servanda.stream.conflict import against, differs
from servanda.stream.coverage import Silence, silence
from servanda.stream.proof import Mark, corroborated, grounds, proves
from servanda.stream.timing import binding, by, last_moment, may_fall_in
from servanda.truth import Truth

if TYPE_CHECKING:
    from servanda.stream.world import World

_DAYS = {"days": 1, "weeks": 7}
_RESTING = {Verdict.VIOLATED, Verdict.EXCUSED, Verdict.COMPLIED, Verdict.INDETERMINATE}


@dataclass(frozen=True)
class Opened:
    """When a gate opens.

    Attributes:
        moment: Not before its earliest, and surely open from its latest; None where nothing fixes it.
        facts: The watches that show how quiet it was, where it surely opens; the certificates.
        assumptions: The assumptions by which they do.
        doubted: Whether it would be surely open, if everything on record could have been read.
    """

    moment: Moment | None
    facts: frozenset[str] = frozenset()
    assumptions: frozenset[str] = frozenset()
    doubted: bool = False


def opened(world: World, gate: Opening) -> Opened:
    """When a gate opens, as far as is known at the instant of evaluation; the same for whoever asks."""
    found = world.opened.get(gate.gate)
    if found is None:
        found = _quiet(world, gate) if gate.certified is None else _certified(world, gate)
        world.opened[gate.gate] = found
    return found


def quiet_since(world: World, gate: Opening) -> int | None:
    """Since when nothing can have happened, and somebody would have seen it, until the instant of evaluation."""
    since = world.clock(gate.rule).moment(gate.since, "")
    if since is None or not gate.rule.parties or in_doubt(world):
        return None
    window = _Window(gate, world.zone)
    gap = next(
        (g for g in _gaps(world, window, since.latest_us, _marks(world, gate.rule)) if g[1] == world.at_us), None
    )
    starts = [] if gap is None else sorted({gap[0], *(t for t in _looked(world) if gap[0] < t < gap[1])})
    one = gate.rule.parties[0]
    return next((t for t in starts if silence(world, gate.rule, one, t, world.at_us) is not None), None)


def resting(world: World, rule: RulePlan, outcome: Outcome) -> Outcome:
    """An outcome with what its gates rest on: the watches, the certificates, and what could not be read."""
    if not rule.gates or outcome.verdict not in _RESTING:
        return outcome
    every = [opened(world, gate) for gate in rule.gates]
    facts = sorted({name for one in every for name in one.facts})
    unread = outcome.verdict is Verdict.INDETERMINATE and any(one.doubted for one in every)
    return replace(
        outcome,
        evidence=(*outcome.evidence, *(Evidence(name, "opens") for name in facts)),
        assumptions=tuple(sorted({*outcome.assumptions, *(a for one in every for a in one.assumptions)})),
        unknowns=(*outcome.unknowns, *([Unknown("rejected", other=world.doubt)] if unread else [])),
    )


def in_doubt(world: World) -> bool:
    """Whether something on record could not be read, and may tell of what broke a quiet."""
    return bool(world.doubt)


def _certified(world: World, gate: Opening) -> Opened:
    """The first certificate, from the instant on from which the gate is counted: what it says is not looked into."""
    clock, select = world.clock(gate.rule), gate.certified
    assert select is not None  # noqa: S101 - only gates that need one are asked
    moment = clock.moment(FirstMark("", select, Span(gate.since)), gate.by)
    binds = binding(clock, Span(gate.since), gate.by)
    given = [f for f, value in clock.marks(select, gate.by) if min(value, may_fall_in(f, binds)) is not Truth.FALSE]
    return Opened(moment, frozenset(f.id for f in given), frozenset(grounds(given, gate.rule)))


def _quiet(world: World, gate: Opening) -> Opened:
    """The end of the first time in which nothing happened, between two bounds.

    Not before it can have been quiet for so long, whatever is unknown; and surely open from the end of the first time
    in which nothing can have happened and somebody would have seen it. Every act starts the time anew; what has opened
    stays open.
    """
    since = world.clock(gate.rule).moment(gate.since, "")
    if since is None:
        return Opened(None)
    found, window = _marks(world, gate.rule), _Window(gate, world.zone)
    earliest = _first_possible(window, since.earliest_us, [f for f, value in found if value is Truth.TRUE])
    day = moments.day_of(earliest - 1, world.zone)
    can = Moment(earliest, earliest, day, day)
    sure = _first_known(world, gate, window, since.latest_us, found)
    acts = dict(gate.rule.select.acts)
    used = frozenset({a for f, _ in found if (a := acts.get(f.act))} | grounds((f for f, _ in found), gate.rule))
    if sure is None or in_doubt(world):
        return Opened(moments.perhaps(can), assumptions=used, doubted=sure is not None)
    latest, kept = sure
    moment = Moment(earliest, latest, day, moments.day_of(latest - 1, world.zone))
    return Opened(moment, kept.watches, kept.assumptions | used)


@dataclass(frozen=True)
class _Window:
    """The time that has to stay quiet: so many hours after an instant, or so many whole local days.

    Hours are counted from the act that broke the quiet, so that an act at their first instant does not break them; a
    day holds all its instants.
    """

    gate: Opening
    zone: str

    @property
    def elapses(self) -> bool:
        """Whether it is hours or minutes."""
        return self.gate.unit in ELAPSED

    def __call__(self, start_us: int) -> tuple[int, int]:
        """The first such time that does not begin before an instant: its beginning and its end."""
        amount, unit = self.gate.amount, self.gate.unit
        if self.elapses:
            return start_us, start_us + amount * ELAPSED[unit]
        day = moments.day_of(start_us, self.zone)
        if moments.start_of_day(day, self.zone) < start_us:
            day = moments.next_day(day)
        last = moments.next_day(day, amount * _DAYS[unit])
        return moments.start_of_day(day, self.zone), moments.start_of_day(last, self.zone)

    def surely_holds(self, fact: Fact, start_us: int, end_us: int) -> bool:
        """Whether what was seen surely happened within it, be it for a moment."""
        if fact.kind == "throughout":
            return fact.latest_us > start_us and fact.earliest_us < end_us
        begun = fact.earliest_us > start_us if self.elapses else fact.earliest_us >= start_us
        return begun and last_moment(fact) < end_us

    def after(self, fact: Fact) -> int:
        """From when on the time can begin anew after what was seen, as early as it can have been."""
        if fact.kind == "throughout":
            return fact.latest_us
        return fact.earliest_us if self.elapses else fact.earliest_us + 1

    def over(self, fact: Fact) -> int:
        """From when on the time surely can begin anew after what was seen."""
        return fact.latest_us if self.elapses else last_moment(fact) + 1


def _marks(world: World, rule: RulePlan) -> list[Mark]:
    """What broke the quiet, or may have: whoever did it."""
    happened = [f for f in world.of(rule.select) if by(f, world.at_us) is not Truth.FALSE]
    otherwise = [f for f in happened if differs(f, rule.select, _anybody(rule, f))]
    found = []
    for fact in happened:
        value = min(
            fact.matches(rule.select, _anybody(rule, fact)),
            by(fact, world.at_us),
            proves(fact, rule, breach=True),
            world.undenied(fact, rule),
            Truth.UNKNOWN if against(world, fact, otherwise, rule) else Truth.TRUE,
        )
        if value is not Truth.FALSE:
            found.append((fact, value))
    return corroborated(found, rule, world.instance)


def _anybody(rule: RulePlan, fact: Fact) -> str:
    """One of those it may have been: nothing that a gate looks at hangs on which."""
    return (fact.actors or rule.parties)[0]


def _first_possible(window: _Window, since_us: int, sure: list[Fact]) -> int:
    """The end of the first time in which nothing surely happened."""
    lasting = [f for f in sure if f.kind == "throughout"]
    points = sorted((f for f in sure if f.kind != "throughout"), key=_began)
    start, end = window(since_us)
    while True:
        near = points[bisect_left(points, start, key=_began) : bisect_right(points, end, key=_began)]
        inside = [f for f in (*lasting, *near) if window.surely_holds(f, start, end)]
        if not inside:
            return end
        start, end = window(max(window.after(f) for f in inside))


def _began(fact: Fact) -> int:
    return fact.earliest_us


def _first_known(
    world: World, gate: Opening, window: _Window, since_us: int, found: list[Mark]
) -> tuple[int, Silence] | None:
    """The end of the first time in which nothing can have happened, and in which somebody would have seen it."""
    if not gate.rule.parties:
        return None
    looked = _looked(world)
    for first, last in _gaps(world, window, since_us, found):
        for start in sorted({first, *(t for t in looked if first < t < last)}):
            begins, ends = window(start)
            if ends > last:
                break
            kept = silence(world, gate.rule, gate.rule.parties[0], begins, ends)
            if kept is not None:
                return ends, kept
    return None


def _looked(world: World) -> set[int]:
    """The instants from which on somebody may have been looking who was not before."""
    looked = {f.earliest_us for f in world.by_act.get(WATCH, {}).values()}
    return looked | {max(f.latest_us, f.earliest_us + 1) for f in world.by_act.get(DENIED, {}).values()}


def _gaps(world: World, window: _Window, since_us: int, found: list[Mark]) -> Iterator[tuple[int, int]]:
    """The times from an instant on, until that of evaluation, in which nothing can have happened."""
    totals = world.by_act.get(TALLY, {}).values()
    counting = [t for t in totals if t.truth(AtLeastOne(), "") is not Truth.FALSE]
    busy = sorted((f.earliest_us, window.over(f)) for f in (*(f for f, _ in found), *counting))
    free = since_us
    for first, over in busy:
        if first > world.at_us:
            break
        if first > free:
            yield free, first
        free = max(free, over)
    if free < world.at_us:
        yield free, world.at_us
