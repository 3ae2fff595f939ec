"""What the rooms of the oracle share: three answers, spans, instants, and what it is asked about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from servanda_dsl.model import Agreement

NO, MAYBE, YES = 0, 1, 2
SOMEONE_ELSE = "someone not bound"
NEVER = dt.datetime(9900, 1, 1, tzinfo=dt.UTC)
KINDS = {"prohibition", "obligation", "maintenance"}
Record = dict[str, Any]
Triggers = list[tuple[int, Record]]


@dataclass
class Answer:
    """The answer for one instance of one rule."""

    verdict: str
    evidence: frozenset[str] = frozenset()
    bearer: str | None = None
    by_silence: bool = False
    exceptions: dict[str, str] = field(default_factory=dict)
    """What becomes of each permission, in a word."""


@dataclass
class Span:
    """When something was seen: from `first` up to `end` (an instant has both the same)."""

    first: dt.datetime
    end: dt.datetime
    kind: str

    @property
    def instant(self) -> bool:
        return self.first == self.end

    @property
    def last(self) -> dt.datetime:
        """The last moment at which it can have been."""
        return self.first if self.instant else self.end - dt.timedelta(microseconds=1)


@dataclass
class When:
    """An anchor: somewhere from `early` to `late`; the days are those from which days are counted."""

    early: dt.datetime
    late: dt.datetime
    first_day: dt.date
    last_day: dt.date
    is_day: bool = False


@dataclass
class Asked:
    """An agreement, the records, and the instant of evaluation; what is worked out once stands here too."""

    agreement: Agreement
    records: list[Record]
    at: dt.datetime
    drawn: dict[str, list[tuple[dt.date, Any, list[tuple[Any, float]]]]] = field(default_factory=dict)
    trigger: Span | None = None
    at_edge: int = MAYBE
    zone: ZoneInfo = field(init=False)
    set_aside: int = field(init=False)
    unread: bool = field(init=False)
    by_id: dict[str, Record] = field(init=False)
    counting: dict[str, Record] = field(init=False)
    groups: list[Record] = field(init=False)
