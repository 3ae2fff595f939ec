"""What would settle an indeterminate finding, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from servanda import moments
from servanda.findings import amounts, excepting, gates, joining, lapsing, where, words
from servanda.outcomes import MAYBE_NEVER, Outcome, Unknown, Verdict
from servanda.plan import AtLeastOne, OfThing, Plan, RulePlan
from servanda_dsl import prose

if TYPE_CHECKING:
    from servanda.locate import Located
    from servanda_dsl.model import Agreement


_PLAIN = {
    "actor": "who acted: {bearers}, or someone who is not bound by this rule",
    "candidates": "who acted: {bearers}; it is a breach by one and none by the other",
    "denied": "which source is right: one says that it did not happen",
    "conflict": "which source is right: another report of the same event tells of something else",
    "tally": "of what a total on record is the total: nothing else of the kind is on record",
    "evaluation-instant": "whether it had happened by the instant of evaluation",
    "rejected": "what a record says that could not be read, or of which nobody can say whether it counts ({other})",
    "trigger": "whether what triggers the duty happened as reported",
    "performance": "whether it is performance of this duty: it does not say what it answers, or is not surely in order",
}
"""What is asked where the kind of unknown says it all."""


def undecided(
    agreement: Agreement, plan: Plan, rule_plan: RulePlan, outcome: Outcome, located: Mapping[str, Located]
) -> tuple[str, ...]:
    """What would settle an indeterminate finding, each thing once."""
    if outcome.verdict is not Verdict.INDETERMINATE:
        return ()
    found = dict.fromkeys(_question(agreement, plan, rule_plan, outcome, u, located) for u in outcome.unknowns)
    verdicts = {v for _, v in outcome.by_reading}
    if len(verdicts) > 1:
        named = [f"{' and '.join(f'{r} as “{n}”' for r, n in names)}: {v}" for names, v in outcome.by_reading]
        found[f"which reading holds ({'; '.join(named)}){_parting(agreement, outcome)}"] = None
    return tuple(found)


def _parting(agreement: Agreement, outcome: Outcome) -> str:
    """From which instant on readings part, and on what was seen; empty where neither is known."""
    parted = outcome.parted
    said = []
    if parted is not None and parted.at is not None:
        said.append(f"from {moments.say(parted.at.earliest_us, agreement.time_zone)}")
    if parted is not None and parted.on:
        said.append(f"on {prose.join(parted.on)}")
    return f", which part {', '.join(said)}" if said else ""


def _question(
    agreement: Agreement,
    plan: Plan,
    rule_plan: RulePlan,
    outcome: Outcome,
    unknown: Unknown,
    located: Mapping[str, Located],
) -> str:
    """What would settle one unknown; with several observations in evidence it says of which."""
    asked = _asked(agreement, plan, rule_plan, outcome, unknown, located.get(unknown.observation))
    alone = len({e.observation for e in outcome.evidence}) <= 1
    return asked if alone or not unknown.observation else f"{asked} ({unknown.observation})"


def _asked(
    agreement: Agreement,
    plan: Plan,
    rule_plan: RulePlan,
    outcome: Outcome,
    unknown: Unknown,
    located: Located | None,
) -> str:
    named = located.fact.actors if located is not None and unknown.kind == "candidates" else ()
    bearers = prose.join([agreement.title_of(p) for p in named or rule_plan.bearers], "or")
    match unknown.kind:
        case "predicate" if located is not None:
            predicate = plan.predicates[unknown.predicate]
            if isinstance(predicate, AtLeastOne):
                return words.count_question(located)
            if isinstance(predicate, OfThing):
                return words.thing_question(agreement, located, predicate)
            return where.question(agreement, located, predicate, unknown.candidate)
        case "time":
            return _time_question(agreement, unknown.other)
        case "breach":
            return _breach_question(agreement, rule_plan, outcome)
        case "figure" | "same" | "contradiction" | "whole" | "part" | "whole-against":
            return amounts.question(agreement, agreement.rule(rule_plan.rule), outcome, unknown, located)
        case "actor" if rule_plan.against and unknown.candidate not in rule_plan.bearers:
            return f"who acted: {agreement.title_of(unknown.candidate)}, or someone else"
        case "gate":
            return gates.question(agreement, unknown.other)
        case "lapse":
            return lapsing.question(agreement, outcome)
        case "joining":
            return joining.question(agreement, outcome, unknown.candidate)
        case "proof":
            return _proof_question(rule_plan, located)
        case "corroboration":
            return _origins_question(rule_plan, unknown.other)
        case "exception" | "time-to-show" | "late" | "claim" | "cut":
            return excepting.question(agreement, outcome.missing, unknown)
        case _:
            told = _PLAIN.get(unknown.kind, "{other}")
            return told.format(bearers=bearers, other=unknown.other or "an instant that is not known")


def _breach_question(agreement: Agreement, rule_plan: RulePlan, outcome: Outcome) -> str:
    """Whether the violation that a duty hangs on was one, and the bearer's own."""
    origin = outcome.origin
    by = f" by {agreement.title_of(outcome.bearer or '')}" if rule_plan.of_trigger else ""
    rule = "" if origin is None else f"rule {origin.rule} was violated{by}"
    if origin is not None and rule_plan.breach is not None and rule_plan.breach.determined:
        rule = f"a violation of rule {origin.rule}{by} was determined"
    return f"whether {rule}: see finding {words.origin_id(agreement, outcome)}"


def _time_question(agreement: Agreement, edge: str) -> str:
    if not edge:
        return "time"
    said = moments.say(int(edge.removeprefix(MAYBE_NEVER)), agreement.time_zone)
    if edge.startswith(MAYBE_NEVER):
        return f"whether the instant on which the rule hangs ever was: it was not before {said}"
    return f"time: before {said}, or not"


def _proof_question(rule_plan: RulePlan, who: Located | None) -> str:
    """Why one report does not prove: whose word it is, its grade, or its source."""
    proof, fact = rule_plan.proof, None if who is None else who.fact
    standard = (proof.standard or "").replace("-", " ")
    if fact is not None and fact.word and proof.standard is None:
        party = fact.origin or fact.source or ""
        return f"corroboration: it is the word of {party}, a party, and proves only that {party} says so"
    if fact is not None and fact.grade is not None:
        if proof.least is None:
            return f"the standard of proof: the agreement does not say which grades meet {standard}"
        return f"corroboration: the report is graded {fact.grade}, and {standard} needs {proof.least[0]} or better"
    source = fact.source if fact and fact.source else "a source that is not named"
    return f"corroboration: ungraded reports of {source} are not said to meet {standard}"


def _origins_question(rule_plan: RulePlan, found: str) -> str:
    """How many independent origins report it, and how many it takes."""
    standard = (rule_plan.proof.standard or "").replace("-", " ")
    reports = f"{found} origin reports" if found == "1" else f"{found} independent origins report"
    return f"corroboration: {reports} it, and {standard} needs {rule_plan.proof.origins}"
