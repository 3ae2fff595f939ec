"""Nodes of ceilings, floors and quotas: limits, what is counted, the period."""

from __future__ import annotations

from dataclasses import dataclass

from lark import Token

from servanda_dsl.tree.placed import IntoZone, InZone
from servanda_dsl.tree.small import Duration, Items, Node
from servanda_dsl.tree.timed import Between, FromUntil, Until


@dataclass(frozen=True)
class Times(Node):
    word: Token


@dataclass(frozen=True)
class Units(Node):
    name: Token
    of: Token | None


@dataclass(frozen=True)
class Doer(Node):
    """Whose act is counted: that party's, or that of one who is named."""

    word: Token


@dataclass(frozen=True)
class ForEach(Node):
    """What a limit is so many for each of: pieces or units, what was done, perhaps where, by whom."""

    name: Token
    of: Token | None
    done: Token
    place: InZone | IntoZone | None
    by: Doer


@dataclass(frozen=True)
class Beyond(Node):
    """More than so many: what must not be."""

    number: Token
    counted: Times | Units
    each: ForEach | None = None


@dataclass(frozen=True)
class Ceiling(Node):
    number: Token
    counted: Times | Units
    each: ForEach | None = None


@dataclass(frozen=True)
class Floor(Node):
    number: Token
    counted: Times | Units
    each: ForEach | None = None


@dataclass(frozen=True)
class Limits(Items):
    """Limits, each of which may be passed by itself."""


@dataclass(frozen=True)
class Inclusion(Node):
    limit: Ceiling | Floor
    place: InZone | IntoZone | None


@dataclass(frozen=True)
class Including(Items):
    """Limits of parts of what is counted."""


@dataclass(frozen=True)
class EachDay(Node):
    day: Token
    span: FromUntil | Until | Between | None


@dataclass(frozen=True)
class EachMonth(Node):
    month: Token
    span: FromUntil | Until | Between | None


@dataclass(frozen=True)
class InAny(Node):
    """In any stretch of time of this length."""

    duration: Duration
