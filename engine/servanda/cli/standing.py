"""The command that says how things stand: status."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from servanda.cli import common
from servanda.cli.common import AgreementArg, KnownAtOption, MapOption, RejectOption, StrictOption
from servanda.output.status import status_table
from servanda.status import status as stand


class StatusFormat(StrEnum):
    """Forms of a status."""

    TABLE = "table"
    JSON = "json"


def status(
    agreement: AgreementArg,
    at: Annotated[str, typer.Option("--at", help="The instant (2015-03-10T00:00+02:00, or a date: its end).")],
    observations: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="OBSERVATIONS...",
            help="What had been seen by then, which fixes instants and shows duties done. May be left out.",
        ),
    ] = None,
    map_: MapOption = None,
    days: Annotated[int, typer.Option("--days", min=0, help="How many days to look ahead.")] = 7,
    known_at: KnownAtOption = None,
    format_: Annotated[StatusFormat, typer.Option("--format", help="Form of the status.")] = StatusFormat.TABLE,
    output: Annotated[Path | None, typer.Option("--output", help="Write the status to this file.")] = None,
    reject: RejectOption = None,
    strict: StrictOption = False,
) -> None:
    """Say what binds at an instant, what waits and for what, what is over, and what falls due next.

    It judges nothing: exit code 0 whatever is due; `check` gives the findings. 2: the input or the command is wrong.

    Example: servanda status minsk-2-2015 --at 2015-02-20 --days 14
    """
    loaded = common.load(agreement)
    reading = common.observe(loaded, list(observations or []), map_)
    try:
        found = stand(loaded, reading, at=at, days=days, known_at=known_at)
    except ValueError as error:
        common.report_rejected(reading.rejected, reject)
        common.fail(str(error))
    common.report_rejected(found.rejected, reject)
    if strict and found.rejected:
        common.fail(f"{found.result.rejected_rows} rows were set aside, and --strict allows none")
    if format_ is StatusFormat.JSON:
        common.write(json.dumps(found.record(), ensure_ascii=False, indent=2) + "\n", output)
    else:
        common.show(status_table(found), output)
