"""Settling an observation against an agreement: its time, place, thing and actor become a fact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from servanda.locate import amounts, filing, things
from servanda.locate.facts import CLAIMED, GATE, TALLY, WATCH, Extent, Fact, Word
from servanda.locate.placing import During, Placed, Placer
from servanda.locate.settling import Settling
from servanda.observations.problems import Flaw
from servanda.plan import CLAIM, AtLeastOne, End, Plan, Select, folded
from servanda_dsl.suggest import did_you_mean, nearest

if TYPE_CHECKING:
    from servanda.observations.model import Observation
    from servanda.observations.shapes import PlaceShape
    from servanda.space.maps import Maps
    from servanda.space.relations import Reach
    from servanda_dsl.model import Agreement


_UNKNOWN = {
    "O160": "no act of the vocabulary",
    "O161": "neither party nor monitor nor non-party of the agreement",
    "O162": "no zone of the agreement",
    "O163": "no category of the vocabulary",
    "O168": "no permission of the agreement",
    "O169": "no gate of the agreement",
}


@dataclass(frozen=True)
class Located:
    """A fact, with what its truth values were made from.

    Attributes:
        fact: What interpreters see.
        observation: What the source said.
        distances: Bounds of the distance to each line and zone edge that was looked at, for each place that it has.
        seen: What it may be of.
        unplaced: Why each place that was asked for is unknown; those that are known are left out.
        exact: Whether the place was taken as exact because the source states no error.
        shape: The place as geometry; None where it is unknown.
        redrawn: The lines and zones redrawn during that time, where some answer depends on it.
    """

    fact: Fact
    observation: Observation
    distances: dict[tuple[End, str], Reach] = field(default_factory=dict)
    seen: tuple[things.Seen, ...] = ()
    unplaced: dict[End, str] = field(default_factory=dict)
    exact: bool = False
    shape: PlaceShape | None = None
    redrawn: frozenset[str] = frozenset()


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
        parts = [part for rule in self.plan.rules for part in (*rule.parts, *rule.against)]
        parts += [gate.rule for rule in self.plan.rules for gate in rule.gates]
        parts += [joining.rule for rule in self.plan.rules for joining in rule.joining]
        watches = [Select(((WATCH, None),), (sees,)) for part in parts for sees in part.watches]
        self._selects.setdefault(WATCH, []).extend(watches)
        self._selects.setdefault(TALLY, []).append(Select(((TALLY, None),), (AtLeastOne(),)))
        parties = self.agreement.parties
        titles = {folded(self.agreement.title_of(p)): p for p in parties}
        self._parties = titles | {folded(p): p for p in parties}
        self._gates = {gate.name for gate in self.agreement.gates}
        self._permissions = {r.id for r in self.agreement.rules if r.kind == "permission"}
        parts = [part for rule in self.plan.rules if rule.beyond for part in (*rule.parts, *rule.against)]
        self._limited = {act for part in parts for act, _ in part.select.acts}
        self._known_actors = {a.name for a in self.agreement.actors}
        self._placer = Placer(self.maps)

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
        during = During(when.earliest_us, when.latest_us)
        work = Settling(self.agreement, self._placer, observation, during, seen)
        actors = (observation.actor,) if observation.actor else observation.actor_candidates
        tried = tuple(sorted(self._known_actors)) if observation.act == WATCH else actors or self.agreement.parties
        truths = work.truths(self._selects.get(observation.act, []), tried)
        known = self.agreement.vocabulary.acts[observation.act]
        limited = observation.act in self._limited
        placed = work.placed("place")
        fact = Fact(
            id=observation.id,
            act=observation.act,
            earliest_us=when.earliest_us,
            latest_us=when.latest_us,
            kind=when.kind,
            actors=tuple(actors),
            truths=truths,
            source=folded(observation.source.id) if observation.source else None,
            origin=folded(observation.source.origin) if observation.source and observation.source.origin else None,
            grade=observation.grade,
            word=self._word(observation),
            incident=observation.incident,
            refers_to=frozenset(observation.refers_to),
            denies=frozenset(observation.denies),
            corrects=observation.corrects,
            retracts=observation.retracts,
            record=self.agreement.vocabulary.acts[observation.act].kind == "record",
            received_us=_received(observation, self.agreement.time_zone),
            exception=observation.fields.get(CLAIMED) if observation.act == CLAIM else None,
            told=filing.told(self.agreement, observation),
            figure=amounts.figure(observation, self.agreement.vocabulary),
            extent=self._extent(observation, placed, during) if limited and known.place != "either" else None,
            kinds=amounts.kinds(seen, objects=known.objects),
            serial=observation.weapon.serial if observation.weapon else None,
        )
        unplaced = {end: work.placed(end).unplaced for end in work.ends if work.placed(end).unplaced}
        return Located(
            fact=fact,
            observation=observation,
            distances=work.distances,
            seen=seen,
            unplaced=unplaced,
            exact=work.exact,
            shape=placed.shape,
            redrawn=frozenset(work.redrawn),
        )

    def _extent(self, observation: Observation, placed: Placed, during: During) -> Extent | None:
        """The box that holds the place, with the accuracy of the drawing where it is a zone."""
        zone = None if placed.zone is None else self.maps.zones.get(placed.zone)
        drawn = () if zone is None else during.of(zone)
        error = observation.place.error_m if observation.place else None
        return amounts.extent(placed.shape, max((d.accuracy_m for d in drawn), default=error))

    def _word(self, observation: Observation) -> Word:
        """Whose word an observation is, where it is a party's: the origin's, or where none is given the source's.

        A notice as it was received (`kind` notification) is the act itself; that someone gave one is a claim.
        """
        source = observation.source
        speaker = None if source is None else self._parties.get(folded(source.origin or source.id))
        if speaker is None:
            return ""
        if observation.actor != speaker:
            return "claim"
        received = source is not None and source.kind == "notification"
        return "notice" if received and self.agreement.vocabulary.acts[observation.act].telling else "own"

    def _flaws(self, observation: Observation) -> list[Flaw]:
        vocabulary, weapon, struck = self.agreement.vocabulary, observation.weapon, observation.object
        place, target = observation.place, observation.target
        found = []
        checks: tuple[tuple[str, str, str | None, Iterable[str]], ...] = (
            ("act", "O160", observation.act, vocabulary.acts),
            ("actor", "O161", observation.actor, self._known_actors),
            *(("actor_candidates", "O161", c, self._known_actors) for c in observation.actor_candidates),
            ("weapon.category", "O163", weapon.category if weapon else None, vocabulary.categories),
            ("object.category", "O163", struck.category if struck else None, vocabulary.objects),
            ("place.zone", "O162", place.zone if place else None, self.maps.zones),
            ("target.zone", "O162", target.zone if target else None, self.maps.zones),
            ("exception", "O168", observation.fields.get(CLAIMED), self._permissions),
            ("gate", "O169", observation.fields.get(GATE), self._gates),
        )
        for name, code, value, legal in checks:
            if value is None or value in legal:
                continue
            help_ = did_you_mean(nearest(value, legal)) or "known: " + ", ".join(sorted(legal)[:12])
            found.append(Flaw(name, code, f'"{value}" is {_UNKNOWN[code]}', help_, value))
        if observation.corrects and observation.retracts:
            found.append(Flaw("retracts", "O164", "a record corrects or retracts, not both", "send two records"))
        found.extend(filing.flaws(self.agreement, observation))
        if observation.actor and set(observation.actor_candidates) - {observation.actor}:
            message = "the record says who acted, and names others who may have been it"
            found.append(
                Flaw("actor_candidates", "O167", message, "give `actor`, or `actor_candidates` with all of them")
            )
        act = vocabulary.acts.get(observation.act)
        takes_back = "retracts" if observation.retracts else "denies" if observation.denies else ""
        if (
            act is not None
            and takes_back
            and (act.kind != "record" or (observation.retracts and self.concerns(act.name)))
        ):
            message = (
                f'"{act.name}" is itself something that rules are about, and the record also `{takes_back}` another'
            )
            help_ = f"send two records: the {act.name}, and a comment that {takes_back} the other"
            found.append(Flaw(takes_back, "O166", message, help_))
        if act is not None and target is not None and act.place not in {"from", "either"}:
            told = "where it arrived" if act.place == "into" else "where it is"
            message = f'the place of "{act.name}" is {told}, so it has no target'
            found.append(Flaw("target", "O165", message, "give the place alone"))
        return found


def _received(observation: Observation, zone: str) -> tuple[int, int] | None:
    """When the mechanism got a record, within bounds; None where nobody said."""
    when = observation.received_when(zone)
    if when is None or when.earliest_us is None or when.latest_us is None:
        return None
    return when.earliest_us, when.latest_us
