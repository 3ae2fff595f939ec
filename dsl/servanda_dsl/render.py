"""Diagnostics for a person: the place, the line of text with the words marked, and what to do."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from servanda_dsl.diagnostics import Diagnostic, Severity
from servanda_dsl.source import Source

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold cyan"}


def render(console: Console, diagnostics: tuple[Diagnostic, ...], source: Source | None) -> None:
    """Print diagnostics, each with its line of text where the source is at hand."""
    for number, diagnostic in enumerate(diagnostics, 1):
        style = _STYLES[diagnostic.severity]
        head = Text.assemble(
            (f"{diagnostic.severity.value}[{diagnostic.code}]", style), f" {number} of {len(diagnostics)}: ",
            (diagnostic.message, "bold"),
        )  # fmt: skip
        console.print(head, soft_wrap=True)
        place = diagnostic.place
        breadcrumb = f"  (clause {diagnostic.clause})" if diagnostic.clause else ""
        console.print(Text(f"  --> {place.file}:{place.line}:{place.column}{breadcrumb}", "dim"), soft_wrap=True)
        if source is not None and source.text and source.file == place.file:
            _excerpt(console, diagnostic, source, style)
        if diagnostic.help:
            console.print(Text.assemble(("  help: ", "bold"), diagnostic.help), soft_wrap=True)
        console.print()


def _excerpt(console: Console, diagnostic: Diagnostic, source: Source, style: str) -> None:
    place = diagnostic.place
    line = source.line_text(place.line)
    gutter = f"{place.line:>5} | "
    width = max(1, min(place.end - place.start, len(line) - place.column + 1))
    console.print(Text(gutter, "dim") + Text(line.replace("\t", " ")), soft_wrap=True)
    console.print(Text(" " * (len(gutter) - 2) + "| ", "dim") + Text(" " * (place.column - 1) + "^" * width, style))
