"""Limits that are so many for each of something else: what they may be, and what they need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from servanda_dsl import anchors, model, tree

if TYPE_CHECKING:
    from servanda_dsl.resolve.context import Context


def act(context: Context, node: tree.ForEach) -> str:
    """The act of which so many done are counted, by its participle."""
    word, participles = str(node.done), context.vocabulary.participles
    if word not in participles:
        context.unknown("participle of an act that is counted", node.done, participles)
    return participles.get(word, word)


def doer(context: Context, node: tree.Doer) -> str | None:
    """Whose act is counted; None for the bearer's own."""
    if node.word.type != "NAME":
        return None
    if str(node.word) not in context.actors:
        declare = f'declare it: `party {node.word} "…".`'
        context.unknown("party or monitor declared here", node.word, context.actors, declare)
    return str(node.word)


def owed(limits: tree.Limits) -> bool:
    """Whether a limit is a floor for each of something, so that each time it is done so many fall due."""
    return any(isinstance(item, tree.Floor) and item.each is not None for item in limits.items)


def check(
    context: Context, node: tree.Limits, limits: Sequence[model.Limit], act: str, period: tree.Node | None
) -> None:
    """E373: what stands in one rule is counted in one way. E374: from when it begins to bind, and in no other time."""
    mixed = any(limit.each is None for limit in limits if not limit.part)
    if mixed or len({limit.bound for limit in limits if not limit.part}) > 1:
        what = "a limit for each of something stands beside one that is none" if mixed else "a floor beside a ceiling"
        context.report("E373", node, f"{what}: they are not counted alike", "write a rule of its own for each")
    if period is not None:
        message = "so many for each of something are counted from when the rule begins to bind, all together"
        context.report("E374", period, message, "leave this out, or give a figure that is fixed")
    known = context.vocabulary.acts.get(act)
    if known is not None and known.state:
        help_ = "name what happens, such as `bring-in more than 1 tank for each tank taken-out by that party`"
        context.report("E374", node, f"`{act}` is a state that lasts, and has no count since a time", help_)


def check_rule(context: Context, made: model.Rule, nodes: Mapping[str, tree.Node], limits: tree.Limits) -> None:
    """E375: a floor for each of something says within what time. E376: nothing is owed for its own sake."""
    if made.measure is None or made.measure.period != "running" or made.bearer is None:
        return
    due = made.deadline.anchor if made.deadline is not None else None
    counts = due is not None and any(isinstance(part, anchors.Trigger) for part in anchors.walk(due))
    if made.measure.owed and not counts:
        where = nodes["deadline"] if due is not None else limits
        message = "the rule does not say within what time after each so many are due"
        context.report("E375", where, message, "add the time, such as `, within 24 hours after it`")
    for limit in made.measure.limits:
        own = limit.each is not None and (limit.each.by is None or limit.each.by in made.bearer.parties)
        if own and limit.each is not None and limit.each.act == made.act:
            message = f"this counts what one does against what the same one does (`{made.act}`)"
            context.report("E376", limits, message, "name another act, or another party")
            return
