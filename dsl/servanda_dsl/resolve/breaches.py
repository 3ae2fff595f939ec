"""Rules that the violation of another triggers: what is named can be violated, and nothing triggers itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from servanda_dsl import model, tree
from servanda_dsl.anchors import PointOfRule, Trigger, Unmet, walk
from servanda_dsl.resolve import lapsing, powers, references, times
from servanda_dsl.resolve.context import Reference

if TYPE_CHECKING:
    from servanda_dsl.anchors import Anchor
    from servanda_dsl.resolve.context import Context

_VIOLABLE = {"prohibition", "obligation"}


def breach(context: Context, node: tree.AfterViolation | tree.AfterDetermination) -> model.Breach:
    """What violation triggers a rule; the reference is noted, to be checked once every rule is known.

    E366 where it has to be determined and nobody may do that.
    """
    determined = isinstance(node, tree.AfterDetermination)
    if determined:
        powers.check_determined(context, node, "this rule would never be triggered")
    clause, rule = times.broken(context, node.of)
    return model.Breach(clause=clause, rule=rule, determined=determined)


def check_rule(context: Context, made: model.Rule, nodes: Mapping[str, tree.Node]) -> None:
    """E360: only a duty is triggered, since nothing else waits for a trigger; E205: by one thing; E364: `it` is one."""
    if made.breach is not None and made.trigger is not None:
        context.report("E205", nodes["breach"], "the rule gives a second trigger", "keep one, or write two rules")
    told = made.bearer is not None and made.bearer.of_trigger  # E325 has said that nothing triggers it
    if made.breach is None and made.trigger is None and not told:
        for key, anchor in _times(made):
            if key == "deadline" and made.measure is not None and made.measure.period == "running":
                continue  # it is each of what a floor is so many for each of; a ceiling has no deadline (E372)
            if any(isinstance(part, Trigger) for part in walk(anchor)):
                help_ = "begin with `After each …`, or name what it counts from"
                context.report("E364", nodes[key], "`it` stands for nothing: nothing triggers this rule", help_)
    key = "breach" if made.breach is not None else "trigger" if made.trigger is not None else ""
    if not key or made.kind == "obligation":
        return
    context.report(
        "E360",
        nodes[key],
        f"a {made.kind} is not triggered by anything",
        "say from when it binds with `from …`, or write what has to be done then: `that party shall …`",
    )


def _times(made: model.Rule) -> list[tuple[str, Anchor]]:
    """The instants that a rule names, each with the fact that gives it."""
    due = None if made.deadline is None else made.deadline.anchor
    given = (("starts", made.starts), ("ends", made.ends), ("deadline", due))
    return [(key, anchor) for key, anchor in given if anchor is not None]


def _several_deadlines(context: Context, known: Mapping[str, model.Rule]) -> None:
    """E365: a rule that is triggered has a deadline for each trigger, and none that another could count from."""
    for reference in context.references:
        rule, target = known.get(reference.rule), known.get(reference.target)
        if rule is None or target is None:
            continue
        owed = target.measure is not None and target.measure.owed
        if target.trigger is None and target.breach is None and not owed:
            continue
        points = [p for _, a in _times(rule) for p in walk(a) if isinstance(p, PointOfRule) and p.rule == target.id]
        if any(p.point == "deadline" for p in points):
            context.clause = reference.clause
            context.report(
                "E365",
                reference.place,
                f"rule {target.id} has a deadline for each time it is triggered, and not one to count from",
                "count from an event or a date"
                if owed
                else f"write what follows as a rule of its own: `After each violation of rule {target.letter}, …`",
            )


def check(context: Context) -> None:
    """Check every reference to what may be violated, each at its own place."""
    known = {r.id: r for c in context.clauses for r in c.rules}
    _several_deadlines(context, known)
    meant = {}
    for reference in context.breaches:
        context.clause = reference.clause
        if reference.rule in known:
            meant[reference.rule] = _meant(context, reference, known)
    for reference in context.breaches:
        context.clause = reference.clause
        circle = _circle(reference.rule, meant, known)
        if circle:
            way = " → ".join(circle)
            lapses = isinstance(known[reference.rule].ends, Unmet)
            told = f"a violation of rule {reference.rule} would trigger itself"
            context.report(
                "E362",
                reference.place,
                f"{f'whether rule {reference.rule} holds would hang on itself' if lapses else told}: {way}",
                "name other obligations, or until when it holds"
                if lapses
                else "let one of them be triggered by an act, or count from a date",
            )
    context.clause = None


def _meant(context: Context, reference: Reference, known: dict[str, model.Rule]) -> tuple[str, ...]:
    """The rules a violation of which triggers a rule; none where it is reported that there is none."""
    rule, target = known[reference.rule], reference.target
    if target in context.broken:
        return ()
    whole = "/" not in target
    named = [r for r in known.values() if (r.clause if whole else r.id) == target]
    if not named and not (whole and any(c.label == target for c in context.clauses)):
        _nothing(context, reference, known)
        return ()
    found = [r for r in named if r.kind in _VIOLABLE]
    limits = [r.id for r in named if r.kind == "maintenance"]
    if rule.breach.determined if rule.breach is not None else lapsing.by_determination(context, rule):
        found += [r for r in named if r.kind == "maintenance"]
    elif limits:
        nothing = "triggers no duty" if rule.breach is not None else "ends no other rule by itself"
        message = f"rule {limits[0]} limits how much there may be, and such a violation {nothing}"
        context.report(
            "E361", reference.place, message, "name the rules that say what is done or not done, each for itself"
        )
        return ()
    unread = any(b.startswith(f"{target}/") for b in context.broken)
    if not found and not unread:
        what = f"clause {target} has no rule that can" if whole else f"rule {target} binds nobody, so it cannot"
        context.report("E361", reference.place, f"{what} be violated", "name a rule with `shall` or `shall not`")
        return ()
    if rule.bearer is not None and rule.bearer.of_trigger and not _binds_a_party(context, found):
        bound = sorted({p for r in found if r.bearer for p in r.bearer.parties})
        context.report(
            "E325",
            reference.place,
            f"`that party` points to no party: only {' and '.join(bound)} can violate {target}",
            f"name who has the duty: `{bound[0]} shall …`" if bound else "name who has the duty",
        )
    if rule.breach is None:
        lapsing.by_another(context, reference, rule, found)
    return tuple(r.id for r in found)


def _binds_a_party(context: Context, found: list[model.Rule]) -> bool:
    return any(p in context.parties for r in found if r.bearer for p in r.bearer.parties) or bool(context.broken)


def _nothing(context: Context, reference: Reference, known: dict[str, model.Rule]) -> None:
    label = reference.target.split("/", 1)[0]
    labels = [c.label for c in context.clauses]
    if label not in labels:
        context.report("E201", reference.place, f"there is no clause {label}", f"the clauses are {', '.join(labels)}")
        return
    letters = [r.letter for r in known.values() if r.clause == label and r.id != reference.rule]
    help_ = f"its other rules are {', '.join(letters)}" if letters else "write that rule, or name one of another clause"
    letter = reference.target.rsplit("/", 1)[1]
    context.report("E201", reference.place, f"clause {label} has no rule {letter}", help_)


def _circle(start: str, meant: Mapping[str, tuple[str, ...]], known: Mapping[str, model.Rule]) -> tuple[str, ...]:
    """The shortest way from a rule over those on whose violation it hangs back to itself; empty where there is none.

    A rule hangs on what triggers it and on what it lapses with; and on what those lapse with that it counts from, or
    that except it.
    """
    ways: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        leaning = _leaning(way[-1], known)
        if len(way) > 1 and start in leaning:
            return way if way[-1] == start else (*way, start)
        for target in (t for name in leaning for t in meant.get(name, ())):
            if target == start:
                return (*way, start)
            if target not in seen:
                seen.add(target)
                ways.append((*way, target))
    return ()


def _leaning(name: str, known: Mapping[str, model.Rule]) -> list[str]:
    """A rule, and those that may lapse among what it counts from or what excepts it, directly or over others."""
    found, todo = {name: None}, [name]
    while todo:
        rule = known.get(todo.pop())
        for other in () if rule is None else references.waits_for(rule):
            if other not in found:
                found[other] = None
                todo.append(other)
    return [n for n in found if n == name or (n in known and isinstance(known[n].ends, Unmet))]
