"""An obligation, evaluated: one outcome for each bearer, or for each bearer and trigger."""

from __future__ import annotations

from dataclasses import dataclass, replace

from servanda.locate.facts import Fact
from servanda.moments import Bounds, closing, hull
from servanda.outcomes import MAYBE_NEVER, Evidence, Outcome, Unknown, Verdict
from servanda.plan import RulePlan, Variant
from servanda.stream.conflict import against, differs
from servanda.stream.coverage import Asked, silence
from servanda.stream.exceptions import belongs
from servanda.stream.joining import joined
from servanda.stream.proof import corroborated, grounds, origins, proves
from servanda.stream.register import instance_of
from servanda.stream.timing import (
    Binding,
    Clock,
    achieved,
    before,
    binding,
    by,
    falls_in,
    hangs_on_a_report,
    inexact,
    name_of,
    never,
    since,
)
from servanda.stream.world import World, by_whom
from servanda.truth import Truth, agree


@dataclass(frozen=True)
class _Done:
    """One observation that may show performance: whether it does at all, whether in time, what contradicts it."""

    fact: Fact
    done: Truth
    in_time: Truth
    reasons: tuple[Unknown, ...]
    against: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Trigger:
    """What triggers one duty.

    Attributes:
        fact: When it was: for an act its first sure report, as early as any report has it.
        reports: All its reports; what answers one of them answers it.
        evidence: What it rests on.
        names: Further names by which a record may answer it.
        beside: Reports of what led to it; what answers one of these may be about that alone.
    """

    fact: Fact
    reports: tuple[Fact, ...]
    evidence: tuple[Evidence, ...] = ()
    names: frozenset[str] = frozenset()
    beside: tuple[Fact, ...] = ()

    @staticmethod
    def of(first: Fact, triggers: list[tuple[Truth, Fact]]) -> Trigger:
        """The trigger was not after its first sure report, nor before any report that is not sure."""
        sure = [f.latest_us for value, f in triggers if value is Truth.TRUE]
        latest = min(sure) if sure else max(f.latest_us for _, f in triggers)
        began = replace(first, earliest_us=min(f.earliest_us for _, f in triggers), latest_us=latest)
        return Trigger(began, tuple(f for _, f in triggers), (Evidence(first.id, "triggers"),))


def evaluate(world: World, rule: RulePlan) -> list[Outcome]:
    """Evaluate an obligation for each bearer, and for each trigger where it has one."""
    if rule.trigger is None:
        return [duty(world, rule, bearer, None, bearer) for bearer in rule.bearers]
    found = []
    for (bearer, key), triggers in sorted(_triggers(world, rule).items()):
        sure = max(value for value, _ in triggers)
        first = min((f for value, f in triggers if value is sure), key=lambda f: (f.earliest_us, f.id))
        outcome = duty(world, rule, bearer, Trigger.of(first, triggers), f"{bearer}:{key}")
        others = [Evidence(f.id, "triggers") for _, f in triggers if f.id != first.id]
        others += [
            Evidence(d.id, "contradicts")
            for _, f in triggers
            for d in (*world.denied(f), *_opposed(world, rule, bearer, f))
        ]
        evidence = tuple(sorted({*outcome.evidence, *others}, key=lambda e: (e.role, e.observation)))
        outcome = replace(outcome, evidence=evidence)
        if sure is Truth.UNKNOWN and outcome.verdict in {Verdict.VIOLATED, Verdict.COMPLIED}:
            mark = Unknown("trigger", first.id, bearer)
            outcome = replace(outcome, verdict=Verdict.INDETERMINATE, unknowns=(*outcome.unknowns, mark))
        found.append(outcome)
    return found or [nothing_triggered(world, rule)]


def nothing_triggered(world: World, rule: RulePlan) -> Outcome:
    """A duty that nothing has triggered: pending where it waits for an instant not known, else unobserved."""
    spans = [(v.span, binding(world.clock(rule), v.span, b)) for v in rule.variants for b in rule.bearers]
    waiting = sorted({b.unknown for span, b in spans if b.unknown and not hangs_on_a_report(span.starts)})
    return Outcome(
        rule=rule.rule,
        instance="remainder",
        verdict=Verdict.PENDING if waiting else Verdict.UNOBSERVED,
        unknowns=tuple(Unknown("anchor", other=name) for name in waiting),
    )


def _triggers(world: World, rule: RulePlan) -> dict[tuple[str, str], list[tuple[Truth, Fact]]]:
    """The triggers of each bearer's duties, by incident: one event triggers one duty, however many reports it has."""
    found: dict[tuple[str, str], list[tuple[Truth, Fact]]] = {}
    if rule.trigger is None:
        return found
    for fact in world.of(rule.trigger):
        for bearer in rule.bearers:
            bound = [falls_in(fact, binding(world.clock(rule, fact), v.span, bearer)) for v in rule.variants]
            known = min(
                _triggered_by(world, rule, bearer, fact),
                fact.matches(rule.trigger, bearer),
                by(fact, world.at_us),
                proves(fact, rule),
                world.undenied(fact, rule),
                Truth.UNKNOWN if _opposed(world, rule, bearer, fact) else Truth.TRUE,
                agree(bound),
            )
            if known is not Truth.FALSE:
                key = instance_of(fact, world.root(fact))
                found.setdefault((bearer, key), []).append((known, fact))
    return {
        key: [(v, f) for f, v in corroborated([(f, v) for v, f in marks], rule, lambda _: "")]
        for key, marks in found.items()
    }


def _opposed(world: World, rule: RulePlan, bearer: str, fact: Fact) -> tuple[Fact, ...]:
    """Reports that what triggers a duty was done by somebody by whom it triggers none."""
    if rule.trigger is None:
        return ()
    happened = (f for f in world.of(rule.trigger) if by(f, world.at_us) is not Truth.FALSE)
    return against(world, fact, (f for f in happened if _triggered_by(world, rule, bearer, f) is Truth.FALSE), rule)


def _triggered_by(world: World, rule: RulePlan, bearer: str, fact: Fact) -> Truth:
    """Whether it was done by the one who is named; by the bearer, where the rule binds only him; else by any party."""
    if rule.trigger_by:
        own = rule.joiners.get(rule.trigger_by)
        bound = Truth.TRUE if own is None else since(fact, joined(world, own).bounds)
        return min(by_whom(fact, rule.trigger_by), bound)
    return by_whom(fact, bearer) if rule.of_trigger else _by_a_party(world, rule, fact)


def _by_a_party(world: World, rule: RulePlan, fact: Fact) -> Truth:
    """Whether it was done by any of those who are bound; where nobody saw who, that is unknown."""
    if not fact.actors:
        return Truth.UNKNOWN
    return agree(_bound_then(world, rule, actor, fact) for actor in fact.actors)


def _bound_then(world: World, rule: RulePlan, actor: str, fact: Fact) -> Truth:
    """Whether somebody was bound by the agreement when something happened."""
    if actor not in rule.parties:
        return Truth.FALSE
    own = rule.joiners.get(actor)
    return Truth.TRUE if own is None else since(fact, joined(world, own).bounds)


def duty(world: World, rule: RulePlan, bearer: str, trigger: Trigger | None, instance: str) -> Outcome:
    """One duty of one bearer, under every choice of readings; `trigger` is what triggered it, if anything did."""
    outcomes = [(v, _variant(world, rule, v, bearer, trigger, instance)) for v in rule.variants]
    first = outcomes[0][1]
    if not any(v.readings for v in rule.variants):
        return first
    by_reading = tuple((v.readings, o.verdict) for v, o in outcomes)
    verdicts = {verdict for _, verdict in by_reading}
    verdict = first.verdict if len(verdicts) == 1 else Verdict.INDETERMINATE
    deadline, breach = hull(o.deadline for _, o in outcomes), hull(o.breach for _, o in outcomes)
    return replace(first, verdict=verdict, by_reading=by_reading, deadline=deadline, breach=breach)


def _variant(
    world: World, rule: RulePlan, variant: Variant, bearer: str, trigger: Trigger | None, instance: str
) -> Outcome:
    clock = world.clock(rule, trigger.fact if trigger else None)
    deadline, waiting = None, ""
    if variant.deadline is not None:
        moment = clock.moment(variant.deadline, bearer)
        deadline = None if moment is None else closing(replace(moment, whole_day=False), world.zone)
        waiting = name_of(variant.deadline) if moment is None else ""
    binds = binding(clock, variant.span, bearer)
    if binds.unknown and not hangs_on_a_report(variant.span.starts):
        waiting = binds.unknown
    found = [_done(world, rule, bearer, trigger, f, deadline) for f in world.whole(rule.select)]
    if trigger is None:
        found = [replace(d, done=min(d.done, falls_in(d.fact, binds))) for d in found]
    if variant.deadline is not None and deadline is None:
        found = [replace(d, in_time=Truth.UNKNOWN) for d in found]
    found = _unopposed(world, rule, bearer, None if trigger else binds, _corroborated(world, rule, found))
    possible = sorted((d for d in found if d.done is not Truth.FALSE), key=lambda d: (d.fact.earliest_us, d.fact.id))
    in_time = [d for d in possible if min(d.done, d.in_time) is not Truth.FALSE]
    sure = [d for d in in_time if min(d.done, d.in_time) is Truth.TRUE]
    late = [d for d in possible if d.in_time is Truth.FALSE]
    verdict, unknowns = _verdict(world, rule, deadline, waiting, variant, sure, in_time, late)
    if not waiting and (gate := _gate(clock, variant, binds, deadline, verdict)):
        unknowns = (*unknowns, Unknown("gate", other=gate))
    absent, quiet = None, None if in_time else _quiet(trigger, binds, deadline)
    if quiet is not None and verdict in _SILENT and world.at_us >= quiet[1]:
        absent = silence(world, rule, bearer, *quiet)
    elif quiet is not None and verdict in _AHEAD:
        world.asked.append(Asked(*quiet))
    if absent is not None:
        verdict, unknowns = Verdict.VIOLATED, ()
    if verdict is Verdict.VIOLATED and trigger is None and deadline is not None:
        open_ = _may_begin_too_late(binds, deadline, bearer)
        verdict, unknowns = (Verdict.INDETERMINATE, open_) if open_ else (verdict, ())
    shown = sure or in_time
    evidence = [Evidence(d.fact.id, "shows" if d in sure else "may-show") for d in in_time]
    evidence += [Evidence(d.fact.id, "late") for d in late]
    evidence += [Evidence(x.id, "contradicts") for d in (*in_time, *late) for x in world.denied(d.fact)]
    evidence += [Evidence(x.id, "contradicts") for d in (*in_time, *late) for x in d.against]
    if trigger is not None:
        evidence += trigger.evidence
    if absent is not None:
        evidence += [Evidence(name, "watches") for name in absent.watches]
    complete = shown or (late if verdict is Verdict.VIOLATED else [])
    at = deadline if verdict is Verdict.VIOLATED else None
    if verdict is not Verdict.VIOLATED and complete:
        at = Bounds(min(d.fact.earliest_us for d in complete), min(d.fact.latest_us for d in complete))
    assumptions = {a for d in (*in_time, *late) if (a := dict(rule.select.acts).get(d.fact.act))}
    assumptions |= grounds([d.fact for d in (*in_time, *late)], rule)
    assumptions |= absent.assumptions if absent is not None else set()
    return Outcome(
        rule=rule.rule,
        instance=instance,
        verdict=verdict,
        bearer=bearer,
        candidates=(bearer,),
        evidence=tuple(sorted(set(evidence), key=lambda e: (e.role, e.observation))),
        at=at,
        binds=binds.starts,
        deadline=deadline,
        unknowns=unknowns,
        assumptions=tuple(sorted(assumptions)),
        breach=_overdue(world, variant, verdict, deadline, trigger.fact.earliest_us if trigger else binds.starts),
    )


def _may_begin_too_late(binds: Binding, deadline: Bounds, bearer: str) -> tuple[Unknown, ...]:
    """What leaves it open whether a duty began before it was due; empty where it surely did.

    A deadline that counts from the same instant moves with it; one that is exact does not, and none moves with the act
    by which the bearer comes to be bound.
    """
    if binds.joined is not None and deadline.earliest_us <= binds.joined.latest_us:
        return (Unknown("joining", candidate=bearer),)
    starts = binds.own
    if starts is None:
        return ()
    if never(starts) and not never(deadline):
        return (Unknown("time", other=f"{MAYBE_NEVER}{starts.earliest_us}"),)
    if deadline.earliest_us == deadline.latest_us < starts.latest_us:
        return (Unknown("time", other=str(deadline.earliest_us)),)
    return ()


def _overdue(
    world: World, variant: Variant, verdict: Verdict, deadline: Bounds | None, began: Bounds | int | None
) -> Bounds | None:
    """When the breach, if it is one, was complete: as the time ran out, and by now; None where it cannot be one."""
    if variant.deadline is None or verdict not in {Verdict.VIOLATED, Verdict.INDETERMINATE}:
        return None
    if deadline is not None:
        return Bounds(deadline.earliest_us, min(deadline.latest_us, world.at_us))
    first = began.earliest_us if isinstance(began, Bounds) else began
    return None if first is None else Bounds(min(first, world.at_us), world.at_us)


def _gate(clock: Clock, variant: Variant, binds: Binding, deadline: Bounds | None, verdict: Verdict) -> str:
    """The gate that leaves a duty open, or for which it waits; empty where there is none."""
    due = inexact(clock, variant.deadline)
    if verdict is Verdict.INDETERMINATE:
        return due or binds.gate
    if verdict not in {Verdict.PENDING, Verdict.UNOBSERVED}:
        return ""
    if due and never(deadline):
        return due
    return binds.gate if never(binds.starts) else ""


def _verdict(
    world: World,
    rule: RulePlan,
    deadline: Bounds | None,
    waiting: str,
    variant: Variant,
    sure: list[_Done],
    in_time: list[_Done],
    late: list[_Done],
) -> tuple[Verdict, tuple[Unknown, ...]]:
    if sure:
        return Verdict.COMPLIED, ()
    open_ = tuple(sorted({r for d in in_time for r in d.reasons}))
    if waiting:
        mark = Unknown("anchor", other=waiting)
        return (Verdict.INDETERMINATE, (mark, *open_)) if in_time else (Verdict.PENDING, (mark,))
    if variant.deadline is None or deadline is None:
        return (Verdict.INDETERMINATE, open_) if in_time else (Verdict.PENDING, (Unknown("anchor", other=""),))
    if world.at_us < deadline.earliest_us:
        return Verdict.PENDING, open_
    if in_time:
        return Verdict.INDETERMINATE, open_
    if rule.once and any(d.done is Truth.TRUE for d in late):
        return Verdict.VIOLATED, ()
    if world.at_us < deadline.latest_us:
        return Verdict.INDETERMINATE, (Unknown("anchor", other="whether the deadline has passed"),)
    if late:
        return Verdict.INDETERMINATE, (Unknown("performance", late[0].fact.id),)
    return Verdict.UNOBSERVED, ()


_SILENT = {Verdict.UNOBSERVED, Verdict.INDETERMINATE}
"""Verdicts for want of a report in time: an absence that is established settles them."""


_AHEAD = {Verdict.PENDING, Verdict.INDETERMINATE}
"""Verdicts on a duty that is not yet due."""


def _quiet(trigger: Trigger | None, binds: Binding, deadline: Bounds | None) -> tuple[int, int] | None:
    """From when a duty began until its deadline has passed: what nobody saw in that time was left undone."""
    if deadline is None:
        return None
    if trigger is not None:
        return trigger.fact.earliest_us, deadline.latest_us
    return None if binds.starts is None or binds.unknown else (binds.starts.earliest_us, deadline.latest_us)


def _done(
    world: World, rule: RulePlan, bearer: str, trigger: Trigger | None, fact: Fact, deadline: Bounds | None
) -> _Done:
    values = [
        (achieved(fact, world.at_us), Unknown("evaluation-instant", fact.id)),
        (by_whom(fact, bearer), Unknown("actor", fact.id, bearer)),
        (proves(fact, rule), Unknown("proof", fact.id)),
    ]
    for predicate in rule.select.predicates:
        if min(v for v, _ in values) is Truth.FALSE:
            break
        mark = Unknown("predicate", fact.id, bearer, world.numbers[predicate])
        values.append((fact.truth(predicate, bearer), mark))
    if trigger is not None:
        values.append((_answers(world, fact, trigger), Unknown("performance", fact.id, bearer)))
    if world.undenied(fact, rule) is Truth.UNKNOWN:
        values.append((Truth.UNKNOWN, Unknown("denied", world.denied(fact)[0].id)))
    in_time = Truth.TRUE if deadline is None else before(fact, deadline)
    reasons = [mark for value, mark in values if value is Truth.UNKNOWN]
    if in_time is Truth.UNKNOWN:
        reasons.append(Unknown("time", fact.id, bearer, other=str(deadline.earliest_us) if deadline else ""))
    return _Done(fact, min(v for v, _ in values), in_time, tuple(reasons))


def _corroborated(world: World, rule: RulePlan, found: list[_Done]) -> list[_Done]:
    """What was done, with that unknown of which too few origins report; being in time is for each to say."""
    settled: dict[str, Truth] = {}
    for in_time in Truth:
        marks = [(d.fact, d.done) for d in found if d.in_time is in_time]
        settled |= {f.id: value for f, value in corroborated(marks, rule, world.instance)}
    weak = [d.fact for d in found if settled[d.fact.id] is not d.done]
    lacking = Unknown("corroboration", other=str(origins(weak)))
    return [replace(d, done=Truth.UNKNOWN, reasons=(*d.reasons, lacking)) if d.fact in weak else d for d in found]


def _unopposed(world: World, rule: RulePlan, bearer: str, binds: Binding | None, found: list[_Done]) -> list[_Done]:
    """What was done, with that unknown of which another report of the same event tells something else."""

    def otherwise(one: _Done, other: _Done) -> bool:
        if by(other.fact, world.at_us) is Truth.FALSE:
            return False
        early = binds is not None and not binds.unknown and falls_in(other.fact, binds) is Truth.FALSE
        late = {one.in_time, other.in_time} == {Truth.TRUE, Truth.FALSE}
        someone_else = by_whom(other.fact, bearer) is Truth.FALSE
        return early or late or someone_else or differs(other.fact, rule.select, bearer)

    settled = []
    for one in found:
        opposed = against(world, one.fact, (d.fact for d in found if otherwise(one, d)), rule)
        marks = tuple(Unknown("conflict", o.id) for o in opposed)
        done = min(one.done, Truth.UNKNOWN) if opposed else one.done
        settled.append(replace(one, done=done, reasons=(*one.reasons, *marks), against=opposed))
    return settled


def _answers(world: World, fact: Fact, trigger: Trigger) -> Truth:
    """Whether a record answers a trigger: it says so, or (where it says nothing of the kind) it may."""
    if fact.latest_us < trigger.fact.earliest_us:
        return Truth.FALSE
    after = Truth.TRUE if fact.earliest_us >= trigger.fact.latest_us else Truth.UNKNOWN
    if fact.refers_to & trigger.names or any(belongs(world, fact, report) for report in trigger.reports):
        return after
    if any(belongs(world, fact, report) for report in trigger.beside):
        return min(after, Truth.UNKNOWN)
    return Truth.FALSE if fact.refers_to else Truth.UNKNOWN
