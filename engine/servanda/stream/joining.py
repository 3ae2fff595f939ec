"""Parties that are bound only from an act of their own on: when that was, and what rests on it.

Consent to be bound is a state's own, and nothing is owed before it (Vienna Convention on the Law of Treaties, 1969,
articles 11 to 15, 24 and 28; for others than states, the terms of the agreement itself).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from servanda.locate.facts import Fact
from servanda.moments import EVER_US, NEVER_US, Bounds, closing
from servanda.outcomes import SHOWING, Evidence, Outcome, Unknown, Verdict
from servanda.plan import Joining, RulePlan
from servanda.stream import opening
from servanda.stream.conflict import against
from servanda.stream.coverage import Silence, silent_until
from servanda.stream.proof import grounds
from servanda.stream.timing import before, since
from servanda.truth import Truth

if TYPE_CHECKING:
    from servanda.stream.world import World

_WAITING = {Verdict.PENDING, Verdict.UNOBSERVED, Verdict.INDETERMINATE}
_RESTING = {Verdict.VIOLATED, Verdict.EXCUSED, Verdict.COMPLIED, Verdict.INDETERMINATE, Verdict.NOT_APPLICABLE}


@dataclass(frozen=True)
class Joined:
    """From when on a party is bound.

    Attributes:
        bounds: Not before its earliest, and surely from its latest.
        records: The records of the act, in time or too late, and who is known to have watched that there was none.
        assumptions: The assumptions by which they tell of it.
        acts: Those of the records that are of the act, the first first.
        late: Whether these are too late.
    """

    bounds: Bounds
    records: frozenset[str] = frozenset()
    assumptions: frozenset[str] = frozenset()
    acts: tuple[str, ...] = ()
    late: bool = False

    @property
    def never(self) -> bool:
        """Whether the party is known not to be bound for good."""
        return self.bounds.earliest_us >= NEVER_US

    def sure(self, at_us: int) -> bool:
        """Whether the party is surely bound at an instant."""
        return self.bounds.latest_us <= at_us


def joined(world: World, joining: Joining) -> Joined:
    """From when on a party is bound, as far as is known at the instant of evaluation; the same for whoever asks.

    From the first report of the act that is in time. Where none is sure, it may have been done unseen at any moment in
    which nobody would have seen it. What can be done only once and surely was done too late was not done in time.
    """
    found = world.joined.get(joining.party)
    if found is None:
        found = world.joined[joining.party] = _joined(world, joining)
    return found


def _joined(world: World, joining: Joining) -> Joined:
    rule, clock = joining.rule, world.clock(joining.rule)
    due = limit(world, joining)
    marks = [(f, value) for f, value in clock.marks(rule.select, joining.party) if value is not Truth.FALSE]
    timed = [(f, value, _in_time(f, due)) for f, value in marks]
    too_late: list[tuple[Fact, Truth]] = [(f, value) for f, value, in_time in timed if in_time is Truth.FALSE]
    possible: list[tuple[Fact, Truth]] = [
        (f, min(value, in_time, Truth.UNKNOWN if against(world, f, [o for o, _ in too_late], rule) else Truth.TRUE))
        for f, value, in_time in timed
        if in_time is not Truth.FALSE
    ]
    surely = clock.established(possible)
    told = sorted((f for f, _ in possible or too_late), key=_order)
    names, used = tuple(f.id for f in told), _assumed(rule, told)
    first = min((f.earliest_us for f, _ in possible), default=NEVER_US)
    if surely is not None:
        return Joined(Bounds(first, surely), frozenset(names), used, names)
    if not possible and rule.once and clock.established(too_late) is not None:
        return Joined(Bounds(NEVER_US, NEVER_US), frozenset(names), used, names, late=True)
    unseen, kept = _unseen(world, joining, due)
    return Joined(
        Bounds(min(first, unseen), NEVER_US),
        kept.watches | frozenset(names),
        kept.assumptions | used,
        names,
        late=not possible and bool(too_late),
    )


def _order(fact: Fact) -> tuple[int, str]:
    return fact.earliest_us, fact.id


def _assumed(rule: RulePlan, told: list[Fact]) -> frozenset[str]:
    acts = dict(rule.select.acts)
    return frozenset({a for f in told if (a := acts.get(f.act))} | grounds(told, rule))


def limit(world: World, joining: Joining) -> Bounds | None:
    """When it is too late, as bounds; without any where it never is."""
    if joining.limit is None:
        return Bounds(NEVER_US, NEVER_US)
    moment = world.clock(joining.rule).moment(joining.limit, joining.party)
    return None if moment is None else closing(replace(moment, whole_day=False), world.zone)


def _in_time(fact: Fact, due: Bounds | None) -> Truth:
    return Truth.UNKNOWN if due is None else before(fact, due)


def _unseen(world: World, joining: Joining, due: Bounds | None) -> tuple[int, Silence]:
    """The first instant at which the act may have been done unseen; never, where it would have been seen in time.

    Nobody does it unseen before signature, where the text says when that was.
    """
    clock = world.clock(joining.rule)
    signed = None if joining.since is None else clock.moment(joining.since, joining.party)
    if signed is None or opening.in_doubt(world) or (due is not None and due.earliest_us <= signed.earliest_us):
        return EVER_US, Silence()
    ends = world.at_us if due is None else min(due.latest_us, world.at_us)
    until, kept = silent_until(world, joining.rule, joining.party, signed.earliest_us, ends)
    over = due is not None and until >= due.latest_us
    return NEVER_US if over else until, kept


def resting(world: World, rule: RulePlan, outcome: Outcome) -> Outcome:
    """An outcome with what it rests on besides its own facts: its gates, and who is bound."""
    made = opening.resting(world, rule, outcome)
    if not rule.joining:
        return made
    remainder = outcome.instance == "remainder"
    named = rule.bearers if remainder else _named(world, rule, made)
    every = [joined(world, rule.joiners[name]) for name in named if name in rule.joiners]
    if remainder:  # nothing was done by those who were not bound, whatever they did
        every = [one for one in every if one.bounds.earliest_us >= world.at_us]
    elif every and (not rule.forbids or rule.beyond):
        made = _borne(world, rule, made)
    if made.verdict not in _RESTING or (remainder and not rule.forbids):
        return made
    known = {e.observation for e in made.evidence}
    records = sorted({r for one in every for r in one.records} - known)
    return replace(
        made,
        evidence=(*made.evidence, *(Evidence(name, "joins") for name in records)),
        assumptions=tuple(sorted({*made.assumptions, *(a for one in every for a in one.assumptions)})),
    )


def _named(world: World, rule: RulePlan, outcome: Outcome) -> tuple[str, ...]:
    """Those whose duty it is, or who may have broken it, or of whom a report says that they did."""
    facts = [world.fact(e.observation) for e in outcome.evidence] if rule.forbids and not rule.beyond else []
    seen = [actor for fact in facts if fact is not None for actor in fact.actors]
    return tuple(dict.fromkeys((outcome.bearer or "", *outcome.candidates, *seen)))


def _borne(world: World, rule: RulePlan, outcome: Outcome) -> Outcome:
    """A duty, or a limit, of a party of which it is not sure that it is bound, or was in time."""
    party = outcome.bearer or ""
    one, due = joined(world, rule.joiners[party]), outcome.deadline
    bounds = one.bounds
    each = rule.trigger is not None or rule.breach is not None or rule.owed
    over = not each and due is not None and due.latest_us <= min(bounds.earliest_us, world.at_us)
    if one.never or over:
        return replace(
            outcome, verdict=Verdict.NOT_APPLICABLE, at=None, binds=None, breach=None, unknowns=(), by_reading=()
        )
    mark = Unknown("joining", candidate=party)
    open_ = not one.sure(world.at_us) or any(
        fact is not None and since(fact, bounds) is Truth.UNKNOWN
        for fact in (world.fact(e.observation) for e in outcome.evidence if e.role in {*SHOWING, "triggers"})
    )
    if outcome.verdict in _WAITING and open_:
        return replace(outcome, unknowns=(*outcome.unknowns, mark))
    return outcome


def waited_for(world: World, rule: RulePlan) -> list[Unknown]:
    """Those who bear a rule and of whom nobody can say whether they are bound by now, though they may come to be."""
    own = [rule.joiners[b] for b in rule.bearers if b in rule.joiners]
    waiting = [one.party for one in own if not (j := joined(world, one)).never and not j.sure(world.at_us)]
    return [Unknown("joining", candidate=party) for party in waiting]
