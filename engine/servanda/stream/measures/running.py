"""How much there was by an instant, since a rule began to bind: what ratios compare, one measure with another.

At least so much is what surely lies before the instant. At most so much there was where counts that say that they are
complete cover all the time from when the rule began to bind, or where a watch or a register does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from servanda.moments import EVER_US
from servanda.outcomes import Unknown
from servanda.stream.breach import tallies
from servanda.stream.coverage import Silence, silence
from servanda.stream.measures import distinct
from servanda.stream.measures.covering import covered
from servanda.stream.measures.marks import Asked, Mark, elsewhen, marks, settled, wholes
from servanda.stream.measures.rolling import Line
from servanda.stream.proof import enough
from servanda.stream.timing import last_moment


@dataclass(frozen=True)
class Total:
    """How much there was by an instant.

    Attributes:
        inside: What lies before it, or may.
        least: What surely was told of, each thing once.
        possible: What there was at most of all that was told; None where some report does not say.
        counted: How much there was at most by complete counts; None where they leave a time out.
        counts: Those counts.
        watched: What shows that nothing is left untold; None where nothing does.
        tallies: Totals of which nobody knows what they count, beside which that is open.
    """

    inside: tuple[Mark, ...]
    least: float
    possible: float | None
    counted: float | None
    counts: tuple[Mark, ...]
    watched: Silence | None
    tallies: tuple[str, ...]

    @property
    def settled(self) -> float | None:
        """How much there was at most, by whatever says so."""
        tops = [top for top in (self.counted, self.possible if self.watched else None) if top is not None]
        return min(tops, default=None)

    def low(self, top: float | None) -> float:
        """How much there surely was; where it is more than there was at most, one of the two is wrong."""
        return self.least if top is None else min(self.least, top)

    def high(self, top: float | None) -> float | None:
        """How much there was at most, in the same way; None where nobody knows."""
        return None if top is None else max(self.least, top)


NOTHING = Total((), 0.0, 0.0, None, (), None, ())
"""A total of nothing, of which nobody knows whether it is all."""


@dataclass(frozen=True)
class Ledger:
    """All there is of one measure."""

    asked: Asked
    line: Line
    whole: list[Mark]

    @classmethod
    def of(cls, asked: Asked) -> Self:
        """Everything that belongs to a measure or may, and the counts of everything."""
        return cls(asked, Line(marks(asked)), wholes(asked))

    def apart(self, instants: Iterable[int]) -> Iterator[float]:
        """At least how much there surely was by each of some instants that follow one another, looked at cheaply.

        Things of one report each that follow on one another in time are surely several.
        """
        reports = Counter(m.incident for m in self.line.marks)
        plain = (
            m for m in self.line.marks if m.sure and reports[m.incident] == 1 and enough([m.fact], self.asked.rule)
        )
        coming = sorted(plain, key=lambda m: (last_moment(m.fact), m.fact.earliest_us, m.fact.id), reverse=True)
        total, until = 0.0, EVER_US
        for instant in instants:
            while coming and last_moment(coming[-1].fact) <= instant:
                mark = coming.pop()
                if mark.fact.earliest_us > until:
                    total, until = total + mark.least, last_moment(mark.fact)
            yield total

    def total(self, before: tuple[int, int], end_us: int | None, own: Iterable[Mark] = ()) -> Total:
        """How much there was before an instant.

        Args:
            before: The instant as bounds: what ended before the first surely lies before it, what began before the
                second may.
            end_us: Until when nothing may be left untold for there to be a most; None where that is not asked.
            own: Marks that are of it whenever they were.
        """
        stretch = (EVER_US, before[1])
        taken = {m.fact.id for m in own}
        lying = [m for m in self.line.marks if m.fact.id in taken or m.fact.earliest_us < before[1]]
        edge = str(before[0])
        placed = [
            m
            if m.fact.id in taken or last_moment(m.fact) < before[0]
            else m.perhaps(Unknown("time", m.fact.id, self.asked.bearer, other=edge))
            for m in lying
        ]
        outside = {
            incident: others
            for incident, facts in self.line.outside(stretch, lying).items()
            if (others := [f for f in facts if f.id not in taken])
        }
        inside = settled(self.asked, elsewhen(self.asked, placed, outside))
        least, possible = distinct.least(inside, self.asked), distinct.most(inside)
        starts = self.asked.binds.starts
        if end_us is None or starts is None or end_us <= starts.earliest_us:
            return Total(tuple(inside), least, possible, None, (), None, ())
        first, world = starts.earliest_us, self.asked.world
        counted = covered(self.whole, first, end_us)
        counts = (m for m in self.whole if m.fact.earliest_us < end_us and first < m.fact.latest_us)
        watched = silence(world, self.asked.rule, self.asked.bearer, first, end_us)
        unsettling = (t.id for t in tallies(world, first) if t.earliest_us < end_us) if watched else ()
        shown = tuple(counts) if counted is not None else ()
        return Total(tuple(inside), least, possible, counted, shown, watched, tuple(unsettling))
