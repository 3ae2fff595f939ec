"""Rules that hold while the obligations of others are met: when they lapse.

With the first violation of what has to be met, or with the first determination of one, by somebody else than the one
bound, while the rule bound him: nobody is freed by what he breaks himself (Permanent Court of International Justice,
Factory at Chorzow, 1927, Series A no. 9, p. 31). What no record shows to be broken has ended nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from servanda.moments import NEVER_US, Bounds, Moment, between, perhaps
from servanda.outcomes import SHOWING, Ended, Evidence, Outcome, Verdict
from servanda.stream import breaches, joining
from servanda.stream.timing import binding, falls_in, last_moment
from servanda.truth import Truth, opposite

if TYPE_CHECKING:
    from servanda.locate.facts import Fact
    from servanda.plan import Lapse, RulePlan
    from servanda.stream.world import World

_BROKEN = {Verdict.VIOLATED: Truth.TRUE, Verdict.INDETERMINATE: Truth.UNKNOWN}
_RESTING = {Verdict.VIOLATED, Verdict.EXCUSED, Verdict.COMPLIED, Verdict.INDETERMINATE}


@dataclass(frozen=True)
class Lapsed:
    """When a rule lapses for somebody.

    Attributes:
        moment: Not before its earliest, and surely by its latest; None where nothing on record ends it.
        of: The violations that end it, or may.
        records: The records by which they were determined, where that is what ends it.
    """

    moment: Moment | None = None
    of: tuple[Outcome, ...] = ()
    records: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _End:
    """A violation that ends a rule, or may."""

    outcome: Outcome
    when: Bounds
    value: Truth
    records: frozenset[str]


def lapsed(world: World, rule: RulePlan, lapse: Lapse, bearer: str) -> Lapsed:
    """When a rule lapses for somebody, as far as is known at the instant of evaluation."""
    key = rule.rule, lapse, bearer
    found = world.lapsed.get(key)
    if found is None:
        found = world.lapsed[key] = _lapsed(world, rule, lapse, bearer)
    return found


def _lapsed(world: World, rule: RulePlan, lapse: Lapse, bearer: str) -> Lapsed:
    binds = binding(world.clock(rule), lapse.span, bearer)
    violations = world.violations.get(lapse.marks, {})
    ends = []
    for name in lapse.marks.rules:
        for outcome in violations.get(name, ()):
            end = _end(world, lapse, outcome, bearer)
            if end is None:
                continue
            value = min(end.value, falls_in(breaches.instant(outcome, end.when), binds))
            if value is not Truth.FALSE:
                ends.append(replace(end, value=value))
    if not ends:
        return Lapsed()
    latest = min((e.when.latest_us for e in ends if e.value is Truth.TRUE), default=NEVER_US)
    of = [e for e in ends if e.when.earliest_us <= latest]
    moment = between(min(e.when.earliest_us for e in of), min(latest, max(e.when.latest_us for e in of)), world.zone)
    return Lapsed(
        moment if latest < NEVER_US else perhaps(moment),
        tuple(e.outcome for e in of),
        frozenset(r for e in of for r in e.records),
    )


def _end(world: World, lapse: Lapse, outcome: Outcome, bearer: str) -> _End | None:
    """An outcome as what ends a rule: when it was broken, or determined to be, and whether surely by another."""
    if lapse.marks.determined:
        made = breaches.determined(world, outcome)
        if made.when is None:
            return None
        other = opposite(breaches.determined_by(outcome, made, bearer))
        records = frozenset(f.id for f in made.facts)
        return _End(outcome, made.when, min(Truth.TRUE if made.sure else Truth.UNKNOWN, other), records)
    if outcome.breach is None or outcome.verdict not in _BROKEN:
        return None
    value = min(_BROKEN[outcome.verdict], opposite(breaches.broken_by(outcome, bearer)))
    return _End(outcome, outcome.breach, value, frozenset())


def resting(world: World, rule: RulePlan, outcome: Outcome) -> Outcome:
    """An outcome with what it rests on besides its own facts: gates, who is bound, and what made the rule lapse.

    What was seen wholly before the rule can have lapsed does not rest on that.
    """
    made = joining.resting(world, rule, outcome)
    if not rule.lapses:
        return made
    named = (made.bearer,) if made.bearer is not None else made.candidates or rule.bearers
    who = [one for one in named if one in rule.bearers]
    seen = [f for e in made.evidence if e.role in SHOWING and (f := world.fact(e.observation)) is not None]
    every = [(lapse, lapsed(world, rule, lapse, one)) for lapse in rule.lapses for one in who]
    ended = [(lapse, one) for lapse, one in every if one.moment is not None and _after(seen, one.moment)]
    told = tuple(dict.fromkeys(_told(rule, lapse, one, one.moment) for lapse, one in ended if one.moment is not None))
    if made.verdict not in _RESTING:
        return replace(made, ended=told)
    records = {e.observation for _, one in ended for o in one.of for e in o.evidence}
    records |= {r for _, one in ended for r in one.records}
    known = {e.observation for e in made.evidence}
    used = {a for _, one in ended for o in one.of for a in o.assumptions}
    return replace(
        made,
        evidence=(*made.evidence, *(Evidence(name, "ends") for name in sorted(records - known))),
        assumptions=tuple(sorted({*made.assumptions, *used})),
        ended=told,
    )


def _told(rule: RulePlan, lapse: Lapse, one: Lapsed, moment: Moment) -> Ended:
    under = [set(v.readings) for v in rule.variants if lapse in v.lapses]
    reading = set.intersection(*under) if 0 < len(under) < len(rule.variants) else set()
    of = tuple((o.rule, o.instance) for o in one.of)
    return Ended(
        Bounds(moment.earliest_us, moment.latest_us),
        of,
        lapse.marks.determined,
        tuple(sorted(name for _, name in reading)),
    )


def _after(seen: list[Fact], moment: Moment) -> bool:
    """Whether what was seen, if it is facts that show it, may have been after a moment."""
    return not seen or any(last_moment(fact) >= moment.earliest_us for fact in seen)
