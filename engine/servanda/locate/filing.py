"""What a record of procedure says in the fields that the vocabulary declares for it, and whether it can say that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servanda.observations.problems import Flaw
from servanda_dsl.suggest import did_you_mean, nearest

if TYPE_CHECKING:
    from servanda.observations.model import Observation
    from servanda_dsl.model import Agreement

_CALLED = {"rule": "rule of the agreement", "party": "party of the agreement", "standard": "standard of proof"}
PROCEDURE = ("determine", "attribute", "remedy", "rectify", "comment")
"""The records of procedure that are filed on a finding."""


def told(agreement: Agreement, observation: Observation) -> tuple[tuple[str, str], ...]:
    """The fields of a record of procedure, in the order of their names; empty for any other observation."""
    if observation.act not in PROCEDURE:
        return ()
    declared = agreement.vocabulary.acts[observation.act].fields
    return tuple(sorted((k, str(v)) for k, v in observation.fields.items() if k in declared and v is not None))


def flaws(agreement: Agreement, observation: Observation) -> list[Flaw]:
    """O171: a field of a record of procedure has a value that it cannot have."""
    vocabulary = agreement.vocabulary
    act = vocabulary.acts.get(observation.act)
    if act is None or observation.act not in PROCEDURE:
        return []
    names = {
        "rule": tuple(r.id for r in agreement.rules if r.kind in {"prohibition", "obligation", "maintenance"}),
        "party": agreement.parties,
        "standard": tuple(vocabulary.standards),
    }
    found = []
    for field, value in sorted(observation.fields.items()):
        legal = act.one_of.get(field) or (names.get(field) if field in act.fields else None)
        if not isinstance(value, str):
            found.append(Flaw(field, "O171", f'"{field}" is text', "write one text", str(value)))
        elif legal is not None and value not in legal:
            help_ = did_you_mean(nearest(value, legal)) or "known: " + ", ".join(legal)
            what = _CALLED.get(field, f"{field} that a record of {act.gerund} can give")
            found.append(Flaw(field, "O171", f'"{value}" is no {what}', help_, value))
        elif field not in act.fields:
            known = ", ".join(act.fields)
            found.append(
                Flaw(field, "O171", f'a record of {act.gerund} has no field "{field}"', f"it has {known}", value)
            )
    return found
