"""So many for each of something else: two running totals since the rule began to bind, one against the other.

A ceiling is exceeded at an instant by which there surely was more of the one than so many for each that there can have
been of the other. A floor falls due with each of the other: by then so many for each have to have been done.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from servanda.locate.facts import Fact
from servanda.moments import EVER_US, Bounds, closing
from servanda.outcomes import Against, Amount, Unknown, Verdict
from servanda.plan import Beyond, Each, RulePlan, Variant
from servanda.stream.measures import distinct, sliding
from servanda.stream.measures.found import Found, reasons, span
from servanda.stream.measures.marks import Asked, Mark, settled
from servanda.stream.measures.running import NOTHING, Ledger, Total
from servanda.stream.performance import Trigger
from servanda.stream.timing import last_moment


def against(asked: Asked, each: Each, part: RulePlan) -> Asked:
    """What a limit is so many for each of, asked as the limit itself is: for the same time, of him whose act it is."""
    other = Beyond(asked.beyond.name, each.measure, asked.beyond.limit, not asked.beyond.floor)
    others = bool(each.by) and each.by != asked.bearer
    return Asked(asked.world, part, other, each.by or asked.bearer, asked.binds, others)


@dataclass(frozen=True)
class _Look:
    """How the two totals stood at an instant.

    Attributes:
        at_us: The instant.
        state: `over` the limit, `may-be` over it, or `within` it.
        ours: What the limit is of.
        theirs: What it is so many for each of.
        watched: Whether it takes the silence of the other to say so.
        unknowns: What is open.
    """

    at_us: int
    state: str
    ours: Total
    theirs: Total
    watched: bool = False
    unknowns: tuple[Unknown, ...] = ()


_WITHIN = _Look(0, "within", NOTHING, NOTHING)


def ceiling(asked: Asked, other: Asked) -> Iterator[tuple[str, Found]]:
    """The episodes in which a ceiling was exceeded, or may have been, each by the incident with which it began."""
    ours, theirs = Ledger.of(asked), Ledger.of(other)
    every = [m.fact for m in (*ours.line.marks, *theirs.line.marks)]
    instants = sorted({t for f in every for t in (f.earliest_us, last_moment(f))})
    run: list[_Look] = []
    for instant, clearly in zip(instants, _clearly(asked, ours, theirs, instants), strict=True):
        if clearly is False and run and _final(asked, run[-1]):
            run.append(replace(run[-1], at_us=instant))
            continue
        look = _WITHIN if clearly else _look(asked, ours, theirs, instant)
        if look.state != "within":
            run.append(look)
            continue
        yield from _episode(asked, other, ours, run)
        run = []
    yield from _episode(asked, other, ours, run)


def _final(asked: Asked, look: _Look) -> bool:
    """Whether no later look of the same run can show more: it is over, or nobody knows how much of theirs there was."""
    starts = asked.binds.starts
    begun = starts is not None and look.at_us > starts.earliest_us
    return look.state == "over" or (begun and look.theirs.settled is None)


def _clearly(asked: Asked, ours: Ledger, theirs: Ledger, instants: list[int]) -> Iterator[bool | None]:
    """For each instant whether it is clearly within the limit, clearly not, or has to be looked at closely.

    What is told of ours is added up as it comes; of theirs all that is sure is at most so much, and what follows on one
    another in time, each of one report, at least.
    """
    spans = [(EVER_US, instant + 1) for instant in instants]
    possible, at_most = sliding.most(ours.line.marks, spans), sliding.least(theirs.line.marks, spans)
    for own, most, least in zip(possible, at_most, theirs.apart(instants), strict=True):
        number = asked.beyond.limit
        close = own is not None and any(sliding.too_close(own, number * figure) for figure in (least, most))
        if own is not None and not theirs.whole and own <= number * least and (own == 0 or not close or least == most):
            yield True
        elif own is None or (own > number * most and not close):
            yield False
        else:
            yield None


def _look(asked: Asked, ours: Ledger, theirs: Ledger, instant: int) -> _Look:
    number, end = asked.beyond.limit, min(instant + 1, asked.world.at_us)
    own, other = (ledger.total((instant + 1, instant + 1), end) for ledger in (ours, theirs))
    if own.possible is not None and own.possible <= number * other.low(other.counted):
        return _Look(instant, "within", own, other)
    sure, counted, best = own.low(own.counted), other.high(other.counted), other.high(other.settled)
    if counted is not None and sure > number * counted:
        return _Look(instant, "over", own, other)
    open_ = (*reasons((*own.inside, *other.inside)), *(() if best is not None else (Unknown("whole-against"),)))
    if best is not None and sure > number * best:
        if not other.tallies:
            return _Look(instant, "over", own, other, watched=True)
        tallies = tuple(Unknown("tally", name) for name in other.tallies)
        return _Look(instant, "may-be", own, other, watched=True, unknowns=tallies)
    wrong = other.counted is not None and other.least > other.counted
    if wrong or (best is not None and own.least > number * best):
        open_ = (Unknown("contradiction"), *open_)
    return _Look(instant, "may-be", own, other, unknowns=open_ or (Unknown("same"),))


def _episode(asked: Asked, other: Asked, ours: Ledger, run: list[_Look]) -> Iterator[tuple[str, Found]]:
    """What one run of looks over the limit comes to; nothing where there is none, or all of it ended before --since."""
    if not run:
        return
    instants, since = {look.at_us for look in run}, asked.world.since_us
    telling = [m for m in ours.line.marks if {m.fact.earliest_us, last_moment(m.fact)} & instants]
    if since is not None and all(m.fact.latest_us <= since for m in telling):
        return
    first = min((m for m in ours.line.marks if m.fact.earliest_us <= run[0].at_us), key=lambda m: _nearest(m, run[0]))
    shown = next((look for look in run if look.state == "over"), run[0])
    violated = shown.state == "over"
    sure = tuple(m for m in shown.ours.inside if m.sure)
    marks = tuple((m, True) for m in sure) if violated else tuple((m, False) for m in shown.ours.inside)
    starts = asked.binds.starts
    begin = shown.at_us if starts is None else starts.earliest_us
    top = shown.theirs.settled if shown.watched or not shown.theirs.tallies else shown.theirs.counted
    contradicted = Unknown("contradiction") in shown.unknowns
    counts = (*shown.theirs.counts, *(shown.ours.counts if contradicted else ()))
    yield (
        first.incident,
        Found(
            verdict=Verdict.VIOLATED if violated else Verdict.INDETERMINATE,
            amount=Amount(
                asked.beyond.name,
                shown.ours.low(shown.ours.counted),
                None if violated else shown.ours.possible,
                asked.beyond.limit,
                floor=False,
                during=Bounds(begin, shown.at_us),
                against=Against(shown.theirs.low(top), shown.theirs.high(top)),
            ),
            shown=marks,
            against=(*shown.theirs.inside, *counts),
            other=other,
            watches=shown.theirs.watched.watches if shown.watched and shown.theirs.watched else frozenset(),
            totals=() if violated or not shown.watched else shown.theirs.tallies,
            assumptions=shown.theirs.watched.assumptions if shown.watched and shown.theirs.watched else frozenset(),
            unknowns=shown.unknowns,
            at=_complete(sure, shown) if violated else span(m for m, _ in marks),
        ),
    )


def _nearest(mark: Mark, look: _Look) -> tuple[int, str]:
    """The last to begin before a look comes first, of several the first by name."""
    return look.at_us - mark.fact.earliest_us, mark.incident


def _complete(sure: tuple[Mark, ...], look: _Look) -> Bounds:
    """When a breach was complete: by the look at the latest, and not before the last of what it takes began."""
    last = [m.fact.earliest_us for m in sure if last_moment(m.fact) == look.at_us]
    return Bounds(min(last, default=look.at_us), look.at_us)


def floor(asked: Asked, other: Asked, variant: Variant) -> Iterator[tuple[str, Found]]:
    """What is due for each incident of the other, by its incident; what comes after the rule ended still counts."""
    lasting = replace(asked, binds=replace(asked.binds, ends=None, open_end="", end_gate=""))
    ours, theirs = Ledger.of(lasting), Ledger.of(other)
    for incident, told in sorted(distinct.incidents(theirs.line.marks).items()):
        yield incident, _due(lasting, other, variant, ours, theirs, told)


def _due(asked: Asked, other: Asked, variant: Variant, ours: Ledger, theirs: Ledger, told: list[Mark]) -> Found:
    """What is due for one incident and all before it, and what was done by then."""
    reports = settled(other, told)
    sure = [m for m in reports if m.sure]
    head = min(sure or reports, key=lambda m: (m.fact.earliest_us, m.fact.id))
    began = Trigger.of(head.fact, [(m.value, m.fact) for m in reports]).fact
    first = min(m.fact.earliest_us for m in told)
    last = min((last_moment(m.fact) for m in sure), default=max(last_moment(m.fact) for m in told))
    deadline = _deadline(asked, variant, began)
    passed = asked.world.at_us >= deadline.latest_us
    done = ours.total((deadline.earliest_us, deadline.latest_us), deadline.latest_us if passed else None)
    calls = theirs.total((first + 1, last + 1), None, own=told)
    case = _Case(asked, done, calls, deadline, None if sure else head)
    verdict, unknowns = case.verdict(done.counted)
    by_watch, open_ = case.verdict(done.settled)
    watched = done.watched if done.watched is not None and by_watch is not verdict else None
    if watched is not None:
        verdict, unknowns = by_watch, open_
    totals = done.tallies if watched is not None else ()
    if totals:
        verdict, unknowns = Verdict.INDETERMINATE, tuple(Unknown("tally", name) for name in totals)
    top = done.settled if watched is not None else done.counted
    starts = asked.binds.starts
    begin = first if starts is None else starts.earliest_us
    own = {m.fact.id for m in told}
    return Found(
        verdict=verdict,
        amount=Amount(
            asked.beyond.name,
            done.low(top),
            done.high(top),
            asked.beyond.limit,
            floor=True,
            during=Bounds(begin, deadline.latest_us),
            against=Against(calls.least, calls.possible),
        ),
        shown=tuple((m, m.sure) for m in done.inside) + tuple((m, True) for m in done.counts),
        against=tuple(m for m in calls.inside if m.fact.id not in own),
        triggers=tuple(m for m in calls.inside if m.fact.id in own),
        other=other,
        watches=frozenset() if watched is None else watched.watches,
        totals=totals,
        assumptions=frozenset() if watched is None else watched.assumptions,
        unknowns=unknowns if verdict is Verdict.INDETERMINATE else (),
        at=deadline if verdict is not Verdict.PENDING else None,
        deadline=deadline,
    )


def _deadline(asked: Asked, variant: Variant, began: Fact) -> Bounds:
    """By when so many have to have been done, counted from the incident for which they are due."""
    if variant.deadline is None:
        msg = f"rule {asked.rule.rule} has no deadline"
        raise ValueError(msg)
    moment = asked.world.clock(asked.rule, began).moment(variant.deadline, asked.bearer)
    if moment is None:
        msg = f"the deadline of rule {asked.rule.rule} hangs on nothing"
        raise ValueError(msg)
    return closing(replace(moment, whole_day=False), asked.world.zone)


@dataclass(frozen=True)
class _Case:
    """What was done by a deadline, what it is due for, and the trigger where that is not sure."""

    asked: Asked
    done: Total
    calls: Total
    deadline: Bounds
    unsure: Mark | None

    def verdict(self, top: float | None) -> tuple[Verdict, tuple[Unknown, ...]]:
        """The verdict, given how much was done at most; what is open where it is indeterminate."""
        verdict, unknowns = self._sure_of_trigger(top)
        if self.unsure is None or verdict not in {Verdict.VIOLATED, Verdict.COMPLIED}:
            return verdict, unknowns
        return Verdict.INDETERMINATE, (Unknown("trigger", self.unsure.fact.id, self.asked.bearer),)

    def _sure_of_trigger(self, top: float | None) -> tuple[Verdict, tuple[Unknown, ...]]:
        number, at_us = self.asked.beyond.limit, self.asked.world.at_us
        least, most = self.done.low(top), self.done.high(top)
        if self.calls.possible is not None and least >= number * self.calls.possible:
            return Verdict.COMPLIED, ()
        if at_us < self.deadline.earliest_us:
            return Verdict.PENDING, ()
        if at_us < self.deadline.latest_us:
            return Verdict.INDETERMINATE, (Unknown("anchor", other="whether the deadline has passed"),)
        if most is not None and most < number * self.calls.least:
            return Verdict.VIOLATED, ()
        possible = self.done.possible
        if most is None and possible is not None and possible < number * self.calls.least:
            return Verdict.UNOBSERVED, ()
        contradicted = (Unknown("contradiction"),) if top is not None and self.done.least > top else ()
        open_ = reasons((*self.done.inside, *self.calls.inside))
        whole = (Unknown("whole"),) if self.done.settled is None else ()
        return Verdict.INDETERMINATE, (*contradicted, *open_, *whole) or (Unknown("same"),)
