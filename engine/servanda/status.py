"""`servanda.status`: what binds at an instant, what waits and on what, and what falls due next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servanda import moments
from servanda.check import check
from servanda.engine import load
from servanda.findings.model import Between
from servanda.observations import Observations
from servanda.outcomes import Verdict, finding_id
from servanda.session import instant_us
from servanda.stream.interpreter import Stream
from servanda.stream.timing import never
from servanda_dsl import prose

if TYPE_CHECKING:
    from servanda.check import Result
    from servanda.findings.model import Finding
    from servanda.moments import Bounds
    from servanda.observations import Observation, Rejection
    from servanda.stream.standing import Condition, GateStanding, Standing, State
    from servanda_dsl.model import Agreement

DAY_US = 86_400_000_000


@dataclass(frozen=True)
class Stand:
    """How a rule stands for some of those it binds.

    Attributes:
        rule: The rule, `2/C`.
        bearers: Whom it binds, or whom it permits something.
        state: `in-force`, `not-yet`, `dormant`, `open` (nobody can say), `ended`, or `not-bound` (it never will bind).
        since: From when, in microseconds since the epoch; None where that is not known or nothing begins it.
        until: Until when, the end left out; None where it has no end, or nobody knows it.
        waits_for: What it waits for, where that has not come.
        open_end: The instant nobody knows that ends it.
        readings: The reading of each rule with readings on which this depends, where they part.
        lapse: The findings of the violations with which it lapsed, or may have.
    """

    rule: str
    bearers: tuple[str, ...]
    state: State
    since: Bounds | None
    until: Bounds | None
    waits_for: str = ""
    open_end: str = ""
    readings: tuple[tuple[str, str], ...] = ()
    lapse: tuple[str, ...] = ()


@dataclass(frozen=True)
class Duty:
    """What somebody has to do, and how far that is.

    Attributes:
        finding: Its finding: the duty, its verdict so far, and the sentence that says why.
        deadline: When it is due, in microseconds since the epoch; None where that hangs on what has not come.
        state: `soon` within the days asked for, `later`, `waiting` for what sets the date, `no-deadline`; `past` or
            `may-be-past` where it is not known to be done; `done`, `done-late`.
    """

    finding: Finding
    deadline: Bounds | None
    state: str


@dataclass(frozen=True)
class Status:
    """What `servanda.status` gives.

    Attributes:
        agreement: The agreement.
        at_us: The instant, in microseconds since the epoch.
        days: How far ahead was looked.
        stands: How every rule stands, in the order of the text.
        duties: What has to be done, the next first.
        gates: How every gate stands on which some rule hangs.
        conditions: Which parties are bound only from an act of their own on, and how it stands with that.
        result: The check at that instant, on which it rests.
    """

    agreement: Agreement
    at_us: int
    days: int
    stands: tuple[Stand, ...]
    duties: tuple[Duty, ...]
    result: Result
    gates: tuple[GateStanding, ...] = ()
    conditions: tuple[Condition, ...] = ()

    @property
    def rejected(self) -> tuple[Rejection, ...]:
        """What was set aside."""
        return self.result.rejected

    def record(self) -> dict[str, Any]:
        """The status as `status --format json` prints it."""
        return {
            "agreement": self.agreement.name,
            "at": moments.iso(self.at_us),
            "days": self.days,
            "rules": [asdict(s) | {"since": _iso(s.since), "until": _iso(s.until)} for s in self.stands],
            "conditions": [_condition(c) for c in self.conditions],
            "gates": [
                {
                    "gate": g.gate,
                    "state": g.state,
                    "opens": _iso(g.opens),
                    "quiet_since": None if g.quiet_since is None else moments.iso(g.quiet_since),
                    "waits_for": g.waits_for,
                }
                for g in self.gates
            ],
            "duties": [
                {"state": d.state, "deadline": _iso(d.deadline), "finding": d.finding.record()} for d in self.duties
            ],
            "not_monitored": self.result.not_monitored,
            "observations": {"read": self.result.read, "rejected": self.result.rejected_rows},
        }


def status(
    agreement: str | Path | Agreement,
    observations: Observations | Iterable[Observation] | str | Path = (),
    *,
    at: object,
    days: int = 7,
    known_at: object = None,
) -> Status:
    """Say what binds at an instant, what is dormant and on what, and what falls due in the days that follow.

    Args:
        agreement: What `servanda.load` gave, or what it takes.
        observations: What had been seen: it fixes instants, triggers duties and shows them done. None by default.
        at: The instant.
        days: How many days ahead a deadline counts as soon; of 24 hours each.
        known_at: Only what the mechanism had received by this instant.

    Raises:
        AgreementError: The agreement cannot be used.
        ValueError: `at` or `known_at` is no instant, or `days` is negative.
    """
    if days < 0:
        msg = f"days is {days}; give how many days to look ahead, 0 or more"
        raise ValueError(msg)
    loaded = load(agreement)
    at_us = instant_us(at, loaded.time_zone)
    result = check(loaded, observations, at=at, known_at=known_at)
    stream = Stream(result.plan)
    for located in result.located.values():
        stream.add(located.fact)
    stream.doubt = "rows set aside" if result.rejected or stream.register.circular else ""
    stands = _together(loaded, list(stream.standings(at_us)))
    until_us = at_us + days * DAY_US
    duties = [_duty(loaded, f, at_us, until_us) for f in result.findings if _is_duty(loaded, f)]
    soonest = sorted(duties, key=lambda d: (d.deadline is None, d.deadline.earliest_us if d.deadline else 0))
    gates, conditions = tuple(stream.gates(at_us)), tuple(stream.conditions(at_us))
    return Status(loaded, at_us, days, stands, tuple(soonest), result, gates, conditions)


def _together(agreement: Agreement, found: list[Standing]) -> tuple[Stand, ...]:
    """Those for whom a rule stands alike as one; a reading is named only where the readings part."""
    stands: list[Stand] = []
    for rule in agreement.rules:
        alike: dict[str, list[Standing]] = {}
        for one in found:
            if one.rule == rule.id:
                alike.setdefault(one.bearer, []).append(one)
        lines: dict[Stand, list[str]] = {}
        for bearer, under in alike.items():
            parted = len({(s.state, s.binds) for s in under}) > 1
            for one in under if parted else under[:1]:
                lines.setdefault(_stand(agreement, one, named=parted), []).append(bearer)
        stands.extend(replace(line, bearers=tuple(bearers)) for line, bearers in lines.items())
    return tuple(stands)


def _stand(agreement: Agreement, one: Standing, *, named: bool) -> Stand:
    binds = one.binds
    readings = one.readings if named else ()
    waits = _waits_for(agreement, one)
    since = None if one.state == "not-bound" or _joins(one) else binds.starts
    lapse = tuple(finding_id(agreement.name, *which) for which in binds.lapse)
    return Stand(one.rule, (), one.state, since, binds.ends, waits, binds.open_end, readings, lapse)


def _joins(one: Standing) -> bool:
    """Whether it waits for the act by which its bearer comes to be bound."""
    return one.state in {"dormant", "open"} and one.binds.joined is not None and never(one.binds.joined)


def _waits_for(agreement: Agreement, one: Standing) -> str:
    """What it waits for: an instant, a report, a gate that is not surely open, or an act of the one it would bind."""
    gate = one.binds.gate if one.state in {"dormant", "open"} and never(one.binds.own) else ""
    act = ""
    if _joins(one):
        act = f"{prose.gerund(agreement, agreement.joining[one.bearer].act or '')} by {agreement.title_of(one.bearer)}"
    waits = [one.binds.unknown, f"gate {gate}" if gate and not one.binds.unknown else "", act]
    return prose.join([what for what in waits if what])


def _is_duty(agreement: Agreement, found: Finding) -> bool:
    named = found.instance != "remainder" and found.verdict is not Verdict.NOT_APPLICABLE
    measure = agreement.rule(found.rule).measure
    owed = measure is not None and measure.owed and found.deadline is not None
    return named and (owed or agreement.rule(found.rule).kind == "obligation")


def _duty(agreement: Agreement, found: Finding, at_us: int, until_us: int) -> Duty:
    bounds = None if found.deadline is None else found.deadline.bounds
    if found.verdict is Verdict.COMPLIED:
        state = "done"
    elif any(e.role == "late" for e in found.evidence):
        state = "done-late"
    elif bounds is None:
        state = "no-deadline" if agreement.rule(found.rule).deadline is None else "waiting"
    elif bounds.latest_us <= at_us:
        state = "past"
    elif bounds.earliest_us <= at_us:
        state = "may-be-past"
    else:
        state = "soon" if bounds.earliest_us <= until_us else "later"
    return Duty(found, bounds, state)


def _condition(one: Condition) -> dict[str, Any]:
    unseen = None if one.unseen_from is None else moments.iso(one.unseen_from)
    return asdict(one) | {"limit": _iso(one.limit), "since": _iso(one.since), "unseen_from": unseen}


def _iso(bounds: Bounds | None) -> dict[str, str | None] | None:
    return None if bounds is None else Between.of(bounds).model_dump()
