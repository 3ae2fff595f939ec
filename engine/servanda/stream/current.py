"""The outcomes as they stand, kept up to date: only what new facts or the passing of time concern is evaluated again.

What is evaluated by itself is a unit: one incident under a prohibition, one trigger of a duty, what the violation in
such a unit triggers, the remainder of a rule, or a whole rule where it has no such parts. A unit depends on its
cluster, on what its rule looks for everywhere (`servanda.stream.reach`) and on the units whose violations trigger it,
and holds until an instant that is measured while it is evaluated (`servanda.stream.instant`).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from servanda.aside import rests_on_silence
from servanda.locate.facts import Fact
from servanda.outcomes import Outcome, Verdict
from servanda.plan import RulePlan
from servanda.stream.by_period import ByPeriod, period_of
from servanda.stream.clusters import Cluster, Clusters
from servanda.stream.coverage import Asked
from servanda.stream.instant import Watched
from servanda.stream.interpreter import Stream
from servanda.stream.looked import SIGHT, Concerned, Looked, concern
from servanda.stream.on_record import OnRecord, Wanted
from servanda.stream.sights import AT_ALL, EVER, Sights
from servanda.stream.unit import REMAINDER, WHOLE, Changed, Kept, Room, Time, Unit, hinges, hull, noted


class Current:
    """What every unit gives at one instant, for facts in any order.

    Attributes:
        stream: The facts that are held here.
        looked: Those of them that some rule looks for everywhere.
        clusters: How they hang together.
        kept: What each unit gives that is held here.
        shown: For each rule, how many of its units, held here or put away, leave no remainder.
        stale: The rules of which what was put away has to be evaluated again, and what of it.
        sights: For whom it is kept what could be seen.
    """

    def __init__(self, stream: Stream, actors: Iterable[str]) -> None:
        """Keep what a stream holds up to date; `actors` are all who may act."""
        self.stream, self.clusters, self.looked = stream, Clusters(), Looked(stream, actors)
        self.reach = self.looked.reach
        repairing = frozenset(act for r in stream.plan.rules if r.breach is not None for act, _ in r.select.acts)
        self.on_record = OnRecord(stream.plan.agreement, self.clusters, repairing)
        self.kept: dict[Unit, Kept] = {}
        self.shown = [0] * len(stream.plan.rules)
        self.stale: Concerned = {}
        self.sights = Sights()
        self._again: dict[int, bool] = {}
        self._wanting: set[Unit] = set()
        self._anew: set[Unit] = set()
        self._newly: frozenset[int] = frozenset()
        self._dirty: set[int] = set()
        self._units: dict[int, set[Unit]] = {}
        self._home: dict[Unit, Cluster] = {}
        self._wakes: list[tuple[int, Unit]] = []
        self._ripening: list[tuple[int, int]] = []
        self._triggers: dict[str, list[int]] = {}
        self._numbers = {rule.rule: n for n, rule in enumerate(stream.plan.rules)}
        self._rank = {self._numbers[rule.rule]: rank for rank, rule in enumerate(stream.plan.in_order)}
        for number, rule in enumerate(stream.plan.rules):
            if self.reach.triggered(number) and rule.trigger is not None:
                for act, _ in rule.trigger.acts:
                    self._triggers.setdefault(act, []).append(number)
        self.by_period = ByPeriod(stream.plan, self.reach)
        self.by_stretch = self.by_period.by_stretch
        self.fetch: Callable[[set[tuple[int, str]]], bool] = lambda _periods: False
        self._sharing: dict[Unit, set[int]] = {}
        self._more: dict[int, int] = {}
        self._coming: list[tuple[int, int]] = []
        self._adrift = [tuple(self._lying_nowhere(number)) for number in range(len(stream.plan.rules))]
        self._lost: Concerned = {}

    # ---- facts come and go ----

    def add(self, fact: Fact) -> None:
        """Take in a fact."""
        self.stream.add(fact)
        cluster, absorbed = self.clusters.add(fact, fact.earliest_us, fact.latest_us)
        for other in absorbed:
            units = self._units.pop(other.number, set())
            self._units.setdefault(cluster.number, set()).update(units)
            self._home.update((unit, cluster) for unit in units if self._home.get(unit) is other)
            for unit in filter(self.by_period.shared, units):
                self._sharing[unit].discard(other.number)
                self._sharing[unit].add(cluster.number)
            self._dirty.discard(other.number)
            self._more.pop(other.number, None)
            if other.number in self.on_record.holding:
                self.on_record.holding.discard(other.number)
                self.on_record.holding.add(cluster.number)
        self._dirty.add(cluster.number)

    def remove(self, fact_id: str) -> None:
        """Take out a fact whose id turned out to stand for two contents."""
        self.looked.lose(fact_id, self._lost)
        self.stream.remove(fact_id)
        cluster = self.clusters.by_name[fact_id]
        cluster.facts.discard(fact_id)
        self._dirty.add(cluster.number)

    def know_again(self, numbers: Iterable[int], *, periods: bool = True) -> None:
        """Clusters are here again as they were: what knew of them then is not concerned.

        Nor is what they come to in a period, unless that has to be evaluated again (`periods`).
        """
        self._again.update(dict.fromkeys(numbers, periods))

    def load(
        self,
        cluster: Cluster,
        kept: Iterable[tuple[Unit, tuple[Outcome, ...]]],
        periods: Iterable[tuple[int, str]] = (),
    ) -> None:
        """Take in what the units of a cluster gave when it was put away; they are evaluated again.

        `periods` are those that it concerned: what these come to is evaluated again where the cluster is another now.
        """
        for unit in self.by_period.units(periods):
            self._units.setdefault(cluster.number, set()).add(unit)
            self._sharing.setdefault(unit, set()).add(cluster.number)
        for unit, outcomes in kept:
            self._units.setdefault(cluster.number, set()).add(unit)
            if self.by_period.shared(unit):  # it was over, and is evaluated again only where something concerns it
                self.kept[unit] = Kept(outcomes, None)
                self.on_record.note(unit, (), outcomes, None)
            else:
                self.give(unit, outcomes)
        self._dirty.add(cluster.number)

    def give(self, unit: Unit, outcomes: tuple[Outcome, ...]) -> None:
        """Take in what a unit gave; it is evaluated again at once."""
        self.kept[unit] = Kept(outcomes, AT_ALL)
        self.on_record.note(unit, (), outcomes, self._home.get(unit))
        heapq.heappush(self._wakes, (AT_ALL, unit))

    def note(self) -> dict[str, Any]:
        """What is known besides facts and outcomes, as JSON values."""
        return {
            "rules": [rule.rule for rule in self.stream.plan.rules],
            "shown": self.shown,
            "watched": sorted(self.looked.watched),
            "needy": sorted(self.looked.needy),
            "seen_us": self.sights.seen_us,
            "last": self.clusters.last,
            "periods": self.by_period.kept(),
        }

    def resume(self, note: dict[str, Any]) -> None:
        """Go on from what was noted, before the facts are taken in and what the units gave."""
        self.shown = list(note["shown"])
        self.looked.watched = set(note["watched"])
        self.looked.needy = frozenset(note["needy"])
        self.sights.seen_us = note["seen_us"]
        self.clusters.last = note["last"]
        self.by_period.resume(note["periods"])

    def release(self, cluster: Cluster) -> list[tuple[Unit, tuple[Outcome, ...]]]:
        """Let go of a cluster; returns what its units gave."""
        units = sorted(self._units.pop(cluster.number, ()))
        units = [unit for unit in units if self._leaves(unit, cluster)]
        self._more.pop(cluster.number, None)
        gave = [(unit, self.kept.pop(unit).outcomes) for unit in units if unit in self.kept]
        for unit, outcomes in gave:
            self.on_record.note(unit, outcomes, (), None)
        self.on_record.holding.discard(cluster.number)
        for unit in units:
            self._home.pop(unit, None)
        sight = self.looked.sight(cluster)
        self.sights.seen_us = self.sights.seen_us if sight is None else max(self.sights.seen_us, sight + 1)
        for fact_id in cluster.facts:
            self.looked.unlook(fact_id)
        self.stream.forget(cluster.facts)
        self.clusters.drop(cluster)
        return gave

    def _leaves(self, unit: Unit, cluster: Cluster) -> bool:
        """Whether a unit goes with a cluster: a period does where no other cluster that concerns it stays."""
        if not self.by_period.shared(unit):
            return True
        sharing = self._sharing[unit]
        sharing.discard(cluster.number)
        if not sharing:
            del self._sharing[unit]
        return not sharing

    # ---- what may be put away ----

    def ripe(self, horizon_us: int) -> Iterator[Cluster]:
        """The clusters that lie before an instant and that time alone changes no more."""
        while self._ripening and self._ripening[0][0] < horizon_us:
            _, number = heapq.heappop(self._ripening)
            cluster = self.clusters.by_number.get(number)
            if cluster is None or number in self._dirty or self.looked.pinned(cluster):
                continue
            until = max([cluster.latest_us, *self._ends(cluster)])
            if until < horizon_us and not self._answers_for_others(cluster):
                self.sights.rest(self._units.get(cluster.number, ()))
                until = horizon_us if self.looked.kept_for(cluster, self.sights) else until
            else:
                until = max(until, horizon_us)
            if until >= horizon_us:
                heapq.heappush(self._ripening, (until, number))
            else:
                yield cluster

    def local(self, cluster: Cluster) -> bool:
        """Whether nothing concerns a cluster but what names it: its units are incidents, and need no anchor."""
        units = self._units.get(cluster.number, ())
        return all(self.stream.plan.rules[n].forbids and not self.reach.anchors[n] for n, _ in units)

    def _answers_for_others(self, cluster: Cluster) -> bool:
        """Whether it holds what is on record about something that is held here and not part of it."""
        held = cluster.number in self.on_record.holding
        return held and not self.on_record.about(cluster) <= self._units.get(cluster.number, set())

    def mentioned(self, cluster: Cluster) -> bool:
        """Whether there is, or may come to be, something on record about what a cluster gives that is not in it."""
        names = (self.on_record.name(outcome) for outcome in self.given(cluster))
        return cluster.number in self.on_record.holding or any(name in self.clusters.by_name for name in names)

    def wanted(self) -> Wanted:
        """What has to be looked for among what was put away, since it was last asked."""
        wanted, self.on_record.wanted = self.on_record.wanted, Wanted()
        return wanted

    def given(self, cluster: Cluster) -> list[Outcome]:
        """What the units of a cluster give."""
        kept = (self.kept.get(unit) for unit in self._units.get(cluster.number, ()))
        return [outcome for one in kept if one is not None for outcome in one.outcomes]

    def taking(self, cluster: Cluster) -> dict[int, Time | None]:
        """The rules that have a unit in a cluster, whether or not it gives anything: what time that hinges on."""
        found: dict[int, Time | None] = {}
        for unit in self._units.get(cluster.number, ()):
            if not self.by_period.shared(unit):
                kept = self.kept.get(unit)
                found[unit[0]] = hull((found.get(unit[0]), None if kept is None else kept.hinge))
        return found

    def periods(self, cluster: Cluster) -> set[tuple[int, str]]:
        """The periods of rules about how much that a cluster concerns."""
        return {period_of(unit) for unit in self._units.get(cluster.number, ()) if self.by_period.shared(unit)}

    def _ends(self, cluster: Cluster) -> Iterator[int]:
        for unit in self._units.get(cluster.number, ()):
            kept = self.kept.get(unit)
            if kept is not None and kept.wake is not None:
                yield kept.wake
            if self.reach.rolling[unit[0]]:
                yield self.by_stretch.until.get(unit) or self.by_stretch.over(unit)

    # ---- what they give ----

    def refresh(self, at_us: int) -> Changed:
        """Bring everything up to date; returns what changed: what a unit gave, and what it gives."""
        changed: Changed = {}
        todo = self._due(at_us)
        todo |= self._wanting | self._anew
        self._anew.clear()
        looked, self._lost = self._lost | dict.fromkeys(self._newly), {}
        todo |= self._lasting(at_us) | self._looked_through(at_us, looked)
        rooms: dict[int, Room] = {}
        self._fetch_what_concerns(todo, at_us, looked, rooms)
        together = self.by_stretch.together((u for u in todo if self._in_blocks(u)), self._sharing)
        todo |= self._concerned(at_us, looked)
        todo = {one for unit in todo for one in (unit, *self._after(unit))}
        for unit in sorted(todo, key=lambda unit: self._rank[unit[0]]):
            if unit[1] != REMAINDER and not self.by_period.silence(unit):
                self._store(unit, self._evaluate(unit, at_us, rooms, together), changed)
        for unit in self.by_period.silences() | {unit for unit in todo if self.by_period.silence(unit)}:
            self._store(unit, self._untold(unit, at_us), changed)
        for number in range(len(self.stream.plan.rules)):
            unit = (number, REMAINDER)
            if self.reach.whole[number] or self.reach.periodic[number] or self.reach.rolling[number]:
                continue
            if self.shown[number]:
                self._store(unit, Kept((), None), changed)
            elif unit in todo or unit not in self.kept or number in looked:
                self._store(unit, self._remainder(number, at_us), changed)
        self._see(todo)
        return changed

    def _in_blocks(self, unit: Unit) -> bool:
        return self.reach.rolling[unit[0]] and self.by_period.shared(unit)

    def _fetch_what_concerns(self, todo: set[Unit], at_us: int, looked: Concerned, rooms: dict[int, Room]) -> None:
        """Have everything here that concerns the periods and blocks that have to be evaluated.

        `todo` takes what hangs together with these blocks. Whether a block is hot is found out as soon as everything is
        here that concerns it; where it is, or was, the hot blocks are evaluated with it that hang together with it.
        """
        asked: set[tuple[int, str]] = set()
        warmed: set[Unit] = set()
        while True:
            lacking = {period_of(unit) for unit in todo if self.by_period.shared(unit)} - asked
            cold = [unit for unit in todo - warmed if self._in_blocks(unit)]
            if lacking:
                asked |= lacking
                if self.fetch(lacking):
                    todo |= self._looked_through(at_us, looked)
            elif cold:
                warmed.update(cold)
                for unit in cold:
                    todo |= self._warmed(unit, at_us, rooms)
            else:
                return

    def _warmed(self, unit: Unit, at_us: int, rooms: dict[int, Room]) -> set[Unit]:
        """Find out whether a block is hot; returns the hot blocks that hang together with it, if it is or was."""
        before = self.by_stretch.is_hot(unit)
        sharing = [self.clusters.by_number[number] for number in self._sharing.get(unit, ())]
        self.by_stretch.warm(unit, self.stream.world(at_us, *self._together(sharing, rooms)))
        if not before and not self.by_stretch.is_hot(unit):
            return set()
        near = {other for cluster in sharing for other in self._units.get(cluster.number, ())}
        return {o for o in near if self._in_blocks(o) and o[0] == unit[0] and self.by_stretch.is_hot(o)}

    def _looked_through(self, at_us: int, looked: Concerned) -> set[Unit]:
        """The units that the clusters concern which have come, or are others than before.

        One that is here again as it was concerns nothing, and mostly no period: what that comes to is known.
        """
        todo: set[Unit] = set()
        for number in self._dirty:
            cluster, known = self.clusters.by_number[number], self._again.get(number, False)
            self.looked.look(cluster, looked, again=number in self._again)
            units = self._units.get(number, set()) | self._found(cluster, at_us)
            todo |= {unit for unit in units if not (known and self.by_period.shared(unit))}
            todo |= self.on_record.changed(cluster, (self.stream.register.facts[i] for i in cluster.facts))
            heapq.heappush(self._ripening, (cluster.latest_us, number))
        self._dirty.clear()
        self._again.clear()
        return todo

    def _lasting(self, at_us: int) -> set[Unit]:
        """The periods that have come, and that what lasts, or lay ahead, concerns."""
        todo: set[Unit] = set()
        while self._coming and self._coming[0][0] <= at_us:
            when, number = heapq.heappop(self._coming)
            if self._more.get(number) == when:
                before = self._units.get(number, set())
                todo |= self._found(self.clusters.by_number[number], at_us) - before
        return todo

    def _due(self, at_us: int) -> set[Unit]:
        """The units that time may have changed."""
        found = set()
        while self._wakes and self._wakes[0][0] <= at_us:
            wake, unit = heapq.heappop(self._wakes)
            kept = self.kept.get(unit)
            if kept is not None and kept.wake == wake:
                found.add(unit)
        return found

    def _found(self, cluster: Cluster, at_us: int) -> set[Unit]:
        """The units of a cluster as its facts are now."""
        found: set[Unit] = set()
        for fact_id in cluster.facts:
            fact, key = self.stream.counting(fact_id), self.stream.key(fact_id)
            if fact is None or not key:
                continue
            numbers = (self._numbers[rule.rule] for rule in self.stream.prohibiting(fact.act))
            own = [(n, key) for n in (*numbers, *self._triggers.get(fact.act, ())) if not self.reach.whole[n]]
            found.update(one for unit in own for one in (unit, *self._after(unit)))
        for unit in self._units.get(cluster.number, set()) - found:
            if self._home.get(unit) is cluster:
                del self._home[unit]
        self._home.update(dict.fromkeys(found, cluster))
        found |= self._found_periods(cluster, at_us)
        self._units[cluster.number] = found
        return found

    def _found_periods(self, cluster: Cluster, at_us: int) -> set[Unit]:
        """The periods that a cluster concerns until now."""
        found: set[Unit] = set()
        ahead: list[int] = []
        for fact_id in cluster.facts:
            periods, more = self.by_period.concerned(self.stream.register.facts[fact_id], at_us)
            found |= periods
            ahead += [] if more is None else [more]
        for unit in filter(self.by_period.shared, self._units.get(cluster.number, set()) - found):
            self._leaves(unit, cluster)
        for unit in found:
            self._sharing.setdefault(unit, set()).add(cluster.number)
        self._more.pop(cluster.number, None)
        if ahead:
            self._more[cluster.number] = min(ahead)
            heapq.heappush(self._coming, (min(ahead), cluster.number))
        return found

    def _after(self, unit: Unit) -> Iterator[Unit]:
        """The units of what a violation in a unit triggers, directly or over others."""
        number, key = unit
        for later in self.reach.after[number] if key != REMAINDER else ():
            rule = self.stream.plan.rules[number].rule
            one = (later, WHOLE if self.reach.whole[later] else f"{rule}:{key}")
            yield one
            yield from self._after(one)

    def _lying_nowhere(self, number: int) -> Iterator[Unit]:
        """The units of what a violation of rules that are evaluated whole triggers, directly or over others."""
        rule = self.stream.plan.rules[number]
        for name in rule.breach.rules if rule.breach is not None and not self.reach.whole[number] else ():
            before = self._numbers[name]
            keys = [WHOLE] if self.reach.whole[before] else [key for _, key in self._lying_nowhere(before)]
            yield from ((number, f"{name}:{key}") for key in keys)

    def _before(self, unit: Unit) -> list[Unit]:
        """The units whose violations trigger what is in a unit."""
        number, key = unit
        needs = self.stream.plan.rules[number].needs
        if not needs or key == REMAINDER:
            return []
        if key == WHOLE:
            return [(self._numbers[rule], WHOLE) for rule in needs]
        rule, _, instance = key.partition(":")
        return [(self._numbers[rule], instance)]

    def hold_anew(self) -> None:
        """Something is set aside for the first time, or nothing is any more: what rests on a silence triggers another.

        So what is triggered by it has to be evaluated again.
        """
        for unit, kept in self.kept.items():
            if self.reach.after[unit[0]] and any(rests_on_silence(outcome) for outcome in kept.outcomes):
                self._anew.update(self._after(unit))

    def _concerned(self, at_us: int, looked: Concerned) -> set[Unit]:
        """The units concerned by facts that their rule looks for everywhere."""
        found: set[Unit] = set()
        for number, rule in enumerate(self.stream.plan.rules):
            if self.reach.whole[number]:
                if number in looked or not self.reach.known[number] or (number, WHOLE) not in self.kept:
                    found.add((number, WHOLE))
            elif self.reach.rolling[number]:
                found.update(self.by_period.silences_of(number) if number in looked else ())
            elif rule.forbids:
                moved = self.looked.moved(number, at_us, again=number in looked)
                if moved:
                    self.stale[number] = None
                if moved is not False:
                    found.update(unit for unit in self.kept if unit[0] == number)
                    found.update(unit for unit in self._home if unit[0] == number)
            elif number in looked:
                units = (*(u for u in self._home if u[0] == number), *self._adrift[number])
                found.update(unit for unit in units if hinges(self.kept.get(unit), looked[number]))
                concern(self.stale, number, looked[number])
        return found

    def _evaluate(self, unit: Unit, at_us: int, rooms: dict[int, Room], together: dict[Unit, list[Unit]]) -> Kept:
        number, key = unit
        rule, instant = self.stream.plan.rules[number], Watched(at_us)
        if self.by_period.shared(unit):
            return self._period(unit, at_us, rooms, together.get(unit, []))
        before = self._before(unit)
        verdicts = {self.stream.plan.rules[n].rule: self._awaited((n, k)) for n, k in before}
        if key == WHOLE:
            world = self.stream.world(instant)
            return self._noted(rule, self.stream.whole(world, rule, verdicts), instant, world.asked)
        home = self._home.get(unit)
        if home is None and unit not in self._adrift[number]:
            return Kept((), None)
        beside = [c for outcomes in verdicts.values() for o in outcomes for c in self.on_record.beside(o)]
        own, denials = self._together([*([] if home is None else [home]), *beside], rooms)
        near = self.looked.near(own)
        world = self.stream.world(instant, near, denials | self.looked.denials if self.looked.denials else denials)
        if rule.forbids:
            outcome = self.stream.incident(world, rule, key)
            return self._noted(rule, [] if outcome is None else [outcome], instant)
        for act, _ in rule.trigger.acts if rule.trigger is not None else ():
            near[act] = {i: fact for i, fact in near[act].items() if self.stream.key(i) == key}
        found = self.stream.others(world, rule, verdicts)
        found = [outcome for outcome in found if outcome.instance != REMAINDER]
        return self._noted(rule, found, instant, world.asked)

    def _period(self, unit: Unit, at_us: int, rooms: dict[int, Room], blocks: list[Unit]) -> Kept:
        """What a rule about how much comes to for one bearer in one period, or in hot blocks that hang together."""
        units = blocks if self._in_blocks(unit) else [unit]
        numbers = sorted({number for one in units for number in self._sharing.get(one, ())})
        sharing = [self.clusters.by_number[number] for number in numbers]
        if not sharing:
            return Kept((), None)
        rule, instant = self.stream.plan.rules[unit[0]], Watched(at_us)
        bearer, _, period = unit[1].rpartition(":")
        world = self.stream.world(instant, *self._together(sharing, rooms))
        if self._in_blocks(unit):
            return self._noted(rule, self.stream.of_episodes(world, rule, bearer), instant)
        return self._noted(rule, self.stream.of_period(world, rule, bearer, period), instant)

    def _untold(self, unit: Unit, at_us: int) -> Kept:
        """What a rule about how much comes to for one bearer where nobody tells anything."""
        rule, instant = self.stream.plan.rules[unit[0]], Watched(at_us)
        if self.reach.rolling[unit[0]]:
            if self.by_period.told.get(unit):
                return Kept((), None)
            world = self.stream.world(instant, self.looked.near({}), self.looked.denials)
            bearer, _, limit = unit[1].rpartition(":")
            return self._noted(rule, self.stream.of_no_episode(world, rule, bearer, limit), instant)
        world = self.stream.world(instant, {}, {})
        found = self.stream.of_no_period(world, rule, unit[1], self.by_period.by_reading(unit))
        return self._noted(rule, found, instant)

    def _noted(self, rule: RulePlan, outcomes: list[Outcome], instant: Watched, asked: Iterable[Asked] = ()) -> Kept:
        """Outcomes with what is on record about them, until when that holds, and of when it was asked who watched."""
        found = []
        for outcome in outcomes:
            beside = self.on_record.beside(outcome)
            if not beside:
                found.append(outcome)
                continue
            near, denials = self._together(beside, {})
            found += self.stream.filed(self.stream.world(instant, near, denials), rule, [outcome])
        return noted(found, instant, asked)

    def _awaited(self, unit: Unit) -> list[Outcome]:
        """What a unit gives, as what its violation triggers waits for it."""
        kept = self.kept.get(unit)
        return [] if kept is None else self.stream.awaited(kept.outcomes)

    def _together(self, clusters: list[Cluster], rooms: dict[int, Room]) -> Room:
        """The facts of several clusters; `rooms` has those that were looked through before."""
        several = {cluster.number: cluster for cluster in clusters}
        for number in several.keys() - rooms.keys():
            rooms[number] = self._room(several[number])
        if len(several) == 1:
            return rooms[next(iter(several))]
        near: dict[str, dict[str, Fact]] = {}
        denials: dict[str, Fact] = {}
        for own, denied in (rooms[number] for number in several):
            denials |= denied
            for act, facts in own.items():
                near.setdefault(act, {}).update(facts)
        return near, denials

    def _room(self, cluster: Cluster) -> Room:
        """The facts of a cluster that count, by act, and the denials among them."""
        own: dict[str, dict[str, Fact]] = {}
        denials: dict[str, Fact] = {}
        for fact_id in cluster.facts:
            fact = self.stream.counting(fact_id)
            if fact is None:
                continue
            own.setdefault(fact.act, {})[fact_id] = fact
            if fact.denies:  # one record may report something and deny something else
                denials[fact_id] = fact
        return own, denials

    def _remainder(self, number: int, at_us: int) -> Kept:
        rule, instant = self.stream.plan.rules[number], Watched(at_us)
        near = self.looked.near({})
        world = self.stream.world(instant, near, self.looked.denials)
        if rule.forbids:
            return self._noted(rule, [self.stream.remainder(world, rule)], instant)
        near.update({act: {} for act, _ in rule.trigger.acts} if rule.trigger is not None else {})
        return self._noted(rule, self.stream.others(world, rule), instant)

    def _store(self, unit: Unit, kept: Kept, changed: Changed) -> None:
        number, key = unit
        before = self.kept.pop(unit, Kept((), None)).outcomes
        if self.by_period.shared(unit):
            self.by_period.note(unit, kept.outcomes)
        elif key not in {WHOLE, REMAINDER}:
            self.shown[number] += self._shows(number, kept.outcomes) - self._shows(number, before)
        self.on_record.note(unit, before, kept.outcomes, self._home.get(unit))
        if kept.outcomes or kept.wake is not None:
            self.kept[unit] = kept
        if kept.wake is not None:
            heapq.heappush(self._wakes, (kept.wake, unit))
        if before != kept.outcomes:
            changed[unit] = (before, kept.outcomes)

    def _shows(self, number: int, outcomes: tuple[Outcome, ...]) -> bool:
        """Whether a unit leaves no remainder of its rule."""
        forbids = self.stream.plan.rules[number].forbids
        return any(o.verdict is not Verdict.NOT_APPLICABLE or not forbids for o in outcomes)

    def _see(self, evaluated: set[Unit]) -> None:
        """Work out which rules need to know who was watching, and of when."""
        looked, rules = self.looked, enumerate(self.stream.plan.rules)
        needy = frozenset(
            n for n, r in rules if n in looked.watched and not looked.passing(n) and not (r.forbids and self.shown[n])
        )
        self._newly = needy - looked.needy if self.sights.seen_us > AT_ALL else frozenset()
        self.sights.missed += [(AT_ALL, EVER)] * bool(self._newly)
        self._wanting = self.sights.ask_all({n for n in looked.watched if looked.passing(n)}, evaluated, self.kept)
        if looked.needy - needy:
            for fact_id in (i for act in SIGHT for i in looked.everywhere.get(act, ())):
                cluster = self.clusters.by_name[fact_id]
                heapq.heappush(self._ripening, (cluster.latest_us, cluster.number))
        looked.needy = needy
