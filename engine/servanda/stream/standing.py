"""When each rule binds, and whom: what the text and the reports give at one instant, breach or no breach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from servanda.moments import Bounds, opening
from servanda.plan import Plan, Span
from servanda.stream.opening import opened, quiet_since
from servanda.stream.timing import Binding, binding, name_of
from servanda.stream.world import World

State = Literal["in-force", "not-yet", "dormant", "open", "ended"]
"""In force; begins later; waits for what has not come; nobody can say whether it is in force; over."""


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
    if binds.unknown:
        return "open" if binds.perhaps else "dormant"
    if binds.ends is not None and binds.ends.latest_us <= at_us:
        return "ended"
    if binds.starts is not None and binds.starts.earliest_us > at_us:
        return "dormant" if binds.gate else "not-yet"
    begun = binds.starts is None or binds.starts.latest_us <= at_us
    lasts = not binds.open_end and (binds.ends is None or binds.ends.earliest_us > at_us)
    return "in-force" if begun and lasts else "open"
