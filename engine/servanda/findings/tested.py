"""What an observation was tested under without becoming evidence: the absence of a finding, with its figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from servanda.findings import where
from servanda.outcomes import OUTSIDER
from servanda.plan import AtLeastOne, NearLine, OfThing, Plan
from servanda_dsl import prose

if TYPE_CHECKING:
    from servanda.locate import Located
    from servanda.outcomes import Unknown
    from servanda.stream.breach import Account
    from servanda_dsl.model import Agreement


@dataclass(frozen=True)
class Tested:
    """A rule under which an observation shows no breach, and why."""

    rule: str
    why: str
    measured: tuple[dict[str, Any], ...] = ()
    waiting: bool = False
    """Whether the rule waits for an instant that is not known, so that it may yet turn out to be a breach."""


def tested(agreement: Agreement, plan: Plan, rule: str, account: Account, located: Located) -> Tested:
    """Say why an observation shows no breach of a rule."""
    told = [u for u in account.reasons if u.candidate != OUTSIDER]
    reasons = dict.fromkeys(_reason(agreement, plan, u, located) for u in told)
    measured: list[dict[str, Any]] = []
    for unknown in account.reasons:
        predicate = plan.predicates[unknown.predicate] if unknown.kind == "predicate" else None
        if isinstance(predicate, NearLine):
            found = where.measures(located, predicate, (unknown.candidate,))
            measured.extend(m.model_dump(by_alias=True, exclude={"observation"}) for m in found)
    waiting = any(u.kind == "anchor" for u in account.reasons)
    return Tested(rule, "; ".join(reasons), tuple(measured), waiting)


def _reason(agreement: Agreement, plan: Plan, unknown: Unknown, located: Located) -> str:
    match unknown.kind:
        case "predicate":
            predicate = plan.predicates[unknown.predicate]
        case "time":
            return "outside the time for which the rule binds"
        case "anchor":
            return f"the rule waits for {unknown.other}, which is not known"
        case "evaluation-instant":
            return "after the evaluation instant"
        case "actor":
            return f"{unknown.candidate} does not bear the duty"
        case _:
            return unknown.kind
    if isinstance(predicate, AtLeastOne):
        return "the source counted none"
    if isinstance(predicate, OfThing):
        names = prose.join([agreement.thing_title(t) for t in predicate.things], "or")
        return f"not {names}"
    return where.reason(agreement, located, predicate, unknown.candidate)
