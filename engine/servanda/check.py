"""`servanda.check`: all observations at once, the findings at one instant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from servanda import moments
from servanda.engine import Engine, load
from servanda.findings.model import Finding
from servanda.observations import Observation, ObservationError, Observations, Rejection, read
from servanda.outcomes import Verdict
from servanda.session import NO_RECEIPT, NOT_KNOWN, Account, Session, instant_us, unused_by_reason
from servanda.totals import Total

if TYPE_CHECKING:
    from servanda.locate import Located
    from servanda.plan import Plan
    from servanda_dsl.model import Agreement

EngineName = Literal["stream"]


@dataclass(frozen=True)
class Result:
    """What a check gives.

    Attributes:
        agreement: The agreement that was checked.
        findings: Every finding, in the order of the text.
        accounts: What became of every observation that was accepted.
        rejected: What was set aside, by file, line and field.
        read: Rows or records met.
        ignored: Rows left out on purpose, by reason.
        evaluated_at: The instant of evaluation, ISO 8601.
        chosen: Why that instant: `given`, or `the latest instant in the data`.
        known_at: The instant of knowledge, or None.
        engine: The interpreter.
        provenance: Versions and digests.
        not_known: Observations left out because they were not known by `known_at`, or as asked, by reason.
        plan: What was run.
        located: Every observation as it was settled.
        totals: What sources counted, by prohibition, unit and source.
    """

    agreement: Agreement
    findings: tuple[Finding, ...]
    accounts: tuple[Account, ...]
    rejected: tuple[Rejection, ...]
    read: int
    ignored: dict[str, int]
    evaluated_at: str
    chosen: str
    known_at: str | None
    engine: str
    provenance: dict[str, object]
    not_known: dict[str, int]
    plan: Plan = field(repr=False)
    located: Mapping[str, Located] = field(repr=False)
    totals: tuple[Total, ...] = ()

    @property
    def summary(self) -> dict[str, dict[str, dict[str, int]]]:
        """How many findings of each verdict, by clause and rule; every rule that is evaluated stands there."""
        table: dict[str, dict[str, dict[str, int]]] = {
            c.label: {r.letter: {} for r in c.rules if r.kind not in {"permission", "not-monitored"}}
            for c in self.agreement.clauses
            if c.rules
        }
        for finding in self.findings:
            letter = finding.rule.removeprefix(f"{finding.clause}/")
            counts = table[finding.clause][letter]
            counts[finding.verdict.value] = counts.get(finding.verdict.value, 0) + 1
        return table

    @property
    def not_monitored(self) -> dict[str, str]:
        """Clauses and rules that are not monitored, with the reason."""
        found = {c.label: c.not_monitored for c in self.agreement.clauses if c.not_monitored is not None}
        found |= {r.id: r.not_monitored for r in self.agreement.rules if r.not_monitored is not None}
        return found

    @property
    def exit_code(self) -> int:
        """0 all complied, 1 some violated, 3 none violated but something undecided or unobserved."""
        verdicts = {f.verdict for f in self.findings}
        if Verdict.VIOLATED in verdicts:
            return 1
        return 3 if verdicts & {Verdict.INDETERMINATE, Verdict.UNOBSERVED} else 0

    @property
    def rejected_rows(self) -> int:
        """How many rows were set aside, each once however many problems it has."""
        return len({(r.file, r.line, r.id) for r in self.rejected})

    def record(self) -> dict[str, Any]:
        """The result as `check --format json` prints it."""
        unused = {**unused_by_reason(self.accounts), **self.not_known}
        return {
            "agreement": self.agreement.name,
            "evaluated_at": self.evaluated_at,
            "evaluated_at_is": self.chosen,
            "known_at": self.known_at,
            "engine": self.engine,
            "observations": {
                "read": self.read,
                "rejected": self.rejected_rows,
                "ignored": self.ignored,
                "used": sum(a.status == "used" for a in self.accounts),
                "unused": unused,
            },
            "rejections": [asdict(r) for r in self.rejected],
            "accounts": [asdict(a) for a in self.accounts],
            "provenance": self.provenance,
            "summary": self.summary,
            "not_monitored": self.not_monitored,
            "findings": [f.record() for f in self.findings],
            "totals": [t.record() for t in self.totals],
        }


def check(  # noqa: PLR0913 - each argument is one of the outside, and fixed
    agreement: str | Path | Agreement,
    observations: Observations | Iterable[Observation] | str | Path,
    *,
    at: object = None,
    since: object = None,
    known_at: object = None,
    engine: EngineName = "stream",
    rules: Iterable[str] = (),
    without: Iterable[str] = (),
    strict: bool = False,
) -> Result:
    """Check observations against an agreement.

    Args:
        agreement: What `servanda.load` gave, or what it takes.
        observations: What `servanda.read` gave, or what it takes.
        at: The instant of evaluation: what happened later is left out. By default the latest instant in the data.
        since: Only observations that end after this instant.
        known_at: Only what the mechanism had received by this instant.
        engine: The interpreter; only `stream` so far.
        rules: Only findings of these rules (`2/C`) or clauses (`2`); all by default.
        without: Ids of observations to leave out, to see which findings rest on them.
        strict: Raise instead of setting bad rows aside.

    Returns:
        The findings, and an account of every observation.

    Raises:
        AgreementError: The agreement cannot be used.
        ObservationError: Under `strict`, with every rejected row.
        ValueError: `at`, `since` or `known_at` is no instant; no such engine, rule or observation.
    """
    if engine != "stream":
        msg = f"there is no engine `{engine}` yet; `stream` is the one there is"
        raise ValueError(msg)
    loaded = load(agreement)
    ready = Engine(loaded)
    given = _given(observations, loaded, strict=strict)
    wanted = _wanted(loaded, rules)
    zone = loaded.time_zone
    known_at_us = None if known_at is None else instant_us(known_at, zone)
    since_us = None if since is None else instant_us(since, zone)
    kept, not_known = _by_knowledge(given, zone, known_at_us, frozenset(without))
    session = Session(ready, since_us, tuple(o.id for o in given if _unknown_by(o, zone, known_at_us) == NO_RECEIPT))
    session.take_reading(replace(given, records=tuple(kept)))
    if strict and session.rejected:
        raise ObservationError(session.rejected)
    latest = session.latest_us()
    at_us = instant_us(at, zone) if at is not None else latest
    chosen = "given" if at is not None else "the latest instant in the data"
    if at_us is None:
        msg = "there is no observation, so say at which instant to evaluate (`at`)"
        if given.read and session.rejected:
            msg = f"none of the {given.read} rows could be used; is this a table that needs a mapping (`--map`)?"
        raise ValueError(msg)
    evaluation = session.evaluate(at_us, known_at_us)
    findings = tuple(f for f in evaluation.findings if not wanted or f.rule in wanted)
    return Result(
        agreement=loaded,
        findings=findings,
        accounts=evaluation.accounts,
        rejected=tuple(session.rejected),
        read=given.read,
        ignored=dict(given.ignored),
        evaluated_at=moments.iso(at_us),
        chosen=chosen,
        known_at=None if known_at_us is None else moments.iso(known_at_us),
        engine=engine,
        provenance=ready.provenance(),
        not_known=not_known,
        plan=ready.plan,
        located=session.located,
        totals=tuple(t for t in session.totals(at_us) if not wanted or t.rule in wanted),
    )


def _given(observations: object, agreement: Agreement, *, strict: bool) -> Observations:
    if isinstance(observations, Observations):
        return observations
    return read(observations, time_zone=agreement.time_zone, known_fields=agreement.vocabulary.fields, strict=strict)


def _wanted(agreement: Agreement, rules: Iterable[str]) -> set[str]:
    wanted: set[str] = set()
    for name in rules:
        found = {r.id for r in agreement.rules if name in {r.id, r.clause}}
        if not found:
            there = ", ".join(r.id for r in agreement.rules)
            msg = f"there is no rule `{name}`; rules are written 2/C, and these are there: {there}"
            raise ValueError(msg)
        wanted |= found
    return wanted


def _by_knowledge(
    given: Observations, zone: str, known_at_us: int | None, without: frozenset[str]
) -> tuple[list[Observation], dict[str, int]]:
    missing = without - {o.id for o in given}
    if missing:
        msg = f"there is no observation `{min(missing)}` to leave out"
        raise ValueError(msg)
    kept: list[Observation] = []
    left_out: dict[str, int] = {}
    for observation in given:
        reason = "left out by --without" if observation.id in without else _unknown_by(observation, zone, known_at_us)
        if reason:
            left_out[reason] = left_out.get(reason, 0) + 1
        else:
            kept.append(observation)
    return kept, left_out


def _unknown_by(observation: Observation, zone: str, known_at_us: int | None) -> str:
    """Why an observation was not known by an instant; empty where it was."""
    if known_at_us is None:
        return ""
    received = observation.received_when(zone)
    if received is None or received.latest_us is None:
        return NO_RECEIPT
    return NOT_KNOWN if received.latest_us > known_at_us else ""
