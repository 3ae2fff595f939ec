"""A file of terms as the user opened it: plain (`.terms`) or literate (Markdown with ```terms blocks).

Literate text is blanked out, never cut out, so that every offset, line and column is that of the user's file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from servanda_dsl.diagnostics import Place

LARGEST_FILE = 5_000_000
"""Bytes; the longest agreement known has some 200,000. Anything larger is refused before it is read."""

_FENCE = re.compile(r"^(?P<fence>`{3,}|~{3,})[ \t]*terms[ \t]*$")


@dataclass(frozen=True)
class Source:
    """One file of terms.

    Attributes:
        file: The file as the user named it.
        text: The whole file, unchanged.
        literate: Whether terms stand in fenced blocks of a Markdown page.
    """

    file: str
    text: str
    literate: bool = False
    problems: tuple[str, ...] = field(default=(), compare=False)

    @cached_property
    def terms(self) -> str:
        """The terms alone, at the offsets they have in the file; all else is blanks."""
        if not self.literate:
            return self.text
        blank = [c if c in "\r\n" else " " for c in self.text]
        for start, end in self.blocks:
            blank[start:end] = self.text[start:end]
        return "".join(blank)

    @cached_property
    def blocks(self) -> tuple[tuple[int, int], ...]:
        """Offsets of the terms blocks, fences left out. A plain file is one block."""
        if not self.literate:
            return ((0, len(self.text)),)
        found, offset, start, fence = [], 0, -1, ""
        for line in self.text.splitlines(keepends=True):
            bare = line.rstrip("\r\n")
            if start < 0:
                opening = _FENCE.match(bare)
                if opening:
                    start, fence = offset + len(line), opening["fence"]
            elif bare.strip() == fence:
                found.append((start, offset))
                start = -1
            offset += len(line)
        if start >= 0:
            found.append((start, len(self.text)))
        return tuple(found)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(m.end() for m in re.finditer(r"\r\n|\n|\r", self.text))]

    def place(self, start: int, end: int | None = None) -> Place:
        """The place of a stretch of this file, from offsets."""
        start = min(start, len(self.text))
        line = bisect_right(self._line_starts, start)
        return Place(self.file, line, start - self._line_starts[line - 1] + 1, start, end if end is not None else start)

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column (both from 1)."""
        return self._line_starts[line - 1] + column - 1

    def line_text(self, line: int) -> str:
        """The text of a line (from 1), without its end."""
        start = self._line_starts[line - 1]
        end = self._line_starts[line] if line < len(self._line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")


def read_source(path: Path, shown_as: str | None = None) -> Source:
    """Read one file of terms.

    Args:
        path: The file, `.terms` or `.md`.
        shown_as: How diagnostics name it; the path itself by default.

    Returns:
        The source; `problems` says what kept it from being read as UTF-8 text of a sensible size.
    """
    shown = shown_as or str(path)
    literate = path.suffix.lower() in {".md", ".markdown"}
    try:
        if path.stat().st_size > LARGEST_FILE:
            return Source(shown, "", literate, (f"`{path.name}` is larger than {LARGEST_FILE:,} bytes",))
        data = path.read_bytes()
    except OSError as error:
        return Source(shown, "", literate, (f"`{path.name}` cannot be read: {error.strerror or error}",))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return Source(shown, "", literate, (f"`{path.name}` is not UTF-8 text (line {line}); save it as UTF-8",))
    return Source(shown, text, literate)
