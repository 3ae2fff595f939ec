"""Which facts hang together by the names they go by: what speaks of one of them can change the answer on the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol


class Named(Protocol):
    """A record, or the fact made of it."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def incident(self) -> str | None:
        """The incident it belongs to."""

    @property
    def corrects(self) -> str | None:
        """What it replaces."""

    @property
    def retracts(self) -> str | None:
        """What it takes back."""

    @property
    def denies(self) -> Iterable[str]:
        """What it says did not happen."""

    @property
    def refers_to(self) -> Iterable[str]:
        """What it answers or groups."""


def names_of(record: Named) -> set[str]:
    """The names that a record bears, and those of which it speaks."""
    single = (record.id, record.incident, record.corrects, record.retracts)
    return {name for name in (*single, *record.denies, *record.refers_to) if name is not None}


@dataclass(eq=False)
class Cluster:
    """Facts that hang together.

    Attributes:
        number: Its number, never used again.
        facts: Their ids.
        names: The names they bear or speak of.
        latest_us: The latest instant of any of them.
        earliest_us: The earliest.
    """

    number: int
    facts: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    latest_us: int = 0
    earliest_us: int = 0


@dataclass
class Clusters:
    """All clusters. One may be larger than it need be, where what tied it together has gone; never smaller."""

    by_name: dict[str, Cluster] = field(default_factory=dict)
    by_number: dict[int, Cluster] = field(default_factory=dict)
    last: int = 0

    def add(self, record: Named, earliest_us: int, latest_us: int) -> tuple[Cluster, list[Cluster]]:
        """Take in a fact; returns its cluster, and those that are now part of it."""
        names = names_of(record)
        found = sorted(
            {c.number: c for n in names if (c := self.by_name.get(n)) is not None}.values(),
            key=lambda c: len(c.names),
            reverse=True,
        )
        if found:
            cluster = found[0]
        else:
            self.last += 1
            cluster = self.by_number[self.last] = Cluster(self.last, latest_us=latest_us, earliest_us=earliest_us)
        for other in found[1:]:
            cluster.facts |= other.facts
            cluster.latest_us = max(cluster.latest_us, other.latest_us)
            cluster.earliest_us = min(cluster.earliest_us, other.earliest_us)
            self._name(cluster, other.names)
            del self.by_number[other.number]
        cluster.facts.add(record.id)
        cluster.latest_us = max(cluster.latest_us, latest_us)
        cluster.earliest_us = min(cluster.earliest_us, earliest_us)
        self._name(cluster, names)
        return cluster, found[1:]

    def drop(self, cluster: Cluster) -> None:
        """Forget a cluster."""
        del self.by_number[cluster.number]
        for name in cluster.names:
            del self.by_name[name]

    def _name(self, cluster: Cluster, names: set[str]) -> None:
        cluster.names |= names
        for name in names:
            self.by_name[name] = cluster
