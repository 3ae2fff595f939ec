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

_LINE = re.compile(r"[^\r\n]*")
_FENCE = re.compile(r"^(?P<fence>`{3,}|~{3,})[ \t]*terms[ \t]*$")


@dataclass(frozen=True)
class Source:
    """One file of terms.

    Attributes:
        file: The file as the user named it.
        text: The whole file, unchanged.
        literate: Whether terms stand in fenced blocks of a Markdown page.
        problems: What kept the file from being read, each with what to do.
    """

    file: str
    text: str
    literate: bool = False
    problems: tuple[tuple[str, str], ...] = field(default=(), compare=False)

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
        return self._fenced[0]

    @property
    def unclosed(self) -> int | None:
        """Offset of the fence that opens a terms block and is never closed, if there is one; the block is not read."""
        return self._fenced[1] if self.literate else None

    @cached_property
    def _fenced(self) -> tuple[tuple[tuple[int, int], ...], int | None]:
        found: list[tuple[int, int]] = []
        opened, start, fence = 0, -1, ""
        for offset in self._line_starts:
            bare = _LINE.match(self.text, offset)[0]  # type: ignore[index]
            if start < 0:
                opening = _FENCE.match(bare)
                if opening:
                    opened, start, fence = offset, min(self._after(offset), len(self.text)), opening["fence"]
            elif _FENCE.match(bare):
                break
            elif bare.strip() == fence:
                found.append((start, offset))
                start = -1
        return tuple(found), (None if start < 0 else opened)

    def _after(self, offset: int) -> int:
        following = bisect_right(self._line_starts, offset)
        return self._line_starts[following] if following < len(self._line_starts) else len(self.text)

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
            problem = (
                f"`{path.name}` is larger than {LARGEST_FILE:,} bytes",
                "an agreement is a text, and far shorter",
            )
            return Source(shown, "", literate, (problem,))
        data = path.read_bytes()
    except OSError as error:
        problem = (f"`{path.name}` cannot be read: {(error.strerror or str(error)).lower()}", "")
        return Source(shown, "", literate, (problem,))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problem = (
            f"`{path.name}` is not UTF-8 text (line {line})",
            "save it as plain text in UTF-8; a word processor offers that under “save as”",
        )
        return Source(shown, "", literate, (problem,))
    return Source(shown, text, literate)
