"""Gates and phases, from trees to rule objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from servanda_dsl import model, tree
from servanda_dsl.resolve import figures, rules, times

if TYPE_CHECKING:
    from lark import Token

    from servanda_dsl.resolve.context import Context


def gate(context: Context, node: tree.Gate) -> None:
    """What opens once nothing of a kind has happened for so long."""
    name, title, duration = cast("tuple[Token, Token, tree.Duration]", tuple(node.items[:3]))
    if _taken(context, name):
        return
    amount, unit = figures.duration(context, duration)
    if unit in {"months", "years"}:
        context.report(
            "E360",
            duration,
            "how long it has to stay quiet is given in months or years, which are not all of one length",
            "write it in days, weeks, hours or minutes",
        )
        amount, unit = 1, "days"
    context.gates[str(name)] = model.Gate(
        name=str(name),
        title=tree.unquote(str(title)),
        amount=amount,
        unit=unit,
        what=rules.quiet(context, node, str(name)),
        certified_by=_certified_by(context, node),
        where=context.where(node),
    )


def _certified_by(context: Context, node: tree.Gate) -> str | None:
    bodies = [part.body for part in node.items if isinstance(part, tree.Certifies)]
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


def _taken(context: Context, name: Token) -> bool:
    """Whether an event, gate or phase of this name is declared already (E202)."""
    if str(name) not in {*context.events, *context.gates, *context.phases}:
        return False
    context.report("E202", name, f"`{name}` is declared twice", "give this one another name")
    return True
