"""Which observations are of one incident: their own word for it, unless a group record says otherwise.

A group record (act `group`) puts the observations it refers to into its `incident`, or, where it names none, lets each
stand alone. It refers to an observation by its id, or to all those of an incident by that name. It is a claim like any
other: a correction replaces it, a retraction takes it back, and what it grouped is again as it was. An incident is one
for all clauses, so it has to meet every standard of proof that is declared.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from servanda.locate.facts import GROUP, Fact
from servanda.plan import RulePlan
from servanda.stream.proof import short_of
from servanda.stream.register import Register


@dataclass(frozen=True)
class Grouped:
    """The incident of an observation.

    Attributes:
        incident: Its name; None where it stands alone.
        by: The group records that say so, none where it is the observation's own word.
        disputed: Group records that differ on it, of which none has effect.
    """

    incident: str | None
    by: frozenset[str] = frozenset()
    disputed: frozenset[str] = frozenset()


@dataclass
class Grouping:
    """The group records that count.

    Attributes:
        judges: A rule for each standard of proof that is declared, or not.
        groups: The group records that count, by id.
        claims: For each name they refer to, the group records with the incident into which they put it.
    """

    judges: tuple[RulePlan, ...] = ()
    groups: dict[str, Fact] = field(default_factory=dict)
    claims: dict[str, dict[str, str | None]] = field(default_factory=dict)

    def update(self, changed: set[str], register: Register) -> set[str]:
        """Take in what became of some records; returns the ids of those whose incident may have changed by it."""
        before = {i: self.groups[i] for i in changed if i in self.groups}
        after = {i: f for i in changed if (f := register.facts.get(i)) is not None and self._groups(f, register)}
        if before == after:
            return set()
        named: set[str] = set()
        for group in before.values():
            del self.groups[group.id]
            named |= group.refers_to
            for name in group.refers_to:
                del self.claims[name][group.id]
        for group in after.values():
            self.groups[group.id] = group
            named |= group.refers_to
            for name in group.refers_to:
                self.claims.setdefault(name, {})[group.id] = group.incident
        return {
            i for name in named for start in (name, *register.incidents.get(name, ())) for i in register.chain(start)
        }

    def forget(self, fact_id: str) -> None:
        """Take out a group record and every trace of it."""
        group = self.groups.pop(fact_id, None)
        for name in () if group is None else group.refers_to:
            self.claims[name].pop(fact_id, None)
            if not self.claims[name]:
                del self.claims[name]

    def of(self, fact: Fact, path: tuple[str, ...], own: str | None) -> Grouped:
        """The incident of an observation; `path` is itself and the records it corrects, `own` the name of its incident.

        A group that names the record goes before one that names the incident its record puts it in. Groups that
        differ have no effect.
        """
        disputed: set[str] = set()
        for names in ((), ()) if fact.act == GROUP else (path, (own,) if own else ()):
            claims = {group: incident for name in names for group, incident in self.claims.get(name, {}).items()}
            if len(set(claims.values())) == 1:
                return Grouped(next(iter(claims.values())), frozenset(claims), frozenset(disputed))
            disputed |= claims.keys()
        return Grouped(fact.incident, disputed=frozenset(disputed))

    def lacks(self, fact: Fact) -> str:
        """Why a group record has no effect, as far as who made it goes; empty where it meets every standard."""
        standard = short_of(fact, self.judges)
        if standard is None:
            return ""
        if fact.word:
            return "a party does not say what is of one incident"
        return f"groups nothing: its source or grade does not meet {standard}"

    def _groups(self, fact: Fact, register: Register) -> bool:
        return fact.act == GROUP and not fact.denies and not register.standing(fact.id) and not self.lacks(fact)
