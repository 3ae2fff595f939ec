"""Whatever one slip of the hand does to a real agreement, it is read, or refused in words; it never fails otherwise."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from servanda_dsl.diagnostics import Severity
from servanda_dsl.format import format_source
from servanda_dsl.load import read_text
from servanda_dsl.parser import lex
from servanda_dsl.source import Source, read_source

FILE = Path(__file__).parents[2] / "agreements" / "minsk-2-2015" / "agreement.md"
ORIGINAL = read_source(FILE, "agreement.md")
SPARE = [
    ".",
    ",",
    '"',
    ":",
    ";",
    "#",
    "`",
    "\n",
    "rule",
    "shall",
    "not",
    "the",
    "a",
    "100",
    "mm",
    "2015-02-30",
    "ü",
    "\u200b",
    "“",
]


def _spot(rng: random.Random, text: str) -> int:
    """An offset, within the terms more often than in the prose."""
    start, end = rng.choice([*ORIGINAL.blocks, (0, len(text))])
    return rng.randrange(start, max(start + 1, min(end, len(text) - 1)))


def _character(rng: random.Random, text: str) -> str:
    at = _spot(rng, text)
    return text[:at] + rng.choice(["", text[at] * 2, rng.choice(SPARE), text[at].swapcase()]) + text[at + 1 :]


def _word(rng: random.Random, text: str) -> str:
    tokens = lex(ORIGINAL)[0]
    one, other = rng.choice(tokens), rng.choice(tokens)
    new = rng.choice(["", f"{one} {one}", str(other), rng.choice(SPARE)])
    return text[: one.start_pos] + new + text[one.end_pos :]


def _line(rng: random.Random, text: str) -> str:
    lines = text.split("\n")
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    match rng.randrange(3):
        case 0:
            del lines[one]
        case 1:
            lines.insert(one, lines[other])
        case _:
            lines[one], lines[other] = lines[other], lines[one]
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("slip", "times"), [(_character, 120), (_word, 120), (_line, 60)], ids=["character", "word", "line"]
)
def test_a_slip_of_the_hand_is_read_or_refused_in_words(
    slip: Callable[[random.Random, str], str], times: int, seed: int
) -> None:
    rng = random.Random(seed)
    for _ in range(times):
        source = Source("agreement.md", slip(rng, ORIGINAL.text), literate=True)
        reading = read_text(source, FILE.parent)
        errors = [d for d in reading.diagnostics if d.severity is Severity.ERROR]
        assert (reading.agreement is None) == bool(errors)
        for d in reading.diagnostics:
            assert source.place(d.place.start) == type(d.place)(
                d.place.file, d.place.line, d.place.column, d.place.start, d.place.start
            )
        if not reading.parsed.diagnostics:
            laid_out = Source("agreement.md", format_source(source), literate=True)
            assert [str(t) for t in lex(laid_out)[0]] == [str(t) for t in lex(source)[0]]


@pytest.mark.parametrize("seed", range(200))
def test_one_misspelt_word_gives_few_messages_and_the_first_is_near_it(seed: int) -> None:
    """A letter doubled in a word of a sentence: never a flood, and never only elsewhere."""
    rng = random.Random(seed)
    token = rng.choice([t for t in lex(ORIGINAL)[0] if str(t)[0].isalpha() and len(t) > 2])
    at = (token.start_pos or 0) + rng.randrange(len(token))
    source = Source("agreement.md", ORIGINAL.text[:at] + ORIGINAL.text[at] + ORIGINAL.text[at:], literate=True)
    found = read_text(source, FILE.parent).diagnostics
    declared = sum(str(t) == str(token) for t in lex(ORIGINAL)[0]) > 1
    assert len(found) <= (8 if declared else 1)
