"""What a mapping makes of a table, before anyone relies on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from servanda.observations.collection import Observations
from servanda.observations.mapping.load import Mapped, load_mapping
from servanda.observations.problems import Rejection
from servanda.observations.read import PathLike, read
from servanda.observations.shapes import Unplaced, settle_place

Key = TypeVar("Key", bound="str | tuple[str, str]")


@dataclass(frozen=True)
class Preview:
    """Counts and examples; nothing here is judged.

    Attributes:
        read: Rows met.
        made: Observations made.
        rejected_rows: Rows set aside.
        rejected: Problems by column and reason, with how many rows have each.
        ignored: Rows left out, by reason.
        ignored_columns: Columns left out, with the mapping's reason.
        unknown: For each column, values its value map does not hold, with counts.
        first: Earliest instant in ISO 8601 UTC, or the earliest day without a zone; None if none.
        last: The latest, likewise.
        without_actor: Observations that name neither an actor nor candidates.
        acts: Observations by act.
        unplaced: Observations without a place, by reason.
        rejections: Every problem, by file, line and field.
    """

    read: int
    made: int
    rejected_rows: int
    rejected: Mapping[tuple[str, str], int]
    ignored: Mapping[str, int]
    ignored_columns: Mapping[str, str]
    unknown: Mapping[str, Mapping[str, int]]
    first: str | None
    last: str | None
    without_actor: int
    acts: Mapping[str, int]
    unplaced: Mapping[str, int]
    rejections: tuple[Rejection, ...] = ()

    def as_text(self) -> str:
        """Return the preview for a terminal or a mail.

        Returns:
            Lines of plain text.
        """
        lines = [f"rows read            {self.read}", f"observations made    {self.made}"]
        lines.append(f"rows rejected        {self.rejected_rows}")
        lines += [f"    {field or '-'}: {why}: {n}" for (field, why), n in self.rejected.items()]
        lines.append(f"rows ignored         {sum(self.ignored.values())}")
        lines += [f"    {reason}: {count}" for reason, count in self.ignored.items()]
        lines.append(f"columns ignored      {len(self.ignored_columns)}")
        lines += [f"    {column}: {why}" for column, why in self.ignored_columns.items()]
        for column, values in self.unknown.items():
            lines.append(f"unknown values of {column}")
            lines += [f"    {value}: {count}" for value, count in values.items()]
        lines.append(f"dates                {self.first or '-'} to {self.last or '-'}")
        lines.append(f"without an actor     {self.without_actor}")
        lines.append("acts")
        lines += [f"    {act}: {count}" for act, count in self.acts.items()]
        lines.append(f"without a place      {sum(self.unplaced.values())}")
        lines += [f"    {reason}: {count}" for reason, count in self.unplaced.items()]
        return "\n".join(lines)


def preview(
    source: Any,  # noqa: ANN401 -- frames come from optional libraries
    mapping: Mapped | PathLike | None = None,
    *,
    time_zone: str | None = None,
    known_fields: Collection[str] | None = None,
) -> Preview:
    """Read a source and say what came of it.

    Args:
        source: Anything `servanda.read` takes.
        mapping: A mapping or the path of one.
        time_zone: IANA name for records that state none.
        known_fields: Further fields the vocabulary declares.

    Returns:
        The preview.

    Raises:
        ObservationError: If a file cannot be opened.
    """
    mapped = mapping if isinstance(mapping, Mapped | None) else load_mapping(mapping)
    observations = read(source, mapped, time_zone=time_zone, known_fields=known_fields)
    gazetteer = mapped.gazetteer if mapped else None
    places = (settle_place(record, gazetteer) for record in observations)
    unknown: dict[str, Counter[str]] = {}
    for rejection in observations.rejected:
        if rejection.code == "O150":
            unknown.setdefault(rejection.field or "", Counter())[rejection.value or ""] += 1
    first, last = _span(observations)
    return Preview(
        observations.read,
        len(observations),
        observations.rejected_rows,
        _ordered(Counter((r.field or "", r.message) for r in observations.rejected)),
        observations.ignored,
        mapped.ignore if mapped else {},
        {column: _ordered(values) for column, values in sorted(unknown.items())},
        first,
        last,
        sum(1 for record in observations if not (record.actor or record.actor_candidates)),
        _ordered(Counter(record.act for record in observations)),
        _ordered(Counter(place.reason for place in places if isinstance(place, Unplaced))),
        observations.rejected,
    )


def _ordered(counts: Counter[Key]) -> dict[Key, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], str(item[0]))))


def _span(observations: Observations) -> tuple[str | None, str | None]:
    whens = [record.when() for record in observations]
    ends = [(w.earliest_us, w.latest_us) for w in whens]
    starts = [start for start, _ in ends if start is not None]
    stops = [stop for _, stop in ends if stop is not None]
    if starts:
        return _iso(min(starts)), _iso(max(stops))
    days = [w.day.isoformat() for w in whens if w.day is not None]
    return (min(days), max(days)) if days else (None, None)


def _iso(us: int) -> str:
    return datetime.fromtimestamp(us // 1_000_000, UTC).isoformat().replace("+00:00", "Z")
