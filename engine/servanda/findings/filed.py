"""What bodies and parties put on record about a finding, as it stands on the finding beside the engine's own answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from servanda import moments
from servanda.findings.model import Attribution, Between, Determination, Filing

if TYPE_CHECKING:
    from servanda.locate import Located
    from servanda.outcomes import Effect, Filed, Outcome

EFFECTS: dict[Effect, str] = {
    "determines": "a determination of a body that has the power",
    "attributes": "an attribution of a body that has the power",
    "sets-remedy": "a remedy of a body that has the power",
    "admits": "an admission",
    "answers": "an answer, and no admission",
    "rectifies": "a report of making good",
    "opinion": "an opinion: the agreement does not empower who gives it",
    "differs": "without effect: another body, or another record of this one, says otherwise",
    "not-sure": "without effect: that it was made so is not sure",
    "no-basis": "without effect: who controls an area, or from where it came, does not show who did it",
    "says-too-little": "without effect: it does not say of which rule, or what it finds",
    "dissents": "a dissent",
}
"""What a record of procedure does to a finding, in words."""

_SAYS = ("outcome", "attribution", "party", "answer", "remedy", "basis", "standard", "dissent")


def procedure(outcome: Outcome, located: Mapping[str, Located]) -> tuple[Filing, ...]:
    """Every record about an outcome, in the order of their time."""
    order = sorted(outcome.filed, key=lambda f: (located[f.observation].fact.earliest_us, f.observation, f.to))
    return tuple(_filing(one, located[one.observation]) for one in order)


def determination(outcome: Outcome, located: Mapping[str, Located]) -> Determination | None:
    """What bodies that have the power determined, where they agree; None where none did, or they differ."""
    made = [located[f.observation] for f in outcome.filed if f.effect == "determines"]
    if not made:
        return None
    made.sort(key=lambda x: (x.fact.earliest_us, x.fact.id))
    names = {x.fact.id for x in made}
    dissents = [d for x in made if (d := dict(x.fact.told).get("dissent"))]
    dissents += [f"{f.observation} says otherwise" for f in outcome.filed if f.effect == "dissents" and f.to in names]
    return Determination(
        outcome=dict(made[0].fact.told)["outcome"],
        by=tuple(dict.fromkeys(x.fact.actors[0] for x in made)),
        at=Between(earliest=moments.iso(made[0].fact.earliest_us), latest=moments.iso(made[0].fact.latest_us)),
        records=tuple(x.fact.id for x in made),
        dissents=tuple(dissents),
    )


def attribution(outcome: Outcome, located: Mapping[str, Located], otherwise: Attribution) -> Attribution:
    """Who did it by what bodies with the power attributed, else by a party's own admission, else as it was.

    Bodies that differ leave it as it was, an admission beside them too: who is right is not for us to say.
    """
    made = [located[f.observation] for f in outcome.filed if f.effect == "attributes"]
    if made:
        made.sort(key=lambda x: (x.fact.earliest_us, x.fact.id))
        says = dict(made[0].fact.told)
        given = says.get("attribution") or "attributed"
        return otherwise.model_copy(
            update={
                "status": given,
                "party": says.get("party"),
                "basis": says.get("basis"),
                "standard": says.get("standard"),
                "by": made[0].fact.actors[0],
            }
        )
    admitted = {located[f.observation].fact.actors[0] for f in outcome.filed if f.effect == "admits"}
    differs = any(f.effect == "differs" and f.act == "attribute" for f in outcome.filed)
    if len(admitted) != 1 or differs:
        return otherwise
    party = admitted.pop()
    return otherwise.model_copy(update={"status": "admitted", "party": party, "basis": "own-statement", "by": party})


def remedy(outcome: Outcome, located: Mapping[str, Located]) -> str | None:
    """What bodies with the power set as a remedy, one after another."""
    made = [located[f.observation].fact for f in outcome.filed if f.effect == "sets-remedy"]
    made.sort(key=lambda f: (f.earliest_us, f.id))
    return "; ".join(dict(f.told)["remedy"] for f in made) or None


def _filing(filed: Filed, located: Located) -> Filing:
    fact = located.fact
    says = dict(fact.told)
    parts = [f"{name}: {says[name]}" for name in _SAYS if name in says]
    if located.observation.note:
        parts.append(located.observation.note)
    return Filing(
        observation=fact.id,
        act=filed.act,
        by=fact.actors[0] if len(fact.actors) == 1 else None,
        effect=filed.effect,
        to=filed.to or None,
        says="; ".join(parts),
    )
