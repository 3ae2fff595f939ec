"""Nodes of time: anchors, spans and deadlines."""

from __future__ import annotations

from dataclasses import dataclass

from lark import Token

from servanda_dsl.tree.small import ClauseRef, Duration, Node, RuleRef


@dataclass(frozen=True)
class EntryIntoForce(Node):
    """Entry into force of the agreement."""


@dataclass(frozen=True)
class Signature(Node):
    """Signature of the agreement."""


@dataclass(frozen=True)
class DayOf(Node):
    day: Token
    number: Token
    base: object


@dataclass(frozen=True)
class PointOfRule(Node):
    point: Token
    rule: RuleRef


@dataclass(frozen=True)
class TriggerInstant(Node):
    """The instant of what triggered the rule."""


@dataclass(frozen=True)
class EventInstant(Node):
    name: Token


@dataclass(frozen=True)
class OpeningOf(Node):
    """The opening of a gate."""

    name: Token


@dataclass(frozen=True)
class After(Node):
    duration: Duration
    base: object


@dataclass(frozen=True)
class AfterFallback(Node):
    duration: Duration
    base: object
    negation: Token
    otherwise: object


@dataclass(frozen=True)
class Ahead(Node):
    duration: Duration
    base: object


@dataclass(frozen=True)
class FromUntil(Node):
    start_anchor: object
    end_anchor: object | None


@dataclass(frozen=True)
class Until(Node):
    end_anchor: object


@dataclass(frozen=True)
class Between(Node):
    start_anchor: object
    end_anchor: object


@dataclass(frozen=True)
class During(Node):
    """The phase in which a rule binds."""

    phase: Token


@dataclass(frozen=True)
class WhileMet(Node):
    """While the obligations of a rule or clause are met."""

    of: RuleRef | ClauseRef


@dataclass(frozen=True)
class AfterEach(Node):
    """After each act of somebody: of any party, or of the one who is named."""

    act: Token
    who: Token


@dataclass(frozen=True)
class AfterViolation(Node):
    of: RuleRef | ClauseRef


@dataclass(frozen=True)
class AfterDetermination(Node):
    of: RuleRef | ClauseRef


@dataclass(frozen=True)
class Within(Node):
    offset: object


@dataclass(frozen=True)
class NoLaterThan(Node):
    anchor: object


@dataclass(frozen=True)
class By(Node):
    anchor: object


@dataclass(frozen=True)
class Before(Node):
    anchor: object
