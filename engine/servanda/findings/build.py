"""From outcomes to findings: figures, citation, assumptions and the sentence, in one place for every interpreter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from servanda import moments
from servanda import plan as operators
from servanda.findings import amounts, filed
from servanda.findings.basis import assumptions
from servanda.findings.because import Case, because, fact
from servanda.findings.figures import by_unit, measured, place
from servanda.findings.model import (
    Attribution,
    Between,
    Citation,
    EvidenceItem,
    ExceptionTested,
    Finding,
    Parting,
    ReadingUsed,
    SourceAssessment,
    Times,
)
from servanda.findings.questions import undecided
from servanda.findings.words import origin_id
from servanda.outcomes import OUTSIDER, Outcome, finding_id

if TYPE_CHECKING:
    from servanda.locate import Located
    from servanda.moments import Bounds
    from servanda_dsl.model import Agreement, Rule

_LEVELS = ("public", "guarantors", "parties", "internal")


@dataclass(frozen=True)
class Builder:
    """Makes findings of one agreement.

    Attributes:
        agreement: The rule objects.
        plan: What was run.
    """

    agreement: Agreement
    plan: operators.Plan

    def findings(
        self, outcomes: tuple[Outcome, ...], located: Mapping[str, Located], at_us: int, known_at_us: int | None
    ) -> tuple[Finding, ...]:
        """The findings of these outcomes, in their order."""
        rules = {r.rule: r for r in self.plan.rules}
        return tuple(self._finding(rules[o.rule], o, located, at_us, known_at_us) for o in outcomes)

    def _finding(
        self,
        rule_plan: operators.RulePlan,
        outcome: Outcome,
        located: Mapping[str, Located],
        at_us: int,
        known_at_us: int | None,
    ) -> Finding:
        agreement = self.agreement
        rule = agreement.rule(outcome.rule)
        order = (
            "shows",
            "may-show",
            "late",
            "triggers",
            "measured-against",
            "shows-exception",
            "claims",
            "contradicts",
            "watches",
            "opens",
            "joins",
            "ends",
            "groups",
        )
        evidence = sorted(
            outcome.evidence,
            key=lambda e: (order.index(e.role), located[e.observation].fact.earliest_us, e.observation),
        )
        telling = [located[e.observation] for e in evidence if e.role in {"shows", "may-show", "late"}]
        everything = [located[e.observation] for e in evidence]
        by_role = {role: [located[e.observation] for e in evidence if e.role == role] for role in order}
        case = Case(
            agreement=agreement,
            rule=rule,
            plan=rule_plan,
            outcome=outcome,
            shown=tuple(telling),
            trigger=next(iter(by_role["triggers"]), None),
            exceptions=tuple(by_role["shows-exception"]),
            undecided=undecided(agreement, self.plan, rule_plan, outcome, located),
            at_us=at_us,
        )
        determined = filed.determination(outcome, located)
        finding = Finding(
            status="determined" if determined is not None else "proposed",
            determination=determined,
            procedure=filed.procedure(outcome, located),
            remedy=filed.remedy(outcome, located),
            id=finding_id(agreement.name, outcome.rule, outcome.instance),
            rule=outcome.rule,
            clause=rule.clause,
            verdict=outcome.verdict,
            bearer=outcome.bearer,
            actor=_actor(telling),
            attribution=filed.attribution(outcome, located, _attribution(rule, outcome, telling)),
            at=_between(outcome.at),
            binds=_between(outcome.binds),
            deadline=_between(outcome.deadline),
            evidence=tuple(EvidenceItem(observation=e.observation, role=e.role) for e in evidence),
            by_unit=amounts.by_unit(rule, outcome) or by_unit(telling),
            counterpart=rule.counterpart,
            instance=outcome.instance,
            triggered_by=origin_id(agreement, outcome),
            place=place(telling),
            measured=(*amounts.measured(agreement, rule, outcome), *measured(rule_plan, telling)),
            exceptions=tuple(ExceptionTested(rule=r, result=result) for r, result in outcome.exceptions),
            standard=rule_plan.proof.standard,
            assumptions=assumptions(agreement, rule, rule_plan, outcome, telling),
            readings=tuple(ReadingUsed(readings=dict(names), verdict=v) for names, v in outcome.by_reading),
            parted=None if outcome.parted is None else Parting(at=_between(outcome.parted.at), on=outcome.parted.on),
            because=because(case),
            seen=fact(agreement, telling),
            undecided_by=case.undecided,
            source_assessments=tuple(
                SourceAssessment(observation=x.fact.id, text=x.observation.source_assessment)
                for x in telling
                if x.observation.source_assessment
            ),
            unreviewed=agreement.reviewed_by is None,
            citation=self.citation(rule),
            times=self._times(telling, at_us, known_at_us),
            confidentiality=_confidentiality([*everything, *(located[f.observation] for f in outcome.filed)]),
        )
        return finding.sealed()

    def citation(self, rule: Rule) -> Citation:
        """The clause of a rule, and where it stands."""
        agreement = self.agreement
        clause = agreement.clause(rule.clause)
        encoded = agreement.encoded_from
        return Citation(
            agreement=agreement.name,
            title=agreement.title,
            clause=clause.label,
            heading=clause.heading,
            gist=clause.gist,
            language=encoded.language if encoded else None,
            source=agreement.source,
            encoded_from=encoded.text if encoded else None,
            provenance=agreement.provenance,
            version=agreement.version,
            file=rule.where.file,
            line=rule.where.line,
        )

    def _times(self, telling: list[Located], at_us: int, known_at_us: int | None) -> Times:
        agreement = self.agreement
        event = None
        if telling:
            event = Between(
                earliest=moments.iso(min(x.fact.earliest_us for x in telling)),
                latest=moments.iso(max(x.fact.latest_us for x in telling)),
            )
        received = [w for x in telling if (w := x.observation.received_when(agreement.time_zone)) is not None]
        bounds = [
            (w.earliest_us, w.latest_us) for w in received if w.earliest_us is not None and w.latest_us is not None
        ]
        return Times(
            event=event,
            received=Between(
                earliest=moments.iso(min(e for e, _ in bounds)), latest=moments.iso(max(x for _, x in bounds))
            )
            if bounds
            else None,
            evaluated_at=moments.iso(at_us),
            known_at=None if known_at_us is None else moments.iso(known_at_us),
            agreement_version=agreement.version,
            encoding=agreement.digest[:16],
        )


def _actor(telling: list[Located]) -> str | None:
    actors = {x.fact.actors for x in telling}
    if len(actors) == 1:
        only = actors.pop()
        return only[0] if len(only) == 1 else None
    return None


def _attribution(rule: Rule, outcome: Outcome, telling: list[Located]) -> Attribution:
    """Who did it, as far as a source named someone; control of the area and direction of fire are never a basis.

    Where nobody named anyone the status is `none`, and the candidates are those it may have been, if it was a party.
    """
    if rule.kind in {"obligation", "maintenance"} or not telling:
        return Attribution(status="none")
    candidates = tuple(c for c in outcome.candidates if c != OUTSIDER)
    if any(x.fact.actors for x in telling):
        return Attribution(status="candidates", candidates=candidates, basis="as the sources named them")
    return Attribution(status="none", candidates=candidates)


def _confidentiality(everything: list[Located]) -> str | None:
    levels = [x.observation.confidentiality for x in everything if x.observation.confidentiality is not None]
    return max(levels, key=_LEVELS.index) if levels else None


def _between(bounds: Bounds | None) -> Between | None:
    return None if bounds is None else Between.of(bounds)
