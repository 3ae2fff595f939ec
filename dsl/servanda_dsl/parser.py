"""From text to syntax trees, sentence by sentence, with a diagnostic for each sentence that cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from lark import Lark, Token, UnexpectedInput
from lark.exceptions import UnexpectedToken

from servanda_dsl import lexicon, syntax_errors
from servanda_dsl.diagnostics import Diagnostic
from servanda_dsl.sentences import Sentence, cut
from servanda_dsl.source import Source
from servanda_dsl.tree import Statement, to_tree

MOST_TOKENS = 4_000
"""Words in one sentence; the longest real one has some 120. More is a missing full stop or an attack."""


@dataclass(frozen=True)
class Parsed:
    """A file as read: its sentences in order, each with its tree where it could be read.

    Attributes:
        source: The file.
        sentences: Every sentence, readable or not.
        trees: The tree of each sentence, or None, in the same order.
        comments: Every comment, with its offsets.
        diagnostics: What could not be read.
    """

    source: Source
    sentences: tuple[Sentence, ...]
    trees: tuple[Statement | None, ...]
    comments: tuple[Token, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The trees of the sentences that could be read."""
        return tuple(t for t in self.trees if t is not None)


def _keyword(token: Token) -> Token:
    kind = lexicon.keywords().get(str(token).lower())
    return token if kind is None else Token.new_borrow_pos(kind, token, token)


def make_lark(*, strict: bool = False) -> Lark:
    """The parser. `strict=True` (which needs interegular) refuses any conflict in the grammar; a test builds it so."""
    return Lark(
        lexicon.grammar_text(),
        parser="lalr",
        lexer="basic",
        strict=strict,
        propagate_positions=True,
        maybe_placeholders=True,
        lexer_callbacks={"NAME": _keyword},
    )


@cache
def _lark() -> Lark:
    return make_lark()


def lex(source: Source) -> tuple[list[Token], list[Token]]:
    """All tokens of a source, and its comments apart."""
    tokens, comments = [], []
    for token in _lark().lex(source.terms, dont_ignore=True):
        if token.type == "COMMENT":
            comments.append(token)
        elif token.type != "_WS":
            tokens.append(_letter(token, tokens[-1] if tokens else None))
    return tokens, comments


def _letter(token: Token, previous: Token | None) -> Token:
    """What follows `rule` is its letter, even where that letter is a word (`rule A`)."""
    if previous is not None and previous.type == "_RULE" and token.type == "_A":
        return Token.new_borrow_pos("NAME", str(token), token)
    return token


def parse(source: Source) -> Parsed:
    """Read a source, collecting a diagnostic for every sentence that cannot be read."""
    tokens, comments = lex(source)
    breaks = frozenset(end for _, end in source.blocks[:-1])
    sentences = tuple(cut(tokens, breaks))
    trees: list[Statement | None] = []
    diagnostics: list[Diagnostic] = [syntax_errors.unreadable_file(source, problem) for problem in source.problems]
    for sentence in sentences:
        tree, found = _parse_sentence(source, sentence)
        trees.append(tree)
        diagnostics.extend(found)
    return Parsed(source, sentences, tuple(trees), tuple(comments), tuple(diagnostics))


def _parse_sentence(source: Source, sentence: Sentence) -> tuple[Statement | None, list[Diagnostic]]:
    found: list[Diagnostic] = []
    for token in sentence.tokens:
        if token.type in {"JUNK", "UNCLOSED"}:
            return None, [syntax_errors.bad_token(source, token)]
    if len(sentence.tokens) > MOST_TOKENS:
        return None, [syntax_errors.too_long(source, sentence, MOST_TOKENS)]
    if not sentence.stopped:
        found.append(syntax_errors.missing_stop(source, sentence))
    interactive = _lark().parse_interactive("", start="start")
    last = sentence.tokens[-1]
    tokens = list(sentence.tokens)
    if not sentence.stopped:
        tokens.append(Token.new_borrow_pos("_STOP", ".", last))
    for i, token in enumerate(tokens):
        try:
            interactive.feed_token(token)
        except UnexpectedToken:
            accepts = frozenset(interactive.accepts())
            if not sentence.stopped and token is tokens[-1]:
                return None, found
            return None, [*found, syntax_errors.unexpected(source, sentence, i, accepts)]
    try:
        tree = interactive.feed_eof(last)
    except UnexpectedInput:  # pragma: no cover - a statement always ends with its full stop
        return None, [syntax_errors.unexpected(source, sentence, len(sentence.tokens) - 1, frozenset())]
    return to_tree.transform(tree), found

