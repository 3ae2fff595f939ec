"""What findings say of where: for each predicate of place its question, its figure, and why it does not hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from servanda.findings import words
from servanda.findings.model import Measure
from servanda.plan import (
    Across,
    Altitude,
    AtLeastOne,
    End,
    Holds,
    InZone,
    NearLine,
    OfGate,
    OfThing,
    OnSide,
    Predicate,
    Sees,
)
from servanda_dsl import prose

if TYPE_CHECKING:
    from servanda.locate import Located
    from servanda.space.relations import Reach
    from servanda_dsl.model import Agreement


def drawn(predicate: Predicate) -> tuple[str, ...]:
    """The lines and zones a predicate looks at."""
    match predicate:
        case InZone():
            return (predicate.zone,)
        case Across():
            return (predicate.line,)
        case NearLine() | OnSide():
            return tuple(name for _, name in predicate.lines)
        case Altitude() | OfGate() | OfThing() | AtLeastOne() | Sees() | Holds():
            return ()


def _within(located: Located, metres: float) -> str:
    """To within how much a point would have to be known; of a sector or an area no one figure says that."""
    place = located.observation.place
    if place is None or place.lon is None:
        return ""
    return f" to within {words.km(max(metres, 1.0))}"


def question(agreement: Agreement, located: Located, predicate: Predicate, candidate: str) -> str:
    """What would settle a predicate of place that is unknown."""
    if isinstance(predicate, Altitude):
        height = _height(located)
        return f"altitude: {'not stated' if height is None else f'{_limit(predicate)}, or not'}"
    unplaced = _unplaced(located, predicate)
    if unplaced:
        return f"place: {unplaced}"
    name = _drawn_for(predicate, candidate)
    if name in located.redrawn:
        return f"time: before or after `{name}` was redrawn"
    reach = located.distances.get((_end(predicate), name))
    match predicate:
        case InZone():
            within = "" if reach is None else _within(located, abs(reach.middle_m))
            what = {"place": "position", "from": "where it came from", "into": "where it arrived"}[predicate.end]
            return f"{what}{within}, against the edge of `{name}`"
        case Across():
            return f"position of both ends, against `{name}`"
        case NearLine() if reach is not None:
            limit = min(predicate.limits, key=lambda limit: abs(reach.middle_m - limit))
            within = _within(located, abs(reach.middle_m - limit))
            what = "position and course of the line" if agreement.line(name).accurate_to_m else "position"
            return f"{what}{within}, against `{name}` (limit {words.km(limit)})"
        case OnSide():
            return f"position: on which side of `{name}`"
        case _:
            return f"position, against `{name}`"


def reason(agreement: Agreement, located: Located, predicate: Predicate, candidate: str) -> str:
    """Why a predicate of place does not hold."""
    name = _drawn_for(predicate, candidate)
    match predicate:
        case InZone():
            what = {"place": "", "from": "came from ", "into": "arrived "}[predicate.end]
            return f"{what}{'outside' if predicate.inside else 'inside'} {agreement.zone(name).title}"
        case Across():
            return f"both ends on one side of `{name}`"
        case Altitude():
            return f"not {_limit(predicate)}"
        case NearLine():
            reach = located.distances.get(("place", name))
            far = "" if reach is None else f"{words.span_km(reach)} from `{name}`, "
            return f"{far}{_limits(predicate)}"
        case OnSide():
            return f"on {'the other' if predicate.own else 'its own'} side of `{name}`"
        case _:
            return ""


def measures(located: Located, predicate: Predicate, bearers: tuple[str, ...]) -> Iterator[Measure]:
    """The figures of a predicate of place against their limits, for each bearer where that matters."""
    match predicate:
        case InZone() if (predicate.end, predicate.zone) in located.distances:
            reach = located.distances[(predicate.end, predicate.zone)]
            yield _measure(f"{_OF_END[predicate.end]}distance to the edge of {predicate.zone}", located, reach, 0.0)
        case Altitude() if (height := _height(located)) is not None:
            yield Measure(
                name="altitude",
                min=height[0],
                max=height[1],
                limit=predicate.limit_m,
                unit="m",
                observation=located.fact.id,
            )
        case Across():
            for end in _BOTH:
                if (end, predicate.line) in located.distances:
                    reach = located.distances[(end, predicate.line)]
                    yield _measure(f"{_OF_END[end]}distance to {predicate.line}", located, reach, 0.0)
        case NearLine():
            for actor in told_for(located, bearers):
                name = predicate.line_for(actor) or ""
                if ("place", name) in located.distances:
                    for limit in predicate.limits:
                        yield _measure(f"distance to {name}", located, located.distances[("place", name)], limit, actor)
        case _:
            pass


def told_for(located: Located, bearers: tuple[str, ...]) -> tuple[str, ...]:
    """Those for whom a figure is told: the bearers a source named, else every bearer."""
    return tuple(a for a in located.fact.actors if a in bearers) or bearers


def figures(agreement: Agreement, located: Located, predicate: Predicate, bearers: tuple[str, ...]) -> Iterator[str]:
    """The figures of a predicate of place, for the sentence of a finding."""
    if isinstance(predicate, Altitude):
        height = _height(located)
        said = "its altitude is not stated" if height is None else f"{_span(height)} above sea level"
        yield f"{said} (limit {predicate.limit_m:,.0f} m)"
        return
    unplaced = _unplaced(located, predicate)
    if unplaced:
        place = "place" in located.unplaced and _end(predicate) == "place" and not isinstance(predicate, Across)
        yield f"its place is unknown ({unplaced})" if place else unplaced
        return
    match predicate:
        case InZone() if (predicate.end, predicate.zone) in located.distances:
            reach = located.distances[(predicate.end, predicate.zone)]
            which = {"place": "", "from": "from a place ", "into": "into a place "}[predicate.end]
            if reach.least_m > 0:
                yield f"{which}at least {words.km(reach.least_m)} from the edge of `{predicate.zone}`"
            else:
                yield f"{which}so near the edge of `{predicate.zone}` that either side is possible"
        case NearLine() | OnSide():
            for name, whose in _by_line(agreement, located, predicate, bearers).items():
                reach = located.distances[("place", name)]
                who = "" if len(predicate.lines) == 1 else f", the line of {prose.join(whose)}"
                against = ""
                if isinstance(predicate, NearLine):
                    against = f" ({_limits(predicate)}: {_side_of(reach, predicate)})"
                limit = predicate.limits[-1] if isinstance(predicate, NearLine) else None
                yield f"{words.span_km(reach, limit)} from `{name}`{who}{against}"
        case _:
            pass


def asked(agreement: Agreement, predicate: Predicate, actor: str) -> str:
    """A predicate of place as a question."""
    name = _drawn_for(predicate, actor)
    match predicate:
        case InZone():
            ask = {"place": "is it", "from": "did it come from", "into": "did it arrive"}[predicate.end]
            return f"{ask} {'in' if predicate.inside else 'outside'} {agreement.zone(name).title}?"
        case Across():
            return f"did it go across `{name}`?"
        case Altitude():
            return f"is it {_limit(predicate)}?"
        case NearLine() if predicate.nearest_m:
            least, most = words.km(predicate.nearest_m), words.km(predicate.distance_m)
            return f"is it between {least} and {most} from `{name}`?"
        case NearLine():
            return f"is it less than {words.km(predicate.distance_m)} from `{name}`?"
        case OnSide():
            return f"is it on {'its own' if predicate.own else 'the other'} side of `{name}`?"
        case _:
            return ""


def answered(located: Located, predicate: Predicate, actor: str) -> str:
    """The figure beside the answer to `asked`, in brackets; empty where there is none."""
    if isinstance(predicate, Altitude):
        height = _height(located)
        return "" if height is None else f" ({_span(height)})"
    reach = located.distances.get((_end(predicate), _drawn_for(predicate, actor)))
    if reach is None or isinstance(predicate, Across):
        return ""
    return f" ({words.span_km(reach)}{' from its edge' if isinstance(predicate, InZone) else ''})"


_BOTH: tuple[End, End] = ("from", "into")
_OF_END: dict[End, str] = {"place": "", "from": "origin: ", "into": "target: "}


def _height(located: Located) -> tuple[float, float] | None:
    place = located.observation.place
    return None if place is None else place.altitude_within_m


def _span(height: tuple[float, float]) -> str:
    least, most = (f"{metres:,.0f}" for metres in height)
    return f"{least} m" if least == most else f"{least} to {most} m"


def _limit(predicate: Altitude) -> str:
    return f"{'below' if predicate.below else 'above'} {predicate.limit_m:,.0f} m"


def _end(predicate: Predicate) -> End:
    return predicate.end if isinstance(predicate, InZone) else "place"


def _unplaced(located: Located, predicate: Predicate) -> str:
    """Why a place that the predicate looks at is unknown; empty where all are known."""
    if isinstance(predicate, OfGate | OfThing | Altitude | AtLeastOne | Sees | Holds):
        return ""
    ends = _BOTH if isinstance(predicate, Across) else (_end(predicate),)
    return next((located.unplaced[end] for end in ends if end in located.unplaced), "")


def _drawn_for(predicate: Predicate, actor: str) -> str:
    match predicate:
        case NearLine() | OnSide():
            return predicate.line_for(actor) or ""
        case _:
            return next(iter(drawn(predicate)), "")


def _by_line(
    agreement: Agreement, located: Located, predicate: NearLine | OnSide, bearers: tuple[str, ...]
) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for candidate in told_for(located, bearers):
        name = predicate.line_for(candidate)
        if name is not None and ("place", name) in located.distances:
            found.setdefault(name, []).append(agreement.title_of(candidate))
    return found


def _limits(predicate: NearLine) -> str:
    limits = [words.km(limit) for limit in predicate.limits]
    return f"limit {limits[0]}" if len(limits) == 1 else f"limits {prose.join(limits)}"


def _side_of(reach: Reach, predicate: NearLine) -> str:
    least, most, nearest, limit = reach.least_m, reach.most_m, predicate.nearest_m, predicate.distance_m
    if most < limit and (least > nearest or not nearest):
        return f"inside by at least {words.km(min(limit - most, least - nearest if nearest else limit))}"
    if least > limit or most < nearest:
        return f"outside by at least {words.km(max(least - limit, nearest - most))}"
    return "on either side of it"


def _measure(name: str, located: Located, reach: Reach, limit: float, actor: str | None = None) -> Measure:
    return Measure(
        name=name,
        for_=actor,
        min=reach.least_m,
        max=reach.most_m,
        limit=limit,
        unit="m",
        observation=located.fact.id,
    )
