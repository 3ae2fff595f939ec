"""What findings say of gates: what they wait for, and what would settle whether they are open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servanda_dsl import prose

if TYPE_CHECKING:
    from servanda.outcomes import Outcome
    from servanda_dsl.model import Agreement

_CERTIFICATE = "the certificate of "


def question(agreement: Agreement, name: str) -> str:
    """What would settle whether a gate was open."""
    gate = agreement.gate(name)
    told = prose.quiet(agreement, gate)
    if gate.certified_by is not None:
        body = agreement.title_of(gate.certified_by)
        return f"whether {body} had certified what opens the gate “{gate.title}” ({told})"
    return f"whether the gate “{gate.title}” was open: that there had been {told} by then is neither sure nor ruled out"


def waits(agreement: Agreement, outcome: Outcome) -> str:
    """What an outcome waits for, in one phrase; empty where it waits for nothing that has a name."""
    names = dict.fromkeys(u.other for u in outcome.unknowns if u.kind == "gate")
    gates = [agreement.gate(name) for name in names]
    if gates:
        told = prose.join([f"“{g.title}” ({prose.quiet(agreement, g)})" for g in gates])
        return f"it waits for the gate{'' if len(gates) == 1 else 's'} {told} to open"
    waiting = [u.other for u in outcome.unknowns if u.kind == "anchor" and u.other]
    if not waiting:
        return ""
    recorded = all(name.startswith(_CERTIFICATE) for name in waiting)
    return f"it waits for {prose.join(waiting)}, {'and none is on record' if recorded else 'which is not known'}"
