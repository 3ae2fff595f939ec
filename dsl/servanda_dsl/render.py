"""Diagnostics for a person: the place, the line of text with the words marked, and what to do."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from servanda_dsl.diagnostics import Diagnostic, Severity, visible
from servanda_dsl.source import Source

_WIDEST = 160
"""Characters of a line that are shown; of a longer one, those about the place."""

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold cyan"}


def render(console: Console, diagnostics: tuple[Diagnostic, ...], source: Source | None) -> None:
    """Print diagnostics, each with its line of text where the source is at hand."""
    for number, diagnostic in enumerate(diagnostics, 1):
        style = _STYLES[diagnostic.severity]
        head = Text.assemble(
            (f"{diagnostic.severity.value}[{diagnostic.code}]", style), f" {number} of {len(diagnostics)}: ",
            (visible(diagnostic.message), "bold"),
        )  # fmt: skip
        console.print(head, soft_wrap=True)
        place = diagnostic.place
        breadcrumb = f"  (clause {diagnostic.clause})" if diagnostic.clause else ""
        console.print(Text(f"  --> {place.file}:{place.line}:{place.column}{breadcrumb}", "dim"), soft_wrap=True)
        if source is not None and source.text and source.file == place.file:
            _excerpt(console, diagnostic, source, style)
        if diagnostic.help:
            console.print(Text.assemble(("  help: ", "bold"), visible(diagnostic.help)), soft_wrap=True)
        console.print()


def _excerpt(console: Console, diagnostic: Diagnostic, source: Source, style: str) -> None:
    place = diagnostic.place
    line = visible(source.line_text(place.line))
    width = max(1, min(place.end - place.start, len(line) - place.column + 1, _WIDEST))
    before = max(0, place.column - 1 + width - _WIDEST)
    shown = ("…" if before else "") + line[before + bool(before) : before + _WIDEST]
    gutter = f"{place.line:>5} | "
    shown += "…" if len(line) > before + _WIDEST else ""
    console.print(Text(gutter, "dim") + Text(shown), soft_wrap=True)
    marks = Text(" " * (place.column - 1 - before) + "^" * width, style)
    console.print(Text(" " * (len(gutter) - 2) + "| ", "dim") + marks, soft_wrap=True)
