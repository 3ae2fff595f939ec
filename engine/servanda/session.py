"""A run over one agreement: observations in, findings at an instant out, and an account of every record."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from servanda import moments
from servanda.aside import Aside, Rows, held_back, rests_on_silence
from servanda.engine import Engine
from servanda.findings.model import Finding
from servanda.findings.tested import Tested, tested
from servanda.locate import Located
from servanda.locate.facts import DENIED, GROUP, TALLY, WATCH, Fact
from servanda.locate.filing import PROCEDURE
from servanda.observations import Observation, Observations, Origin, Rejection, times
from servanda.observations.problems import Flaw
from servanda.observations.problems import locate as at_place
from servanda.outcomes import Outcome
from servanda.stream import Answer, Stream
from servanda.totals import Total, totals

LATER = "after the evaluation instant"
NO_RULE = "no rule concerns this act"
LOOKED = "a watch on which no finding rests: not of all that a rule is about, not all the time, or not needed"
BLINDED = "no rule concerns this act; it takes the watches of its source away for that time"
TESTED = "tested, and no breach possible"
COUNTED = "counted under a limit that it neither breaks nor settles by itself"
FOR_JOINING = "an act by which a party comes to be bound: no finding rests on it so far"
FOR_A_GATE = "what a gate waits out: when that opens may hang on it"
NOT_ASKED = "not what a rule asks for: too early, or by someone else"
WAITING = "tested, but a rule waits for an instant that is not known"
NOT_KNOWN = "not known by then: received later"
GROUPED = "it groups records on which no finding rests"
ABOUT_NOTHING = "a record of procedure about nothing that is found here"
OWN_TOTAL = "a total of the source's own: compared, never added"
NO_RECEIPT = "not known by then: its time of receipt is not stated"


@dataclass(frozen=True)
class Account:
    """What became of one observation.

    Attributes:
        observation: Its id.
        file: Where it was read from, or "".
        line: The line, from 1, or None.
        status: `used` (evidence in some finding) or `unused`.
        reason: Why it is unused.
        findings: The findings in which it is evidence.
        tested: The rules it was tested under without being evidence, with the figures.
        source_assessment: What its source concluded.
    """

    observation: str
    file: str
    line: int | None
    status: str
    reason: str = ""
    findings: tuple[str, ...] = ()
    tested: tuple[Tested, ...] = ()
    source_assessment: str | None = None


@dataclass(frozen=True)
class Evaluation:
    """The findings at an instant and the account of every observation."""

    findings: tuple[Finding, ...]
    accounts: tuple[Account, ...]


@dataclass
class Session:
    """Takes observations in any order and any batches."""

    engine: Engine
    since_us: int | None = None
    withheld: tuple[str, ...] = ()
    """Records left out of which nobody knows whether they were known by then."""
    stream: Stream = field(init=False)
    located: dict[str, Located] = field(default_factory=dict)
    rejected: list[Rejection] = field(default_factory=list)
    origins: dict[str, Origin] = field(default_factory=dict)
    contents: dict[str, str] = field(default_factory=dict)
    conflicts: set[str] = field(default_factory=set)
    _rows: Rows = field(default_factory=Rows)

    def __post_init__(self) -> None:
        """Begin with nothing seen."""
        self.stream = Stream(self.engine.plan, self.since_us, self.held_back)

    def take(self, observations: Iterable[Observation], origins: Mapping[str, Origin] | None = None) -> None:
        """Take in observations; a bad one is set aside by name, the others are kept.

        Args:
            observations: The observations.
            origins: Where each was read from, by id.
        """
        known = origins or {}
        for observation in observations:
            self._take(observation, known.get(observation.id))

    def take_reading(self, reading: Observations) -> None:
        """Take in what was read from files: the observations, and what was set aside."""
        self.rejected.extend(reading.rejected)
        for name, contents in reading.claims.items():
            if len(contents) > 1:
                self._withdraw(name)
        self.take(reading, reading.origins)

    def _take(self, observation: Observation, origin: Origin | None) -> None:
        name, digest = observation.id, observation.digest()
        known = self.contents.get(name)
        if name in self.conflicts or (known is not None and known != digest):
            self._conflict(observation, origin)
            return
        if known == digest:
            return
        self.contents[name] = digest
        if origin is not None:
            self.origins[name] = origin
        found = self.engine.locator.locate(observation)
        if isinstance(found, list):
            self._reject(observation, origin, found)
            return
        self.located[name] = found
        self._enter(found.fact)

    def _reject(self, observation: Observation, origin: Origin | None, flaws: list[Flaw]) -> None:
        file, line = (origin.file, origin.line) if origin else ("<records>", None)
        self.rejected.extend(at_place(flaw, file, line, observation.id) for flaw in flaws)

    def _conflict(self, observation: Observation, origin: Origin | None) -> None:
        """One id, two contents: neither counts, whichever came first."""
        name = observation.id
        places = [origin] if name in self.conflicts else [self.origins.get(name), origin]
        self._withdraw(name)
        for place in places:
            self.rejected.append(
                Rejection(
                    place.file if place else "<records>",
                    place.line if place else None,
                    "id",
                    "O110",
                    f'the id "{name}" stands for two different records',
                    "give one of them another id, or send a correction that points back",
                    name,
                    name,
                )
            )

    def _withdraw(self, name: str) -> None:
        self.conflicts.add(name)
        if self.located.pop(name, None) is not None:
            self._leave(name)

    def _enter(self, fact: Fact) -> None:
        self.stream.add(fact)

    def _leave(self, name: str) -> None:
        self.stream.remove(name)

    def latest_us(self) -> int | None:
        """The latest instant in the records that count: the default instant of evaluation."""
        counting = ((n, x.fact) for n, x in self.located.items() if x.fact.act != GROUP)
        return max((fact.latest_us for n, fact in counting if not self.stream.standing(n)), default=None)

    def outcomes(self, at_us: int) -> tuple[Outcome, ...]:
        """The outcomes at an instant, in microseconds since the epoch, before anything is put into words."""
        self.stream.doubt = str(self.aside())
        return self.stream.outcomes(at_us)

    def findings(
        self, outcomes: tuple[Outcome, ...], at_us: int, known_at_us: int | None = None
    ) -> tuple[Finding, ...]:
        """Outcomes put into words."""
        return self.engine.builder.findings(outcomes, self.located, at_us, known_at_us)

    def evaluate(self, at_us: int, known_at_us: int | None = None) -> Evaluation:
        """The findings at an instant, in microseconds since the epoch."""
        self.stream.doubt = str(self.aside())
        answer = self.stream.answer(at_us)
        findings = self.findings(answer.outcomes, at_us, known_at_us)
        used: dict[str, list[str]] = {}
        for finding in findings:
            for name in dict.fromkeys(
                [e.observation for e in finding.evidence] + [f.observation for f in finding.procedure]
            ):
                used.setdefault(name, []).append(finding.id)
        accounts = []
        for name, found in sorted(self.located.items()):
            shown = tuple(
                tested(self.engine.agreement, self.engine.plan, rule, account, found)
                for rule, account in answer.tested.get(name, ())
                if not account.value
            )
            reason = "" if name in used else self._why_unused(name, found, answer, shown)
            accounts.append(self._account(name, found, tuple(used.get(name, ())), reason, shown))
        return Evaluation(findings, tuple(accounts))

    def totals(self, at_us: int) -> tuple[Total, ...]:
        """What sources counted up to an instant, of what counts then, against the totals they published."""
        counted = {i for i, f in self.located.items() if f.observation.count is not None}
        tallies = [
            f
            for i, f in sorted(self.located.items())
            if f.fact.act == TALLY and f.fact.latest_us <= at_us and not self.stream.standing(i) and not f.fact.denies
        ]
        return totals(self.stream.taken(at_us, counted), self.located, tallies, self.engine.agreement.time_zone)

    def held_back(self, outcome: Outcome) -> Outcome:
        """An outcome as it may be said beside what was set aside."""
        return held_back(outcome, self.aside()) if rests_on_silence(outcome) else outcome

    def aside(self) -> Aside:
        """What was given and counts for nothing, though it may concern any rule."""
        return self._rows.aside(self.rejected, (*self.stream.register.circular, *self.withheld))

    def _account(
        self, name: str, found: Located, findings: tuple[str, ...], reason: str, shown: tuple[Tested, ...]
    ) -> Account:
        origin = self.origins.get(name)
        return Account(
            observation=name,
            file=origin.file if origin else "",
            line=origin.line if origin else None,
            status="used" if findings else "unused",
            reason=reason,
            findings=findings,
            tested=shown,
            source_assessment=found.observation.source_assessment,
        )

    def _why_unused(self, name: str, found: Located, answer: Answer, shown: tuple[Tested, ...]) -> str:
        if name in answer.standing:
            return answer.standing[name]
        if barred := self.stream.register.barred(found.fact):
            return f"corrects nothing: {barred}"
        if found.fact.act == GROUP and not found.fact.denies and not self.engine.locator.concerns(GROUP):
            return self.stream.ungrouped(name) or GROUPED
        if name in answer.later:
            return LATER
        if found.fact.denies:
            return "a denial of nothing that is evidence here"
        if found.fact.act == WATCH:
            return LOOKED
        if found.fact.act == TALLY:
            return OWN_TOTAL
        if found.fact.act in PROCEDURE and found.fact.refers_to and not self.engine.locator.concerns(found.fact.act):
            return ABOUT_NOTHING
        if not self.engine.locator.concerns(found.fact.act):
            return BLINDED if found.fact.act == DENIED else NO_RULE
        if any(t.waiting for t in shown):
            return WAITING
        limited = (part for rule in self.engine.plan.rules if rule.beyond for part in (*rule.parts, *rule.against))
        if not shown and any(part.select.counts(found.fact.act) for part in limited):
            return COUNTED
        joining = (one for rule in self.engine.plan.rules for one in rule.joining)
        if not shown and any(one.rule.select.counts(found.fact.act) for one in joining):
            return FOR_JOINING
        gates = (gate for rule in self.engine.plan.rules for gate in rule.gates if gate.certified is None)
        if not shown and any(gate.rule.select.counts(found.fact.act) for gate in gates):
            return FOR_A_GATE
        return TESTED if shown else NOT_ASKED


def unused_by_reason(accounts: tuple[Account, ...]) -> dict[str, int]:
    """How many observations were not used, by reason; ids in a reason are left out so that like adds to like."""
    reasons = Counter(_general(a.reason) for a in accounts if a.status == "unused")
    return dict(sorted(reasons.items()))


def _general(reason: str) -> str:
    for word in ("retracted by", "corrected by"):
        if reason.startswith(word):
            return word.split()[0]
    return "retracts a record that is not here" if reason.startswith("retracts ") else reason


def instant_us(at: object, zone: str) -> int:
    """An instant given by a user, as microseconds since the epoch.

    Args:
        at: A datetime with an offset, or text: ISO 8601 with an offset, or a date (the end of that local day).
        zone: The zone of a date without an offset.

    Raises:
        ValueError: It cannot be read, or is a local time without an offset.
    """
    if isinstance(at, dt.datetime):
        if at.tzinfo is None:
            msg = f"{at} has no offset; write one, such as 2015-03-10T00:00+02:00"
            raise ValueError(msg)
        return moments.to_us(at)
    found = times.parse(str(at), zone, "at")
    if isinstance(found, Flaw):
        msg = f"{found.message} ({found.help})" if found.help else found.message
        raise ValueError(msg)  # noqa: TRY004 - it is the value that is wrong
    if found.latest_us is None:
        msg = f"{at} has no time zone"
        raise ValueError(msg)
    return found.latest_us if found.day is not None else found.earliest_us or 0
