"""Place descriptions as patrols write them, taken apart.

Only forms that say one definite thing are read; everything else is left to
the gazetteer as a plain name, which it knows or does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from servanda.observations.bearings import POINTS

_POINT = "|".join(sorted(POINTS, key=len, reverse=True))
_FAR = r"(?:about |approximately |ca\. )?(?P<number>\d+(?:\.\d+)?) ?(?P<unit>km|m)"
_OFFSET = re.compile(rf"{_FAR} (?P<point>{_POINT}) of (?P<base>.+)", re.IGNORECASE)
_DIRECTION = re.compile(rf"(?P<point>{_POINT}) of (?P<base>.+)", re.IGNORECASE)
_NEAR = re.compile(r"(?:near|close to|outside) (?P<base>.+)", re.IGNORECASE)
_INSIDE = re.compile(
    rf"(?:(?:the )?(?:{_POINT}) (?:edge|outskirts|part) of"
    r"|(?:(?:a )?[a-z]+ in )?(?:the )?cent(?:re|er) of)"
    r" (?P<base>.+)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"between (?P<one>.+?) and (?P<other>.+)", re.IGNORECASE)
_ASIDE = re.compile(r"(?P<name>.+?) ?\((?P<aside>[^()]+)\)")


@dataclass(frozen=True, slots=True)
class Name:
    """A name, to be looked up."""

    text: str


@dataclass(frozen=True, slots=True)
class Away:
    """A distance and a compass point from a base: "3 km W of Yasynuvata".

    Attributes:
        point: Compass point.
        metres: As written.
        rounding_m: Half a unit of the last digit written: the figure stands for so much each way.
        base: From where.
    """

    point: str
    metres: float
    rounding_m: float
    base: PlaceName


@dataclass(frozen=True, slots=True)
class Toward:
    """A compass point from a base, without a distance: "N of Khrustalnyi"."""

    point: str
    base: PlaceName


@dataclass(frozen=True, slots=True)
class Near:
    """Near a base, without a distance."""

    base: PlaceName


@dataclass(frozen=True, slots=True)
class Inside:
    """Somewhere in a base: its centre, an edge, a part."""

    base: PlaceName


@dataclass(frozen=True, slots=True)
class Between:
    """Between two bases."""

    one: PlaceName
    other: PlaceName


@dataclass(frozen=True, slots=True)
class Aside:
    """A name with its distance from a city: "Brianka (46km SW of Luhansk)".

    Attributes:
        text: The whole, as it may stand in a gazetteer.
        name: The name alone.
        away: What the parenthesis says.
    """

    text: str
    name: str
    away: Away


PlaceName = Name | Away | Toward | Near | Inside | Between | Aside
"""A place description taken apart."""


def parse_place(text: str) -> PlaceName:
    """Take a place description apart.

    Args:
        text: As written in a report.

    Returns:
        Its parts; a `Name` where nothing else fits.
    """
    text = " ".join(text.split())
    if found := _OFFSET.fullmatch(text):
        return _away(found)
    if found := _DIRECTION.fullmatch(text):
        return Toward(found["point"].upper(), parse_place(found["base"]))
    if found := _NEAR.fullmatch(text):
        return Near(parse_place(found["base"]))
    if found := _INSIDE.fullmatch(text):
        return Inside(parse_place(found["base"]))
    if found := _BETWEEN.fullmatch(text):
        return Between(parse_place(found["one"]), parse_place(found["other"]))
    found = _ASIDE.fullmatch(text)
    aside = _OFFSET.fullmatch(found["aside"]) if found else None
    if found and aside:
        return Aside(text, found["name"], _away(aside))
    return Name(text)


def _away(found: re.Match[str]) -> Away:
    digits, metres_in_unit = found["number"], 1000 if found["unit"].lower() == "km" else 1
    decimals = len(digits.partition(".")[2])
    step = 10**-decimals * metres_in_unit
    if metres_in_unit == 1 and not decimals:  # "300 m" is rounded to hundreds, "350 m" to tens
        step = 10 ** (len(digits) - len(digits.rstrip("0")))
    base = parse_place(found["base"])
    return Away(found["point"].upper(), float(digits) * metres_in_unit, step / 2, base)
