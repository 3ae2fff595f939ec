"""Rows before they have a meaning: numbered, and either readable or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from servanda.observations.problems import Flaw


@dataclass(frozen=True, slots=True)
class Row:
    """One row or object of a source.

    Attributes:
        line: First physical line from 1; for frames and lists the row.
        values: Its cells or fields by name; None marks a row that could not be read.
        flaws: Why it could not be read, or what is wrong with single cells.
    """

    line: int
    values: Any
    flaws: tuple[Flaw, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with one header.

    Attributes:
        columns: Column names in order; empty where rows are free objects.
        rows: The rows, once.
        blank: Counts blank lines as they are passed, under ``lines``.
    """

    columns: tuple[str, ...]
    rows: Iterator[Row]
    blank: Mapping[str, int]
