"""The outcomes as they stand, kept up to date: only what new facts or the passing of time concern is evaluated again.

What is evaluated by itself is a unit: one incident under a prohibition, one trigger of a duty, the remainder of a rule,
or a whole rule where it has no such parts. A unit depends on its cluster and on what its rule looks for everywhere
(`servanda.stream.reach`), and holds until an instant that is measured while it is evaluated
(`servanda.stream.instant`).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from servanda.locate.facts import DENIED, TALLY, WATCH, Fact
from servanda.outcomes import Outcome, Verdict
from servanda.stream.clusters import Cluster, Clusters
from servanda.stream.instant import Watched
from servanda.stream.interpreter import Stream
from servanda.stream.reach import Reach
from servanda.stream.timing import Binding, binding

Unit = tuple[int, str]
"""The number of a rule among the plan's, and what an instance of it is called after, or one of these."""
WHOLE, REMAINDER = "", "remainder"
SIGHT = (WATCH, DENIED, TALLY)
"""The acts that say what could be seen, and what unsettles it."""

_AT_ONCE = -(2**63)

Changed = dict[Unit, tuple[tuple[Outcome, ...], tuple[Outcome, ...]]]
"""What units gave, and what they give now."""
Room = tuple[dict[str, dict[str, Fact]], dict[str, Fact]]
"""The facts of a cluster by act, and the denials among them."""


@dataclass(frozen=True)
class Kept:
    """What a unit gives, and the next instant at which time alone may change it."""

    outcomes: tuple[Outcome, ...]
    wake: int | None


class Near(dict[str, dict[str, Fact]]):
    """The facts that concern one unit, by act, put together when they are asked for."""

    def __init__(self, everywhere: dict[str, dict[str, Fact]], own: dict[str, dict[str, Fact]]) -> None:
        """Those looked for everywhere, and those of its cluster."""
        super().__init__()
        self._parts = (everywhere, own)

    def __missing__(self, act: str) -> dict[str, Fact]:
        """The facts of an act."""
        everywhere, own = self._parts
        self[act] = everywhere.get(act, {}) | own.get(act, {})
        return self[act]

    def get(self, act: str, default: object = None) -> dict[str, Fact]:  # noqa: ARG002
        """The facts of an act; there may be none."""
        return self[act]


class Current:
    """What every unit gives at one instant, for facts in any order.

    Attributes:
        stream: The facts that are held here.
        clusters: How they hang together.
        kept: What each unit gives that is held here.
        shown: For each rule, how many of its units, held here or put away, leave no remainder.
        watched: The rules for which someone was ever known to watch.
        stale: The rules of which what was put away has to be evaluated again, each with an instant: only what was still
            open then; None for all of it.
        missed: Whether a rule needs again what was seen by those who watch, some of which may have been put away.
    """

    def __init__(self, stream: Stream, actors: Iterable[str]) -> None:
        """Keep what a stream holds up to date; `actors` are all who may act."""
        self.stream, self.clusters, self.reach = stream, Clusters(), Reach(stream.plan)
        self.kept: dict[Unit, Kept] = {}
        self.shown = [0] * len(stream.plan.rules)
        self.watched: set[int] = set()
        self.stale: dict[int, int | None] = {}
        self.missed = False
        self._actors = tuple(actors)
        self._dirty: set[int] = set()
        self._units: dict[int, set[Unit]] = {}
        self._home: dict[Unit, Cluster] = {}
        self._looking: dict[str, frozenset[int]] = {}
        self._everywhere: dict[str, dict[str, Fact]] = {}
        self._denials: dict[str, Fact] = {}
        self._contexts: dict[int, tuple[tuple[Binding, ...], int | None]] = {}
        self._wakes: list[tuple[int, Unit]] = []
        self._ripening: list[tuple[int, int]] = []
        self._needy: frozenset[int] = frozenset()
        self._triggers: dict[str, list[int]] = {}
        self._numbers = {rule.rule: n for n, rule in enumerate(stream.plan.rules)}
        for number, rule in enumerate(stream.plan.rules):
            if self.reach.triggered(number) and rule.trigger is not None:
                for act, _ in rule.trigger.acts:
                    self._triggers.setdefault(act, []).append(number)
        self._lost: dict[int, int | None] = {}

    # ---- facts come and go ----

    def add(self, fact: Fact) -> None:
        """Take in a fact."""
        self.stream.add(fact)
        cluster, absorbed = self.clusters.add(fact, fact.latest_us)
        for other in absorbed:
            self._units.setdefault(cluster.number, set()).update(self._units.pop(other.number, ()))
            self._dirty.discard(other.number)
        self._dirty.add(cluster.number)

    def remove(self, fact_id: str) -> None:
        """Take out a fact whose id turned out to stand for two contents."""
        rules = self._unlook(fact_id)
        self._concern(fact_id, rules, self._lost)
        self.stream.remove(fact_id)
        cluster = self.clusters.by_name[fact_id]
        cluster.facts.discard(fact_id)
        self._dirty.add(cluster.number)

    def load(self, cluster: Cluster, kept: Iterable[tuple[Unit, tuple[Outcome, ...]]]) -> None:
        """Take in what the units of a cluster gave when it was put away, or saved; they are evaluated again."""
        for unit, outcomes in kept:
            self.give(unit, outcomes)
            self._units.setdefault(cluster.number, set()).add(unit)
        self._dirty.add(cluster.number)

    def give(self, unit: Unit, outcomes: tuple[Outcome, ...]) -> None:
        """Take in what a unit gave; it is evaluated again at once."""
        self.kept[unit] = Kept(outcomes, _AT_ONCE)
        heapq.heappush(self._wakes, (_AT_ONCE, unit))

    def note(self) -> dict[str, Any]:
        """What is known besides facts and outcomes, as JSON values."""
        return {
            "rules": [rule.rule for rule in self.stream.plan.rules],
            "shown": self.shown,
            "watched": sorted(self.watched),
            "needy": sorted(self._needy),
            "last": self.clusters.last,
        }

    def resume(self, note: dict[str, Any]) -> None:
        """Go on from what was noted, before the facts are taken in and what the units gave."""
        self.shown = list(note["shown"])
        self.watched = set(note["watched"])
        self._needy = frozenset(note["needy"])
        self.clusters.last = note["last"]

    def release(self, cluster: Cluster) -> list[tuple[Unit, tuple[Outcome, ...]]]:
        """Let go of a cluster; returns what its units gave."""
        units = sorted(self._units.pop(cluster.number, ()))
        gave = [(unit, self.kept.pop(unit).outcomes) for unit in units if unit in self.kept]
        for unit in units:
            self._home.pop(unit, None)
        for fact_id in cluster.facts:
            self._unlook(fact_id)
        self.stream.forget(cluster.facts)
        self.clusters.drop(cluster)
        return gave

    # ---- what may be put away ----

    def ripe(self, horizon_us: int) -> Iterator[Cluster]:
        """The clusters that lie before an instant and that time alone changes no more."""
        while self._ripening and self._ripening[0][0] < horizon_us:
            _, number = heapq.heappop(self._ripening)
            cluster = self.clusters.by_number.get(number)
            if cluster is None or number in self._dirty or self._pinned(cluster):
                continue
            until = max([cluster.latest_us, *self._ends(cluster)])
            if until >= horizon_us:
                heapq.heappush(self._ripening, (until, number))
            else:
                yield cluster

    def local(self, cluster: Cluster) -> bool:
        """Whether nothing concerns a cluster but what names it: its units are incidents, and need no anchor."""
        units = self._units.get(cluster.number, ())
        return all(self.stream.plan.rules[n].forbids and not self.reach.anchors[n] for n, _ in units)

    def given(self, cluster: Cluster) -> list[Outcome]:
        """What the units of a cluster give."""
        kept = (self.kept.get(unit) for unit in self._units.get(cluster.number, ()))
        return [outcome for one in kept if one is not None for outcome in one.outcomes]

    def taking(self, cluster: Cluster) -> set[Unit]:
        """The units of a cluster, whether or not they give anything."""
        return set(self._units.get(cluster.number, ()))

    def sought(self, cluster: Cluster) -> bool:
        """Whether some rule looks for one of its facts, were it only under other circumstances."""
        return any(self._looking.get(fact_id) for fact_id in cluster.facts)

    def _ends(self, cluster: Cluster) -> Iterator[int]:
        for unit in self._units.get(cluster.number, ()):
            kept = self.kept.get(unit)
            if kept is not None and kept.wake is not None:
                yield kept.wake

    def _pinned(self, cluster: Cluster) -> bool:
        """Whether some rule looks for one of its facts, or nobody can say whether they count."""
        return self.stream.register.circling(cluster.facts) or any(self._needs(fact_id) for fact_id in cluster.facts)

    def _needs(self, fact_id: str) -> bool:
        looking = self._looking.get(fact_id)
        if not looking:
            return False
        fact = self.stream.counting(fact_id)
        return fact is None or fact.act not in SIGHT or not looking.isdisjoint(self._needy)

    # ---- what they give ----

    def refresh(self, at_us: int) -> Changed:
        """Bring everything up to date; returns what changed: what a unit gave, and what it gives."""
        changed: Changed = {}
        todo = self._due(at_us)
        looked, self._lost = self._lost, {}
        for number in self._dirty:
            cluster = self.clusters.by_number[number]
            self._look(cluster, looked)
            todo |= self._units.get(number, set()) | self._found(cluster)
            heapq.heappush(self._ripening, (cluster.latest_us, number))
        self._dirty.clear()
        todo |= self._concerned(at_us, looked)
        rooms: dict[int, Room] = {}
        for unit in todo:
            if unit[1] != REMAINDER:
                self._store(unit, self._evaluate(unit, at_us, rooms), changed)
        for number in range(len(self.stream.plan.rules)):
            unit = (number, REMAINDER)
            if self.reach.whole[number]:
                continue
            if self.shown[number]:
                self._store(unit, Kept((), None), changed)
            elif unit in todo or unit not in self.kept or number in looked:
                self._store(unit, self._remainder(number, at_us), changed)
        self._see()
        return changed

    def _due(self, at_us: int) -> set[Unit]:
        """The units that time may have changed."""
        found = set()
        while self._wakes and self._wakes[0][0] <= at_us:
            wake, unit = heapq.heappop(self._wakes)
            kept = self.kept.get(unit)
            if kept is not None and kept.wake == wake:
                found.add(unit)
        return found

    def _look(self, cluster: Cluster, looked: dict[int, int | None]) -> None:
        """Note which facts of a cluster some rule looks for, or looked for, and by which rules."""
        seen = False
        sought = self._sought(cluster)
        for fact_id in cluster.facts:
            before = self._unlook(fact_id)
            fact = self.stream.counting(fact_id)
            after = sought.get(fact_id, frozenset())
            if fact is not None and after:
                self._looking[fact_id] = after
                self._everywhere.setdefault(fact.act, {})[fact_id] = fact
                if fact.act == WATCH:
                    self.watched |= after
            if before or after:
                seen = True
                self._concern(fact_id, before | after, looked)
        for fact_id in cluster.facts if seen else ():
            fact = self.stream.counting(fact_id)
            if fact is not None and fact.denies:
                self._denials[fact_id] = fact

    def _sought(self, cluster: Cluster) -> dict[str, frozenset[int]]:
        """Which rules look for each fact of a cluster: for it, or for what it may oppose."""
        events: dict[tuple[str, str], frozenset[int]] = {}
        keys: dict[str, tuple[str, str]] = {}
        for fact_id in cluster.facts:
            fact = self.stream.counting(fact_id)
            if fact is None or fact.denies:
                continue
            keys[fact_id] = event = (self.stream.key(fact_id), fact.act)
            events[event] = events.get(event, frozenset()) | self.reach.looking(fact)
        return {fact_id: events[event] for fact_id, event in keys.items()}

    def _concern(self, fact_id: str, rules: frozenset[int], looked: dict[int, int | None]) -> None:
        """Note that these rules have to be looked at again, from when on."""
        fact = self.stream.register.facts[fact_id]
        for rule in rules:
            if fact.act not in SIGHT:
                looked[rule] = None
            elif rule in self.watched:
                known = looked.get(rule, fact.earliest_us)
                looked[rule] = None if known is None else min(known, fact.earliest_us)

    def _unlook(self, fact_id: str) -> frozenset[int]:
        """Let go of a fact that some rule looked for."""
        self._denials.pop(fact_id, None)
        rules = self._looking.pop(fact_id, frozenset())
        if rules:
            act = self.stream.register.facts[fact_id].act
            self._everywhere[act].pop(fact_id, None)
        return rules

    def _found(self, cluster: Cluster) -> set[Unit]:
        """The units of a cluster as its facts are now."""
        found: set[Unit] = set()
        for fact_id in cluster.facts:
            fact, key = self.stream.counting(fact_id), self.stream.key(fact_id)
            if fact is None or not key:
                continue
            numbers = (self._numbers[rule.rule] for rule in self.stream.prohibiting(fact.act))
            found.update((n, key) for n in (*numbers, *self._triggers.get(fact.act, ())) if not self.reach.whole[n])
        for unit in self._units.get(cluster.number, set()) - found:
            if self._home.get(unit) is cluster:
                del self._home[unit]
        self._home.update(dict.fromkeys(found, cluster))
        self._units[cluster.number] = found
        return found

    def _concerned(self, at_us: int, looked: dict[int, int | None]) -> set[Unit]:
        """The units concerned by facts that their rule looks for everywhere."""
        found: set[Unit] = set()
        for number, rule in enumerate(self.stream.plan.rules):
            since = looked.get(number)
            if self.reach.whole[number]:
                if number in looked or not self.reach.known[number] or (number, WHOLE) not in self.kept:
                    found.add((number, WHOLE))
            elif rule.forbids:
                if self._moved(number, at_us, again=number in looked):
                    found.update(unit for unit in self.kept if unit[0] == number)
                    found.update(unit for unit in self._home if unit[0] == number)
            elif number in looked:
                found.update(unit for unit in self._home if unit[0] == number and self._open(unit, since))
                known = self.stale.get(number, since)
                self.stale[number] = None if since is None or known is None else min(known, since)
        return found

    def _moved(self, number: int, at_us: int, *, again: bool) -> bool:
        """Whether the spans of a prohibition, or of its exceptions, are others than before."""
        if not self.reach.anchors[number]:
            return False
        known, wake = self._contexts.get(number, (None, None))
        if known is not None and not again and (wake is None or at_us < wake):
            return False
        instant = Watched(at_us)
        clock = self.stream.world(instant, Near(self._everywhere, {})).clock(self.stream.plan.rules[number])
        spans = tuple(binding(clock, span, actor) for span in self.reach.spans[number] for actor in self._actors)
        instant.note(spans)
        self._contexts[number] = (spans, instant.wake)
        if known is not None and known != spans:
            self.stale[number] = None
        return known != spans

    def _open(self, unit: Unit, since: int | None) -> bool:
        """Whether a duty was not yet over at an instant."""
        kept = self.kept.get(unit)
        return since is None or kept is None or (until := due(kept.outcomes)) is None or until > since

    def _evaluate(self, unit: Unit, at_us: int, rooms: dict[int, Room]) -> Kept:
        number, key = unit
        rule, instant = self.stream.plan.rules[number], Watched(at_us)
        if key == WHOLE:
            return _noted(self.stream.whole(self.stream.world(instant), rule), instant)
        cluster = self._home.get(unit)
        if cluster is None:
            return Kept((), None)
        if cluster.number not in rooms:
            rooms[cluster.number] = self._room(cluster)
        own, denials = rooms[cluster.number]
        near = Near(self._everywhere, own)
        world = self.stream.world(instant, near, denials | self._denials if self._denials else denials)
        if rule.forbids:
            outcome = self.stream.incident(world, rule, key)
            return _noted([] if outcome is None else [outcome], instant)
        for act, _ in rule.trigger.acts if rule.trigger is not None else ():
            near[act] = {i: fact for i, fact in near[act].items() if self.stream.key(i) == key}
        found = self.stream.others(world, rule)
        return _noted([outcome for outcome in found if outcome.instance != REMAINDER], instant)

    def _room(self, cluster: Cluster) -> Room:
        """The facts of a cluster that count, by act, and the denials among them."""
        own: dict[str, dict[str, Fact]] = {}
        denials: dict[str, Fact] = {}
        for fact_id in cluster.facts:
            fact = self.stream.counting(fact_id)
            if fact is not None and fact.denies:
                denials[fact_id] = fact
            elif fact is not None:
                own.setdefault(fact.act, {})[fact_id] = fact
        return own, denials

    def _remainder(self, number: int, at_us: int) -> Kept:
        rule, instant = self.stream.plan.rules[number], Watched(at_us)
        near = Near(self._everywhere, {})
        world = self.stream.world(instant, near, self._denials)
        if rule.forbids:
            return _noted([self.stream.remainder(world, rule)], instant)
        near.update({act: {} for act, _ in rule.trigger.acts} if rule.trigger is not None else {})
        return _noted(self.stream.others(world, rule), instant)

    def _store(self, unit: Unit, kept: Kept, changed: Changed) -> None:
        number, key = unit
        before = self.kept.pop(unit, Kept((), None)).outcomes
        if key not in {WHOLE, REMAINDER}:
            self.shown[number] += self._shows(number, kept.outcomes) - self._shows(number, before)
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

    def _see(self) -> None:
        """Work out which rules need to know who was watching."""
        rules = enumerate(self.stream.plan.rules)
        needy = frozenset(n for n, r in rules if n in self.watched and not (r.forbids and self.shown[n]))
        if needy - self._needy:
            self.missed = True
        if self._needy - needy:
            for fact_id in (i for act in SIGHT for i in self._everywhere.get(act, ())):
                cluster = self.clusters.by_name[fact_id]
                heapq.heappush(self._ripening, (cluster.latest_us, cluster.number))
        self._needy = needy


def due(outcomes: Iterable[Outcome]) -> int | None:
    """The latest instant at which duties were due; None where one has no such instant."""
    ends = [None if o.deadline is None else o.deadline.latest_us for o in outcomes]
    return None if None in ends else max((e for e in ends if e is not None), default=None)


def _noted(outcomes: list[Outcome], instant: Watched) -> Kept:
    instant.note(outcomes)
    return Kept(tuple(outcomes), instant.wake)
