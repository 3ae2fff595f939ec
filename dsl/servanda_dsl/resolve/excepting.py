"""What only some kinds of rule may say of exceptions: conditions, who has to show them, what cuts a rule back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from lark import Token

from servanda_dsl import model, tree
from servanda_dsl.anchors import Offset, Trigger
from servanda_dsl.resolve import figures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from servanda_dsl.resolve.context import Context

Kind = Literal["prohibition", "obligation", "permission"]

RECORDED = {
    "ever": "the records may come at any time",
    "before": "each record comes before the act",
    "in turn": "each record comes before the next",
    "in turn before": "each record comes before the next, and the last before the act",
}
"""When the records that a permission asks for have to be there, in words."""

When = Literal["ever", "before", "in turn", "in turn before"]

_CONDITIONS = {"only_if": "`only if …`", "quoted": "`only if …`", "response_to": "`in response to …`"}


def check(context: Context, kind: Kind, nodes: Mapping[str, tree.Node], burden: tree.Burden | None) -> bool:
    """Refuse what this kind of rule cannot say: it would be read by people and by no interpreter (E352, E353).

    Returns:
        Whether the exceptions, if it names any, are of a kind it can have.
    """
    excepted = nodes.get("exceptions")
    fits = excepted is None or _excepted(context, kind, excepted)
    if kind == "permission":
        return fits
    given = {nodes[key].start: (name, nodes[key]) for key, name in _CONDITIONS.items() if key in nodes}
    if burden is not None:
        given[burden.start] = ("a duty to show it", burden)
    for name, node in given.values():
        context.report(
            "E353",
            node,
            f"{name} belongs to a permission, and this rule is {'an' if kind == 'obligation' else 'a'} {kind}",
            "write a rule with `may` that says it, and let a prohibition say `except as rule … permits`",
        )
    return fits


def _excepted(context: Context, kind: Kind, node: tree.Node) -> bool:
    if kind == "obligation":
        message = "an obligation has no exceptions: what is tested is whether something forbidden was permitted"
        context.report("E352", node, message, "say what the duty is, and of whom, without the exception")
    elif kind == "permission" and isinstance(node, tree.ExceptAs):
        message = "a permission is cut back by what another rule forbids, not by what it permits"
        context.report("E352", node, message, "write `except as rule … forbids`, and name a rule with `shall not`")
    elif kind == "prohibition" and isinstance(node, tree.ExceptForbidden):
        message = "a prohibition is lifted by what another rule permits, not by what it forbids"
        context.report("E352", node, message, "write `except as rule … permits`, and name a rule with `may`")
    else:
        return True
    return False


def burden(context: Context, node: tree.Burden) -> model.Burden:
    """That the party relying on a permission shall show it; the time runs from the act."""
    if node.within is None:
        return model.Burden()
    amount, unit = figures.duration(context, node.within)
    within = Offset(amount=amount, unit=unit, direction="after", base=Trigger())
    return model.Burden(within=within, written=f"{node.within.number} {node.within.unit}")


def quoted(context: Context, node: tree.OnlyIf) -> tuple[str, ...]:
    """The tests that are quoted from the text; one without words asks for nothing (E354)."""
    found = []
    for item in node.items:
        if not isinstance(item, Token):
            continue
        words = tree.unquote(str(item)).strip()
        if not words:
            context.report("E354", item, "a condition without words", "quote the words of the text, or delete it")
        elif words in found:
            context.report("E354", item, "a condition that stands twice", "delete one")
        found.append(words)
    return tuple(found)


def in_turn(context: Context, node: tree.OnlyIf, records: int) -> bool:
    """Whether the records have to come one after another; E354 for one alone."""
    told = next((item for item in node.items if isinstance(item, tree.InTurn)), None)
    if told is not None and records < 2:
        context.report("E354", told, "`in turn` says in which order records come, and there is one", "delete `in turn`")
    return told is not None


def recorded(node: tree.Recorded) -> When:
    """When the records have to be there, as a reading has it."""
    if node.in_turn is None:
        return "ever" if node.before_it is None else "before"
    return "in turn" if node.before_it is None else "in turn before"


def check_readings(context: Context, made: model.Rule, nodes: Mapping[str, tree.Node]) -> None:
    """E329: readings of when records have to be there, where none is asked for or the rule says it itself."""
    if not any(r.recorded for r in made.readings):
        return
    if not made.only_if:
        message, help_ = "the readings are about records, and this rule asks for none", "delete the readings"
    elif made.only_if_before or made.only_if_in_turn:
        message, help_ = "the rule says itself when the records have to be there", "leave that to its readings"
    elif len(made.only_if) < 2 and any("in turn" in (r.recorded or "") for r in made.readings):
        message, help_ = "`in turn` says in which order records come, and there is one", "delete `in turn`"
    else:
        return
    context.report("E329", nodes["readings"], message, help_)
