from __future__ import annotations

import pytest

from servanda_dsl import lexicon
from servanda_dsl.parser import lex, make_lark
from servanda_dsl.source import Source


def test_the_grammar_has_no_conflict() -> None:
    make_lark(strict=True)


def test_every_terminal_has_a_name_a_message_can_use() -> None:
    names = {t.name for t in make_lark().terminals} | {f"{t}" for t in lexicon.keywords().values()}
    assert not [n for n in names if n.startswith("__")]
    unnamed = names - set(lexicon.ENGLISH) - set(lexicon.keywords().values())
    assert unnamed == {"COMMENT", "_WS", "UNCLOSED", "JUNK", "ODD_DATE"}, (
        "these never stand in a list of what is expected"
    )


@pytest.mark.parametrize(
    "name",
    ["the-lull", "shall-x", "withinn", "mustt", "no-fire", "nott", "day-of-rest", "zone-3", "of_", "kmh", "partei",
     "сторона", "الجنوب", "a1", "MAYBE"],
)  # fmt: skip
def test_a_name_that_begins_like_a_word_of_the_language_is_read_whole(name: str) -> None:
    first = lex(Source("x.terms", name))[0][0]
    assert first.type == "NAME"
    assert str(first) == name


@pytest.mark.parametrize("word", sorted(lexicon.keywords()))
def test_every_word_of_the_language_is_reserved_in_any_case(word: str) -> None:
    for written in (word, word.upper(), word.capitalize()):
        assert [t.type for t in lex(Source("x.terms", written))[0]] == [lexicon.keywords()[word]]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("100 mm.", ["100", "mm", "."]),
        ("6,000 m", ["6,000", "m"]),
        ("1.5 km.", ["1.5", "km", "."]),
        ("2015-02-15 00:00.", ["2015-02-15", "00:00", "."]),
        ("clause 4.1.2 ", ["clause", "4.1.2"]),
        ("clause 2bis.", ["clause", "2bis", "."]),
        ("America/Argentina/Buenos_Aires.", ["America/Argentina/Buenos_Aires", "."]),
        ("Etc/GMT+3.", ["Etc/GMT+3", "."]),
        ('"a . b" «c . d» “e . f”.', ['"a . b"', "«c . d»", "“e . f”", "."]),
        ("x # a . b\n.", ["x", "."]),
    ],
)  # fmt: skip
def test_figures_quotations_and_comments_keep_their_dots(text: str, tokens: list[str]) -> None:
    assert [str(t) for t in lex(Source("x.terms", text))[0]] == tokens
