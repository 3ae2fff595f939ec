"""Settling an observation against an agreement: its time, place, thing and actor become a fact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from servanda.locate import things
from servanda.locate.facts import WATCH, Fact, Word
from servanda.locate.placing import During, Placer
from servanda.locate.settling import Settling
from servanda.observations.problems import Flaw
from servanda.plan import End, Plan, Select, watches
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
        wanted = dict.fromkeys(sees for rule in self.plan.rules for w in rule.watched for sees in watches(w))
        self._selects.setdefault(WATCH, []).extend(Select(((WATCH, None),), (sees,)) for sees in wanted)
        parties = self.agreement.parties
        titles = {self.agreement.title_of(p).casefold(): p for p in parties}
        self._parties = titles | {p.casefold(): p for p in parties}
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
        fact = Fact(
            id=observation.id,
            act=observation.act,
            earliest_us=when.earliest_us,
            latest_us=when.latest_us,
            kind=when.kind,
            actors=tuple(actors),
            truths=truths,
            source=observation.source.id if observation.source else None,
            origin=observation.source.origin if observation.source else None,
            grade=observation.grade,
            word=self._word(observation),
            incident=observation.incident,
            refers_to=frozenset(observation.refers_to),
            denies=frozenset(observation.denies),
            corrects=observation.corrects,
            retracts=observation.retracts,
        )
        placed = work.placed("place")
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

    def _word(self, observation: Observation) -> Word:
        """Whose word an observation is, where it is a party's: the origin's, or where none is given the source's.

        A notice as it was received (`kind` notification) is the act itself; that someone gave one is a claim.
        """
        source = observation.source
        speaker = None if source is None else self._parties.get((source.origin or source.id).casefold())
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
        )
        for name, code, value, legal in checks:
            if value is None or value in legal:
                continue
            help_ = did_you_mean(nearest(value, legal)) or "known: " + ", ".join(sorted(legal)[:12])
            found.append(Flaw(name, code, f'"{value}" is {_UNKNOWN[code]}', help_, value))
        if observation.corrects and observation.retracts:
            found.append(Flaw("retracts", "O164", "a record corrects or retracts, not both", "send two records"))
        act = vocabulary.acts.get(observation.act)
        if act is not None and target is not None and act.place not in {"from", "either"}:
            told = "where it arrived" if act.place == "into" else "where it is"
            message = f'the place of "{act.name}" is {told}, so it has no target'
            found.append(Flaw("target", "O165", message, "give the place alone"))
        return found
