"""Messages for text that cannot be read: in the words of the text, with the place and a way out."""

from __future__ import annotations

import re

from lark import Token

from servanda_dsl import lexicon, odd_text
from servanda_dsl.diagnostics import Diagnostic, Place, Severity
from servanda_dsl.odd_text import shorten
from servanda_dsl.sentences import Sentence, meant_openers
from servanda_dsl.source import Source
from servanda_dsl.suggest import did_you_mean, nearest

_SENTENCE_WORDS = (
    "agreement, assuming, use, gazetteer, party, monitor, non-party, line, zone, weapon, object, gate, phase, clause "
    "or rule"
)
TOO_EARLY = "the sentence ends too early"
_WORD = re.compile(r"[^\W\d_]")
_GLUED_UNIT = re.compile(r"([0-9.]+)(km|mm|cm|m|days?|hours?|minutes?|weeks?|months?|years?)", re.IGNORECASE)


def unreadable_file(source: Source, problem: str, help_: str) -> Diagnostic:
    """E100: the file itself cannot be read."""
    return Diagnostic("E100", Severity.ERROR, source.place(0), problem, help_)


def too_many(source: Source, sentence: Sentence, most: int) -> Diagnostic:
    """E109: so many sentences cannot be read that this is no text of terms, or one mistake runs through all of it."""
    return Diagnostic(
        "E109",
        Severity.ERROR,
        _place(source, sentence.tokens[0]),
        f"more than {most} sentences cannot be read, and nothing from here on has been read",
        "mend what stands above first",
    )


def unclosed_block(source: Source, start: int) -> Diagnostic:
    """E107: a block of terms that the page never closes, so that nothing after its beginning can be told from prose."""
    return Diagnostic(
        "E107",
        Severity.ERROR,
        source.place(start, start + len(source.line_text(source.place(start).line))),
        "this block of terms is never closed, and nothing from here on has been read",
        "close it with a line that holds only ``` after its last sentence",
    )


def bad_token(source: Source, token: Token) -> Diagnostic:
    """E101: a character the language has no use for. E102: a quotation that is not closed on its line."""
    code = "E102" if token.type == "UNCLOSED" else "E101"
    return Diagnostic(code, Severity.ERROR, _place(source, token), *odd_text.explain(token))


def too_long(source: Source, sentence: Sentence, most: int) -> Diagnostic:
    """E105: a sentence of an impossible length."""
    return Diagnostic(
        "E105",
        Severity.ERROR,
        _place(source, sentence.tokens[0]),
        f"this sentence has more than {most:,} words",
        "end it with a full stop where it ends",
    )


def too_deep(source: Source, sentence: Sentence) -> Diagnostic:
    """E108: times that hang on times that hang on times, beyond all reason."""
    return Diagnostic(
        "E108",
        Severity.ERROR,
        _place(source, sentence.tokens[0]),
        "this sentence counts one time from another too many times over",
        "give a rule of its own to a time in between, and count from that rule",
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
        f"the full stop is missing after `{shorten(last)}`{where}",
        "end the sentence with a full stop",
    )


_BEGINS_A_TIME = frozenset({"_ENTRY", "_SIGNATURE", "DATE", "DAY", "_THE", "_IT", "NUMBER"})


def unexpected(source: Source, sentence: Sentence, index: int, accepts: frozenset[str]) -> Diagnostic:
    """E104: a word that cannot stand here. E106: a sentence that begins with no word that begins one."""
    token = sentence.tokens[min(index, len(sentence.tokens) - 1)]
    place = _place(source, token)
    word = str(token)
    if index == 0:
        suggestions = meant_openers(word)
        return Diagnostic(
            "E106",
            Severity.ERROR,
            place,
            f"no sentence begins with `{shorten(word)}`",
            did_you_mean(suggestions) or f"a sentence begins with {_SENTENCE_WORDS}",
            suggestions,
        )
    suggestions = _suggest(word, accepts) if _WORD.match(word) else ()
    message = TOO_EARLY if token.type == "_STOP" else f"`{shorten(word)}` cannot stand here"
    previous = sentence.tokens[index - 1]
    help_ = did_you_mean(suggestions) or _help(token, previous, accepts)
    return Diagnostic("E104", Severity.ERROR, place, message, help_, suggestions)


def _help(token: Token, previous: Token, accepts: frozenset[str]) -> str:
    word = str(token).lower()
    clock = next((w for w in (word, str(previous).lower()) if w in lexicon.CLOCK_WORDS), None)
    if clock is not None and token.type not in {"_STOP", "_COMMA"}:
        return lexicon.CLOCK_WORDS[clock]
    if word in lexicon.SYNONYMS:
        return f"this language writes `{lexicon.SYNONYMS[word]}` for `{word}`"
    if (word in lexicon.MONTHS and previous.type == "NUMBER") or odd_text.DATE_OF_ANOTHER_KIND.fullmatch(word):
        return odd_text.DATE_HELP
    if (glued := _GLUED_UNIT.fullmatch(word)) and "NUMBER" in accepts:
        return f"write a blank between the figure and its unit: `{glued[1]} {glued[2]}`"
    if token.type in {"_AND", "_OR"} and {"_OF", "_STOP"} <= accepts:
        return f"several things are joined after `of`: `of {previous} or …`"
    if previous.type in {"_FROM", "_BETWEEN"} and token.type in _BEGINS_A_TIME:
        return f"a time stands after a comma: `, {previous} {token}`"
    if token.type in lexicon.keywords().values() and "NAME" in accepts and "_STOP" not in accepts:
        reserved = f"`{word}` is a word of the language and cannot be a name"
        return f"{reserved}; " + ("choose another name" if accepts == {"NAME"} else _expected(accepts))
    return _expected(accepts)


def _suggest(word: str, accepts: frozenset[str]) -> tuple[str, ...]:
    legal = {lexicon.written(t) for t in accepts if t not in lexicon.ENGLISH}
    lowered = word.lower()
    if lowered in lexicon.keywords():
        return ()
    found = nearest(word, legal)
    if found:
        return found
    misspelt = nearest(word, lexicon.SYNONYMS, most=1)
    return tuple(s for s in (lexicon.SYNONYMS[m] for m in misspelt) if s.split()[0] in legal)


def _expected(accepts: frozenset[str]) -> str:
    families = [(name, terminals) for name, terminals in lexicon.FAMILIES.items() if terminals <= accepts]
    alone = accepts.difference(*(terminals for _, terminals in families))
    order = sorted(alone, key=lambda t: (t not in lexicon.ENGLISH, lexicon.english(t)))
    names = [*(name for name, _ in families), *(lexicon.english(t) for t in order)]
    shown = names if len(names) <= 8 else [*names[:7], "…"]
    return "expected " + (shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " or " + shown[-1])


def _place(source: Source, token: Token) -> Place:
    return source.place(token.start_pos or 0, token.end_pos)
