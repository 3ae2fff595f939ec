"""The words of the language and what they are called in messages: one table, read from the grammar itself."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

ENGLISH = {
    "NAME": "a name",
    "STRING": "a text in quotation marks",
    "NUMBER": "a number",
    "LABEL": "a number with a letter",
    "DATE": "a date such as `2015-02-15`",
    "TIME": "a time such as `00:00`",
    "ZONENAME": "a time zone such as `Europe/Kyiv`",
    "_STOP": "a full stop",
    "_COMMA": "a comma",
    "_COLON": "a colon",
    "_SEMICOLON": "a semicolon",
    "$END": "the end of the sentence",
}
"""English name of each terminal that is not a keyword."""

SYNONYMS = {
    "must": "shall",
    "will": "shall",
    "should": "shall",
    "can": "may",
    "could": "may",
    "mustn't": "shall not",
    "cannot": "shall not",
    "unless": "except as … permits",
    "if": "only if … is recorded",
    "since": "from",
    "till": "until",
    "article": "clause",
    "paragraph": "clause",
    "section": "clause",
    "all": "each party",
    "every": "each",
    "parties": "party",
}
"""Words an adviser may write for a keyword, and the keyword."""

CLOCK_WORDS = {
    "midnight": "write which midnight: `2015-02-15 00:00` begins that day, `2015-02-15 24:00` ends it",
    "noon": "write the date and the hour: `2015-02-15 12:00`",
    "local": "a time is local to the agreement's zone; for another, name it: `2015-02-15 12:00 Europe/Moscow`",
}
"""Words for a time of day that the language does not use, and what to write."""

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
"""Names of months, which the language does not use: a date is written `2015-02-15`."""

FAMILIES = {
    "a unit of time such as `hours` or `days`": frozenset(
        f"{unit}{plural}" for unit in ("MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "YEAR") for plural in ("", "S")
    ),
    "a unit of length such as `km`": frozenset({"KM", "M", "CM", "MM", "FT"}),
}
"""Keywords that are listed together in a message where all of them could stand."""


@cache
def grammar_text() -> str:
    """The grammar file, whole."""
    return files("servanda_dsl").joinpath("grammar.lark").read_text(encoding="utf-8")


@cache
def keywords() -> dict[str, str]:
    """Every reserved word of the language, as it is written, with the name of its terminal."""
    declared = re.findall(r"^%declare (.+)$", grammar_text(), flags=re.MULTILINE)
    return {written(name): name for line in declared for name in line.split()}


def written(terminal: str) -> str:
    """How the keyword of a terminal is written in a text."""
    return terminal.strip("_").lower().replace("_", "-")


def english(terminal: str) -> str:
    """What a terminal is called in a message."""
    if terminal in ENGLISH:
        return ENGLISH[terminal]
    return f"`{written(terminal)}`"
