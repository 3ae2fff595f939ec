"""Rules about how much in a time: which units there are, and which facts concern each.

Where periods of the calendar are counted a unit is a period for one bearer, where any stretch is, a block of time
(`servanda.stream.by_stretch`). It lies in no cluster: every cluster concerns it that holds a report of that time of
what is counted or, for a period, of what could be seen. One more unit for each bearer, or each of its limits on any,
says what is known of the time of which nobody tells anything; it depends on which that is and, for stretches,
on who was watching.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from servanda import moments
from servanda.locate.facts import DENIED, TALLY, WATCH, Fact
from servanda.outcomes import Outcome, Verdict
from servanda.plan import Plan
from servanda.stream.by_stretch import ByStretch
from servanda.stream.measures.periods import names_between
from servanda.stream.reach import Reach
from servanda.stream.timing import Binding, binding, last_moment, unobserved
from servanda.stream.unit import Unit

_EVER = dt.date(dt.MAXYEAR - 1, 12, 1)
_FIRST_US = moments.to_us(dt.datetime(2, 1, 1, tzinfo=dt.UTC))
_SOON_US = 40 * 86_400_000_000
"""So far ahead it is known which periods come; no record need be looked at up to the end of the calendar."""


class ByPeriod:
    """The units of the rules about how much in a time.

    Attributes:
        told: For each unit of what nobody tells of, the periods or blocks of which somebody does: a period with the
            readings under which that is so.
        by_stretch: The blocks of the rules that count in any stretch of time.
        untold: The units of what nobody tells of that have to be evaluated again.
    """

    def __init__(self, plan: Plan, reach: Reach) -> None:
        """Work out when each rule binds: that hangs on no report."""
        self.plan, self.reach = plan, reach
        self.told: dict[Unit, dict[str, tuple[bool, ...]]] = {}
        self.untold: set[Unit] = set()
        self._bounds: dict[int, tuple[dt.date, dt.date]] = {}
        self._acts: dict[str, list[int]] = {}
        self._silences: set[Unit] = set()
        for number, rule in enumerate(plan.rules):
            if not reach.periodic[number] and not reach.rolling[number]:
                continue
            clock = unobserved(plan.zone)
            self._bounds[number] = self._days([binding(clock, v.span, b) for v in rule.variants for b in rule.bearers])
            if reach.rolling[number]:
                self._silences.update((number, f"{b}:{beyond.name}") for b in rule.bearers for beyond in rule.beyond)
                continue
            self._silences.update((number, bearer) for bearer in rule.bearers)
            for act in {act for part in rule.parts for act, _ in part.select.acts} | {WATCH, DENIED, TALLY}:
                self._acts.setdefault(act, []).append(number)
        self.untold = set(self._silences)
        begins = {
            n: moments.start_of_day(first, plan.zone)
            for n, (first, last) in self._bounds.items()
            if reach.rolling[n] and first <= last
        }
        self.by_stretch = ByStretch(plan, reach, begins)

    def _days(self, spans: list[Binding]) -> tuple[dt.date, dt.date]:
        """The first and the last day on which a rule may bind; the last before the first where it never does."""
        begins = [s.starts.earliest_us for s in spans if s.starts is not None]
        if not begins:
            return _EVER, dt.date.min
        ends = [None if s.ends is None else s.ends.latest_us for s in spans]
        last = _EVER if None in ends else self._day(max(e for e in ends if e is not None))
        return self._day(min(begins)), last

    def _day(self, us: int) -> dt.date:
        return moments.day_of(max(us, _FIRST_US), self.plan.zone)

    def silences(self) -> set[Unit]:
        """The units of what nobody tells of that have to be evaluated again; they are asked for once."""
        found, self.untold = self.untold, set()
        return found

    def silence(self, unit: Unit) -> bool:
        """Whether a unit is that of what nobody tells of."""
        return unit in self._silences

    def silences_of(self, number: int) -> Iterator[Unit]:
        """The units of what nobody tells of, of one rule."""
        return (unit for unit in self._silences if unit[0] == number)

    def shared(self, unit: Unit) -> bool:
        """Whether a unit is a period, or a block of time."""
        return (self.reach.periodic[unit[0]] or self.reach.rolling[unit[0]]) and unit not in self._silences

    def concerned(self, fact: Fact, at_us: int) -> tuple[set[Unit], int | None]:
        """The periods until an instant that a fact concerns, and when it will concern one more, if ever."""
        found = set(self.by_stretch.concerned(fact))
        more: list[int] = []
        if fact.act not in self._acts:
            return found, None
        soon = at_us + _SOON_US
        first, now, end = map(self._day, (min(fact.earliest_us, soon), at_us, min(last_moment(fact), soon)))
        for number in self._acts.get(fact.act, ()):
            rule = self.plan.rules[number]
            if fact.act == WATCH and not self.reach.sees(number, fact):
                continue
            begins, last = self._bounds[number]
            period, last = rule.beyond[0].measure.period, min(last, end)
            who = [b for b in rule.bearers if fact.act in {WATCH, DENIED, TALLY} or not fact.actors or b in fact.actors]
            for name in names_between(max(first, begins), min(last, now), period):
                found.update((number, f"{bearer}:{name}") for bearer in who)
            if begins <= last and now < last:
                more.append(moments.start_of_day(max(now + dt.timedelta(days=1), first, begins), self.plan.zone))
        return found, min(more, default=None)

    def units(self, periods: Iterable[tuple[int, str]]) -> Iterator[Unit]:
        """The units of some periods."""
        for number, period in periods:
            yield from ((number, f"{bearer}:{period}") for bearer in self.plan.rules[number].bearers)

    def note(self, unit: Unit, outcomes: tuple[Outcome, ...]) -> None:
        """Note whether a period is one of which somebody tells something."""
        number, key = unit
        bearer, _, period = key.rpartition(":")
        if self.reach.rolling[number]:
            for beyond in self.plan.rules[number].beyond:
                limit = f"{bearer}:{beyond.name}"
                some = any(o.instance.startswith(f"{limit}:") for o in outcomes)
                self._note((number, limit), period, (True,) if some else None)
            return
        by = None
        if outcomes:
            readings = outcomes[0].by_reading
            by = tuple(v is not Verdict.NOT_APPLICABLE for _, v in readings) if readings else (True,)
        self._note((number, bearer), period, by)

    def _note(self, silence: Unit, period: str, by: tuple[bool, ...] | None) -> None:
        told = self.told.setdefault(silence, {})
        if told.get(period) != by:
            self.untold.add(silence)
        told.pop(period, None)
        if by is not None:
            told[period] = by

    def by_reading(self, unit: Unit) -> list[set[str]]:
        """Under each choice of readings, the periods of which somebody tells something."""
        told = self.told.get(unit, {})
        return [{p for p, by in told.items() if by[n]} for n in range(len(self.plan.rules[unit[0]].variants))]

    def kept(self) -> dict[str, object]:
        """What is told of periods, and where it may have been too much, as JSON values."""
        told = [[n, key, {period: list(by) for period, by in one.items()}] for (n, key), one in self.told.items()]
        return {"told": told, "hot": [[n, b, sorted(blocks)] for (n, b), blocks in self.by_stretch.hot.items()]}

    def resume(self, kept: dict[str, Any]) -> None:
        """Take in what was kept."""
        self.told = {(n, k): {period: tuple(by) for period, by in told.items()} for n, k, told in kept["told"]}
        self.by_stretch.hot.update({(n, b): set(blocks) for n, b, blocks in kept["hot"]})


def period_of(unit: Unit) -> tuple[int, str]:
    """The rule and the period of a unit, whoever bears it."""
    return unit[0], unit[1].rpartition(":")[2]
