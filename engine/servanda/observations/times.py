"""When something was seen: from the text of a record to integer microseconds.

A local time is never guessed at: without an offset or a zone it is refused,
and so is one that a clock change makes impossible or double. A bare date is
the whole local day, and stays a local day until a zone is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from servanda.observations.problems import Flaw, shown

Kind = Literal["instant", "within", "throughout", "spread"]
Precision = Literal["day", "minute", "second", "microsecond"]

_TEXT = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})"
    r"(?:[T ](?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
    r"(?P<offset>Z|z|[+-]\d{2}(?::?\d{2})?)?)?",
    re.ASCII,
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_YEAR, _LAST_YEAR = 1850, 2250
_MIDNIGHT_AT_END = 24
_WRITE = "write an offset (2015-02-15T10:30+02:00) or give the record a time_zone (Europe/Kyiv)"


@dataclass(frozen=True, slots=True)
class When:
    """A time as half-open bounds.

    Attributes:
        earliest_us: Microseconds since the epoch, UTC; None while a local day has no zone.
        latest_us: The same; an instant has ``earliest_us == latest_us``, else it is excluded.
        kind: ``instant``, or how the seen thing lies in the interval.
        day: First local day, where days were written; else None.
        last_day: Last local day, included; None if `day` is None.
        precision: How finely the text was written (the coarser of its two ends).
    """

    earliest_us: int | None
    latest_us: int | None
    kind: Kind
    day: date | None
    last_day: date | None
    precision: Precision

    @property
    def settled(self) -> bool:
        """Whether both bounds are known.

        Returns:
            False for local days whose zone is not known yet.
        """
        return self.earliest_us is not None


@dataclass(frozen=True, slots=True)
class _Moment:
    """One end: an instant in microseconds, or a local day."""

    us: int | None
    day: date | None
    precision: Precision


def parse(text: str, zone: str | None, field: str = "at") -> When | Flaw:
    """Read an instant or a bare date.

    Args:
        text: ``2015-02-15T00:00+02:00``, a local time, or ``2015-02-15``; ``24:00`` is allowed.
        zone: IANA name for local times and days; None if none is stated.
        field: Field name for the flaw.

    Returns:
        The time, or what is wrong with it. A bare date has the kind ``within``.
    """
    moment = _moment(text, zone, field)
    if isinstance(moment, Flaw):
        return moment
    if moment.day is not None:
        when = When(None, None, "within", moment.day, moment.day, "day")
        return when if zone is None else settle(when, zone, field)
    return When(moment.us, moment.us, "instant", None, None, moment.precision)


def parse_interval(start: str, end: str, kind: Kind, zone: str | None, field: str = "at") -> When | list[Flaw]:
    """Read ``{"from", "to", "kind"}``.

    Args:
        start: Instant, local time or date; a date starts with the day.
        end: The same; a date ends with the day, a time is excluded.
        kind: How the seen thing lies in the interval.
        zone: IANA name for local times and days; None if none is stated.
        field: Field name for the flaws.

    Returns:
        The time, or everything that is wrong with it.
    """
    first = _moment(start, zone, f"{field}.from")
    last = _moment(end, zone, f"{field}.to")
    if isinstance(first, Flaw) or isinstance(last, Flaw):
        return [end for end in (first, last) if isinstance(end, Flaw)]
    coarser = min(first.precision, last.precision, key=_FINENESS.index)
    if first.day is not None and last.day is not None:
        if first.day > last.day:
            return [_backwards(start, end, field)]
        when = When(None, None, kind, first.day, last.day, "day")
        settled = when if zone is None else settle(when, zone, field)
        return [settled] if isinstance(settled, Flaw) else settled
    return _mixed(first, last, When(None, None, kind, None, None, coarser), zone, field)


def settle(when: When, zone: str, field: str = "at") -> When | Flaw:
    """Give local days their instants.

    Args:
        when: Any time; one that is settled is returned as it is.
        zone: IANA name.
        field: Field name for the flaw.

    Returns:
        The time with both bounds, or why the zone or the day does not serve.
    """
    if when.settled or when.day is None or when.last_day is None:
        return when
    if zone_of(zone) is None:
        return unknown_zone(zone)
    start = _day_starts(when.day, zone)
    end = _day_starts(when.last_day + timedelta(days=1), zone)
    if start >= end:
        message = f"{when.day} does not exist in {zone}: the calendar there skips it"
        return Flaw(field, "O131", message, "", str(when.day))
    return replace(when, earliest_us=start, latest_us=end)


@lru_cache(maxsize=256)
def zone_of(name: str) -> ZoneInfo | None:
    """Find a time zone.

    Args:
        name: IANA name.

    Returns:
        The zone, or None if there is none of that name.
    """
    return ZoneInfo(name) if name in _zone_names() else None


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    # these three depend on the machine or stand for nothing
    return frozenset(available_timezones()) - {"localtime", "posixrules", "Factory"}


def unknown_zone(name: str, field: str = "time_zone") -> Flaw:
    """Say that a time zone is not known.

    Args:
        name: What was written.
        field: Field name for the flaw.

    Returns:
        The flaw.
    """
    message = f'"{shown(name)}" is not a time zone'
    return Flaw(field, "O136", message, "write an IANA name such as Europe/Kyiv", shown(name))


def is_local(text: str) -> bool:
    """Tell whether a text is a local time or a bare date.

    Args:
        text: A time as written.

    Returns:
        True if it is readable and states no offset.
    """
    found = _TEXT.fullmatch(text)
    return found is not None and found["offset"] is None


_FINENESS: list[Precision] = ["day", "minute", "second", "microsecond"]


def _moment(text: str, zone: str | None, field: str) -> _Moment | Flaw:
    found = _TEXT.fullmatch(text)
    if found is None:
        message = f'"{shown(text)}" is not a date or a time'
        return Flaw(field, "O130", message, "write 2015-02-15T10:30+02:00 or 2015-02-15", text)
    try:
        naive, precision = _naive(found)
    except (ValueError, OverflowError) as error:
        return Flaw(field, "O131", f'"{text}" is impossible: {error}', "", text)
    if not _FIRST_YEAR <= naive.year <= _LAST_YEAR:
        message = f'"{text}" lies outside the years {_FIRST_YEAR} to {_LAST_YEAR}'
        return Flaw(field, "O131", message, "", text)
    if precision == "day":
        return _Moment(None, naive.date(), "day")
    if found["offset"]:
        offset = _offset(found["offset"])
        if offset is None:
            return Flaw(field, "O131", f'"{text}" has an impossible offset', "", text)
        return _Moment(_microseconds(naive.replace(tzinfo=offset)), None, precision)
    if zone is None:
        message = f'"{text}" is a local time, and nothing says where'
        return Flaw(field, "O132", message, _WRITE, text)
    if zone_of(zone) is None:
        return unknown_zone(zone)
    instant = _instant(naive, zone, text, field)
    return instant if isinstance(instant, Flaw) else _Moment(instant, None, precision)


def _naive(found: re.Match[str]) -> tuple[datetime, Precision]:
    day = datetime.fromisoformat(found["day"])
    if found["hour"] is None:
        return day, "day"
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    part = (found["part"] or "").ljust(6, "0")
    if part[6:].strip("0"):
        msg = "it is finer than a microsecond"
        raise ValueError(msg)
    precision: Precision = "microsecond" if found["part"] else "second"
    precision = precision if found["second"] else "minute"
    if hour == _MIDNIGHT_AT_END and minute == second == int(part[:6]) == 0:
        return day + timedelta(days=1), precision
    return day.replace(hour=hour, minute=minute, second=second, microsecond=int(part[:6])), (precision)


def _offset(text: str) -> timezone | None:
    if text in "Zz":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    widest_hours, minutes_in_hour = 15, 60
    if hours > widest_hours or minutes >= minutes_in_hour:
        return None
    shift = timedelta(hours=hours, minutes=minutes)
    return timezone(-shift if text[0] == "-" else shift)


def _instant(naive: datetime, zone: str, text: str, field: str) -> int | Flaw:
    first, second = _readings(naive, zone)
    if first == second:
        return first
    shown_first, shown_second = _local(first, zone), _local(second, zone)
    readings = f"{shown_first.isoformat()} or {shown_second.isoformat()}"
    if shown_first.replace(tzinfo=None) == naive:
        message = f'"{text}" exists twice in {zone}, when the clocks go back: {readings}'
        return Flaw(field, "O134", message, "write the offset that is meant", text)
    message = f'"{text}" does not exist in {zone}, as the clocks go forward: {readings}'
    return Flaw(field, "O133", message, "write the offset that is meant", text)


def _readings(naive: datetime, zone: str) -> tuple[int, int]:
    info = ZoneInfo(zone)
    early, late = (_microseconds(naive.replace(tzinfo=info, fold=fold)) for fold in (0, 1))
    return min(early, late), max(early, late)


def _local(us: int, zone: str) -> datetime:
    return (_EPOCH + timedelta(microseconds=us)).astimezone(ZoneInfo(zone))


@lru_cache(maxsize=8192)
def _day_starts(day: date, zone: str) -> int:
    """Return the first instant of a local day, also where midnight is skipped or doubled."""
    first, second = _readings(datetime.combine(day, time()), zone)
    if _local(first, zone).date() >= day:
        return first
    while second - first > 1:  # midnight falls into a gap: find the instant the clock jumps over it
        middle = (first + second) // 2
        if _local(middle, zone).date() >= day:
            second = middle
        else:
            first = middle
    return second


def _mixed(first: _Moment, last: _Moment, when: When, zone: str | None, field: str) -> When | list[Flaw]:
    if (first.day or last.day) and zone is None:
        message = "one end is a local day and the other an instant, and nothing says where"
        return [Flaw(field, "O132", message, _WRITE)]
    if zone is not None and zone_of(zone) is None:
        return [unknown_zone(zone)]
    start = first.us if first.us is not None else _day_starts(_day(first), str(zone))
    after = _day(last) + timedelta(days=1)
    end = last.us if last.us is not None else _day_starts(after, str(zone))
    if start > end:
        return [Flaw(field, "O135", "it ends before it starts")]
    return replace(when, earliest_us=start, latest_us=end)


def _day(moment: _Moment) -> date:
    return moment.day or date.min


def _backwards(start: str, end: str, field: str) -> Flaw:
    message = f"it ends ({end}) before it starts ({start})"
    return Flaw(field, "O135", message, "", f"{start} to {end}")


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)
