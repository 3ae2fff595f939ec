"""Which observations count: corrections replace, retractions take back, and to reinstate is to retract a retraction.

Nothing is erased: a record that no longer counts is kept with the reason. The answer depends on the set of records
alone, never on the order in which they came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from servanda.locate.facts import Fact

CIRCLE = "its corrections and retractions run in a circle"
"""Why a record does not count of which nobody can say whether it does."""


def instance_of(fact: Fact, first: str) -> str:
    """What an instance is called after: its incident, else the first record of its chain of corrections."""
    return f"incident:{fact.incident}" if fact.incident is not None else f"observation:{first}"


@dataclass
class Register:
    """Every fact received, what points at what, and what is of one incident by its own record.

    Attributes:
        bars: Why one record may not correct or take back another; empty where it may.
        facts: The facts, by id.
        pointers: For each id, the facts that correct or retract it.
        incidents: For each incident, the facts whose own record puts them in it.
    """

    bars: Callable[[Fact, Fact], str] = lambda _pointer, _target: ""
    facts: dict[str, Fact] = field(default_factory=dict)
    pointers: dict[str, set[str]] = field(default_factory=dict)
    incidents: dict[str, set[str]] = field(default_factory=dict)
    _standing: dict[str, str] = field(default_factory=dict)
    _circles: set[str] = field(default_factory=set)

    def add(self, fact: Fact) -> set[str]:
        """Take in a fact; returns the ids whose standing may have changed."""
        self.facts[fact.id] = fact
        if fact.points_at is not None:
            self.pointers.setdefault(fact.points_at, set()).add(fact.id)
        if fact.incident is not None:
            self.incidents.setdefault(fact.incident, set()).add(fact.id)
        changed = self.chain(fact.id)
        self._settle(changed)
        return changed | self.incidents.get(fact.id, set())

    def remove(self, fact_id: str) -> set[str]:
        """Take out a fact (its id turned out to stand for two contents); returns the ids that may have changed."""
        changed = self.chain(fact_id)
        fact = self.facts.pop(fact_id, None)
        self._standing.pop(fact_id, None)
        self._circles.discard(fact_id)
        if fact is not None and fact.points_at is not None:
            self.pointers[fact.points_at].discard(fact_id)
        if fact is not None and fact.incident is not None:
            self.incidents[fact.incident].discard(fact_id)
        self._settle(changed)
        return changed | self.incidents.get(fact_id, set())

    def forget(self, fact_id: str) -> None:
        """Take out a fact and every trace of it."""
        fact = self.facts.pop(fact_id, None)
        self._standing.pop(fact_id, None)
        self._circles.discard(fact_id)
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

    def standing(self, fact_id: str) -> str:
        """Why a record does not count as an observation; empty where it does."""
        return self._standing[fact_id]

    def means_record(self, name: str) -> bool:
        """Whether a name is the id of a record that is not of an incident of that name: then it means that record."""
        return name in self.facts and self.facts[name].incident != name

    @property
    def circular(self) -> tuple[str, ...]:
        """Records of which nobody can say whether they count."""
        return tuple(sorted(self._circles))

    def circling(self, ids: Iterable[str]) -> bool:
        """Whether nobody can say of some of these records whether they count."""
        return bool(self._circles) and not self._circles.isdisjoint(ids)

    def barred(self, fact: Fact) -> str:
        """Why a record does not correct or take back what it points at; empty where it does, or that is not here."""
        target = self.facts.get(fact.points_at or "")
        return "" if target is None else self.bars(fact, target)

    def path(self, fact_id: str) -> tuple[str, ...]:
        """A record and those it corrects, one after another, the first last; the first may not be here yet."""
        found = [fact_id]
        while found[-1] in self.facts:
            fact = self.facts[found[-1]]
            if fact.corrects is None or self._standing[fact.id] == CIRCLE or self.barred(fact):
                break
            found.append(fact.corrects)
        return tuple(found)

    def _settle(self, ids: Iterable[str]) -> None:
        """Work out the standing of facts that are tied together.

        A correction has effect unless it is retracted: to correct it once more does not bring back what it replaced.
        A retraction has effect unless it is retracted or corrected: its correction says something else.
        """
        here = [i for i in ids if i in self.facts]
        circle = self._in_circles(here)
        self._circles.difference_update(here)
        self._circles |= circle
        effective: dict[str, bool] = {}
        for current in self._outermost_first(here, circle):
            against = [p for p in self._pointing(current, circle) if effective[p]]
            if self.facts[current].retracts is None:
                against = [p for p in against if self.facts[p].retracts is not None]
            effective[current] = not against
        for current in here:
            over = next((p for p in self._pointing(current, circle) if effective[p]), None)
            self._standing[current] = CIRCLE if current in circle else self._why(self.facts[current], over)

    def _why(self, fact: Fact, over: str | None) -> str:
        if over is not None:
            return f"{'retracted' if self.facts[over].retracts == fact.id else 'corrected'} by {over}"
        if fact.retracts is None:
            return ""
        if fact.retracts not in self.facts:
            return f"retracts {fact.retracts}, which is not here"
        return self.barred(fact) or "a retraction"

    def _pointing(self, fact_id: str, circle: set[str]) -> list[str]:
        """What corrects or takes back a record, as far as it may."""
        pointing = sorted(self.pointers.get(fact_id, ()))
        return [p for p in pointing if p not in circle and not self.barred(self.facts[p])]

    def _in_circles(self, ids: list[str]) -> set[str]:
        """The records that point, over others, at themselves."""
        found: set[str] = set()
        done: set[str] = set()
        for start in ids:
            walked: dict[str, None] = {}
            current: str | None = start
            while current is not None and current in self.facts and current not in done and current not in walked:
                walked[current] = None
                current = self.facts[current].points_at
            if current is not None and current in walked:
                names = list(walked)
                found.update(names[names.index(current) :])
            done.update(walked)
        return found

    def _outermost_first(self, ids: list[str], circle: set[str]) -> list[str]:
        """The records in such an order that each comes after all that point at it."""
        order: list[str] = []
        todo = [i for i in ids if i in circle or self.facts[i].points_at not in self.facts]
        while todo:  # outwards along the pointers, without recursion
            current = todo.pop()
            order.append(current)
            todo.extend(p for p in self.pointers.get(current, ()) if p not in circle)
        return order[::-1]
