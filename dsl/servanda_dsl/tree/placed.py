"""Nodes of place: zones, lines, bands."""

from __future__ import annotations

from dataclasses import dataclass

from lark import Token

from servanda_dsl.tree.small import Distance, Items, Node


@dataclass(frozen=True)
class OneLine(Node):
    line: Token


@dataclass(frozen=True)
class Frame(Node):
    party: Token
    line: Token


@dataclass(frozen=True)
class LinePerParty(Items):
    """A line for each party."""


@dataclass(frozen=True)
class InZone(Node):
    zone: Token


@dataclass(frozen=True)
class OutsideZone(Node):
    outside: Token
    zone: Token


@dataclass(frozen=True)
class FromZone(Node):
    outside: Token | None
    zone: Token


@dataclass(frozen=True)
class IntoZone(Node):
    zone: Token


@dataclass(frozen=True)
class OverZone(Node):
    zone: Token


@dataclass(frozen=True)
class AcrossLine(Node):
    line: Token


@dataclass(frozen=True)
class Below(Node):
    height: Distance


@dataclass(frozen=True)
class Above(Node):
    height: Distance


@dataclass(frozen=True)
class NearLine(Node):
    distance: Distance
    reference: OneLine | LinePerParty


@dataclass(frozen=True)
class OwnSide(Node):
    distance: Distance
    reference: OneLine | LinePerParty


@dataclass(frozen=True)
class BetweenDistances(Node):
    nearest: Distance
    distance: Distance
    reference: OneLine | LinePerParty


@dataclass(frozen=True)
class OwnSideBetween(Node):
    nearest: Distance
    distance: Distance
    reference: OneLine | LinePerParty


@dataclass(frozen=True)
class OnOwnSide(Node):
    reference: OneLine | LinePerParty


@dataclass(frozen=True)
class OnOtherSide(Node):
    reference: OneLine | LinePerParty


@dataclass(frozen=True)
class Band(Node):
    width: Distance
    reference: OneLine | LinePerParty


@dataclass(frozen=True)
class MeasuredBand(Node):
    width: Distance
    depth: Distance
    reference: OneLine | LinePerParty
