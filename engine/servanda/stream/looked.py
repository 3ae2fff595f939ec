"""What rules look for wherever it is: which facts those are, who needs them, and whom a change of them concerns."""

from __future__ import annotations

from collections.abc import Iterable

from servanda.locate.facts import DENIED, TALLY, WATCH, Fact
from servanda.stream.clusters import Cluster
from servanda.stream.instant import Watched
from servanda.stream.interpreter import Stream
from servanda.stream.reach import Reach
from servanda.stream.sights import Sights
from servanda.stream.timing import Binding, binding
from servanda.stream.unit import Near, Time

SIGHT = (WATCH, DENIED, TALLY)
"""The acts that say what could be seen, and what unsettles it."""


Concerned = dict[int, list[Time] | None]
"""Rules that something concerns, each with times: what hinges on who watched in any of them; None for all of it."""


def concern(looked: Concerned, rule: int, times: list[Time] | None) -> None:
    """Note that a rule is concerned, beside what was noted of it before."""
    known = looked.get(rule, [])
    looked[rule] = None if known is None or times is None else [*known, *times]


class Looked:
    """The facts that some rule looks for everywhere.

    Attributes:
        everywhere: They, by act.
        denials: What denies any of them.
        watched: The rules for which someone was ever known to watch.
        needy: The rules that need to know who was watching, at whatever time.
    """

    def __init__(self, stream: Stream, actors: Iterable[str]) -> None:
        """Look through what a stream holds; `actors` are all who may act."""
        self.stream, self.reach = stream, Reach(stream.plan)
        self.everywhere: dict[str, dict[str, Fact]] = {}
        self.denials: dict[str, Fact] = {}
        self.watched: set[int] = set()
        self.needy: frozenset[int] = frozenset()
        self._actors = tuple(actors)
        self._looking: dict[str, frozenset[int]] = {}
        self._contexts: dict[int, tuple[tuple[Binding, ...], int | None]] = {}

    def near(self, own: dict[str, dict[str, Fact]]) -> Near:
        """What concerns a unit: this, and the facts of its cluster."""
        return Near(self.everywhere, own)

    def look(self, cluster: Cluster, looked: Concerned, *, again: bool = False) -> None:
        """Note which facts of a cluster some rule looks for, or looked for, and by which rules.

        Args:
            cluster: The cluster.
            looked: Takes the rules that this concerns.
            again: Whether it was put away and taken back as it was, which concerns nothing that knew of it.
        """
        seen = False
        sought = self._sought(cluster)
        for fact_id in cluster.facts:
            before = self.unlook(fact_id)
            fact = self.stream.counting(fact_id)
            after = sought.get(fact_id, frozenset())
            if fact is not None and after:
                self._looking[fact_id] = after
                self.everywhere.setdefault(fact.act, {})[fact_id] = fact
                if fact.act == WATCH:
                    self.watched |= after
            if before or after:
                seen = True
                if not again:
                    self._concern(fact_id, before | after, looked)
        for fact_id in cluster.facts if seen else ():
            fact = self.stream.counting(fact_id)
            if fact is not None and fact.denies:
                self.denials[fact_id] = fact

    def _sought(self, cluster: Cluster) -> dict[str, frozenset[int]]:
        """Which rules look for each fact of a cluster: for it, or for what it may oppose."""
        events: dict[tuple[str, str], frozenset[int]] = {}
        keys: dict[str, tuple[str, str]] = {}
        for fact_id in cluster.facts:
            fact = self.stream.counting(fact_id)
            if fact is None:
                continue
            keys[fact_id] = event = (self.stream.key(fact_id), fact.act)
            events[event] = events.get(event, frozenset()) | self.reach.looking(fact)
        return {fact_id: events[event] for fact_id, event in keys.items()}

    def lose(self, fact_id: str, looked: Concerned) -> None:
        """Let go of a fact, and note the rules that looked for it."""
        self._concern(fact_id, self.unlook(fact_id), looked)

    def _concern(self, fact_id: str, rules: frozenset[int], looked: Concerned) -> None:
        """Note that these rules have to be looked at again, and of what time."""
        fact = self.stream.register.facts[fact_id]
        for rule in rules:
            if self._sought_itself(fact.act, rule):
                looked[rule] = None
            elif rule in self.watched:
                concern(looked, rule, [(fact.earliest_us, fact.latest_us)])

    def unlook(self, fact_id: str) -> frozenset[int]:
        """Let go of a fact that some rule looked for."""
        self.denials.pop(fact_id, None)
        rules = self._looking.pop(fact_id, frozenset())
        if rules:
            act = self.stream.register.facts[fact_id].act
            self.everywhere[act].pop(fact_id, None)
        return rules

    def moved(self, number: int, at_us: int, *, again: bool) -> bool | None:
        """Whether the spans of a prohibition, or of its exceptions, are others than before; None where none are known.

        Args:
            number: The rule.
            at_us: The instant of evaluation.
            again: Whether something has come or gone that may move them.
        """
        if not self.reach.anchors[number]:
            return False
        known, wake = self._contexts.get(number, (None, None))
        if known is not None and not again and (wake is None or at_us < wake):
            return False
        instant = Watched(at_us)
        clock = self.stream.world(instant, self.near({})).clock(self.stream.plan.rules[number])
        spans = tuple(binding(clock, span, actor) for span in self.reach.spans[number] for actor in self._actors)
        instant.note(spans)
        self._contexts[number] = (spans, instant.wake)
        return None if known is None else known != spans

    def sought(self, cluster: Cluster) -> bool:
        """Whether some rule looks for one of its facts, were it only under other circumstances."""
        return any(self._looking.get(fact_id) for fact_id in cluster.facts)

    def sight(self, cluster: Cluster) -> int | None:
        """The latest instant of what a cluster says of what could be seen; None where no rule looks for that."""
        facts = [self.stream.register.facts[i] for i in cluster.facts if self._looking.get(i)]
        return max((fact.latest_us for fact in facts if fact.act in SIGHT), default=None)

    def pinned(self, cluster: Cluster) -> bool:
        """Whether some rule looks for one of its facts, or nobody can say whether they count."""
        return self.stream.register.circling(cluster.facts) or any(self._needs(fact_id) for fact_id in cluster.facts)

    def kept_for(self, cluster: Cluster, sights: Sights) -> bool:
        """Whether a duty that is held here asks of a time in which it says what could be seen."""
        return any(
            self.passing(rule) and sights.wanted(rule, fact.earliest_us, fact.latest_us)
            for fact_id in cluster.facts
            if (fact := self.stream.register.facts[fact_id]).act in SIGHT
            for rule in self._looking.get(fact_id, ())
        )

    def passing(self, rule: int) -> bool:
        """Whether a rule needs to know who was watching only from when its duties begin until they are due."""
        return rule in self.watched and self.reach.due[rule]

    def _needs(self, fact_id: str) -> bool:
        looking = self._looking.get(fact_id)
        if not looking:
            return False
        fact = self.stream.counting(fact_id)
        return fact is None or any(rule in self.needy or self._sought_itself(fact.act, rule) for rule in looking)

    def _sought_itself(self, act: str, rule: int) -> bool:
        """Whether a rule looks for an act as what it is about, not for what could be seen."""
        return act not in SIGHT or any(look.rule == rule for look in self.reach.by_act.get(act, ()))
