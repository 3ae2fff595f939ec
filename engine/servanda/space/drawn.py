"""Lines and zones as drawn, with the accuracy of each part, and in the course of time."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from shapely.geometry.base import BaseGeometry

    from servanda.space.distance import Edges


@dataclass(frozen=True, eq=False)
class Drawn:
    """A line or zone as drawn.

    Attributes:
        name: As the agreement names it.
        geometry: WGS84 longitude and latitude.
        edges: Its edges, for distances.
        accuracy_m: How far the drawing may lie from the truth, in metres; where parts differ, the most.
        digest: SHA-256 of the file.
        since: The day from which it holds; None for the first.
        parts: Its edges by their accuracy, where parts have their own; empty where all are alike.
    """

    name: str
    geometry: BaseGeometry
    edges: Edges
    accuracy_m: float
    digest: str
    since: dt.date | None = None
    parts: tuple[tuple[float, Edges], ...] = ()

    @property
    def by_accuracy(self) -> tuple[tuple[float, Edges], ...]:
        """Its edges, by how far they may lie from the truth."""
        return self.parts or ((self.accuracy_m, self.edges),)


@dataclass(frozen=True, eq=False)
class Drawings:
    """A line or zone in the course of time: a drawing holds from its first instant until the next begins.

    Attributes:
        name: As the agreement names it.
        each: The drawings, in the order of time.
        from_us: When each begins to hold, microseconds since the epoch; the first has always held.
    """

    name: str
    each: tuple[Drawn, ...]
    from_us: tuple[int, ...]

    def during(self, earliest_us: int, latest_us: int) -> tuple[Drawn, ...]:
        """The drawings that held at some time from `earliest_us` until before `latest_us` (or at one instant)."""
        last_us = max(earliest_us, latest_us - 1)
        first = max(0, bisect_right(self.from_us, earliest_us) - 1)
        return self.each[first : max(first + 1, bisect_right(self.from_us, last_us))]
