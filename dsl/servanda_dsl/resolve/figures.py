"""Figures with units, dates and times of day: from words to numbers, with a diagnostic where they make no sense."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from functools import cache
from typing import TYPE_CHECKING, Literal, cast

from servanda_dsl import tree
from servanda_dsl.anchors import Instant, Unit

if TYPE_CHECKING:
    from lark import Token

    from servanda_dsl.resolve.context import Context

_METRES = {"KM": 1000.0, "M": 1.0, "CM": 0.01, "MM": 0.001, "FT": 0.3048}
_UNITS: dict[str, Unit] = {
    "MINUTE": "minutes",
    "HOUR": "hours",
    "DAY": "days",
    "WEEK": "weeks",
    "MONTH": "months",
    "YEAR": "years",
}
_WRITE_DATE = "write the date as year-month-day, such as `2015-02-15`"
_IN_WHOLE = "count in whole figures, of a smaller or larger unit where need be"
_FURTHEST_M = 20_100_000.0
_LARGEST_CALIBRE_MM = 1000.0
_FIRST_YEAR, _LAST_YEAR = 1850, 2250
_LONGEST: dict[Unit, int] = {
    "minutes": 100_000_000, "hours": 1_750_000, "days": 73_000, "weeks": 10_400, "months": 2_400, "years": 200,
}  # fmt: skip
"""Some two hundred years in each unit: what is longer is a slip, and may run off the calendar."""


def number(token: object) -> float:
    """The value of a figure as written (`6,000` is six thousand)."""
    return float(str(token).replace(",", ""))


def metres(context: Context, distance: tree.Distance) -> float:
    """A distance in metres; E301 for millimetres and for what is further than half the globe."""
    unit = distance.unit.type
    written = f"{distance.number} {distance.unit}"
    if unit in {"MM", "CM"}:
        meant = "m" if unit == "MM" else "km"
        context.report(
            "E301", distance, f"`{written}` is no distance on the ground", f"did you mean `{distance.number} {meant}`?"
        )
    value = round(number(distance.number) * _METRES[unit], 6)
    if not 0 < value <= _FURTHEST_M:
        context.report(
            "E302", distance, f"`{written}` is not a possible distance", "write one above nought and below 20,100 km"
        )
    return value


def millimetres(context: Context, distance: tree.Distance) -> float:
    """A calibre in millimetres; E301 where the unit is not one of calibre."""
    written = f"{distance.number} {distance.unit}"
    if distance.unit.type not in {"MM", "CM"}:
        context.report(
            "E301",
            distance,
            f"`{written}` is a distance, and a calibre is given in millimetres",
            f"did you mean `{distance.number} mm`?",
        )
        return number(distance.number)
    value = number(distance.number) * (10.0 if distance.unit.type == "CM" else 1.0)
    if not 0 < value <= _LARGEST_CALIBRE_MM:
        context.report("E302", distance, f"`{written}` is not a possible calibre", "write the calibre in millimetres")
    return value


def whole(context: Context, token: object, at: tree.Node) -> int:
    """A figure that must be a whole number above nought."""
    value = number(token)
    if value != int(value) or not 0 < value <= 1_000_000:
        context.report("E302", at, f"`{token}` is no whole number from 1 to 1,000,000", _IN_WHOLE)
        return 1
    return int(value)


def duration(context: Context, node: tree.Duration) -> tuple[int, Unit]:
    """A duration, its unit in the plural; E302 for one of more than two hundred years."""
    amount, unit = whole(context, node.number, node), _UNITS[node.unit.type.removesuffix("S")]
    if amount > _LONGEST[unit]:
        message = f"`{node.number} {node.unit}` is longer than 200 years"
        context.report("E302", node, message, "write the time that the text gives; a rule without end has no `until`")
        return 1, unit
    return amount, unit


def instant(context: Context, node: tree.Instant) -> Instant:
    """A date, perhaps with a time of day; E303 for one the calendar does not have."""
    try:
        date = dt.date.fromisoformat(str(node.date))
    except ValueError:
        context.report("E303", node.date, f"`{node.date}` is not a date the calendar has", _WRITE_DATE)
        date = dt.date(_LAST_YEAR, 1, 1)
    if not _FIRST_YEAR <= date.year <= _LAST_YEAR:
        message = f"`{node.date}` lies outside the years {_FIRST_YEAR} to {_LAST_YEAR}"
        context.report(
            "E303", node.date, message, "write the year that the text means; a rule without end has no `until`"
        )
        date = dt.date(_LAST_YEAR, 1, 1)
    time = None if node.time is None else str(node.time)
    if time is not None:
        parts = [int(p) for p in time.split(":")]
        hour, minute, second = parts[0], parts[1], parts[2] if len(parts) > 2 else 0
        midnight = hour == 24 and not minute and not second
        if not midnight and (hour > 23 or minute > 59 or second > 59):
            context.report(
                "E303", cast("Token", node.time), f"`{time}` is not a time of day", "write `00:00` to `24:00`"
            )
            time = None
    zone = None if node.zone is None else time_zone(context, node.zone)
    return Instant(date=date, time=time, zone=zone)


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def time_zone(context: Context, node: tree.ZoneName) -> str | None:
    """A zone of the IANA table; E201 for what is none."""
    name = str(node.token)
    if name in _time_zones():
        return name
    context.unknown("time zone of the IANA table", node.token, _time_zones(), "write one such as `Asia/Gaza` or `UTC`")
    return None


def counting(word: object) -> Literal["inclusive", "exclusive"]:
    """The word for a way of counting, as the rule objects write it."""
    return "inclusive" if str(word).lower() == "inclusive" else "exclusive"
