"""When each rule binds, and whom: what the text and the reports give at one instant, breach or no breach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from servanda.moments import Bounds, opening
from servanda.plan import Plan, Span
from servanda.stream.joining import joined, limit
from servanda.stream.opening import opened, quiet_since
from servanda.stream.timing import Binding, binding, name_of, never
from servanda.stream.world import World

State = Literal["in-force", "not-yet", "dormant", "open", "ended", "not-bound"]
"""In force; begins later; waits for what has not come; nobody can say whether it is in force; over; binds him never."""


@dataclass(frozen=True)
class Standing:
    """When a rule binds somebody, or permits him something, under one choice of readings.

    Attributes:
        rule: The rule.
        bearer: Whom.
        readings: (rule, reading) for each rule with readings on which it depends.
        binds: From when, and until when.
        state: What that makes of it at the instant.
    """

    rule: str
    bearer: str
    readings: tuple[tuple[str, str], ...]
    binds: Binding
    state: State


@dataclass(frozen=True)
class GateStanding:
    """How a gate stands.

    Attributes:
        gate: Its name.
        state: Open; shut; or nobody can say.
        opens: When it opened, or can open at the earliest; None where it waits for what has not come.
        quiet_since: Since when it has surely been quiet until now; None where that is not so, or nobody asks.
        waits_for: What has to come first, where that has not.
    """

    gate: str
    state: Literal["open", "perhaps", "shut"]
    opens: Bounds | None
    quiet_since: int | None = None
    waits_for: str = ""


@dataclass(frozen=True)
class Condition:
    """How it stands with the act by which a party comes to be bound.

    Attributes:
        party: Who.
        act: The act.
        limit: When it is too late; None where it never is, or nobody knows when.
        state: `met`; `not-met` so far, as is known; `failed`, for it was not done in time; or `open`: nobody can say.
        since: From when on the party is bound, where it is.
        records: The records of the act.
        late: Whether these are too late.
        watched: Who is known to have seen that it was not done.
        unseen_from: From when on it may have been done unseen, in microseconds since the epoch; None where at any time.
    """

    party: str
    act: str
    limit: Bounds | None
    state: Literal["met", "not-met", "failed", "open"]
    since: Bounds | None
    records: tuple[str, ...]
    late: bool
    watched: tuple[str, ...]
    unseen_from: int | None


def conditions(world: World, plan: Plan) -> Iterator[Condition]:
    """How it stands with every act by which a party comes to be bound, in the order of the text."""
    every = {one.party: one for rule in plan.rules for one in rule.joining}
    for one in every.values():
        found = joined(world, one)
        state: Literal["met", "not-met", "failed", "open"] = "open"
        if found.sure(world.at_us):
            state = "met"
        elif found.never:
            state = "failed"
        elif found.bounds.earliest_us >= world.at_us:
            state = "not-met"
        due = None if one.limit is None else limit(world, one)
        watched = tuple(sorted(found.records - {*found.acts}))
        since = found.bounds if state == "met" else None
        unseen = found.bounds.earliest_us if watched and not found.never else None
        yield Condition(one.party, one.rule.select.name, due, state, since, found.acts, found.late, watched, unseen)


def gates(world: World, plan: Plan) -> Iterator[GateStanding]:
    """How each gate stands on which some rule hangs, in the order met."""
    every = {gate.gate: gate for rule in plan.rules for gate in rule.gates}
    for gate in every.values():
        moment = opened(world, gate).moment
        if moment is None:
            yield GateStanding(gate.gate, "shut", None, waits_for=name_of(gate))
            continue
        bounds = opening(moment)
        state: Literal["open", "perhaps", "shut"] = "perhaps"
        if bounds.latest_us <= world.at_us:
            state = "open"
        elif bounds.earliest_us > world.at_us:
            state = "shut"
        since = quiet_since(world, gate) if gate.certified is None and state != "open" else None
        yield GateStanding(gate.gate, state, bounds, since)


def standings(world: World, plan: Plan) -> Iterator[Standing]:
    """How every rule stands for each of those it binds, permissions after the rule they lift, each once."""
    met: set[tuple[str, str, tuple[tuple[str, str], ...]]] = set()
    for rule in plan.rules:
        for variant in rule.variants:
            spans: list[tuple[str, tuple[str, ...], Span]] = [(rule.rule, rule.bearers, variant.span)]
            spans.extend((u.rule, u.bearers, u.span) for u in variant.unless)
            for name, bearers, span in spans:
                for bearer in bearers:
                    if (name, bearer, variant.readings) in met:
                        continue
                    met.add((name, bearer, variant.readings))
                    binds = binding(world.clock(rule), span, bearer)
                    yield Standing(name, bearer, variant.readings, binds, state(binds, world.at_us))


def state(binds: Binding, at_us: int) -> State:
    """What a span makes of a rule at an instant, in microseconds since the epoch; its end is left out."""
    if binds.joined is not None and never(Bounds(binds.joined.earliest_us, binds.joined.earliest_us)):
        return "not-bound"
    if binds.unknown:
        return "open" if binds.perhaps else "dormant"
    if binds.ends is not None and binds.ends.latest_us <= at_us:
        return "ended"
    if binds.starts is not None and binds.starts.earliest_us > at_us:
        return "dormant" if binds.gate or never(binds.joined or binds.starts) else "not-yet"
    begun = binds.starts is None or binds.starts.latest_us <= at_us
    lasts = not binds.open_end and (binds.ends is None or binds.ends.earliest_us > at_us)
    return "in-force" if begun and lasts else "open"
