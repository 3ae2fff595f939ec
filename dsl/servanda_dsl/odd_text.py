"""What no sentence has a use for (odd characters, open quotations, dates of another fashion), and what to write."""

from __future__ import annotations

import re
import unicodedata

from lark import Token

DATE_OF_ANOTHER_KIND = re.compile(r"[0-9]{1,4}([-/.])[0-9]{1,2}\1[0-9]{1,4}")
"""A date written day first, with slashes, or without its noughts."""

DATE_HELP = "write the date as year-month-day, such as `2015-02-15`"

_DASHES = "‐‑‒–—―−"
_MARKS = "'‘’‚‛`´„‟”»‹›<>"
_CLOSING = {'"': '"', "“": "”", "«": "»"}


def explain(token: Token) -> tuple[str, str]:
    """The message and the help for a token that no sentence has a use for."""
    text = str(token)
    if token.type == "UNCLOSED":
        return _unclosed(text)
    if token.type == "ODD_DATE":
        return f"`{shorten(text)}` is not a date as this language writes it", DATE_HELP
    return f"{_named(text)} has no meaning here", _instead(text)


def shorten(text: str, most: int = 40) -> str:
    """The text, or its beginning where it is long."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _unclosed(text: str) -> tuple[str, str]:
    closing = _CLOSING[text[0]]
    if any(mark in text[1:] for mark in '”"»'):
        help_ = f"what begins with `{text[0]}` ends with `{closing}`"
    else:
        help_ = f"close it with `{closing}`; a long text may be several quotations one after another"
    return f"the quotation `{shorten(text.rstrip())}` is not closed on its line", help_


def _named(character: str) -> str:
    if character.isprintable():
        return f"`{character}`"
    name = unicodedata.name(character, "").lower()
    return f"the invisible character U+{ord(character):04X}" + (f" ({name})" if name else "")


def _instead(character: str) -> str:
    if character in _DASHES:
        return "within a name write the plain hyphen `-`"
    if character in _MARKS:
        return 'a text stands within "…" or “…”, and a name within no marks at all'
    if character.isdecimal():
        return "write figures with the digits 0 to 9"
    if not character.isprintable():
        return "delete it; it often comes along when text is copied from another program"
    return "delete it, or put it within quotation marks"
