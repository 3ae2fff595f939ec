"""Nodes of assumptions."""

from __future__ import annotations

from dataclasses import dataclass

from lark import Token

from servanda_dsl.tree.small import Alternatives, Duration, Names, Node, Text, Words


@dataclass(frozen=True)
class DaysCounted(Node):
    days: Token
    how: Token


@dataclass(frozen=True)
class DaysEither(Node):
    """Days are counted in both ways, each a reading."""

    days: Token
    inclusive: Token
    exclusive: Token


@dataclass(frozen=True)
class LapseEither(Node):
    """What holds while obligations are met lapses in both ways, each a reading."""


@dataclass(frozen=True)
class LapseByViolation(Node):
    """What holds while obligations are met lapses with the first violation."""


@dataclass(frozen=True)
class LapseByDetermination(Node):
    """What holds while obligations are met lapses when a violation is first determined."""


Lapse = LapseByViolation | LapseByDetermination


@dataclass(frozen=True)
class Edges(Node):
    where: Token


@dataclass(frozen=True)
class Ungraded(Node):
    sources: Names
    standard: Words


@dataclass(frozen=True)
class Graded(Node):
    grade: Token
    standard: Words


@dataclass(frozen=True)
class Origins(Node):
    standard: Words
    least: Token


@dataclass(frozen=True)
class Registered(Node):
    keeper: Token
    acts: Alternatives
    lag: Duration


@dataclass(frozen=True)
class CountsAs(Node):
    effects: Alternatives
    act: Token


@dataclass(frozen=True)
class Unattributed(Node):
    acts: Alternatives
    zone: Token
    party: Token


@dataclass(frozen=True)
class Stated(Node):
    text: Text


@dataclass(frozen=True)
class Assume(Node):
    what: (
        DaysCounted
        | DaysEither
        | Lapse
        | LapseEither
        | Edges
        | Ungraded
        | Graded
        | Origins
        | Registered
        | CountsAs
        | Unattributed
        | Stated
    )
    because: Text
