"""Counts as intervals of time with bounds: one for each incident; what overlaps is not added."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from servanda.findings import words
from servanda.observations.model import Bounds
from servanda.truth import Truth

if TYPE_CHECKING:
    from servanda.locate import Located

NOT_STATED = "not stated"


@dataclass(frozen=True)
class Count:
    """So many, in a span of time (microseconds since the epoch) and a part of the place.

    Attributes:
        ids: The observations it comes from.
        first_us: Where its time begins.
        last_us: Where its time ends.
        region: The part of the place; empty where it may be all of it.
        least: At least.
        most: At most; None where nobody knows.
        sure: Whether it surely belongs here.
        stated: Whether the source itself says that it counts this region by itself.
    """

    ids: tuple[str, ...]
    first_us: int
    last_us: int
    region: str
    least: float
    most: float | None
    sure: bool = True
    stated: bool = False

    def meets(self, other: Count) -> bool:
        """Whether two counts overlap in time and place, so that one thing may stand in both."""
        apart = bool(self.region and other.region and self.region != other.region)
        instants = self.first_us == self.last_us or other.first_us == other.last_us
        if instants:
            together = self.first_us <= other.last_us and other.first_us <= self.last_us
        else:
            together = self.first_us < other.last_us and other.first_us < self.last_us
        return together and not apart


def count_of(located: Located, value: Truth = Truth.TRUE) -> Count | None:
    """The count an observation gives; None where it gives none. What is not sure may be none at all."""
    observation, fact = located.observation, located.fact
    number = observation.count
    if number is None:
        return None
    if isinstance(number, Bounds):
        least, most = float(number.min or 0), None if number.max is None else float(number.max)
    else:
        least = most = float(number)
    sure = value is Truth.TRUE
    stated = bool(observation.fields.get("region"))
    return Count(
        (fact.id,), fact.earliest_us, fact.latest_us, region(located), least if sure else 0.0, most, sure, stated
    )


def region(located: Located) -> str:
    """The part of the place that a source counts by itself; else the place, unless that is a whole zone or area."""
    stated = located.observation.fields.get("region")
    if stated:
        return str(stated)
    place = located.observation.place
    if place is None or place.zone is not None or place.area is not None or place.geometry is not None:
        return ""
    return words.place_of(located)


def widest(counts: Iterable[Count]) -> Count:
    """Counts of one incident as one: of several figures the greatest, for they tell of the same."""
    listed = list(counts)
    regions = {c.region for c in listed}
    one = len(regions) == 1
    return Count(
        ids=tuple(sorted(i for c in listed for i in c.ids)),
        first_us=min(c.first_us for c in listed),
        last_us=max(c.last_us for c in listed),
        region=regions.pop() if one else "",
        least=max(c.least for c in listed),
        most=_greatest(c.most for c in listed),
        sure=all(c.sure for c in listed),
        stated=all(c.stated for c in listed) and one,
    )


def clusters(counts: Iterable[Count]) -> list[list[Count]]:
    """Counts that overlap, directly or over others, together; by time."""
    done: list[list[Count]] = []
    reaching: list[tuple[int, list[Count]]] = []
    for count in sorted(counts, key=lambda c: (c.first_us, c.last_us, c.ids)):
        done.extend(group for end, group in reaching if end < count.first_us)
        reaching = [(end, group) for end, group in reaching if end >= count.first_us]
        met = [(end, group) for end, group in reaching if any(count.meets(c) for c in group)]
        reaching = [pair for pair in reaching if pair not in met]
        joined = [*(c for _, group in met for c in group), count]
        reaching.append((max(c.last_us for c in joined), joined))
    return sorted([*done, *(group for _, group in reaching)], key=lambda g: (g[0].first_us, g[0].ids))


def together(group: list[Count]) -> Count:
    """What overlapping counts make: at least the greatest of them; at most all of them, if nothing stands in two.

    Where all are of the same time they are one figure given several times: at most the greatest.
    """
    one = widest(group)
    same = len({(c.first_us, c.last_us, c.region) for c in group}) == 1
    return one if same else replace(one, most=_sum(c.most for c in group))


def added(counts: Iterable[Count]) -> tuple[float, float | None]:
    """The sum of counts, as bounds; what overlaps is not added."""
    made = [together(group) for group in clusters(counts)]
    return sum(c.least for c in made), _sum(c.most for c in made)


def _sum(figures: Iterable[float | None]) -> float | None:
    listed = list(figures)
    return None if None in listed else sum(f for f in listed if f is not None)


def _greatest(figures: Iterable[float | None]) -> float | None:
    listed = list(figures)
    return None if None in listed else max(f for f in listed if f is not None)
