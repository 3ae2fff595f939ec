"""One raw record to one observation, or to everything that is wrong with it."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from servanda.observations import times
from servanda.observations.border import flaws_of
from servanda.observations.model import Interval, Observation, time_flaws
from servanda.observations.problems import Flaw, did_you_mean, shown

_DEEPEST = 40
KNOWN = tuple(Observation.model_fields)
"""The fixed names of the record's fields."""


def from_record(
    record: object,
    *,
    time_zone: str | None = None,
    known_fields: Collection[str] | None = None,
) -> Observation | list[Flaw]:
    """Check one record and build the observation.

    Args:
        record: A mapping of field names to JSON values.
        time_zone: IANA name for local times and dates of records that state none.
        known_fields: Further fields the vocabulary declares; these may stand at the top
            level, and nothing else may stand in ``fields``. None: not known here, so ``fields``
            is left to whoever knows the vocabulary, and the top level takes no others.

    Returns:
        The observation, or every flaw found.
    """
    if isinstance(record, Observation):
        record = record.to_record()
    if not isinstance(record, Mapping):
        return [Flaw(None, "O111", "a record is an object with named fields", "", shown(record))]
    flaws = list(unsound(record))
    if flaws:
        return flaws
    fixed, flaws = _set_aside(dict(record), known_fields)
    if time_zone is not None and fixed.get("time_zone") is None and _has_local_time(fixed):
        fixed["time_zone"] = time_zone
    try:
        observation = Observation.model_validate(fixed)
    except ValidationError as error:
        flaws = [*flaws, *flaws_of(error, Observation)]
        seen = {flaw.field for flaw in flaws}
        return [*flaws, *(late for late in _late(fixed) if late.field not in seen)]
    return flaws or observation


def unsound(record: object) -> Iterator[Flaw]:
    """Find what no JSON value may be, wherever it is nested.

    Args:
        record: Any value.

    Yields:
        A flaw for each number that is not finite, text that is not Unicode, object that is not
        JSON, and for nesting beyond 40 levels (once).
    """
    stack: list[tuple[str, object, int]] = [("", record, 0)]
    while stack:
        path, value, depth = stack.pop()
        if depth > _DEEPEST:
            yield Flaw(path.split(".")[0], "O104", f"it is nested more than {_DEEPEST} deep")
            return
        if isinstance(value, Mapping):
            pairs = [(str(key), inner) for key, inner in value.items()]
        elif isinstance(value, list | tuple):
            pairs = [(str(place), inner) for place, inner in enumerate(value)]
        else:
            if problem := _scalar(value):
                yield Flaw(path or None, *problem, "", shown(value))
            continue
        for key, inner in pairs:
            if problem := _scalar(key):
                yield Flaw(path or None, *problem, "", shown(key))
            stack.append((f"{path}.{key}" if path else key, inner, depth + 1))


def _scalar(value: object) -> tuple[str, str] | None:
    if value is None or isinstance(value, bool | int):
        return None
    if isinstance(value, float):
        return None if math.isfinite(value) else ("O105", "it is not a finite number")
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return "O102", "it holds a byte or character that is not valid text"
        return None
    return "O122", f"a {type(value).__name__} is not a JSON value"


def _set_aside(record: dict[str, Any], known: Collection[str] | None) -> tuple[dict[str, Any], list[Flaw]]:
    """Move declared further fields into ``fields``; name those nobody declared."""
    fixed = {key: value for key, value in record.items() if key in KNOWN and value is not None}
    further = fixed.get("fields")
    flaws: list[Flaw] = []
    if further is None:
        further = {}
    elif not isinstance(further, Mapping):
        return fixed, []  # pydantic says what is wrong with it
    further = dict(further)
    for key in set(record) - set(KNOWN):
        if key in further:
            flaws.append(Flaw(str(key), "O103", f'"{key}" stands both outside and inside fields'))
        further[key] = record[key]
    for key, value in further.items():
        inside = key not in record
        if key in (known or ()) or (inside and known is None):
            continue
        names = [*KNOWN, *(known or ())]
        message = f'the field "{shown(key)}" is not known'
        flaws.append(Flaw(str(key), "O120", message, did_you_mean(str(key), names), shown(value)))
    return {**fixed, "fields": further}, sorted(flaws, key=lambda flaw: str(flaw.field))


def _late(record: Mapping[str, Any]) -> list[Flaw]:
    """Check the times of a record whose other fields failed, so that all is said at once."""
    zone, received = record.get("time_zone"), record.get("received")
    if (zone is not None and not isinstance(zone, str)) or not isinstance(received, str | None):
        return []
    try:
        at = record.get("at")
        at = at if isinstance(at, str) else Interval.model_validate(at)
    except ValidationError:
        return []
    return time_flaws(at, received, zone)


def _has_local_time(record: Mapping[str, Any]) -> bool:
    at = record.get("at")
    ends = [at.get("from"), at.get("to")] if isinstance(at, Mapping) else [at]
    return any(isinstance(end, str) and times.is_local(end) for end in [*ends, record.get("received")])
