"""What was given and counts for nothing, though it may concern any rule: beside it nothing is surely kept."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from servanda.observations import Rejection
from servanda.outcomes import Outcome, Unknown, Verdict

_SHOWN = 3
"""How many are named where there are many."""


@dataclass(frozen=True)
class Aside:
    """What was set aside.

    Attributes:
        named: The first of it by name.
        more: How much more there is.
    """

    named: tuple[str, ...] = ()
    more: int = 0

    def __str__(self) -> str:
        """The first by name, and how many more."""
        return ", ".join(self.named) + (f" and {self.more} more" if self.more else "")


@dataclass
class Rows:
    """The names of rows that were set aside, as they come: those that were counted are not looked at again."""

    _seen: int = 0
    _names: set[str] = field(default_factory=set)
    _first: list[str] = field(default_factory=list)

    def aside(self, rejected: list[Rejection], others: Iterable[str] = ()) -> Aside:
        """What was set aside, of rows that only ever grow more, and of other records."""
        for row in rejected[self._seen :]:
            name = named(row)
            if name not in self._names:
                self._names.add(name)
                insort(self._first, name)
                del self._first[_SHOWN:]
        self._seen = len(rejected)
        besides = {name for name in others if name not in self._names}
        first = sorted({*self._first, *besides})[:_SHOWN]
        return Aside(tuple(first), len(self._names) + len(besides) - len(first))


def rests_on_silence(outcome: Outcome) -> bool:
    """Whether an outcome says that something was kept, or left undone, which one report more may turn."""
    if outcome.verdict is Verdict.COMPLIED:
        return True
    too_much = any(not a.floor and a.against is None and a.least > a.limit for a in outcome.amounts)
    return outcome.verdict is Verdict.VIOLATED and bool(outcome.amounts or outcome.watched) and not too_much


def held_back(outcome: Outcome, aside: Aside) -> Outcome:
    """A record that could not be read may concern any rule: beside it nothing is surely kept, or left undone."""
    if not aside.named or not rests_on_silence(outcome):
        return outcome
    mark = Unknown("rejected", other=str(aside))
    return replace(outcome, verdict=Verdict.INDETERMINATE, unknowns=(*outcome.unknowns, mark))


def named(row: Rejection) -> str:
    """The id of a row, which is the same in whatever order the rows came; the place of one that has none."""
    return row.id or (f"{row.file}:{row.line}" if row.line else row.file)
