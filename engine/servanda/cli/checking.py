"""The commands that take observations: check, explain, watch, map."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from servanda import moments
from servanda.check import check as run_check
from servanda.cli import common
from servanda.cli.common import (
    AgreementArg,
    AtOption,
    Exit,
    KnownAtOption,
    MapOption,
    ObservationsArg,
    RejectOption,
    SinceOption,
    StrictOption,
)
from servanda.explain import explain as derivation
from servanda.monitor import Change, Monitor, lateness_of
from servanda.observations import MappingError, Observation, ObservationError, from_record, preview
from servanda.observations.problems import Flaw
from servanda.output.flat import to_csv, to_geojson
from servanda.output.table import table

if TYPE_CHECKING:
    from servanda.check import Result
    from servanda_dsl.model import Agreement


class CheckFormat(StrEnum):
    """Forms of a result."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    GEOJSON = "geojson"


class EngineChoice(StrEnum):
    """Interpreters."""

    STREAM = "stream"


def check(
    agreement: AgreementArg,
    observations: ObservationsArg,
    map_: MapOption = None,
    at: AtOption = None,
    since: SinceOption = None,
    known_at: KnownAtOption = None,
    rule: Annotated[
        list[str] | None, typer.Option("--rule", help="Only this rule (2/C) or clause (2); may be repeated.")
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", help="Leave out this observation, to see what rests on it; may be repeated."),
    ] = None,
    engine: Annotated[EngineChoice, typer.Option("--engine", help="The interpreter.")] = EngineChoice.STREAM,
    format_: Annotated[CheckFormat, typer.Option("--format", help="Form of the result.")] = CheckFormat.TABLE,
    output: Annotated[Path | None, typer.Option("--output", help="Write the result to this file.")] = None,
    reject: RejectOption = None,
    strict: StrictOption = False,
) -> None:
    """Check observations against an agreement and print the findings, each with its clause.

    Exit code 0: all complied. 1: some violated. 3: none violated, but something undecided or unobserved.
    2: the input or the command is wrong.

    Example: servanda check minsk-2-2015 night.csv --map night.toml --at 2016-07-23 --format json
    """
    result = _run(agreement, observations, map_, at, since, known_at, rule, without, reject, engine, strict=strict)
    if format_ is CheckFormat.TABLE:
        common.show(table(result), output)
    else:
        common.write(_text(result, format_), output)
    raise typer.Exit(result.exit_code)


def _text(result: Result, format_: CheckFormat) -> str:
    match format_:
        case CheckFormat.JSON:
            return json.dumps(result.record(), ensure_ascii=False, indent=2) + "\n"
        case CheckFormat.JSONL:
            return "".join(json.dumps(f.record(), ensure_ascii=False) + "\n" for f in result.findings)
        case CheckFormat.CSV:
            return to_csv(result)
        case _:
            return json.dumps(to_geojson(result), ensure_ascii=False, indent=2) + "\n"


def _run(
    agreement: str,
    observations: list[Path],
    map_: Path | None,
    at: str | None,
    since: str | None,
    known_at: str | None,
    rule: list[str] | None,
    without: list[str] | None,
    reject: Path | None,
    engine: EngineChoice,
    *,
    strict: bool,
) -> Result:
    loaded = common.load(agreement)
    reading = common.observe(loaded, observations, map_)
    try:
        result = run_check(
            loaded,
            reading,
            at=at,
            since=since,
            known_at=known_at,
            rules=rule or (),
            without=without or (),
            engine=engine.value,
        )
    except ValueError as error:
        common.report_rejected(reading.rejected, reject)
        common.fail(str(error))
    common.report_rejected(result.rejected, reject)
    if strict and result.rejected:
        common.fail(f"{result.rejected_rows} rows were set aside, and --strict allows none")
    local = moments.say(moments.us_of(result.evaluated_at), loaded.time_zone)
    chosen = f", {result.chosen}; --at chooses another" if at is None else ""
    said = f"evaluated at {result.evaluated_at}, that is {local} {loaded.time_zone}{chosen}"
    common.err().print(said, style="dim", soft_wrap=True)
    return result


def explain(
    agreement: AgreementArg,
    observations: ObservationsArg,
    finding: Annotated[str, typer.Option("--finding", help="Id of the finding, as `check` prints it.")],
    map_: MapOption = None,
    at: AtOption = None,
    since: SinceOption = None,
    known_at: KnownAtOption = None,
    reject: RejectOption = None,
    strict: StrictOption = False,
) -> None:
    """Show how one finding came about: the clause, the time, each observation, each test, the assumptions."""
    result = _run(
        agreement, observations, map_, at, since, known_at, None, None, reject, EngineChoice.STREAM, strict=strict
    )
    try:
        text = derivation(result, finding)
    except ValueError as error:
        common.fail(str(error))
    common.write(text + "\n", None)


def watch(
    agreement: AgreementArg,
    observations: Annotated[Path | None, typer.Argument(help="JSON lines; standard input by default.")] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", help="Evaluate at this instant throughout. Default: the latest instant seen so far."),
    ] = None,
    archive: Annotated[
        Path | None,
        typer.Option(
            "--archive", help="A file for what lies further back than the lateness, to be fetched when needed."
        ),
    ] = None,
    lateness: Annotated[
        str | None,
        typer.Option(
            "--lateness",
            help="How far back memory reaches, such as `7 days`. Default: 7 days with --archive, else all of it.",
        ),
    ] = None,
    state: Annotated[
        Path | None,
        typer.Option("--state", help="Go on from this file, if it is there; write the state to it at the end."),
    ] = None,
    reject: RejectOption = None,
    strict: StrictOption = False,
) -> None:
    """Read observations as JSON lines as they come, and print findings as they are opened, revised or withdrawn.

    Each line of output is {"change": "opened"|"revised"|"withdrawn", "finding": {…}}. A line that cannot be read is
    named on standard error and skipped. Stops at the end of the input, or when it is interrupted.
    """
    loaded = common.load(agreement)
    name = str(observations) if observations else "<standard input>"
    try:
        monitor = _monitor(loaded, archive, lateness, state)
        stream = observations.open("rb") if observations else sys.stdin.buffer
    except OSError as error:
        common.fail(f"{name} cannot be read: {error.strerror or error}")
    except ValueError as error:
        common.fail(str(error))
    before = len(monitor.rejected)
    try:
        if at is not None:
            _print_changes(monitor.advance(at))
        for number, line in enumerate(stream, 1):
            if line.strip():
                _follow(monitor, line, name, number, moving=at is None)
    except KeyboardInterrupt:
        common.err().print("interrupted", style="yellow")
    except ValueError as error:
        common.fail(str(error))
    finally:
        if observations:
            stream.close()
    rejected = monitor.rejected[before:]
    common.report_rejected(rejected, reject)
    if state is not None:
        try:
            monitor.save(state)
        except ValueError as error:
            common.fail(str(error))
    monitor.close()
    if strict and rejected:
        common.fail(f"{len(rejected)} problems, and --strict allows none")


def _monitor(loaded: Agreement, archive: Path | None, lateness: str | None, state: Path | None) -> Monitor:
    """A monitor that goes on from a state, where there is one, or begins.

    Raises:
        ValueError: The state, the archive or the lateness cannot be used.
    """
    if state is None or not state.exists():
        if state is not None:
            common.err().print(f"{state} is not there yet: this watch begins afresh", style="dim", soft_wrap=True)
        return Monitor(loaded, archive, lateness or ("7 days" if archive else None))
    monitor = Monitor.restore(loaded, state, archive)
    if lateness is not None and monitor.lateness_us != lateness_of(lateness):
        msg = f"{state} was saved with another lateness, which stays as it is"
        raise ValueError(msg)
    return monitor


def _follow(monitor: Monitor, line: bytes, name: str, number: int, *, moving: bool) -> None:
    """Take in one line; a line that cannot be read is set aside, and the next is read."""
    loaded = monitor.agreement
    try:
        data = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        monitor.set_aside(name, number, [Flaw(None, "O102", "the line is not UTF-8 text")])
        return
    except (ValueError, RecursionError) as error:
        monitor.set_aside(name, number, [Flaw(None, "O101", f"the line is not JSON: {error}")])
        return
    found = from_record(data, time_zone=loaded.time_zone, known_fields=loaded.vocabulary.fields)
    if not isinstance(found, Observation):
        monitor.set_aside(name, number, found)
        return
    _print_changes(monitor.observe_from(found, name, number))
    newest = monitor.latest_us()
    if moving and newest is not None and newest > (monitor.at_us or newest - 1):
        _print_changes(monitor.advance(newest))


def _print_changes(changes: tuple[Change, ...]) -> None:
    for change in changes:
        record = {"change": change.kind, "finding": change.finding.record()}
        sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def map_(
    observations: ObservationsArg,
    mapping: Annotated[Path | None, typer.Option("--map", help="Mapping file (TOML).")] = None,
    reject: RejectOption = None,
    strict: StrictOption = False,
) -> None:
    """Preview a mapping: what becomes of each row, what is rejected, ignored or unknown, and the span of dates."""
    try:
        found = preview(list(observations), mapping)
    except (ObservationError, MappingError) as error:
        common.fail(str(error))
    sys.stdout.write(found.as_text() + "\n")
    rejected = found.rejections
    common.report_rejected(rejected, reject)
    if strict and rejected:
        common.fail(f"{len(rejected)} problems, and --strict allows none")
    raise typer.Exit(Exit.SOMETHING if rejected else Exit.FINE)
