"""What an interpreter answers: one outcome for each instance of each rule, in ids, integers and truth values.

Every interpreter gives these; the findings that people read are made from them in one place (`servanda.findings`).
"""

from __future__ import annotations

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
    "evaluation-instant",
    "performance",
    "anchor",
    "gate",
    "figure",
    "same",
    "contradiction",
    "whole",
    "part",
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
    ]


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
    """

    name: str
    least: float
    most: float | None
    limit: int
    floor: bool
    during: Bounds


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
        amounts: How much there was, for a rule about that.
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
    amounts: tuple[Amount, ...] = ()

    @property
    def watched(self) -> tuple[str, ...]:
        """The observations that show that something was not done."""
        return tuple(e.observation for e in self.evidence if e.role == "watches")
