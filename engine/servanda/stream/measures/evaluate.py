"""A rule about how much, evaluated: outcomes for each bearer, by episode or by period, and one for what nobody saw."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from servanda.moments import hull
from servanda.outcomes import Evidence, Outcome, Unknown, Verdict, by_any_reading
from servanda.plan import RulePlan, Variant
from servanda.stream.breach import tallies
from servanda.stream.coverage import Silence, silence
from servanda.stream.measures import instants, periods, ratios, rolling
from servanda.stream.measures.aligning import aligned
from servanda.stream.measures.found import Found, assumptions, evidence
from servanda.stream.measures.marks import Asked
from servanda.stream.timing import Binding, binding, hangs_on_a_report
from servanda.stream.world import World


def evaluate(world: World, rule: RulePlan) -> list[Outcome]:
    """The outcomes of a rule about how much, under every choice of readings."""
    found_by = [{o.instance: o for o in _variant(world, rule, v)} for v in rule.variants]
    if rule.beyond[0].measure.period in {"instant", "any", "running"} and not rule.owed:
        found_by = aligned(found_by)
    names = dict.fromkeys(name for found in found_by for name in sorted(found))
    return [_by_reading(rule, [found.get(name) for found in found_by]) for name in sorted(names)]


def of_period(world: World, rule: RulePlan, bearer: str, name: str) -> list[Outcome]:
    """The outcome of a rule about how much in each period, for one bearer and one period; none where nothing tells."""
    told = []
    for variant in rule.variants:
        asked = _asked(world, rule, variant, bearer)
        found = next((f for _, f in periods.found(asked, name) if f is not None), None)
        told.append(None if found is None else _of_period(asked[0], name, found))
    return [_by_reading(rule, told)] if any(told) else []


def of_no_period(world: World, rule: RulePlan, bearer: str, told: Sequence[Collection[str]]) -> list[Outcome]:
    """The outcome for one bearer of the periods that nobody tells anything of; none where there is none.

    Args:
        world: The facts that count, at one instant.
        rule: The rule.
        bearer: The bearer.
        told: Under each choice of readings, the periods of which somebody tells something.
    """
    found = []
    for variant, names in zip(rule.variants, told, strict=True):
        asked = _asked(world, rule, variant, bearer)
        untold = (p for p in periods.periods(asked[0]) if p.name not in names)
        passed = any(world.at_us >= p.end_us for p in itertools.islice(untold, 1))
        found.append(_of_no_period(asked[0], variant, told=bool(names), passed=passed))
    return [_by_reading(rule, found)] if any(found) else []


def of_episodes(world: World, rule: RulePlan, bearer: str) -> list[Outcome]:
    """The outcomes of a rule about how much in any stretch of time, for one bearer: what was, or may be, too much."""
    found_by = []
    for variant in rule.variants:
        asked = _asked(world, rule, variant, bearer)
        found_by.append({o.instance: o for one in asked for o in _by_episode(one, variant, silent=False)})
    found_by = aligned(found_by)
    names = {name for found in found_by for name in found}
    return [_by_reading(rule, [found.get(name) for found in found_by]) for name in sorted(names)]


def of_no_episode(world: World, rule: RulePlan, bearer: str, limit: str) -> list[Outcome]:
    """The outcome for one bearer and one limit of which no episode is known under any reading."""
    found: list[Outcome | None] = []
    for variant in rule.variants:
        one = next(a for a in _asked(world, rule, variant, bearer) if a.beyond.name == limit)
        found.append(_silent(one, f"{bearer}:{limit}", variant, _kept(one)))
    return [_by_reading(rule, found)]


def _by_reading(rule: RulePlan, told: list[Outcome | None]) -> Outcome:
    """One instance, given its outcome under each choice of readings; None where there is no such instance under one."""
    shown = [o for o in told if o is not None]
    verdicts = tuple(
        (v.readings, Verdict.NOT_APPLICABLE if o is None else o.verdict)
        for v, o in zip(rule.variants, told, strict=True)
    )
    agreed = len({verdict for _, verdict in verdicts}) == 1
    return replace(
        shown[0],
        verdict=shown[0].verdict if agreed else Verdict.INDETERMINATE,
        evidence=by_any_reading([o.evidence for o in shown]),
        by_reading=verdicts if any(v.readings for v in rule.variants) else (),
        binds=hull(o.binds for o in shown),
        deadline=hull(o.deadline for o in shown),
    )


def _asked(world: World, rule: RulePlan, variant: Variant, bearer: str) -> list[Asked]:
    """Every limit of a rule for one bearer."""
    binds = binding(world.clock(rule), variant.span, bearer)
    return [Asked(world, p, b, bearer, binds) for p, b in zip(rule.parts, rule.beyond, strict=True)]


def _variant(world: World, rule: RulePlan, variant: Variant) -> Iterator[Outcome]:
    for bearer in rule.bearers:
        asked = _asked(world, rule, variant, bearer)
        if rule.beyond[0].measure.period in {"day", "month"}:
            yield from _by_period(asked, variant)
            continue
        others = rule.against or [None] * len(asked)
        for one, other in zip(asked, others, strict=True):
            yield from _by_episode(one, variant) if other is None else _by_ratio(one, other, variant)


def _by_ratio(asked: Asked, part: RulePlan, variant: Variant) -> Iterator[Outcome]:
    """What was over a limit for each of something else, or what was due for each; else what is known of the silence."""
    each, due = asked.beyond.each, asked.beyond.floor
    if each is None:
        return
    other = ratios.against(asked, each, part)
    found = list(_named(asked, ratios.floor(asked, other, variant) if due else ratios.ceiling(asked, other)))
    yield from found or [_silent(asked, _of(asked), variant, None if due else _kept(asked))]


def _by_episode(asked: Asked, variant: Variant, *, silent: bool = True) -> Iterator[Outcome]:
    """What was over a limit, or within it, by episode; else what is known of the silence, if that is asked for."""
    rolling_ = asked.beyond.measure.period == "any"
    found = list(_named(asked, (rolling if rolling_ else instants).found(asked)))
    yield from found
    if silent and not found:
        yield _silent(asked, _of(asked), variant, _kept(asked) if rolling_ else None)


def _of(asked: Asked) -> str:
    """What the instances of a limit begin with: whose it is, and its name."""
    return f"{asked.bearer}:{asked.beyond.name}"


def _named(asked: Asked, found: Iterable[tuple[str, Found]]) -> Iterator[Outcome]:
    """Outcomes of one limit, each by what it began with; several that began with the same are numbered."""
    used: dict[str, int] = {}
    for key, one in found:
        used[key] = used.get(key, 0) + 1
        again = f":{used[key]}" if used[key] > 1 else ""
        yield _outcome(asked, f"{_of(asked)}:{key}{again}", (one,), one.verdict)


def _by_period(asked: list[Asked], variant: Variant) -> Iterator[Outcome]:
    """What every limit comes to, by period; and one outcome for the periods that nobody tells anything of."""
    first, passed, told = asked[0], False, 0
    for period, found in periods.found(asked):
        if found is None:
            passed = passed or first.world.at_us >= period.end_us
            continue
        told += 1
        yield _of_period(first, period.name, found)
    outcome = _of_no_period(first, variant, told=bool(told), passed=passed)
    if outcome is not None:
        yield outcome


def _of_period(asked: Asked, name: str, found: tuple[Found, ...]) -> Outcome:
    return _outcome(asked, f"{asked.bearer}:{name}", found, _worst(found))


def _of_no_period(asked: Asked, variant: Variant, *, told: bool, passed: bool) -> Outcome | None:
    """What is said of the periods that nobody tells of: `told` whether somebody tells of others, `passed` if one is."""
    if told and not passed:
        return None
    outcome = _silent(asked, asked.bearer, variant, None)
    if outcome.verdict is Verdict.UNOBSERVED and not passed and not outcome.unknowns:
        return replace(outcome, verdict=Verdict.PENDING)
    return outcome


def _worst(found: tuple[Found, ...]) -> Verdict:
    """The verdict of a period with several limits: each has to be kept."""
    verdicts = {f.verdict for f in found}
    return next(v for v in _ORDER if v in verdicts)


_ORDER = (
    Verdict.VIOLATED,
    Verdict.INDETERMINATE,
    Verdict.UNOBSERVED,
    Verdict.PENDING,
    Verdict.COMPLIED,
)


def _kept(asked: Asked) -> Silence | None:
    """What establishes that no more was done than was reported, from when the rule began to bind until now."""
    starts, ends, world = asked.binds.starts, asked.binds.ends, asked.world
    if starts is None or (world.since_us is not None and world.since_us > starts.earliest_us):
        return None
    end = world.at_us if ends is None else min(ends.latest_us, world.at_us)
    return silence(world, asked.rule, asked.bearer, starts.earliest_us, end)


def _outcome(asked: Asked, instance: str, found: tuple[Found, ...], verdict: Verdict) -> Outcome:
    return Outcome(
        rule=asked.rule.rule,
        instance=instance,
        verdict=verdict,
        bearer=asked.bearer,
        candidates=(asked.bearer,),
        evidence=evidence(asked, found),
        at=next((f.at for f in found if f.verdict is verdict and f.at is not None), None),
        binds=asked.binds.starts,
        deadline=next((f.deadline for f in found if f.deadline is not None), None),
        unknowns=tuple(dict.fromkeys(u for f in found if f.verdict is verdict for u in f.unknowns)),
        assumptions=assumptions(asked, found),
        amounts=tuple(f.amount for f in found if f.amount is not None),
    )


def _silent(asked: Asked, instance: str, variant: Variant, kept: Silence | None) -> Outcome:
    """What is said where nothing shows a breach: silence is not compliance, unless somebody always was looking."""
    verdict, waiting = _not_seen(asked.binds, variant, asked.world.at_us)
    if verdict is Verdict.UNOBSERVED and not waiting and kept is not None:
        verdict = Verdict.COMPLIED
    used = kept if kept is not None and verdict is Verdict.COMPLIED else Silence()
    starts = asked.binds.starts
    totals = tallies(asked.world, starts.earliest_us) if starts is not None and used.watches else ()
    if totals:
        verdict = Verdict.INDETERMINATE
    return Outcome(
        rule=asked.rule.rule,
        instance=instance,
        verdict=verdict,
        bearer=asked.bearer,
        candidates=(asked.bearer,),
        binds=asked.binds.starts,
        evidence=(
            *(Evidence(t.id, "contradicts") for t in totals),
            *(Evidence(name, "watches") for name in sorted(used.watches)),
        ),
        unknowns=(
            *(Unknown("anchor", other=name) for name in waiting),
            *(Unknown("tally", observation=t.id) for t in totals),
        ),
        assumptions=tuple(sorted(used.assumptions)),
    )


def _not_seen(binds: Binding, variant: Variant, at_us: int) -> tuple[Verdict, tuple[str, ...]]:
    """Pending where the rule does not bind yet or waits for an instant nobody knows; else unobserved."""
    waiting = (binds.unknown,) if binds.unknown else ()
    not_yet = binds.starts is not None and at_us < binds.starts.earliest_us
    if (waiting or not_yet) and not (waiting and hangs_on_a_report(variant.span.starts)):
        return Verdict.PENDING, waiting
    return Verdict.UNOBSERVED, waiting
