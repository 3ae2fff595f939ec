"""The mapping file: which column of a table becomes which field of an observation.

A mapping is TOML that a data clerk can read. It holds no code; what it cannot
say, nobody can slip in. These models check its shape; `load` checks that it
agrees with itself, and `apply` uses it.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Texts = str | list[str]


class Strict(BaseModel):
    """A table of the mapping file; a key it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, strict=True)


class Test(Strict):
    """A condition on one column, where a plain value or a list of values does not say it.

    Attributes:
        matches: A regular expression that must be found somewhere in the cell.
        empty: True: the cell must be empty; False: it must not.
        not_: What must not hold (``not`` in the file): a value, a list of values or a test.
    """

    matches: str | None = None
    empty: bool | None = None
    not_: str | list[str] | Test | None = Field(default=None, alias="not")


When = dict[str, str | list[str] | Test]
"""Conditions by column; all must hold. A value: the cell is that; a list: it is one of them."""


class Expression(Strict):
    r"""How a field gets its value from the row. A field without one of the first four is constant.

    Attributes:
        column: The column it is taken from. An empty cell leaves the field unstated.
        template: Text with ``{column}`` in it; ``{column?}`` where it may be empty.
        least: The smallest number found in several columns.
        greatest: The greatest number found in several columns.
        values: Name of a value map under ``[values.…]``; a value it does not hold rejects the
            row. An entry ``{}`` leaves the field unstated.
        split: Text between the items of a list.
        extract: A regular expression; its group is the value, its named groups are inner fields
            (``(?P<min>\d+) to (?P<max>\d+)``). Not found: the field is left unstated.
        unit: Unit of the number, turned into metres (or, for calibres, mm into mm).
        single: For a range: how to read one figure. ``exact``, or ``rounded``: half a unit of
            its last digit each way. A range column needs this if single figures occur.
        formats: For times: layouts tried in order, as ``DD/MM/YYYY HH:mm``. Two that fit with
            different results reject the row. None: ISO 8601.
        precision: For times: ``day``: the clock time in the cell is filler and the whole local
            day is meant; ``minute`` or ``second``: the whole minute or second is meant.
        number: The field holds a number (for ``fields`` and ``custody``; known for all others).
    """

    column: str | None = None
    template: str | None = None
    least: list[str] | None = None
    greatest: list[str] | None = None
    values: str | None = None
    split: str | None = None
    extract: str | None = None
    unit: Literal["mm", "cm", "m", "km", "ft", "mi", "nmi"] | None = None
    single: Literal["exact", "rounded"] | None = None
    formats: Texts | None = None
    precision: Literal["day", "minute", "second"] | None = None
    days: int | None = None
    number: bool = False


class Skip(Strict):
    """Rows that are no observations.

    Attributes:
        when: Which rows.
        reason: Why; they are counted under it.
    """

    when: When
    reason: str = Field(min_length=1)


class Identity(Strict):
    """How the id is made.

    Attributes:
        template: Text with ``{column}`` in it; a column that may be empty is ``{column?}``.
        slug: Fold to lower case and turn everything but letters and digits into hyphens.
    """

    template: str
    slug: bool = False


class Override(BaseModel):
    """Fields that are set otherwise for some rows; the fields stand beside `when`.

    Attributes:
        when: For which rows.
    """

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)
    when: When


class Block(BaseModel):
    """One kind of observation made from a row; the fields stand beside these keys.

    Attributes:
        name: Added to the id of rows that several blocks apply to.
        when: To which rows it applies; none: to all.
        override: Fields set otherwise for some rows. All that apply are taken, in order; each
            replaces whole fields; ``field = {}`` leaves it unstated.
    """

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)
    name: str | None = Field(default=None, pattern=r"^[a-z0-9-]+$")
    when: When = Field(default_factory=dict)
    override: list[Override] = Field(default_factory=list)


class MappingFile(Strict):
    """A whole mapping file.

    Attributes:
        title: What is mapped, in a line.
        about: Where it comes from, its licence, what was decided and why.
        format: csv, parquet, jsonl, json or geojson.
        encoding: Text encoding, or several tried in order.
        delimiter: Between the cells of delimited text.
        time_zone: IANA name of the times that state no offset.
        empty: Texts that mean an empty cell, such as ``NULL``.
        ignore: Columns left out, each with the reason. A column that is neither used nor
            ignored is an error.
        skip: Rows left out, with the reason.
        id: Template of the id, or a table with ``slug``.
        values: Value maps by name: what each value of a column means.
        gazetteer: CSV with places, relative to the mapping, inside the agreement's folder.
        common: Fields every observation has, unless its block sets them.
        observation: What is made of a row.
    """

    title: str
    about: str = ""
    format: Literal["csv", "parquet", "jsonl", "json", "geojson"]
    encoding: Texts = "utf-8"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    time_zone: str | None = None
    empty: list[str] = Field(default_factory=list)
    ignore: dict[str, str] = Field(default_factory=dict)
    skip: list[Skip] = Field(default_factory=list)
    id: str | Identity
    values: dict[str, dict[str, Any]] = Field(default_factory=dict)
    gazetteer: str | None = None
    common: dict[str, Any] = Field(default_factory=dict)
    observation: list[Block] = Field(min_length=1)
