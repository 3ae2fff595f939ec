"""What the commands share: consoles, exit codes, reading of agreements and observations."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from servanda import engine
from servanda.observations import MappingError, ObservationError, Observations, read
from servanda_dsl.diagnostics import AgreementError
from servanda_dsl.render import render
from servanda_dsl.source import read_source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType

    from servanda.observations import Rejection
    from servanda_dsl.model import Agreement

PIPE_WIDTH = 160
"""Columns of a table that is not printed to a terminal."""


class Exit(IntEnum):
    """Exit codes."""

    FINE = 0
    SOMETHING = 1
    WRONG_INPUT = 2
    UNDECIDED = 3
    OUR_FAULT = 4


AgreementArg = Annotated[
    str,
    typer.Argument(metavar="AGREEMENT", help="A file (.terms, .md), a folder, or the name of an agreement that ships."),
]
ObservationsArg = Annotated[
    list[Path],
    typer.Argument(
        metavar="OBSERVATIONS...",
        help="Files of observations: .jsonl, .json, .csv, .csv.gz, .geojson, .parquet.",
    ),
]
MapOption = Annotated[Path | None, typer.Option("--map", help="Mapping file (TOML) that says what the columns mean.")]
AtOption = Annotated[
    str | None,
    typer.Option(
        "--at",
        help="Evaluate at this instant (2015-03-10T00:00+02:00, or a date: its end). Default: the latest in the data.",
    ),
]
SinceOption = Annotated[str | None, typer.Option("--since", help="Only observations that end after this instant.")]
KnownAtOption = Annotated[str | None, typer.Option("--known-at", help="Only what had been received by this instant.")]
RejectOption = Annotated[
    Path | None, typer.Option("--reject", help="Write what was set aside to this file, as JSON lines.")
]
StrictOption = Annotated[bool, typer.Option("--strict", help="Stop with exit code 2 where any row is set aside.")]


def out(*, width: int | None = None) -> Console:
    """The console for data: standard output."""
    if width is None and not sys.stdout.isatty():
        width = PIPE_WIDTH
    return Console(width=width, highlight=False, emoji=False, markup=False)


def err() -> Console:
    """The console for everything else: standard error."""
    return Console(stderr=True, highlight=False, emoji=False, markup=False)


def fail(message: str, code: Exit = Exit.WRONG_INPUT) -> NoReturn:
    """Say what is wrong and stop."""
    err().print(f"servanda: {message}", style="bold red", soft_wrap=True)
    raise typer.Exit(code)


def load(name: str) -> Agreement:
    """Load an agreement, or print its diagnostics and stop with exit code 2."""
    try:
        return engine.load(name)
    except AgreementError as error:
        file = Path(error.diagnostics[0].place.file)
        source = read_source(file) if file.is_file() else None
        render(err(), error.diagnostics, source)
        raise typer.Exit(Exit.WRONG_INPUT) from error


def observe(agreement: Agreement, paths: list[Path], mapping: Path | None) -> Observations:
    """Read observations, or say what is wrong with the files or the mapping and stop with exit code 2."""
    try:
        fields = agreement.vocabulary.fields
        return read(list(paths), mapping, time_zone=agreement.time_zone, known_fields=fields)
    except (ObservationError, MappingError) as error:
        fail(str(error))


def report_rejected(rejected: Iterable[Rejection], reject: Path | None, *, most: int = 20) -> None:
    """Name what was set aside on standard error, and write all of it to a file where asked."""
    listed = list(rejected)
    if reject is not None:
        write("".join(json.dumps(asdict(r), ensure_ascii=False) + "\n" for r in listed), reject)
    for one in listed[:most]:
        err().print(f"set aside: {one}", style="yellow", soft_wrap=True)
    if len(listed) > most:
        err().print(f"… and {len(listed) - most} more; --reject FILE writes all of them", style="yellow")


def show(shown: RenderableType, output: Path | None) -> None:
    """Print a table to the terminal or the pipe, or write it to a file."""
    if output is None:
        out().print(shown)
        return
    console = out(width=PIPE_WIDTH)
    with console.capture() as captured:
        console.print(shown)
    write(captured.get(), output)


def write(text: str, output: Path | None) -> None:
    """Write data to a file, or to standard output; a file that cannot be written is a wrong command."""
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        fail(f"{output} cannot be written: {error.strerror or error}")
