"""From outcomes to findings: figures, citation, assumptions and the sentence, in one place for every interpreter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from servanda import moments
from servanda import plan as operators
from servanda.findings import words
from servanda.findings.because import because, fact
from servanda.findings.model import (
    AssumptionUsed,
    Attribution,
    Between,
    Citation,
    EvidenceItem,
    ExceptionTested,
    Finding,
    Measure,
    ReadingUsed,
    SourceAssessment,
    Times,
    UnitCount,
    finding_id,
)
from servanda.observations.model import Bounds as CountBounds
from servanda.outcomes import Outcome, Unknown, Verdict
from servanda.space.drawing import drawing
from servanda_dsl import anchors, prose
from servanda_dsl.assumptions import Approximation, DaysCounted, Edges, Stated

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
        order = {"shows": 0, "may-show": 1, "late": 2, "triggers": 3, "shows-exception": 4, "contradicts": 5}
        evidence = sorted(
            outcome.evidence,
            key=lambda e: (order[e.role], located[e.observation].fact.earliest_us, e.observation),
        )
        telling = [located[e.observation] for e in evidence if e.role in {"shows", "may-show", "late"}]
        everything = [located[e.observation] for e in evidence]
        finding = Finding(
            id=finding_id(agreement.name, outcome.rule, outcome.instance),
            rule=outcome.rule,
            clause=rule.clause,
            verdict=outcome.verdict,
            bearer=outcome.bearer,
            actor=_actor(telling),
            attribution=_attribution(rule, telling),
            at=_between(outcome.at),
            binds=_between(outcome.binds),
            deadline=_between(outcome.deadline),
            evidence=tuple(EvidenceItem(observation=e.observation, role=e.role) for e in evidence),
            by_unit=_by_unit(telling),
            counterpart=rule.counterpart,
            instance=outcome.instance,
            place=_place(telling),
            measured=self._measured(rule_plan, telling),
            exceptions=tuple(ExceptionTested(rule=r, result=result) for r, result in outcome.exceptions),
            standard=rule_plan.proof.standard,
            assumptions=self._assumptions(rule, rule_plan, outcome, telling),
            readings=tuple(ReadingUsed(readings=dict(names), verdict=v) for names, v in outcome.by_reading),
            because=because(agreement, rule, rule_plan, outcome, telling, at_us),
            seen=fact(agreement, telling),
            undecided_by=self._undecided(rule_plan, outcome, located),
            source_assessments=tuple(
                SourceAssessment(observation=x.fact.id, text=x.observation.source_assessment)
                for x in telling
                if x.observation.source_assessment
            ),
            unreviewed=agreement.reviewed_by is None,
            citation=self.citation(rule),
            times=self._times(telling, at_us, known_at_us),
            confidentiality=_confidentiality(everything),
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

    # ---- figures ----

    def _measured(self, rule_plan: operators.RulePlan, telling: list[Located]) -> tuple[Measure, ...]:
        found: list[Measure] = []
        for located in telling:
            for predicate in rule_plan.select.predicates:
                match predicate:
                    case operators.NearLine():
                        found.extend(_distances(predicate, located, rule_plan.bearers))
                    case operators.InZone() if predicate.zone in located.distances:
                        reach = located.distances[predicate.zone]
                        found.append(
                            Measure(
                                name=f"distance to the edge of {predicate.zone}",
                                min=reach.least_m,
                                max=reach.most_m,
                                limit=0.0,
                                unit="m",
                                observation=located.fact.id,
                            )
                        )
                    case operators.OfThing():
                        found.extend(_calibre(located))
                    case _:
                        pass
        return tuple(found)

    # ---- assumptions ----

    def _assumptions(
        self, rule: Rule, rule_plan: operators.RulePlan, outcome: Outcome, telling: list[Located]
    ) -> tuple[AssumptionUsed, ...]:
        agreement = self.agreement
        drawn = {n for p in rule_plan.select.predicates for n in _names_drawn(p)}
        used_zones = {w.zone.zone for w in rule_plan.whichever if w.assumption in outcome.assumptions}
        kept = []
        for a in agreement.in_scope(rule.clause):
            match a:
                case Stated():
                    keep = True
                case Approximation():
                    keep = a.name in drawn | used_zones
                case DaysCounted():
                    keep = _counts_days(agreement, rule)
                case Edges():
                    keep = bool(drawn)
                case _:
                    keep = a.id in outcome.assumptions
            if keep:
                kept.append(
                    AssumptionUsed(id=a.id, text=a.words, because=a.because, file=a.where.file, line=a.where.line)
                )
        exact = sorted({x.fact.id for x in telling if x.exact})
        kept.extend(
            AssumptionUsed(
                id="position-as-stated",
                text=f"the position of {name} is taken as exact",
                because="its source states no error of position",
                file=rule.where.file,
                line=rule.where.line,
            )
            for name in exact
            if drawn
        )
        return tuple(kept)

    # ---- what is open ----

    def _undecided(
        self, rule_plan: operators.RulePlan, outcome: Outcome, located: Mapping[str, Located]
    ) -> tuple[str, ...]:
        if outcome.verdict is not Verdict.INDETERMINATE:
            return ()
        found = dict.fromkeys(self._question(rule_plan, outcome, u, located) for u in outcome.unknowns)
        verdicts = {v for _, v in outcome.by_reading}
        if len(verdicts) > 1:
            named = [f"{' and '.join(f'{r} as “{n}”' for r, n in names)}: {v}" for names, v in outcome.by_reading]
            found["which reading holds (" + "; ".join(named) + ")"] = None
        return tuple(found)

    def _question(
        self, rule_plan: operators.RulePlan, outcome: Outcome, unknown: Unknown, located: Mapping[str, Located]
    ) -> str:
        """What would settle one unknown; with several observations in evidence it says of which."""
        asked = self._asked(rule_plan, outcome, unknown, located.get(unknown.observation))
        alone = len({e.observation for e in outcome.evidence}) <= 1
        return asked if alone or not unknown.observation else f"{asked} ({unknown.observation})"

    def _asked(self, rule_plan: operators.RulePlan, outcome: Outcome, unknown: Unknown, located: Located | None) -> str:
        bearers = prose.join([self._title(p) for p in rule_plan.bearers], "or")
        match unknown.kind:
            case "predicate" if located is not None:
                predicate = self.plan.predicates[unknown.predicate]
                return words.predicate_question(self.agreement, located, predicate, unknown.candidate)
            case "time":
                bounds = outcome.deadline or outcome.binds
                edge = moments.say(bounds.earliest_us, self.agreement.time_zone) if bounds else "the limit"
                return f"time: before {edge}, or not"
            case "actor":
                return f"who acted: {bearers}, or someone who is not bound by this rule"
            case "candidates":
                return f"who acted: {bearers}; it is a breach by one and none by the other"
            case "proof":
                return self._proof_question(rule_plan, located)
            case "denied":
                return "which source is right: one says that it did not happen"
            case "exception":
                return f"whether the exception of rule {unknown.other} is made out"
            case "evaluation-instant":
                return "whether it had happened by the instant of evaluation"
            case "performance":
                return "whether it is performance of this duty"
            case _:
                return unknown.other or "an instant that is not known"

    def _proof_question(self, rule_plan: operators.RulePlan, who: Located | None) -> str:
        standard = (rule_plan.proof.standard or "").replace("-", " ")
        if who is not None and who.fact.graded:
            return f"the standard of proof: the agreement does not say which grades meet {standard}"
        source = who.fact.source if who and who.fact.source else "a source that is not named"
        return f"corroboration: ungraded reports of {source} are not said to meet {standard}"

    def _title(self, name: str) -> str:
        return next((a.title for a in self.agreement.actors if a.name == name), name)

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


def _distances(predicate: operators.NearLine, located: Located, bearers: tuple[str, ...]) -> list[Measure]:
    actors = [a for a in located.fact.actors if a in bearers] or list(bearers)
    found = []
    for actor in actors:
        name = predicate.line_for(actor)
        if name is None or name not in located.distances:
            continue
        reach = located.distances[name]
        found.append(
            Measure(
                name=f"distance to {name}",
                for_=actor,
                min=reach.least_m,
                max=reach.most_m,
                limit=predicate.distance_m,
                unit="m",
                observation=located.fact.id,
            )
        )
    return found


def _calibre(located: Located) -> list[Measure]:
    least = [s.least_mm for s in located.seen]
    most = [s.most_mm for s in located.seen]
    if all(x is None for x in (*least, *most)):
        return []
    low = min((x for x in least if x is not None), default=None) if None not in least else None
    high = max((x for x in most if x is not None), default=None) if None not in most else None
    return [Measure(name="calibre", min=low, max=high, unit="mm", observation=located.fact.id)]


def _actor(telling: list[Located]) -> str | None:
    actors = {x.fact.actors for x in telling}
    if len(actors) == 1:
        only = actors.pop()
        return only[0] if len(only) == 1 else None
    return None


def _attribution(rule: Rule, telling: list[Located]) -> Attribution:
    """Who did it, as far as a source named someone; control of the area and direction of fire are never a basis."""
    if rule.kind == "obligation" or not telling:
        return Attribution(status="none")
    named = sorted({a for x in telling for a in x.fact.actors})
    if not named:
        return Attribution(status="none")
    return Attribution(status="candidates", candidates=tuple(named), basis="as the sources named them")


def _by_unit(telling: list[Located]) -> dict[str, UnitCount]:
    """How much was seen, by unit; within one incident the most that any one observation counted."""
    found: dict[str, UnitCount] = {}
    for located in telling:
        number, unit = located.observation.count, located.observation.unit or "not stated"
        if number is None:
            continue
        if isinstance(number, CountBounds):
            one = UnitCount(min=number.min, max=number.max, about=number.about)
        else:
            one = UnitCount(min=number, max=number)
        known = found.get(unit)
        found[unit] = one if known is None else _widest(known, one)
    return found


def _widest(first: UnitCount, second: UnitCount) -> UnitCount:
    least = [x for x in (first.min, second.min) if x is not None]
    most = None if first.max is None or second.max is None else max(first.max, second.max)
    return UnitCount(min=max(least, default=None), max=most, about=first.about or second.about)


def _place(telling: list[Located]) -> dict[str, object] | None:
    if not telling:
        return None
    first = telling[0]
    return {
        "observation": first.fact.id,
        "reported": first.observation.place.model_dump(mode="json", exclude_none=True)
        if first.observation.place
        else None,
        **drawing(first.shape),
    }


def _names_drawn(predicate: operators.Predicate) -> tuple[str, ...]:
    match predicate:
        case operators.InZone():
            return (predicate.zone,)
        case operators.NearLine():
            return tuple(name for _, name in predicate.lines)
        case _:
            return ()


def _counts_days(agreement: Agreement, rule: Rule) -> bool:

    given = [rule.starts, rule.ends, rule.deadline.anchor if rule.deadline else None]
    for anchor in given:
        for part in anchors.walk(anchor) if anchor is not None else ():
            if isinstance(part, anchors.DayOf) and not rule.readings:
                return True
            if isinstance(part, anchors.Offset) and part.unit not in {"hours", "minutes"} and not rule.readings:
                return True
            if isinstance(part, anchors.PointOfRule) and _counts_days(agreement, agreement.rule(part.rule)):
                return True
    return False


def _confidentiality(everything: list[Located]) -> str | None:
    levels = [x.observation.confidentiality for x in everything if x.observation.confidentiality is not None]
    return max(levels, key=_LEVELS.index) if levels else None


def _between(bounds: Bounds | None) -> Between | None:
    if bounds is None:
        return None
    return Between(earliest=moments.iso(bounds.earliest_us), latest=moments.iso(bounds.latest_us))
