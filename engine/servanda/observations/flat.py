"""Flattened records: one column for each inner field, as CSV, Parquet and frames have them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from servanda.observations.bearings import read_bearing
from servanda.observations.numbers import number_of
from servanda.observations.problems import Flaw, shown

_PLACE = {
    **{name: name for name in ("lon", "lat", "error_m", "altitude_m", "altitude_error_m", "geometry")},
    **{name: name for name in ("zone", "settlement", "area", "observer", "bearing")},
    **{name: name for name in ("range_m", "reach_m", "near_m")},
    "observer_lon": "observer.0",
    "observer_lat": "observer.1",
    "bearing_from": "bearing.from",
    "bearing_to": "bearing.to",
    "range_min_m": "range_m.0",
    "range_max_m": "range_m.1",
}
"""Each column of a place, and the field within it; with `target_` before it the column of a target."""

COLUMNS: dict[str, str] = {
    "at_from": "at.from",
    "at_to": "at.to",
    "at_kind": "at.kind",
    **{name: f"place.{inner}" for name, inner in _PLACE.items()},
    **{f"target_{name}": f"target.{inner}" for name, inner in _PLACE.items()},
    "weapon_category": "weapon.category",
    "weapon_model": "weapon.model",
    "weapon_serial": "weapon.serial",
    "calibre_mm": "weapon.calibre_mm",
    "calibre_min_mm": "weapon.calibre_mm.min",
    "calibre_max_mm": "weapon.calibre_mm.max",
    "count_min": "count.min",
    "count_max": "count.max",
    "count_about": "count.about",
    **{f"source_{name}": f"source.{name}" for name in ("id", "kind", "origin", "sense")},
}
"""Each flattened column, and the field of the record it stands for."""

_NUMBERS = {
    *("lon", "lat", "error_m", "altitude_m", "altitude_error_m", "range_m", "reach_m", "near_m", "calibre_mm"),
    *("observer_lon", "observer_lat", "range_min_m", "range_max_m"),
    *("calibre_min_mm", "calibre_max_mm", "count", "count_min", "count_max", "count_about"),
}
_LISTS = {"actor_candidates", "weapon_model", "denies", "refers_to"}
_JSON = {"geometry", "custody", "able_to_see", "fields"}
_TRUTH = {"true": True, "false": False}


def unflatten(cells: Mapping[str, Any]) -> tuple[dict[str, Any], list[Flaw]]:
    """Turn a flat row into a nested record.

    Args:
        cells: Cells by column; None and the empty text mean not stated. Lists are separated
            by ``|``; ``geometry``, ``custody``, ``able_to_see`` and ``fields`` hold JSON.

    Returns:
        The record, and a flaw for each cell that could not be read. A column that is neither a
        flattened one nor a field stays at the top level, where it is refused or declared.
    """
    record: dict[str, Any] = {}
    flaws: list[Flaw] = []
    for column, cell in cells.items():
        if cell is None or cell == "":
            continue
        value = _value(column, cell) if isinstance(cell, str) else cell
        if isinstance(value, Flaw):
            flaws.append(value)
        elif wrong := _put(record, COLUMNS.get(column, column), value):
            message = f"{column} cannot stand together with {wrong}"
            flaws.append(Flaw(column, "O122", message, "keep one of the two", shown(cell)))
    _close_pairs(record)
    return record, flaws


def _value(column: str, cell: str) -> Any:  # noqa: ANN401 -- any JSON value
    if column.removeprefix("target_") in _NUMBERS:
        value = number_of(cell)
        if value is None:
            return Flaw(column, "O151", f'"{shown(cell)}" is not a number', "", shown(cell))
        return value
    if column in _LISTS:
        return [part.strip() for part in cell.split("|")]
    if column.removeprefix("target_") == "bearing":
        return read_bearing(cell)
    if column == "complete":
        if cell.lower() in _TRUTH:
            return _TRUTH[cell.lower()]
        return Flaw(column, "O122", "it is neither true nor false", "", shown(cell))
    if column.removeprefix("target_") in _JSON:
        try:
            return json.loads(cell)
        except (ValueError, RecursionError):
            return Flaw(column, "O101", "this column holds JSON, and this is not", "", shown(cell))
    return cell


def _put(record: dict[str, Any], path: str, value: object) -> str:
    """Put a value where it belongs; return what already stands in the way."""
    *outer, last = path.split(".")
    here = record
    for place, name in enumerate(outer):
        inner = here.setdefault(name, {})
        if not isinstance(inner, dict):
            return ".".join(outer[: place + 1])
        here = inner
    if last in here:
        return path
    here[last] = value
    return ""


def _close_pairs(record: dict[str, Any]) -> None:
    """Turn the pairs of columns for an observer's position and a range into lists."""
    for place in (record.get("place"), record.get("target")):
        for name in ("observer", "range_m"):
            pair = place.get(name) if isinstance(place, dict) else None
            if isinstance(pair, dict) and isinstance(place, dict):
                place[name] = [pair.get("0"), pair.get("1")]
