"""Rules about how much in any stretch of time: which blocks of time there are, and in which it may have been too much.

Time is cut into blocks, none shorter than the longest stretch of the rule. A block for one bearer is a unit: that of
the stretches that begin in it, which end in it or in the next. Every cluster concerns it that holds a report of what is
counted of that time. A block is hot where one of its stretches may be over a limit, by a bound that costs little. Hot
blocks that some cluster concerns at once hang together, for only so can they have an incident in common; what was over
the limit in them is evaluated at once, and lies in the first of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from servanda.locate.facts import Fact
from servanda.plan import Plan
from servanda.stream.measures import rolling, sliding
from servanda.stream.measures.marks import Mark, size
from servanda.stream.reach import Reach
from servanda.stream.timing import last_moment
from servanda.stream.unit import Unit
from servanda.stream.world import World, by_whom
from servanda.truth import Truth

_DAY_US = 86_400_000_000
_MOST_US = 30 * 366 * _DAY_US
"""What comes so long after a rule began to bind lies in one block, as does what came before it: a record of a time
without end concerns no more blocks than that."""


@dataclass(frozen=True)
class Grid:
    """The blocks of one rule, in elapsed time.

    Attributes:
        first_us: When block 0 begins; what was before is block -1.
        length_us: How long each is: a day longer than a stretch, since a local day may be longer than another.
    """

    first_us: int
    length_us: int

    def block(self, us: int) -> int:
        """The block in which an instant lies."""
        return max(-1, min((us - self.first_us) // self.length_us, _MOST_US // self.length_us))

    def begins_us(self, block: int) -> int:
        """When a block begins, or would."""
        return self.first_us + block * self.length_us


class ByStretch:
    """The blocks of the rules about how much in any stretch of time.

    Attributes:
        hot: For each rule and bearer, the blocks in which it may have been too much.
        until: For blocks in which it may have been, from when on nothing that is not too late concerns them.
    """

    def __init__(self, plan: Plan, reach: Reach, begins: Mapping[int, int]) -> None:
        """Cut the time of each rule into blocks; `begins` says when each begins to bind."""
        self.plan, self.reach = plan, reach
        self.hot: dict[tuple[int, str], set[int]] = {}
        self.until: dict[Unit, int] = {}
        self._grids: dict[int, Grid] = {}
        self._acts: dict[str, list[int]] = {}
        for number, first in begins.items():
            rule = plan.rules[number]
            longest = max(rolling.length_us(beyond.measure) for beyond in rule.beyond)
            self._grids[number] = Grid(first, longest + _DAY_US)
            for act in {act for part in rule.parts for act, _ in part.select.acts}:
                self._acts.setdefault(act, []).append(number)

    def concerned(self, fact: Fact) -> Iterator[Unit]:
        """The blocks that a fact concerns: those in which a stretch begins in which it may lie."""
        first, last = fact.earliest_us, last_moment(fact)
        for number in self._acts.get(fact.act, ()):
            grid, rule = self._grids[number], self.plan.rules[number]
            for bearer in (b for b in rule.bearers if not fact.actors or b in fact.actors):
                for block in range(grid.block(first) - 1, grid.block(last) + 1):
                    yield number, f"{bearer}:@{block}"

    def over(self, unit: Unit) -> int:
        """From when on nothing that is not too late concerns a block, as far as it is not hot."""
        return self._grids[unit[0]].begins_us(block_of(unit) + 2)

    def is_hot(self, unit: Unit) -> bool:
        """Whether it may have been too much in a stretch that begins in a block."""
        return block_of(unit) in self.hot.get(_whose(unit), ())

    def warm(self, unit: Unit, world: World) -> None:
        """Find out whether a block is hot, in a world that has everything that concerns it."""
        if self._too_much(unit, world):
            self.hot.setdefault(_whose(unit), set()).add(block_of(unit))
        else:
            self.hot.get(_whose(unit), set()).discard(block_of(unit))
            self.until.pop(unit, None)

    def together(self, units: Iterable[Unit], sharing: Mapping[Unit, set[int]]) -> dict[Unit, list[Unit]]:
        """Hot blocks that hang together, by the first of them; `sharing` says which clusters concern each."""
        found: dict[Unit, list[Unit]] = {}
        near: dict[tuple[int, str, int], list[Unit]] = {}
        hot = sorted((u for u in units if self.is_hot(u)), key=lambda u: (_whose(u), block_of(u)))
        for unit in hot:
            for number in sharing.get(unit, ()):
                near.setdefault((*_whose(unit), number), []).append(unit)
        left = dict.fromkeys(hot)
        while left:
            leader = next(iter(left))
            todo, part = [leader], []
            while todo:
                unit = todo.pop()
                if unit in left:
                    del left[unit]
                    part.append(unit)
                    todo.extend(u for n in sharing.get(unit, ()) for u in near[(*_whose(unit), n)] if u in left)
            found[leader] = part
            end = self._grids[leader[0]].begins_us(max(map(block_of, part)) + 3)
            self.until.update(dict.fromkeys(part, end))
        return found

    def _too_much(self, unit: Unit, world: World) -> bool:
        number, block, bearer = unit[0], block_of(unit), _whose(unit)[1]
        rule, grid = self.plan.rules[number], self._grids[number]
        for part, beyond in zip(rule.parts, rule.beyond, strict=True):
            marks = []
            for fact in world.whole(part.select):
                if by_whom(fact, bearer) is Truth.FALSE or fact.matches(part.select, bearer) is Truth.FALSE:
                    continue
                least, most, told = size(beyond.measure, fact)
                marks.append(Mark(fact, Truth.UNKNOWN, world.instance(fact), least, most, told))
            marks.sort(key=lambda m: m.fact.earliest_us)
            every = rolling.stretches(beyond.measure, world.zone, marks)
            stretches = [stretch for stretch in every if grid.block(stretch[0]) == block]
            for most in sliding.most(marks, stretches):
                if (
                    most is None
                    or most > beyond.limit
                    or (most != beyond.limit and sliding.too_close(most, beyond.limit))
                ):
                    return True
        return False


def block_of(unit: Unit) -> int:
    """The number of a block."""
    return int(unit[1].rpartition(":@")[2])


def _whose(unit: Unit) -> tuple[int, str]:
    return unit[0], unit[1].rpartition(":@")[0]
