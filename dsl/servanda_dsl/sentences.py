"""Cutting a text into sentences, so that one mistake costs one sentence and no more.

A sentence ends with a full stop that is a word of its own (never the dot of a figure or within quotation marks), or,
where the full stop is missing, before words at the beginning of a line that can only begin another sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lark import Token

from servanda_dsl import lexicon
from servanda_dsl.suggest import nearest

OPENERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "_AGREEMENT": (("NAME", "STRING"),),
    "_ASSUMING": ((),),
    "_USE": (("_VOCABULARY",),),
    "_GAZETTEER": (("STRING",),),
    "PARTY": (("NAME", "STRING"),),
    "MONITOR": (("NAME", "STRING"),),
    "NON_PARTY": (("NAME", "STRING"),),
    "BODY": (("NAME", "STRING"),),
    "_EVENT": (("NAME", "STRING"),),
    "_LINE": (("NAME", "STRING"),),
    "_ZONE": (("NAME", "STRING"),),
    "_WEAPON": (("NAME", "STRING"),),
    "_OBJECT": (("NAME", "STRING"),),
    "_GATE": (("NAME", "STRING"),),
    "_PHASE": (("NAME", "STRING"),),
    "_CLAUSE": (("NUMBER", "STRING"), ("NAME", "STRING"), ("LABEL", "STRING")),
    "_RULE": (("NAME", "_COLON"), ("NAME", "STRING", "_COLON")),
}
"""The words that begin a sentence, each with what follows it there."""


@dataclass(frozen=True)
class Sentence:
    """The tokens of one sentence and whether its full stop was there."""

    tokens: tuple[Token, ...]
    stopped: bool
    before: str = ""
    """The words that began the next sentence, where the full stop was missing."""

    @property
    def opener(self) -> str:
        """The terminal the sentence begins with, or (misspelt) was meant to begin with."""
        first = next((t for t in self.tokens if t.type != "JUNK"), self.tokens[0])
        if first.type in OPENERS:
            return first.type
        meant = meant_openers(str(first))
        return lexicon.keywords()[meant[0]] if meant else first.type


def cut(tokens: list[Token], breaks: frozenset[int] = frozenset()) -> Iterator[Sentence]:
    """Cut tokens into sentences.

    Args:
        tokens: All tokens of the text, in order.
        breaks: Offsets after which no sentence goes on (the ends of literate blocks).
    """
    current: list[Token] = []
    for i, token in enumerate(tokens):
        crossed = bool(current) and any(_end(current[-1]) <= b <= _start(token) for b in breaks)
        opens = bool(current) and _first_on_line(tokens, i) and begins(tokens, i)
        if crossed or opens:
            yield Sentence(tuple(current), stopped=False, before=_opening_words(tokens, i))
            current = []
        current.append(token)
        if token.type == "_STOP":
            yield Sentence(tuple(current), stopped=True)
            current = []
    if current:
        yield Sentence(tuple(current), stopped=False)


def begins(tokens: list[Token], i: int) -> bool:
    """Whether the token at `i` can only begin a sentence."""
    following = OPENERS.get(tokens[i].type)
    if following is None:
        return False
    return any(tuple(t.type for t in tokens[i + 1 : i + 1 + len(f)]) == f for f in following)


def meant_openers(word: str) -> tuple[str, ...]:
    """The words that begin a sentence for which this one may have been written, the nearest first."""
    synonym = lexicon.SYNONYMS.get(word.lower())
    written = [lexicon.written(name) for name in OPENERS]
    return (synonym,) if synonym in written else nearest(word, written)


def _first_on_line(tokens: list[Token], i: int) -> bool:
    return i == 0 or tokens[i].line != tokens[i - 1].line


def _opening_words(tokens: list[Token], i: int) -> str:
    return " ".join(str(t) for t in tokens[i : i + 2])


def _start(token: Token) -> int:
    return token.start_pos or 0


def _end(token: Token) -> int:
    return token.end_pos or 0
