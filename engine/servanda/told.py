"""What a monitor has said of an instance, as it is kept: small, and written to a file without loss."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from servanda.findings.model import Finding
from servanda.outcomes import Outcome

_OUTCOMES = TypeAdapter(tuple[Outcome, ...])


@dataclass(frozen=True)
class Told:
    """A finding as it was last reported.

    Attributes:
        outcome: What it was made from.
        digest: Its digest.
        content: The finding as compressed JSON.
        revision: How often it was told.
        supersedes: The digest before.
    """

    outcome: Outcome
    digest: str
    content: bytes
    revision: int
    supersedes: str | None

    @staticmethod
    def of(outcome: Outcome, finding: Finding) -> Told:
        """Keep a finding."""
        return Told(outcome, finding.digest, packed(finding.record()), finding.revision, finding.supersedes)

    @property
    def finding(self) -> Finding:
        """The finding as it was told."""
        return Finding.model_validate(unpacked(self.content))

    def at(self, instant: str) -> Finding:
        """The finding as it is at a later instant, where nothing but that instant is another."""
        record = unpacked(self.content)
        record["times"]["evaluated_at"] = instant
        return Finding.model_validate(record).sealed()


def packed(value: dict[str, Any]) -> bytes:
    """A JSON object, compressed."""
    return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), 1)


def unpacked(data: bytes) -> dict[str, Any]:
    """A JSON object that was compressed."""
    found: dict[str, Any] = json.loads(zlib.decompress(data))
    return found


def written(outcomes: tuple[Outcome, ...]) -> str:
    """Outcomes as JSON."""
    return _OUTCOMES.dump_json(outcomes).decode()


def as_written(text: str) -> tuple[Outcome, ...]:
    """Outcomes that were written as JSON."""
    return _OUTCOMES.validate_json(text)
