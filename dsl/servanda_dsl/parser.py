"""From text to syntax trees, sentence by sentence, with a diagnostic for each sentence that cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedToken
from lark.lexer import Lexer, LexerThread

from servanda_dsl import lexicon, syntax_errors
from servanda_dsl.diagnostics import Diagnostic
from servanda_dsl.sentences import OPENERS, Sentence, cut
from servanda_dsl.source import Source
from servanda_dsl.tree import Statement, to_tree

MOST_TOKENS = 4_000
"""Words in one sentence; the longest real one has some 120. More is a missing full stop or an attack."""

DEEPEST = 60
"""Levels of a syntax tree; a time that hangs on ten others, one by one, has some thirty."""

MOST_UNREADABLE = 100
"""Sentences that cannot be read before the rest of a file is left unread."""

_ODD = frozenset({"JUNK", "UNCLOSED", "ODD_DATE"})


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


@cache
def _lexer() -> Lexer:
    """The lexer with nothing ignored; `Lark.lex` would build it anew for every text."""
    lexer: Lexer = _lark()._build_lexer(dont_ignore=True)  # noqa: SLF001
    return lexer


def lex(source: Source) -> tuple[list[Token], list[Token]]:
    """All tokens of a source, and its comments apart."""
    tokens: list[Token] = []
    comments: list[Token] = []
    for token in LexerThread.from_text(_lexer(), source.terms).lex(None):  # type: ignore[no-untyped-call]
        if token.type == "COMMENT":
            comments.append(token)
        elif token.type != "_WS":
            tokens.append(_letter(token, tokens[-1] if tokens else None))
    return tokens, comments


def _letter(token: Token, previous: Token | None) -> Token:
    """What follows `rule` or `clause` is its letter, even where that letter is a word (`rule A`, `rule M`)."""
    if previous is not None and previous.type in {"_RULE", "_CLAUSE"} and token.type in {"_A", "M"}:
        return Token.new_borrow_pos("NAME", str(token), token)
    return token


def parse(source: Source) -> Parsed:
    """Read a source, collecting a diagnostic for every sentence that cannot be read."""
    tokens, comments = lex(source)
    breaks = frozenset(end for _, end in source.blocks[:-1])
    sentences = tuple(cut(tokens, breaks))
    trees: list[Statement | None] = []
    diagnostics: list[Diagnostic] = [syntax_errors.unreadable_file(source, *problem) for problem in source.problems]
    if source.unclosed is not None:
        diagnostics.append(syntax_errors.unclosed_block(source, source.unclosed))
    cut_short = False
    for sentence in sentences:
        if trees.count(None) > MOST_UNREADABLE:
            diagnostics.append(syntax_errors.too_many(source, sentence, MOST_UNREADABLE))
            trees.extend([None] * (len(sentences) - len(trees)))
            break
        tree, found = _parse_sentence(source, sentence)
        trees.append(tree)
        if not (cut_short and sentence.opener not in OPENERS):
            diagnostics.extend(found)
        cut_short = tree is None and any(d.message == syntax_errors.TOO_EARLY for d in found)
    return Parsed(source, sentences, tuple(trees), tuple(comments), tuple(diagnostics))


def _parse_sentence(source: Source, sentence: Sentence) -> tuple[Statement | None, list[Diagnostic]]:
    odd = next((t for t in sentence.tokens if t.type in _ODD), None)
    if odd is not None:
        return None, [syntax_errors.bad_token(source, odd)]
    if len(sentence.tokens) > MOST_TOKENS:
        return None, [syntax_errors.too_long(source, sentence, MOST_TOKENS)]
    last = sentence.tokens[-1]
    stop = Token.new_borrow_pos("_STOP", ".", last)
    found = [] if sentence.stopped else [syntax_errors.missing_stop(source, sentence)]
    interactive = _lark().parse_interactive("", start="start")
    for i, token in enumerate(sentence.tokens if sentence.stopped else (*sentence.tokens, stop)):
        try:
            interactive.feed_token(token)
        except UnexpectedToken:
            if token is stop:
                return None, found
            unexpected = syntax_errors.unexpected(source, sentence, i, frozenset(interactive.accepts()))  # type: ignore[no-untyped-call]
            return None, [unexpected] if token is last else [*found, unexpected]
    tree: Tree[Token] = interactive.feed_eof(last)  # type: ignore[no-untyped-call]
    if _depth(tree) > DEEPEST:
        return None, [syntax_errors.too_deep(source, sentence)]
    return to_tree.transform(tree), found


def _depth(tree: Tree[Token]) -> int:
    deepest, todo = 0, [(tree, 1)]
    while todo:
        node, depth = todo.pop()
        deepest = max(deepest, depth)
        todo.extend((child, depth + 1) for child in node.children if isinstance(child, Tree))
    return deepest
