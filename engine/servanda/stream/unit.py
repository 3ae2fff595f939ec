"""A unit: what is evaluated by itself, what it gave, and until when that holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from servanda.locate.facts import Fact
from servanda.outcomes import Outcome
from servanda.stream.coverage import Asked
from servanda.stream.instant import Watched

if TYPE_CHECKING:
    from _collections_abc import dict_values

Unit = tuple[int, str]
"""The number of a rule among the plan's, and what an instance of it is called after, or one of these."""
WHOLE, REMAINDER = "", "remainder"

Changed = dict[Unit, tuple[tuple[Outcome, ...], tuple[Outcome, ...]]]
"""What units gave, and what they give now."""
Time = tuple[int, int]
"""From one instant until another."""
Room = tuple[dict[str, dict[str, Fact]], dict[str, Fact]]
"""The facts of a cluster by act, and the denials among them."""


@dataclass(frozen=True)
class Kept:
    """What a unit gives, the next instant at which time alone may change it, and of which times it asks who watched."""

    outcomes: tuple[Outcome, ...]
    wake: int | None
    asked: tuple[Asked, ...] = ()

    @property
    def time(self) -> Time | None:
        """The time of which it asks who watched; None where of none."""
        return hull((asked.since_us, asked.until_us) for asked in self.asked)

    @property
    def hinge(self) -> Time | None:
        """The time in which something else that could be seen may change what it gives; None where nothing may."""
        return hull(asked.hinge for asked in self.asked)


class Near(dict[str, dict[str, Fact]]):
    """The facts that concern one unit, by act, put together when they are asked for."""

    def __init__(self, everywhere: dict[str, dict[str, Fact]], own: dict[str, dict[str, Fact]]) -> None:
        """Those looked for everywhere, and those of its cluster."""
        super().__init__()
        self._parts = (everywhere, own)

    def __missing__(self, act: str) -> dict[str, Fact]:
        """The facts of an act."""
        everywhere, own = self._parts
        self[act] = everywhere.get(act, {}) | own.get(act, {})
        return self[act]

    def values(self) -> dict_values[str, dict[str, Fact]]:
        """The facts of every act."""
        for act in {act for part in self._parts for act in part}:
            _ = self[act]
        return super().values()

    def get(self, act: str, default: object = None) -> dict[str, Fact]:  # noqa: ARG002
        """The facts of an act; there may be none."""
        return self[act]


def hinges(kept: Kept | None, times: list[Time] | None) -> bool:
    """Whether what could be seen in any of some times may change what a unit gives; None for all there is."""
    if times is None or kept is None:
        return True
    own = [asked.hinge for asked in kept.asked if asked.hinge is not None]
    return any(since <= until_us and since_us <= until for since, until in own for since_us, until_us in times)


def hull(times: Iterable[Time | None]) -> Time | None:
    """The time that holds several; None where there are none."""
    known = [time for time in times if time is not None]
    return (min(since for since, _ in known), max(until for _, until in known)) if known else None


def noted(outcomes: list[Outcome], instant: Watched, asked: Iterable[Asked] = ()) -> Kept:
    """Outcomes, with the next instant at which time alone may change them, and the times that were asked of."""
    instant.note(outcomes)
    return Kept(tuple(outcomes), instant.wake, tuple(one for one in asked if one.since_us < one.until_us))
