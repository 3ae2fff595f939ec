"""The observation: what a source says it saw, exactly as the mechanism got it.

This is the border of the system, so it is a pydantic model: frozen, and
refusing every field it does not know. What is written stays as written (a
compass point is not turned into degrees); `Observation.when` and
`servanda.observations.shapes.settle_place` say what it means.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    field_validator,
    model_validator,
)

from servanda.observations import times
from servanda.observations.border import raise_flaw
from servanda.observations.numbers import Amount, Text, Word
from servanda.observations.place import Place
from servanda.observations.problems import Flaw


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _form(value: object) -> str:
    return "parts" if isinstance(value, dict | BaseModel) else "plain"


Names = Annotated[tuple[Text, ...], BeforeValidator(_listed)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Interval(_Frozen):
    """``at`` with two ends.

    Attributes:
        from_: Start (``from`` in a record): instant, local time or date.
        to: End: excluded if a time, the whole last day if a date.
        kind: ``within`` (one moment somewhere inside), ``throughout``, or ``spread``
            (each counted item at its own unknown moment inside).
    """

    from_: Text = Field(alias="from")
    to: Text
    kind: Literal["within", "throughout", "spread"] = "within"


class Bounds(_Frozen):
    """A figure known only in bounds.

    Attributes:
        min: At least so many; None if not stated.
        max: At most so many; None if not stated.
        about: An approximate figure the source gave. Nobody knows how far off it is, so it
            bounds nothing: `min` becomes 1 and `max` stays open unless they are stated.
    """

    min: Amount | None = None
    max: Amount | None = None
    about: Amount | None = None

    @model_validator(mode="before")
    @classmethod
    def _about_is_at_least_one(cls, value: Any) -> Any:  # noqa: ANN401 -- pydantic hands over anything
        if isinstance(value, dict) and value.get("about") is not None and value.get("min") is None:
            return {**value, "min": 1}
        return value

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min is None and self.max is None:
            raise_flaw(Flaw("", "O121", "bounds need a min, a max or an about"))
        if self.about == 0:
            raise_flaw(
                Flaw("about", "O124", "about nought is no figure", "write a count of 0 where none was seen", "0")
            )
        if self.min is not None and self.max is not None and self.min > self.max:
            message = f"the min ({self.min}) is greater than the max ({self.max})"
            raise_flaw(Flaw("min", "O124", message, "", str(self.min)))
        return self


Figure = Annotated[Annotated[Amount, Tag("plain")] | Annotated[Bounds, Tag("parts")], Discriminator(_form)]


class Weapon(_Frozen):
    """What kind of weapon or object it was.

    Attributes:
        category: A category of the vocabulary.
        model: Model names; several where the source names several. May be written as one text.
        calibre_mm: Calibre in millimetres, or bounds.
        serial: Serial number.
    """

    category: Text | None = None
    model: Names = ()
    calibre_mm: Figure | None = None
    serial: Text | None = None


class Struck(_Frozen):
    """What an act was done to, as far as the source says.

    Attributes:
        category: A kind of object of the vocabulary.
    """

    category: Text | None = None


class Source(_Frozen):
    """Who says so.

    Attributes:
        id: The source's name. A party that claims is a source, not the actor.
        kind: satellite, aerial, ground, camera, acoustic, radar, notification, media or other.
        origin: Groups sources that are not independent of each other.
        sense: seen, heard, measured or told.
    """

    id: Word
    kind: Word | None = None
    origin: Word | None = None
    sense: Literal["seen", "heard", "measured", "told"] | None = None


class Sight(_Frozen):
    """What a watch was able to see.

    Attributes:
        acts: The acts it would have seen; an act is seen only where it is named.
        categories: The categories it would have seen, where it could not see all.
        calibre_from_mm: The least calibre it would have seen, where it could not see all.
    """

    acts: Names
    categories: Names = ()
    calibre_from_mm: Amount | None = None


class Observation(_Frozen):
    """One record of a source, immutable.

    Attributes:
        id: Unique text; the same id with the same content is the same record.
        act: An act, effect or record of procedure of the vocabulary.
        actor: A party's name; None where the source cannot say.
        actor_candidates: Parties it may have been.
        at: An instant, a bare date (the whole local day), or an `Interval`.
        received: When the mechanism got it; None means not known.
        place: Where, in one of several forms. Whether that is where from, or where it arrived, the vocabulary says.
        target: Where it arrived, in the same forms, for an act that `place` says where from.
        weapon: Kind of weapon or object.
        object: What it was done to, for acts such as `strike`.
        count: How many: a number or `Bounds`.
        unit: Of what.
        complete: Whether everything there was counted.
        source: Who says so.
        source_assessment: What the source concluded; never evidence of breach.
        grade: Admiralty code, ``A1`` to ``F6``.
        incident: Groups observations believed to be one event.
        denies: What the source says did not happen. May be written as one text.
        refers_to: The notification, request or finding it answers. May be written as one text.
        corrects: Id of the observation this one corrects.
        retracts: Id of the observation this one takes back.
        custody: Content hash, collector, transfers; kept, not interpreted.
        confidentiality: Who may see it.
        note: Free text; shown, not interpreted.
        time_zone: IANA name for local times in this record.
        able_to_see: For ``watch``: what could have been seen.
        fields: Further fields the vocabulary declares for the act.
    """

    id: Text
    act: Text
    actor: Text | None = None
    actor_candidates: Names = ()
    at: Annotated[Annotated[Text, Tag("plain")] | Annotated[Interval, Tag("parts")], Discriminator(_form)]
    received: Text | None = None
    place: Place | None = None
    target: Place | None = None
    weapon: Weapon | None = None
    object: Struck | None = None
    count: Figure | None = None
    unit: Word | None = None
    complete: Annotated[bool, Field(strict=True)] | None = None
    source: Source | None = None
    source_assessment: Text | None = None
    grade: Annotated[str, Field(pattern=r"^[A-F][1-6]$")] | None = None
    incident: Word | None = None
    denies: Names = ()
    refers_to: Names = ()
    corrects: Text | None = None
    retracts: Text | None = None
    custody: dict[str, Any] = Field(default_factory=dict)
    confidentiality: Literal["internal", "parties", "guarantors", "public"] | None = None
    note: Text | None = None
    time_zone: Text | None = None
    able_to_see: Sight | None = None
    fields: dict[str, Any] = Field(default_factory=dict)

    @field_validator("id")
    @classmethod
    def _plain_id(cls, value: str) -> str:
        if value != value.strip() or not value.isprintable():
            message = "an id has no blanks at its ends and no line breaks or control characters"
            raise_flaw(Flaw("", "O125", message, "", value))
        return value

    @model_validator(mode="after")
    def _times_are_times(self) -> Self:
        if self.time_zone is not None and times.zone_of(self.time_zone) is None:
            raise_flaw(times.unknown_zone(self.time_zone))
        for flaw in time_flaws(self.at, self.received, self.time_zone):
            raise_flaw(flaw)
        return self

    def _when(self, zone: str | None) -> times.When | Flaw:
        zone = self.time_zone or zone
        if isinstance(self.at, str):
            return times.parse(self.at, zone)
        found = times.parse_interval(self.at.from_, self.at.to, self.at.kind, zone)
        return found[0] if isinstance(found, list) else found

    def _received(self, zone: str | None) -> times.When | Flaw | None:
        if self.received is None:
            return None
        return times.parse(self.received, self.time_zone or zone, "received")

    def when(self, zone: str | None = None) -> times.When:
        """Return when it was seen.

        Args:
            zone: IANA name for a bare date whose record states no zone.

        Returns:
            The time; `When.settled` is False if days still lack a zone.

        Raises:
            ValueError: If the day does not exist in `zone`, or the zone is unknown.
        """
        return _or_raise(self._when(zone))

    def received_when(self, zone: str | None = None) -> times.When | None:
        """Return when the mechanism got it.

        Args:
            zone: IANA name for a bare date whose record states no zone.

        Returns:
            The time (take ``latest_us`` for "surely known by then"), or None if not stated.

        Raises:
            ValueError: If the day does not exist in `zone`, or the zone is unknown.
        """
        found = self._received(zone)
        return None if found is None else _or_raise(found)

    def to_record(self) -> dict[str, Any]:
        """Return the record as JSON values, without what is not stated.

        Returns:
            A dict that `servanda.read` reads back to an equal observation.
        """
        return self.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)

    def digest(self) -> str:
        """Return a digest of the content, the same on every machine.

        Returns:
            SHA-256 in hexadecimal of the canonical JSON.
        """
        text = json.dumps(self.to_record(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def time_flaws(at: str | Interval, received: str | None, zone: str | None) -> list[Flaw]:
    """Find everything that is wrong with the times of a record.

    Args:
        at: When it was seen.
        received: When the mechanism got it.
        zone: IANA name, or None.

    Returns:
        The flaws; empty if the times are sound.
    """
    found: list[times.When | Flaw] = []
    if isinstance(at, str):
        found.append(times.parse(at, zone))
    else:
        interval = times.parse_interval(at.from_, at.to, at.kind, zone)
        found.extend(interval if isinstance(interval, list) else [interval])
    if received is not None:
        found.append(times.parse(received, zone, "received"))
    return [flaw for flaw in found if isinstance(flaw, Flaw)]


def _or_raise(found: times.When | Flaw) -> times.When:
    if isinstance(found, Flaw):
        raise ValueError(found.message)  # noqa: TRY004 -- it is the value that is wrong
    return found
