"""The value of one field in one row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from servanda.observations.bearings import read_bearing
from servanda.observations.mapping.dates import moved, read_time, whole
from servanda.observations.mapping.nodes import (
    Constant,
    Group,
    Listed,
    Node,
    Taken,
    template_columns,
)
from servanda.observations.mapping.schema import Expression
from servanda.observations.problems import Flaw, did_you_mean, shown


class _Absent:
    """Not stated."""


ABSENT: Final = _Absent()
"""The value of a field the row does not state."""

_METRES = {
    "mm": Decimal("0.001"),
    "cm": Decimal("0.01"),
    "m": Decimal(1),
    "km": Decimal(1000),
    "ft": Decimal("0.3048"),
    "mi": Decimal("1609.344"),
    "nmi": Decimal(1852),
}
_NUMBERS = {
    *("count", "count.min", "count.max", "count.about"),
    *("weapon.calibre_mm", "weapon.calibre_mm.min", "weapon.calibre_mm.max"),
    *(f"{place}.{name}" for place in ("place", "target") for name in ("lon", "lat", "error_m", "altitude_m")),
    *(f"{place}.{name}" for place in ("place", "target") for name in ("near_m", "reach_m", "altitude_error_m")),
}
_LONGEST = 15  # digits before the point; a cell may hold 1e999999999
_TIMES = {"at", "at.from", "at.to", "received"}
_RANGE = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(?: ?(?:-|–|to) ?(\d{1,9}(?:\.\d{1,9})?))?", re.ASCII)


@dataclass
class RowValues:
    """Works out fields of one row and collects what is wrong.

    Attributes:
        maps: Value maps by name.
        cells: The row.
        flaws: What is wrong so far, with columns as fields.
        used: The column each field came from.
    """

    maps: Mapping[str, Mapping[str, Any]]
    cells: Mapping[str, str]
    flaws: list[Flaw] = field(default_factory=list)
    used: dict[str, str] = field(default_factory=dict)

    def of(self, node: Node, target: str) -> Any:  # noqa: ANN401 -- any JSON value
        """Work out a field.

        Args:
            node: How the mapping sets it.
            target: Dotted name of the field.

        Returns:
            A JSON value, or `ABSENT`.
        """
        match node:
            case Constant(value):
                return value
            case Listed(items):
                values = [self.of(item, target) for item in items]
                return [value for value in values if value is not ABSENT] or ABSENT
            case Group(members):
                inner = {name: self.of(part, f"{target}.{name}") for name, part in members.items()}
                inner = {name: value for name, value in inner.items() if value is not ABSENT}
                precision = inner.pop("precision", None) if target == "at" else None
                if precision:
                    column = self.used.get("at.to") or self.used.get("at.from") or target
                    return self._noted(whole(inner, precision), column)
                return inner or ABSENT
            case Taken(how):
                return self._taken(how, target)

    def template(self, text: str, *, required: bool = False) -> Any:  # noqa: ANN401
        """Fill in a template.

        Args:
            text: The template.
            required: Whether a column not marked ``?`` must hold something.

        Returns:
            The text; `ABSENT` if a required column is empty (with a flaw), or all are.
        """
        columns = template_columns(text)
        for column, optional in columns:
            if required and not optional and not self.cells.get(column):
                message = f'the id needs the column "{column}", which is empty here'
                self.flaws.append(Flaw(column, "O153", message))
                return ABSENT
        if columns and not any(self.cells.get(column) for column, _ in columns):
            return ABSENT
        filled = re.sub(
            r"\{\{|\}\}|\{([^{}]+?)\??\}",
            lambda found: self.cells.get(found[1], "") if found[1] else found[0][0],
            text,
        )
        return filled.strip()

    def _taken(self, how: Expression, target: str) -> Any:  # noqa: ANN401
        if how.least is not None or how.greatest is not None:
            return self._extreme(how)
        if how.template is not None:
            text = self.template(how.template)
            column = template_columns(how.template)[0][0] if template_columns(how.template) else ""
        else:
            column = how.column or ""
            text = self.cells.get(column, "")
        self.used[target] = column
        blank_has_meaning = how.values is not None and "" in self.maps[how.values]
        if text is ABSENT or (not text and not blank_has_meaning):
            return ABSENT
        if how.split is not None:
            parts = [part.strip() for part in text.split(how.split)]
            values = [self._one(how, part, column, target) for part in parts if part]
            return [value for value in values if value is not ABSENT] or ABSENT
        if how.extract is not None:
            return self._extracted(how, text, column, target)
        return self._one(how, text, column, target)

    def _extracted(self, how: Expression, text: str, column: str, target: str) -> Any:  # noqa: ANN401
        found = re.search(how.extract or "", text)
        if found is None:
            return ABSENT
        named = {name: part for name, part in found.groupdict().items() if part is not None}
        if not found.re.groupindex:
            part = found[1] if found.re.groups else found[0]
            return ABSENT if part is None else self._one(how, part, column, target)
        inner = {name: self._one(how, part, column, f"{target}.{name}") for name, part in named.items()}
        return {name: value for name, value in inner.items() if value is not ABSENT} or ABSENT

    def _one(self, how: Expression, text: str, column: str, target: str) -> Any:  # noqa: ANN401
        if how.values is not None:
            return self._mapped(how.values, text, column)
        if target in {"place.bearing", "target.bearing"}:
            return read_bearing(text)
        if target in {"place.range_m", "target.range_m"}:
            return self._noted(_range(text, how), column)
        if target in _TIMES:
            moment = self._noted(moved(read_time(text, how.formats), how.days), column)
            if moment is ABSENT or how.precision is None:
                return moment
            return self._noted(whole({"from": moment, "to": moment}, how.precision), column)
        if target in _NUMBERS or how.number or how.unit is not None:
            return self._noted(_number(text, how), column)
        return text

    def _mapped(self, name: str, text: str, column: str) -> Any:  # noqa: ANN401
        known = self.maps[name]
        if text not in known:
            message = f'"{shown(text)}" is not in the value map "{name}"'
            advice = did_you_mean(text, [str(key) for key in known])
            self.flaws.append(Flaw(column, "O150", message, advice, shown(text)))
            return ABSENT
        return ABSENT if known[text] == {} else known[text]

    def _extreme(self, how: Expression) -> Any:  # noqa: ANN401
        found = []
        for column in how.least or how.greatest or ():
            if cell := self.cells.get(column):
                value = self._noted(_number(cell, how), column)
                if value is not ABSENT:
                    found.append(value)
        if not found:
            return ABSENT
        return min(found) if how.least is not None else max(found)

    def _noted(self, value: Any, column: str) -> Any:  # noqa: ANN401
        if not isinstance(value, Flaw):
            return value
        self.flaws.append(Flaw(column, value.code, value.message, value.help, value.value))
        return ABSENT


def _number(text: str, how: Expression) -> Any:  # noqa: ANN401
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("nan")
    if not value.is_finite() or "_" in text:
        advice = "numbers have a decimal point and no separators"
        return Flaw(None, "O151", f'"{shown(text)}" is not a number', advice, shown(text))
    if value.adjusted() > _LONGEST:
        return Flaw(None, "O124", f"{shown(text)} is too great to be meant", "", shown(text))
    if how.unit is not None:
        value *= _METRES[how.unit]
    return _plain(value)


def _range(text: str, how: Expression) -> Any:  # noqa: ANN401
    found = _RANGE.fullmatch(text)
    if found is None:
        return Flaw(None, "O143", f'"{shown(text)}" is not a range', "write 4-6, or 2", shown(text))
    factor = _METRES[how.unit or "m"]
    nearest = Decimal(found[1])
    if found[2] is not None:
        return [_plain(nearest * factor), _plain(Decimal(found[2]) * factor)]
    if how.single is None:
        message = f'"{text}" is one figure, and the mapping does not say how to read it'
        return Flaw(None, "O143", message, 'add single = "rounded" or "exact"', text)
    decimals = len(found[1].partition(".")[2])
    half = Decimal(1).scaleb(-decimals) / 2 if how.single == "rounded" else Decimal(0)
    return [_plain(max(nearest - half, Decimal(0)) * factor), _plain((nearest + half) * factor)]


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
