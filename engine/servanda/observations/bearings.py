"""Compass points and degrees as sectors.

A patrol that writes "SE" does not mean 135 degrees: it means the sector the
point stands for. Losing that width would make places look surer than they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from servanda.observations.numbers import number_of

POINTS = (
    *("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE"),
    *("S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"),
)
"""The sixteen compass points, clockwise from north."""

_FULL = 360.0
_STEP = 22.5
_HALF_OF_EIGHT = 22.5
_HALF_OF_SIXTEEN = 11.25
_HALF_DEGREE = 0.5

Arc = tuple[float, float]
"""A clockwise arc (from, to) in degrees from north: 0 <= from < 360, from < to <= from + 360."""


def point_arc(point: str) -> Arc:
    """Return the sector of a compass point.

    Args:
        point: One of `POINTS`.

    Returns:
        The arc: 45 degrees wide for the eight main points, 22.5 for those between.
    """
    index = POINTS.index(point)
    half = _HALF_OF_SIXTEEN if index % 2 else _HALF_OF_EIGHT
    return _arc(index * _STEP - half, index * _STEP + half)


def arcs(bearing: object) -> tuple[Arc, ...] | str:
    """Read a bearing as written in a record.

    Args:
        bearing: A compass point; degrees (read to half a degree either side); ``{"from", "to"}``
            clockwise, where compass points bring the halves of their own sectors with them;
            or a list of these, which is their union.

    Returns:
        The arcs, or what is wrong in one sentence.
    """
    if isinstance(bearing, str):
        if bearing.upper() not in POINTS:
            return f'"{bearing}" is not a compass point'
        return (point_arc(bearing.upper()),)
    if isinstance(bearing, bool) or bearing is None:
        return f"{bearing!r} is not a bearing"
    if isinstance(bearing, int | float):
        if not _is_degrees(bearing):
            return f"{bearing} is not between 0 and 360 degrees"
        return (_arc(bearing - _HALF_DEGREE, bearing + _HALF_DEGREE),)
    if isinstance(bearing, Mapping):
        return _between(bearing)
    if isinstance(bearing, Sequence) and bearing:
        found: list[Arc] = []
        for part in bearing:
            inner = "a list inside a list" if isinstance(part, list | tuple) else arcs(part)
            if isinstance(inner, str):
                return inner
            found.extend(inner)
        return tuple(found)
    return "it is empty or not a bearing"


def read_bearing(text: str) -> object:
    """Read a bearing as tables write it.

    Args:
        text: ``SE``, ``WSW|W|WNW`` (a union), ``NE..SSE`` (clockwise), ``135`` or ``30..60``.

    Returns:
        The bearing as a record holds it; words that are no bearing come back as they are, to be
        refused with the record.
    """
    parts = [_one(part.strip()) for part in text.split("|")]
    return parts[0] if len(parts) == 1 else parts


def _one(text: str) -> object:
    start, dots, end = text.partition("..")
    if dots:
        return {"from": _one(start.strip()), "to": _one(end.strip())}
    degrees = number_of(text)
    return text if degrees is None else degrees


def in_arc(degrees: float, arc: Arc) -> bool:
    """Test whether a direction lies in an arc.

    Args:
        degrees: Clockwise from north.
        arc: The arc.

    Returns:
        True if it does, ends included.
    """
    return (degrees - arc[0]) % _FULL <= arc[1] - arc[0]


def _between(bearing: Mapping[str, object]) -> tuple[Arc, ...] | str:
    if set(bearing) != {"from", "to"}:
        return 'it needs exactly "from" and "to"'
    ends: list[Arc] = []
    for end in (bearing["from"], bearing["to"]):
        if isinstance(end, int | float) and not isinstance(end, bool) and _is_degrees(end):
            ends.append((float(end), float(end)))
        elif isinstance(end, str) and end.upper() in POINTS:
            ends.append(point_arc(end.upper()))
        else:
            return f"{end!r} is neither a compass point nor degrees"
    if bearing["from"] == bearing["to"]:
        return "it starts where it ends"
    middles = [(low + high) / 2 for low, high in ends]
    halves = sum(high - low for low, high in ends) / 2
    width = min((middles[1] - middles[0]) % _FULL + halves, _FULL)
    return ((ends[0][0] % _FULL, ends[0][0] % _FULL + width),)


def _arc(start: float, end: float) -> Arc:
    low = start % _FULL
    return (low, low + (end - start))


def _is_degrees(value: float) -> bool:
    return 0 <= value <= _FULL  # false for NaN
