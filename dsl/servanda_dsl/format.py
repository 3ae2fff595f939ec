"""One way to lay out terms: `servanda fmt`.

Works on words, not on trees: nothing but white space changes, so no word and no comment can be lost. What stands
outside the terms blocks of a literate page is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from lark import Token

from servanda_dsl.parser import Parsed, parse
from servanda_dsl.source import Source

WIDTH = 115
INDENT = "    "

_HOLDS_NEXT = {"_BECAUSE", "_GIST", "_APPROXIMATE", "_MENDED", "_MONITORED", "_SOURCE", "_ASSUMING"}
_NO_BLANK_BEFORE = {"_STOP", "_COMMA", "_COLON", "_SEMICOLON"}
_HEADER_PARTS = {
    "_SOURCE", "_AUTHENTIC", "_ENCODED", "_REVIEWED", "_SIGNED", "_VERSION", "_PROVENANCE", "_STATUS", "_TIME", "_IN",
}  # fmt: skip


def format_source(source: Source) -> str:
    """The same file, laid out.

    Raises:
        ValueError: Some sentence cannot be read; lay-out would only hide where the mistake is.
    """
    parsed = parse(source)
    if parsed.diagnostics:
        msg = f"{source.file} has sentences that cannot be read"
        raise ValueError(msg)
    text, parts, last = source.text, [], 0
    newline = "\r\n" if "\r\n" in text else "\n"
    for start, end in source.blocks:
        parts.append(text[last:start])
        parts.append(_format_block(parsed, start, end, newline))
        last = end
    parts.append(text[last:])
    return "".join(parts)


def _format_block(parsed: Parsed, start: int, end: int, newline: str) -> str:
    words = [(t, False) for s in parsed.sentences for t in s.tokens] + [(c, True) for c in parsed.comments]
    inside = sorted(((t, c) for t, c in words if start <= (t.start_pos or 0) < end), key=lambda w: w[0].start_pos or 0)
    lines: list[str] = []
    current: list[Token] = []
    previous: Token | None = None
    for token, is_comment in inside:
        if not current:
            trailing = is_comment and previous is not None and previous.end_line == token.line
            if trailing:
                lines[-1] += "  " + str(token).rstrip()
                previous = token
                continue
            if previous is not None and (token.line or 0) - (previous.end_line or 0) > 1:
                lines.append("")
            if is_comment:
                lines.append(str(token).rstrip())
                previous = token
                continue
        current.append(token)
        previous = token
        if token.type == "_STOP":
            lines.extend(_lay_out(current))
            current = []
    return "".join(line + newline for line in lines)


@dataclass(frozen=True)
class _Unit:
    """Words that stay on one line, and how they begin.

    Attributes:
        text: The words, or a comment.
        glued: Whether no blank stands before them.
        opens: Whether a part of the sentence begins here, so that a line may be broken before it.
        forced: Whether a line is broken before it wherever the sentence does not fit on one.
        comment: Whether it is a comment, after which a line always ends.
    """

    text: str
    glued: bool = False
    opens: bool = False
    forced: bool = False
    comment: bool = False


def _lay_out(tokens: list[Token]) -> list[str]:
    """One line where the sentence fits on it; else its parts, filled into lines."""
    units = _units(tokens)
    flat = _join(units)
    must_break = any(u.comment for u in units) or any(t.type in {"_AGREEMENT", "_READING"} for t in tokens)
    if not must_break and len(flat) <= WIDTH:
        return [flat]
    page = _Page()
    for part in _parts(units):
        page.place(part)
    return [line for line in page.lines if line.strip()]


def _units(tokens: list[Token]) -> list[_Unit]:
    header = tokens[0].type == "_AGREEMENT"
    units: list[_Unit] = []
    previous: Token | None = None
    for i, token in enumerate(tokens):
        text = str(token).rstrip() if token.type == "COMMENT" else str(token)
        following = tokens[i + 1].type if i + 1 < len(tokens) else ""
        if token.type == "COMMENT":
            own_line = previous is None or previous.end_line != token.line
            units.append(_Unit(text, opens=own_line, forced=own_line, comment=True))
        elif previous is not None and _holds(previous, token):
            units[-1] = replace(units[-1], text=f"{units[-1].text} {text}")
        else:
            earlier = tokens[i - 2].type if i > 1 else ""
            forced = _begins_line(token, previous, earlier, following, header=header)
            opens = forced or (previous is not None and previous.type in {"_COMMA", "_SEMICOLON"})
            opens = opens or (token.type == "_IS" and tokens[0].type in {"_WEAPON", "_OBJECT", "_GATE"})
            units.append(_Unit(text, glued=token.type in _NO_BLANK_BEFORE, opens=opens, forced=forced))
        previous = token
    return units


def _holds(previous: Token, token: Token) -> bool:
    """Whether a word stays on the line of the one before it."""
    return previous.type in _HOLDS_NEXT or (previous.type == "NOT" and token.type == "_MONITORED")


def _begins_line(token: Token, previous: Token | None, earlier: str, following: str, *, header: bool) -> bool:
    if previous is None:
        return False
    if token.type == "STRING" and previous.type == "STRING":
        return True
    if header and token.type in _HEADER_PARTS:
        authentic_in = token.type == "_IN" and previous.type == "_AUTHENTIC" and earlier != "NOT"
        return not authentic_in and (previous.type, token.type) != ("NOT", "_AUTHENTIC")
    return token.type in {"_GIST", "_READING"} or (
        token.type == "NOT" and following == "_MONITORED" and previous.type == "STRING"
    )


def _parts(units: list[_Unit]) -> list[list[_Unit]]:
    parts: list[list[_Unit]] = [[]]
    for unit in units:
        after_comment = bool(parts[-1]) and parts[-1][-1].comment
        if (unit.opens or after_comment) and parts[-1]:
            parts.append([])
        parts[-1].append(unit)
    return parts


class _Page:
    """Lines in the making."""

    def __init__(self) -> None:
        self.lines = [""]
        self.closed = False

    def place(self, part: list[_Unit]) -> None:
        """Put a part of a sentence on the last line where it fits, else on a new one, filled word by word."""
        text = _join(part)
        full = len(self.lines[-1]) + 1 + len(text) > WIDTH
        if self.lines[-1].strip() and (self.closed or part[0].forced or full):
            self.lines.append(INDENT)
        for unit in part:
            self._add(unit)
        self.closed = part[-1].comment

    def _add(self, unit: _Unit) -> None:
        begun = bool(self.lines[-1].strip())
        if begun and not unit.glued and not unit.comment and len(self.lines[-1]) + 1 + len(unit.text) > WIDTH:
            self.lines.append(INDENT)
            begun = False
        blank = "" if unit.glued or not begun else "  " if unit.comment else " "
        self.lines[-1] += blank + unit.text


def _join(units: list[_Unit]) -> str:
    return "".join(u.text if u.glued or not i else f" {u.text}" for i, u in enumerate(units))
