"""`servanda explain`: how a finding came about, step by step, from the clause to the verdict."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from servanda import moments
from servanda.findings import where, words
from servanda.findings.filed import EFFECTS
from servanda.plan import AtLeastOne, Fixed, Lapse, OfThing, triggered
from servanda.stream.timing import name_of, unobserved
from servanda.truth import Truth
from servanda_dsl import prose
from servanda_dsl.suggest import did_you_mean, nearest

if TYPE_CHECKING:
    from servanda.check import Result
    from servanda.findings.model import Finding
    from servanda.locate import Located
    from servanda.plan import Predicate, RulePlan
    from servanda_dsl.model import Agreement, Rule

_SIGNS = {Truth.TRUE: "yes", Truth.FALSE: "no", Truth.UNKNOWN: "not known"}


def explain(result: Result, finding_id: str) -> str:
    """The derivation of one finding, as text.

    Raises:
        ValueError: There is no such finding; the message names those that are nearest.
    """
    finding = next((f for f in result.findings if f.id == finding_id), None)
    if finding is None:
        near = nearest(finding_id, [f.id for f in result.findings])
        msg = f"there is no finding `{finding_id}`" + (f"; {did_you_mean(near)}" if near else "")
        raise ValueError(msg)
    return "\n".join(_lines(result, finding))


def _lines(result: Result, finding: Finding) -> Iterator[str]:
    rule = result.agreement.rule(finding.rule)
    plan = next(r for r in result.plan.rules if r.rule == finding.rule)
    yield f"Finding {finding.id}: {finding.verdict.value} ({finding.status})"
    yield "\nThe clause"
    yield from _clause(result.agreement, rule, finding)
    yield "\nWhen it binds"
    yield from _time(result.agreement, finding, plan)
    yield "\nThe observations"
    if not finding.evidence:
        yield "   none"
    for item in finding.evidence:
        yield from _observation(result, plan, result.located[item.observation], item.role)
    yield from _exceptions(result.agreement, finding)
    yield from _basis(finding)
    yield from _procedure(result.agreement, finding)
    yield f"\nSo: {finding.because}."
    if finding.undecided_by:
        yield "What would settle it:"
        yield from (f"   - {u}" for u in finding.undecided_by)


def _clause(agreement: Agreement, rule: Rule, finding: Finding) -> Iterator[str]:
    citation = finding.citation
    yield f"   {citation.title}, clause {citation.clause}, {citation.heading}"
    if citation.gist:
        yield f"   gist: {citation.gist}"
    if citation.source:
        yield f"   source: {citation.source}"
    if citation.encoded_from:
        yield f"   encoded from {citation.encoded_from} ({citation.language})"
    yield f"   encoded as rule {rule.id} at {citation.file}:{citation.line}:"
    yield f"      {rule.text}"
    yield f"   read back: {prose.read_rule(agreement, rule)}"
    if finding.unreviewed:
        yield "   this encoding has not been reviewed by a second person"


def _exceptions(agreement: Agreement, finding: Finding) -> Iterator[str]:
    if finding.exceptions:
        yield "\nThe exceptions"
    for tested in finding.exceptions:
        yield f"   rule {tested.rule}: {tested.result.replace('-', ' ')}"
        yield f"      {prose.read_rule(agreement, agreement.rule(tested.rule))}"


def _basis(finding: Finding) -> Iterator[str]:
    yield "\nWhat it assumes"
    if not finding.assumptions:
        yield "   nothing"
    for assumed in finding.assumptions:
        yield f"   {assumed.id} ({assumed.file}:{assumed.line}): {assumed.text}, because {assumed.because}"
    if finding.readings:
        yield "\nThe readings"
    for reading in finding.readings:
        named = ", ".join(words.read_as(r, n) for r, n in reading.readings.items())
        yield f"   {named}: {reading.verdict.value}"


def _procedure(agreement: Agreement, finding: Finding) -> Iterator[str]:
    if not finding.procedure:
        return
    yield "\nWhat bodies and parties put on record"
    for one in finding.procedure:
        who = agreement.title_of(one.by) if one.by else "somebody not named"
        about = f" from {one.to}" if one.to else ""
        yield f"   {one.observation}, by {who}: {one.says or prose.gerund(agreement, one.act)}"
        yield f"     {EFFECTS[one.effect]}{about}"
    answered = {one.by for one in finding.procedure if one.act == "comment" or one.effect == "admits"}
    asked = [finding.bearer] if finding.bearer else finding.attribution.candidates
    for party in (p for p in asked if p in agreement.parties and p not in answered):
        yield f"   {agreement.title_of(party)} gave no answer on record: its silence is no admission"


def _time(agreement: Agreement, finding: Finding, plan: RulePlan) -> Iterator[str]:
    rule = agreement.rule(finding.rule)
    if rule.starts is not None:
        yield f"   from {prose.read_anchor(rule.starts)}"
    if rule.ends is not None:
        yield f"   until {prose.read_anchor(rule.ends)}"
    if rule.deadline is not None:
        yield f"   due {rule.deadline.word} {prose.read_anchor(rule.deadline.anchor)}"
    yield from (f"   {prose.joining(agreement, party)}" for party in plan.bearers if party in plan.joiners)
    yield from (f"   {line}" for line in dates(plan, agreement.time_zone))
    for what, bounds in (("here it bound from", finding.binds), ("here it was due before", finding.deadline)):
        if bounds is not None:
            apart = (
                ""
                if bounds.earliest == bounds.latest
                else f" at the earliest, {bounds.latest or 'never'} at the latest"
            )
            yield f"   {what} {bounds.earliest}{apart}"


def dates(plan: RulePlan, zone: str) -> list[str]:
    """When a rule binds and is due, under each choice of readings, as far as the text alone says."""
    clock = unobserved(zone)
    found = []
    for variant in plan.variants:
        named = " and ".join(words.read_as(r, n) for r, n in variant.readings)
        suffix = f" (read {named})" if named else ""
        for what, anchor in (
            ("binds from", variant.span.starts),
            ("binds until", variant.span.ends),
            ("due before", variant.deadline),
        ):
            if anchor is None or triggered(anchor) or isinstance(anchor, Lapse):  # the sentence says what it hangs on
                continue
            moment = clock.moment(anchor, plan.bearers[0] if plan.bearers else "")
            if moment is None:
                found.append(f"{what} an instant not known yet: {name_of(anchor)}{suffix}")
            else:
                open_ = "" if isinstance(anchor, Fixed) else ", unless observations show another start"
                found.append(f"{what} {moments.say(moment.earliest_us, zone)}{open_}{suffix}")
    return list(dict.fromkeys(found))


def _observation(result: Result, plan: RulePlan, located: Located, role: str) -> Iterator[str]:
    agreement = result.agreement
    account = next((a for a in result.accounts if a.observation == located.fact.id), None)
    origin = f" ({account.file}:{account.line})" if account is not None and account.file else ""
    yield f"   {located.fact.id}{origin}, {role.replace('-', ' ')}"
    yield f"     {', '.join(p for p in (words.seen(agreement, located), words.place_of(located)) if p)}"
    yield f"     as received: {json.dumps(located.observation.to_record(), ensure_ascii=False)}"
    actors = located.fact.actors or plan.bearers
    known = "named by the source" if located.fact.actors else "nobody could say who; each of them is tried"
    yield f"     who: {prose.join(list(actors), 'or')} ({known})"
    for predicate in _asked_of(plan, located, role):
        yield from _predicate(agreement, located, predicate, tuple(actors))
    if located.observation.source_assessment:
        yield f"     the source's own conclusion, shown and not used: {located.observation.source_assessment}"


def _asked_of(plan: RulePlan, located: Located, role: str) -> tuple[Predicate, ...]:
    """What is asked of an observation; of one on either side of a ratio, what makes it one of those."""
    if not plan.against:
        return plan.select.predicates
    side = plan.against if role in {"measured-against", "triggers"} else plan.parts
    every = [p for part in side if part.select.counts(located.fact.act) for p in part.select.predicates]
    return tuple(dict.fromkeys(every))


def _predicate(agreement: Agreement, located: Located, predicate: Predicate, actors: tuple[str, ...]) -> Iterator[str]:
    truths = located.fact.truths
    match predicate:
        case AtLeastOne():
            if located.observation.count is None:
                return
            yield f"     was anything seen at all ({words.count(located)})? {_say(truths.get((predicate, '')))}"
        case OfThing():
            names = prose.join([prose.thing(agreement, t) for t in predicate.things], "or")
            value = truths.get((predicate, ""))
            yield f"     is it {names}? {_say(value)}"
        case _:
            for actor in actors if predicate.per_actor else ("",):
                who = f"if it was {actor}: " if actor else ""
                said = _say(truths.get((predicate, actor)))
                figure = where.answered(located, predicate, actor)
                yield f"     {who}{where.asked(agreement, predicate, actor)} {said}{figure}"


def _say(value: Truth | None) -> str:
    return "not needed" if value is None else _SIGNS[value]
