"""How findings that are held here hang together with the records that are about them.

They are records of procedure, and what performs a duty that a violation triggered. Such a record names a finding, or
something that is evidence in one; it need not lie in the cluster of either. So what each unit gives is known here by
its finding, and by that part of its evidence that lies in another cluster.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from servanda.locate.facts import Fact
from servanda.locate.filing import PROCEDURE
from servanda.outcomes import Outcome, finding_id
from servanda.stream.clusters import Cluster, Clusters
from servanda.stream.unit import Unit


@dataclass
class Wanted:
    """What may have been put away and belongs to what is held here.

    Attributes:
        names: Findings that came to be held here, and what such records speak of.
        evidence: Records beside which something new is on record: findings elsewhere may rest on them.
    """

    names: set[str] = field(default_factory=set)
    evidence: set[str] = field(default_factory=set)


@dataclass
class OnRecord:
    """What is on record about what is held here.

    Attributes:
        agreement: The agreement's name.
        clusters: How the facts hang together.
        repairing: The acts that perform a duty that a violation triggers.
        holding: The clusters that hold a record that may be about a finding, by number.
        wanted: What has to be looked for among what was put away.
    """

    agreement: str
    clusters: Clusters
    repairing: frozenset[str] = frozenset()
    holding: set[int] = field(default_factory=set)
    wanted: Wanted = field(default_factory=Wanted)
    _units: dict[str, Unit] = field(default_factory=dict)
    _resting: dict[str, set[Unit]] = field(default_factory=dict)

    def note(self, unit: Unit, before: Iterable[Outcome], after: Iterable[Outcome], home: Cluster | None) -> None:
        """Note what a unit, which lies in `home`, gave and what it gives now."""
        gone = {self.name(outcome) for outcome in before}
        for evidence in (e for outcome in before for e in outcome.evidence):
            units = self._resting.get(evidence.observation, set())
            units.discard(unit)
            if not units:
                self._resting.pop(evidence.observation, None)
        for outcome in after:
            name = self.name(outcome)
            if name not in gone:
                self._units[name] = unit
                self.wanted.names.add(name)
            gone.discard(name)
            for fact_id in self._elsewhere(outcome, home):
                self._resting.setdefault(fact_id, set()).add(unit)
        for name in gone:
            self._units.pop(name, None)

    def name(self, outcome: Outcome) -> str:
        """The finding that an outcome becomes."""
        return finding_id(self.agreement, outcome.rule, outcome.instance)

    def changed(self, cluster: Cluster, facts: Iterable[Fact]) -> set[Unit]:
        """The units that a change of a cluster concerns by what is on record in it; `facts` are all it holds."""
        before = cluster.number in self.holding
        if any(fact.act in PROCEDURE or (fact.act in self.repairing and fact.refers_to) for fact in facts):
            self.holding.add(cluster.number)
        else:
            self.holding.discard(cluster.number)
        if not before and cluster.number not in self.holding:
            return set()
        self.wanted.names |= cluster.names
        self.wanted.evidence |= cluster.facts
        return self.about(cluster)

    def about(self, cluster: Cluster) -> set[Unit]:
        """The units held here of which a cluster names the finding, or holds evidence for another cluster."""
        named = {self._units[name] for name in cluster.names if name in self._units}
        return named.union(*(self._resting.get(fact_id, ()) for fact_id in cluster.facts))

    def beside(self, outcome: Outcome) -> list[Cluster]:
        """The clusters that bear on what is on record about an outcome; none where nothing is on record in any."""
        if not self.holding:
            return []
        names = (self.name(outcome), *(e.observation for e in outcome.evidence))
        near = {c.number: c for name in names if (c := self.clusters.by_name.get(name)) is not None}
        return list(near.values()) if near.keys() & self.holding else []

    def _elsewhere(self, outcome: Outcome, home: Cluster | None) -> Iterable[str]:
        return (e.observation for e in outcome.evidence if home is None or e.observation not in home.facts)
