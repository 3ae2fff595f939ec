"""The value of every predicate for one observation: what was seen, and where, against what a rule asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from servanda.locate import amounts, things, watches
from servanda.locate.placing import Placed
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
    Select,
)
from servanda.space import relations
from servanda.truth import Truth, agree, every

if TYPE_CHECKING:
    from collections.abc import Callable

    from servanda.locate.placing import During, Placer
    from servanda.observations.model import Observation
    from servanda.space.cover import Cover
    from servanda.space.drawn import Drawings, Drawn
    from servanda.space.relations import Reach
    from servanda_dsl.model import Agreement


@dataclass
class Settling:
    """One observation being settled.

    Attributes:
        agreement: The agreement.
        placer: Works out places.
        observation: What the source said.
        during: When it was.
        seen: What it may be of.
        ends: The places it has, as far as they were asked for.
        distances: Bounds of the distance to each line and zone edge that was looked at.
        redrawn: The lines and zones redrawn during that time, where the answer depends on it.
        values: The values found.
    """

    agreement: Agreement
    placer: Placer
    observation: Observation
    during: During
    seen: tuple[things.Seen, ...]
    ends: dict[End, Placed] = field(default_factory=dict)
    distances: dict[tuple[End, str], Reach] = field(default_factory=dict)
    redrawn: set[str] = field(default_factory=set)
    values: dict[tuple[Predicate, str], Truth] = field(default_factory=dict)

    def truths(self, selects: list[Select], actors: tuple[str, ...]) -> dict[tuple[Predicate, str], Truth]:
        """The values of the predicates of these selections, as far as they are needed."""
        for select in selects:
            for actor in actors:
                for predicate in select.predicates:
                    if self.value(predicate, actor) is Truth.FALSE:
                        break
        return self.values

    def value(self, predicate: Predicate, actor: str) -> Truth:
        """The value of one predicate, if it was this actor."""
        key = (predicate, actor if predicate.per_actor else "")
        if key not in self.values:
            match predicate:
                case Sees():
                    maps = self.placer.maps
                    value = watches.sees(self.agreement, maps, self.observation, self.during, predicate, actor)
                case Holds():
                    maps = self.placer.maps
                    value = amounts.holds(self.agreement, maps, self.observation, self.during, predicate, actor)
                case OfGate():
                    value = things.names_gate(self.observation, predicate.gate)
                case AtLeastOne():
                    value = things.at_least_one(self.observation)
                case OfThing():
                    value = things.is_one_of(self.agreement, predicate.things, predicate.other_than, self.seen)
                case InZone():
                    value = self.in_zone(predicate)
                case NearLine():
                    value = self.near_line(predicate, actor)
                case Altitude():
                    value = self.altitude(predicate)
                case Across():
                    value = self.across(predicate)
                case OnSide():
                    value = self.on_side(predicate, actor)
            self.values[key] = value
        return self.values[key]

    def placed(self, end: End) -> Placed:
        """Where it was seen, where it came from, or where it arrived; unknown where nobody said, and never guessed."""
        if end not in self.ends:
            self.ends[end] = self._placed(end)
        return self.ends[end]

    def _placed(self, end: End) -> Placed:
        observation = self.observation
        act = self.agreement.vocabulary.acts[observation.act]
        if end in {"place", act.place}:
            return self.placer.placed(observation.place, self.during)
        if end == "into" and observation.target is not None:
            return self.placer.placed(observation.target, self.during)
        asked = "where it came from" if end == "from" else "where it arrived"
        if act.place == "either":
            return Placed(None, None, f"{asked} is not known: the place of {act.gerund} may be either end")
        return Placed(None, None, f"{asked} is not stated")

    @property
    def exact(self) -> bool:
        """Whether some place that was measured was taken as exact because its source states no error."""
        measured = {end for end, _ in self.distances}
        return any(p.cover is not None and p.cover.exact for end, p in self.ends.items() if end in measured)

    def whichever(self, drawings: Drawings, value: Callable[[Drawn], Truth]) -> Truth:
        """The value on which all drawings in force at the time agree: a line is what it was on that day."""
        values = [value(drawn) for drawn in self.during.of(drawings)]
        if len(set(values)) > 1:
            self.redrawn.add(drawings.name)
        return agree(values)

    def measure(self, end: End, name: str, reach: Reach) -> None:
        """Keep the bounds of a distance, widened by those to other drawings."""
        known = self.distances.get((end, name))
        self.distances[(end, name)] = reach if known is None else known.widened(reach)

    def in_zone(self, predicate: InZone) -> Truth:
        """Whether the place is in a zone (or outside it)."""
        placed = self.placed(predicate.end)
        place = placed.cover
        if placed.zone == predicate.zone:
            value = Truth.TRUE
        elif place is None:
            value = Truth.UNKNOWN
        else:
            value = self.whichever(
                self.placer.maps.zones[predicate.zone], lambda zone: self.inside(predicate, place, zone)
            )
        return value if predicate.inside else _not(value)

    def altitude(self, predicate: Altitude) -> Truth:
        """Whether it was seen below a height, or above it."""
        place = self.observation.place
        within = None if place is None else place.altitude_within_m
        if within is None:
            return Truth.UNKNOWN
        height = relations.Reach(*within, sum(within) / 2)
        if predicate.below:
            return relations.closer_than(height, predicate.limit_m, predicate.edge)
        return _not(relations.closer_than(height, predicate.limit_m, _not(predicate.edge)))

    def across(self, predicate: Across) -> Truth:
        """Whether the straight way from where it came from to where it arrived crosses a line."""
        origin, arrival = self.placed("from").cover, self.placed("into").cover
        if origin is None or arrival is None:
            return Truth.UNKNOWN

        def crosses(line: Drawn) -> Truth:
            self.reach("from", origin, line)
            self.reach("into", arrival, line)
            return relations.across(origin, arrival, line)

        return self.whichever(self.placer.maps.lines[predicate.line], crosses)

    def inside(self, predicate: InZone, place: Cover, zone: Drawn) -> Truth:
        """Whether a place is in a zone as drawn."""
        placed, key = self.placed(predicate.end), (zone, predicate.edge)
        if key not in placed.zones:
            placed.zones[key] = relations.inside(place, zone, predicate.edge)
        reach, value = placed.zones[key]
        self.measure(predicate.end, zone.name, reach)
        return value

    def near_line(self, predicate: NearLine, actor: str) -> Truth:
        """Whether the place is near the line of an actor."""
        name = predicate.line_for(actor)
        if name is None:
            return Truth.FALSE
        place = self.placed("place").cover
        if place is None:
            return Truth.UNKNOWN

        def near(line: Drawn) -> Truth:
            reach = self.reach("place", place, line)
            value = relations.closer_than(reach, predicate.distance_m, predicate.edge)
            if predicate.nearest_m:
                too_near = relations.closer_than(reach, predicate.nearest_m, _not(predicate.edge))
                value = min(value, _not(too_near))
            if predicate.own_side and value is not Truth.FALSE:
                value = min(value, self.own_side(line, actor, place, predicate.edge))
            return value

        return self.whichever(self.placer.maps.lines[name], near)

    def reach(self, end: End, place: Cover, line: Drawn) -> Reach:
        """Bounds of the distance to a line as drawn."""
        placed = self.placed(end)
        if line not in placed.distances:
            placed.distances[line] = relations.reach(place, line)
        self.measure(end, line.name, placed.distances[line])
        return placed.distances[line]

    def on_side(self, predicate: OnSide, actor: str) -> Truth:
        """Whether the place is on an actor's own side of a line, or on the other."""
        name = predicate.line_for(actor)
        if name is None:
            return Truth.FALSE
        place = self.placed("place").cover
        if place is None:
            return Truth.UNKNOWN

        def on(line: Drawn) -> Truth:
            self.reach("place", place, line)
            if predicate.own:
                return self.own_side(line, actor, place, predicate.edge)
            return _not(self.own_side(line, actor, place, _not(predicate.edge)))

        return self.whichever(self.placer.maps.lines[name], on)

    def own_side(self, line: Drawn, actor: str, place: Cover, edge: Truth) -> Truth:
        """Whether a place is on an actor's own side of a line: by him, and not by any other whose side is known."""
        sides = self.agreement.line(line.name).sides
        own = [self.beside(line, s.place, place, edge) for s in sides if s.party == actor]
        others = [self.beside(line, s.place, place, _not(edge)) for s in sides if s.party != actor]
        if not own:
            return Truth.UNKNOWN
        apart = every(_not(o) for o in others)
        return agree((own[0], apart)) if others else own[0]

    def beside(self, line: Drawn, name: str, place: Cover, edge: Truth) -> Truth:
        """Whether a place is on the same side of a line as a named place."""
        town = self.placer.town(line, name)
        return Truth.UNKNOWN if town is None else relations.same_side(place, line, town, edge)


def _not(value: Truth) -> Truth:
    return Truth(Truth.TRUE - value)
