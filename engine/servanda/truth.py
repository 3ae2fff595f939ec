"""Three truth values and their strong-Kleene connectives.

Uncertainty is not a probability here: what a source could not see is unknown, and what follows from it is unknown.
Kleene, S. C., Introduction to Metamathematics (1952), section 64.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Truth(IntEnum):
    """False, unknown, true, in this order, so that `and` is the least and `or` the greatest."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2

    def __str__(self) -> str:
        """The word for it."""
        return self.name.lower()


def every(values: Iterable[Truth]) -> Truth:
    """True where all are true, false where one is false, else unknown. All of none is true."""
    return min(values, default=Truth.TRUE)


def some(values: Iterable[Truth]) -> Truth:
    """True where one is true, false where all are false, else unknown. One of none is false."""
    return max(values, default=Truth.FALSE)


def agree(values: Iterable[Truth]) -> Truth:
    """The value on which all possibilities agree, else unknown: one of these holds, and nobody knows which.

    Raises:
        ValueError: There is no possibility at all.
    """
    distinct = set(values)
    if not distinct:
        msg = "nothing to agree"
        raise ValueError(msg)
    return distinct.pop() if len(distinct) == 1 else Truth.UNKNOWN


def opposite(value: Truth) -> Truth:
    """Whether it is not so: under a negation true and false change places."""
    return Truth(Truth.TRUE - value)
