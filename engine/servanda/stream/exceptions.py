"""Whether an exception lifts a breach: shown, not shown, open or claimed, tested after the breach is made out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from servanda.locate.facts import Fact
from servanda.moments import Bounds
from servanda.outcomes import ExceptionResult, Unknown
from servanda.plan import RulePlan, Select, Unless
from servanda.stream import cutting
from servanda.stream.proof import Mark, corroborated, grounds, proves
from servanda.stream.timing import Binding, binding, by, covered, last_moment, told_before
from servanda.stream.world import World, by_whom
from servanda.truth import Truth, agree


@dataclass(frozen=True)
class Tested:
    """The result of one exception, and what it rests on.

    Attributes:
        result: Shown, not shown, open or claimed.
        lifts: Whether it lifts the breach.
        records: The records that show it, or may, its own and those of what is below it in the tree.
        claims: The records that claim it.
        missing: The acts of which no record is surely there, each with the exception that calls for it.
        assumptions: The assumptions by which records count.
        denials: What says that some of the records are not so.
        unknowns: What keeps it open.
        cut: The prohibitions that surely take back what it permits, each with the exception.
    """

    result: ExceptionResult
    lifts: Truth = Truth.FALSE
    records: frozenset[str] = frozenset()
    claims: frozenset[str] = frozenset()
    missing: frozenset[tuple[str, str]] = frozenset()
    assumptions: frozenset[str] = frozenset()
    denials: frozenset[str] = frozenset()
    unknowns: frozenset[Unknown] = frozenset()
    cut: frozenset[tuple[str, str]] = frozenset()

    def resting_on(self, others: list[Tested]) -> Tested:
        """The same result, resting on what others rest on as well."""
        every = [self, *others]
        return replace(
            self,
            records=frozenset(r for t in every for r in t.records),
            claims=frozenset(c for t in every for c in t.claims),
            missing=frozenset(m for t in every for m in t.missing),
            assumptions=frozenset(a for t in every for a in t.assumptions),
            denials=frozenset(d for t in every for d in t.denials),
            unknowns=frozenset(u for t in every for u in t.unknowns),
            cut=frozenset(c for t in every for c in t.cut),
        )


def merged(name: str, tried: list[Tested]) -> Tested:
    """What several tests of one exception come to: of each act, and for each of those it may have been."""
    lifts, results = agree(t.lifts for t in tried), {t.result for t in tried}
    if len(results) == 1:
        result = tried[0].result
    else:
        result = "claimed" if lifts is Truth.FALSE and "claimed" in results else "open"
    found = Tested(result, lifts).resting_on(tried)
    if lifts is Truth.UNKNOWN and not found.unknowns:
        return replace(found, unknowns=frozenset({Unknown("exception", other=name)}))
    return found


def test(
    world: World,
    rule: RulePlan,
    unless: Unless,
    fact: Fact,
    candidates: tuple[str, ...],
    spans: Mapping[str, Binding],
) -> Tested:
    """Test one exception for one act; `spans` says when the rule itself binds each of those it may have been."""
    return merged(unless.rule, [_for(world, rule, unless, fact, one, spans[one]) for one in candidates])


def _for(world: World, rule: RulePlan, unless: Unless, fact: Fact, candidate: str, forbidden: Binding) -> Tested:
    """Test one exception for one act, if it was this actor: its own conditions, then what cuts it back."""
    if candidate not in unless.bearers:
        return Tested("not-shown")
    permitted = min(
        fact.matches(unless.select, candidate),
        covered(fact, binding(world.clock(rule), unless.span, candidate), forbidden),
    )
    if permitted is Truth.FALSE:
        return Tested("not-shown")
    own = _own(world, rule, unless, fact, candidate, permitted)
    if not unless.cuts:
        return own

    def below(deeper: Unless, binds: Binding) -> Tested:
        return _for(world, rule, deeper, fact, candidate, binds)

    forbids = [cutting.forbids(world, rule, cut, fact, candidate, forbidden, below) for cut in unless.cuts]
    return _cut_back(unless, own, forbids)


def _cut_back(unless: Unless, own: Tested, forbids: list[cutting.Forbidden]) -> Tested:
    """An exception, cut back by what is forbidden all the same."""
    value = max(f.value for f in forbids)
    found = own.resting_on([t for f in forbids for t in f.lifted])
    found = replace(found, assumptions=found.assumptions.union(*(f.assumptions for f in forbids)))
    if value is Truth.TRUE:
        cut = {(unless.rule, f.rule) for f in forbids if f.value is Truth.TRUE}
        return replace(
            found, result="not-shown", lifts=Truth.FALSE, unknowns=frozenset(), missing=frozenset(), cut=frozenset(cut)
        )
    if own.lifts is Truth.FALSE:
        return replace(found, unknowns=frozenset())
    if value is Truth.FALSE:
        return replace(found, unknowns=own.unknowns)
    unknowns = found.unknowns.union(*(f.unknowns for f in forbids if f.value is Truth.UNKNOWN))
    result: ExceptionResult = "open" if own.result == "shown" else own.result
    return replace(found, result=result, lifts=Truth.UNKNOWN, unknowns=unknowns)


def _own(world: World, rule: RulePlan, unless: Unless, fact: Fact, candidate: str, permitted: Truth) -> Tested:
    """The conditions of an exception, which are cumulative, whatever cuts it back."""
    due = _time_to_show(world, rule, unless, fact, candidate)
    shown: list[list[Mark]] = []
    for select in reversed(unless.only_if):
        told = _marks(world, rule, select, fact, candidate, own=True, before=unless.before, due=due)
        shown.insert(
            0, corroborated(_in_turn(told, shown[0]) if unless.in_turn and shown else told, rule, lambda _: "")
        )
    if unless.response_to is not None:
        told = _marks(world, rule, unless.response_to, fact, candidate, own=False, before=True, due=due)
        shown.append(corroborated(told, rule, lambda _: ""))
    values = [max((value for _, value in marks), default=Truth.FALSE) for marks in shown]
    claims = _claims(world, unless, fact, candidate)
    running = due is not None and world.at_us < due.latest_us
    result, lifts = _result(unless, permitted, values, claimed=bool(claims), timed=due is not None, running=running)
    selects = [*unless.only_if, *([unless.response_to] if unless.response_to else [])]
    records = [record for marks in shown for record, _ in marks]
    counted = [a for s in selects for r in records if (a := dict(s.acts).get(r.act))]
    unknowns: set[Unknown] = set()
    if lifts is Truth.UNKNOWN and result == "claimed":
        unknowns.add(Unknown("claim", other=unless.rule))
    elif lifts is Truth.UNKNOWN and running and due is not None:
        unknowns.add(Unknown("time-to-show", other=f"{due.latest_us} {unless.rule}"))
    elif lifts is Truth.UNKNOWN:
        unknowns.add(Unknown("exception", other=unless.rule))
        late = [r for r in records if due is not None and told_before(r, due) is not Truth.TRUE]
        unknowns.update(Unknown("late", r.id, other=unless.rule) for r in late)
    return Tested(
        result,
        lifts,
        records=frozenset(r.id for r in records),
        claims=frozenset(c.id for c in claims),
        missing=frozenset((unless.rule, s.name) for s, v in zip(selects, values, strict=True) if v is not Truth.TRUE)
        if any(v is not Truth.FALSE for v in values) or lifts is Truth.UNKNOWN
        else frozenset(),
        assumptions=frozenset([*counted, *grounds(records, rule)]),
        denials=frozenset(d.id for r in records for d in world.denied(r)),
        unknowns=frozenset(unknowns),
    )


def _result(
    unless: Unless, permitted: Truth, values: list[Truth], *, claimed: bool, timed: bool, running: bool
) -> tuple[ExceptionResult, Truth]:
    """What the conditions of an exception come to, and whether it lifts the breach.

    All shown: shown. None shown: not shown. Some shown: open, until a time to show it has run out, after which what is
    not shown is not shown. A test that is only quoted is never shown: where all else is, it is claimed and referred.
    """
    quoted = [Truth.UNKNOWN if claimed else Truth.FALSE] * bool(unless.quoted)
    not_shown: tuple[ExceptionResult, Truth] = ("not-shown", Truth.FALSE)
    if claimed:
        not_shown = ("claimed", Truth.FALSE if unless.burden else Truth.UNKNOWN)
    if min(permitted, *values, *quoted, Truth.TRUE) is Truth.TRUE:
        return "shown", Truth.TRUE
    if running:
        return "open", Truth.UNKNOWN
    if values and all(v is Truth.FALSE for v in values):
        return not_shown
    if timed and any(v is Truth.FALSE for v in values):
        return not_shown
    if quoted and not claimed and (timed or not values):
        return not_shown
    if quoted and claimed and min(permitted, *values, Truth.TRUE) is Truth.TRUE:
        return "claimed", Truth.UNKNOWN
    return "open", Truth.UNKNOWN


def _time_to_show(world: World, rule: RulePlan, unless: Unless, fact: Fact, candidate: str) -> Bounds | None:
    """The instant, within bounds, at which the time to show an exception has run out; it runs from the act."""
    moment = None if unless.within is None else world.clock(rule, fact).moment(unless.within, candidate)
    return None if moment is None else Bounds(moment.earliest_us, moment.latest_us)


def _claims(world: World, unless: Unless, fact: Fact, candidate: str) -> list[Fact]:
    """The records that claim an exception for an act, or may: a claim shows nothing, so it needs no proof."""
    return [
        record
        for record in (world.of(unless.claimed) if unless.claimed is not None else ())
        if record.exception in {None, unless.rule}
        and belongs(world, record, fact)
        and by_whom(record, candidate) is not Truth.FALSE
        and by(record, world.at_us) is not Truth.FALSE
    ]


def _in_turn(marks: list[Mark], following: list[Mark]) -> list[Mark]:
    """Records, each as far as it came before one of those that have to follow; where none is there, as they are."""
    if not following:
        return marks
    turned = [(r, min(v, max(min(w, _precedes(r, f)) for f, w in following))) for r, v in marks]
    return [(record, value) for record, value in turned if value is not Truth.FALSE]


def _marks(
    world: World,
    rule: RulePlan,
    select: Select,
    fact: Fact,
    candidate: str,
    *,
    own: bool,
    before: bool,
    due: Bounds | None,
) -> list[Mark]:
    """The records that belong to this act, by this actor or by someone else, and whether each meets the standard."""
    marks: list[Mark] = []
    for record in world.of(select):
        if record.id == fact.id or not belongs(world, record, fact):
            continue
        who = by_whom(record, candidate) if own else Truth(Truth.TRUE - by_whom(record, candidate))
        values = (
            who,
            by(record, world.at_us),
            record.matches(select, candidate),
            proves(record, rule),
            world.undenied(record, rule),
        )
        value = min(*values, _precedes(record, fact) if before else Truth.TRUE)
        if value is not Truth.FALSE:
            in_time = due is None or told_before(record, due) is Truth.TRUE
            marks.append((record, value if in_time else Truth.UNKNOWN))
    return marks


def belongs(world: World, record: Fact, fact: Fact) -> bool:
    """Whether a record says that it is about this act: one refers to the other, or both are of one incident."""
    same = record.incident is not None and record.incident == fact.incident
    return same or bool(record.refers_to & world.names(fact)) or bool(fact.refers_to & world.names(record))


def _precedes(record: Fact, fact: Fact) -> Truth:
    """Whether a record was there before an act: not at the same instant."""
    if last_moment(record) < fact.earliest_us:
        return Truth.TRUE
    return Truth.FALSE if record.earliest_us >= last_moment(fact) else Truth.UNKNOWN
