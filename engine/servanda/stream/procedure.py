"""What bodies and parties put on record about a finding: determinations, attributions, remedies, answers.

None of them changes the verdict. Only a body that the agreement empowers to do it determines, attributes or sets a
remedy; by anyone else it is an opinion. Where bodies differ, nothing of it has effect until they agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from servanda.locate.facts import GROUP, WATCH, Fact
from servanda.locate.filing import PROCEDURE
from servanda.outcomes import SHOWING, Effect, Filed, Outcome, finding_id
from servanda.plan import Plan, RulePlan
from servanda.stream.proof import proves, weighs
from servanda.stream.timing import by
from servanda.stream.world import World
from servanda.truth import Truth

NO_BASIS = ("control-of-area", "direction-of-fire")
"""What attributes nothing by itself: who holds the ground, and whence it came."""

_DOES: dict[str, Effect] = {"determine": "determines", "attribute": "attributes", "remedy": "sets-remedy"}
_ALIKE = {"determine": ("outcome",), "attribute": ("attribution", "party")}


@dataclass
class Procedure:
    """The records of procedure that count at one instant.

    Attributes:
        world: The facts that count.
        plan: What is run; it says who has which power.
    """

    world: World
    plan: Plan
    _about: dict[str, list[Fact]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index the records by what they refer to."""
        for act in PROCEDURE:
            for fact in self.world.by_act.get(act, {}).values():
                for name in fact.refers_to if by(fact, self.world.at_us) is not Truth.FALSE else ():
                    self._about.setdefault(name, []).append(fact)

    def file(self, rule: RulePlan, outcome: Outcome) -> Outcome:
        """An outcome with what is on record about it."""
        if not self._about:
            return outcome
        own = finding_id(self.world.agreement, outcome.rule, outcome.instance)
        records = self._records(outcome, own)
        filed = [Filed(f.id, f.act, self._effect(rule, f, own)) for f in records]
        filed = _unless_they_differ(filed, {f.id: dict(f.told) for f in records})
        dissents = {
            Filed(d.id, d.act, "dissents", one.observation)
            for one in filed
            if one.act in _ALIKE and (fact := self.world.fact(one.observation)) is not None
            for d in self.world.denied(fact)
        }
        return replace(outcome, filed=(*filed, *sorted(dissents)))

    def _records(self, outcome: Outcome, own: str) -> list[Fact]:
        """The records about an outcome: by its finding, by what shows it, or by what it rests on and its rule."""
        near, far = {own}, {own}
        for evidence in outcome.evidence:
            fact = self.world.fact(evidence.observation)
            if fact is None or fact.act in {WATCH, GROUP}:
                continue
            far |= self.world.names(fact)
            near |= self.world.names(fact) if evidence.role in SHOWING else set()
        found = {f.id: f for name in far for f in self._about.get(name, ())}
        return [
            f
            for _, f in sorted(found.items())
            if (f.refers_to & near if (named := dict(f.told).get("rule")) is None else named == outcome.rule)
        ]

    def _effect(self, rule: RulePlan, fact: Fact, finding: str) -> Effect:
        """What a record does by itself, before it is held against others."""
        says = dict(fact.told)
        who = fact.actors[0] if len(fact.actors) == 1 else ""
        if fact.act == "rectify":
            return "rectifies"
        if fact.act == "comment" or (fact.act == "attribute" and who in rule.parties and says.get("party") == who):
            admits = fact.act == "attribute" or says.get("answer") == "admits"
            sure = min(proves(fact, rule, breach=True), self._stands(rule, fact)) is Truth.TRUE
            return "admits" if admits and sure and who in rule.parties else "answers"
        if not self._empowered(who, fact.act):
            return "opinion"
        if not _says_enough(fact, says, finding):
            return "says-too-little"
        if says.get("basis") in NO_BASIS:
            return "no-basis"
        spoken = (fact.origin or fact.source or "").casefold() == who.casefold()
        if min(Truth.TRUE if spoken else weighs(fact, rule), self._stands(rule, fact)) is not Truth.TRUE:
            return "not-sure"
        return _DOES[fact.act]

    def _empowered(self, who: str, act: str) -> bool:
        """Whether the agreement empowers someone to do what a record says."""
        return (who, act) in self.plan.powers

    def _stands(self, rule: RulePlan, fact: Fact) -> Truth:
        return min(by(fact, self.world.at_us), self.world.undenied(fact, rule))


def _says_enough(fact: Fact, says: dict[str, str], finding: str) -> bool:
    """Whether a record says what it finds, and of which rule: it names the rule, or the finding itself."""
    if fact.act == "determine":
        return "outcome" in says and ("rule" in says or finding in fact.refers_to)
    if fact.act == "attribute":
        return "party" in says or says.get("attribution") == "cannot-be-attributed"
    return "remedy" in says


def _unless_they_differ(filed: Iterable[Filed], says: dict[str, dict[str, str]]) -> list[Filed]:
    """Records of one kind that have effect, unless they say different things: then none has."""
    several = list(filed)
    for act, fields in _ALIKE.items():
        effective = [f for f in several if f.act == act and f.effect in {"determines", "attributes"}]
        told = {tuple(says[f.observation].get(name) for name in fields) for f in effective}
        if len(told) > 1:
            several = [replace(f, effect="differs") if f in effective else f for f in several]
    return several
