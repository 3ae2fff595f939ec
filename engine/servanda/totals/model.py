"""The parts of a total, each with the ids from which it comes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Part:
    """One count: of one observation, or of all that tell of one incident.

    Attributes:
        observations: The ids it comes from.
        first: The instant at which the counted time begins, ISO 8601.
        last: The instant at which it ends.
        region: The part of the place that the source counts by itself, or the place; empty where none is stated.
        min: At least so many; nought where it is not sure that they are what the rule forbids.
        max: At most so many; None where nobody knows.
        sure: Whether they surely are what the rule forbids.
    """

    observations: tuple[str, ...]
    first: str
    last: str
    region: str
    min: float
    max: float | None
    sure: bool


@dataclass(frozen=True)
class Gap:
    """Local days, one after another, of which a source did not count everything.

    Attributes:
        region: The part of the place that the source counts by itself; empty where it says none.
        first: The first of these days.
        last: The last of these days.
        counted: `none` (no count reaches into the day) or `part` (counts cover some of it).
    """

    region: str
    first: str
    last: str
    counted: Literal["none", "part"]


@dataclass(frozen=True)
class Compared:
    """A total that the source itself published, against the parts that lie in its time.

    Attributes:
        tally: The id of the record that gives it.
        since: The id of the total before, where both run from the same instant: what was added is compared.
        first: Where the compared time begins.
        last: Where it ends.
        region: As in `Part`.
        total_min: What the total itself says, at least; where it runs from an earlier one, all of it.
        total_max: At most.
        published_min: What the source says of the compared time, at least.
        published_max: At most.
        parts: How many parts lie in that time.
        counted_min: What the parts make, at least.
        counted_max: At most.
        result: `agrees`; `differs`; or `open`, where the difference may lie in time that no count covers, or in
            figures that are not exact.
    """

    tally: str
    since: str | None
    first: str
    last: str
    region: str
    total_min: float
    total_max: float | None
    published_min: float
    published_max: float | None
    parts: int
    counted_min: float
    counted_max: float | None
    result: Literal["agrees", "differs", "open"]


@dataclass(frozen=True)
class Total:
    """What one source counted under one prohibition, in one unit.

    Attributes:
        rule: The prohibition.
        unit: Of what; units are never added up.
        source: Who counted.
        min: At least so many in all.
        max: At most so many in all; None where nobody knows.
        parts: What it is made of, by time.
        overlapping: Ids of counts that overlap in time and place, and are therefore not added to each other.
        gaps: Local days between the first and the last count of which not everything was counted: never nought.
        published: The source's own totals.
    """

    rule: str
    unit: str
    source: str
    min: float
    max: float | None
    parts: tuple[Part, ...]
    overlapping: tuple[tuple[str, ...], ...]
    gaps: tuple[Gap, ...]
    published: tuple[Compared, ...]

    def record(self) -> dict[str, Any]:
        """The total as JSON values."""
        return asdict(self)
