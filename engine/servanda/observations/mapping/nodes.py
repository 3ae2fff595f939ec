"""Fields of a mapping, checked once and then applied to every row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any

from pydantic import BaseModel, ValidationError

from servanda.observations.border import flaws_of
from servanda.observations.mapping.schema import Expression, Test, When
from servanda.observations.model import Bounds, Interval, Observation, Source, Struck, Weapon
from servanda.observations.place import Place
from servanda.observations.problems import Flaw, did_you_mean

_TAKES = {"column", "template", "least", "greatest"}
_FREE = {"custody", "able_to_see", "fields"}
_INNER: dict[str, type[BaseModel]] = {
    "at": Interval,
    "place": Place,
    "target": Place,
    "weapon": Weapon,
    "object": Struck,
    "weapon.calibre_mm": Bounds,
    "count": Bounds,
    "source": Source,
}
_ALSO = {"at": ["precision"]}
_SET_BY_MAPPING = {"id"}


@dataclass(frozen=True, slots=True)
class Constant:
    """The same value for every row."""

    value: Any


@dataclass(frozen=True, slots=True)
class Taken:
    """A value taken from the row."""

    how: Expression


@dataclass(frozen=True, slots=True)
class Group:
    """Inner fields."""

    members: Mapping[str, Node]


@dataclass(frozen=True, slots=True)
class Listed:
    """Items, each on its own."""

    items: tuple[Node, ...]


Node = Constant | Taken | Group | Listed
"""One field of a mapping."""


@dataclass
class Checker:
    """Turns the raw tables into nodes and collects what is wrong, with the key path.

    Attributes:
        maps: Names of the value maps.
        flaws: What is wrong so far.
        columns: Columns used so far.
        maps_used: Value maps used so far.
    """

    maps: frozenset[str]
    flaws: list[Flaw] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)
    maps_used: set[str] = field(default_factory=set)

    def fields(self, raw: Mapping[str, Any], path: str) -> dict[str, Node]:
        """Check the fields of a block, an override or the common table.

        Args:
            raw: As written.
            path: Key path of the table, for messages.

        Returns:
            The fields that are sound.
        """
        known = [name for name in Observation.model_fields if name not in _SET_BY_MAPPING]
        return self._members(raw, path, "", known)

    def when(self, when: When, path: str) -> None:
        """Check conditions.

        Args:
            when: The conditions.
            path: Key path of the table, for messages.
        """
        for column, test in when.items():
            self.columns.add(column)
            for pattern in _patterns(test):
                self._regex(pattern, f"{path}.{column}.matches")

    def template(self, text: str, path: str) -> None:
        """Check a template.

        Args:
            text: As written.
            path: Key path, for messages.
        """
        try:
            self.columns.update(name for name, _ in template_columns(text))
        except ValueError as error:
            advice = "a brace that belongs to the text is doubled: {{"
            self.flaws.append(Flaw(path, "M104", f"the template cannot be read: {error}", advice))

    def _members(self, raw: Mapping[str, Any], path: str, target: str, known: list[str] | None) -> dict[str, Node]:
        members: dict[str, Node] = {}
        words = [*(known or ()), *(Expression.model_fields if target else ())]
        for key, value in raw.items():
            inner = f"{path}.{key}"
            if known is not None and key not in known:
                message = f'"{key}" is not a field' + (f" of {target}" if target else "")
                self.flaws.append(Flaw(inner, "M102", message, did_you_mean(key, words)))
                continue
            node = self._node(value, inner, f"{target}.{key}" if target else key)
            if node is not None:
                members[key] = node
        return members

    def _node(self, value: object, path: str, target: str) -> Node | None:
        if isinstance(value, list):
            items = [self._node(item, f"{path}[{n}]", target) for n, item in enumerate(value, 1)]
            return Listed(tuple(item for item in items if item is not None))
        if not isinstance(value, dict):
            return Constant(value)
        if _TAKES & value.keys() or (value and value.keys() <= set(Expression.model_fields) - {"precision", "number"}):
            return self._taken(value, path)
        top = target.split(".", maxsplit=1)[0]
        if top in _FREE or target.split(".", maxsplit=1)[-1] in {"geometry", "bearing"}:
            return Group(self._members(value, path, target, None))
        if target not in _INNER:
            message = f"{target} has no inner fields"
            self.flaws.append(Flaw(path, "M102", message, "give a value or { column = … }"))
            return None
        fields_of = _INNER[target].model_fields
        names = [info.alias or name for name, info in fields_of.items()] + _ALSO.get(target, [])
        return Group(self._members(value, path, target, names))

    def _taken(self, value: dict[str, Any], path: str) -> Taken | None:
        try:
            how = Expression.model_validate(value)
        except ValidationError as error:
            for flaw in flaws_of(error, Expression):
                self.flaws.append(Flaw(f"{path}.{flaw.field}", "M102", flaw.message, flaw.help, flaw.value))
            return None
        if len(_TAKES & how.model_fields_set) != 1:
            message = "exactly one of column, template, least and greatest says where it comes from"
            self.flaws.append(Flaw(path, "M103", message))
        if how.column is not None:
            self.columns.add(how.column)
        self.columns.update(how.least or (), how.greatest or ())
        if how.template is not None:
            self.template(how.template, path)
        if how.extract is not None:
            self._regex(how.extract, f"{path}.extract")
        self._known_map(how, path)
        for layout in [how.formats] if isinstance(how.formats, str) else how.formats or []:
            if not all(part in layout for part in ("YYYY", "M", "D")):
                message = f'the layout "{layout}" lacks a year (YYYY), month (M) or day (D)'
                self.flaws.append(Flaw(f"{path}.formats", "M106", message))
        return Taken(how)

    def _known_map(self, how: Expression, path: str) -> None:
        if how.values is not None:
            self.maps_used.add(how.values)
            if how.values not in self.maps:
                message = f'there is no value map "{how.values}"'
                advice = did_you_mean(how.values, sorted(self.maps))
                self.flaws.append(Flaw(f"{path}.values", "M105", message, advice))

    def _regex(self, pattern: str, path: str) -> None:
        try:
            re.compile(pattern)
        except re.error as error:
            message = f"the regular expression cannot be read: {error}"
            self.flaws.append(Flaw(path, "M104", message, "", pattern))


def template_columns(text: str) -> list[tuple[str, bool]]:
    """List the columns a template names.

    Args:
        text: The template.

    Returns:
        Each column, and whether it may be empty.

    Raises:
        ValueError: If the braces do not match or hold more than a name.
    """
    found = []
    for _, name, spec, conversion in Formatter().parse(text):
        if name is None:
            continue
        if not name or spec or conversion:
            msg = f"{{{name}}} is not a column"
            raise ValueError(msg)
        found.append((name.removesuffix("?"), name.endswith("?")))
    return found


def _patterns(test: str | list[str] | Test) -> Iterator[str]:
    if isinstance(test, Test):
        if test.matches is not None:
            yield test.matches
        if test.not_ is not None:
            yield from _patterns(test.not_)
