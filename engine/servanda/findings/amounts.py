"""What findings say of how much: the figure against the limit, and what would settle it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servanda import moments
from servanda.findings import words
from servanda.findings.model import Measure, UnitCount
from servanda.outcomes import Verdict
from servanda_dsl import amounts, prose

if TYPE_CHECKING:
    from servanda.findings.because import Case
    from servanda.locate import Located
    from servanda.moments import Bounds
    from servanda.outcomes import Against, Amount, Outcome, Unknown
    from servanda_dsl.model import Agreement, Each, Limit, Rule


def measured(agreement: Agreement, rule: Rule, outcome: Outcome) -> tuple[Measure, ...]:
    """The figures of an outcome against their limits; and what a limit is so many for each of."""
    found = []
    for a in outcome.amounts:
        limit = _limit(rule, a)
        found.append(
            Measure(
                name=amounts.counted(agreement, limit),
                for_=outcome.bearer,
                min=a.least,
                max=a.most,
                limit=_bound(a),
                unit=limit.unit,
            )
        )
        if a.against is not None and limit.each is not None:
            each = limit.each
            found.append(
                Measure(
                    name=amounts.what_done(agreement, each),
                    for_=each.by or outcome.bearer,
                    min=a.against.least,
                    max=a.against.most,
                    unit=each.unit,
                )
            )
    return tuple(found)


def _bound(amount: Amount) -> float | None:
    """The limit as a figure: of so many for each, what was allowed at most, or surely was due; None if nobody knows."""
    if amount.against is None:
        return amount.limit
    number = amount.against.least if amount.floor else amount.against.most
    return None if number is None else amount.limit * number


def by_unit(rule: Rule, outcome: Outcome) -> dict[str, UnitCount]:
    """How much there was, by unit: of a whole and its parts the whole."""
    found: dict[str, UnitCount] = {}
    for a in outcome.amounts:
        found.setdefault(_limit(rule, a).unit, UnitCount(min=a.least, max=a.most))
    return found


def because(case: Case) -> str:
    """The sentence for one outcome of a rule about how much."""
    agreement, rule, outcome = case.agreement, case.rule, case.outcome
    zone = agreement.time_zone
    who = agreement.title_of(outcome.bearer or "")
    where = prose.short_places(agreement, rule.places)
    told = [a for a in outcome.amounts if _tells(a, outcome.verdict)] or list(outcome.amounts)
    limits = [_limit(rule, a) for a in told] or _named(rule, outcome)
    duty = f"{who} {amounts.about(agreement, rule, limits)}{where}"
    if not outcome.amounts:
        return f"{duty}; {_silent(case)}"
    facts = prose.join([_figure(agreement, rule.act or "", _limit(rule, a), a) for a in told])
    facts += f" {_when(told[0].during, zone)}"
    if outcome.deadline is not None:
        duty += f", before {moments.say_bounds(outcome.deadline, zone)}"
    match outcome.verdict:
        case Verdict.VIOLATED:
            end = f"the rule is breached by {who}"
        case Verdict.COMPLIED:
            end = "the rule is kept" + (" at the moments counted" if _at_an_instant(rule) else "")
        case Verdict.PENDING:
            end = "that time is not over yet"
        case Verdict.UNOBSERVED:
            end = "nobody is known to have counted all: silence is not compliance"
        case _:
            open_ = f" ({'; '.join(case.undecided)})" if case.undecided else ""
            end = f"whether the rule is kept is open{open_}"
    return f"{duty}; {facts}; {end}"


def question(agreement: Agreement, rule: Rule, outcome: Outcome, unknown: Unknown, located: Located | None) -> str:
    """What would settle how much there was."""
    match unknown.kind:
        case "whole-against":
            each = next((e for a in outcome.amounts if (e := _limit(rule, a).each) is not None), None)
            what = "" if each is None else amounts.what_done(agreement, each)
            return f"whether there were more {what}: a register or watch for all of that time, or a complete count"
        case "figure" if located is not None:
            told = words.count(located)
            return f"how many there were: the source says {told}" if told else "how many there were: not stated"
        case "same":
            return "whether some of these reports tell of the same thing: they may, and nobody says so"
        case "contradiction":
            return "which count is right: one that is said to be complete gives less than was seen"
        case "part":
            return "whether the figure holds for a part of that time: the rule binds for a part of it only"
        case _:
            return "a complete count, or a watch or register for all of that time"


def _tells(amount: Amount, verdict: Verdict) -> bool:
    """Whether a figure by itself gives a breach, where there is one."""
    if verdict is not Verdict.VIOLATED:
        return False
    limit = _bound(amount)
    if limit is None:
        return False
    if amount.floor:
        return amount.most is not None and amount.most < limit
    return amount.least > limit


def _limit(rule: Rule, amount: Amount) -> Limit:
    limits = rule.measure.limits if rule.measure else ()
    bound = "at least" if amount.floor else "at most"
    return next(limit for limit in limits if (limit.name, limit.bound) == (amount.name, bound))


def _named(rule: Rule, outcome: Outcome) -> list[Limit]:
    """The limit that an instance without a figure is about; all of them where it names none."""
    limits = list(rule.measure.limits) if rule.measure else []
    parts = outcome.instance.split(":")
    return [limit for limit in limits if limit.name in parts[1:2]] or limits


def _at_an_instant(rule: Rule) -> bool:
    return rule.measure is not None and rule.measure.period == "instant"


def _figure(agreement: Agreement, act: str, limit: Limit, amount: Amount) -> str:
    """A figure with its bounds and by how much it misses the limit."""
    if amount.against is not None and limit.each is not None:
        return _ratio(agreement, act, limit, amount, amount.against, limit.each)
    what = amounts.counted(agreement, limit)
    least, most = amount.least, amount.most
    if amount.floor:
        seen = f"at most {most:,g}" if most is not None else f"at least {least:,g}"
        missing = f", {amount.limit - most:,g} short" if most is not None and most < amount.limit else ""
    else:
        seen = f"at least {least:,g}" if least > amount.limit or most is None else f"at most {most:,g}"
        missing = f", {least - amount.limit:,g} over" if least > amount.limit else ""
    if most is not None and most == least:
        seen = f"{least:,g}"
    elif most is not None and not missing:
        seen = f"{least:,g} to {most:,g}"
    return f"{seen} {what} (limit {amount.limit:,}{missing})"


def _ratio(agreement: Agreement, act: str, limit: Limit, amount: Amount, against: Against, each: Each) -> str:
    """Two figures, one against the other, and how many of the one are allowed or due for each of the other."""
    verb = "due" if amount.floor else "allowed"
    own = f"{_range(amount.least, amount.most)} {amounts.counted(agreement, limit)}{amounts.done(agreement, act)}"
    other = f"{_range(against.least, against.most)} {amounts.what_done(agreement, each)}"
    return f"{own} against {other} ({limit.number:,} {'are' if limit.number > 1 else 'is'} {verb} for each)"


def _range(least: float, most: float | None) -> str:
    """How many as bounds, to stand before what they are of."""
    if most is None:
        return f"at least {least:,g}" if least else "an unknown number of"
    return f"{least:,g}" if least == most else f"{least:,g} to {most:,g}"


def _when(during: Bounds, zone: str) -> str:
    first, last = moments.say(during.earliest_us, zone), moments.say(during.latest_us, zone)
    return f"on {first}" if first == last else f"between {first} and {last}"


def _silent(case: Case) -> str:
    outcome, zone = case.outcome, case.agreement.time_zone
    waiting = [u.other for u in outcome.unknowns if u.other]
    match outcome.verdict:
        case Verdict.PENDING if waiting:
            return f"it waits for {prose.join(waiting)}, which is not known"
        case Verdict.PENDING if outcome.binds is not None and case.at_us < outcome.binds.earliest_us:
            return f"it does not bind before {moments.say(outcome.binds.earliest_us, zone)}"
        case Verdict.PENDING:
            return "that time is not over yet"
        case Verdict.COMPLIED:
            told = f"{prose.join(list(outcome.watched))} would show it"
            return f"no more was reported, and at no time was nobody looking ({told}); the rule is kept so far"
        case _:
            return "no count settles it, and nobody is known to have counted all: silence is not compliance"
