"""Nodes of the header of an agreement."""

from __future__ import annotations

from dataclasses import dataclass

from lark import Token

from servanda_dsl.tree.small import Instant, Items, Node, ZoneName


@dataclass(frozen=True)
class Source(Node):
    text: Token


@dataclass(frozen=True)
class Authentic(Items):
    """Languages of the authentic texts."""


@dataclass(frozen=True)
class EncodedFrom(Node):
    text: Token
    language: Token
    not_authentic: Token | None


@dataclass(frozen=True)
class EncodedBy(Node):
    who: Token
    on: Token


@dataclass(frozen=True)
class ReviewedBy(Node):
    who: Token
    on: Token


@dataclass(frozen=True)
class Signed(Node):
    instant: Instant


@dataclass(frozen=True)
class InForce(Node):
    instant: Instant


@dataclass(frozen=True)
class InForceUnknown(Node):
    negation: Token


@dataclass(frozen=True)
class TimeZone(Node):
    zone: ZoneName


@dataclass(frozen=True)
class Version(Node):
    text: Token


@dataclass(frozen=True)
class Provenance(Node):
    word: Token


@dataclass(frozen=True)
class Status(Node):
    text: Token


@dataclass(frozen=True)
class Agreement(Items):
    """The header: name, title, then its parts."""
