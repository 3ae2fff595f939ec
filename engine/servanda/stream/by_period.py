"""Rules about how much in each period: which units there are, and which facts concern each.

Such a unit is a period for one bearer, and lies in no cluster: every cluster concerns it that holds a report of that
time of what is counted, or of what could be seen. One more unit for each bearer says what is known of the periods of
which nobody tells anything; it depends on which these are, and on nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from servanda import moments
from servanda.locate.facts import DENIED, TALLY, WATCH, Fact
from servanda.outcomes import Outcome, Verdict
from servanda.plan import Plan
from servanda.stream.measures.periods import names_between
from servanda.stream.reach import Reach
from servanda.stream.timing import Binding, binding, last_moment, unobserved
from servanda.stream.unit import Unit

_EVER = dt.date(dt.MAXYEAR - 1, 12, 1)
_FIRST_US = moments.to_us(dt.datetime(2, 1, 1, tzinfo=dt.UTC))
_SOON_US = 40 * 86_400_000_000
"""So far ahead it is known which periods come; no record need be looked at up to the end of the calendar."""


class ByPeriod:
    """The units of the rules about how much in each period.

    Attributes:
        told: For each rule and bearer, the periods of which somebody tells something, and under which readings.
        untold: The units of what nobody tells of that have to be evaluated again.
    """

    def __init__(self, plan: Plan, reach: Reach) -> None:
        """Work out when each rule binds: that hangs on no report."""
        self.plan, self.reach = plan, reach
        self.told: dict[Unit, dict[str, tuple[bool, ...]]] = {}
        self.untold: set[Unit] = set()
        self._bounds: dict[int, tuple[dt.date, dt.date]] = {}
        self._acts: dict[str, list[int]] = {}
        for number, rule in enumerate(plan.rules):
            if not reach.periodic[number]:
                continue
            self.untold.update((number, bearer) for bearer in rule.bearers)
            clock = unobserved(plan.zone)
            self._bounds[number] = self._days([binding(clock, v.span, b) for v in rule.variants for b in rule.bearers])
            for act in {act for part in rule.parts for act, _ in part.select.acts} | {WATCH, DENIED, TALLY}:
                self._acts.setdefault(act, []).append(number)

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
        return self.reach.periodic[unit[0]] and unit[1] in self.plan.rules[unit[0]].bearers

    def shared(self, unit: Unit) -> bool:
        """Whether a unit is a period."""
        return self.reach.periodic[unit[0]] and unit[1] not in self.plan.rules[unit[0]].bearers

    def concerned(self, fact: Fact, at_us: int) -> tuple[set[Unit], int | None]:
        """The periods until an instant that a fact concerns, and when it will concern one more, if ever."""
        found: set[Unit] = set()
        more: list[int] = []
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
        told = self.told.setdefault((number, bearer), {})
        before = told.pop(period, None)
        if outcomes:
            readings = outcomes[0].by_reading
            told[period] = tuple(v is not Verdict.NOT_APPLICABLE for _, v in readings) if readings else (True,)
        if before != told.get(period):
            self.untold.add((number, bearer))

    def by_reading(self, unit: Unit) -> list[set[str]]:
        """Under each choice of readings, the periods of which somebody tells something."""
        told = self.told.get(unit, {})
        return [{p for p, by in told.items() if by[n]} for n in range(len(self.plan.rules[unit[0]].variants))]

    def kept(self) -> Iterator[list[object]]:
        """What is told of periods, as JSON values."""
        for (number, bearer), told in self.told.items():
            yield [number, bearer, {period: list(by) for period, by in told.items()}]

    def resume(self, kept: list[tuple[int, str, dict[str, list[bool]]]]) -> None:
        """Take in what was told of periods."""
        self.told = {(n, b): {period: tuple(by) for period, by in told.items()} for n, b, told in kept}


def period_of(unit: Unit) -> tuple[int, str]:
    """The rule and the period of a unit, whoever bears it."""
    return unit[0], unit[1].rpartition(":")[2]
