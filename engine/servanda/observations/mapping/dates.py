"""Dates as tables write them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

import pendulum

from servanda.observations.problems import Flaw, shown

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?")
_NUMERIC = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b.*")
_CLOCK = re.compile(r"\d{4}-\d{2}-\d{2}[T ](\d{2}:\d{2})(:\d{2})?(.*)")
_MONTHS = 12
_STEPS = {"minute": timedelta(minutes=1), "second": timedelta(seconds=1)}


def read_time(text: str, formats: str | list[str] | None) -> str | Flaw:
    """Turn a time into ISO 8601.

    Args:
        text: The cell.
        formats: Layouts tried in order; None for ISO 8601.

    Returns:
        The time as a record holds it, or why it cannot be read in exactly one way.
    """
    if formats is None:
        return text if _ISO.fullmatch(text) else _not_iso(text)
    layouts = [formats] if isinstance(formats, str) else formats
    found = {layout: iso for layout in layouts if (iso := _read(text, layout)) is not None}
    readings = set(found.values())
    if len(readings) == 1:
        return readings.pop()
    if not readings:
        message = f'"{shown(text)}" fits none of the layouts {", ".join(layouts)}'
        return Flaw(None, "O130", message, "add its layout to formats", shown(text))
    named = " or ".join(f"{iso} ({layout})" for layout, iso in found.items())
    message = f'"{shown(text)}" can be read in two ways: {named}'
    return Flaw(None, "O137", message, "keep one of the two layouts", shown(text))


def moved(text: str | Flaw, days: int | None) -> str | Flaw:
    """Move a time by days of the calendar; its clock time, and its offset if it has one, stay.

    Args:
        text: ISO 8601, or what was wrong with the cell.
        days: How many; None or nought for none.

    Returns:
        The time, or what is wrong.
    """
    if isinstance(text, Flaw) or not days:
        return text
    try:
        day = date.fromisoformat(text[:10]) + timedelta(days=days)
    except (ValueError, OverflowError):
        return Flaw(None, "O130", f'"{shown(text)}" cannot be moved by {days} days', "", shown(text))
    return day.isoformat() + text[10:]


def whole(at: dict[str, object], precision: object) -> dict[str, object] | str | Flaw:
    """Widen times to the whole unit they were read to.

    Args:
        at: ``from``, ``to`` and perhaps ``kind``.
        precision: ``day``, ``minute`` or ``second``.

    Returns:
        The interval: for ``day`` of whole days, else with its end moved on by one unit.
    """
    ends = {name: at[name] for name in ("from", "to") if isinstance(at.get(name), str)}
    found: dict[str, object] = dict(at)
    for name, text in ends.items():
        clock = _CLOCK.fullmatch(str(text))
        if clock is None:
            continue  # a bare date is whole already
        if precision == "day":
            if clock[1] != "00:00" or (clock[2] or ":00") != ":00":
                message = f'"{text}" has a clock time, and the mapping says it has none'
                return Flaw(None, "O130", message, "", str(text))
            found[name] = str(text)[:10]
        elif name == "to":
            start = 11 + len(clock[1]) + len(clock[2] or "")
            end = datetime.fromisoformat(str(text)[:start]) + _STEPS[str(precision)]
            found[name] = end.isoformat() + clock[3]
    return found


@lru_cache(maxsize=8192)
def _read(text: str, layout: str) -> str | None:
    try:
        moment = pendulum.from_format(text, layout)
    except ValueError:
        return None
    if not any(token in layout for token in "Hh"):
        return moment.date().isoformat()
    has_offset = "Z" in layout or "z" in layout
    return moment.isoformat() if has_offset else moment.naive().isoformat()


def _not_iso(text: str) -> Flaw:
    found = _NUMERIC.fullmatch(text)
    if found and int(found[1]) <= _MONTHS and int(found[2]) <= _MONTHS and found[1] != found[2]:
        first, second, year = int(found[1]), int(found[2]), found[3]
        readings = f"{year}-{second:02}-{first:02} or {year}-{first:02}-{second:02}"
        message = f'"{shown(text)}" can be read in two ways: {readings}'
        return Flaw(None, "O137", message, 'add formats = ["D/M/YYYY"] or ["M/D/YYYY"]', shown(text))
    message = f'"{shown(text)}" is not a date or time in ISO 8601'
    return Flaw(None, "O130", message, "add its layout as formats", shown(text))
