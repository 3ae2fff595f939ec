"""Rule objects: an agreement as the compiler understands it, ready for any engine, as JSON or as Python.

They speak law: clause, rule, bearer, exception, deadline. What an interpreter runs is the plan they are lowered to.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from servanda_dsl.anchors import Anchor, Frozen, Instant, Unit, Unmet, counts_days
from servanda_dsl.assumptions import Assumption, DaysCounted, Lapse, Where
from servanda_dsl.vocabulary import Vocabulary, vocabulary


class Signed(Frozen):
    """Who encoded or reviewed, and when."""

    who: str
    on: dt.date


class EncodedFrom(Frozen):
    """The text the encoding was made from."""

    text: str
    language: str
    authentic: bool


class Bracket(Frozen):
    """A range of calibre in millimetres; a missing end is open."""

    least: float | None = None
    most: float | None = None
    least_included: bool = True
    most_included: bool = True


class Term(Frozen):
    """One kind of weapon: a category, perhaps within a bracket of calibre, or a model."""

    category: str | None = None
    calibre: Bracket | None = None
    model: str | None = None


class Weapon(Frozen):
    """A defined category of weapon, or of object: any of its terms, other than what is left out."""

    name: str
    title: str
    terms: tuple[Term, ...]
    other_than: tuple[str, ...] = ()
    of: Literal["weapon", "object"] = "weapon"
    """Whether it is what an act is done with, or what it is done to."""
    where: Where


class Side(Frozen):
    """A party and the place that tells its side of a line."""

    party: str
    place: str


class Redrawn(Frozen):
    """Another drawing of a line or zone, which holds from the first instant of a local day."""

    since: dt.date
    file: str


class Line(Frozen):
    """A reference line, with the accuracy of its drawing in metres."""

    name: str
    title: str
    file: str
    accurate_to_m: float | None = None
    approximate: str | None = None
    redrawn: tuple[Redrawn, ...] = ()
    """Later drawings, in the order of their dates."""
    sides: tuple[Side, ...] = ()
    where: Where


class Zone(Frozen):
    """An area, with the accuracy of its drawing in metres."""

    name: str
    title: str
    file: str
    accurate_to_m: float | None = None
    approximate: str | None = None
    mended: str | None = None
    """Why a drawing that is no valid area may be mended; None where it must be valid."""
    redrawn: tuple[Redrawn, ...] = ()
    """Later drawings, in the order of their dates."""
    where: Where


class Actor(Frozen):
    """A party, a monitor, a body of the agreement, or one who is not bound but may be seen to act."""

    name: str
    title: str
    kind: Literal["party", "monitor", "non-party", "body"]
    powers: tuple[str, ...] = ()
    """What the agreement empowers it to do, by the acts of the vocabulary: to determine, to attribute …"""
    bound_by: Rule | None = None
    """The act of its own from which on a party is bound, and its time limit, as a duty; None if it is bound at once."""
    where: Where


class Event(Frozen):
    """Something the text counts from (a transfer of authority, a withdrawal certified), and when it was."""

    name: str
    title: str
    instant: Instant | None = None
    """None where it has not happened, or nobody knows when."""
    where: Where


class InZone(Frozen):
    """In a zone, or outside it: where it was seen, where it came from, where it arrived, or in the air above."""

    kind: Literal["zone"] = "zone"
    zone: str
    inside: bool = True
    relation: Literal["in", "from", "into", "over"] = "in"


class Across(Frozen):
    """From one side of a line to the other."""

    kind: Literal["across"] = "across"
    line: str


class LineFor(Frozen):
    """A line, for one party or (party None) for all."""

    party: str | None
    line: str


class NearLine(Frozen):
    """Less than so many metres from a line, perhaps further than so many, perhaps only on the bearer's own side."""

    kind: Literal["near-line"] = "near-line"
    distance_m: float
    lines: tuple[LineFor, ...]
    own_side: bool = False
    nearest_m: float | None = None
    """The inner limit of a band that does not reach the line."""
    width_m: float | None = None
    """The width of the zone as written, where the text gives a width of which the distance is half."""


class OnSide(Frozen):
    """On the bearer's own side of a line, or on the other."""

    kind: Literal["side"] = "side"
    lines: tuple[LineFor, ...]
    own: bool = True


class Altitude(Frozen):
    """Below or above a height, in metres above sea level."""

    kind: Literal["altitude"] = "altitude"
    limit_m: float
    below: bool
    written: str
    """The height as the text has it."""


Place = Annotated[InZone | NearLine | OnSide | Across | Altitude, Field(discriminator="kind")]


class Deadline(Frozen):
    """By when: `within`, `by` and `no later than` include the last day they name, `before` does not."""

    word: Literal["within", "by", "no later than", "before"]
    anchor: Anchor


class Reading(Frozen):
    """One way to read a rule: how it counts days, when it lapses, or when what it asks for has to be on record."""

    name: str
    counting: Literal["inclusive", "exclusive"] | None = None
    lapse: Literal["violation", "determination"] | None = None
    recorded: Literal["ever", "before", "in turn", "in turn before"] | None = None
    words: str


class Bearer(Frozen):
    """Whose duty: each of these parties by itself."""

    written: str
    parties: tuple[str, ...]
    of_trigger: bool = False
    """Whether only the party that triggered the rule bears it."""


class Breach(Frozen):
    """What triggers a rule that begins `After each violation of …`: a breach of one rule, or of any of a clause.

    Where it begins `After each determination of a violation of …`, that a body which may do so determined that it was
    one, whatever the reports by themselves show.
    """

    clause: str
    rule: str | None = None
    """As written outside the language; None where the whole clause is meant."""
    determined: bool = False
    """Whether it takes a determination."""


class Burden(Frozen):
    """The party that relies on a permission has to show what it calls for."""

    within: Anchor | None = None
    """By when, counted from the act; None where the text sets no time."""
    written: str | None = None
    """The time as the text has it: `72 hours`."""


class Each(Frozen):
    """What a limit is so many for each of: another act, or another's, counted since the rule began to bind."""

    act: str
    by: str | None = None
    """Whose act; None for the bearer's own."""
    unit: str
    """A unit of the vocabulary: `piece` for things."""
    things: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    """Where it was done; the places of the rule are those of what it limits."""
    written: str
    """What is counted, as the text has it: `tank taken-out`."""


class Limit(Frozen):
    """So many at most, or at least, of what a rule counts or of a part of it."""

    name: str
    """What it limits, in one word: `tank`, `persons`, `trucks-of-fuel`."""
    number: int
    bound: Literal["at most", "at least"]
    unit: str
    """A unit of the vocabulary: `piece` for things, `time` for incidents."""
    things: tuple[str, ...] = ()
    """What it counts of, where that is narrower than what the rule is about."""
    places: tuple[Place, ...] = ()
    """Where, besides the places of the rule."""
    written: str
    """What is counted, as the text has it: `trucks of fuel`."""
    part: bool = False
    """Whether it limits a part of what another limit counts."""
    each: Each | None = None
    """What the number is allowed, or due, for each of; None where it stands by itself."""


class Measure(Frozen):
    """How much there may be, or has to be: at an instant, in any stretch of time, on each day or in each month.

    A `running` total counts from when the rule begins to bind; its limits are so many for each of something else.
    """

    period: Literal["instant", "any", "day", "month", "running"]
    amount: int | None = None
    """The length of `any` stretch of time."""
    unit: Literal["minutes", "hours", "days", "weeks"] | None = None
    limits: tuple[Limit, ...]

    @property
    def owed(self) -> bool:
        """Whether so many are due for each of something, every time that is done."""
        return self.period == "running" and all(limit.bound == "at least" for limit in self.limits)


class Rule(Frozen):
    """One rule of a clause, written `2/C` outside the language."""

    id: str
    clause: str
    letter: str
    heading: str | None = None
    kind: Literal["prohibition", "obligation", "maintenance", "permission", "not-monitored"]
    """A maintenance is a ceiling, a floor or a quota: what must be kept to all the time."""
    bearer: Bearer | None = None
    act: str | None = None
    things: tuple[str, ...] = ()
    other_than: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    """Where; all of them must hold."""
    starts: Anchor | None = None
    ends: Anchor | None = None
    deadline: Deadline | None = None
    trigger: str | None = None
    trigger_by: str | None = None
    """Who has to have done what triggers it; None where any party may have."""
    breach: Breach | None = None
    """The violation that triggers it, where one does."""
    response_to: str | None = None
    only_if: tuple[str, ...] = ()
    only_if_before: bool = False
    """Whether the records must be there before the act, or at any time."""
    only_if_in_turn: bool = False
    """Whether each of them must be there before the next."""
    quoted: tuple[str, ...] = ()
    """Further conditions of a permission, in the words of the text, which no observation can show: claimed or not."""
    exceptions: tuple[str, ...] = ()
    """What cuts the rule back: the permissions that lift a prohibition, the prohibitions that narrow a permission."""
    burden: Burden | None = None
    """Who has to show what a permission calls for; None where the text does not say."""
    counterpart: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    phase: str | None = None
    """The phase during which it binds, where it names one; `starts` and `ends` are those of the phase."""
    measure: Measure | None = None
    """How much, for a maintenance; None for every other kind."""
    not_monitored: str | None = None
    text: str
    """The sentence as encoded, white space folded."""
    where: Where

    @property
    def reads_days(self) -> bool:
        """Whether it has readings of its own of how days are counted."""
        return any(reading.counting for reading in self.readings)

    @property
    def reads_lapse(self) -> bool:
        """Whether it has readings of its own of how it lapses."""
        return any(reading.lapse for reading in self.readings)


Actor.model_rebuild()


class Clause(Frozen):
    """A provision of the text, by its own number or name."""

    label: str
    heading: str
    gist: str | None = None
    not_monitored: str | None = None
    rules: tuple[Rule, ...] = ()
    where: Where


class Gate(Frozen):
    """What opens once nothing of a kind has happened for so long; or when someone certifies that it is so."""

    name: str
    title: str
    amount: int
    unit: Unit
    what: Rule
    """The act that has to stay away, and where, as a ban; its `starts` is from when it is counted, else from entry into
    force."""
    certified_by: str | None = None
    """Who has to certify it; the gate then opens when they do."""
    where: Where


class Phase(Frozen):
    """A span of time with a name, for rules that bind during it."""

    name: str
    title: str
    starts: Anchor
    ends: Anchor | None = None
    where: Where


class Agreement(Frozen):
    """An encoded agreement: everything the text declares, resolved and checked."""

    name: str
    title: str
    source: str | None = None
    authentic_in: tuple[str, ...] = ()
    encoded_from: EncodedFrom | None = None
    encoded_by: Signed | None = None
    reviewed_by: Signed | None = None
    signed: Instant | None = None
    in_force: Instant | None = None
    time_zone: str
    version: str | None = None
    provenance: Literal["text", "secondary", "reported"] = "text"
    status: str | None = None
    vocabulary_name: str
    gazetteer: str | None = None
    actors: tuple[Actor, ...] = ()
    events: tuple[Event, ...] = ()
    gates: tuple[Gate, ...] = ()
    phases: tuple[Phase, ...] = ()
    lines: tuple[Line, ...] = ()
    zones: tuple[Zone, ...] = ()
    weapons: tuple[Weapon, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    clauses: tuple[Clause, ...] = ()
    digest: str
    """SHA-256 of the encoding and of every file it names."""
    folder: Path | None = Field(default=None, exclude=True)
    """The folder against which file names are resolved; not part of the agreement."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary the agreement uses."""
        return vocabulary(self.vocabulary_name)

    @property
    def parties(self) -> tuple[str, ...]:
        """Names of those bound."""
        return tuple(a.name for a in self.actors if a.kind == "party")

    @property
    def joining(self) -> dict[str, Rule]:
        """The parties that are bound only from an act of their own on, each with that act as a duty."""
        return {a.name: a.bound_by for a in self.actors if a.bound_by is not None}

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule, in the order of the text."""
        return tuple(r for c in self.clauses for r in c.rules)

    @property
    def files(self) -> tuple[str, ...]:
        """Every file the agreement names, once, in order."""
        drawn: tuple[Line | Zone, ...] = (*self.lines, *self.zones)
        named = [f for x in drawn for f in (x.file, *(r.file for r in x.redrawn))]
        return tuple(sorted({*named, *([self.gazetteer] if self.gazetteer else [])}))

    def rule(self, rule_id: str) -> Rule:
        """The rule written `2/C`.

        Raises:
            KeyError: There is none.
        """
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)

    def clause(self, label: str) -> Clause:
        """The clause of this number or name.

        Raises:
            KeyError: There is none.
        """
        for clause in self.clauses:
            if clause.label == label:
                return clause
        raise KeyError(label)

    def event(self, name: str) -> Event:
        """The event of this name.

        Raises:
            KeyError: There is none.
        """
        return {event.name: event for event in self.events}[name]

    def gate(self, name: str) -> Gate:
        """The gate of this name.

        Raises:
            KeyError: There is none.
        """
        return {gate.name: gate for gate in self.gates}[name]

    def phase(self, name: str) -> Phase:
        """The phase of this name.

        Raises:
            KeyError: There is none.
        """
        return {phase.name: phase for phase in self.phases}[name]

    def line(self, name: str) -> Line:
        """The line of this name.

        Raises:
            KeyError: There is none.
        """
        return {line.name: line for line in self.lines}[name]

    def zone(self, name: str) -> Zone:
        """The zone of this name.

        Raises:
            KeyError: There is none.
        """
        return {zone.name: zone for zone in self.zones}[name]

    def weapon(self, name: str) -> Weapon | None:
        """The defined category of weapon of this name, if it is one (else it is a category of the vocabulary)."""
        return {weapon.name: weapon for weapon in self.weapons}.get(name)

    def title_of(self, name: str) -> str:
        """What a party, monitor or non-party is called; the name itself where nothing declares it."""
        return next((a.title for a in self.actors if a.name == name), name)

    def thing_title(self, name: str) -> str:
        """What a category of weapon is called, defined here or of the vocabulary."""
        weapon = self.weapon(name)
        return weapon.title if weapon else name.replace("-", " ")

    def is_object(self, name: str) -> bool:
        """Whether a category is one of objects, defined here or of the vocabulary."""
        weapon = self.weapon(name)
        return name in self.vocabulary.objects if weapon is None else weapon.of == "object"

    def shared_readings(self, rule: Rule) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The readings that a rule has in common with others, by an assumption, each named with its alternatives."""
        scope, found = self.in_scope(rule.clause), []
        shown = None if rule.burden is None else rule.burden.within
        given = (rule.starts, rule.ends, rule.deadline.anchor if rule.deadline else None, shown)
        days = [a for a in scope if isinstance(a, DaysCounted)][-1:]
        counted = any(anchor is not None and counts_days(anchor) for anchor in given)
        if counted and days and days[0].counting == "either" and not rule.reads_days:
            found.append((_shared("days", days[0].clause), ("inclusive", "exclusive")))
        lapse = [a for a in scope if isinstance(a, Lapse)][-1:]
        if isinstance(rule.ends, Unmet) and not rule.reads_lapse and lapse and lapse[0].by == "either":
            found.append((_shared("lapse", lapse[0].clause), ("violation", "determination")))
        return tuple(found)

    def breached(self, breach: Breach) -> tuple[Rule, ...]:
        """The rules a violation of which is meant: what permits cannot be violated, nor what is not monitored.

        That there was more than a limit allows can be determined; by itself it triggers nothing.
        """
        kinds = {"prohibition", "obligation", *(("maintenance",) if breach.determined else ())}
        return tuple(
            rule
            for rule in self.rules
            if rule.kind in kinds and (rule.id == breach.rule or (breach.rule is None and rule.clause == breach.clause))
        )

    def in_scope(self, clause: str) -> tuple[Assumption, ...]:
        """Assumptions that hold for a clause: those of the whole agreement, then its own."""
        return tuple(a for a in self.assumptions if a.clause is None or a.clause == clause)


def _shared(what: str, clause: str | None) -> str:
    """What readings are called that rules have in common: those of one clause are not those of another."""
    return what if clause is None else f"{what} of clause {clause}"
