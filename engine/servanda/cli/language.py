"""The commands about the text of an agreement: lint, fmt, read, export."""

from __future__ import annotations

import difflib
import json
import sys
from enum import StrEnum
from typing import Annotated

import typer
from rich.text import Text

import servanda_dsl
from servanda import engine
from servanda.cli import common
from servanda.cli.common import AgreementArg, Exit
from servanda.explain import dates
from servanda_dsl import prose
from servanda_dsl.diagnostics import AgreementError, Diagnostic, Severity
from servanda_dsl.exception_lines import exception_lines
from servanda_dsl.format import format_source
from servanda_dsl.load import FILE_NAMES
from servanda_dsl.model import Agreement
from servanda_dsl.parser import parse
from servanda_dsl.render import render
from servanda_dsl.source import Source, read_source


class LintFormat(StrEnum):
    """Forms of diagnostics."""

    TABLE = "table"
    JSON = "json"


class ExportTo(StrEnum):
    """What an agreement can be exported to."""

    JSON = "json"
    SCHEMA = "schema"


def lint(
    agreement: AgreementArg,
    format_: Annotated[LintFormat, typer.Option("--format", help="Form of the diagnostics.")] = LintFormat.TABLE,
) -> None:
    """Say what is wrong with a text, mistake by mistake, each with its place and what to do.

    Exit code 0: nothing to report. 1: something. 2: there is no such file.
    """
    source, diagnostics = _diagnose(agreement)
    if format_ is LintFormat.JSON:
        sys.stdout.write(
            json.dumps({"diagnostics": [d.as_dict() for d in diagnostics]}, ensure_ascii=False, indent=2) + "\n"
        )
    elif diagnostics:
        render(common.out(), diagnostics, source)
        errors = sum(d.severity is Severity.ERROR for d in diagnostics)
        common.err().print(f"{errors} errors, {len(diagnostics) - errors} other remarks", style="bold")
    else:
        common.err().print("nothing to report", style="green")
    raise typer.Exit(Exit.SOMETHING if diagnostics else Exit.FINE)


def _diagnose(name: str) -> tuple[Source | None, tuple[Diagnostic, ...]]:
    path = engine.find(name)
    try:
        reading = servanda_dsl.read(path)
    except AgreementError as error:
        if not path.exists():
            common.load(name)
        return None, error.diagnostics
    if reading.agreement is None:
        return reading.parsed.source, reading.diagnostics
    try:
        ready = engine.Engine(reading.agreement)
        _ = ready.maps, ready.plan
    except AgreementError as error:
        return reading.parsed.source, (*reading.diagnostics, *error.diagnostics)
    return reading.parsed.source, reading.diagnostics


def fmt(
    agreement: AgreementArg,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit code 1 where something would change.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Change nothing; print what would change.")] = False,
) -> None:
    """Lay out the terms of a file in the one agreed way. Words and comments are never changed."""
    path = engine.find(agreement)
    path = next((path / n for n in FILE_NAMES if (path / n).is_file()), path) if path.is_dir() else path
    if not path.is_file():
        common.load(agreement)
    source = read_source(path)
    try:
        laid_out = format_source(source)
    except ValueError as error:
        render(common.err(), parse(source).diagnostics, source)
        common.fail(str(error))
    if laid_out == source.text:
        raise typer.Exit(Exit.FINE)
    if diff:
        lines = difflib.unified_diff(
            source.text.splitlines(keepends=True), laid_out.splitlines(keepends=True), str(path), f"{path} (laid out)"
        )
        sys.stdout.writelines(lines)
    if check or diff:
        common.err().print(f"{path} would be laid out anew")
        raise typer.Exit(Exit.SOMETHING)
    path.write_text(laid_out, encoding="utf-8")
    common.err().print(f"{path} laid out anew")


def read(
    agreement: AgreementArg,
    exceptions: Annotated[
        bool, typer.Option("--exceptions", help="The exceptions alone, as a tree under each prohibition that has any.")
    ] = False,
) -> None:
    """Give every rule back in plain English, with the dates that follow from it and the assumptions it rests on."""
    loaded = common.load(agreement)
    if exceptions:
        lines = list(exception_lines(loaded)) or ["no rule has an exception"]
        sys.stdout.write("\n".join(lines) + "\n")
        return
    plan = engine.Engine(loaded).plan
    console = common.out(width=None if sys.stdout.isatty() else 120)
    console.print(Text(loaded.title, "bold underline"))
    console.print(_header(loaded))
    for party in loaded.joining:
        console.print(Text(f"\n{prose.joining(loaded, party)}."))
    for said in (*(prose.read_gate(loaded, g) for g in loaded.gates), *(prose.read_phase(p) for p in loaded.phases)):
        console.print(Text(f"\n{said}"))
    for clause in loaded.clauses:
        console.print(Text(f"\nClause {clause.label}: {clause.heading}", "bold"))
        if clause.gist:
            console.print(Text(f"  gist: {clause.gist}", "dim"))
        if clause.not_monitored is not None:
            console.print(Text(f"  Not monitored, because {clause.not_monitored}."))
        for rule in clause.rules:
            named = f" ({rule.heading})" if rule.heading else ""
            console.print(Text.assemble((f"  Rule {rule.id}{named}. ", "bold"), prose.read_rule(loaded, rule)))
            for line in (x for p in plan.rules if p.rule == rule.id for x in dates(p, loaded.time_zone)):
                console.print(Text(f"      {line}", "cyan"))
        own = [a for a in loaded.assumptions if a.clause == clause.label]
        for assumption in own:
            console.print(
                Text(f"  Assumption {assumption.id}: {assumption.words}, because {assumption.because}.", "yellow")
            )
    console.print(Text("\nAssumptions that hold throughout", "bold"))
    for assumption in (a for a in loaded.assumptions if a.clause is None):
        console.print(Text(f"  {assumption.id}: {assumption.words}, because {assumption.because}.", "yellow"))


def _header(agreement: Agreement) -> str:
    lines = [f"Source: {agreement.source or 'not stated'}"]
    if agreement.authentic_in:
        lines.append(f"Authentic in {prose.join(list(agreement.authentic_in))}")
    if agreement.encoded_from:
        authentic = "authentic" if agreement.encoded_from.authentic else "not authentic"
        lines.append(f"Encoded from {agreement.encoded_from.text}, {agreement.encoded_from.language}, {authentic}")
    if agreement.provenance != "text":
        lines.append(f"Provenance: {agreement.provenance}, not the text itself")
    if agreement.signed:
        lines.append(f"Signed {prose.read_anchor(agreement.signed)}")
    force = prose.read_anchor(agreement.in_force) if agreement.in_force else "not yet known"
    lines.append(f"In force {force}, {agreement.time_zone}")
    for event in agreement.events:
        when = prose.read_anchor(event.instant) if event.instant else "not known"
        lines.append(f"{event.title} (`{event.name}`): {when}")
    reviewed = agreement.reviewed_by
    lines.append(f"Reviewed by {reviewed.who} on {reviewed.on}" if reviewed else "Not reviewed by a second person")
    return "\n".join(lines)


def export(
    agreement: Annotated[str | None, typer.Argument(metavar="AGREEMENT", help="Not needed for --to schema.")] = None,
    to: Annotated[
        ExportTo, typer.Option("--to", help="json: the rule objects; schema: their JSON Schema.")
    ] = ExportTo.JSON,
) -> None:
    """Print the rule objects of an agreement as JSON, or the JSON Schema of rule objects."""
    if to is ExportTo.SCHEMA:
        text = json.dumps(Agreement.model_json_schema(), ensure_ascii=False, indent=2)
    elif agreement is None:
        common.fail("name the agreement to export")
    else:
        text = common.load(agreement).model_dump_json(indent=2)
    sys.stdout.write(text + "\n")
