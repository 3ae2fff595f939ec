"""`because`: one sentence a lawyer can read aloud, with the duty, the fact, the figure and the limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from servanda import moments
from servanda.findings import amounts, excepting, gates, joining, lapsing, where, words
from servanda.outcomes import Outcome, Verdict
from servanda.plan import RulePlan
from servanda_dsl import prose

if TYPE_CHECKING:
    from servanda.locate import Located
    from servanda_dsl.model import Agreement, Rule


@dataclass(frozen=True)
class Case:
    """All that one sentence is made from.

    Attributes:
        agreement: The agreement.
        rule: The rule as encoded.
        plan: The rule as run.
        outcome: The answer.
        shown: The observations it rests on, the telling ones first.
        trigger: What triggered the duty, if anything did.
        exceptions: The records that show an exception, or may.
        undecided: What would settle it.
        at_us: The instant of evaluation.
    """

    agreement: Agreement
    rule: Rule
    plan: RulePlan
    outcome: Outcome
    shown: tuple[Located, ...]
    trigger: Located | None
    exceptions: tuple[Located, ...]
    undecided: tuple[str, ...]
    at_us: int


def because(case: Case) -> str:
    """The sentence for one outcome."""
    rule = case.rule
    lapsed = lapsing.told(case.agreement, case.outcome)
    return f"clause {rule.clause}, rule {rule.letter}: {_told(case)}{_joining(case)}{lapsed}"


def _told(case: Case) -> str:
    rule, outcome = case.rule, case.outcome
    if rule.measure is not None:
        return amounts.because(case)
    if outcome.instance == "remainder":
        return _remainder(case.agreement, rule, outcome)
    if rule.kind == "obligation":
        return _performance(case)
    known = outcome.binds is not None and not any(u.kind == "joining" for u in outcome.unknowns)
    from_ = f"from {moments.say_bounds(outcome.binds, case.agreement.time_zone)} " if outcome.binds and known else ""
    duty = f"{from_}{prose.duty(case.agreement, rule)}"
    seen = fact(case.agreement, case.shown)
    return f"{duty}; {seen}{_figure(case.agreement, case.plan, case.shown[0])}; {_conclusion(case)}"


def _joining(case: Case) -> str:
    """Why it binds nobody, or what it waits for, where a party is bound by an act of its own."""
    outcome, told = case.outcome, ""
    if outcome.verdict is Verdict.NOT_APPLICABLE:
        told = joining.not_bound(case.agreement, outcome)
    elif outcome.verdict in {Verdict.PENDING, Verdict.UNOBSERVED}:
        told = joining.waits(case.agreement, outcome)
    elif outcome.verdict is not Verdict.INDETERMINATE:
        told = joining.bound(case.agreement, outcome)
    return f"; {told}" if told else ""


def fact(agreement: Agreement, shown: Sequence[Located]) -> str:
    """What was seen, when and where, in one phrase; empty where nothing was."""
    if not shown:
        return ""
    more = f" (and {len(shown) - 1} more)" if len(shown) > 1 else ""
    said = [words.seen(agreement, shown[0]), words.place_of(shown[0])]
    return ", ".join(part for part in said if part) + more


def _figure(agreement: Agreement, plan: RulePlan, located: Located) -> str:
    parts: list[str] = []
    for predicate in plan.select.predicates:
        parts.extend(where.figures(agreement, located, predicate, plan.bearers))
    return f", {', '.join(dict.fromkeys(parts))}" if parts else ""


def _conclusion(case: Case) -> str:
    agreement, outcome = case.agreement, case.outcome
    match outcome.verdict:
        case Verdict.VIOLATED:
            return f"the rule is breached, {_who(agreement, outcome)}{excepting.not_lifted(agreement, outcome)}"
        case Verdict.NOT_APPLICABLE:
            names = [agreement.title_of(c) for c in outcome.candidates]
            return f"it was done by {prose.join(names, 'or')}, whom the rule {_binds(agreement, outcome)}"
        case Verdict.EXCUSED:
            lifted = [name for name, result in outcome.exceptions if result == "shown"]
            records = [x.fact.id for x in case.exceptions]
            on = f" by {prose.join(records)}" if records else ""
            return f"what rule {prose.join(lifted)} permits is shown{on}, so the breach is excused"
        case _:
            return f"whether the rule is breached is open{_open(case)}"


def _binds(agreement: Agreement, outcome: Outcome) -> str:
    joins = any(c in agreement.joining for c in outcome.candidates)
    return "did not bind then" if joins else "does not bind"


def _open(case: Case) -> str:
    return f" ({'; '.join(case.undecided)})" if case.undecided else ""


def _who(agreement: Agreement, outcome: Outcome) -> str:
    if outcome.bearer is not None:
        return f"by {agreement.title_of(outcome.bearer)}"
    names = [agreement.title_of(c) for c in outcome.candidates]
    return f"by whom is not known ({prose.join(names, 'or')}; each is bound)"


def _performance(case: Case) -> str:
    agreement, rule, outcome = case.agreement, case.rule, case.outcome
    zone = agreement.time_zone
    who = agreement.title_of(outcome.bearer or "")
    duty = prose.duty(agreement, rule).replace("each party", who).replace("that party", who)
    if outcome.origin is not None:
        duty = f"{words.after_violation(agreement, rule, outcome)}, {duty}"
    elif case.trigger is not None:
        duty = f"after {words.seen(agreement, case.trigger)}, {duty}"
    if outcome.deadline is not None:
        duty += f" before {moments.say_bounds(outcome.deadline, zone)}"
    facts = "; ".join(words.seen(agreement, located) for located in case.shown[:2])
    now = moments.say(case.at_us, zone)
    match outcome.verdict:
        case Verdict.COMPLIED:
            return f"{duty}; {facts}; the duty is performed"
        case Verdict.VIOLATED if outcome.watched:
            late = f"{facts}, after the deadline" if facts else "no performance is on record"
            return f"{duty}; {late}, and {_watched(outcome)}; the rule is breached by {who}"
        case Verdict.VIOLATED:
            return f"{duty}; {facts}, after the deadline; the rule is breached by {who}"
        case Verdict.NOT_APPLICABLE:
            return f"{duty}; it does not bind {who}"
        case Verdict.PENDING if outcome.deadline is not None:
            waits = gates.waits(agreement, outcome)
            return f"{duty}; {f'{waits}, and ' if waits else ''}at {now} it is not yet due"
        case Verdict.PENDING:
            waits = gates.waits(agreement, outcome)
            if waits:
                return f"{duty}; {waits}"
            return f"{duty}; the text sets no time limit, and no performance is on record at {now}"
        case Verdict.INDETERMINATE:
            return f"{duty}; {facts or 'no performance is on record'}; whether the rule is kept is open{_open(case)}"
        case _:
            return f"{duty}; no performance was reported by {now}, and nobody is known to have kept a complete record"


def _watched(outcome: Outcome) -> str:
    return f"there was none before: {prose.join(list(outcome.watched))} would show it"


def _looking(outcome: Outcome) -> str:
    named = prose.join(list(outcome.watched))
    return f"somebody who would have seen one was looking all the time ({named})"


def _remainder(agreement: Agreement, rule: Rule, outcome: Outcome) -> str:
    duty = prose.duty(agreement, rule)
    if outcome.verdict is Verdict.NOT_APPLICABLE:
        return f"{duty}; it binds nobody: none of those who could come to be bound has"
    if outcome.verdict is Verdict.COMPLIED:
        return f"{duty}; no breach was reported, and {_looking(outcome)}; the rule is kept so far"
    if outcome.verdict is Verdict.PENDING:
        waits = gates.waits(agreement, outcome)
        if waits:
            return f"{duty}; {waits}"
        start = moments.say_bounds(outcome.binds, agreement.time_zone) if outcome.binds else "later"
        return f"{duty}, from {start}; it does not bind yet"
    if outcome.verdict is Verdict.INDETERMINATE:
        doubt = "a record that counts nobody knows of what" if outcome.unknowns[0].kind == "tally" else ""
        doubt = doubt or f"what could not be read ({outcome.unknowns[-1].other})"
        return f"{duty}; no breach was reported, and {_looking(outcome)}; but {doubt} may tell of one"
    waiting = [u.other for u in outcome.unknowns if u.kind == "anchor"]
    if waiting:
        return f"{duty}; it waits for {prose.join(waiting)}, and none is on record: silence is not compliance"
    if rule.breach is not None:
        of = prose.breached(agreement, rule.breach)
        if rule.breach.determined:
            return f"{duty} after each determination of a violation of {of}; none is on record"
        return f"{duty} after each violation of {of}; no such violation is found, nor one that is open"
    waits = gates.waits(agreement, outcome)
    if waits:
        return f"{duty}; {waits}, which nobody is known to have watched all the time: silence is not compliance"
    what = "nothing that triggers it" if rule.trigger else "no breach"
    return f"{duty}; {what} was reported, and nobody is known to have watched all the time: silence is not compliance"
