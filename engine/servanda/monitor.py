"""`servanda.Monitor`: the same answer as `check`, live."""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from servanda import moments
from servanda.archive import Archive, StateError
from servanda.aside import rests_on_silence
from servanda.engine import Engine, load
from servanda.findings.model import Finding
from servanda.live import REFUSED, Counts, Everywhere, Live, Order, order
from servanda.observations import Observation, Observations, Origin, Rejection, read
from servanda.observations.problems import Flaw
from servanda.observations.problems import locate as at_place
from servanda.outcomes import Outcome
from servanda.saved import restored, save
from servanda.session import instant_us
from servanda.stream.unit import Changed
from servanda.told import Told, as_written

if TYPE_CHECKING:
    from servanda_dsl.model import Agreement

_BATCH = 200
"""How many clusters are taken back from the archive at once, where very many have to be looked at again."""
_UNITS = {"minute": 60, "hour": 3600, "day": 86400, "week": 7 * 86400}


@dataclass(frozen=True)
class Change:
    """One finding opened, revised or withdrawn."""

    kind: Literal["opened", "revised", "withdrawn"]
    finding: Finding


class Monitor:
    """Watches one agreement.

    `observe` takes anything, early or late, in any order, and never moves the clock; `advance` moves it. At any time
    the current findings are those that `check(at=…)` gives for all that was observed and the instant last advanced to.

    What is over and lies further back than the lateness is put away: into the archive file, from which it is taken back
    as soon as something concerns it; or, without one, for good, and then what comes later than that is refused by name.
    """

    def __init__(
        self,
        agreement: str | Path | Agreement,
        archive: str | Path | None = None,
        lateness: str | dt.timedelta | None = "7 days",
    ) -> None:
        """Watch an agreement.

        Args:
            agreement: What `servanda.load` gave, or what it takes.
            archive: A new file for what lies further back than the lateness.
            lateness: How far back memory reaches behind the clock, such as `7 days` or `36 hours`, in elapsed time.
                None keeps everything in memory.

        Raises:
            AgreementError: The agreement cannot be used.
            StateError: The archive cannot be used, or holds what another monitor has put away.
            ValueError: The lateness is no time.
        """
        self.agreement = load(agreement)
        lateness_us = None if lateness is None else lateness_of(lateness)
        kept = None if lateness is None and archive is None else Archive(None if archive is None else Path(archive))
        if kept is not None and not kept.empty:
            kept.close()
            msg = f"{archive} holds what a monitor has put away: restore that one, or give a file that is not there yet"
            raise StateError(msg)
        self._begin(Live(Engine(self.agreement), archive=kept, lateness_us=lateness_us))

    def _begin(self, live: Live) -> None:
        self._live = live
        self._aside = self._held = live.aside().named
        """What was set aside when the findings were last told, or last evaluated, as far as they name it."""
        if live.at_us is not None:
            self._refresh()

    @property
    def at_us(self) -> int | None:
        """The instant last advanced to, in microseconds since the epoch."""
        return self._live.at_us

    @property
    def lateness_us(self) -> int | None:
        """How far back memory reaches, in microseconds; None where everything stays in memory."""
        return self._live.lateness_us

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The current findings, in the order of the text; none before the clock is first set."""
        return tuple(self.each_finding())

    def each_finding(self) -> Iterator[Finding]:
        """The current findings one by one, in the order of the text; the archive is read as they are asked for."""
        if self.at_us is not None:
            away = () if self._live.archive is None else self._away(self._live.archive, self.at_us)
            yield from (f for _, f in heapq.merge(self._here(self.at_us), away, key=lambda pair: pair[0]))

    @property
    def rejected(self) -> tuple[Rejection, ...]:
        """What was set aside, by file, line and field; what was refused is among it."""
        return tuple(self._live.rejected)

    @property
    def refused(self) -> tuple[Rejection, ...]:
        """What came later than the lateness allows and could not be repaired, by file, line and id."""
        return tuple(r for r in self._live.rejected if r.code == REFUSED)

    @property
    def counts(self) -> Counts:
        """What became of everything that was read: `read` is the sum of all the others."""
        return self._live.counted()

    @property
    def held(self) -> int:
        """How many records are in memory."""
        return len(self._live.located)

    def observe(
        self, observations: Observations | Observation | Iterable[Observation | dict[str, object]]
    ) -> tuple[Change, ...]:
        """Take in one observation or many; returns what changed at the instant last advanced to."""
        if isinstance(observations, Observation):
            observations = [observations]
        if not isinstance(observations, Observations):
            listed = list(observations)
            if all(isinstance(o, Observation) for o in listed):
                self._live.counts.read += len(listed)
                self._live.take([o for o in listed if isinstance(o, Observation)])
                return self._refresh()
            fields = self.agreement.vocabulary.fields
            observations = read(listed, time_zone=self.agreement.time_zone, known_fields=fields)
        ignored = sum(observations.ignored.values())
        self._live.counts.read += len(observations) + observations.rejected_rows + ignored
        self._live.take_reading(observations)
        return self._refresh()

    def advance(self, at: object) -> tuple[Change, ...]:
        """Let time pass: deadlines fall due, and what lay ahead comes to count.

        Args:
            at: A datetime with an offset, text (ISO 8601, or a date: its end), or microseconds since the epoch.

        Raises:
            ValueError: It is no instant, or lies before the one last advanced to.
        """
        at_us = at if isinstance(at, int) else instant_us(at, self.agreement.time_zone)
        if self.at_us is not None and at_us < self.at_us:
            msg = f"{at} lies before the instant last advanced to; time does not run backwards"
            raise ValueError(msg)
        self._live.at_us = at_us
        return self._refresh()

    def observe_from(self, observation: Observation, file: str, line: int) -> tuple[Change, ...]:
        """Take in one observation and where it was read from."""
        self._live.counts.read += 1
        self._live.take([observation], {observation.id: Origin(file, line)})
        return self._refresh()

    def set_aside(self, file: str, line: int, flaws: list[Flaw]) -> None:
        """Note a line that could not be read."""
        self._live.counts.read += 1
        self._live.counts.set_aside += 1
        self._live.rejected.extend(at_place(flaw, file, line) for flaw in flaws)

    def latest_us(self) -> int | None:
        """The latest instant of what was observed and lies ahead of the clock, in microseconds since the epoch.

        Where nothing does, it is the clock.
        """
        return self._live.latest_us()

    def save(self, path: str | Path) -> None:
        """Write the state to a file, and what was put away for good into the archive: the two belong together.

        Raises:
            StateError: The file cannot be written.
        """
        save(self._live, Path(path))

    @classmethod
    def restore(cls, agreement: str | Path | Agreement, path: str | Path, archive: str | Path | None = None) -> Monitor:
        """Go on from a saved state: the same findings, and from then on the same changes.

        Args:
            agreement: The agreement it was saved under.
            path: The file that `save` wrote.
            archive: Where the archive lies now, if it was moved.

        Raises:
            AgreementError: The agreement cannot be used.
            StateError: The file is no such state, is cut off, or was saved under another agreement or program version;
                or its archive is missing, or has been written since.
        """
        monitor = cls.__new__(cls)
        monitor.agreement = load(agreement)
        monitor._begin(restored(Engine(monitor.agreement), Path(path), None if archive is None else Path(archive)))  # noqa: SLF001 - its own
        return monitor

    def close(self) -> None:
        """Let go of the archive file. What was put away since the last `save` is not in it."""
        if self._live.archive is not None:
            self._live.archive.close()

    # ---- what changed ----

    def _refresh(self) -> tuple[Change, ...]:
        """Bring everything up to date at the instant last advanced to."""
        at_us = self.at_us
        if at_us is None:
            return ()
        anew = self._hold_anew()
        changes = list(self._step(at_us))
        self._live.put_away()
        for numbers in itertools.chain(_batches(self._live.archive, anew), self._stale()):
            self._live.recall(numbers)
            changes.extend(self._step(at_us))
            self._live.put_away()
        return tuple(changes)

    def _stale(self) -> Iterator[list[int]]:
        """What lies in the archive and has to be looked at again, in batches."""
        archive, current = self._live.archive, self._live.current
        while current.stale:
            stale, current.stale = current.stale, {}
            if archive is None or not archive.content:
                return
            numbers = sorted({n for rule, times in stale.items() for n in archive.under(rule, times)})
            yield from _batches(archive, numbers)

    def _hold_anew(self) -> list[int]:
        """Where something is set aside for the first time, or nothing is any more, look at what a violation triggers.

        Returns what lies in the archive and has to be looked at for it.
        """
        live, before = self._live, self._held
        self._held = live.aside().named
        if bool(before) == bool(self._held):
            return []
        live.current.hold_anew()
        awaited = [n for n, later in enumerate(live.current.reach.after) if later]
        return [] if live.archive is None or not live.archive.content else live.archive.silences(awaited)

    def _step(self, at_us: int) -> Iterator[Change]:
        """Evaluate what is concerned, and say what changed."""
        live = self._live
        changed = live.refresh(at_us)
        while live.recall_on_record() or live.current.sights.missed:
            live.see_again()
            for unit, (before, after) in live.refresh(at_us).items():
                changed[unit] = (changed.get(unit, (before,))[0], after)
        yield from self._told(changed, at_us)

    def _told(self, changed: Changed, at_us: int) -> Iterator[Change]:
        live = self._live
        before = {live.name(o) for gave, _ in changed.values() for o in gave}
        found: dict[str, tuple[Order, Outcome]] = {}
        if (aside := live.aside().named) != self._aside:
            self._aside = aside
            changed = {
                u: (k.outcomes, k.outcomes) for u, k in live.current.kept.items() if _silent(k.outcomes)
            } | changed
            yield from self._told_away(at_us)
        for unit, (_, after) in changed.items():
            found |= {live.name(o): (order(unit, o, place), o) for place, o in enumerate(after)}
        for name, (_, outcome) in sorted(found.items(), key=lambda item: item[1][0]):
            held, known = live.held_back(outcome), live.told.get(name)
            if known is not None and _as_said(known.outcome) == _as_said(held):
                continue
            yield self._tell(name, held, known, at_us)
        for name in sorted(before - found.keys()):
            known = live.told.pop(name)
            live.leave(name, known.revision)
            yield Change("withdrawn", known.finding)

    def _tell(self, name: str, outcome: Outcome, known: Told | None, at_us: int) -> Change:
        live = self._live
        revision = 1 + (known.revision if known is not None else live.left(name))
        (finding,) = live.findings((outcome,), at_us)
        finding = _with(finding, revision, None if known is None else known.digest)
        live.told[name] = Told.of(outcome, finding)
        return Change("opened" if known is None else "revised", finding)

    def _told_away(self, at_us: int) -> Iterator[Change]:
        """What was put away and rests on a silence hangs on what is set aside, too."""
        archive = self._live.archive
        for put in () if archive is None else archive.silent():
            (outcome,) = as_written(put.outcome)
            held = self._live.held_back(outcome)
            if archive is None or held == put.told.outcome:
                continue
            (finding,) = self._live.engine.builder.findings((held,), Everywhere(self._live), at_us, None)
            finding = _with(finding, put.told.revision + 1, put.told.digest)
            archive.tell(put.id, Told.of(held, finding), put.outcome)
            yield Change("revised", finding)

    # ---- the current findings ----

    def _here(self, at_us: int) -> Iterator[tuple[Order, Finding]]:
        """Those held in memory."""
        live = self._live
        kept = live.current.kept.items()
        outcomes = [(order(u, o, place), o) for u, k in kept for place, o in enumerate(k.outcomes)]
        for place, outcome in sorted(outcomes, key=lambda pair: pair[0]):
            known = live.told[live.name(outcome)]
            (finding,) = live.findings((live.held_back(outcome),), at_us)
            yield place, _with(finding, known.revision, known.supersedes)

    def _away(self, archive: Archive, at_us: int) -> Iterator[tuple[Order, Finding]]:
        """Those that were put away."""
        rules, everywhere, now = self._live.engine.plan.rules, Everywhere(self._live), moments.iso(at_us)
        for put in archive.findings():
            if rules[put.rule].forbids and not put.silent:  # what is said of an incident does not speak of the present
                yield (put.rule, 0, put.bearer, put.key), put.told.at(now)
                continue
            (plain,) = as_written(put.outcome)
            (finding,) = self._live.engine.builder.findings((self._live.held_back(plain),), everywhere, at_us, None)
            yield (put.rule, 0, put.bearer, put.key), _with(finding, put.told.revision, put.told.supersedes)


def _batches(archive: Archive | None, numbers: list[int]) -> Iterator[list[int]]:
    """What still lies in the archive of some clusters, in batches."""
    for start in range(0, len(numbers) if archive is not None else 0, _BATCH):
        yield [n for n in numbers[start : start + _BATCH] if archive is not None and archive.holds(n)]


def lateness_of(given: str | dt.timedelta) -> int:
    """A lateness in microseconds: a number of minutes, hours, days or weeks, in elapsed time.

    Raises:
        ValueError: It is no such time.
    """
    if isinstance(given, dt.timedelta):
        found = given // dt.timedelta(microseconds=1)
    else:
        match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(minute|hour|day|week)s?\s*", given)
        found = -1 if match is None else int(float(match[1]) * _UNITS[match[2]] * 1_000_000)
    if found < 0:
        msg = f"`{given}` is no lateness; write a number of minutes, hours, days or weeks, such as `7 days`"
        raise ValueError(msg)
    return found


def _as_said(outcome: Outcome) -> Outcome:
    """An outcome without what no finding says: when a breach that is not sure would have been complete."""
    return replace(outcome, breach=None)


def _silent(outcomes: tuple[Outcome, ...]) -> bool:
    return any(rests_on_silence(outcome) for outcome in outcomes)


def _with(finding: Finding, revision: int, supersedes: str | None) -> Finding:
    return finding.model_copy(update={"revision": revision, "supersedes": supersedes})
