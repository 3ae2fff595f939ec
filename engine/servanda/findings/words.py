"""Phrases for findings: what was seen, where it was measured, what is open. Figures always with their unit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from servanda import moments
from servanda.observations.model import Bounds as CountBounds
from servanda.outcomes import finding_id
from servanda.plan import OfThing
from servanda_dsl import prose

if TYPE_CHECKING:
    from servanda.locate import Located
    from servanda.observations.place import Place
    from servanda.outcomes import Outcome
    from servanda.space.relations import Reach
    from servanda_dsl.model import Agreement, Rule


def km(metres: float) -> str:
    """Metres as kilometres to the hundred metres, or as metres below one kilometre."""
    return f"{metres / 1000:.1f} km" if metres >= 1000 else f"{metres:.0f} m"


def span_km(reach: Reach, limit: float | None = None) -> str:
    """Bounds of a distance, `3.1 to 7.9 km`, said finely enough to be told from a limit."""
    least, most = reach.least_m, reach.most_m
    for digits in (1, 2, 3):
        low, high = f"{least / 1000:.{digits}f}", f"{most / 1000:.{digits}f}"
        edge = "" if limit is None else f"{limit / 1000:.{digits}f}"
        if digits == 3 or not ((low == edge and least != limit) or (high == edge and most != limit)):
            break
    return f"{low} km" if low == high else f"{low} to {high} km"


def degrees(lat: float, lon: float) -> str:
    """A position as a reader writes it: `48.3000° N, 38.0000° E`."""
    north, east = "N" if lat >= 0 else "S", "E" if lon >= 0 else "W"
    return f"{abs(lat):.4f}° {north}, {abs(lon):.4f}° {east}"


def when(located: Located, zone: str) -> str:
    """When something was seen, in local time, as finely as the source said."""
    fact = located.fact
    if fact.earliest_us == fact.latest_us:
        return f"on {moments.say(fact.earliest_us, zone)}"
    first, last = moments.to_local(fact.earliest_us, zone), moments.to_local(fact.latest_us, zone)
    whole = (first.hour, first.minute, last.hour, last.minute) == (0, 0, 0, 0)
    end = last.subtract(days=1) if whole else last
    day = f"{first.day} {first.format('MMMM YYYY', locale='en')}"
    last_day = f"{end.day} {end.format('MMMM YYYY', locale='en')}"
    if whole:
        return f"on {day}" if day == last_day else f"between {day} and {last_day}"
    minute = 60_000_000
    if fact.latest_us - fact.earliest_us <= minute:
        return f"on {moments.say(fact.earliest_us, zone)}"
    clock = f"{first.hour:02}:{first.minute:02}"
    if day == last_day:
        return f"on {day} between {clock} and {end.hour:02}:{end.minute:02}"
    return f"between {day} {clock} and {last_day} {end.hour:02}:{end.minute:02}"


def count(located: Located) -> str:
    """How many of what, in the source's own unit."""
    observation = located.observation
    number, unit = observation.count, observation.unit or ""
    if number is None:
        return ""
    if isinstance(number, CountBounds):
        if number.about is not None:
            text = f"about {number.about:g}"
        elif number.min == number.max:
            text, number = f"{number.min:g}", number.min
        elif number.max is None:
            text = f"at least {number.min:g}"
        elif number.min is None:
            text = f"at most {number.max:g}"
        else:
            text = f"{number.min:g} to {number.max:g}"
    else:
        text = f"{number:g}"
    one = number == 1
    return f"{text} {unit.removesuffix('s') if one else unit}".strip()


def thing(located: Located) -> str:
    """What it was of, as the source named it."""
    weapon = located.observation.weapon
    if weapon is None:
        return ""
    name = " or ".join(weapon.model) if weapon.model else (weapon.category or "").replace("-", " ")
    calibres = sorted({s.least_mm for s in located.seen if s.least_mm is not None and s.least_mm == s.most_mm})
    calibre = f" ({calibres[0]:g} mm)" if len(calibres) == 1 else ""
    return f"{name}{calibre}"


def seen(agreement: Agreement, located: Located) -> str:
    """What was seen, when and by whom: `2 vehicles, BM-21 Grad (122 mm), on 31 January 2017, as reported by smm`."""
    observation = located.observation
    what, how_many = thing(located), count(located)
    act = prose.gerund(agreement, observation.act)
    head = how_many or ("" if observation.act == "keep" else act)
    if how_many and observation.act not in {"keep", (observation.unit or "").removesuffix("s")}:
        head = f"{act}, {how_many}"
    struck = observation.object.category if observation.object else None
    at = f"at {agreement.thing_title(struck)}" if struck else ""
    parts = [p for p in (head, what, at) if p] or [act]
    source = observation.source.id if observation.source else "a source not named"
    return f"{', '.join(parts)}, {when(located, agreement.time_zone)}, as reported by {source}"


def place_of(located: Located) -> str:
    """Where, in the source's own words; empty where it gave no place."""
    place, target = located.observation.place, located.observation.target
    where = "" if place is None else _place(place)
    return ", ".join(part for part in (where, "" if target is None else f"target {_place(target)}") if part)


def _place(place: Place) -> str:
    if place.settlement is not None:
        name = place.settlement
        return name if re.match(r"(near|between|outside|in|at|[NSEW]{1,3} of|[\d.]+ ?k?m)\b", name) else f"at {name}"
    if place.zone is not None or place.area is not None:
        return f"in {place.zone or place.area}"
    if place.observer is not None:
        return _from_observer(place)
    if place.lon is not None and place.lat is not None:
        return f"at {degrees(place.lat, place.lon)}"
    return "at the place reported"


def _from_observer(place: Place) -> str:
    observer = f"the observer at {place.observer}" if isinstance(place.observer, str) else "the observer"
    bearing = place.bearing
    listed = bearing if isinstance(bearing, list | tuple) else [bearing]
    if any(isinstance(b, dict) for b in listed):
        words = [f"{_toward(b['from'])} to {_toward(b['to'])}" if isinstance(b, dict) else _toward(b) for b in listed]
    else:
        words = [_toward(b) for b in listed if b is not None]
    toward = f"{prose.join(words)} of {observer}" if words else f"from {observer}"
    if isinstance(place.range_m, tuple):
        near, far = place.range_m
        return f"{near / 1000:g} to {far / 1000:g} km {toward}"
    if place.range_m is not None:
        return f"{place.range_m / 1000:g} km {toward}"
    return toward


def _toward(bearing: object) -> str:
    """A compass point as it is, a figure with its sign of degrees."""
    return str(bearing) if isinstance(bearing, str) else f"{bearing:g}°"


def count_question(located: Located) -> str:
    """What would settle whether anything was seen at all."""
    return f"how many there were: the source says {count(located)}, which may be none"


def read_as(read: str, name: str) -> str:
    """Which reading is taken: of a rule, or of what rules have in common."""
    return f"{f'rule {read}' if '/' in read else read} as “{name}”"


def origin_id(agreement: Agreement, outcome: Outcome) -> str | None:
    """The id of the finding of the violation that triggered a duty; None where none did."""
    origin = outcome.origin
    return None if origin is None else finding_id(agreement.name, origin.rule, origin.instance)


def after_violation(agreement: Agreement, rule: Rule, outcome: Outcome) -> str:
    """What triggered a duty, where that is a violation: which rule was violated, and the finding that says so."""
    origin = outcome.origin
    if origin is None:
        return ""
    named = f"finding {origin_id(agreement, outcome)}"
    own = rule.bearer is not None and rule.bearer.of_trigger
    who = agreement.title_of(outcome.bearer or "")
    if rule.breach is not None and rule.breach.determined:
        what = f"a violation of rule {origin.rule}"
        by = f" by {who}" if own else ""
        return (
            f"after the determination of {what} ({named})" if origin.sure else f"if {what}{by} was determined ({named})"
        )
    if origin.sure:
        return f"after the violation of rule {origin.rule} ({named})"
    return f"if {f'{who} violated rule {origin.rule}' if own else f'rule {origin.rule} was violated'} ({named})"


def thing_question(agreement: Agreement, located: Located, predicate: OfThing) -> str:
    """What would settle whether it was one of the things a rule is about."""
    names = prose.join([agreement.thing_title(t) for t in predicate.things], "or")
    objects = any(agreement.is_object(t) for t in (*predicate.things, *predicate.other_than))
    if all((s.struck if objects else s.category) is None for s in located.seen):
        return f"what it was: {names}, or something else"
    limits = _limits(agreement, located, predicate)
    one_kind = len({s.category for s in located.seen}) == 1
    if limits and one_kind and any(s.least_mm is None or s.least_mm != s.most_mm for s in located.seen):
        return f"calibre: {prose.join(limits, 'or')}, or not"
    return f"model and calibre: {names}, or something else"


def _limits(agreement: Agreement, located: Located, predicate: OfThing) -> list[str]:
    """The brackets of calibre that can matter for what was seen."""
    categories = {s.category for s in located.seen}
    found: dict[str, None] = {}
    for name in predicate.things:
        weapon = agreement.weapon(name)
        for term in weapon.terms if weapon else ():
            if term.calibre is not None and (None in categories or term.category in categories):
                found[prose.bracket_words(term.calibre)] = None
    return list(found)
