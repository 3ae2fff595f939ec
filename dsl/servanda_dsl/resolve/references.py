"""What can only be checked once every rule is known: that rules which name one another can do so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servanda_dsl import anchors, model
from servanda_dsl.resolve import exception_tree

if TYPE_CHECKING:
    from servanda_dsl.anchors import Anchor
    from servanda_dsl.resolve.context import Context, Reference


def check(context: Context) -> None:
    """Check every reference from rule to rule, each at its own place."""
    known = {r.id: r for c in context.clauses for r in c.rules} | _declared(context)
    for reference in context.references:
        context.clause = reference.clause
        if reference.rule in known and reference.target not in context.broken:
            _reference(context, reference, known)
    context.clause = None
    for cycle in _cycles(known):
        first = next(r for r in context.references if r.rule == cycle[0] and r.target == (*cycle, cycle[0])[1])
        if len(cycle) == 1:
            message = f"{_called(cycle[0])} waits for itself"
        else:
            what = "gates" if all(name.startswith("gate/") for name in cycle) else "rules"
            message = f"these {what} wait for one another: " + " → ".join((*cycle, cycle[0]))
        context.clause = first.clause
        if exception_tree.circular(known, cycle):
            exception_tree.circle(context, cycle, first)
            continue
        context.report("E333", first.place, message, "count one of them from a date, or from entry into force")
    exception_tree.check(context, known)
    context.clause = None


def _declared(context: Context) -> dict[str, model.Rule]:
    """Gates and phases as what waits for others: a gate as the ban it watches, a phase as a rule with its span."""
    gates = {g.what.id: g.what for g in context.gates.values()}
    return gates | {
        f"phase/{p.name}": model.Rule(
            id=f"phase/{p.name}", clause="", letter=p.name, kind="not-monitored",
            starts=p.starts, ends=p.ends, text="", where=p.where,
        )
        for p in context.phases.values()
    }  # fmt: skip


def _called(name: str) -> str:
    kind, _, own = name.partition("/")
    return f"gate `{own}`" if kind == "gate" else f"rule {name}"


def _reference(context: Context, reference: Reference, known: dict[str, model.Rule]) -> None:
    rule, place = known[reference.rule], reference.place
    target = known.get(reference.target)
    if target is None:
        if not reference.target.startswith("gate/"):
            _nothing(context, reference, known)
        return
    if reference.copied:
        _same_bearer(context, reference, rule, target)
        return
    if target.id in rule.exceptions:
        if target.id == rule.id:
            other = (
                "forbids a part of what this one permits"
                if rule.kind == "permission"
                else "permits what this one forbids"
            )
            context.report("E332", place, "the rule excepts itself", f"name the rule that {other}")
        elif rule.kind == "permission" and target.kind != "prohibition":
            help_ = "what cuts a permission back is a rule with `shall not`, such as `No party shall fire in valley`"
            context.report("E331", place, f"rule {target.letter} of clause {target.clause} forbids nothing", help_)
        elif rule.kind != "permission" and target.kind != "permission":
            help_ = "an exception names a rule with `may`, such as `A party may fire in response to attack`"
            context.report("E331", place, f"rule {target.letter} of clause {target.clause} permits nothing", help_)
    for anchor in _rule_anchors(rule):
        if anchor.rule == target.id:
            _point(context, reference, anchor.point, target)
    if target.kind == "obligation":
        _same_bearer(context, reference, rule, target)


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


def _same_bearer(context: Context, reference: Reference, rule: model.Rule, target: model.Rule) -> None:
    """The start of another rule is that of the same bearer: who does not bear it never starts."""
    with_fallback = [a.base for a in _anchors(rule) if isinstance(a, anchors.Offset) and a.otherwise is not None]
    points = [
        a for a in _rule_anchors(rule) if a.rule == target.id and a.point != "deadline" and a not in with_fallback
    ]
    if not points or rule.bearer is None or target.bearer is None:
        return
    others = [p for p in rule.bearer.parties if p not in target.bearer.parties]
    if others:
        context.report(
            "E318",
            reference.place,
            f"this counts from what the same party does under rule {target.id}, and rule {target.id} does not bind "
            + " or ".join(f"`{p}`" for p in others),
            "bind the same parties by both, or count from an event or a date",
        )


def _anchors(rule: model.Rule) -> list[Anchor]:
    given: list[Anchor | None] = [rule.starts, rule.ends, rule.deadline.anchor if rule.deadline else None]
    return [a for anchor in given if anchor is not None for a in anchors.walk(anchor)]


def _rule_anchors(rule: model.Rule) -> list[anchors.PointOfRule]:
    return [a for a in _anchors(rule) if isinstance(a, anchors.PointOfRule)]


def waits_for(rule: model.Rule) -> tuple[str, ...]:
    """What a rule counts from, and what excepts it: rules by their names outside the language, gates as `gate/…`."""
    opened = (f"gate/{a.gate}" for a in _anchors(rule) if isinstance(a, anchors.OpeningOf))
    return (*(a.rule for a in _rule_anchors(rule)), *opened, *(e for e in rule.exceptions if e != rule.id))


def _cycles(known: dict[str, model.Rule]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    path: list[str] = []
    done: set[str] = set()
    for first, rule_ in known.items():
        todo = [(first, iter(waits_for(rule_)))] if first not in done else []
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
                todo.append((target, iter(waits_for(known[target]))))
                path.append(target)
    return found
