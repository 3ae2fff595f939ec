"""Diagnostics: what is wrong with a text, where, and what to do about it, as values.

A diagnostic is never thrown at the first mistake; the reader of a file collects them all and, where the caller
asked for an agreement and cannot have one, raises them together as one `AgreementError`.
The form (one lower-case sentence, the user's own words in back-ticks, a separate help) follows Cedar's style guide
for error messages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How much a diagnostic matters: an error keeps the agreement from being used, the others do not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


def visible(text: str) -> str:
    """Text of a user's file as it may be printed: what a terminal would obey or hide is a blank."""
    return "".join(c if c.isprintable() else " " for c in text)


@dataclass(frozen=True, order=True)
class Place:
    """A stretch of one file: where a word, sentence or rule stands.

    Attributes:
        file: The file as the user named it.
        line: Line of the first character, from 1.
        column: Column of the first character, from 1, in characters.
        start: Offset of the first character in the file, from 0.
        end: Offset just after the last character.
    """

    file: str
    line: int
    column: int
    start: int = field(default=0)
    end: int = field(default=0)


@dataclass(frozen=True)
class Diagnostic:
    """One thing wrong with (or worth knowing about) a text.

    Attributes:
        code: Stable code, explained in `docs/reference/diagnostics.md`.
        severity: Error, warning or information.
        place: Where it stands.
        message: One sentence, lower case, no full stop; the user's words in back-ticks.
        help: What to do next, or the empty string.
        suggestions: Names that would be legal at this place, nearest first (at most five).
        clause: Heading of the clause in which it stands, or the empty string.
    """

    code: str
    severity: Severity
    place: Place
    message: str
    help: str = ""
    suggestions: tuple[str, ...] = ()
    clause: str = ""

    def as_dict(self) -> dict[str, object]:
        """The diagnostic as `servanda lint --format json` prints it."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "span": [self.place.start, self.place.end],
            "message": self.message,
            "help": self.help,
            "suggestions": list(self.suggestions),
            "clause": self.clause,
        }

    def as_line(self) -> str:
        """The diagnostic on one line, as compilers print it: `file:line:column: severity[code] message`."""
        tail = f" ({self.help})" if self.help else ""
        return visible(
            f"{self.place.file}:{self.place.line}:{self.place.column}: "
            f"{self.severity.value}[{self.code}] {self.message}{tail}"
        )


class AgreementError(Exception):
    """An agreement cannot be used. `diagnostics` says why: every mistake, each with its place.

    Raised by `servanda.load` and `servanda_dsl.load`; never by `servanda_dsl.read_source`, which returns them.
    """

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        """Keep the diagnostics and print the errors among them as the message."""
        self.diagnostics = diagnostics
        errors = [d for d in diagnostics if d.severity is Severity.ERROR]
        super().__init__("\n".join(d.as_line() for d in errors) or "the agreement cannot be used")


def sort_diagnostics(diagnostics: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Diagnostics in the order of the text, each once."""
    unique = dict.fromkeys(diagnostics)
    return tuple(sorted(unique, key=lambda d: (d.place, d.code, d.message)))
