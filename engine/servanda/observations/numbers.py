"""Numbers and texts as a record may hold them: no truth values, no NaN, no silent conversion."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field, PlainSerializer, PlainValidator

from servanda.observations.border import raise_flaw
from servanda.observations.problems import Flaw, shown

_MOST = 1e15
_FARTHEST = 5e7


def number_of(text: str) -> int | float | None:
    """Read a number as people and programs write it.

    Args:
        text: Digits with a decimal point, perhaps an exponent; no thousands separators.

    Returns:
        The number, or None if it is not one.
    """
    try:
        value = float(text) if text.isascii() and "_" not in text else None
    except ValueError:
        return None
    if value is None or not value.is_integer() or abs(value) >= 2**53:
        return value
    return int(value)


def _number(value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise_flaw(Flaw("", "O122", f"a number is needed, not {shown(value)}", "", shown(value)))
    if isinstance(value, float) and not math.isfinite(value):
        raise_flaw(Flaw("", "O105", "it is not a finite number", "", shown(value)))
    if abs(value) > _MOST:
        raise_flaw(Flaw("", "O124", f"{shown(value)} is too great to be meant", "", shown(value)))
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _limited(value: object, least: float, most: float) -> int | float:
    number = _number(value)
    if not least <= number <= most:
        message = f"{shown(number)} is not between {least:g} and {most:g}"
        raise_flaw(Flaw("", "O124", message, "", shown(number)))
    return number


def _amount(value: object) -> int | float:
    return _limited(value, 0, _MOST)


def _metres(value: object) -> int | float:
    return _limited(value, 0, _FARTHEST)


def _span(value: object) -> int | float | tuple[int | float, int | float]:
    if not isinstance(value, list | tuple):
        return _metres(value)
    near_far = [_metres(end) for end in value]
    if len(near_far) != 2 or near_far[0] > near_far[1]:
        message = f"{shown(list(value))} is not a nearest and a farthest distance"
        raise_flaw(Flaw("", "O143", message, "write [min, max]", shown(list(value))))
    return near_far[0], near_far[1]


def _position(value: object) -> str | tuple[int | float, int | float]:
    if isinstance(value, str) and value:
        return value
    if not isinstance(value, list | tuple) or len(value) != 2:
        message = f"{shown(value)} is neither a name nor [lon, lat]"
        raise_flaw(Flaw("", "O122", message, "", shown(value)))
    return _number(value[0]), _number(value[1])


def _written(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


Number = Annotated[int | float, PlainValidator(_number)]
"""Any finite number; a whole one is held as an integer."""

Amount = Annotated[int | float, PlainValidator(_amount)]
"""A finite number from 0 to 10^15."""

Metres = Annotated[int | float, PlainValidator(_metres)]
"""A length from 0 to 50,000 km."""

Span = Annotated[int | float | tuple[int | float, int | float], PlainValidator(_span), PlainSerializer(_written)]
"""A distance in metres, or the nearest and the farthest."""

Position = Annotated[str | tuple[int | float, int | float], PlainValidator(_position), PlainSerializer(_written)]
"""A name, or longitude and latitude."""

Text = Annotated[str, Field(strict=True, min_length=1)]
"""A text that is not empty."""

Word = Annotated[
    str, Field(strict=True, min_length=1, pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+$")
]
"""A text on one line, without control characters, which goes into sentences as it is."""
