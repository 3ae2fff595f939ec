"""Interpreters that are wrong about what a violation triggers, and about what bodies and parties put on record."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mutant import Patch, sets

from servanda.stream import breaches, interpreter, performance, procedure, reparation
from servanda.truth import Truth

_REAL_TRIGGERS = reparation._triggers
_REAL_DETERMINED = breaches.determined
_REAL_INSTANT = breaches.instant
_REAL_TRIGGERED_BY = performance._triggered_by
_REAL_EVALUATED = interpreter.Stream._evaluated


def _what_may_be_is(*given: Any) -> Truth:
    return Truth.FALSE if _REAL_TRIGGERS(*given) is Truth.FALSE else Truth.TRUE


def _what_may_be_is_not(*given: Any) -> Truth:
    return Truth.TRUE if _REAL_TRIGGERS(*given) is Truth.TRUE else Truth.FALSE


def _at_once(outcome: Any, breach: Any) -> Any:
    return replace(_REAL_INSTANT(outcome, breach), latest_us=breach.earliest_us)


def _too_late(self: interpreter.Stream, at_us: int) -> Any:
    """What could not be read is thought of only once everything that hangs on it has been said."""
    held, self.held = self.held, lambda outcome: outcome
    found = list(_REAL_EVALUATED(self, at_us))
    self.held = held
    return ((rule, breaches, [held(o) for o in others]) for rule, breaches, others in found)


def _from_the_act(world: Any, outcome: Any) -> Any:
    found = _REAL_DETERMINED(world, outcome)
    return found if found.when is None or outcome.breach is None else replace(found, when=outcome.breach)


def _nobody_held(world: Any, outcome: Any) -> Any:
    return replace(_REAL_DETERMINED(world, outcome), held=frozenset())


def _surely(world: Any, outcome: Any) -> Any:
    found = _REAL_DETERMINED(world, outcome)
    return replace(found, sure=found.when is not None)


def _by_anyone(world: Any, rule: Any, bearer: str, fact: Any) -> Truth:
    return _REAL_TRIGGERED_BY(world, replace(rule, trigger_by=""), bearer, fact)


class _Any(frozenset[str]):
    """Every effect."""

    def __contains__(self, _: object) -> bool:
        return True


OF_VERDICTS: dict[str, Patch] = {
    "whoever broke it, it was the bearer's violation": sets(breaches, "broken_by", lambda *_: Truth.TRUE),
    "what may be a violation is one": sets(reparation, "_triggers", _what_may_be_is),
    "what may be a violation is none": sets(reparation, "_triggers", _what_may_be_is_not),
    "a breach was complete as soon as it may have been": sets(breaches, "instant", _at_once),
    "a violation goes by no name": sets(reparation, "finding_id", lambda *_: ""),
    "what a row that cannot be read may turn triggers all the same": sets(interpreter.Stream, "_evaluated", _too_late),
}
OF_VERDICTS |= {
    "by whomever it was done, it triggers": sets(performance, "_triggered_by", _by_anyone),
    "what anyone says was determined triggers": sets(breaches, "_MADE", _Any()),
    "what is determined counts from the act": sets(breaches, "determined", _from_the_act),
    "whoever is held responsible, the finding says whose it was": sets(breaches, "determined", _nobody_held),
    "what may have been determined was": sets(breaches, "determined", _surely),
}
OF_RECORDS: dict[str, Patch] = {
    "anyone may determine": sets(procedure.Procedure, "_empowered", lambda *_: True),
    "of bodies that differ each is right": sets(procedure, "_unless_they_differ", lambda filed, _says: list(filed)),
    "whoever holds the ground did it": sets(procedure, "NO_BASIS", ()),
    "whoever says that a body determined is believed": sets(procedure, "weighs", lambda *_: Truth.TRUE),
}
"""What is put on record about a finding changes no verdict, which is all that a table has."""

MUTANTS = OF_VERDICTS | OF_RECORDS
