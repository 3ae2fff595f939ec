"""What came out of reading: the records, what was set aside, and the counts that reconcile.

Joining is idempotent and does not depend on the order: a record read twice is
one record, and two records with one id but different content are both set
aside, whichever came first, and stay so whatever is joined later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from servanda.observations.model import Observation
from servanda.observations.problems import Rejection

SAME_AGAIN = "the same record again (same id, same content)"
"""The reason under which repeated records are counted in `Observations.ignored`."""


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """Where a record stood.

    Attributes:
        file: The file as the caller named it.
        line: First physical line from 1; for frames and lists of records the row.
    """

    file: str
    line: int

    def __str__(self) -> str:
        """Return ``file:line``.

        Returns:
            The place.
        """
        return f"{self.file}:{self.line}"


Claims = Mapping[str, Mapping[str, tuple[Origin, ...]]]
"""For each id, the digest of each content met, with the places it stood at."""


@dataclass(frozen=True, slots=True, order=True)
class SourceFile:
    """One file that was read.

    Attributes:
        file: The file as the caller named it.
        sha256: Digest of its bytes in hexadecimal; empty where there was no file.
        encoding: The text encoding that was used; empty where there is none.
    """

    file: str
    sha256: str
    encoding: str = ""


@dataclass(frozen=True)
class Observations:
    """Records, and an account of everything that did not become one.

    Attributes:
        records: The accepted observations, each id once.
        rejected: What was set aside; a row with three problems stands here three times.
        read: Rows or records met, accepted or not, ignored ones included.
        ignored: Rows deliberately left out, counted by reason.
        sources: The files read, with digests.
        origins: For each accepted id, where it came from.
        claims: For each id met more than once, the digest of each content with its places; an
            id with two contents is a conflict.
    """

    records: tuple[Observation, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    read: int = 0
    ignored: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    sources: tuple[SourceFile, ...] = ()
    origins: Mapping[str, Origin] = field(default_factory=lambda: MappingProxyType({}))
    claims: Claims = field(default_factory=lambda: MappingProxyType({}), repr=False)

    def __iter__(self) -> Iterator[Observation]:
        """Go through the accepted observations.

        Returns:
            An iterator in the order of reading.
        """
        return iter(self.records)

    def __len__(self) -> int:
        """Count the accepted observations.

        Returns:
            How many there are.
        """
        return len(self.records)

    @property
    def rejected_rows(self) -> int:
        """Count the rows set aside, each once however many problems it has.

        Returns:
            How many there are.
        """
        return len({(rejection.file, rejection.line, rejection.id) for rejection in self.rejected})

    def __add__(self, other: Observations) -> Observations:
        """Join two readings.

        Args:
            other: Another reading.

        Returns:
            Both, with records met twice counted once and conflicts set aside.
        """
        ignored: dict[str, int] = {}
        for reason, count in (*self.ignored.items(), *other.ignored.items()):
            if reason != SAME_AGAIN:  # counted anew from the claims
                ignored[reason] = ignored.get(reason, 0) + count
        return collect(
            [
                (record, None if record.id in part.claims else part.origins[record.id])
                for part in (self, other)
                for record in part.records
            ],
            [r for r in (*self.rejected, *other.rejected) if r.code != "O110"],
            read=self.read + other.read,
            ignored=ignored,
            sources=tuple(dict.fromkeys(self.sources + other.sources)),
            earlier=(self.claims, other.claims),
        )


def collect(
    found: Sequence[tuple[Observation, Origin | None]],
    rejected: Sequence[Rejection],
    *,
    read: int,
    ignored: Mapping[str, int],
    sources: tuple[SourceFile, ...] = (),
    earlier: tuple[Claims, ...] = (),
) -> Observations:
    """Put records together: each id once, conflicts set aside.

    Args:
        found: Records with their places; None where the place stands in `earlier` already.
        rejected: What was already set aside, without conflicts of id.
        read: Rows met.
        ignored: Rows left out, by reason.
        sources: Files read.
        earlier: Claims of the readings that are being joined.

    Returns:
        The reading.
    """
    claims: dict[str, dict[str, tuple[Origin, ...]]] = {}
    for before in earlier:
        for record_id, contents in before.items():
            for digest, origins in contents.items():
                _claim(claims, record_id, digest, origins)
    kept: dict[str, Observation] = {}
    first: dict[str, Origin] = {}
    for record, origin in found:
        if origin is not None:
            if record.id in first:  # only now is a digest worth its cost
                _claim(claims, record.id, kept[record.id].digest(), (first.pop(record.id),))
            if record.id in claims:
                _claim(claims, record.id, record.digest(), (origin,))
            else:
                first[record.id] = origin
        kept.setdefault(record.id, record)
    conflicts = {key: contents for key, contents in claims.items() if len(contents) > 1}
    again = sum(len(at) - 1 for key in claims.keys() - conflicts.keys() for at in _all(claims[key]))
    origins_of = {key: _all(claims[key])[0][0] for key in claims.keys() - conflicts.keys()} | first
    return Observations(
        tuple(record for record in kept.values() if record.id not in conflicts),
        (*rejected, *_conflicts(conflicts)),
        read,
        MappingProxyType({**ignored, SAME_AGAIN: again} if again else dict(ignored)),
        sources,
        MappingProxyType(origins_of),
        MappingProxyType(claims),
    )


def _claim(
    claims: dict[str, dict[str, tuple[Origin, ...]]],
    record_id: str,
    digest: str,
    origins: tuple[Origin, ...],
) -> None:
    contents = claims.setdefault(record_id, {})
    contents[digest] = tuple(sorted(contents.get(digest, ()) + origins))


def _all(contents: Mapping[str, tuple[Origin, ...]]) -> list[tuple[Origin, ...]]:
    return list(contents.values())


def _conflicts(conflicts: Claims) -> Iterator[Rejection]:
    for record_id in sorted(conflicts):
        contents = conflicts[record_id]
        for digest, places in sorted(contents.items(), key=lambda item: item[1]):
            others = sorted(at for key, held in contents.items() if key != digest for at in held)
            named = ", ".join(map(str, others))
            message = f'the id "{record_id}" stands for something else at {named}'
            advice = "give one of them another id, or send a correction that points back"
            for at in places:
                yield Rejection(at.file, at.line, "id", "O110", message, advice, record_id, record_id)
