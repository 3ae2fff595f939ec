"""Whether exceptions form a tree that can mean something: no circle (E350), and no two that disagree (E351).

What is found is narrow on purpose: only what is said of the same act, things, places and times in the same words, so
that nothing is refused which some fact could tell apart.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from servanda_dsl.model import Rule
    from servanda_dsl.resolve.context import Context, Reference


def circular(known: Mapping[str, Rule], cycle: tuple[str, ...]) -> bool:
    """Whether rules in a circle lead to one another as exceptions, and not as what they count from."""
    steps = pairwise((*cycle, cycle[0]))
    return len(cycle) > 1 and all(target in known[rule].exceptions for rule, target in steps)


def circle(context: Context, cycle: tuple[str, ...], first: Reference) -> None:
    """E350: exceptions in a circle, with the line of each."""
    steps = list(pairwise((*cycle, cycle[0])))
    lines = [next(r.place.line for r in context.references if (r.rule, r.target) == step) for step in steps]
    message = "these rules are exceptions to one another: " + " → ".join((*cycle, cycle[0]))
    listed = ", ".join(str(line) for line in lines)
    help_ = f"delete one of the references (lines {listed}): the last exception is a rule that nothing cuts back"
    context.report("E350", first.place, message, help_)


def check(context: Context, known: Mapping[str, Rule]) -> None:
    """E351: two exceptions that disagree on every fact they share, each pair at the place of the second."""
    for rule in known.values():
        for target, message, help_ in _disagreements(context, known, rule):
            found = next((r for r in context.references if (r.rule, r.target) == (rule.id, target)), None)
            if found is not None:
                context.clause = found.clause
                context.report("E351", found.place, message, help_)
    context.clause = None


def _disagreements(context: Context, known: Mapping[str, Rule], rule: Rule) -> Iterator[tuple[str, str, str]]:
    named = [known[name] for name in dict.fromkeys(rule.exceptions) if name in known and name != rule.id]
    if rule.kind == "permission":
        for ban in named:
            if ban.kind == "prohibition" and not ban.exceptions and _all_of(context, rule, ban):
                message = f"rule {ban.id} forbids all that rule {rule.id} permits, so that nothing is permitted"
                yield ban.id, message, f"let rule {ban.id} forbid a part: some things, a place, or a time"
        return
    permissions = [one for one in named if one.kind == "permission"]
    for cut in permissions:
        for other in permissions:
            if other.id == cut.id or other.exceptions or not _same_tests(cut, other):
                continue
            for ban in (known[name] for name in cut.exceptions if name in known):
                if ban.kind == "prohibition" and _all_of(context, ban, other) and _all_of(context, other, ban):
                    message = (
                        f"what rule {ban.id} takes from rule {cut.id}, rule {other.id} permits on the same conditions"
                    )
                    yield (
                        other.id,
                        message,
                        f"keep rule {ban.id} or rule {other.id}, or let them ask for different things",
                    )


def _all_of(context: Context, narrow: Rule, wide: Rule) -> bool:
    """Whether a rule surely covers everything that another does, as both are written."""
    if (wide.act, wide.starts, wide.ends) != (narrow.act, narrow.starts, narrow.ends):
        return False
    if wide.readings or narrow.readings or wide.bearer is None or narrow.bearer is None:
        return False
    clauses = {wide.clause, narrow.clause}
    if len(clauses) > 1 and any(a.clause in clauses for a in context.assumptions):
        return False
    unlimited = not wide.things and not wide.other_than
    things = bool(narrow.things) and set(narrow.things) <= set(wide.things)
    same_things = unlimited or (things and set(wide.other_than) <= set(narrow.other_than))
    places = all(place in narrow.places for place in wide.places)
    return same_things and places and set(narrow.bearer.parties) <= set(wide.bearer.parties)


def _same_tests(first: Rule, second: Rule) -> bool:
    """Whether two permissions ask for the same."""

    def asked(rule: Rule) -> tuple[object, ...]:
        before = (rule.only_if_before, rule.only_if_in_turn) if rule.only_if else (False, False)
        return set(rule.only_if), before, set(rule.quoted), rule.response_to, rule.burden

    return asked(first) == asked(second)
