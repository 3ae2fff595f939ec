"""Anchors and spans at run time: when they are for one bearer, and how an observation's time lies to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from servanda import moments, plan
from servanda.locate.facts import Fact
from servanda.moments import Bounds, Moment
from servanda.truth import Truth

if TYPE_CHECKING:
    from servanda.stream.lapsing import Lapsed

Marks = Callable[[plan.Select, str], Iterable[tuple[Fact, Truth]]]
"""The marks of a selection for a bearer, each with whether it is surely one."""

Opens = Callable[[plan.Opening], Moment | None]
"""When a gate opens; None where nothing fixes it."""

Joins = Callable[[plan.Joining], Bounds]
"""From when on a party is bound by an act of its own."""

Lapses = Callable[[plan.Lapse, str], "Lapsed | None"]
"""When a rule lapses for somebody, and with what."""


@dataclass(frozen=True)
class Clock:
    """Answers when an anchor is.

    Attributes:
        zone: The agreement's time zone.
        marks: The marks of a selection.
        trigger: The observation that triggered the instance, if any.
        established: The instant by which marks, taken together, surely have it happened; None where they do not.
        opens: When a gate opens.
        joins: From when on a party is bound by an act of its own.
        lapses: When a rule lapses that holds while obligations are met.
    """

    zone: str
    marks: Marks
    trigger: Fact | None = None
    established: Callable[[list[tuple[Fact, Truth]]], int | None] = lambda _: None
    opens: Opens = lambda _: None
    joins: Joins = lambda _: Bounds(moments.EVER_US, moments.NEVER_US)
    lapses: Lapses = lambda _lapse, _bearer: None

    def moment(self, anchor: plan.Anchor, bearer: str) -> Moment | None:
        """When an anchor is for a bearer; None where nothing has fixed it yet."""
        match anchor:
            case plan.Fixed():
                return anchor.moment
            case plan.NotKnown():
                return None
            case plan.FirstMark():
                shown, sure = self._first(anchor, bearer)
                return shown if shown is None or sure else moments.perhaps(shown)
            case plan.Opening():
                return self.opens(anchor)
            case plan.Lapse():
                lapsed = self.lapses(anchor, bearer)
                return None if lapsed is None else lapsed.moment
            case plan.TriggerMark():
                return None if self.trigger is None else self._of(self.trigger)
            case plan.Shifted():
                base = self.moment(anchor.base, bearer)
                if base is None:
                    return None
                return moments.shift(base, anchor.amount, anchor.unit, anchor.counting, self.zone, lenient=True)
            case plan.Closed():
                base = self.moment(anchor.base, bearer)
                return None if base is None else moments.closed(base, self.zone)
            case plan.Otherwise():
                return self._otherwise(anchor, bearer)

    def _otherwise(self, anchor: plan.Otherwise, bearer: str) -> Moment | None:
        fallback = self.moment(anchor.otherwise, bearer)
        if isinstance(anchor.base, plan.FirstMark):
            shown, sure = self._first(anchor.base, bearer)
            if shown is None:
                return fallback
            if sure:
                return shown
            return moments.perhaps(shown) if fallback is None else moments.either(shown, fallback)
        base = self.moment(anchor.base, bearer)
        return fallback if base is None else base

    def _first(self, mark: plan.FirstMark, bearer: str) -> tuple[Moment | None, bool]:
        binds = binding(self, mark.span, bearer)
        marks: list[tuple[Fact, Truth]] = [
            (f, min(t, may_fall_in(f, binds))) for f, t in self.marks(mark.select, bearer)
        ]
        found = [mark for mark in marks if mark[1] is not Truth.FALSE]
        if not found:
            return None, False
        sure = self.established(found)
        earliest = min(f.earliest_us for f, _ in found)
        latest = max(f.latest_us for f, _ in found) if sure is None else sure
        return moments.between(earliest, latest, self.zone), sure is not None

    def _of(self, fact: Fact) -> Moment:
        return moments.between(fact.earliest_us, fact.latest_us, self.zone)


def unobserved(zone: str) -> Clock:
    """The clock of a world in which nothing has been seen: what anchors give by themselves."""
    return Clock(zone, lambda _select, _bearer: ())


@dataclass(frozen=True)
class Binding:
    """A span of time as bounds; a missing bound is open.

    Attributes:
        starts: When it begins.
        ends: When it ends.
        unknown: What its beginning hangs on, where nothing has fixed that yet.
        perhaps: Whether that is an instant which nobody knows and which may have been, not a report nobody made.
        open_end: What its end hangs on, where that is an instant which nobody knows.
        gate: The gate on which its beginning hangs and of which nobody knows exactly when it opened.
        end_gate: The same for its end.
        joined: From when on he is bound by an act of his own; None where he is bound without one.
        own: When it begins, or would, whoever is bound.
        lapse: The violations with which it ends, or may: (rule, instance).
    """

    starts: Bounds | None
    ends: Bounds | None
    unknown: str = ""
    perhaps: bool = False
    open_end: str = ""
    gate: str = ""
    end_gate: str = ""
    joined: Bounds | None = None
    own: Bounds | None = None
    lapse: tuple[tuple[str, str], ...] = ()

    @property
    def for_all(self) -> Binding:
        """The span as it is for those who are bound without an act of their own."""
        return self if self.joined is None else replace(self, starts=self.own, joined=None)


def binding(clock: Clock, span: plan.Span, bearer: str) -> Binding:
    """When a span is for a bearer."""
    starts = ends = None
    unknown = open_end = ""
    if span.starts is not None:
        moment = clock.moment(span.starts, bearer)
        if moment is None:
            unknown = name_of(span.starts)
        else:
            starts = moments.opening(moment)
    if span.ends is not None:
        moment = clock.moment(span.ends, bearer)
        if moment is not None:
            ends = moments.opening(moment)
        elif nobody_knows(span.ends):
            open_end = name_of(span.ends)
    perhaps = bool(unknown) and nobody_knows(span.starts)
    gates = inexact(clock, span.starts), inexact(clock, span.ends)
    lapse = _lapse(clock, span.ends, bearer)
    joining = next((one for one in span.joining if one.party == bearer), None)
    if joining is None:
        return Binding(starts, ends, unknown, perhaps, open_end, *gates, own=starts, lapse=lapse)
    joined = clock.joins(joining)
    begins = later(starts, joined) if not unknown else None
    return Binding(begins, ends, unknown, perhaps, open_end, *gates, joined, starts, lapse)


def _lapse(clock: Clock, ends: plan.Anchor | None, bearer: str) -> tuple[tuple[str, str], ...]:
    """The violations with which a span ends, or may end."""
    lapsed = clock.lapses(ends, bearer) if isinstance(ends, plan.Lapse) else None
    return () if lapsed is None else tuple((o.rule, o.instance) for o in lapsed.of)


def later(one: Bounds | None, other: Bounds) -> Bounds:
    """The later of two instants; the second where there is no first."""
    if one is None:
        return other
    return Bounds(max(one.earliest_us, other.earliest_us), max(one.latest_us, other.latest_us))


def never(bounds: Bounds | None) -> bool:
    """Whether an instant may never have been."""
    return bounds is None or bounds.latest_us >= moments.NEVER_US


def inexact(clock: Clock, anchor: plan.Anchor | None) -> str:
    """The gate on which an anchor hangs and of which nobody knows exactly when it opened; empty where there is none."""
    for gate in plan.openings(anchor):
        moment = clock.opens(gate)
        if moment is None or moment.latest_us > moment.earliest_us:
            return gate.gate
    return ""


def falls_in(fact: Fact, binds: Binding) -> Truth:
    """Whether what was seen happened within a span."""
    if binds.unknown:
        return Truth.FALSE
    value = Truth.UNKNOWN if binds.open_end else _holds_time(binds)
    if binds.starts is not None:
        value = min(value, since(fact, binds.starts))
    if binds.ends is not None:
        value = min(value, _until(fact, binds.ends))
    return value


def _holds_time(binds: Binding) -> Truth:
    """Whether a span holds any moment at all: it may end before it begins, where reports fix its ends."""
    if binds.starts is None or binds.ends is None:
        return Truth.TRUE
    return _bound(binds.starts.latest_us < binds.ends.earliest_us, binds.starts.earliest_us >= binds.ends.latest_us)


def may_fall_in(fact: Fact, binds: Binding) -> Truth:
    """As `falls_in`; a span that begins at an instant nobody knows may have begun."""
    return Truth.UNKNOWN if binds.perhaps else falls_in(fact, binds)


def covered(fact: Fact, permitted: Binding, forbidden: Binding) -> Truth:
    """Whether a permission was in force for the whole of what a rule forbids in what was seen.

    What lasted throughout an interval is forbidden in each of its moments while the rule bound, and is permitted only
    in those in which the permission was in force.
    """
    value = may_fall_in(fact, permitted)
    if fact.kind != "throughout":
        return value
    last = last_moment(fact)
    if permitted.starts is not None:
        begins = forbidden.starts or Bounds(fact.earliest_us, fact.earliest_us)
        first = max(fact.earliest_us, begins.earliest_us), max(fact.earliest_us, begins.latest_us)
        value = min(value, _bound(permitted.starts.latest_us <= first[0], permitted.starts.earliest_us > first[1]))
    if permitted.ends is not None:
        ends = forbidden.ends or Bounds(last + 1, last + 1)
        final = min(last, ends.earliest_us - 1), min(last, ends.latest_us - 1)
        value = min(value, _bound(final[1] < permitted.ends.earliest_us, final[0] >= permitted.ends.latest_us))
    return value


def meets(fact: Fact, outer: Binding, inner: Binding) -> Truth:
    """Whether what a rule forbids in what was seen was, in some moment of it, forbidden by another rule as well.

    What lasted throughout an interval has to meet both rules at once, and not each at a time of its own.
    """
    value = may_fall_in(fact, inner)
    if fact.kind != "throughout":
        return value
    for starts, ends in ((outer.starts, inner.ends), (inner.starts, outer.ends)):
        if starts is not None and ends is not None:
            value = min(value, _bound(starts.latest_us < ends.earliest_us, starts.earliest_us >= ends.latest_us))
    return value


def both(outer: Binding, inner: Binding) -> Binding:
    """The time in which two rules bind at once."""
    starts = [b.starts for b in (outer, inner) if b.starts is not None]
    ends = [b.ends for b in (outer, inner) if b.ends is not None]
    return Binding(
        Bounds(max(b.earliest_us for b in starts), max(b.latest_us for b in starts)) if starts else None,
        Bounds(min(b.earliest_us for b in ends), min(b.latest_us for b in ends)) if ends else None,
    )


def told_before(record: Fact, due: Bounds) -> Truth:
    """Whether a record was there before a time to show ran out: received by then, or else made by then.

    A record of which nobody says when it was received counts, unless what it records came too late itself.
    """
    if record.received_us is None:
        return before(record, due)
    first, last = record.received_us
    return before(replace(record, earliest_us=first, latest_us=last), due)


def last_moment(fact: Fact) -> int:
    """The last moment at which a fact can have been: its instant, or the last microsecond of its interval."""
    return fact.latest_us if fact.earliest_us == fact.latest_us else fact.latest_us - 1


def by(fact: Fact, instant_us: int) -> Truth:
    """Whether what was seen had happened by an instant (an instant included, the end of an interval not).

    What lasted throughout an interval had happened once it had begun.
    """
    if fact.kind == "throughout":
        return Truth.TRUE if fact.earliest_us <= instant_us else Truth.FALSE
    if fact.latest_us <= instant_us:
        return Truth.TRUE
    return Truth.FALSE if fact.earliest_us > instant_us else Truth.UNKNOWN


def achieved(fact: Fact, instant_us: int) -> Truth:
    """Whether something had been achieved by an instant: what lasted throughout an interval, once it was over."""
    if fact.kind == "throughout" and fact.latest_us > instant_us >= fact.earliest_us:
        return Truth.UNKNOWN
    return by(fact, instant_us)


def clipped(fact: Fact, instant_us: int) -> Fact:
    """What had been seen by an instant of something that lasted throughout an interval; other facts as they are."""
    if fact.kind != "throughout" or fact.latest_us <= instant_us:
        return fact
    return replace(fact, latest_us=max(instant_us + 1, fact.earliest_us + 1))


def open_edge(fact: Fact, binds: Binding) -> Bounds | None:
    """The end of a span that leaves open whether what was seen happened within it."""
    for bounds, value in ((binds.starts, since), (binds.ends, _until)):
        if bounds is not None and value(fact, bounds) is Truth.UNKNOWN:
            return bounds
    return None


def before(fact: Fact, deadline: Bounds) -> Truth:
    """Whether what was seen had happened before a deadline: half-open, the deadline's own instant is too late."""
    last = last_moment(fact)
    if last < deadline.earliest_us:
        return Truth.TRUE
    return Truth.FALSE if fact.earliest_us >= deadline.latest_us else Truth.UNKNOWN


def since(fact: Fact, starts: Bounds) -> Truth:
    """Whether what was seen happened from an instant on."""
    last = last_moment(fact)
    if fact.kind == "throughout":
        return _bound(last >= starts.latest_us, last < starts.earliest_us)
    return _bound(fact.earliest_us >= starts.latest_us, last < starts.earliest_us)


def _until(fact: Fact, ends: Bounds) -> Truth:
    last = last_moment(fact)
    if fact.kind == "throughout":
        return _bound(fact.earliest_us < ends.earliest_us, fact.earliest_us >= ends.latest_us)
    return _bound(last < ends.earliest_us, fact.earliest_us >= ends.latest_us)


def _bound(sure: bool, impossible: bool) -> Truth:  # noqa: FBT001 - two answers, always given by name of their place
    if sure:
        return Truth.TRUE
    return Truth.FALSE if impossible else Truth.UNKNOWN


def hangs_on_a_report(anchor: plan.Anchor | None) -> bool:
    """Whether an anchor is given by something that may have happened unseen.

    Where the text has another anchor for what is not shown, it is that one which is waited for.
    """
    match anchor:
        case plan.FirstMark():
            return True
        case plan.Shifted() | plan.Closed():
            return hangs_on_a_report(anchor.base)
        case plan.Otherwise():
            return hangs_on_a_report(anchor.otherwise)
        case _:
            return False


def nobody_knows(anchor: plan.Anchor | None) -> bool:
    """Whether an anchor is given by an instant that nobody knows and that may have been."""
    match anchor:
        case plan.NotKnown():
            return True
        case plan.Opening():
            return nobody_knows(anchor.since)
        case plan.Shifted() | plan.Closed():
            return nobody_knows(anchor.base)
        case plan.Otherwise():
            return nobody_knows(anchor.base) or nobody_knows(anchor.otherwise)
        case _:
            return False


def name_of(anchor: plan.Anchor) -> str:
    """What an anchor that is not known yet is called."""
    match anchor:
        case plan.NotKnown():
            return anchor.name
        case plan.FirstMark():
            return f"a report of what rule {anchor.rule} calls for ({anchor.select.name.replace('-', ' ')})"
        case plan.Opening() if nobody_knows(anchor.since):
            return name_of(anchor.since)
        case plan.Opening() if anchor.certified is not None:
            return f"the certificate of {anchor.by} that opens gate {anchor.gate}"
        case plan.Opening():
            before = plan.openings(anchor.since)
            return name_of(before[0]) if before else f"the opening of gate {anchor.gate}"
        case plan.Shifted() | plan.Closed():
            return name_of(anchor.base)
        case plan.Otherwise():
            return name_of(anchor.otherwise)
        case _:
            return "an instant"
