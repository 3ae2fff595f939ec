"""Interpreters that are wrong about what one record says of another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mutant import Patch, sets

from servanda import session
from servanda.stream import conflict, grouping, interpreter, register, world
from servanda.truth import Truth

_REAL_NAMES = world.World.names
_REAL_OF = grouping.Grouping.of


def _the_first_of(values: Any = ()) -> set[Any]:
    return {v for v, _ in zip(values, range(1), strict=False)}


def _by_its_new_name(self: world.World, fact: Any) -> frozenset[str]:
    return _REAL_NAMES(self, replace(fact, reported_incident=None))


MUTANTS: dict[str, Patch] = {
    "corrections and retractions do nothing": sets(register.Register, "standing", lambda _self, _name: ""),
    "denials do nothing": sets(world.World, "undenied", lambda _self, _fact, _rule: Truth.TRUE),
    "whoever corrects is believed": sets(interpreter, "bars", lambda *_: ""),
    "reports of one event never contradict each other": sets(conflict, "against", lambda *_: ()),
    "a name means whatever has it": sets(register.Register, "means_record", lambda *_: False),
    "what has a new name has lost the old one": sets(world.World, "names", _by_its_new_name),
    "a row that was set aside changes nothing": sets(session, "held_back", lambda outcome, _aside: outcome),
    "of two records with one name the first counts": sets(session.Session, "_conflict", lambda *_: None),
    "nobody puts reports together or takes them apart": sets(grouping.Grouping, "_groups", lambda *_: False),
    "whoever groups is believed": sets(grouping.Grouping, "lacks", lambda *_: ""),
    "of groups that differ one has effect": lambda patch: patch.setattr(grouping, "set", _the_first_of, raising=False),
    "a group holds for no correction": sets(
        grouping.Grouping, "of", lambda self, fact, _, own: _REAL_OF(self, fact, (fact.id,), own)
    ),
}
