"""The plan: what rules become before any interpreter runs them. A few operators, and no law.

Rule objects speak of clauses and bearers; the plan speaks of marks: observations that match (`Select`), instants that
other marks give (the anchors), spans of time (`Span`), what answers what by when (`Achieve`), what lifts it (`Unless`),
how much there is of them (`Measure`) and whether that is too much or too little (`Beyond`), by a figure or for each
of something else (`Each`). Every interpreter implements these and nothing else, and gets the truth values of the
predicates ready made (see `servanda.locate`). This module knows no interpreter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
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
class Holds:
    """A count is of everything that a selection could take, for one who acts: all of the place, of every kind.

    Attributes:
        select: What is counted.
        unit: In what.
    """

    select: Select
    unit: str

    per_actor: ClassVar[bool] = True


@dataclass(frozen=True)
class OfGate:
    """A record is about a gate; one that names none may be about any."""

    gate: str

    per_actor: ClassVar[bool] = False


Predicate = OfGate | Sees | Holds | AtLeastOne | InZone | NearLine | OnSide | Across | Altitude | OfThing


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
    """The first matching observation of the same bearer, while the rule it performs bound him."""

    rule: str
    select: Select
    span: Span


@dataclass(frozen=True)
class Opening:
    """The instant at which a gate opens: once no mark was there for so long, or once somebody certifies that.

    A gate is one for all rules and parties: it has its own standard of proof, that of the agreement as a whole.

    Attributes:
        gate: Its name.
        rule: What has to stay away, whoever does it, as a rule of its own that is never evaluated.
        amount: For how long.
        unit: Of what: hours or minutes that elapse, or whole local days or weeks.
        since: From when it is counted.
        certified: The certificates; None where none is needed.
        by: Who has to certify.
    """

    gate: str
    rule: RulePlan
    amount: int
    unit: str
    since: Anchor
    certified: Select | None = None
    by: str = ""

    def selects(self) -> list[Select]:
        """Every selection it makes."""
        own = [self.rule.select] if self.certified is None else [self.certified]
        return [*own, *_marks(self.since)]


@dataclass(frozen=True)
class Lapse:
    """The first violation of some rules, or determination of one, while a span ran; nobody's own counts for himself.

    Attributes:
        marks: What ends it.
        span: The span that it ends: since it began, for each of those whom it binds.
    """

    marks: VerdictOf
    span: Span


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


Anchor = Fixed | NotKnown | FirstMark | Opening | Lapse | TriggerMark | Shifted | Closed | Otherwise

# ---- marks ----

CLAIM = "claim"
"""The record by which a party claims an exception."""


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
        joining: Those for whom it begins only with an act of their own, where that is later.
    """

    starts: Anchor | None = None
    ends: Anchor | None = None
    joining: tuple[Joining, ...] = ()


@dataclass(frozen=True)
class Joining:
    """The act of its own from which on a party is bound.

    It is one for all rules: it has its own standard of proof, that of the agreement as a whole.

    Attributes:
        party: Who.
        rule: The act, as a duty of its own that is never evaluated.
        limit: The anchor that, once passed, is too late; None where it is never too late.
        since: From when on it can be done unseen: from signature; None where the text does not say when that was.
    """

    party: str
    rule: RulePlan
    limit: Anchor | None = None
    since: Anchor | None = None


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
        in_turn: Whether each of them must be there before the next.
        quoted: Tests in the words of the text, which no observation can meet: claimed or not.
        claimed: The records by which a party claims it; None where none can.
        burden: Whether the party that relies on it has to show it.
        within: The anchor that, once passed, ends the time to show it (it hangs on the act); None where none is set.
        cuts: What takes back a part of what it permits.
    """

    rule: str
    select: Select
    span: Span
    response_to: Select | None
    only_if: tuple[Select, ...]
    bearers: tuple[str, ...] = ()
    before: bool = True
    quoted: tuple[str, ...] = ()
    claimed: Select | None = None
    burden: bool = False
    within: Anchor | None = None
    cuts: tuple[Cut, ...] = ()
    in_turn: bool = False

    def selects(self) -> list[Select]:
        """Every selection it makes, and those of what cuts it back."""
        own = [self.select, *self.only_if, self.response_to, self.claimed]
        below = [s for cut in self.cuts for s in (cut.select, *(s for u in cut.unless for s in u.selects()))]
        return [s for s in own if s is not None] + below

    def spans(self) -> list[Span]:
        """Every span it names, and those of what cuts it back."""
        return [self.span, *(s for cut in self.cuts for s in (cut.span, *(s for u in cut.unless for s in u.spans())))]


@dataclass(frozen=True)
class Cut:
    """What takes back a part of a permission: a prohibition, unless that is lifted in its turn.

    Attributes:
        rule: The prohibition.
        select: What it forbids.
        span: When it binds.
        bearers: Whom it binds.
        unless: What lifts it.
    """

    rule: str
    select: Select
    span: Span
    bearers: tuple[str, ...]
    unless: tuple[Unless, ...] = ()


@dataclass(frozen=True)
class VerdictOf:
    """Marks when one of these rules is violated: each instance of it, at the instant at which the breach was complete.

    Attributes:
        rules: The rules, in the order of the text.
        determined: Whether it is the determination of it that marks, when it was made, whatever the verdict is.
    """

    rules: tuple[str, ...]
    determined: bool = False


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
        unless: What lifts a breach.
    """

    readings: tuple[tuple[str, str], ...]
    span: Span
    deadline: Anchor | None = None
    unless: tuple[Unless, ...] = ()

    @cached_property
    def lapses(self) -> tuple[Lapse, ...]:
        """The violations with which it lapses, or an exception to it, each once."""
        spans = [self.span, *(s for u in self.unless for s in u.spans())]
        anchors = [self.deadline, *(a for s in spans for a in (s.starts, s.ends))]
        return tuple(dict.fromkeys(lapse for anchor in anchors for lapse in lapsing(anchor)))


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


def folded(name: str) -> str:
    """A source's name as it is compared: letters of either case and runs of blanks make no other source."""
    return " ".join(name.split()).casefold()


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
class Measure:
    """How much there is of a selection, as bounds: surely at least, possibly at most.

    Attributes:
        select: What is counted.
        unit: In what; where it is `time`, each incident counts once.
        period: At an instant, in `any` stretch of time, on each day, in each month, or `running`: since the rule began
            to bind.
        amount: The length of that stretch.
        of: Its unit.
    """

    select: Select
    unit: str
    period: Literal["instant", "any", "day", "month", "running"]
    amount: int = 0
    of: str = ""

    @cached_property
    def whole(self) -> Holds:
        """Whether a count is of everything there is of it."""
        return Holds(self.select, self.unit)

    @property
    def incidents(self) -> bool:
        """Whether incidents are counted, and not what is in them."""
        return self.unit == "time"


@dataclass(frozen=True)
class Each:
    """Another measure, for each of which a limit is so many.

    Attributes:
        measure: The measure.
        by: Whose acts it takes; empty where they are the bearer's own.
        keepers: Who registers what it takes.
    """

    measure: Measure
    by: str = ""
    keepers: tuple[Keeper, ...] = ()


@dataclass(frozen=True)
class Beyond:
    """Where a measure goes over a limit, or stays under it.

    Attributes:
        name: What is limited, in one word.
        measure: The measure.
        limit: The limit.
        floor: Whether there has to be so much at least; else at most.
        each: What the limit is so many for each of; None where it stands by itself.
    """

    name: str
    measure: Measure
    limit: int
    floor: bool = False
    each: Each | None = None


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
        trigger_by: Who has to have done what triggers it; empty where any party may have.
        once: Whether performance can happen only once, so that a late one shows there was none before.
        whichever: Where an unseen actor counts as a party.
        proof: The standard of proof.
        keepers: Who registers what the rule is about.
        breach: The violations that give an instance, for an obligation that begins with those.
        beyond: The limits, for a rule about how much; a mark is then a part of a measure.
        joining: The parties of the agreement that are bound only from an act of their own on.
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
    whichever: tuple[Whichever, ...]
    proof: Proof
    keepers: tuple[Keeper, ...] = ()
    breach: VerdictOf | None = None
    beyond: tuple[Beyond, ...] = ()
    joining: tuple[Joining, ...] = ()
    trigger_by: str = ""

    @cached_property
    def joiners(self) -> dict[str, Joining]:
        """The parties that are bound only from an act of their own on, by name."""
        return {one.party: one for one in self.joining}

    @cached_property
    def parts(self) -> tuple[RulePlan, ...]:
        """The rule as it is for what each limit counts; the rule itself where it has none."""
        return tuple(replace(self, select=b.measure.select, beyond=()) for b in self.beyond) or (self,)

    @property
    def owed(self) -> bool:
        """Whether so many are due for each of something: then each of that is an instance, under every reading."""
        return any(one.each is not None and one.floor for one in self.beyond)

    @cached_property
    def against(self) -> tuple[RulePlan, ...]:
        """The rule as it is for what each limit is so many for each of; none where its limits stand by themselves."""
        several = [one.each for one in self.beyond if one.each is not None]
        return tuple(
            replace(
                self,
                select=each.measure.select,
                keepers=each.keepers,
                bearers=(each.by,) if each.by else self.bearers,
                beyond=(),
            )
            for each in several
        )

    @cached_property
    def watches(self) -> tuple[Sees, Sees]:
        """What shows that no mark was there: a watch that would have seen it, a register that would hold it."""
        things = tuple(p for p in self.select.predicates if isinstance(p, OfThing))
        return Sees(self.select), Sees(Select(self.select.acts, things, self.select.name), register=True)

    @cached_property
    def gates(self) -> tuple[Opening, ...]:
        """The gates on which its instants hang, and those of its exceptions, each once."""
        anchors: list[Anchor | None] = [v.deadline for v in self.variants]
        for variant in self.variants:
            anchors += [u.within for u in variant.unless]
            for span in (variant.span, *(s for u in variant.unless for s in u.spans())):
                anchors += [span.starts, span.ends]
        return tuple({gate.gate: gate for anchor in anchors for gate in openings(anchor)}.values())

    @cached_property
    def lapses(self) -> tuple[Lapse, ...]:
        """The violations with which it lapses, or an exception to it, each once."""
        return tuple(dict.fromkeys(lapse for v in self.variants for lapse in v.lapses))

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """The rules whose verdicts it waits for: those whose violation triggers it, and those with which it lapses."""
        marks = [*([] if self.breach is None else [self.breach]), *(one.marks for one in self.lapses)]
        return tuple(dict.fromkeys(name for one in marks for name in one.rules))

    @property
    def unless(self) -> tuple[Unless, ...]:
        """What lifts a breach, under the first choice of readings: the same permissions under every one."""
        return self.variants[0].unless

    @property
    def selects(self) -> tuple[Select, ...]:
        """Every selection the rule makes, its own first."""
        found = [self.select]
        measures = [m for b in self.beyond for m in (b.measure, b.each.measure if b.each else None) if m is not None]
        for one in measures:
            found += [one.select, Select(one.select.acts, (one.whole,), one.select.name)]
        if self.trigger is not None:
            found.append(self.trigger)
        found.extend(s for variant in self.variants for u in variant.unless for s in u.selects())
        for variant in self.variants:
            for span in (variant.span, *(s for u in variant.unless for s in u.spans())):
                found.extend([*_marks(span.starts), *_marks(span.ends)])
            found.extend(_marks(variant.deadline))
        found.extend(s for gate in self.gates for s in gate.selects())
        found.extend(joining.rule.select for joining in self.joining)
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class Plan:
    """An agreement, ready to run.

    Attributes:
        agreement: Its name.
        zone: Its time zone.
        rules: What is evaluated, in the order of the text (permissions and unmonitored rules are not).
        powers: Who is empowered to do what: (body, act).
    """

    agreement: str
    zone: str
    rules: tuple[RulePlan, ...]
    powers: frozenset[tuple[str, str]] = frozenset()

    @cached_property
    def predicates(self) -> tuple[Predicate, ...]:
        """Every predicate some rule names, once."""
        found: dict[Predicate, None] = {}
        for rule in self.rules:
            for select in rule.selects:
                found.update(dict.fromkeys(select.predicates))
            found.update(dict.fromkeys(w.zone for w in rule.whichever))
        return tuple(found)

    @cached_property
    def in_order(self) -> tuple[RulePlan, ...]:
        """The rules, each after those whose verdicts it needs; else in the order of the text."""
        rules = {r.rule: r for r in self.rules}
        found: dict[str, RulePlan] = {}
        todo = list(reversed(self.rules))
        while todo:
            rule = todo.pop()
            needed = [rules[n] for n in rule.needs if n not in found]
            if rule.rule in found or not needed:
                found.setdefault(rule.rule, rule)
            else:
                todo.extend([rule, *reversed(needed)])
        return tuple(found.values())

    @cached_property
    def awaited(self) -> frozenset[str]:
        """The rules on whose verdicts another rule depends."""
        return frozenset(name for rule in self.rules for name in rule.needs)


def _marks(anchor: Anchor | None) -> list[Select]:
    match anchor:
        case FirstMark():
            return [anchor.select]
        case Opening():
            return anchor.selects()
        case Lapse():
            return _marks(anchor.span.starts)
        case Shifted() | Closed():
            return _marks(anchor.base)
        case Otherwise():
            return [*_marks(anchor.base), *_marks(anchor.otherwise)]
        case _:
            return []


def triggered(anchor: Anchor) -> bool:
    """Whether an anchor counts from what triggered the rule, so that there is one for each trigger."""
    match anchor:
        case TriggerMark():
            return True
        case Shifted() | Closed():
            return triggered(anchor.base)
        case Otherwise():
            return triggered(anchor.base) or triggered(anchor.otherwise)
        case _:
            return False


def openings(anchor: Anchor | None) -> list[Opening]:
    """The gates on whose opening an anchor hangs, the nearest first."""
    return [one for one in _walk(anchor) if isinstance(one, Opening)]


def lapsing(anchor: Anchor | None) -> list[Lapse]:
    """The lapses on which an anchor hangs."""
    return [one for one in _walk(anchor) if isinstance(one, Lapse)]


def _walk(anchor: Anchor | None) -> Iterator[Anchor]:
    """An anchor and every anchor on which it hangs, the nearest first."""
    if anchor is None:
        return
    yield anchor
    match anchor:
        case Opening():
            yield from _walk(anchor.since)
        case FirstMark():
            yield from _walk(anchor.span.starts)
            yield from _walk(anchor.span.ends)
        case Lapse():
            yield from _walk(anchor.span.starts)
        case Shifted() | Closed():
            yield from _walk(anchor.base)
        case Otherwise():
            yield from _walk(anchor.base)
            yield from _walk(anchor.otherwise)
        case _:
            return
