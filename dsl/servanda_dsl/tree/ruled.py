"""Nodes of clauses and rules."""

from __future__ import annotations

from dataclasses import dataclass

from lark import Token

from servanda_dsl.tree.assumed import DaysCounted, Lapse
from servanda_dsl.tree.small import Duration, Items, Label, Names, Node, Text


@dataclass(frozen=True)
class NotMonitored(Node):
    negation: Token
    because: Text


@dataclass(frozen=True)
class Clause(Node):
    label: Label
    heading: Token
    gist: Text | None
    not_monitored: NotMonitored | None


@dataclass(frozen=True)
class ExceptAs(Items):
    """The permissions that except."""


@dataclass(frozen=True)
class ExceptForbidden(Items):
    """The prohibitions that cut a permission back."""


@dataclass(frozen=True)
class Record(Node):
    act: Token


@dataclass(frozen=True)
class BeforeIt(Node):
    """The records must be there before the act."""


@dataclass(frozen=True)
class InTurn(Node):
    """The records must be there in the order in which the rule names them."""


@dataclass(frozen=True)
class Recorded(Node):
    """When the records must be there, as a reading has it."""

    in_turn: InTurn | None
    before_it: BeforeIt | None


@dataclass(frozen=True)
class OnlyIf(Items):
    """Tests that are quoted, and records that must be there; then perhaps that they must be there before it."""


@dataclass(frozen=True)
class Burden(Node):
    """That the party relying on a permission shall show it, and perhaps within what time."""

    party: Token
    modal: Token
    within: Duration | None


@dataclass(frozen=True)
class Response(Node):
    act: Token


@dataclass(frozen=True)
class Recipient(Node):
    names: Names


@dataclass(frozen=True)
class EveryParty(Node):
    party: Token


@dataclass(frozen=True)
class NoParty(Node):
    party: Token


@dataclass(frozen=True)
class AParty(Node):
    party: Token


@dataclass(frozen=True)
class ThatParty(Node):
    party: Token


@dataclass(frozen=True)
class Named(Node):
    names: Names


@dataclass(frozen=True)
class Modal(Node):
    word: Token
    negation: Token | None


@dataclass(frozen=True)
class AtNoTime(Node):
    """`At no time shall …`: a ban in the order of words that texts like for it."""

    word: Token
    subject: EveryParty | NoParty | AParty | ThatParty | Named


@dataclass(frozen=True)
class Phrase(Items):
    """The words of the act, then perhaps the things it is done with, then perhaps limits of how much."""


@dataclass(frozen=True)
class Directs(Items):
    """What follows the act at once: places, what it responds to."""


@dataclass(frozen=True)
class Qualifiers(Items):
    """What is set off by commas."""


@dataclass(frozen=True)
class FirstDay(Node):
    day: Token
    of: Token | None
    as_day: Token
    number: Token


@dataclass(frozen=True)
class DayAfter(Node):
    day: Token
    as_day: Token
    number: Token


@dataclass(frozen=True)
class Reading(Node):
    name: Token
    rule: FirstDay | DayAfter | DaysCounted | Lapse | Recorded


@dataclass(frozen=True)
class Readings(Items):
    """Two readings or more."""


@dataclass(frozen=True)
class Sentence(Items):
    """Leads, subject, modal, phrase, what follows it at once, qualifiers, readings."""


@dataclass(frozen=True)
class Rule(Node):
    letter: Token
    heading: Token | None
    body: Sentence | NotMonitored
