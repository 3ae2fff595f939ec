"""A fact: an observation as interpreters see it, with integers and truth values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from servanda.plan import Predicate, Select
from servanda.truth import Truth

WATCH = "watch"
"""The act of looking, whatever was seen."""

DENIED = "deny-access"
"""The act by which one who watches is kept from seeing."""

GROUP = "group"
"""The record that says which observations are of one incident."""

TALLY = "tally"
"""The record by which a source gives a total of its own."""

GATE = "gate"
"""The field of a certificate that names the gate it opens."""

CLAIMED = "exception"
"""The field of a claim that names the permission it relies on."""

Word = Literal["", "notice", "own", "claim"]
Kind = Literal["instant", "within", "throughout", "spread"]


@dataclass(frozen=True)
class Figure:
    """How many of what a source says there were.

    Attributes:
        least: At least so many.
        most: At most so many; None where it does not say.
        unit: The unit of the vocabulary that its word stands for; empty where it is none of them, or not stated.
        stated: Whether it gives a figure at all.
        bare: Whether it gives a figure without any unit.
        complete: Whether it says that everything there was counted.
    """

    least: float = 1.0
    most: float | None = None
    unit: str = ""
    stated: bool = False
    bare: bool = False
    complete: bool = False


Extent = tuple[int, int, int, int]
"""West, south, east and north of everywhere something may have been, in millionths of a degree."""


@dataclass(frozen=True)
class Fact:
    """An observation, settled.

    Attributes:
        id: The observation's id.
        act: What it shows.
        record: Whether that is a record of procedure, which is about an event and no report of it.
        earliest_us: Not before, microseconds since the epoch.
        latest_us: Before this (for an instant, at this).
        kind: How the thing seen lies in the interval.
        actors: Who it was, or may have been; empty where nobody could say.
        truths: The predicates' values; those that depend on who acts stand under each name, the others under "".
        source: Who says so.
        origin: Where that source has it from, which makes sources of one origin one; None where that is not said.
        grade: The grade of the report (Admiralty code), a letter and a figure; None where it has none.
        word: Whose word it is, where it is a party's: a `notice` (its own act of telling, as received), of its
            `own` act, or a `claim` about others; empty for all others.
        incident: The event it belongs to, or None where it stands alone.
        reported_incident: The event its own record puts it in, where a group record puts it elsewhere.
        refers_to: Records it answers.
        denies: What it says did not happen.
        corrects: The observation it replaces.
        retracts: The observation it takes back.
        received_us: When the mechanism got it, within these bounds; None where that is not known.
        exception: The permission that a claim names.
        told: What a record of procedure says, by the further fields of its act.
        figure: How many of what.
        extent: The box that surely holds the place; None where the place is unknown, or may be either of two ends.
        kinds: The categories it may be of; empty where nobody could say.
        serial: The serial number of what was seen.
    """

    id: str
    act: str
    earliest_us: int
    latest_us: int
    kind: Kind
    actors: tuple[str, ...] = ()
    truths: Mapping[tuple[Predicate, str], Truth] = field(default_factory=dict, hash=False)
    source: str | None = None
    origin: str | None = None
    grade: str | None = None
    word: Word = ""
    incident: str | None = None
    reported_incident: str | None = None
    refers_to: frozenset[str] = frozenset()
    denies: frozenset[str] = frozenset()
    corrects: str | None = None
    retracts: str | None = None
    record: bool = False
    received_us: tuple[int, int] | None = None
    exception: str | None = None
    told: tuple[tuple[str, str], ...] = ()
    figure: Figure = field(default_factory=Figure)
    extent: Extent | None = None
    kinds: frozenset[str] = frozenset()
    serial: str | None = None

    @property
    def points_at(self) -> str | None:
        """The observation it corrects or retracts."""
        return self.corrects or self.retracts

    def truth(self, predicate: Predicate, actor: str) -> Truth:
        """The value of one predicate, if it was this actor."""
        return self.truths[(predicate, actor if predicate.per_actor else "")]

    def matches(self, select: Select, actor: str) -> Truth:
        """Whether it is a mark of a selection, if it was this actor."""
        if not select.counts(self.act):
            return Truth.FALSE
        value = Truth.TRUE
        for predicate in select.predicates:
            value = min(value, self.truth(predicate, actor))
            if value is Truth.FALSE:
                break
        return value
