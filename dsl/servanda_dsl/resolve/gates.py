"""Gates and phases, from trees to rule objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from servanda_dsl import anchors, model, tree
from servanda_dsl.resolve import figures, rules, times

if TYPE_CHECKING:
    from lark import Token

    from servanda_dsl.resolve.context import Context


def gate(context: Context, node: tree.Gate) -> None:
    """What opens once nothing of a kind has happened for so long, or when somebody certifies that."""
    name, title, duration, phrase, *parts = node.items
    written, long = cast("Token", name), cast("tree.Duration", duration)
    if _taken(context, written):
        return
    amount, unit = figures.duration(context, long)
    if unit in {"months", "years"}:
        context.report(
            "E380",
            long,
            f"`{long.number} {long.unit}` is not one length of time: months and years differ",
            "write it in weeks, days, hours or minutes",
        )
        amount, unit = 1, "days"
    limits = cast("tree.Phrase", phrase).items[-1]
    if limits is not None:
        context.report(
            "E383",
            cast("tree.Node", limits),
            "one act is enough to keep a gate shut, so it takes no number",
            "delete the number, or write a rule with `at most`",
        )
    what = rules.quiet(context, node, str(name), parts)
    _same_for_all(context, node, what)
    _starts(context, parts, what)
    context.gates[str(name)] = model.Gate(
        name=str(name),
        title=tree.unquote(str(title)),
        amount=amount,
        unit=unit,
        what=what,
        certified_by=_certified_by(context, parts),
        where=context.where(node),
    )


def _same_for_all(context: Context, node: tree.Gate, what: model.Rule) -> None:
    """It is quiet or not, whoever might act: a place that is another for each of them cannot say where."""
    for place in what.places:
        own = isinstance(place, model.OnSide) or (isinstance(place, model.NearLine) and place.own_side)
        lines = place.lines if isinstance(place, model.OnSide | model.NearLine) else ()
        if own or any(line.party is not None for line in lines):
            context.report(
                "E381",
                node,
                "a gate is one for all, and this place is another for each party",
                "write a zone, or a distance from one line",
            )


def _starts(context: Context, parts: list[object], what: model.Rule) -> None:
    """What a rule waits for is each party's own; a gate is one for all."""
    for part in parts:
        walked = anchors.walk(what.starts) if isinstance(part, tree.GateFrom) and what.starts is not None else ()
        if any(isinstance(a, anchors.PointOfRule | anchors.Trigger) for a in walked):
            context.report(
                "E382",
                cast("tree.Node", part),
                "a gate is one for all, and this instant is another for each party",
                "count from a date, an event, entry into force or the opening of another gate",
            )


def _certified_by(context: Context, parts: list[object]) -> str | None:
    bodies = [part.body for part in parts if isinstance(part, tree.Certifies)]
    for second in bodies[1:]:
        context.report("E205", second, "the gate names a second body that certifies it", "keep one")
    if bodies and str(bodies[0]) not in context.actors:
        context.unknown("party or monitor declared here", bodies[0], context.actors)
    return str(bodies[0]) if bodies else None


def phase(context: Context, node: tree.Phase) -> None:
    """A span of time with a name."""
    if _taken(context, node.name):
        return
    name, span = str(node.name), node.span
    context.rule = f"phase/{name}"
    context.phases[name] = model.Phase(
        name=name,
        title=tree.unquote(str(node.title)),
        starts=times.anchor(context, span.start_anchor),
        ends=None if span.end_anchor is None else times.anchor(context, span.end_anchor),
        where=context.where(node),
    )


def check_days(context: Context, node: tree.Gate) -> None:
    """E312: a gate counts from some days after an instant, and nobody says how days are counted."""
    found = context.gates.get(str(node.items[0]))
    times.check_days(context, node, None if found is None else found.what.starts)


def _taken(context: Context, name: Token) -> bool:
    """Whether an event, gate or phase of this name is declared already (E202)."""
    if str(name) not in {*context.events, *context.gates, *context.phases}:
        return False
    context.report("E202", name, f"`{name}` is declared twice", "give this one another name")
    return True
