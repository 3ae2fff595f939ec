"""Anchors and spans of time, from trees to rule objects."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from servanda_dsl import anchors, tree
from servanda_dsl.anchors import counts_days
from servanda_dsl.assumptions import DaysCounted
from servanda_dsl.lexicon import CLOCK_WORDS
from servanda_dsl.resolve import figures
from servanda_dsl.resolve.context import Reference

if TYPE_CHECKING:
    from servanda_dsl.anchors import Anchor
    from servanda_dsl.resolve.context import Context


def anchor(context: Context, node: object) -> Anchor:
    """An anchor; E313 where a header part it needs is missing."""
    match node:
        case tree.EntryIntoForce():
            return anchors.EntryIntoForce()
        case tree.Signature():
            if "signed" not in context.header:
                context.report(
                    "E313",
                    node,
                    "the header does not say when the agreement was signed",
                    "add `signed` and the date to the header",
                )
            return anchors.Signature()
        case tree.EventInstant():
            name = str(node.name)
            if name not in context.events:
                context.unknown("event declared here", node.name, context.events, _declare(name))
            return anchors.EventInstant(event=name)
        case tree.OpeningOf():
            return _opening(context, node)
        case tree.Instant():
            return figures.instant(context, node)
        case tree.DayOf():
            return anchors.DayOf(number=figures.whole(context, node.number, node), base=anchor(context, node.base))
        case tree.PointOfRule():
            return anchors.PointOfRule(point=_point(node), rule=rule_id(context, node.rule))
        case tree.TriggerInstant():
            return anchors.Trigger()
        case tree.After() | tree.Ahead() | tree.AfterFallback():
            otherwise = anchor(context, node.otherwise) if isinstance(node, tree.AfterFallback) else None
            amount, unit = figures.duration(context, node.duration)
            return anchors.Offset(
                amount=amount,
                unit=unit,
                direction="before" if isinstance(node, tree.Ahead) else "after",
                base=anchor(context, node.base),
                otherwise=otherwise,
            )
        case _:
            msg = f"no anchor: {node!r}"
            raise TypeError(msg)


def _opening(context: Context, node: tree.OpeningOf) -> Anchor:
    """The opening of a gate; like a reference to a rule it is noted, for gates may wait for one another."""
    name = str(node.name)
    if name not in context.gate_names:
        declare = f'declare it: `gate {name} "…" is 48 hours without fire.`'
        context.unknown("gate declared here", node.name, sorted(context.gate_names), declare)
    context.references.append(Reference(context.rule, f"gate/{name}", context.place(node), context.clause))
    return anchors.OpeningOf(gate=name)


def rule_id(context: Context, ref: tree.RuleRef) -> str:
    """A rule's name outside the language (`2/A`), from a reference within it; the reference is noted."""
    if ref.label is None and context.known_clause() is None:
        context.report("E201", ref, f"rule {ref.rule} of which clause?", f"write `clause 1 rule {ref.rule}`")
        return f"?/{ref.rule}"
    target = named(context, ref)
    context.references.append(Reference(context.rule, target, context.place(ref), context.clause))
    return target


def named(context: Context, ref: tree.RuleRef) -> str:
    """What a reference within the language names, as it is written outside (`2/A`)."""
    label = context.known_clause() if ref.label is None else str(ref.label.token)
    return f"{label}/{ref.rule}"


def broken(context: Context, of: tree.RuleRef | tree.ClauseRef) -> tuple[str, str | None]:
    """The clause, and perhaps the rule, whose violation is meant: noted, to be checked once every rule is known."""
    if isinstance(of, tree.ClauseRef):
        clause, rule = str(of.label.token), None
    else:
        rule = named(context, of)
        clause = rule.rsplit("/", 1)[0]
    context.breaches.append(Reference(context.rule, rule or clause, context.place(of), context.clause))
    return clause, rule


def both_countings(context: Context, anchor_: Anchor) -> str:
    """What the two ways of counting give, in words, with dates where the base is a known date."""
    found = next(a for a in anchors.walk(anchor_) if isinstance(a, anchors.DayOf | anchors.Offset))
    base = _date(context, found.base)
    if base is None or (isinstance(found, anchors.Offset) and found.unit != "days"):
        return "counting the day of the event as day 1, or the day after it"
    days = found.number if isinstance(found, anchors.DayOf) else found.amount
    back = isinstance(found, anchors.Offset) and found.direction == "before"
    try:
        first, second = (base + dt.timedelta(days=-d if back else d) for d in (days - 1, days))
    except OverflowError:
        return "counting the day of the event as day 1, or the day after it"
    if back:
        return f"inclusive, the day meant is {_say(first)}; exclusive, it is {_say(second)}"
    return f"inclusive, the last day is {_say(first)}; exclusive, it is {_say(second)}"


def check_days(context: Context, node: tree.Node, anchor_: Anchor | None) -> None:
    """E312: something outside the clauses counts days, and nobody says for the whole agreement how they are counted.

    It is one for all rules, so that it cannot have several readings.
    """
    if anchor_ is None or not counts_days(anchor_) or context.unread_assumption:
        return
    told = [a for a in context.assumptions if isinstance(a, DaysCounted) and a.clause is None]
    if any(a.counting == "either" for a in told):
        message = "this is one instant for all rules, and the agreement has days counted in two ways"
        context.report("E312", node, message, "write the instant the text means, or count hours")
    elif not told:
        context.report(
            "E312",
            node,
            f"the text does not say how days are counted: {both_countings(context, anchor_)}",
            'choose with `assuming days exclusive, because "…".` before the first clause',
        )


def _declare(name: str) -> str:
    if name in CLOCK_WORDS:
        return CLOCK_WORDS[name]
    return f'declare it: `event {name} "…" on 2015-02-15 12:00.`, or `event {name} "…" not known.`'


def _say(date: dt.date) -> str:
    return f"{date.day} {date:%B %Y}"


def _date(context: Context, base: Anchor) -> dt.date | None:
    if isinstance(base, anchors.EntryIntoForce):
        base = context.header.get("in_force", base)  # type: ignore[assignment]
    if isinstance(base, anchors.Signature):
        base = context.header.get("signed", base)  # type: ignore[assignment]
    if isinstance(base, anchors.EventInstant) and base.event in context.events:
        base = context.events[base.event].instant or base
    return base.date if isinstance(base, anchors.Instant) and base.zone is None else None


def _point(node: tree.PointOfRule) -> anchors.Point:
    match node.point.type:
        case "START":
            return "start"
        case "END":
            return "end"
        case _:
            return "deadline"
