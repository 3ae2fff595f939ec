"""An instant of evaluation that remembers what it was held against: until when an answer holds if nothing new comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any


class Watched(int):
    """Microseconds since the epoch, as any other integer; what is asked of it is noted.

    An answer that only compared the instant with others stays the same until the first of those is reached. One that
    calculated with it, or gives it back, moves with it. So nobody has to say of a rule until when it can still change:
    it is measured, for rules of every kind.
    """

    _ahead: int | None = None
    _moves: bool = False

    @property
    def wake(self) -> int | None:
        """The next instant at which the answer may be another; None where time alone changes nothing."""
        return int.__add__(self, 1) if self._moves else self._ahead

    def note(self, answer: object) -> None:
        """Note an answer that has this very instant in it: it moves with it."""
        if any(part is self for part in _parts(answer)):
            self._moves = True

    def _met(self, other: object) -> None:
        if not isinstance(other, int) or int.__lt__(other, self):
            return
        flips = int.__add__(other, 1) if int.__eq__(other, self) else int.__add__(other, 0)
        if self._ahead is None or int.__lt__(flips, self._ahead):
            self._ahead = flips

    def __lt__(self, other: int) -> bool:
        """Compare, and note with what."""
        self._met(other)
        return int.__lt__(self, other)

    def __le__(self, other: int) -> bool:
        """Compare, and note with what."""
        self._met(other)
        return int.__le__(self, other)

    def __gt__(self, other: int) -> bool:
        """Compare, and note with what."""
        self._met(other)
        return int.__gt__(self, other)

    def __ge__(self, other: int) -> bool:
        """Compare, and note with what."""
        self._met(other)
        return int.__ge__(self, other)

    def __eq__(self, other: object) -> bool:
        """Compare, and note with what."""
        self._met(other)
        return int.__eq__(self, other) if isinstance(other, int) else False

    def __ne__(self, other: object) -> bool:
        """Compare, and note with what."""
        return not self == other

    def __hash__(self) -> int:
        """As an integer; who looks it up depends on it."""
        self._moves = True
        return int.__hash__(self)


def _moving(name: str) -> Any:  # noqa: ANN401 - stands for operators of several signatures
    plain = getattr(int, name)

    def operator(self: Watched, *given: object) -> object:
        self._moves = True
        return plain(self, *given)

    return operator


for _name in (
    *("__add__", "__radd__", "__sub__", "__rsub__", "__mul__", "__rmul__", "__floordiv__", "__rfloordiv__"),
    *("__truediv__", "__rtruediv__", "__mod__", "__rmod__", "__divmod__", "__neg__", "__abs__"),
    *("__int__", "__index__", "__float__", "__str__", "__repr__", "__format__"),
):
    setattr(Watched, _name, _moving(_name))


def _parts(answer: object) -> Iterator[object]:
    """Everything an answer is made of."""
    todo = [answer]
    while todo:
        part = todo.pop()
        yield part
        if isinstance(part, list | tuple | set | frozenset):
            todo.extend(part)
        elif is_dataclass(part):
            todo.extend(getattr(part, field.name) for field in fields(part))
