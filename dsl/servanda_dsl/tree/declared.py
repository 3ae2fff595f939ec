"""Nodes of what is declared: actors, lines, zones, categories of weapon."""

from __future__ import annotations

from dataclasses import dataclass

from lark import Token

from servanda_dsl.tree.small import Distance, Instant, Items, Node, Text
from servanda_dsl.tree.timed import Before, FromUntil, NoLaterThan, Within


@dataclass(frozen=True)
class Use(Node):
    vocabulary: Token


@dataclass(frozen=True)
class Gazetteer(Node):
    file: Token


@dataclass(frozen=True)
class Powers(Items):
    """The word `may`, then what a body is empowered to do."""


@dataclass(frozen=True)
class BoundBy(Node):
    """The act of its own by which a party is bound, and by when it has to be done."""

    act: Token
    limit: Within | NoLaterThan | Before | None = None


@dataclass(frozen=True)
class Party(Node):
    kind: Token
    name: Token
    title: Token
    powers: Powers | None = None
    bound_by: BoundBy | None = None


@dataclass(frozen=True)
class Event(Node):
    name: Token
    title: Token
    instant: Instant


@dataclass(frozen=True)
class EventNotKnown(Node):
    name: Token
    title: Token
    negation: Token


@dataclass(frozen=True)
class Accurate(Node):
    distance: Distance


@dataclass(frozen=True)
class Approximate(Node):
    because: Text


@dataclass(frozen=True)
class Mended(Node):
    because: Text


@dataclass(frozen=True)
class Redrawn(Node):
    since: Token
    file: Token


@dataclass(frozen=True)
class Side(Node):
    party: Token
    place: Token


@dataclass(frozen=True)
class Sides(Items):
    """Which party is on which side of a line."""


@dataclass(frozen=True)
class Line(Items):
    """Name, title, file, then parts."""


@dataclass(frozen=True)
class Zone(Items):
    """Name, title, file, then parts."""


@dataclass(frozen=True)
class AtLeast(Node):
    size: Distance


@dataclass(frozen=True)
class AtMost(Node):
    size: Distance


@dataclass(frozen=True)
class MoreThan(Node):
    size: Distance


@dataclass(frozen=True)
class LessThan(Node):
    size: Distance


@dataclass(frozen=True)
class BetweenSizes(Node):
    least: Distance
    most: Distance


@dataclass(frozen=True)
class Category(Node):
    name: Token
    bracket: AtLeast | AtMost | MoreThan | LessThan | BetweenSizes | None = None


@dataclass(frozen=True)
class Model(Node):
    name: Token


@dataclass(frozen=True)
class OtherThan(Items):
    """Names left out."""


@dataclass(frozen=True)
class Weapon(Items):
    """Name, title, things, perhaps what is left out."""


@dataclass(frozen=True)
class Object(Items):
    """Name, title, kinds of object, perhaps what is left out."""


@dataclass(frozen=True)
class GateFrom(Node):
    start_anchor: object


@dataclass(frozen=True)
class Certifies(Node):
    body: Token


@dataclass(frozen=True)
class Gate(Items):
    """Name, title, how long, without what act, then places and parts."""


@dataclass(frozen=True)
class Phase(Node):
    name: Token
    title: Token
    span: FromUntil
