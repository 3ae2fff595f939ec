"""What was seen, against what a rule is about: category, calibre and model, three-valued."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from servanda.locate.facts import GATE
from servanda.observations.model import Bounds
from servanda.truth import Truth, agree, some
from servanda_dsl.weapons import weapon_model

if TYPE_CHECKING:
    from servanda.observations.model import Observation
    from servanda_dsl.model import Agreement, Bracket, Term


@dataclass(frozen=True)
class Seen:
    """One thing an observation may be of.

    Attributes:
        category: Its category, or None where nobody could say.
        model: Its model as the table names it, or None where the table knows none of that name.
        least_mm: Calibre at least, in millimetres; None where not known.
        most_mm: Calibre at most.
        struck: The kind of object it was done to, or None where nobody could say.
    """

    category: str | None
    model: str | None
    least_mm: float | None
    most_mm: float | None
    struck: str | None = None


def at_least_one(observation: Observation) -> Truth:
    """Whether anything was seen at all: a report without a count is of something, a count of nought of nothing."""
    count = observation.count
    if count is None:
        return Truth.TRUE
    least, most = (count.min, count.max) if isinstance(count, Bounds) else (count, count)
    if most == 0:
        return Truth.FALSE
    return Truth.TRUE if least else Truth.UNKNOWN


def names_gate(observation: Observation, gate: str) -> Truth:
    """Whether a certificate is about this gate; one that names none may be about any."""
    named = observation.fields.get(GATE)
    if named is None:
        return Truth.UNKNOWN
    return Truth.TRUE if named == gate else Truth.FALSE


def seen(observation: Observation) -> tuple[Seen, ...]:
    """The things an observation may be of: one for each model it names, or one that says what is known."""
    struck = observation.object.category if observation.object else None
    return tuple(replace(one, struck=struck) for one in _weapons(observation))


def _weapons(observation: Observation) -> tuple[Seen, ...]:
    weapon = observation.weapon
    if weapon is None:
        return (Seen(None, None, None, None),)
    calibre = weapon.calibre_mm
    if isinstance(calibre, Bounds):
        least, most = calibre.min, calibre.max
    else:
        least = most = calibre
    if not weapon.model:
        return (Seen(weapon.category, None, _float(least), _float(most)),)
    found: dict[Seen, None] = {}
    for name in weapon.model:
        known = weapon_model(name)
        written = Seen(weapon.category, None, _float(least), _float(most))
        if known is None:  # it may be another name of any model, so it says no more than what stands beside it
            found[written] = None
            continue
        size = known.calibre_mm
        sizes = (_float(least), _float(most)) if size is None else (size, size)
        found[Seen(known.category, known.name, *sizes)] = None
        if weapon.category not in {None, known.category} or (size is not None and not _within(size, least, most)):
            found[written] = None  # what was written contradicts the model: one of the two is right
    return tuple(found)


def is_one_of(
    agreement: Agreement, things: tuple[str, ...], other_than: tuple[str, ...], candidates: tuple[Seen, ...]
) -> Truth:
    """Whether what was seen is one of these things, other than those. No things named means anything."""

    def one(candidate: Seen) -> Truth:
        included = some(_is(agreement, t, candidate) for t in things) if things else Truth.TRUE
        left_out = some(_is(agreement, t, candidate) for t in other_than)
        return min(included, Truth(Truth.TRUE - left_out))

    return agree(one(c) for c in candidates)


def _is(agreement: Agreement, name: str, candidate: Seen) -> Truth:
    weapon = agreement.weapon(name)
    if weapon is None:
        return _category(agreement, name, candidate)
    included = some(_term(agreement, t, candidate) for t in weapon.terms)
    left_out = some(_is(agreement, o, candidate) for o in weapon.other_than)
    return min(included, Truth(Truth.TRUE - left_out))


def _term(agreement: Agreement, term: Term, candidate: Seen) -> Truth:
    if term.model is not None:
        return _model(term.model, candidate)
    value = _category(agreement, term.category or "", candidate)
    return value if term.calibre is None else min(value, _calibre(term.calibre, candidate))


def _category(agreement: Agreement, name: str, candidate: Seen) -> Truth:
    said = candidate.struck if name in agreement.vocabulary.objects else candidate.category
    if said is None:
        return Truth.UNKNOWN
    return Truth.TRUE if said == name else Truth.FALSE


def _model(name: str, candidate: Seen) -> Truth:
    if candidate.model is not None:
        return Truth.TRUE if candidate.model == name else Truth.FALSE
    known = weapon_model(name)
    if known is None:
        return Truth.UNKNOWN
    if candidate.category is not None and candidate.category != known.category:
        return Truth.FALSE
    calibre = known.calibre_mm
    if calibre is not None and candidate.least_mm is not None and candidate.least_mm > calibre:
        return Truth.FALSE
    if calibre is not None and candidate.most_mm is not None and candidate.most_mm < calibre:
        return Truth.FALSE
    return Truth.UNKNOWN


def _calibre(bracket: Bracket, candidate: Seen) -> Truth:
    value = Truth.TRUE
    least, most = candidate.least_mm, candidate.most_mm
    if bracket.least is not None:
        value = min(value, _at_least(least, most, bracket.least, included=bracket.least_included))
    if bracket.most is not None:
        negated = _at_least(least, most, bracket.most, included=not bracket.most_included)
        value = min(value, Truth(Truth.TRUE - negated))
    return value


def _at_least(least: float | None, most: float | None, limit: float, *, included: bool) -> Truth:
    if least is not None and (least > limit or (included and least == limit)):
        return Truth.TRUE
    if most is not None and (most < limit or (not included and most == limit)):
        return Truth.FALSE
    return Truth.UNKNOWN


def _within(size: float, least: float | None, most: float | None) -> bool:
    return (least is None or least <= size) and (most is None or size <= most)


def _float(value: float | None) -> float | None:
    return None if value is None else float(value)
