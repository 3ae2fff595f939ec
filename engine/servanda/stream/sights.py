"""For whom it is kept what could be seen, and what of it has to be fetched back: who asks of which time who watched.

A duty asks who watched, and who was denied access, from when it began until it was due, and of no other time; which
time that is is measured while it is evaluated (`World.asked`). What could be seen in that time is kept as long as the
duty is held here. Where a duty comes to be held of which that was put away, or asks of another time than before, it is
fetched back for that time alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from servanda.stream.unit import Kept, Time, Unit

AT_ALL, EVER = -(2**63), 2**63 - 1
"""Before every instant, and after."""


@dataclass
class Sights:
    """Of which times the units that are held here ask who watched.

    Attributes:
        seen_us: From when on all that could be seen is held here.
        missed: The times of which some unit asks, and what could be seen then was put away.
    """

    seen_us: int = AT_ALL
    missed: list[Time] = field(default_factory=list)
    _asked: dict[int, dict[str, Time]] = field(default_factory=dict)
    _merged: dict[int, list[Time]] = field(default_factory=dict)
    _asking: set[int] = field(default_factory=set)

    def ask_all(self, rules: set[int], evaluated: Iterable[Unit], kept: Mapping[Unit, Kept]) -> set[Unit]:
        """Note of which times units ask; returns those for which what could be seen then may have been put away.

        Args:
            rules: The rules for which somebody was ever known to watch, as far as they ask of the time of a duty alone.
            evaluated: The units that were evaluated; all units are noted of a rule for which it is the first watch.
            kept: What each unit gives.
        """
        anew, self._asking = rules - self._asking, rules
        units = {unit for unit in evaluated if unit[0] in rules}
        units.update(unit for unit in (kept if anew else ()) if unit[0] in anew)
        nothing = Kept((), None)
        return {unit for unit in units if self.ask(unit, kept.get(unit, nothing).time)}

    def ask(self, unit: Unit, time: Time | None) -> bool:
        """Note of which time a unit asks now, if of any; whether what could be seen then may have been put away."""
        number, key = unit
        own = self._asked.setdefault(number, {})
        known = own.get(key)
        if time == known:
            return False
        self._merged.pop(number, None)
        if time is None:
            del own[key]
            return False
        own[key] = time
        if time[0] >= self.seen_us or (known is not None and _within(time, known)):
            return False
        self.missed.append(time)
        return True

    def rest(self, units: Iterable[Unit]) -> None:
        """What is over asks no more, unless it is evaluated again: else what hangs together would keep each other."""
        for unit in units:
            self.ask(unit, None)

    def recalled(self) -> list[Time]:
        """The times of which what could be seen is fetched back now; they are asked for once."""
        times, self.missed = _merged(self.missed), []
        if times and times[0] == (AT_ALL, EVER):
            self.seen_us = AT_ALL
        return times

    def wanted(self, number: int, earliest_us: int, latest_us: int) -> bool:
        """Whether some unit of a rule that is held here asks of a time that these instants reach into."""
        if number not in self._merged:
            self._merged[number] = _merged(self._asked.get(number, {}).values())
        times = self._merged[number]
        place = bisect_left(times, earliest_us, key=lambda time: time[1])
        return place < len(times) and times[place][0] <= latest_us


def _within(time: Time, other: Time) -> bool:
    return other[0] <= time[0] and time[1] <= other[1]


def _merged(times: Iterable[Time]) -> list[Time]:
    """The same times in their order, those put together that overlap."""
    found: list[Time] = []
    for since, until in sorted(times):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(until, found[-1][1]))
        else:
            found.append((since, until))
    return found
