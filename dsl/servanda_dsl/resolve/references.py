"""What can only be checked once every rule is known: that rules which name one another can do so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servanda_dsl import anchors, model

if TYPE_CHECKING:
    from servanda_dsl.anchors import Anchor
    from servanda_dsl.resolve.context import Context, Reference


def check(context: Context) -> None:
    """Check every reference from rule to rule, each at its own place."""
    gates = {g.what.id: g.what for g in context.gates.values()}
    known = {r.id: r for c in context.clauses for r in c.rules} | gates
    for reference in context.references:
        context.clause = reference.clause
        if reference.rule in known and reference.target not in context.broken:
            _reference(context, reference, known)
    context.clause = None
    for cycle in _cycles(known):
        first = next(r for r in context.references if r.rule == cycle[0] and r.target == (*cycle, cycle[0])[1])
        if len(cycle) == 1:
            message = f"rule {cycle[0]} waits for itself"
        else:
            message = "these rules wait for one another: " + " → ".join((*cycle, cycle[0]))
        context.clause = first.clause
        context.report("E333", first.place, message, "count one of them from a date, or from entry into force")
    context.clause = None


def _reference(context: Context, reference: Reference, known: dict[str, model.Rule]) -> None:
    rule, place = known[reference.rule], reference.place
    target = known.get(reference.target)
    if target is None:
        _nothing(context, reference, known)
        return
    if target.id in rule.exceptions:
        if target.id == rule.id:
            context.report("E332", place, "the rule excepts itself", "name the rule that permits what this one forbids")
        elif target.kind != "permission":
            help_ = "an exception names a rule with `may`, such as `A party may fire in response to attack`"
            context.report("E331", place, f"rule {target.letter} of clause {target.clause} permits nothing", help_)
    for anchor in _rule_anchors(rule):
        if anchor.rule == target.id:
            _point(context, reference, anchor.point, target)


def _nothing(context: Context, reference: Reference, known: dict[str, model.Rule]) -> None:
    label, letter = reference.target.rsplit("/", 1)
    labels = [c.label for c in context.clauses]
    letters = [r.letter for r in known.values() if r.clause == label and r.id != reference.rule]
    if label not in labels:
        message, help_ = f"there is no clause {label}", f"the clauses are {', '.join(labels)}"
    else:
        message = f"clause {label} has no rule {letter}"
        help_ = (
            f"its other rules are {', '.join(letters)}" if letters else "write that rule, or name one of another clause"
        )
    context.report("E201", reference.place, message, help_)


def _point(context: Context, reference: Reference, point: anchors.Point, target: model.Rule) -> None:
    named = f"rule {target.letter} of clause {target.clause}"
    if point == "deadline" and target.deadline is None:
        help_ = "name its start or end instead" if target.kind == "obligation" else "count from a rule that has one"
        context.report("E314", reference.place, f"{named} has no deadline", help_)
    elif point != "deadline" and target.kind != "obligation":
        context.report(
            "E315",
            reference.place,
            f"{named} is a {target.kind}, and no one could see it {'start' if point == 'start' else 'end'}",
            "count from a date, or from a rule with `shall`",
        )


def _anchors(rule: model.Rule) -> list[Anchor]:
    given: list[Anchor | None] = [rule.starts, rule.ends, rule.deadline.anchor if rule.deadline else None]
    return [a for anchor in given if anchor is not None for a in anchors.walk(anchor)]


def _rule_anchors(rule: model.Rule) -> list[anchors.PointOfRule]:
    return [a for a in _anchors(rule) if isinstance(a, anchors.PointOfRule)]


def _waits_for(rule: model.Rule) -> tuple[str, ...]:
    opened = (f"gate/{a.gate}" for a in _anchors(rule) if isinstance(a, anchors.GateOpens))
    return (*(a.rule for a in _rule_anchors(rule)), *opened, *(e for e in rule.exceptions if e != rule.id))


def _cycles(known: dict[str, model.Rule]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    path: list[str] = []
    done: set[str] = set()
    for first, rule_ in known.items():
        todo = [(first, iter(_waits_for(rule_)))] if first not in done else []
        path = [first]
        while todo:
            rule, targets = todo[-1]
            target = next(targets, None)
            if target is None:
                todo.pop()
                path.pop()
                done.add(rule)
            elif target in path:
                found.append(tuple(path[path.index(target) :]))
            elif target in known and target not in done:
                todo.append((target, iter(_waits_for(known[target]))))
                path.append(target)
    return found
