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
        self._current: dict[str, Finding] = {}
        self._revisions: dict[str, int] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The current findings, in the order of the text; none before the clock is first set."""
        return tuple(self._current.values())

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
        found = {f.id: f for f in self._session.evaluate(self.at_us).findings}
        changes: list[Change] = []
        current: dict[str, Finding] = {}
        for name, finding in found.items():
            before = self._current.get(name)
            if before is not None and _content(before) == _content(finding):
                current[name] = finding.model_copy(
                    update={"revision": before.revision, "supersedes": before.supersedes}
                )
                continue
            revision = self._revisions.get(name, 0) + 1
            self._revisions[name] = revision
            supersedes = None if before is None else before.digest
            current[name] = finding.model_copy(update={"revision": revision, "supersedes": supersedes})
            changes.append(Change("opened" if before is None else "revised", current[name]))
        changes.extend(Change("withdrawn", f) for name, f in self._current.items() if name not in found)
        self._current = current
        return tuple(changes)


def _content(finding: Finding) -> object:
    """What a finding says, apart from when it was said."""
    return finding.model_copy(
        update={"digest": "", "revision": 1, "supersedes": None, "times": None, "because": _undated(finding)}
    )


def _undated(finding: Finding) -> str:
    return finding.because if finding.evidence else ""
