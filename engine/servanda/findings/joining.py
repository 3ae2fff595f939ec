"""What findings say of parties that are bound only from an act of their own on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servanda_dsl import prose

if TYPE_CHECKING:
    from servanda.outcomes import Outcome
    from servanda_dsl.model import Agreement


def _on_record(outcome: Outcome) -> list[str]:
    return [e.observation for e in outcome.evidence if e.role == "joins"]


def question(agreement: Agreement, outcome: Outcome, party: str) -> str:
    """What would settle whether a party was bound."""
    records = _on_record(outcome)
    told = f"{prose.join(records)} {'does' if len(records) == 1 else 'do'} not settle that" if records else ""
    return (
        f"whether {agreement.title_of(party)} was bound by then: {prose.joining(agreement, party)}, "
        f"and {told or 'no record of that is there'}"
    )


def waits(agreement: Agreement, outcome: Outcome) -> str:
    """Whose acts an outcome waits for, in one phrase; empty where it waits for none."""
    parties = list(dict.fromkeys(u.candidate for u in outcome.unknowns if u.kind == "joining"))
    if not parties:
        return ""
    told = prose.join([prose.joining(agreement, party) for party in parties])
    return f"{told}, which is not known to have been done"


def not_bound(agreement: Agreement, outcome: Outcome) -> str:
    """Why what was done, or left undone, was not by one who is bound; empty where no act of his own is wanted."""
    parties = [p for p in dict.fromkeys((outcome.bearer or "", *outcome.candidates)) if p in agreement.joining]
    if not parties:
        return ""
    records = _on_record(outcome)
    by = f" ({prose.join(records)})" if records else ""
    told = prose.join([prose.joining(agreement, party) for party in parties])
    ban = agreement.rule(outcome.rule).kind == "prohibition"
    return f"{told}: that {'had not been done by then' if ban else 'was not done in time'}{by}"


def bound(agreement: Agreement, outcome: Outcome) -> str:
    """By which act of his own the one is bound who kept a rule or broke it; empty where he needs none."""
    party, records = outcome.bearer, _on_record(outcome)
    if party is None or party not in agreement.joining or not records:
        return ""
    act = prose.gerund(agreement, agreement.joining[party].act or "")
    return f"{agreement.title_of(party)} is bound by its own act of {act} ({prose.join(records)})"
