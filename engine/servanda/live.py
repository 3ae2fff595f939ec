"""A run that goes on: what it takes in is kept up to date, put away when it is over, taken back when it is named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from servanda.archive import Archive, Case, Put, Record
from servanda.aside import rests_on_silence
from servanda.locate import Located
from servanda.locate.facts import GROUP
from servanda.observations import Observation, Observations, Origin, Rejection
from servanda.outcomes import Outcome, finding_id
from servanda.session import Session
from servanda.stream.clusters import Cluster, names_of
from servanda.stream.current import Current
from servanda.stream.looked import SIGHT
from servanda.stream.unit import REMAINDER, WHOLE, Changed, Unit
from servanda.told import Told, as_written, packed, unpacked, written

if TYPE_CHECKING:
    from servanda.findings.model import Finding
    from servanda.locate.facts import Fact

REFUSED = "O170"
"""The code under which what comes too late is refused."""
_CONCERNS = "it concerns {name}, which lies too far back to be repaired without an archive"
Order = tuple[int, int, str, str]
"""Where a finding stands among all: its rule, whether it is a remainder, its bearer, its instance."""


@dataclass
class Counts:
    """What became of everything that was given to a monitor.

    Attributes:
        read: Records and rows met.
        used: Of those that were taken in, how many are evidence in a current finding.
        unused: How many are not: tested and no breach, of no rule, still ahead, corrected, taken back.
        again: The same record again, a blank line, or what a mapping leaves out.
        set_aside: What could not be used; `Monitor.rejected` names it.
        refused: What came later than the declared lateness allows; `Monitor.refused` names it.
    """

    read: int = 0
    used: int = 0
    unused: int = 0
    again: int = 0
    set_aside: int = 0
    refused: int = 0


@dataclass
class Live(Session):
    """A session that goes on.

    Attributes:
        archive: What was put away; None where everything stays in memory.
        lateness_us: How far back the memory reaches; None where everything stays in memory.
        at_us: The instant last advanced to.
        told: What was said of each instance that is held in memory.
        counts: What became of everything; `used` and `unused` are counted when they are asked for.
    """

    archive: Archive | None = None
    lateness_us: int | None = None
    at_us: int | None = None
    told: dict[str, Told] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    ahead: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Begin with nothing seen."""
        super().__post_init__()
        self.current = Current(self.stream, [a.name for a in self.engine.agreement.actors])
        self.current.fetch = self.recall_periods

    @property
    def horizon_us(self) -> int | None:
        """The instant before which what is over is put away."""
        return None if self.at_us is None or self.lateness_us is None else self.at_us - self.lateness_us

    # ---- taking in ----

    def _enter(self, fact: Fact) -> None:
        self.current.add(fact)
        if self.at_us is None or fact.latest_us > self.at_us:
            self.ahead.add(fact.id)

    def _leave(self, name: str) -> None:
        self.current.remove(name)

    def _take(self, observation: Observation, origin: Origin | None) -> None:
        if self._known_again(observation):
            self.counts.again += 1
            return
        reason = self._too_late(observation)
        if reason:
            self._refuse(observation.id, origin, reason)
            return
        self.recall_named(names_of(observation))
        name = observation.id
        known = name in self.located
        super()._take(observation, origin)
        if name in self.located:
            self.counts.again += known
        else:
            self.counts.set_aside += 1

    def take_reading(self, reading: Observations) -> None:
        """Take in what was read from files; what was set aside under a name that is forgotten is refused."""
        self.counts.again += sum(reading.ignored.values())
        if self.archive is not None and not self.archive.content:
            lost = {name for name, contents in reading.claims.items() if len(contents) > 1 and self._forgotten(name)}
            for one in reading.rejected:
                if one.id in lost and one.code == "O110":
                    self._refuse(one.id or "", Origin(one.file, one.line or 0), _CONCERNS.format(name=one.id))
            kept = tuple(r for r in reading.rejected if r.id not in lost or r.code != "O110")
            claims = {name: contents for name, contents in reading.claims.items() if name not in lost}
            reading = replace(reading, rejected=kept, claims=claims)
        self.counts.set_aside += reading.rejected_rows
        super().take_reading(reading)

    def _withdraw(self, name: str) -> None:
        self.recall_named({name})
        self.counts.set_aside += name in self.located
        self.ahead.discard(name)
        super()._withdraw(name)

    def _forgotten(self, name: str) -> bool:
        """Whether something goes by a name of which only the name was kept."""
        return self.archive is not None and not self.archive.content and bool(self.archive.naming({name}))

    def _known_again(self, observation: Observation) -> bool:
        """Whether it is a record of which only the name was kept, once more."""
        if self.archive is None or self.archive.content:
            return False
        known = self.archive.record(observation.id)
        return known is not None and known.digest == observation.digest()

    def _too_late(self, observation: Observation) -> str:
        """Why a record cannot be taken in any more; empty where it can."""
        if self.archive is None or self.archive.content or self.horizon_us is None:
            return ""
        named = self.archive.naming(names_of(observation))
        if named:
            return _CONCERNS.format(name=min(named.values()))
        if observation.id in self.contents:
            return ""
        try:
            latest = observation.when(self.engine.agreement.time_zone).latest_us
        except ValueError:
            return ""
        if latest is not None and latest < self.horizon_us:
            return "it lies further back than the declared lateness, and there is no archive to repair from"
        return ""

    def _refuse(self, name: str, origin: Origin | None, reason: str) -> None:
        file, line = (origin.file, origin.line) if origin else ("<records>", None)
        advice = "give the monitor an archive file, or a longer lateness"
        self.rejected.append(Rejection(file, line, "at", REFUSED, reason, advice, None, name))
        self.counts.refused += 1

    # ---- taking back ----

    def recall_named(self, names: set[str]) -> None:
        """Take back whatever goes by one of these names."""
        if self.archive is not None and self.archive.content:
            for number in self.archive.naming(names):
                self._back(self.archive.take(number))

    def recall(self, numbers: Iterable[int], *, periods: bool = False) -> None:
        """Take clusters back from the archive as they were; `periods` says whether what they come to there is known."""
        before = self.current.clusters.last
        for number in numbers if self.archive is not None else ():
            self._back(self.archive.take(number))  # type: ignore[union-attr]
        self.current.know_again(range(before + 1, self.current.clusters.last + 1), periods=periods)

    def recall_periods(self, periods: set[tuple[int, str]]) -> bool:
        """Take back what was put away and concerns some periods of rules about how much; whether anything does."""
        if self.archive is None or not self.archive.content:
            return False
        numbers = sorted(self.archive.within(periods))
        self.recall(numbers, periods=True)
        return bool(numbers)

    def see_again(self) -> None:
        """Take back what was put away of what could be seen at the times of which some unit asks that."""
        times = self.current.sights.recalled()
        if self.archive is not None and self.archive.content:
            numbers = {number for since, until in times for number in self.archive.sight(since, until)}
            self.recall(sorted(numbers), periods=True)

    def _back(self, case: Case) -> None:
        cluster: Cluster | None = None
        for record in case.records:
            observation = Observation.model_validate(unpacked(record.content))
            self.enter(observation, record.digest, Origin(record.file, record.line or 0) if record.file else None)
            cluster = self.current.clusters.by_name[record.id]
        units: dict[Unit, tuple[Outcome, ...]] = {}
        for put in case.findings:
            unit = (put.rule, put.unit)
            units[unit] = (*units.get(unit, ()), *as_written(put.outcome))
            self.told[put.id] = put.told
        if cluster is not None:
            self.current.load(cluster, units.items(), case.periods)

    def recall_on_record(self) -> bool:
        """Take back what hangs together by what is on record of findings or was done about them, if anything did."""
        wanted = self.current.wanted()
        if self.archive is None or not self.archive.content:
            return False
        numbers = {*self.archive.naming(wanted.names), *self.archive.citing(wanted.evidence)}
        self.recall(sorted(numbers))
        return bool(numbers)

    def enter(self, observation: Observation, digest: str, origin: Origin | None) -> None:
        """Take in a record that was taken in before."""
        self.located[observation.id] = self.settled(observation)
        self.contents[observation.id] = digest
        if origin is not None:
            self.origins[observation.id] = origin
        self._enter(self.located[observation.id].fact)

    def settled(self, observation: Observation) -> Located:
        """A record settled once more.

        Raises:
            TypeError: It cannot be, though it could before.
        """
        found = self.engine.locator.locate(observation)
        if isinstance(found, list):
            msg = f"{observation.id} was settled before and cannot be settled again: {found[0].message}"
            raise TypeError(msg)
        return found

    # ---- putting away ----

    def put_away(self) -> None:
        """Put away what is over and lies further back than the declared lateness."""
        if self.archive is None or self.horizon_us is None:
            return
        for cluster in self.current.ripe(self.horizon_us):
            if self.archive.content or self._for_good(cluster):
                self._put(cluster, self.archive)

    def _for_good(self, cluster: Cluster) -> bool:
        """Whether nothing that is not too late can change what was found, nor what was set aside."""
        silent = any(rests_on_silence(outcome) for outcome in self.current.given(cluster))
        mentioned = self.current.mentioned(cluster)
        return self.current.local(cluster) and not self.current.looked.sought(cluster) and not silent and not mentioned

    def _put(self, cluster: Cluster, archive: Archive) -> None:
        facts = sorted(cluster.facts)
        taken, periods = self.current.taking(cluster), frozenset(self.current.periods(cluster))
        gave = self.current.release(cluster)
        outcomes = dict(gave)
        evidence = {name for given in outcomes.values() for o in given for name in o.observations}
        seen = [f for n in facts if (f := self.located[n].fact).act in SIGHT]
        sight = (min(f.earliest_us for f in seen), max(f.latest_us for f in seen)) if seen else None
        records = []
        for name in facts:
            origin = self.origins.pop(name, Origin("", 0))
            content = packed(self.located.pop(name).observation.to_record())
            records.append(
                Record(name, self.contents.pop(name), origin.file, origin.line or None, content, name in evidence)
            )
            self.ahead.discard(name)
        findings = tuple(
            Put(name, unit[0], *order(unit, o)[2:], unit[1], written((o,)), self.told.pop(name), rests_on_silence(o))
            for unit, given in outcomes.items()
            for o in given
            for name in (self.name(o),)
        )
        names, cites = frozenset(cluster.names), frozenset(evidence.difference(facts))
        archive.put(Case(cluster.number, tuple(records), names, tuple(taken.items()), findings, sight, cites, periods))

    def name(self, outcome: Outcome) -> str:
        """The id of the finding that an outcome becomes."""
        return finding_id(self.engine.agreement.name, outcome.rule, outcome.instance)

    # ---- what counts ----

    def findings(
        self, outcomes: tuple[Outcome, ...], at_us: int, known_at_us: int | None = None
    ) -> tuple[Finding, ...]:
        """Outcomes put into words; what they rest on may have been put away."""
        return self.engine.builder.findings(outcomes, Everywhere(self), at_us, known_at_us)

    def left(self, name: str) -> int:
        """How often a finding was told that was withdrawn."""
        return self.gone.get(name, 0) if self.archive is None or not self.archive.content else self.archive.left(name)

    def leave(self, name: str, revision: int) -> None:
        """Note how often a finding was told that is no more."""
        if self.archive is None or not self.archive.content:
            self.gone[name] = revision
        else:
            self.archive.leave(name, revision)

    def refresh(self, at_us: int) -> Changed:
        """Bring everything up to date, beside what was set aside; returns what changed."""
        self.stream.doubt = str(self.aside())
        return self.current.refresh(at_us)

    def latest_us(self) -> int | None:
        """The latest instant in the records that count, as far as it lies ahead of the clock; else the clock."""
        facts, now = self.stream.register.facts, self.at_us
        self.ahead = {name for name in self.ahead if now is None or facts[name].latest_us > now}
        moving = (n for n in self.ahead if facts[n].act != GROUP and not self.stream.standing(n))
        return max((facts[name].latest_us for name in moving), default=now)

    def counted(self) -> Counts:
        """What became of everything."""
        evidence = {name for kept in self.current.kept.values() for o in kept.outcomes for name in o.observations}
        every, used = len(self.located), 0
        if self.archive is not None:
            away, used = self.archive.counts()
            every, evidence = every + away, evidence | self.archive.cited()
            used += self.archive.unused(evidence - self.located.keys())
        used += len(evidence & self.located.keys())
        return replace(self.counts, used=used, unused=every - used)


class Everywhere(Mapping[str, Located]):
    """Every observation, those in the archive settled again when they are asked for."""

    def __init__(self, live: Live) -> None:
        """Those of a run that goes on."""
        self._live = live

    def __getitem__(self, name: str) -> Located:
        """An observation by its id."""
        found = self._live.located.get(name)
        if found is not None:
            return found
        record = None if self._live.archive is None else self._live.archive.record(name)
        if record is None or not record.content:
            raise KeyError(name)
        return self._live.settled(Observation.model_validate(unpacked(record.content)))

    def __iter__(self) -> Iterator[str]:
        """Those that are held in memory."""
        return iter(self._live.located)

    def __len__(self) -> int:
        """How many are held in memory."""
        return len(self._live.located)


def order(unit: Unit, outcome: Outcome, place: int = 0) -> Order:
    """Where a finding stands among all, as a check has them."""
    number, key = unit
    if key == WHOLE:
        return number, 0, "", f"{place:09}"
    if key == REMAINDER:
        return number, 1, "", ""
    if outcome.origin is not None or outcome.amounts:
        return number, 0, "", outcome.instance
    bearer = outcome.bearer if outcome.bearer is not None and outcome.instance != key else ""
    return number, 0, bearer, key
