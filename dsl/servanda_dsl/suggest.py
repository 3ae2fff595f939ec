"""Did you mean: the nearest legal names to a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

MOST = 5


def nearest(word: str, legal: Iterable[str], most: int = MOST) -> tuple[str, ...]:
    """The legal names nearest to a word, nearest first; none where nothing is near.

    A name is near when at most a third of its letters (at least one, at most four) would have to change.
    """
    choices = sorted(set(legal))
    lowered = word.lower()
    scored = []
    for choice, distance, _ in process.extract(
        lowered, choices, scorer=DamerauLevenshtein.distance, processor=str.lower, limit=None
    ):
        if distance <= max(1, min(4, max(len(choice), len(lowered)) // 3)):
            scored.append((distance, -JaroWinkler.similarity(lowered, choice.lower()), choice))
    return tuple(choice for _, _, choice in sorted(scored)[:most])


def did_you_mean(suggestions: tuple[str, ...]) -> str:
    """The suggestions as a question, or the empty string."""
    if not suggestions:
        return ""
    quoted = [f"`{s}`" for s in suggestions]
    listed = quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " or " + quoted[-1]
    return f"did you mean {listed}?"
