"""How many of what, where at most and of which kinds: what tells counts apart, and which counts are of everything."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from shapely.geometry import shape

from servanda.locate.facts import Extent, Figure
from servanda.locate.watches import whole
from servanda.observations.model import Bounds
from servanda.observations.shapes import Disc, Shape
from servanda.plan import Holds, InZone, OfThing
from servanda.truth import Truth

if TYPE_CHECKING:
    from servanda.locate.placing import During
    from servanda.locate.things import Seen
    from servanda.observations.model import Observation
    from servanda.observations.place import Place
    from servanda.observations.shapes import PlaceShape
    from servanda.plan import Predicate
    from servanda.space.maps import Maps
    from servanda_dsl.model import Agreement
    from servanda_dsl.vocabulary import Vocabulary

_DEGREE_M = 110_500.0
"""A degree of latitude is longer than this everywhere (WGS84)."""

PIECE = "piece"


def figure(observation: Observation, vocabulary: Vocabulary) -> Figure:
    """How many of what an observation says; a figure with the name of its own category as the unit is in pieces."""
    number, word = observation.count, observation.unit
    unit = None if word is None else vocabulary.unit(word)
    if word is not None and unit is None and word.casefold().removesuffix("s") in _categories(observation):
        unit = PIECE
    complete = bool(observation.complete)
    if number is None:
        return Figure(unit=unit or "", complete=complete)
    if isinstance(number, Bounds):
        least, most = float(number.min or 0), None if number.max is None else float(number.max)
    else:
        least = most = float(number)
    return Figure(least, most, unit or "", stated=True, bare=word is None, complete=complete)


def _categories(observation: Observation) -> set[str]:
    weapon, struck = observation.weapon, observation.object
    return {c for c in (weapon.category if weapon else None, struck.category if struck else None) if c}


def kinds(seen: tuple[Seen, ...], *, objects: bool) -> frozenset[str]:
    """The categories it may be of, of things or of objects as the act has them; empty where nobody could say."""
    named = [s.struck if objects else s.category for s in seen]
    return frozenset(n for n in named if n is not None) if None not in named else frozenset()


def extent(place: PlaceShape | None, accuracy_m: float | None) -> Extent | None:
    """A box that surely holds a place: a point with its error, or an area with the accuracy of its drawing.

    None where the place is unknown, is seen from afar only, is a point whose source states no error, or lies by a pole
    or the date line: then nothing is told apart by it.
    """
    if isinstance(place, Disc):
        west = east = place.lon
        south = north = place.lat
        metres = place.radius_m
    elif isinstance(place, Shape):
        west, south, east, north = shape(place.geometry).bounds
        metres = accuracy_m if accuracy_m or "Polygon" not in place.geometry["type"] else 0.0
    else:
        return None
    if metres is None:
        return None
    up = metres / _DEGREE_M
    highest = max(abs(south), abs(north)) + up
    if highest >= 89.0:
        return None
    across = up / math.cos(math.radians(highest))
    if west - across < -180.0 or east + across > 180.0:
        return None
    first, last = (west - across, south - up), (east + across, north + up)
    return (
        math.floor(first[0] * 1e6),
        math.floor(first[1] * 1e6),
        math.ceil(last[0] * 1e6),
        math.ceil(last[1] * 1e6),
    )


def holds(
    agreement: Agreement, maps: Maps, counted: Observation, during: During, predicate: Holds, actor: str
) -> Truth:
    """Whether a count is of everything that a selection could take, if it was by this actor: true, or not known."""
    select = predicate.select
    found = figure(counted, agreement.vocabulary)
    in_unit = found.unit == predicate.unit or (found.bare and predicate.unit == PIECE)
    if not (found.complete and found.stated and in_unit and counted.act == select.name):
        return Truth.UNKNOWN
    things = [p for p in select.predicates if isinstance(p, OfThing)]
    if not _every_kind(agreement, counted, things):
        return Truth.UNKNOWN
    if any(whole(maps, where, during, p, actor) for p in select.predicates if (where := _where(agreement, counted, p))):
        return Truth.TRUE
    return Truth.UNKNOWN


def _every_kind(agreement: Agreement, counted: Observation, things: list[OfThing]) -> bool:
    """Whether no kind that a limit is about is left out: the count names none, or the one that the limit is about."""
    weapon, struck = counted.weapon, counted.object
    if weapon is not None and (weapon.model or weapon.calibre_mm is not None or weapon.serial is not None):
        return False
    named = {*_categories(counted)}
    if not named:
        return True
    for one in things:
        terms = [t for name in one.things for t in _terms(agreement, name)]
        if terms and all(term in named for term in terms) and (weapon is None or struck is None):
            return True
    return False


def _terms(agreement: Agreement, name: str) -> list[str | None]:
    defined = agreement.weapon(name)
    return [name] if defined is None else [t.category for t in defined.terms]


def _where(agreement: Agreement, counted: Observation, predicate: Predicate) -> Place | None:
    """The end of an observation that a predicate of place is about."""
    end = predicate.end if isinstance(predicate, InZone) else "place"
    denotes = agreement.vocabulary.acts[counted.act].place
    if end == "into":
        return counted.target if denotes == "from" else counted.place if denotes == "into" else None
    if end == "from":
        return counted.place if denotes == "from" else None
    return counted.place
