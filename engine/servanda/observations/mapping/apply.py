"""Applying a mapping to one row: the observations it makes, or everything wrong with the row."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from servanda.observations.mapping.load import Mapped, MappedBlock
from servanda.observations.mapping.nodes import Node
from servanda.observations.mapping.schema import Test, When
from servanda.observations.mapping.values import ABSENT, RowValues
from servanda.observations.model import Observation
from servanda.observations.problems import Flaw
from servanda.observations.record import from_record

_FREE_OBJECTS = {"jsonl", "json", "geojson"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row: records, or flaws, or a reason why it is ignored.

    Attributes:
        records: The observations made; empty if anything was wrong, so that no half row counts.
        flaws: What is wrong, with the columns as fields.
        ignored: The mapping's reason for leaving the row out.
        id: The id of the row, where it could be made.
    """

    records: tuple[Observation, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    ignored: str | None = None
    id: str | None = None


def map_row(mapped: Mapped, cells: Mapping[str, str], known_fields: Collection[str] | None = None) -> Outcome:
    """Make observations of a row.

    Args:
        mapped: The mapping.
        cells: The cells by column, as text.
        known_fields: Further fields the vocabulary declares; None leaves ``fields`` unchecked.

    Returns:
        What became of the row.
    """
    cells = {name: _cell(text, mapped.empty) for name, text in cells.items()}
    for skip in mapped.skip:
        if holds(skip.when, cells):
            return Outcome(ignored=skip.reason)
    if mapped.format in _FREE_OBJECTS:
        strays = mapped.strays([name for name, text in cells.items() if text])
        if strays:
            return Outcome(flaws=tuple(strays))
    values = RowValues(mapped.values, cells)
    row_id = values.template(mapped.id.template, required=True)
    if mapped.id.slug and isinstance(row_id, str):
        row_id = re.sub(r"[\W_]+", "-", row_id.casefold()).strip("-")
    blocks = [block for block in mapped.blocks if holds(block.when, cells)]
    if not blocks:
        columns = sorted({column for block in mapped.blocks for column in block.when})
        shown = ", ".join(f'{column} "{cells.get(column, "")}"' for column in columns)
        advice = "add an [[observation]] or a [[skip]] with the reason"
        values.flaws.append(
            Flaw(
                columns[0] if len(columns) == 1 else None,
                "O152",
                f"no [[observation]] of the mapping covers this row ({shown})",
                advice,
            )
        )
    records: list[Observation] = []
    for block in blocks:
        part = f"{row_id}-{block.name}" if len(blocks) > 1 else str(row_id)
        made = _observe(mapped, block, part, values, known_fields)
        if isinstance(made, Observation):
            records.append(made)
    name = row_id if isinstance(row_id, str) else None
    if values.flaws:
        return Outcome(flaws=tuple(dict.fromkeys(values.flaws)), id=name)
    return Outcome(tuple(records), id=name)


def holds(when: When, cells: Mapping[str, str]) -> bool:
    """Test conditions.

    Args:
        when: Conditions by column.
        cells: The row.

    Returns:
        True if all hold.
    """
    return all(_test(test, cells.get(column, "")) for column, test in when.items())


def _test(test: str | list[str] | Test, cell: str) -> bool:
    if isinstance(test, str):
        return cell == test
    if isinstance(test, list):
        return cell in test
    return (
        (test.matches is None or re.search(test.matches, cell) is not None)
        and (test.empty is None or test.empty == (not cell))
        and (test.not_ is None or not _test(test.not_, cell))
    )


def _observe(
    mapped: Mapped,
    block: MappedBlock,
    record_id: str,
    values: RowValues,
    known: Collection[str] | None,
) -> Observation | None:
    fields: dict[str, Node] = dict(block.fields)
    for override in block.overrides:
        if holds(override.when, values.cells):
            fields.update(override.fields)
    before = len(values.flaws)
    values.used.clear()
    record: dict[str, Any] = {"id": record_id}
    for name, node in fields.items():
        value = values.of(node, name)
        if value is not ABSENT:
            record[name] = value
    if mapped.time_zone is not None:
        record.setdefault("time_zone", mapped.time_zone)
    if len(values.flaws) > before:
        return None
    made = from_record(record, known_fields=known)
    if isinstance(made, Observation):
        return made
    for flaw in made:
        column = _column(values.used, flaw.field or "")
        message = flaw.message if column is None else f"{flaw.field}: {flaw.message}"
        values.flaws.append(Flaw(column or flaw.field, flaw.code, message, flaw.help, flaw.value))
    return None


def _column(used: Mapping[str, str], field: str) -> str | None:
    """Return the column a field came from: its own, its outer field's, or its first inner one's."""
    outer = field
    while outer:
        if outer in used:
            return used[outer]
        outer = outer.rpartition(".")[0]
    return next((column for name, column in used.items() if name.startswith(f"{field}.")), None)


def _cell(text: str, empty: Collection[str]) -> str:
    text = text.strip()
    return "" if text in empty else text
