"""The plan: what rules become before any interpreter runs them. A few operators, and no law.

Rule objects speak of clauses and bearers; the plan speaks of marks: observations that match (`Select`), instants that
other marks give (the anchors), spans of time (`Span`), what answers what by when (`Achieve`), and what lifts it
(`Unless`). Every interpreter implements these and nothing else, and gets the truth values of the predicates ready made
(see `servanda.locate`). This module knows no interpreter.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal

from servanda.moments import Counting, Moment
from servanda.truth import Truth

# ---- predicates: settled for each observation before any interpreter sees it ----


End = Literal["place", "from", "into"]
"""Which place of an observation is meant: the one where it was seen, where it came from, or where it arrived."""


@dataclass(frozen=True)
class InZone:
    """The place is in a zone (or outside it).

    Attributes:
        zone: The zone.
        inside: Whether in it, or outside.
        end: Which place is meant.
        edge: What holds for a place exactly on the edge; so for every predicate that has one.
    """

    zone: str
    inside: bool = True
    end: End = "place"
    edge: Truth = Truth.UNKNOWN

    per_actor: ClassVar[bool] = False
    """Whether its value depends on who acts; so for every predicate."""


@dataclass(frozen=True)
class NearLine:
    """The place is less than so many metres from the line of the one who acts, perhaps only on the own side of it.

    Attributes:
        distance_m: The limit in metres.
        lines: Which line counts for whom; one pair with None where it is the same for all.
        own_side: Whether only the own side counts.
        nearest_m: The inner limit of a band: the place is further than this from the line. Nought where there is none.
        edge: What holds for a place exactly at a limit.
    """

    distance_m: float
    lines: tuple[tuple[str | None, str], ...]
    own_side: bool = False
    nearest_m: float = 0.0
    edge: Truth = Truth.UNKNOWN

    per_actor: ClassVar[bool] = True

    @property
    def limits(self) -> tuple[float, ...]:
        """Its limits in metres, the inner first."""
        return (self.nearest_m, self.distance_m) if self.nearest_m else (self.distance_m,)

    def line_for(self, actor: str) -> str | None:
        """The line from which an actor's distance is measured."""
        return _line_for(self.lines, actor)


@dataclass(frozen=True)
class OnSide:
    """The place is on the side of a line that is the own one of the one who acts, or on the other.

    Attributes:
        lines: Which line counts for whom; one pair with None where it is the same for all.
        own: Whether the own side is meant, or the other.
        edge: What holds for a place exactly on the line.
    """

    lines: tuple[tuple[str | None, str], ...]
    own: bool = True
    edge: Truth = Truth.UNKNOWN

    per_actor: ClassVar[bool] = True

    def line_for(self, actor: str) -> str | None:
        """The line that counts for an actor."""
        return _line_for(self.lines, actor)


@dataclass(frozen=True)
class Across:
    """The straight way from where it came from to where it arrived crosses a line."""

    line: str

    per_actor: ClassVar[bool] = False


@dataclass(frozen=True)
class Altitude:
    """It was seen below a height above sea level, or above it.

    Attributes:
        limit_m: The height in metres.
        below: Whether below it is meant, or above.
        edge: What holds for one exactly at it.
    """

    limit_m: float
    below: bool
    edge: Truth = Truth.UNKNOWN

    per_actor: ClassVar[bool] = False


@dataclass(frozen=True)
class OfThing:
    """What was seen is one of these things, other than those."""

    things: tuple[str, ...]
    other_than: tuple[str, ...] = ()

    per_actor: ClassVar[bool] = False


@dataclass(frozen=True)
class AtLeastOne:
    """Something was seen at all: a source that counted none reports that none was seen, not that one was."""

    per_actor: ClassVar[bool] = False


@dataclass(frozen=True)
class Sees:
    """A watch would surely have seen every mark of a selection, wherever one could be, for one who acts.

    Attributes:
        select: What is watched for.
        register: Whether it is a register, which holds each act of its kind wherever it was done.
    """

    select: Select
    register: bool = False

    per_actor: ClassVar[bool] = True


@dataclass(frozen=True)
class OfGate:
    """The record names this gate; one that names none may be about any."""

    gate: str

    per_actor: ClassVar[bool] = False


Predicate = OfGate | Sees | AtLeastOne | InZone | NearLine | OnSide | Across | Altitude | OfThing


def _line_for(lines: tuple[tuple[str | None, str], ...], actor: str) -> str | None:
    by_party = dict(lines)
    return by_party.get(actor, by_party.get(None))


# ---- anchors: instants, known or given by marks ----


@dataclass(frozen=True)
class Fixed:
    """A known moment."""

    moment: Moment


@dataclass(frozen=True)
class NotKnown:
    """An instant that nothing has fixed yet, by name."""

    name: str


@dataclass(frozen=True)
class FirstMark:
    """The first matching observation within a span: of the same bearer, or of one who is named.

    Attributes:
        rule: The rule it performs; empty where it is no rule that calls for it.
        select: The marks.
        span: When they count.
        by: Whose they have to be; None for the bearer itself.
    """

    rule: str
    select: Select
    span: Span
    by: str | None = None


@dataclass(frozen=True)
class Quiet:
    """The first instant at which no mark of a party has been there for so long, under coverage.

    Attributes:
        name: What it is called.
        select: The marks that have to stay away.
        parties: Whose.
        amount: For how long.
        unit: Of what; days and weeks are whole local days.
        since: From when it is counted.
        keepers: Who registers the marks.
    """

    name: str
    select: Select
    parties: tuple[str, ...]
    amount: int
    unit: str
    since: Anchor
    keepers: tuple[Keeper, ...] = ()


@dataclass(frozen=True)
class TriggerMark:
    """The observation that triggered the instance."""


@dataclass(frozen=True)
class Shifted:
    """So long after (or, where negative, before) another anchor."""

    base: Anchor
    amount: int
    unit: str
    counting: Counting


@dataclass(frozen=True)
class Closed:
    """The instant at which an anchor, taken as a deadline, has passed."""

    base: Anchor


@dataclass(frozen=True)
class Otherwise:
    """An anchor, or where it is not shown another."""

    base: Anchor
    otherwise: Anchor


Anchor = Fixed | NotKnown | FirstMark | Quiet | TriggerMark | Shifted | Closed | Otherwise

# ---- marks ----


@dataclass(frozen=True)
class Select:
    """Marks of the observations that match.

    Attributes:
        acts: The acts an observation may show, each with the assumption by which it counts, or None.
        predicates: What else must hold.
        name: The act the rule names.
    """

    acts: tuple[tuple[str, str | None], ...]
    predicates: tuple[Predicate, ...] = ()
    name: str = ""

    def counts(self, act: str) -> bool:
        """Whether an observed act can match."""
        return any(name == act for name, _ in self.acts)


@dataclass(frozen=True)
class Span:
    """A span of time: from one anchor, until another; a missing end is open. Half-open, the end left out.

    Attributes:
        starts: The anchor at which it begins.
        ends: The anchor at which it ends.
    """

    starts: Anchor | None = None
    ends: Anchor | None = None


@dataclass(frozen=True)
class Unless:
    """What lifts a breach: a permission with its tests.

    Attributes:
        rule: The permission.
        select: What it permits.
        span: When it holds.
        response_to: What the act must answer, or None.
        only_if: Records that must be there, each of them.
        bearers: Who is permitted.
        before: Whether the records must be there before the act.
    """

    rule: str
    select: Select
    span: Span
    response_to: Select | None
    only_if: tuple[Select, ...]
    bearers: tuple[str, ...] = ()
    before: bool = True


@dataclass(frozen=True)
class Whichever:
    """Unattributed acts in a zone count as by a party, whichever."""

    acts: frozenset[str]
    zone: InZone
    assumption: str


@dataclass(frozen=True)
class Variant:
    """A rule under one choice of readings.

    Attributes:
        readings: (rule, reading) for each rule with readings on which this one depends; empty where there are none.
        span: When the rule binds.
        deadline: The anchor that, once passed, is the deadline; None where there is none.
    """

    readings: tuple[tuple[str, str], ...]
    span: Span
    deadline: Anchor | None = None


@dataclass(frozen=True)
class Proof:
    """The declared standard of proof; `standard` None means none is declared.

    Attributes:
        standard: Its name.
        ungraded: The sources whose ungraded reports meet it, each with the assumption that says so.
        least: The least grade that meets it, with the assumption that says so; None where grades do not.
        origins: How many independent origins one incident needs.
        origins_by: The assumption that says so; None where one is enough.
    """

    standard: str | None
    ungraded: tuple[tuple[str, str], ...] = ()
    least: tuple[str, str] | None = None
    origins: int = 1
    origins_by: str | None = None

    def by(self, source: str | None, grade: str | None) -> str | None:
        """The assumption by which a report meets the standard, or None where it does not.

        A grade is a letter and a figure, compared one by one: `A3` does not meet `B2`, and `F` and `6` meet nothing.
        """
        if grade is None:
            return dict(self.ungraded).get(source or "")
        if self.least is None:
            return None
        needed, assumption = self.least
        judged = grade[0] != "F" and grade[1] != "6"
        return assumption if judged and grade[0] <= needed[0] and grade[1] <= needed[1] else None


@dataclass(frozen=True)
class Keeper:
    """Someone who registers every act of a kind within a time.

    Attributes:
        source: The source of the register.
        amount: Within how long.
        unit: Of what.
        assumption: The assumption that says so.
    """

    source: str
    amount: int
    unit: str
    assumption: str


@dataclass(frozen=True)
class RulePlan:
    """One rule, ready to run.

    Attributes:
        rule: As written outside the language, `2/C`.
        forbids: True for a prohibition (a mark is a breach), False for an obligation (a mark is performance).
        bearers: Whose duty.
        parties: All who are bound by the agreement: who an unseen actor may be.
        select: The marks.
        variants: The rule under each choice of readings; one where there are none.
        trigger: What gives an instance, for an obligation that begins with something.
        of_trigger: Whether only the one who triggered it bears it.
        once: Whether performance can happen only once, so that a late one shows there was none before.
        unless: What lifts a breach.
        whichever: Where an unseen actor counts as a party.
        proof: The standard of proof.
        keepers: Who registers what the rule is about.
    """

    rule: str
    forbids: bool
    bearers: tuple[str, ...]
    parties: tuple[str, ...]
    select: Select
    variants: tuple[Variant, ...]
    trigger: Select | None
    of_trigger: bool
    once: bool
    unless: tuple[Unless, ...]
    whichever: tuple[Whichever, ...]
    proof: Proof
    keepers: tuple[Keeper, ...] = ()

    @cached_property
    def watched(self) -> tuple[Select, ...]:
        """What it matters not to have seen: what the rule is about, and what its gates wait out."""
        return (self.select, *(quiet.select for quiet in self.gates))

    @cached_property
    def gates(self) -> tuple[Quiet, ...]:
        """The gates its instants hang on."""
        spans = [s for v in self.variants for s in (v.span.starts, v.span.ends, v.deadline)]
        spans.extend(s for u in self.unless for s in (u.span.starts, u.span.ends))
        return tuple(dict.fromkeys(a for anchor in spans for a in _within(anchor) if isinstance(a, Quiet)))

    @property
    def selects(self) -> tuple[Select, ...]:
        """Every selection the rule makes, its own first."""
        found = [self.select]
        if self.trigger is not None:
            found.append(self.trigger)
        for exception in self.unless:
            found.extend([exception.select, *exception.only_if])
            if exception.response_to is not None:
                found.append(exception.response_to)
        for variant in self.variants:
            for anchor in (variant.span.starts, variant.span.ends, variant.deadline):
                found.extend(a.select for a in _within(anchor) if isinstance(a, FirstMark | Quiet))
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class Plan:
    """An agreement, ready to run.

    Attributes:
        agreement: Its name.
        zone: Its time zone.
        rules: What is evaluated, in the order of the text (permissions and unmonitored rules are not).
    """

    agreement: str
    zone: str
    rules: tuple[RulePlan, ...]

    @cached_property
    def predicates(self) -> tuple[Predicate, ...]:
        """Every predicate some rule names, once."""
        found: dict[Predicate, None] = {}
        for rule in self.rules:
            for select in rule.selects:
                found.update(dict.fromkeys(select.predicates))
            found.update(dict.fromkeys(w.zone for w in rule.whichever))
        return tuple(found)


def watches(select: Select) -> tuple[Sees, Sees]:
    """What shows that no mark was there: a watch that would have seen it, a register that would hold it."""
    return Sees(select), Sees(Select(select.acts, (), select.name), register=True)


def _within(anchor: Anchor | None) -> list[Anchor]:
    """An anchor and those it is made from."""
    match anchor:
        case None:
            return []
        case FirstMark():
            return [anchor, *_within(anchor.span.starts), *_within(anchor.span.ends)]
        case Quiet():
            return [anchor, *_within(anchor.since)]
        case Shifted() | Closed():
            return [anchor, *_within(anchor.base)]
        case Otherwise():
            return [anchor, *_within(anchor.base), *_within(anchor.otherwise)]
        case _:
            return [anchor]
