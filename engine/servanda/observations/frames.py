"""Tables in memory: pandas, polars and Arrow, and Parquet files.

None of these libraries is needed to read text, so none is imported here
before one of its tables is handed over.
"""

from __future__ import annotations

import importlib
import io
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from servanda.observations.problems import Flaw, ObservationError, Rejection
from servanda.observations.rows import Row, Table

_MIDNIGHT = time()


def is_frame(source: object) -> bool:
    """Tell whether something is a table of one of the known libraries.

    Args:
        source: Anything.

    Returns:
        True for a pandas or polars DataFrame and an Arrow table.
    """
    return library(source) in {"pandas", "polars", "pyarrow"} and hasattr(source, "columns")


def library(source: object) -> str:
    """Return the library an object comes from.

    Args:
        source: Anything.

    Returns:
        The top-level package of its class.
    """
    return type(source).__module__.partition(".")[0]


def table(source: Any) -> Table:  # noqa: ANN401 -- the libraries are optional
    """Read a frame.

    Args:
        source: A pandas or polars DataFrame or an Arrow table. NaN, NaT and None mean not stated.

    Returns:
        Its rows, numbered from 1.
    """
    names = source.column_names if library(source) == "pyarrow" else list(source.columns)
    columns = tuple(map(str, names))
    if len(set(columns)) < len(columns):
        twice = next(name for name in columns if columns.count(name) > 1)
        flaw = Flaw(twice, "O107", f'the column "{twice}" stands twice; no row was read')
        return Table((), iter([Row(1, None, (flaw,))]), {"lines": 0})
    return Table(columns, _rows(source, columns), {"lines": 0})


def parquet(data: bytes, name: str) -> Table:
    """Read a Parquet file.

    Args:
        data: Its bytes.
        name: The file as the caller named it.

    Returns:
        Its rows, numbered from 1.

    Raises:
        ObservationError: If pyarrow is not installed.
    """
    try:
        reader = importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        message = "reading Parquet needs pyarrow"
        advice = 'install it with: pip install "servanda[frames]"'
        raise ObservationError([Rejection(name, None, None, "O109", message, advice)]) from error
    try:
        return table(reader.read_table(io.BytesIO(data)))
    except (ValueError, OSError) as error:
        flaw = Flaw(None, "O109", f"it is not a Parquet file: {error}")
        return Table((), iter([Row(1, None, (flaw,))]), {"lines": 0})


def _rows(source: Any, columns: tuple[str, ...]) -> Iterator[Row]:  # noqa: ANN401
    for line, cells in enumerate(_records(source), start=1):
        values: dict[str, Any] = {}
        flaws: list[Flaw] = []
        for column, cell in zip(columns, cells, strict=True):
            value = _plain(cell, column)
            if isinstance(value, Flaw):
                flaws.append(value)
            else:
                values[column] = value
        yield Row(line, values, tuple(flaws))


def _records(source: Any) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401
    match library(source):
        case "polars":
            yield from source.iter_rows()
        case "pandas":
            yield from source.itertuples(index=False, name=None)
        case _:
            for batch in source.to_batches():
                yield from zip(*(part.to_pylist() for part in batch.columns), strict=True)


def _plain(cell: Any, column: str) -> Any:  # noqa: ANN401
    """Turn one cell into a JSON value; None where it is absent."""
    if hasattr(cell, "tolist") and not isinstance(cell, datetime):
        cell = cell.tolist()  # numpy numbers and arrays
    if cell is None or cell != cell or type(cell).__name__ in {"NaTType", "NAType"}:  # noqa: PLR0124 -- NaN
        return None
    if isinstance(cell, datetime):
        if cell.tzinfo is None and cell.time() == _MIDNIGHT:
            message = f"{cell.date()} 00:00 may be midnight or the whole day; the table cannot say"
            advice = "make the column dates (the whole day) or give its times a time zone"
            return Flaw(column, "O137", message, advice, str(cell))
        return cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return float(cell)
    if isinstance(cell, Mapping):
        return _without_absent({str(key): _plain(inner, column) for key, inner in cell.items()})
    if isinstance(cell, list | tuple):
        return [_plain(inner, column) for inner in cell]
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "surrogateescape")
    return cell


def _without_absent(values: dict[str, Any]) -> Any:  # noqa: ANN401
    """Drop the empty members Arrow gives every struct."""
    flaw = next((value for value in values.values() if isinstance(value, Flaw)), None)
    return flaw or {key: value for key, value in values.items() if value is not None} or None


def as_text(value: Any) -> str:  # noqa: ANN401
    """Return a cell as the text a mapping works on.

    Args:
        value: A cell.

    Returns:
        Empty for an absent cell; whole floating numbers without a point.
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
