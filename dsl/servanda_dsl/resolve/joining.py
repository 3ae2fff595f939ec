"""Parties that are bound only from an act of their own on: which act, and by when it has to be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servanda_dsl import anchors, model, tree
from servanda_dsl.resolve import times

if TYPE_CHECKING:
    from servanda_dsl.resolve.context import Context
    from servanda_dsl.vocabulary import Act

_OF_RECORDS = {"watch", "group", "tally"}
"""Records that tell of looking, or of other records, and by which nobody takes anything upon himself."""


def bound_by(context: Context, node: tree.Party) -> None:
    """The act by which a party is bound; once everything that its time limit may name is declared.

    E390 where it is no party; E391 where no party can be bound by such an act; E392 where the time limit is not one
    instant that the text itself fixes.
    """
    given, found = node.bound_by, context.actors.get(str(node.name))
    if given is None or found is None:
        return
    if found.kind != "party":
        outside = found.kind == "non-party"
        how = "stays outside for good" if outside else "is bound by no act of its own, as a party may be"
        context.report(
            "E390",
            given,
            f"a {found.kind} {how}",
            f"if it can come to be bound, it is a party: `party {node.name} {node.title} bound by {given.act}.`",
        )
        return
    name = context.vocabulary.meant(str(given.act))
    act = context.vocabulary.acts.get(name)
    if act is None:
        context.unknown("act of the vocabulary", given.act, context.vocabulary.acts)
        return
    why = _cannot(act)
    if why:
        context.report("E391", given.act, f"no party is bound by `{name}`: {why}", "such as `accept` or `approve`")
    due = _limit(context, given, str(node.name))
    made = model.Rule(
        id=f"party/{node.name}",
        clause="",
        letter=str(node.name),
        kind="obligation",
        bearer=model.Bearer(written=found.name, parties=(found.name,)),
        act=name,
        deadline=due,
        text=" ".join(context.source.text[given.start : given.end].split()),
        where=context.where(given),
    )
    context.actors[found.name] = found.model_copy(update={"bound_by": made})


def _cannot(act: Act) -> str:
    """Why a party is not bound by doing this; empty where it can be."""
    if act.kind == "effect":
        return "it is an effect, something seen or heard of an act, and nobody does it"
    if act.power:
        return "it is for bodies that the agreement empowers to do it"
    if act.state:
        return "it is a state that lasts, and gives no instant from which on one is bound"
    if act.name in _OF_RECORDS:
        return "it tells of what was seen or of other records"
    return ""


def _limit(context: Context, given: tree.BoundBy, party: str) -> model.Deadline | None:
    if given.limit is None:
        return None
    context.rule = f"party/{party}"
    if isinstance(given.limit, tree.Within):
        word, due = "within", times.anchor(context, given.limit.offset)
    else:
        word = "before" if isinstance(given.limit, tree.Before) else "no later than"
        due = times.anchor(context, given.limit.anchor)
    if any(isinstance(a, anchors.PointOfRule | anchors.Trigger | anchors.OpeningOf) for a in anchors.walk(due)):
        context.report(
            "E392",
            given.limit,
            "who is bound is asked before any rule is, so a rule or a gate cannot say by when",
            "count from a date, an event, signature or entry into force",
        )
        return None
    times.check_days(context, given.limit, due)
    return model.Deadline.model_validate({"word": word, "anchor": due})
