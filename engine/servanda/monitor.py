"""`servanda.Monitor`: the same answer as `check`, live."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from servanda.engine import Engine, load
from servanda.findings.model import Finding
from servanda.observations import Observation, Observations, Origin, Rejection, read
from servanda.observations.problems import Flaw
from servanda.observations.problems import locate as at_place
from servanda.outcomes import Outcome, finding_id
from servanda.session import Session, instant_us

if TYPE_CHECKING:
    from servanda_dsl.model import Agreement


@dataclass(frozen=True)
class Change:
    """One finding opened, revised or withdrawn."""

    kind: Literal["opened", "revised", "withdrawn"]
    finding: Finding


class Monitor:
    """Watches one agreement.

    `observe` takes anything, early or late, in any order, and never moves the clock; `advance` moves it. At any time
    the current findings are those that `check(at=…)` gives for all that was observed and the instant last advanced to.
    """

    def __init__(self, agreement: str | Path | Agreement) -> None:
        """Watch an agreement: what `servanda.load` gave, or what it takes.

        Raises:
            AgreementError: The agreement cannot be used.
        """
        self.agreement = load(agreement)
        self._session = Session(Engine(self.agreement))
        self.at_us: int | None = None
        """The instant last advanced to, in microseconds since the epoch."""
        self._outcomes: dict[str, Outcome] = {}
        self._told: dict[str, Finding] = {}
        self._history: dict[str, tuple[int, str | None]] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The current findings, in the order of the text; none before the clock is first set."""
        if self.at_us is None:
            return ()
        made = self._session.findings(tuple(self._outcomes.values()), self.at_us)
        return tuple(_with(f, self._history[f.id]) for f in made)

    @property
    def rejected(self) -> tuple[Rejection, ...]:
        """What was set aside, by file, line and field."""
        return tuple(self._session.rejected)

    def observe(
        self, observations: Observations | Observation | Iterable[Observation | dict[str, object]]
    ) -> tuple[Change, ...]:
        """Take in one observation or many; returns what changed at the instant last advanced to."""
        if isinstance(observations, Observation):
            observations = [observations]
        if not isinstance(observations, Observations):
            listed = list(observations)
            if all(isinstance(o, Observation) for o in listed):
                self._session.take([o for o in listed if isinstance(o, Observation)])
                return self._refresh()
            fields = self.agreement.vocabulary.fields
            observations = read(listed, time_zone=self.agreement.time_zone, known_fields=fields)
        self._session.take_reading(observations)
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
        self.at_us = at_us
        return self._refresh()

    def observe_from(self, observation: Observation, file: str, line: int) -> tuple[Change, ...]:
        """Take in one observation and where it was read from."""
        self._session.take([observation], {observation.id: Origin(file, line)})
        return self._refresh()

    def set_aside(self, file: str, line: int, flaws: list[Flaw]) -> None:
        """Note a line that could not be read."""
        self._session.rejected.extend(at_place(flaw, file, line) for flaw in flaws)

    def latest_us(self) -> int | None:
        """The latest instant of all that was observed, in microseconds since the epoch."""
        return self._session.latest_us()

    def _refresh(self) -> tuple[Change, ...]:
        if self.at_us is None:
            return ()
        name = self.agreement.name
        found = {finding_id(name, o.rule, o.instance): o for o in self._session.outcomes(self.at_us)}
        changed = {i: o for i, o in found.items() if self._outcomes.get(i) != o}
        changes: list[Change] = []
        for finding in self._session.findings(tuple(changed.values()), self.at_us):
            before = self._told.get(finding.id)
            history = (self._history.get(finding.id, (0, None))[0] + 1, before.digest if before else None)
            self._history[finding.id] = history
            self._told[finding.id] = _with(finding, history)
            changes.append(Change("revised" if before else "opened", self._told[finding.id]))
        gone = [i for i in self._outcomes if i not in found]
        changes.extend(Change("withdrawn", self._told.pop(i)) for i in gone)
        self._outcomes = found
        return tuple(changes)


def _with(finding: Finding, history: tuple[int, str | None]) -> Finding:
    revision, supersedes = history
    return finding.model_copy(update={"revision": revision, "supersedes": supersedes})
