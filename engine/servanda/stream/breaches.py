"""When an outcome was a violation, and whose: as the reports show it, or as bodies determined it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from servanda.locate.facts import Fact
from servanda.moments import Bounds
from servanda.truth import Truth, agree

if TYPE_CHECKING:
    from servanda.outcomes import Outcome
    from servanda.stream.world import World

_MADE = {"determines", "not-sure"}


@dataclass(frozen=True)
class Determined:
    """What bodies determined of an outcome.

    Attributes:
        facts: The records by which it was determined to be a violation.
        sure: Whether it surely was.
        when: From when until when it may have been determined first; None where nobody determined it.
        held: Whom they hold responsible; empty where they name nobody.
    """

    facts: tuple[Fact, ...]
    sure: bool
    when: Bounds | None
    held: frozenset[str]


def determined(world: World, outcome: Outcome) -> Determined:
    """What bodies determined of an outcome, from what is on record about it."""
    told = {f.observation: f.effect for f in outcome.filed if f.act == "determine" and f.effect in _MADE}
    facts = [fact for name in told if (fact := world.fact(name)) is not None]
    facts = sorted((f for f in facts if dict(f.told).get("outcome") == "violation"), key=lambda f: f.id)
    sure = [f for f in facts if told[f.id] == "determines"]
    held = frozenset(party for f in sure or facts if (party := dict(f.told).get("party")))
    if not facts:
        return Determined((), sure=False, when=None, held=held)
    last = min((f.latest_us for f in sure), default=max(f.latest_us for f in facts))
    return Determined(tuple(facts), bool(sure), Bounds(min(f.earliest_us for f in facts), last), held)


def broken_by(outcome: Outcome, bearer: str) -> Truth:
    """Whether it was this bearer who broke the rule, if it was broken."""
    if outcome.bearer is not None:
        return Truth.TRUE if outcome.bearer == bearer else Truth.FALSE
    return Truth.UNKNOWN if bearer in outcome.candidates else Truth.FALSE


def determined_by(outcome: Outcome, made: Determined, bearer: str) -> Truth:
    """Whether it is this bearer whom bodies hold responsible; where they name nobody, whether he broke the rule."""
    if made.held:
        return agree(Truth.TRUE if party == bearer else Truth.FALSE for party in made.held)
    return broken_by(outcome, bearer)


def instant(outcome: Outcome, breach: Bounds) -> Fact:
    """The instant at which a breach was complete, as what something counts from."""
    return Fact("", "", breach.earliest_us, breach.latest_us, "within", outcome.candidates)
