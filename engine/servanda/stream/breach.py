"""A prohibition, evaluated: one outcome for each incident in which it was, or may have been, breached."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from servanda.locate.facts import TALLY, Fact
from servanda.moments import NEVER_US, Bounds, hull
from servanda.outcomes import MAYBE_NEVER, OUTSIDER, Evidence, Outcome, Unknown, Verdict, by_any_reading
from servanda.plan import AtLeastOne, RulePlan, Variant
from servanda.stream import conflict
from servanda.stream.coverage import Silence, silence
from servanda.stream.excuses import Excused, excuses
from servanda.stream.joining import waited_for
from servanda.stream.proof import enough, grounds, origins, proves, weighs
from servanda.stream.timing import Binding, binding, by, falls_in, hangs_on_a_report, never, open_edge, since
from servanda.stream.world import World
from servanda.truth import Truth, agree


@dataclass
class Account:
    """How one observation fared under one rule.

    Attributes:
        value: Whether it shows a breach.
        reasons: What was unknown (where the value is unknown) or what ruled it out (where it is false).
        candidates: Who it may have been.
        assumptions: The assumptions used, by id.
        outside: Whether it is, or may be, what the rule forbids, but by someone who is surely not bound.
    """

    value: Truth
    reasons: tuple[Unknown, ...]
    candidates: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    outside: bool = False


@dataclass
class Breach:
    """The outcome of an incident, if there is one, and how each of its observations fared."""

    outcome: Outcome | None
    accounts: dict[str, Account] = field(default_factory=dict)


def evaluate(world: World, rule: RulePlan, instance: str, facts: tuple[Fact, ...]) -> Breach:
    """Evaluate a prohibition for one incident under every choice of readings."""
    found: list[tuple[Variant, Outcome | None, dict[str, Account]]] = []
    for variant in rule.variants:
        outcome, accounts = _variant(world, rule, variant, instance, facts)
        found.append((variant, outcome, accounts))
    outcomes = [o for _, o, _ in found if o is not None]
    accounts = found[-1][2]
    if not outcomes:
        return Breach(None, accounts)
    first = outcomes[0]
    verdicts = tuple((v.readings, o.verdict if o else Verdict.NOT_APPLICABLE) for v, o, _ in found)
    readings = verdicts if any(v.readings for v in rule.variants) else ()
    agreed = len({verdict for _, verdict in verdicts}) == 1
    merged = replace(
        first,
        verdict=first.verdict if agreed else Verdict.INDETERMINATE,
        bearer=first.bearer if len({o.bearer for o in outcomes}) == 1 else None,
        candidates=_in_order(rule, {c for o in outcomes for c in o.candidates}),
        evidence=by_any_reading([o.evidence for o in outcomes]),
        by_reading=readings,
        binds=hull([o.binds for o in outcomes]),
        breach=hull([o.breach for o in outcomes]),
    )
    return Breach(merged, accounts)


def _variant(
    world: World, rule: RulePlan, variant: Variant, instance: str, facts: tuple[Fact, ...]
) -> tuple[Outcome | None, dict[str, Account]]:
    clock = world.clock(rule)
    spans = {bearer: binding(clock, variant.span, bearer) for bearer in rule.bearers}
    accounts = {f.id: _account(world, rule, variant, spans, f) for f in facts}
    shown = [f for f in facts if accounts[f.id].value is not Truth.FALSE]
    if not shown:
        return _not_bound(rule, instance, [f for f in facts if accounts[f.id].outside], accounts), accounts
    best = max(accounts[f.id].value for f in shown)
    telling = [f for f in shown if accounts[f.id].value is best]
    if best is Truth.TRUE and not enough(telling, rule):
        lacking = Unknown("corroboration", other=str(origins(telling)))
        for fact in telling:
            accounts[fact.id] = replace(accounts[fact.id], value=Truth.UNKNOWN, reasons=(lacking,))
        best, telling = Truth.UNKNOWN, shown
    unknowns = {r for f in telling for r in accounts[f.id].reasons} if best is Truth.UNKNOWN else set()
    denied = {d for f in telling for d in world.denied(f)}
    others = [f for f in facts if accounts[f.id].outside]
    otherwise = [f for f in facts if _says_otherwise(world, f, accounts[f.id]) and f not in others]
    against = {o for f in telling for o in conflict.against(world, f, otherwise, rule)}
    against |= {o for o in others if weighs(o, rule) is Truth.TRUE}
    contradicted = any(world.undenied(f, rule) is Truth.UNKNOWN for f in telling)
    if best is Truth.TRUE and (contradicted or against):
        best = Truth.UNKNOWN
    unknowns |= {Unknown("conflict", observation=o.id) for o in against if o not in others}
    if contradicted:
        unknowns |= {Unknown("denied", observation=d.id) for d in denied}
    unknowns |= {Unknown("actor", f.id, c) for f in others if f in against for c in f.actors}
    named = {c for f in shown for c in f.actors if c in accounts[f.id].candidates}
    candidates = _in_order(rule, named | {c for f in telling for c in accounts[f.id].candidates})
    who_of = {f.id: tuple(c for c in accounts[f.id].candidates if c in rule.bearers) for f in shown}
    lifted = excuses(world, rule, variant.unless, shown, telling if best is Truth.TRUE else [], who_of, spans)
    verdict, tried = lifted.verdict, lifted.exceptions.values()
    if best is Truth.TRUE and verdict is Verdict.INDETERMINATE:
        unknowns |= {u for t in tried if t.lifts is Truth.UNKNOWN for u in t.unknowns}
    evidence = [Evidence(f.id, "shows" if accounts[f.id].value is Truth.TRUE else "may-show") for f in shown]
    evidence += [Evidence(d.id, "contradicts") for d in {*denied, *others, *against}]
    evidence += [Evidence(d, "contradicts") for t in tried for d in t.denials]
    evidence += [Evidence(r, "shows-exception") for t in tried for r in t.records]
    evidence += [Evidence(c, "claims") for t in tried for c in t.claims]
    binds = hull([spans[c].starts for c in candidates if c in spans])
    since = binds.earliest_us if binds else 0
    used = {a for f in telling for a in accounts[f.id].assumptions}
    used |= {a for t in tried for a in t.assumptions}
    outcome = Outcome(
        rule=rule.rule,
        instance=instance,
        verdict=verdict,
        bearer=_sure_bearer(candidates, [*shown, *others, *against]),
        candidates=candidates,
        evidence=tuple(sorted(set(evidence), key=lambda e: (e.role, e.observation))),
        at=Bounds(max(since, min(f.earliest_us for f in telling)), max(since, min(f.latest_us for f in telling))),
        binds=binds,
        unknowns=tuple(sorted(unknowns)),
        assumptions=tuple(sorted(used)),
        exceptions=tuple((name, t.result) for name, t in lifted.exceptions.items()),
        missing=tuple(sorted({m for t in tried for m in t.missing})),
        cut=tuple(sorted({c for t in tried for c in t.cut})),
        breach=None if verdict is Verdict.EXCUSED else _complete(lifted, since),
    )
    return outcome, accounts


def _complete(lifted: Excused, since: int) -> Bounds:
    """When the breach, if it is one, was complete: not after its first sure report, nor before any report of it.

    Where even what is sure may not be a breach, it may have been as late as the last report has it.
    """
    first = min(f.earliest_us for f in lifted.breaking)
    last = min((f.latest_us for f in lifted.free), default=max(f.latest_us for f in lifted.breaking))
    return Bounds(max(since, first), max(since, last))


def _says_otherwise(world: World, fact: Fact, account: Account) -> bool:
    """Whether an observation surely shows no breach by what it tells of the event: where, what, when, or by whom."""
    if by(fact, world.at_us) is Truth.FALSE:
        return False
    counted = world.numbers.get(AtLeastOne())
    telling = (r.kind in {"predicate", "time", "actor", "joining"} and r.predicate != counted for r in account.reasons)
    return account.value is Truth.FALSE and bool(account.reasons) and all(telling)


def _sure_bearer(candidates: tuple[str, ...], shown: list[Fact]) -> str | None:
    """Whose duty it was, where no source names anyone else, be it someone by whom it would be no breach."""
    named = {a for f in shown for a in f.actors}
    return candidates[0] if len(candidates) == 1 and candidates[0] != OUTSIDER and named <= set(candidates) else None


def _not_bound(rule: RulePlan, instance: str, facts: list[Fact], accounts: dict[str, Account]) -> Outcome | None:
    """What the rule forbids, done by someone who is not bound: no breach, and nothing to keep silent about."""
    if not facts:
        return None
    return Outcome(
        rule=rule.rule,
        instance=instance,
        verdict=Verdict.NOT_APPLICABLE,
        candidates=_in_order(rule, {c for f in facts for c in accounts[f.id].candidates}),
        evidence=tuple(sorted((Evidence(f.id, "may-show") for f in facts), key=lambda e: e.observation)),
        at=Bounds(min(f.earliest_us for f in facts), min(f.latest_us for f in facts)),
        assumptions=tuple(sorted({a for f in facts for a in accounts[f.id].assumptions})),
    )


def _account(world: World, rule: RulePlan, variant: Variant, spans: dict[str, Binding], fact: Fact) -> Account:
    candidates, assumptions = who(rule, fact)
    per: dict[str, Truth] = {}
    reasons: dict[str, list[Unknown]] = {}
    unbound: list[Truth] = []
    for candidate in candidates:
        if candidate == OUTSIDER:
            per[candidate], reasons[candidate] = Truth.FALSE, [Unknown("actor", fact.id, candidate)]
            continue
        binds = spans.get(candidate) or binding(world.clock(rule), variant.span, candidate)
        value, open_ = _tested(world, rule, binds, fact, candidate)
        if candidate in rule.bearers:
            per[candidate], reasons[candidate] = value, open_
            if value is Truth.FALSE and binds.joined is not None:
                otherwise = _tested(world, rule, binds.for_all, fact, candidate)[0]
                unbound.extend([otherwise] if otherwise is not Truth.FALSE else [])
        else:
            per[candidate], reasons[candidate] = Truth.FALSE, [Unknown("actor", fact.id, candidate)]
            if candidate not in rule.parties:
                unbound.append(value)
    value = agree(per.values())
    why = _why(value, per, reasons, fact, rule)
    if value is not Truth.FALSE and proves(fact, rule, breach=True) is Truth.UNKNOWN:
        value = Truth.UNKNOWN
        why.append(Unknown("proof", fact.id))
    counted = dict(rule.select.acts).get(fact.act)
    used = [*assumptions, *([counted] if counted else []), *sorted(grounds([fact], rule))]
    possible = tuple(c for c in candidates if per[c] is not Truth.FALSE or c == OUTSIDER)
    outside = len(unbound) == len(candidates) and max(unbound) is not Truth.FALSE
    return Account(value, tuple(dict.fromkeys(why)), candidates if outside else possible, tuple(used), outside)


def _tested(world: World, rule: RulePlan, binds: Binding, fact: Fact, candidate: str) -> tuple[Truth, list[Unknown]]:
    """Whether it is a breach, if it was this actor and the rule bound him; and what decides it."""
    own = binds.for_all
    bound = falls_in(fact, own)
    time = Unknown("time", fact.id, candidate, other=_edge(fact, own))
    gate = _gate(fact, own)
    if bound is Truth.UNKNOWN and gate:
        time = Unknown("gate", fact.id, candidate, other=gate)
    elif bound is Truth.UNKNOWN and own.lapse and open_edge(fact, own) is own.ends:
        time = Unknown("lapse", fact.id, candidate)
    elif own.unknown or (bound is Truth.UNKNOWN and own.open_end and not time.other):
        time = Unknown("anchor", fact.id, candidate, other=own.unknown or own.open_end)
    values = [(by(fact, world.at_us), Unknown("evaluation-instant", fact.id)), (bound, time)]
    if binds.joined is not None:
        values.append((since(fact, binds.joined), Unknown("joining", fact.id, candidate)))
        together = falls_in(fact, binds)  # what lasted may have lasted within each of the two, and not within both
        values += [(together, time)] if together < min(v for v, _ in values[1:]) else []
    for predicate in rule.select.predicates:
        if min(v for v, _ in values) is Truth.FALSE:
            break
        mark = Unknown("predicate", fact.id, candidate, world.numbers[predicate])
        values.append((fact.truth(predicate, candidate), mark))
    value = min(v for v, _ in values)
    return value, [mark for v, mark in values if v is value and v is not Truth.TRUE]


def _gate(fact: Fact, binds: Binding) -> str:
    """The gate that leaves open whether a rule bound just then."""
    edge = open_edge(fact, binds)
    if edge is None:
        return ""
    return binds.gate if edge is binds.starts else binds.end_gate


def _edge(fact: Fact, binds: Binding) -> str:
    edge = open_edge(fact, binds)
    if edge is None:
        return ""
    return f"{MAYBE_NEVER}{edge.earliest_us}" if edge.latest_us >= NEVER_US else str(edge.earliest_us)


def _why(
    value: Truth, per: dict[str, Truth], reasons: dict[str, list[Unknown]], fact: Fact, rule: RulePlan
) -> list[Unknown]:
    """What ruled it out, where it is false; what is open, where it is unknown."""
    if value is Truth.FALSE:
        return [r for c in per for r in reasons[c]]
    why = [r for c, v in per.items() if v is Truth.UNKNOWN for r in reasons[c]]
    bound = {v for c, v in per.items() if c in rule.bearers}
    if {Truth.TRUE, Truth.FALSE} <= bound:
        why.append(Unknown("candidates", fact.id))
    why.extend(Unknown("actor", fact.id, c) for c in per if c not in rule.bearers and value is Truth.UNKNOWN)
    return why


def who(rule: RulePlan, fact: Fact) -> tuple[tuple[str, ...], list[str]]:
    """Who it may have been, and the assumptions by which that is so."""
    if fact.actors:
        return fact.actors, []
    sure = [
        w for w in rule.whichever if fact.act in w.acts and fact.truths.get((w.zone, ""), Truth.UNKNOWN) is Truth.TRUE
    ]
    if sure:
        return rule.parties, [sure[0].assumption]
    return (*rule.parties, OUTSIDER), []


def _in_order(rule: RulePlan, names: set[str]) -> tuple[str, ...]:
    known = [p for p in rule.parties if p in names]
    return (*known, *sorted(names - set(known)))


def remainder(world: World, rule: RulePlan) -> Outcome:
    """The one outcome of a prohibition under which nothing was seen: silence is not compliance."""
    clock = world.clock(rule)
    found = [b for v in rule.variants for one in rule.bearers if not outside(b := binding(clock, v.span, one))]
    if not found:
        return Outcome(rule=rule.rule, instance="remainder", verdict=Verdict.NOT_APPLICABLE)
    waiting = sorted({b.unknown for b in found if b.unknown})
    starts = hull([b.starts for b in found])
    reported = any(hangs_on_a_report(v.span.starts) for v in rule.variants)
    not_yet = starts is not None and world.at_us < starts.earliest_us
    not_yet = not_yet or all(b.joined is not None and b.joined.earliest_us >= world.at_us for b in found)
    verdict = Verdict.PENDING if (waiting or not_yet) and not (waiting and reported) else Verdict.UNOBSERVED
    kept = _kept(world, rule) if verdict is Verdict.UNOBSERVED and not waiting else None
    counted = () if kept is None or starts is None else tallies(world, starts.earliest_us)
    if kept is not None:
        verdict = Verdict.INDETERMINATE if counted else Verdict.COMPLIED
    evidence = [] if kept is None else [Evidence(name, "watches") for name in sorted(kept.watches)]
    gates = (
        sorted({b.gate for b in found if b.gate and not b.unknown and never(b.starts)})
        if verdict is not Verdict.COMPLIED
        else []
    )
    return Outcome(
        rule=rule.rule,
        instance="remainder",
        verdict=verdict,
        binds=hull([b.own for b in found]),
        evidence=(*(Evidence(t.id, "contradicts") for t in counted), *evidence),
        unknowns=(
            *(Unknown("anchor", other=name) for name in waiting),
            *(Unknown("gate", other=name) for name in gates),
            *(waited_for(world, rule) if verdict in {Verdict.PENDING, Verdict.UNOBSERVED} else ()),
            *(Unknown("tally", observation=t.id) for t in counted),
        ),
        assumptions=() if kept is None else tuple(sorted(kept.assumptions)),
    )


def outside(binds: Binding) -> bool:
    """Whether a span is of somebody who is known never to be bound."""
    return binds.joined is not None and binds.joined.earliest_us >= NEVER_US


def tallies(world: World, since_us: int) -> tuple[Fact, ...]:
    """Totals, of whatever they are, that may count something of the time in which nothing was seen."""
    found = world.by_act.get(TALLY, {}).values()
    counting = [t for t in found if t.truth(AtLeastOne(), "") is not Truth.FALSE]
    return tuple(
        sorted((t for t in counting if t.latest_us > since_us and t.earliest_us <= world.at_us), key=lambda t: t.id)
    )


def _kept(world: World, rule: RulePlan) -> Silence | None:
    """What establishes that nobody broke a rule from when it began to bind until now, or until it ended."""
    watches: set[str] = set()
    assumptions: set[str] = set()
    for variant in rule.variants:
        for bearer in rule.bearers:
            binds = binding(world.clock(rule), variant.span, bearer)
            if binds.joined is not None and binds.joined.earliest_us >= world.at_us:
                continue
            starts = binds.starts.earliest_us if binds.starts else None
            if starts is None or (world.since_us is not None and world.since_us > starts):
                return None
            end = world.at_us if binds.ends is None else min(binds.ends.latest_us, world.at_us)
            found = silence(world, rule, bearer, starts, end)
            if found is None:
                return None
            watches |= found.watches
            assumptions |= found.assumptions
    return Silence(frozenset(watches), frozenset(assumptions))
