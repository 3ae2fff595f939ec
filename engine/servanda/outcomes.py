"""What an interpreter answers: one outcome for each instance of each rule, in ids, integers and truth values.

Every interpreter gives these; the findings that people read are made from them in one place (`servanda.findings`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from servanda.moments import Bounds

MAYBE_NEVER = "never:"
"""Stands before an instant of which nobody knows whether it ever was."""

OUTSIDER = "?"
"""Stands among the candidates for someone who is not bound, where nobody could say who it was."""


class Verdict(StrEnum):
    """What a finding says of a rule."""

    COMPLIED = "complied"
    VIOLATED = "violated"
    PENDING = "pending"
    NOT_APPLICABLE = "not-applicable"
    EXCUSED = "excused"
    INDETERMINATE = "indeterminate"
    UNOBSERVED = "unobserved"


UnknownKind = Literal[
    "time",
    "predicate",
    "actor",
    "proof",
    "corroboration",
    "candidates",
    "denied",
    "conflict",
    "tally",
    "exception",
    "time-to-show",
    "late",
    "claim",
    "cut",
    "rejected",
    "trigger",
    "breach",
    "evaluation-instant",
    "performance",
    "anchor",
    "gate",
    "joining",
    "lapse",
    "figure",
    "same",
    "contradiction",
    "whole",
    "part",
    "whole-against",
]


@dataclass(frozen=True, order=True)
class Unknown:
    """Something that keeps an outcome from being sure.

    Attributes:
        kind: What sort of thing is unknown.
        observation: The observation it is about, or "".
        candidate: If it was this actor; "" where that does not matter.
        predicate: The predicate whose value is unknown, as its place among the plan's predicates; -1 for none.
        other: A rule or record it is about, or "".
    """

    kind: UnknownKind
    observation: str = ""
    candidate: str = ""
    predicate: int = -1
    other: str = ""


@dataclass(frozen=True)
class Evidence:
    """An observation and the part it plays."""

    observation: str
    role: Literal[
        "shows",
        "may-show",
        "contradicts",
        "shows-exception",
        "triggers",
        "late",
        "watches",
        "groups",
        "claims",
        "opens",
        "joins",
        "ends",
        "measured-against",
    ]


SHOWING = frozenset({"shows", "may-show", "late"})
"""The parts of observations that tell of the event itself, and not only of what excuses, contradicts or led to it."""


def by_any_reading(evidence: Sequence[Sequence[Evidence]]) -> tuple[Evidence, ...]:
    """The evidence of all readings: each observation as the first of them has it, unless another shows more by it."""
    first = evidence[0]
    known, shown = {e.observation for e in first}, {e.observation for e in first if e.role in SHOWING}
    others = {
        e
        for more in evidence[1:]
        for e in more
        if e.observation not in known or (e.role in SHOWING and e.observation not in shown)
    }
    return tuple(sorted({*first, *others}, key=lambda e: (e.role, e.observation)))


@dataclass(frozen=True)
class Ended:
    """What made a rule lapse that holds while obligations are met, or may have.

    Attributes:
        when: When it lapsed; the latest is never, where it may not have.
        of: The violations: (rule, instance).
        determined: Whether it lapsed with their determination.
        reading: The readings under which it did, where it did not under all.
    """

    when: Bounds
    of: tuple[tuple[str, str], ...]
    determined: bool = False
    reading: tuple[str, ...] = ()


@dataclass(frozen=True)
class Parted:
    """Where readings part.

    Attributes:
        at: From which instant on they give different answers, and until when; None where they differ by no instant.
        on: The observations that they judge differently.
    """

    at: Bounds | None
    on: tuple[str, ...]


@dataclass(frozen=True)
class Origin:
    """The violation by which a duty is triggered.

    Attributes:
        rule: The rule violated.
        instance: Which instance of it.
        sure: Whether it surely is a violation, by the one who has the duty where it has to be.
    """

    rule: str
    instance: str
    sure: bool


Effect = Literal[
    "determines",
    "attributes",
    "sets-remedy",
    "admits",
    "answers",
    "rectifies",
    "opinion",
    "differs",
    "not-sure",
    "no-basis",
    "says-too-little",
    "dissents",
]
"""What a record of procedure does to a finding: `opinion` by one who has not the power, `differs` where bodies
disagree, `not-sure` where it is not sure that it was made, `no-basis` where control or direction is all it rests on."""


@dataclass(frozen=True, order=True)
class Filed:
    """A record of procedure about an outcome.

    Attributes:
        observation: The record.
        act: What it is.
        effect: What it does.
        to: The record from which it dissents, or "".
    """

    observation: str
    act: str
    effect: Effect
    to: str = ""


@dataclass(frozen=True)
class Against:
    """How much there was of what a limit is so many for each of, as bounds."""

    least: float
    most: float | None


@dataclass(frozen=True)
class Amount:
    """How much there was against a limit, as bounds.

    Attributes:
        name: What is limited, as the plan names it.
        least: Surely at least so many.
        most: Possibly at most so many; None where nobody knows.
        limit: The limit.
        floor: Whether there had to be so many at least; else at most.
        during: From when until when they were counted.
        against: How much there was of what the limit is so many for each of; None where it stands by itself.
    """

    name: str
    least: float
    most: float | None
    limit: int
    floor: bool
    during: Bounds
    against: Against | None = None


ExceptionResult = Literal["shown", "not-shown", "open", "claimed"]


@dataclass(frozen=True)
class Outcome:
    """The answer for one instance of one rule.

    Attributes:
        rule: The rule.
        instance: Which instance: an incident, a bearer, a bearer and a trigger, or `remainder`.
        verdict: The answer.
        bearer: Whose duty, where that is sure.
        candidates: Who it may have been, in the order of the agreement.
        evidence: The observations it rests on.
        at: When the breach or the performance was complete.
        binds: From when the rule bound.
        deadline: When it was due.
        by_reading: The verdict under each choice of readings, where the rule depends on any.
        unknowns: What keeps it from being sure.
        assumptions: The assumptions used, by id.
        exceptions: What became of each exception.
        missing: The records that exceptions call for and that are not surely there: (exception, act).
        cut: The exceptions that are taken back, each with the prohibition that does it: (exception, prohibition).
        breach: When the breach, if it is one, was complete, over all readings; None where it cannot be one.
        origin: The violation that triggered it, where one did.
        filed: The records of procedure about it.
        amounts: How much there was, for a rule about that.
        ended: What made the rule, or an exception to it, lapse, or may have, before what was seen.
        parted: Where the readings part, if they give different answers.
    """

    rule: str
    instance: str
    verdict: Verdict
    bearer: str | None = None
    candidates: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    at: Bounds | None = None
    binds: Bounds | None = None
    deadline: Bounds | None = None
    by_reading: tuple[tuple[tuple[tuple[str, str], ...], Verdict], ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    assumptions: tuple[str, ...] = ()
    exceptions: tuple[tuple[str, ExceptionResult], ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    cut: tuple[tuple[str, str], ...] = ()
    breach: Bounds | None = None
    origin: Origin | None = None
    filed: tuple[Filed, ...] = ()
    amounts: tuple[Amount, ...] = ()
    ended: tuple[Ended, ...] = ()
    parted: Parted | None = None

    @property
    def observations(self) -> frozenset[str]:
        """All the records that stand on it: its evidence, and what is on record about it."""
        return frozenset({*(e.observation for e in self.evidence), *(f.observation for f in self.filed)})

    @property
    def watched(self) -> tuple[str, ...]:
        """The observations that show that something was not done."""
        return tuple(e.observation for e in self.evidence if e.role == "watches")


def finding_id(agreement: str, rule: str, instance: str) -> str:
    """The id of the finding of an outcome: the same on every machine, in every run, whatever evidence comes later."""
    text = json.dumps([agreement, rule, instance], ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return f"{rule.replace('/', '')}-{digest}"
