"""JSON lines, JSON lists and GeoJSON, with the physical line each record starts on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from servanda.observations.problems import Flaw, shown
from servanda.observations.rows import Row

_BLANKS = " \t\r\n"


class _Twice(dict[str, Any]):
    """An object in whose text a key stood twice; `key` says which."""

    key = ""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    twice = _Twice(found)
    seen: set[str] = set()
    twice.key = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return twice


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs)


def lines(text: str, blank: dict[str, int]) -> Iterator[Row]:
    """Read JSON lines: one object a line, a bad line costing only itself.

    Args:
        text: The whole file.
        blank: Counts blank lines, under ``lines``.

    Yields:
        The rows.
    """
    parts = text.split("\n")
    for number, part in enumerate(parts, start=1):
        if not part.strip(_BLANKS):
            blank["lines"] += number < len(parts) or bool(part)
            continue
        last = number == len(parts)
        value, end, flaw = _decode(part, len(part) - len(part.lstrip(_BLANKS)))
        if flaw is None and part[end:].strip(_BLANKS):
            flaw = Flaw(None, "O101", "there is more text after the object", "", shown(part[end:]))
        if flaw is not None:
            advice = "the file seems cut off here" if last and flaw.code == "O101" else flaw.help
            yield Row(number, None, (Flaw(flaw.field, flaw.code, flaw.message, advice, flaw.value),))
        else:
            yield Row(number, value)


def document(text: str, blank: dict[str, int]) -> Iterator[Row]:
    """Read a JSON document: a list of records, a FeatureCollection, one record, or JSON lines.

    Args:
        text: The whole file.
        blank: Counts blank lines, under ``lines``, where it is JSON lines.

    Yields:
        The rows; features are given as they stand. Where the text breaks off, what came before
        is given and the last row says from which line on nothing was read.
    """
    start = _skip(text, 0)
    if text[start : start + 1] == "[":
        yield from _items(text, start + 1)
        return
    if text[start : start + 1] != "{":
        message = "the file is empty" if start == len(text) else "it is neither a list nor an object"
        yield Row(_line(text, start), None, (Flaw(None, "O101", message),))
        return
    features = _features(text, start + 1)
    if features is not None:
        yield from _items(text, features)
        return
    value, end, flaw = _decode(text, start)
    if flaw is None and _skip(text, end) == len(text):
        yield Row(_line(text, start), value)
    else:
        yield from lines(text, blank)


def _items(text: str, at: int) -> Iterator[Row]:
    """Read the items of a list whose opening bracket was passed."""
    at, line, counted = _skip(text, at), 1, 0
    if text[at : at + 1] == "]":
        return
    while True:
        line, counted = line + text.count("\n", counted, at), at
        value, at, flaw = _decode(text, at)
        at = _skip(text, at)
        after = text[at : at + 1]
        if flaw is None:
            yield Row(line, value)
            if after == "]":
                return
        elif flaw.code == "O103" and after == "]":
            yield Row(line, None, (flaw,))
            return
        elif flaw.code == "O103":
            yield Row(line, None, (flaw,))
        if after == "," and (flaw is None or flaw.code == "O103"):
            at = _skip(text, at + 1)
            continue
        line += text.count("\n", counted, at) if flaw is None else 0
        message = flaw.message if flaw else "a comma or the end of the list is missing"
        advice = "from this line on nothing was read; JSON lines lose only the bad line"
        yield Row(line, None, (Flaw(None, flaw.code if flaw else "O101", message, advice),))
        return


def _features(text: str, at: int) -> int | None:
    """Return where the list of features starts, or None if this is no FeatureCollection."""
    if '"FeatureCollection"' not in text:
        return None
    at = _skip(text, at)
    while text[at : at + 1] == '"':
        key, at, flaw = _decode(text, at)
        at = _skip(text, at)
        if flaw is not None or text[at : at + 1] != ":":
            return None
        at = _skip(text, at + 1)
        if key == "features" and text[at : at + 1] == "[":
            return at + 1
        _, at, flaw = _decode(text, at)
        at = _skip(text, at)
        if flaw is not None or text[at : at + 1] != ",":
            return None
        at = _skip(text, at + 1)
    return None


def _decode(text: str, at: int) -> tuple[Any, int, Flaw | None]:
    try:
        value, end = _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        what = text[error.pos : error.pos + 30]
        message = f"it is not JSON: {error.msg.lower()} (column {error.colno})"
        return None, at, Flaw(None, "O101", message, "", shown(what))
    except RecursionError:
        return None, at, Flaw(None, "O104", "the JSON is nested too deeply")
    except ValueError:  # an integer of thousands of digits
        return None, at, Flaw(None, "O105", "it holds a number too long to be meant")
    return value, end, _bad(value)


def _bad(value: object) -> Flaw | None:
    stack = [value]
    while stack:
        inner = stack.pop()
        if isinstance(inner, _Twice):
            message = f'the key "{shown(inner.key)}" stands twice in one object'
            return Flaw(inner.key, "O103", message, "keep the one that is meant")
        if isinstance(inner, dict):
            stack.extend(inner.values())
        elif isinstance(inner, list):
            stack.extend(inner)
    return None


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANKS:
        at += 1
    return at


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
