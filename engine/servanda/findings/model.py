"""The finding: one answer about one rule, with everything a reader needs to check it. Field names are fixed."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from servanda import moments
from servanda.moments import Bounds
from servanda.outcomes import Effect, Verdict


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Between(_Part):
    """An instant known within bounds, as ISO 8601 in UTC; `latest` is null where it may never be."""

    earliest: str
    latest: str | None

    @classmethod
    def of(cls, bounds: Bounds) -> Between:
        """Bounds in microseconds since the epoch, written down."""
        latest = None if bounds.latest_us >= moments.NEVER_US else moments.iso(bounds.latest_us)
        return cls(earliest=moments.iso(bounds.earliest_us), latest=latest)

    @property
    def bounds(self) -> Bounds:
        """The same in microseconds since the epoch."""
        latest_us = moments.NEVER_US if self.latest is None else moments.us_of(self.latest)
        return Bounds(moments.us_of(self.earliest), latest_us)


class EvidenceItem(_Part):
    """An observation and the part it plays."""

    observation: str
    role: str


class Measure(_Part):
    """A figure against a limit; `for` says for whom it was measured."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    name: str
    for_: str | None = Field(default=None, alias="for")
    min: float | None = None
    max: float | None = None
    limit: float | None = None
    unit: str
    observation: str | None = None


class UnitCount(_Part):
    """How many of a unit, at least and at most; `about` is a rounded figure of the source. Units are never added."""

    min: float | None = None
    max: float | None = None
    about: float | None = None


class Attribution(_Part):
    """Who did it, a question apart from whether the clause was breached."""

    status: Literal["none", "candidates", "assessed", "attributed", "admitted", "cannot-be-attributed"]
    party: str | None = None
    basis: str | None = None
    standard: str | None = None
    by: str | None = None
    candidates: tuple[str, ...] = ()


class Determination(_Part):
    """What a body that the agreement empowers determined; the engine's own verdict stands beside it unchanged."""

    outcome: Literal["violation", "no-violation", "excused", "unable-to-determine", "outside-mandate"]
    by: tuple[str, ...]
    at: Between
    records: tuple[str, ...]
    dissents: tuple[str, ...] = ()


class Filing(_Part):
    """A record of procedure about the finding: who put it on record, what it says, and what it does."""

    observation: str
    act: str
    by: str | None = None
    effect: Effect
    to: str | None = None
    """The record from which it dissents."""
    says: str = ""


class ExceptionTested(_Part):
    """What became of an exception."""

    rule: str
    result: Literal["shown", "not-shown", "open", "claimed"]


class AssumptionUsed(_Part):
    """A choice of the encoder on which the finding rests."""

    id: str
    text: str
    because: str
    file: str
    line: int


class ReadingUsed(_Part):
    """The verdict under one choice of readings."""

    readings: dict[str, str]
    verdict: Verdict


class Parting(_Part):
    """Where readings part: from which instant on, and until when, they differ; and the observations they judge so."""

    at: Between | None
    on: tuple[str, ...]


class SourceAssessment(_Part):
    """What a source concluded itself; shown, never evidence."""

    observation: str
    text: str


class Citation(_Part):
    """The clause, and where it stands in the text and in the encoding."""

    agreement: str
    title: str
    clause: str
    heading: str
    gist: str | None = None
    text: str | None = None
    language: str | None = None
    source: str | None = None
    encoded_from: str | None = None
    provenance: str
    version: str | None = None
    file: str
    line: int

    def __str__(self) -> str:
        """The citation in one line."""
        return f"{self.title}, clause {self.clause} ({self.heading})"


class Times(_Part):
    """The five times of a finding."""

    event: Between | None = None
    received: Between | None = None
    evaluated_at: str
    known_at: str | None = None
    agreement_version: str | None = None
    encoding: str


class Finding(_Part):
    """One finding.

    `id` comes from agreement, rule and instance alone; `digest` from the whole content but `revision` and `supersedes`.
    """

    id: str
    digest: str = ""
    status: Literal["proposed", "determined"] = "proposed"
    determination: Determination | None = None
    procedure: tuple[Filing, ...] = ()
    rule: str
    clause: str
    verdict: Verdict
    bearer: str | None = None
    actor: str | None = None
    attribution: Attribution
    at: Between | None = None
    binds: Between | None = None
    """From when the rule bound those it may have been."""
    deadline: Between | None = None
    evidence: tuple[EvidenceItem, ...] = ()
    by_unit: dict[str, UnitCount] = Field(default_factory=dict)
    counterpart: tuple[str, ...] = ()
    instance: str
    triggered_by: str | None = None
    """The id of the finding of the violation that triggered the duty, where one did."""
    place: dict[str, Any] | None = None
    measured: tuple[Measure, ...] = ()
    exceptions: tuple[ExceptionTested, ...] = ()
    standard: str | None = None
    assumptions: tuple[AssumptionUsed, ...] = ()
    readings: tuple[ReadingUsed, ...] = ()
    parted: Parting | None = None
    """Where the readings part, if they give different answers."""
    because: str
    seen: str = ""
    """What was seen, when and where: the fact of `because` by itself; empty where nothing was."""
    undecided_by: tuple[str, ...] = ()
    remedy: str | None = None
    source_assessments: tuple[SourceAssessment, ...] = ()
    unreviewed: bool = False
    citation: Citation
    times: Times
    confidentiality: str | None = None
    revision: int = 1
    supersedes: str | None = None

    def record(self) -> dict[str, Any]:
        """The finding as JSON values."""
        return self.model_dump(mode="json", by_alias=True)

    def sealed(self) -> Finding:
        """The finding with its digest."""
        content = self.record()
        for history in ("digest", "revision", "supersedes"):
            content.pop(history)
        for part in (content["citation"], *content["assumptions"]):
            part.pop("file")  # where the agreement lies on this machine is no part of what is found
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return self.model_copy(update={"digest": hashlib.sha256(text.encode()).hexdigest()})
