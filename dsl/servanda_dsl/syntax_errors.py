"""Messages for text that cannot be read: in the words of the text, with the place and a way out."""

from __future__ import annotations

import re

from lark import Token

from servanda_dsl import lexicon
from servanda_dsl.diagnostics import Diagnostic, Place, Severity
from servanda_dsl.sentences import OPENERS, Sentence
from servanda_dsl.source import Source
from servanda_dsl.suggest import did_you_mean, nearest

_SENTENCE_WORDS = "agreement, assuming, use, gazetteer, party, monitor, non-party, line, zone, weapon, clause or rule"
_WORD = re.compile(r"[^\W\d_]")


def unreadable_file(source: Source, problem: str) -> Diagnostic:
    """E100: the file itself cannot be read."""
    return Diagnostic("E100", Severity.ERROR, source.place(0), problem)


def bad_token(source: Source, token: Token) -> Diagnostic:
    """E101: a character the language has no use for. E102: a quotation that is not closed on its line."""
    place = _place(source, token)
    if token.type == "UNCLOSED":
        return Diagnostic(
            "E102",
            Severity.ERROR,
            place,
            f"the quotation {_shorten(str(token))} is not closed on its line",
            "close it with a quotation mark; a long text may be several quotations one after another",
        )
    return Diagnostic(
        "E101", Severity.ERROR, place, f"`{token}` has no meaning here", "delete it, or put it within quotation marks"
    )


def too_long(source: Source, sentence: Sentence, most: int) -> Diagnostic:
    """E105: a sentence of an impossible length."""
    return Diagnostic(
        "E105",
        Severity.ERROR,
        _place(source, sentence.tokens[0]),
        f"this sentence has more than {most:,} words",
        "end it with a full stop where it ends",
    )


def missing_stop(source: Source, sentence: Sentence) -> Diagnostic:
    """E103: a sentence that is not ended by a full stop."""
    last = sentence.tokens[-1]
    end = last.end_pos or 0
    where = f" before `{sentence.before}`" if sentence.before else ""
    return Diagnostic(
        "E103",
        Severity.ERROR,
        source.place(max(end - 1, 0), end),
        f"the full stop is missing after `{last}`{where}",
        "end the sentence with a full stop",
    )


def unexpected(source: Source, sentence: Sentence, index: int, accepts: frozenset[str]) -> Diagnostic:
    """E104: a word that cannot stand here. E106: a sentence that begins with no word that begins one."""
    token = sentence.tokens[min(index, len(sentence.tokens) - 1)]
    place = _place(source, token)
    word = str(token)
    if index == 0:
        suggestions = nearest(word, [_written(name) for name in OPENERS])
        return Diagnostic(
            "E106",
            Severity.ERROR,
            place,
            f"no sentence begins with `{word}`",
            did_you_mean(suggestions) or f"a sentence begins with {_SENTENCE_WORDS}",
            suggestions,
        )
    suggestions = _suggest(word, accepts) if _WORD.match(word) else ()
    if token.type == "_STOP":
        message = "the sentence ends too early"
    else:
        message = f"`{word}` cannot stand here"
    return Diagnostic("E104", Severity.ERROR, place, message, _help(token, suggestions, accepts), suggestions)


def _help(token: Token, suggestions: tuple[str, ...], accepts: frozenset[str]) -> str:
    word = str(token).lower()
    if suggestions:
        return did_you_mean(suggestions)
    if word in lexicon.SYNONYMS:
        return f"this language writes `{lexicon.SYNONYMS[word]}` for `{word}`"
    if token.type == "LABEL" and "NUMBER" in accepts:
        return "write a blank between the figure and its unit"
    if token.type in set(lexicon.keywords().values()) and "NAME" in accepts:
        return f"`{word}` is a word of the language and cannot be a name; " + _expected(accepts)
    return _expected(accepts)


def _suggest(word: str, accepts: frozenset[str]) -> tuple[str, ...]:
    legal = {_written(t) for t in accepts if t not in lexicon.ENGLISH}
    lowered = word.lower()
    if lowered in lexicon.keywords():
        return ()
    found = nearest(word, legal)
    if found:
        return found
    misspelt = nearest(word, lexicon.SYNONYMS, most=1)
    return tuple(s for s in (lexicon.SYNONYMS[m] for m in misspelt) if s.split()[0] in legal)


def _expected(accepts: frozenset[str]) -> str:
    order = sorted(accepts, key=lambda t: (t not in lexicon.ENGLISH, lexicon.english(t)))
    names = [lexicon.english(t) for t in order]
    if not names:
        return "see the page on the language"
    shown = names if len(names) <= 8 else [*names[:7], "…"]
    return "expected " + (shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " or " + shown[-1])


def _written(terminal: str) -> str:
    return terminal.strip("_").lower().replace("_", "-")


def _place(source: Source, token: Token) -> Place:
    return source.place(token.start_pos or 0, token.end_pos)


def _shorten(text: str, most: int = 30) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
