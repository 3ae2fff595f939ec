"""One way to lay out terms: `servanda fmt`.

Works on words, not on trees: nothing but white space changes, so no word and no comment can be lost. What stands
outside the terms blocks of a literate page is left alone.
"""

from __future__ import annotations

from lark import Token

from servanda_dsl.parser import Parsed, parse
from servanda_dsl.source import Source

WIDTH = 100
INDENT = "    "

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


def _lay_out(tokens: list[Token]) -> list[str]:
    out = _Lines()
    header = tokens[0].type == "_AGREEMENT"
    previous: Token | None = None
    for token in tokens:
        if token.type == "COMMENT":
            out.comment(str(token).rstrip(), trailing=previous is not None and previous.end_line == token.line)
        else:
            if token.type == "_READING" or (header and _begins_part(token, previous)):
                out.break_line()
            out.word(str(token), glued=token.type in _NO_BLANK_BEFORE, comma=token.type in {"_COMMA", "_SEMICOLON"})
        previous = token
    return out.finished()


def _begins_part(token: Token, previous: Token | None) -> bool:
    if token.type not in _HEADER_PARTS or previous is None:
        return False
    goes_on = {("_AUTHENTIC", "_IN"), ("NOT", "_AUTHENTIC")}
    return (previous.type, token.type) not in goes_on


class _Lines:
    """Lines of a sentence in the making, filled to the width and broken after commas where there are any."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.line = ""
        self.comma = -1
        self.closed = False

    def word(self, word: str, *, glued: bool, comma: bool) -> None:
        if self.closed:
            self.break_line()
        blank = "" if glued or not self.line.strip() else " "
        if len(self.line) + len(blank) + len(word) > WIDTH and self.line.strip():
            self._wrap(keep=glued)
            blank = "" if glued or not self.line.strip() else " "
        self.line += blank + word
        if comma:
            self.comma = len(self.line)

    def comment(self, text: str, *, trailing: bool) -> None:
        if not trailing or not self.line.strip():
            self.break_line()
            self.line += text
        else:
            self.line += "  " + text
        self.closed = True

    def break_line(self) -> None:
        if self.line.strip():
            self.done.append(self.line)
        self.line, self.comma, self.closed = INDENT, -1, False

    def _wrap(self, *, keep: bool) -> None:
        if 0 < self.comma < len(self.line):
            head, tail = self.line[: self.comma], self.line[self.comma :].strip()
            self.done.append(head)
            self.line, self.comma = INDENT + tail, -1
        elif not keep:
            self.break_line()

    def finished(self) -> list[str]:
        if self.line.strip():
            self.done.append(self.line)
        return self.done
