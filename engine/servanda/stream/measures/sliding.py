"""How much there is in stretches of time that follow one another, each worked out from the one before.

What enters a stretch is added, what leaves it is taken away. So bounds on how much there may be cost little for very
many stretches, and only where these go over a limit what was there has to be looked at closely.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from servanda.stream.measures.marks import Mark
from servanda.stream.timing import last_moment

_CLOSE = 1e-6
"""So close to a limit, sums of fractions that were made in another order may lie on either side of it."""


@dataclass
class _Sum:
    """The sum over incidents of the greatest figure of each; None stands for one that nobody tells."""

    total: float = 0.0
    open: int = 0
    _told: dict[str, list[float | None]] = field(default_factory=dict)

    def enter(self, incident: str, figure: float | None) -> None:
        """Take in a figure of an incident."""
        told = self._told.setdefault(incident, [])
        self._count(told, -1)
        told.append(figure)
        self._count(told, 1)

    def leave(self, incident: str, figure: float | None) -> None:
        """Take out a figure of an incident."""
        told = self._told[incident]
        self._count(told, -1)
        told.remove(figure)
        self._count(told, 1)
        if not told:
            del self._told[incident]

    def _count(self, told: list[float | None], sign: int) -> None:
        if None in told:
            self.open += sign
        elif told:
            self.total += sign * max(f for f in told if f is not None)


def most(marks: list[Mark], stretches: list[tuple[int, int]]) -> Iterator[float | None]:
    """How many there may have been in each of some stretches, of all that may lie in it; None where nobody knows.

    Args:
        marks: The marks, in the order of their first moments.
        stretches: The stretches; neither their beginnings nor their ends go back in time.
    """
    going = sorted(marks, key=lambda m: last_moment(m.fact))
    here, entered, left = _Sum(), 0, 0
    for begin, end in stretches:
        while entered < len(marks) and marks[entered].fact.earliest_us < end:
            here.enter(marks[entered].incident, marks[entered].most)
            entered += 1
        while left < len(going) and last_moment(going[left].fact) < begin:
            here.leave(going[left].incident, going[left].most)
            left += 1
        yield None if here.open else here.total


def least(marks: list[Mark], stretches: list[tuple[int, int]]) -> Iterator[float]:
    """How many at most there surely were in each of some stretches: of all that is sure and lies in it.

    Args:
        marks: The marks, in the order of their first moments.
        stretches: The stretches; neither their beginnings nor their ends go back in time.
    """
    sure = [m for m in marks if m.sure]
    coming = sorted(sure, key=lambda m: last_moment(m.fact))
    here, inside, entered, left = _Sum(), set[str](), 0, 0
    for begin, end in stretches:
        while entered < len(coming) and last_moment(coming[entered].fact) < end:
            mark = coming[entered]
            if mark.fact.earliest_us >= begin:
                here.enter(mark.incident, mark.least)
                inside.add(mark.fact.id)
            entered += 1
        while left < len(sure) and sure[left].fact.earliest_us < begin:
            if sure[left].fact.id in inside:
                here.leave(sure[left].incident, sure[left].least)
            left += 1
        yield here.total


def too_close(total: float, limit: float) -> bool:
    """Whether a sum that was made in another order does not say on which side of a limit it lies."""
    return abs(total - limit) < _CLOSE
