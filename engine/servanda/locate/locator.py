"""Settling an observation against an agreement: its time, place, thing and actor become a fact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from servanda.locate import things
from servanda.locate.facts import Fact
from servanda.observations.problems import Flaw
from servanda.observations.shapes import Disc, Named, Shape, Unplaced, settle_place
from servanda.plan import InZone, NearLine, OfThing, Plan, Predicate, Select
from servanda.space import relations
from servanda.space.cover import Cover, cover
from servanda.truth import Truth, agree, every
from servanda_dsl.assumptions import Edges
from servanda_dsl.suggest import did_you_mean, nearest

if TYPE_CHECKING:
    from servanda.observations.model import Observation
    from servanda.observations.shapes import PlaceShape
    from servanda.space.maps import Drawn, Maps
    from servanda.space.relations import Reach
    from servanda_dsl.model import Agreement


_UNKNOWN = {
    "O160": "no act of the vocabulary",
    "O161": "neither party nor monitor nor non-party of the agreement",
    "O162": "no zone of the agreement",
    "O163": "no category of the vocabulary",
}


@dataclass(frozen=True)
class Located:
    """A fact, with what its truth values were made from.

    Attributes:
        fact: What interpreters see.
        observation: What the source said.
        distances: Bounds of the distance to each line and zone edge that was looked at.
        seen: What it may be of.
        unplaced: Why the place is unknown; empty where it is known.
        exact: Whether the place was taken as exact because the source states no error.
        shape: The place as geometry; None where it is unknown.
    """

    fact: Fact
    observation: Observation
    distances: dict[str, Reach] = field(default_factory=dict)
    seen: tuple[things.Seen, ...] = ()
    unplaced: str = ""
    exact: bool = False
    shape: PlaceShape | None = None


@dataclass
class Locator:
    """Settles observations against one agreement."""

    agreement: Agreement
    plan: Plan
    maps: Maps

    def __post_init__(self) -> None:
        """Index the selections by the acts they take."""
        self._selects: dict[str, list[Select]] = {}
        for rule in self.plan.rules:
            zones = [Select(rule.select.acts, (w.zone,)) for w in rule.whichever]
            for select in (*rule.selects, *zones):
                for act, _ in select.acts:
                    known = self._selects.setdefault(act, [])
                    if select not in known:
                        known.append(select)
        edges = [a.edge for a in self.agreement.assumptions if isinstance(a, Edges)]
        self.edge = Truth.UNKNOWN if not edges else Truth.TRUE if edges[-1] == "inside" else Truth.FALSE
        self._known_actors = {a.name for a in self.agreement.actors}
        self._covers: dict[str | None, _Placed] = {}

    def concerns(self, act: str) -> bool:
        """Whether some rule can take an observation of this act."""
        return act in self._selects

    def locate(self, observation: Observation) -> Located | list[Flaw]:
        """Settle one observation.

        Returns:
            The fact, or what makes the observation unusable under this agreement (O16x).
        """
        flaws = self._flaws(observation)
        if flaws:
            return flaws
        try:
            when = observation.when(self.agreement.time_zone)
        except ValueError as error:
            return [Flaw("at", "O131", str(error))]
        if when.earliest_us is None or when.latest_us is None:
            return [Flaw("at", "O132", "the day has no time zone")]
        seen = things.seen(observation)
        work = _Work(self, observation, seen)
        actors = (observation.actor,) if observation.actor else observation.actor_candidates
        truths = work.truths(self._selects.get(observation.act, []), actors or self.agreement.parties)
        fact = Fact(
            id=observation.id,
            act=observation.act,
            earliest_us=when.earliest_us,
            latest_us=when.latest_us,
            kind=when.kind,
            actors=tuple(actors),
            truths=truths,
            source=observation.source.id if observation.source else None,
            graded=observation.grade is not None,
            incident=observation.incident,
            refers_to=frozenset(observation.refers_to),
            denies=frozenset(observation.denies),
            corrects=observation.corrects,
            retracts=observation.retracts,
        )
        placed = work.placed
        exact = bool(work.distances) and placed.cover is not None and placed.cover.exact
        return Located(fact, observation, work.distances, seen, placed.unplaced, exact, placed.shape)

    def _flaws(self, observation: Observation) -> list[Flaw]:
        vocabulary, weapon, place = self.agreement.vocabulary, observation.weapon, observation.place
        struck = observation.object
        found = []
        checks: tuple[tuple[str, str, str | None, Iterable[str]], ...] = (
            ("act", "O160", observation.act, vocabulary.acts),
            ("actor", "O161", observation.actor, self._known_actors),
            *(("actor_candidates", "O161", c, self._known_actors) for c in observation.actor_candidates),
            ("weapon.category", "O163", weapon.category if weapon else None, vocabulary.categories),
            ("object.category", "O163", struck.category if struck else None, vocabulary.objects),
            ("place.zone", "O162", place.zone if place else None, self.maps.zones),
        )
        for name, code, value, legal in checks:
            if value is None or value in legal:
                continue
            help_ = did_you_mean(nearest(value, legal)) or "known: " + ", ".join(sorted(legal)[:12])
            found.append(Flaw(name, code, f'"{value}" is {_UNKNOWN[code]}', help_, value))
        if observation.corrects and observation.retracts:
            found.append(Flaw("retracts", "O164", "a record corrects or retracts, not both", "send two records"))
        return found

    def placed(self, observation: Observation) -> _Placed:
        """Where an observation's place may be; every observation of the same place has it worked out once."""
        place = observation.place
        key = None if place is None else place.model_dump_json(exclude_none=True)
        if key not in self._covers:
            self._covers[key] = self._place(observation)
        return self._covers[key]

    def _place(self, observation: Observation) -> _Placed:
        shape = settle_place(observation, self.maps.gazetteer)
        if isinstance(shape, Named):
            zone = self.maps.zones.get(shape.name)
            if zone is None:
                return _Placed(None, None, f'"{shape.name}" is no zone of the agreement')
            shape = Shape(dict(zone.geometry.__geo_interface__))
            drawn = cover(shape)
            return _Placed(Cover(drawn.centres, drawn.radii + zone.accuracy_m), shape, "")
        if isinstance(shape, Unplaced):
            return _Placed(None, None, shape.reason)
        return _Placed(cover(shape), shape, "")


@dataclass
class _Placed:
    """A place worked out, with the distances found so far."""

    cover: Cover | None
    shape: PlaceShape | None
    unplaced: str
    distances: dict[str, Reach] = field(default_factory=dict)
    zones: dict[str, tuple[Reach, Truth]] = field(default_factory=dict)


@dataclass
class _Work:
    """One observation being settled."""

    locator: Locator
    observation: Observation
    seen: tuple[things.Seen, ...]
    distances: dict[str, Reach] = field(default_factory=dict)
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
        key = (predicate, actor if isinstance(predicate, NearLine) else "")
        if key not in self.values:
            match predicate:
                case OfThing():
                    agreement = self.locator.agreement
                    value = things.is_one_of(agreement, predicate.things, predicate.other_than, self.seen)
                case InZone():
                    value = self.in_zone(predicate)
                case NearLine():
                    value = self.near_line(predicate, actor)
            self.values[key] = value
        return self.values[key]

    @cached_property
    def placed(self) -> _Placed:
        """Where it may be."""
        return self.locator.placed(self.observation)

    def reach(self, drawn: Drawn, cover_: Cover) -> Reach:
        """Bounds of the distance to a line or zone edge."""
        known = self.placed.distances
        if drawn.name not in known:
            known[drawn.name] = relations.reach(cover_, drawn)
        self.distances[drawn.name] = known[drawn.name]
        return known[drawn.name]

    def in_zone(self, predicate: InZone) -> Truth:
        """Whether the place is in a zone (or outside it)."""
        zone = self.locator.maps.zones[predicate.zone]
        named = self.observation.place.zone if self.observation.place else None
        place = self.placed.cover
        if named == predicate.zone:
            value = Truth.TRUE
        elif place is None:
            value = Truth.UNKNOWN
        else:
            if predicate.zone not in self.placed.zones:
                self.placed.zones[predicate.zone] = relations.inside(place, zone, self.locator.edge)
            self.distances[predicate.zone], value = self.placed.zones[predicate.zone]
        return value if predicate.inside else Truth(Truth.TRUE - value)

    def near_line(self, predicate: NearLine, actor: str) -> Truth:
        """Whether the place is near the line of an actor."""
        name = predicate.line_for(actor)
        if name is None:
            return Truth.FALSE
        place = self.placed.cover
        if place is None:
            return Truth.UNKNOWN
        reach = self.reach(self.locator.maps.lines[name], place)
        value = relations.closer_than(reach, predicate.distance_m, self.locator.edge)
        if predicate.own_side and value is not Truth.FALSE:
            value = min(value, self.own_side(name, actor, place))
        return value

    def own_side(self, name: str, actor: str, place: Cover) -> Truth:
        """Whether a place is on an actor's own side of a line: by him, and not by any other whose side is known."""
        line = self.locator.maps.lines[name]
        sides = self.locator.agreement.line(name).sides
        own = [self.beside(line, s.place, place) for s in sides if s.party == actor]
        others = [self.beside(line, s.place, place) for s in sides if s.party != actor]
        if not own:
            return Truth.UNKNOWN
        apart = every(Truth(Truth.TRUE - o) for o in others)
        return agree((own[0], apart)) if others else own[0]

    def beside(self, line: Drawn, name: str, place: Cover) -> Truth:
        """Whether a place is on the same side of a line as a named place."""
        gazetteer = self.locator.maps.gazetteer
        found = None if gazetteer is None else gazetteer.find(name)
        if not isinstance(found, Disc):
            return Truth.UNKNOWN
        return relations.same_side(place, line, (found.lon, found.lat))
