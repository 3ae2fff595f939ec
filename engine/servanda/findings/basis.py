"""What a finding rests on besides observations: assumptions, and positions taken as their source gave them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servanda.findings import where
from servanda.findings.model import AssumptionUsed
from servanda.plan import Altitude, RulePlan
from servanda_dsl import anchors
from servanda_dsl.assumptions import Approximation, DaysCounted, Edges, Lapse, Mended, Stated

if TYPE_CHECKING:
    from servanda.locate import Located
    from servanda.outcomes import Outcome
    from servanda_dsl.model import Agreement, Rule


def assumptions(
    agreement: Agreement, rule: Rule, rule_plan: RulePlan, outcome: Outcome, telling: list[Located]
) -> tuple[AssumptionUsed, ...]:
    """The assumptions in the scope of a rule that this finding rests on."""
    drawn = {n for p in rule_plan.select.predicates for n in where.drawn(p)}
    heights = any(isinstance(p, Altitude) for p in rule_plan.select.predicates)
    if drawn:
        given = [place for x in telling for place in (x.observation.place, x.observation.target) if place]
        drawn |= {place.zone for place in given if place.zone}
    used_zones = {w.zone.zone for w in rule_plan.whichever if w.assumption in outcome.assumptions}
    areas = {
        n for g in rule_plan.gates if g.certified is None for p in g.rule.select.predicates for n in where.drawn(p)
    }
    kept = []
    everywhere = next((a for a in reversed(agreement.in_scope("")) if isinstance(a, Edges)), None)
    lapse = _lapse(agreement, rule)
    edges = next((a for a in reversed(agreement.in_scope(rule.clause)) if isinstance(a, Edges)), None)
    permissions = {agreement.rule(name).clause for name in _tree(agreement, [name for name, _ in outcome.exceptions])}
    for a in agreement.assumptions:
        governs = a.clause in {None, rule.clause}
        match a:
            case Stated():
                keep = governs or a.clause in permissions
            case Approximation() | Mended():
                keep = a.name in drawn | used_zones | areas
            case DaysCounted():
                keep = governs and _counts_days(agreement, rule)
            case Lapse():
                keep = a == lapse
            case Edges():
                keep = (a == edges and (bool(drawn) or heights)) or (a == everywhere and bool(areas))
            case _:
                keep = a.id in outcome.assumptions
        if keep:
            kept.append(AssumptionUsed(id=a.id, text=a.words, because=a.because, file=a.where.file, line=a.where.line))
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
    kept.extend(
        AssumptionUsed(
            id="altitude-as-stated",
            text=f"the altitude of {x.fact.id} is taken as exact",
            because="its source states no error of altitude",
            file=rule.where.file,
            line=rule.where.line,
        )
        for x in sorted(telling, key=lambda x: x.fact.id)
        if heights and _exact_height(x)
    )
    return tuple(kept)


def _tree(agreement: Agreement, names: list[str]) -> list[str]:
    """These rules and all that cuts them back, and so on downwards."""
    return [n for name in names for n in (name, *_tree(agreement, list(agreement.rule(name).exceptions)))]


def _exact_height(located: Located) -> bool:
    place = located.observation.place
    return place is not None and place.altitude_m is not None and place.altitude_error_m is None


def _lapse(agreement: Agreement, rule: Rule) -> Lapse | None:
    """The assumption by which a rule lapses as it does, if one says so."""
    if not isinstance(rule.ends, anchors.Unmet) or rule.reads_lapse:
        return None
    return next((a for a in reversed(agreement.in_scope(rule.clause)) if isinstance(a, Lapse)), None)


def _counts_days(agreement: Agreement, rule: Rule) -> bool:
    given = [rule.starts, rule.ends, rule.deadline.anchor if rule.deadline else None]
    for anchor in given:
        for part in anchors.walk(anchor) if anchor is not None else ():
            if isinstance(part, anchors.DayOf) and not rule.reads_days:
                return True
            if isinstance(part, anchors.Offset) and part.unit not in {"hours", "minutes"} and not rule.reads_days:
                return True
            if isinstance(part, anchors.PointOfRule) and _counts_days(agreement, agreement.rule(part.rule)):
                return True
            if isinstance(part, anchors.OpeningOf) and _counts_days(agreement, agreement.gate(part.gate).what):
                return True
    return False
