"""When each rule binds, and whom: what the text and the reports give at one instant, breach or no breach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from servanda.plan import Plan, Span
from servanda.stream.timing import Binding, binding
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
        return "not-yet"
    begun = binds.starts is None or binds.starts.latest_us <= at_us
    lasts = not binds.open_end and (binds.ends is None or binds.ends.earliest_us > at_us)
    return "in-force" if begun and lasts else "open"
