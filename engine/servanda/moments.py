"""Instants on the calendar: when an anchor is, in microseconds, with the uncertainty of what it hangs on.

Hours and minutes elapse; days, weeks, months and years run on the calendar in the agreement's zone (the European
Convention on the Calculation of Time-Limits, 1972, articles 3 and 4, has both and leaves which day is day 1 to the
text; so the counting is always given).
"""

from __future__ import annotations

import calendar
import datetime as dt
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

import pendulum

Counting = Literal["inclusive", "exclusive"]

_DAY_US = 86_400_000_000
ELAPSED = {"minutes": 60_000_000, "hours": 3_600_000_000}
"""The units of time that elapse, in microseconds; all others run on the calendar."""
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


NEVER_DAY = dt.date(9900, 1, 1)
NEVER_US = calendar.timegm(NEVER_DAY.timetuple()) * 1_000_000
"""An upper bound for what may never be."""

EVER_US = calendar.timegm(dt.date(2, 1, 1).timetuple()) * 1_000_000
"""A lower bound for what may have been at any time."""


class CalendarError(ValueError):
    """A computation on the calendar has no single answer; the message shows the readings."""


@dataclass(frozen=True)
class Moment:
    """When an anchor is: bounds of an instant, and the local days on which they lie.

    Attributes:
        earliest_us: Not before, microseconds since the epoch, UTC.
        latest_us: Not after.
        first_day: Local day of `earliest_us`, for counting days from it.
        last_day: Local day of `latest_us`.
        whole_day: Whether the anchor is a day rather than an instant: it opens at `earliest_us` of the first day and
            closes at the end of the last.
    """

    earliest_us: int
    latest_us: int
    first_day: dt.date
    last_day: dt.date
    whole_day: bool = False


@dataclass(frozen=True)
class Bounds:
    """Bounds of an instant in microseconds since the epoch: not before, not after."""

    earliest_us: int
    latest_us: int


def hull(bounds: Iterable[Bounds | None]) -> Bounds | None:
    """Bounds that hold all of these; None where there are none."""
    known = [b for b in bounds if b is not None]
    if not known:
        return None
    return Bounds(min(b.earliest_us for b in known), max(b.latest_us for b in known))


@lru_cache(maxsize=4096)
def local_us(date: dt.date, hour: int, minute: int, second: int, zone: str) -> int:
    """A local time as microseconds since the epoch.

    Raises:
        CalendarError: The local time does not exist, or exists twice, because clocks change.
    """
    early, late = (
        pendulum.datetime(date.year, date.month, date.day, hour, minute, second, tz=zone, fold=fold) for fold in (0, 1)
    )
    written = f"{date} {hour:02}:{minute:02}"
    wall = (date.year, date.month, date.day, hour, minute)
    if (early.year, early.month, early.day, early.hour, early.minute) != wall:
        msg = f"{written} does not exist in {zone}: clocks go forward over it ({late} or {early})"
        raise CalendarError(msg)
    if early.utcoffset() != late.utcoffset():
        msg = f"{written} exists twice in {zone}: clocks go back over it ({early} or {late})"
        raise CalendarError(msg)
    return to_us(early)


def to_us(moment: dt.datetime) -> int:
    """A moment with an offset as microseconds since the epoch, exactly."""
    return calendar.timegm(moment.utctimetuple()) * 1_000_000 + moment.microsecond


@cache
def _zone(name: str) -> pendulum.Timezone:
    return pendulum.timezone(name)


@lru_cache(maxsize=4096)
def start_of_day(date: dt.date, zone: str) -> int:
    """The first instant of a local day: the first of two midnights, and where clocks skip midnight the jump itself."""
    place = zoneinfo.ZoneInfo(zone)
    midnight = dt.datetime(date.year, date.month, date.day, tzinfo=place)
    us = to_us(midnight.astimezone(dt.UTC))
    if day_of(us, zone) == date and to_local(us, zone).hour == 0 and to_local(us, zone).minute == 0:
        return us
    low, high = us - _DAY_US, us + _DAY_US
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if day_of(middle, zone) >= date else (middle, high)
    return high


def end_of_day(date: dt.date, zone: str) -> int:
    """The first instant after a local day."""
    return start_of_day(date + dt.timedelta(days=1), zone)


def next_day(date: dt.date, days: int = 1) -> dt.date:
    """The day so many days after another.

    Raises:
        CalendarError: It is beyond the calendar.
    """
    try:
        return date + dt.timedelta(days=days)
    except OverflowError as error:
        msg = f"{said(days, 'days')} {date} is beyond the calendar"
        raise CalendarError(msg) from error


def day_of(us: int, zone: str) -> dt.date:
    """The local day on which an instant lies."""
    return to_local(us, zone).date()


def to_local(us: int, zone: str) -> pendulum.DateTime:
    """An instant as a local time."""
    return pendulum.instance(_EPOCH + us * _MICROSECOND).in_timezone(_zone(zone))


def at_time(date: dt.date, time: str | None, zone: str, *, written_in: str | None = None) -> Moment:
    """The moment of a date, or of a date and time of day (`24:00` is the end of the day, and belongs to it).

    Args:
        date: The date.
        time: The time of day, if one is given.
        zone: The zone whose days are counted from it.
        written_in: The zone in which the time is written, where that is another.

    Raises:
        CalendarError: The local time does not exist or exists twice.
    """
    if time is None:
        return Moment(start_of_day(date, zone), start_of_day(date, zone), date, date, whole_day=True)
    hour, minute, second = (int(p) for p in (*time.split(":"), "0")[:3])
    local = written_in or zone
    us = end_of_day(date, local) if hour == 24 else local_us(date, hour, minute, second, local)
    day = day_of(us - 1 if hour == 24 else us, zone)
    return Moment(us, us, day, day)


def between(earliest_us: int, latest_us: int, zone: str) -> Moment:
    """The moment of an instant known within bounds (the later not included, where they differ)."""
    latest = max(earliest_us, latest_us - 1)
    return Moment(earliest_us, latest_us, day_of(earliest_us, zone), day_of(latest, zone))


def perhaps(moment: Moment) -> Moment:
    """A moment of which nobody knows whether it ever was: not before its earliest, and perhaps never."""
    return Moment(moment.earliest_us, NEVER_US, moment.first_day, NEVER_DAY, moment.whole_day)


def either(first: Moment, second: Moment) -> Moment:
    """One of two moments, nobody knows which."""
    return Moment(
        min(first.earliest_us, second.earliest_us),
        max(first.latest_us, second.latest_us),
        min(first.first_day, second.first_day),
        max(first.last_day, second.last_day),
        first.whole_day and second.whole_day,
    )


def shift(base: Moment, amount: int, unit: str, counting: Counting, zone: str, *, lenient: bool = False) -> Moment:
    """So long after a moment (before it, where `amount` is negative).

    Args:
        base: The moment.
        amount: How many.
        unit: Minutes, hours, days, weeks, months or years.
        counting: Whether the day of the event is day 1.
        zone: The zone whose calendar counts.
        lenient: Where the month has no such day, give both readings as bounds instead of an error; for anchors that
            observations fix, when it is too late to ask the encoder.

    Raises:
        CalendarError: The month has no such day.
    """
    if base.latest_us >= NEVER_US:
        sure = Moment(base.earliest_us, base.earliest_us, base.first_day, base.first_day, base.whole_day)
        return perhaps(shift(sure, amount, unit, counting, zone, lenient=lenient))
    if unit in ELAPSED:
        by = amount * ELAPSED[unit]
        return between(opening(base).earliest_us + by, closing(base, zone).latest_us + by, zone)
    try:
        return _on_the_calendar(base, amount, unit, counting, zone, lenient=lenient)
    except (OverflowError, ValueError) as error:
        if isinstance(error, CalendarError):
            raise
        msg = f"{said(amount, unit)} {base.first_day} is beyond the calendar"
        raise CalendarError(msg) from error


def _on_the_calendar(base: Moment, amount: int, unit: str, counting: Counting, zone: str, *, lenient: bool) -> Moment:
    first = _add(base.first_day, amount, unit, counting, lenient="down" if lenient else None)
    last = _add(base.last_day, amount, unit, counting, lenient="up" if lenient else None)
    return Moment(start_of_day(first, zone), start_of_day(last, zone), first, last, whole_day=True)


def _add(
    day: dt.date, amount: int, unit: str, counting: Counting, *, lenient: Literal["down", "up"] | None = None
) -> dt.date:
    back = 1 if counting == "inclusive" else 0
    sign = 1 if amount > 0 else -1
    if unit in {"days", "weeks"}:
        days = amount * (7 if unit == "weeks" else 1)
        return day + dt.timedelta(days=days - sign * back)
    start = pendulum.date(day.year, day.month, day.day)
    moved = start.add(months=amount) if unit == "months" else start.add(years=amount)
    by_counting = dt.timedelta(days=-sign * back)
    found = dt.date(moved.year, moved.month, moved.day) + by_counting
    if moved.day != start.day:
        later = found + dt.timedelta(days=1)
        if lenient is None:
            msg = f"{said(amount, unit)} {day}: the month has no such day; {found} or {later}"
            raise CalendarError(msg)
        return later if lenient == "up" else found
    return found


def said(amount: int, unit: str) -> str:
    """An amount of time to or from a day, in words: `1 month after`, `3 days before`."""
    size = abs(amount)
    return f"{size} {unit.removesuffix('s') if size == 1 else unit} {'after' if amount > 0 else 'before'}"


def opening(moment: Moment) -> Bounds:
    """When what is `from` a moment begins: a day opens with its first instant."""
    return Bounds(moment.earliest_us, moment.latest_us)


def closing(moment: Moment, zone: str) -> Bounds:
    """When what is due `by` or `within` a moment is over: a day closes with its last instant."""
    if not moment.whole_day:
        return Bounds(moment.earliest_us, moment.latest_us)
    return Bounds(end_of_day(moment.first_day, zone), end_of_day(moment.last_day, zone))


def closed(moment: Moment, zone: str) -> Moment:
    """A deadline as a moment of its own: the instant at which it passes, and the day that is its last."""
    bounds = closing(moment, zone)
    return Moment(bounds.earliest_us, bounds.latest_us, moment.first_day, moment.last_day)


def say(us: int, zone: str) -> str:
    """An instant for a reader: `3 March 2015 at 00:00`."""
    local = to_local(us, zone)
    seconds = f":{local.second:02}" if local.second else ""
    return f"{local.day} {local.format('MMMM YYYY', locale='en')} at {local.hour:02}:{local.minute:02}{seconds}"


def say_bounds(bounds: Bounds, zone: str) -> str:
    """An instant known within bounds, in words; one that may never have been has no last moment."""
    first = say(bounds.earliest_us, zone)
    if bounds.latest_us >= NEVER_US:
        return f"an instant not before {first}, if it ever was"
    last = say(bounds.latest_us, zone)
    return first if first == last else f"an instant between {first} and {last}"


def iso(us: int) -> str:
    """An instant for a program: ISO 8601 in UTC, to the microsecond where it is not a whole second."""
    moment = _EPOCH + us * _MICROSECOND
    return moment.isoformat().replace("+00:00", "Z")


def us_of(text: str) -> int:
    """Microseconds since the epoch of an instant as `iso` writes it."""
    return to_us(dt.datetime.fromisoformat(text))
