"""The syntax tree: what the sentences say, before any name is looked up.

Each class is named after the grammar rule it is made from and takes that rule's children in order; Lark's
`ast_utils` does the making. Trees compare equal where they say the same, wherever they stand.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

from lark import Token, Transformer, ast_utils, v_args
from lark.tree import Meta


@dataclass(frozen=True)
class Node(ast_utils.Ast, ast_utils.WithMeta):
    """A node and where it stands (offsets into the file)."""

    meta: Meta = field(compare=False, repr=False)

    @property
    def start(self) -> int:
        """Offset of the first character."""
        return int(getattr(self.meta, "start_pos", 0))

    @property
    def end(self) -> int:
        """Offset after the last character."""
        return int(getattr(self.meta, "end_pos", 0))


@dataclass(frozen=True)
class Items(Node, ast_utils.AsList):
    """A node with any number of children of one sort."""

    items: list[object] = field(default_factory=list)


# ---- small things ----


@dataclass(frozen=True)
class Text(Items):
    """A text, perhaps written as several quotations one after another."""

    @property
    def value(self) -> str:
        """The quotations, joined by a blank."""
        return " ".join(unquote(str(t)) for t in self.items)


@dataclass(frozen=True)
class Distance(Node):
    """A figure with a unit of length, as written."""

    number: Token
    unit: Token


@dataclass(frozen=True)
class Duration(Node):
    """A figure with a unit of time, as written."""

    number: Token
    unit: Token


@dataclass(frozen=True)
class Instant(Node):
    """A date, perhaps with a time of day, in the agreement's zone."""

    date: Token
    time: Token | None


@dataclass(frozen=True)
class Label(Node):
    """The article's own number or name."""

    token: Token


@dataclass(frozen=True)
class RuleRef(Node):
    """A reference to a rule; without a clause, one of the same clause."""

    label: Label | None
    rule: Token


@dataclass(frozen=True)
class Names(Items):
    """Names joined by `and`."""


@dataclass(frozen=True)
class Alternatives(Items):
    """Names joined by `or`."""


@dataclass(frozen=True)
class Words(Items):
    """Words in a row that name one thing together."""


# ---- agreement header ----


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
class ZoneName(Node):
    token: Token


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


# ---- declarations ----


@dataclass(frozen=True)
class Use(Node):
    vocabulary: Token


@dataclass(frozen=True)
class Gazetteer(Node):
    file: Token


@dataclass(frozen=True)
class Party(Node):
    kind: Token
    name: Token
    title: Token


@dataclass(frozen=True)
class Accurate(Node):
    distance: Distance


@dataclass(frozen=True)
class Approximate(Node):
    because: Text


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


# ---- assumptions ----


@dataclass(frozen=True)
class DaysCounted(Node):
    days: Token
    how: Token


@dataclass(frozen=True)
class Edges(Node):
    where: Token


@dataclass(frozen=True)
class Ungraded(Node):
    sources: Names
    standard: Words


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
    what: DaysCounted | Edges | Ungraded | CountsAs | Unattributed | Stated
    because: Text


# ---- clauses and rules ----


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
class AfterEach(Node):
    act: Token
    party: Token


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
class NearLine(Node):
    distance: Distance
    reference: OneLine | LinePerParty


@dataclass(frozen=True)
class OwnSide(Node):
    distance: Distance
    reference: OneLine | LinePerParty


@dataclass(frozen=True)
class Band(Node):
    width: Distance
    reference: OneLine | LinePerParty


@dataclass(frozen=True)
class ExceptAs(Items):
    """The permissions that except."""


@dataclass(frozen=True)
class Record(Node):
    act: Token


@dataclass(frozen=True)
class BeforeIt(Node):
    """The records must be there before the act."""


@dataclass(frozen=True)
class OnlyIf(Items):
    """Records that must be there, all of them; then perhaps that they must be there before it."""


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
class Phrase(Items):
    """The words of the act, then perhaps the things it is done with."""


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
    rule: FirstDay | DayAfter | DaysCounted


@dataclass(frozen=True)
class Readings(Items):
    """Two readings or more."""


@dataclass(frozen=True)
class Sentence(Items):
    """Leads, subject, modal, phrase, direct qualifier, qualifiers, readings."""


@dataclass(frozen=True)
class Rule(Node):
    letter: Token
    heading: Token | None
    body: Sentence | NotMonitored


Statement = Agreement | Use | Gazetteer | Party | Line | Zone | Weapon | Assume | Clause | Rule


def unquote(text: str) -> str:
    """The text of a quotation, without its marks."""
    return text[1:-1]


class _Base(Transformer[Token, object]):
    @v_args(inline=True)
    def start(self, statement: object) -> object:
        """The one statement of a sentence."""
        return statement


to_tree = ast_utils.create_transformer(sys.modules[__name__], _Base())
"""Makes the nodes of this module from Lark's trees."""
