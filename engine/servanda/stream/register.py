"""Which observations count: corrections replace, retractions take back, and to reinstate is to retract a retraction.

Nothing is erased: a record that no longer counts is kept with the reason. The answer depends on the set of records
alone, never on the order in which they came.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from servanda.locate.facts import Fact


def instance_of(fact: Fact, first: str) -> str:
    """What an instance is called after: its incident, else the first record of its chain of corrections."""
    return f"incident:{fact.incident}" if fact.incident is not None else f"observation:{first}"


@dataclass
class Register:
    """Every fact received, what points at what, and what is of one incident by its own record."""

    facts: dict[str, Fact] = field(default_factory=dict)
    pointers: dict[str, set[str]] = field(default_factory=dict)
    incidents: dict[str, set[str]] = field(default_factory=dict)

    def add(self, fact: Fact) -> set[str]:
        """Take in a fact; returns the ids whose standing may have changed."""
        self.facts[fact.id] = fact
        if fact.points_at is not None:
            self.pointers.setdefault(fact.points_at, set()).add(fact.id)
        if fact.incident is not None:
            self.incidents.setdefault(fact.incident, set()).add(fact.id)
        return self.chain(fact.id)

    def remove(self, fact_id: str) -> set[str]:
        """Take out a fact (its id turned out to stand for two contents); returns the ids that may have changed."""
        changed = self.chain(fact_id)
        fact = self.facts.pop(fact_id, None)
        if fact is not None and fact.points_at is not None:
            self.pointers[fact.points_at].discard(fact_id)
        if fact is not None and fact.incident is not None:
            self.incidents[fact.incident].discard(fact_id)
        return changed

    def forget(self, fact_id: str) -> None:
        """Take out a fact and every trace of it."""
        fact = self.facts.pop(fact_id, None)
        if fact is None:
            return
        for index, name in ((self.pointers, fact.points_at), (self.incidents, fact.incident)):
            if name is not None:
                index[name].discard(fact_id)
                if not index[name]:
                    del index[name]

    def chain(self, fact_id: str) -> set[str]:
        """All ids tied to this one by corrections and retractions, itself included."""
        found: set[str] = set()
        todo = [fact_id]
        while todo:
            current = todo.pop()
            if current in found:
                continue
            found.add(current)
            todo.extend(self.pointers.get(current, ()))
            fact = self.facts.get(current)
            if fact is not None and fact.points_at is not None:
                todo.append(fact.points_at)
        return found

    def circle(self, fact_id: str) -> bool:
        """Whether a record points, over others, at itself."""
        seen: set[str] = set()
        current: str | None = fact_id
        while current is not None and current not in seen:
            seen.add(current)
            fact = self.facts.get(current)
            current = None if fact is None else fact.points_at
        return current == fact_id

    def standing(self, fact_id: str) -> str:
        """Why a record does not count as an observation; empty where it does."""
        fact = self.facts[fact_id]
        if self.circle(fact_id):
            return "its corrections and retractions run in a circle"
        over = self._overridden_by(fact_id)
        if over is not None:
            word = "retracted" if self.facts[over].retracts == fact_id else "corrected"
            return f"{word} by {over}"
        if fact.retracts is not None:
            return "a retraction" if fact.retracts in self.facts else f"retracts {fact.retracts}, which is not here"
        return ""

    def path(self, fact_id: str) -> tuple[str, ...]:
        """A record and those it corrects, one after another, the first last; the first may not be here yet."""
        found = [fact_id]
        while found[-1] in self.facts:
            before = self.facts[found[-1]].corrects
            if before is None or before in found:
                break
            found.append(before)
        return tuple(found)

    def _overridden_by(self, fact_id: str) -> str | None:
        effective = [p for p in sorted(self.pointers.get(fact_id, ())) if self._effective(p)]
        return effective[0] if effective else None

    def _effective(self, fact_id: str) -> bool:
        """Whether a correction or retraction has effect.

        A correction has it unless it is retracted: to correct it once more does not bring back what it replaced.
        A retraction has it unless it is retracted or corrected: its correction says something else.
        """
        if self.circle(fact_id):
            return False
        order, todo = [], [fact_id]
        while todo:  # outwards along the pointers, without recursion
            current = todo.pop()
            order.append(current)
            todo.extend(p for p in self.pointers.get(current, ()) if not self.circle(p))
        effective: dict[str, bool] = {}
        for current in reversed(order):
            against = [p for p in self.pointers.get(current, ()) if effective.get(p, False)]
            if self.facts[current].retracts is None:
                against = [p for p in against if self.facts[p].retracts is not None]
            effective[current] = not against
        return effective[fact_id]
