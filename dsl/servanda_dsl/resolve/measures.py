"""Ceilings, floors and quotas, from trees to rule objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from servanda_dsl import model, tree
from servanda_dsl.resolve import figures, places, ratios
from servanda_dsl.resolve.declarations import is_category, is_object, not_fitting

if TYPE_CHECKING:
    from lark import Token

    from servanda_dsl.resolve.context import Context

PIECE, TIME = "piece", "time"
_ROLLING = {"minutes", "hours", "days", "weeks"}
_ODD = {
    "deadline": "a deadline",
    "trigger": "something that triggers it",
    "exceptions": "an exception",
    "only_if": "a condition",
    "response_to": "an act it responds to",
}
Period = tree.EachDay | tree.EachMonth | tree.InAny


@dataclass(frozen=True)
class Said:
    """What a sentence says of how much.

    Attributes:
        limits: The limits that stand after the act.
        period: In what time, where it says so.
        including: Limits of parts, where it has any.
    """

    limits: tree.Limits
    period: Period | None
    including: tree.Including | None


def measure(context: Context, said: Said, act: str, *, forbidden: bool) -> model.Measure:
    """The measure of a rule; E370 to E372 where its words do not go together."""
    nodes = cast("list[tree.Beyond | tree.Ceiling | tree.Floor]", said.limits.items)
    parts = [] if said.including is None else cast("list[tree.Inclusion]", said.including.items)
    for node in nodes:
        _fits_the_modal(context, node, forbidden=forbidden)
    limits = [_limit(context, node, act) for node in nodes]
    limits += [_limit(context, part.limit, act, part.place, part=True) for part in parts]
    for i, one in enumerate(limits):
        if any(one.name == other.name and one.bound == other.bound for other in limits[:i]):
            context.report("E202", said.limits, f"`{one.written}` is limited twice", "keep one of the two figures")
    if any(limit.each is not None for limit in limits):
        ratios.check(context, said.limits, limits, act, said.period or said.including)
        return model.Measure(period="running", limits=tuple(limits))
    period, amount, unit = _period(context, said, act)
    if any(limit.bound == "at least" for limit in limits) and period in {"instant", "any"}:
        context.report(
            "E371",
            said.limits,
            "a floor is kept on each day or in each month",
            "begin with `On each day,` or `In each month,`",
        )
    return model.Measure(period=period, amount=amount, unit=unit, limits=tuple(limits))


def without_limit(context: Context, node: tree.Node) -> None:
    """E372: a period, or limits of parts, in a rule that limits nothing."""
    context.report(
        "E372", node, "the rule says no figure that this could go with", "write how many, such as `more than 5 times`"
    )


def together(
    context: Context, limits: tree.Limits, given: Mapping[str, object], nodes: Mapping[str, tree.Node]
) -> None:
    """E372: what a limit cannot have besides; a floor for each of something has a deadline."""
    due = ratios.owed(limits)
    for key, words in _ODD.items():
        if given.get(key) and not (due and key == "deadline"):
            context.report("E372", nodes[key], f"a limit cannot have {words}", "write a rule of its own for it")


def _fits_the_modal(context: Context, node: tree.Beyond | tree.Ceiling | tree.Floor, *, forbidden: bool) -> None:
    """E370: a ban says what is too much, a duty what is enough."""
    if forbidden == isinstance(node, tree.Beyond):
        return
    if forbidden:
        words = "at most" if isinstance(node, tree.Ceiling) else "at least"
        context.report(
            "E370", node, f"`{words}` does not go with a ban", "write `more than`, or `each party shall` without `not`"
        )
        return
    context.report(
        "E370", node, "`more than` does not go with a duty", "write `at most`, `at least`, or `no party shall`"
    )


def _limit(
    context: Context,
    node: tree.Beyond | tree.Ceiling | tree.Floor,
    act: str,
    place: tree.InZone | tree.IntoZone | None = None,
    *,
    part: bool = False,
) -> model.Limit:
    unit, things, written = _counted(context, node.counted, act)
    where: tuple[model.Place, ...] = ()
    if place is not None and (found := places.place(context, place)) is not None:
        places.check_act(context, place, found, act)
        where = (found,)
        written += f" {'into' if isinstance(place, tree.IntoZone) else 'in'} {place.zone}"
    each = None if node.each is None else _each(context, node.each)
    bound: Literal["at most", "at least"] = "at least" if isinstance(node, tree.Floor) else "at most"
    return model.Limit(
        name=written.replace(" ", "-"),
        number=figures.whole(context, node.number, node),
        bound=bound,
        unit=unit,
        things=things,
        places=where,
        written=written,
        part=part,
        each=each,
    )


def _each(context: Context, node: tree.ForEach) -> model.Each:
    """What a limit is so many for each of."""
    act = ratios.act(context, node)
    unit, things, written = _counted(context, tree.Units(node.meta, node.name, node.of), act)
    where: tuple[model.Place, ...] = ()
    place = None if node.place is None else places.place(context, node.place)
    if node.place is not None and place is not None:
        places.check_act(context, node.place, place, act)
        where = (place,)
    return model.Each(
        act=act,
        by=ratios.doer(context, node.by),
        unit=unit,
        things=things,
        places=where,
        written=f"{written} {node.done}",
    )


def _counted(context: Context, node: tree.Times | tree.Units, act: str) -> tuple[str, tuple[str, ...], str]:
    """The unit, the things and the words of what is counted."""
    known = context.vocabulary.acts.get(act)
    if isinstance(node, tree.Times):
        if known is not None and known.state:
            help_ = f"write how many of what, such as `{act} more than 5 tank`"
            context.report("E371", node, f"`{act}` is a state that lasts, and is not counted in times", help_)
        return TIME, (), "times"
    word = str(node.name)
    if is_category(context, word):
        _of_the_act(context, node.name, act)
        if node.of is not None:
            context.report("E326", node, f"`{word} of {node.of}` is more than one thing", f"write `{word}` alone")
        return PIECE, (word,), word
    unit = context.vocabulary.unit(word)
    if unit is None or unit == TIME:
        units = [u for u in context.vocabulary.units if u != TIME]
        context.unknown("unit, nor a category known here", node.name, [*units, *context.weapon_names, *_stock(context)])
        return PIECE, (), word
    if node.of is None:
        return unit, (), word
    if not is_category(context, str(node.of)):
        context.unknown("category known here", node.of, [*context.weapon_names, *_stock(context)])
        return unit, (), f"{word} of {node.of}"
    _of_the_act(context, node.of, act)
    return unit, (str(node.of),), f"{word} of {node.of}"


def _stock(context: Context) -> list[str]:
    return [*context.vocabulary.categories, *context.vocabulary.objects]


def _of_the_act(context: Context, word: Token, act: str) -> None:
    known = context.vocabulary.acts.get(act)
    if known is not None and is_object(context, str(word)) != known.objects:
        not_fitting(context, word, f"`{act}` takes a category", objects=known.objects)


def _period(
    context: Context, said: Said, act: str
) -> tuple[Literal["instant", "any", "day", "month"], int | None, Literal["minutes", "hours", "days", "weeks"] | None]:
    known = context.vocabulary.acts.get(act)
    lasts = known is not None and known.state
    if said.period is None:
        if known is not None and not lasts:
            help_ = "say in what time: `in any 7 days`, `on each day`, `in each month`"
            context.report("E371", said.limits, f"`{act}` happens, and the rule does not say in what time", help_)
        return "instant", None, None
    if lasts:
        help_ = "leave the time out: what lasts is counted at an instant"
        context.report("E371", said.period, f"`{act}` is a state that lasts, and has no count in a time", help_)
    match said.period:
        case tree.EachDay():
            return "day", None, None
        case tree.EachMonth():
            return "month", None, None
        case tree.InAny():
            amount, unit = figures.duration(context, said.period.duration)
            if unit not in _ROLLING:
                help_ = "write it in days or hours; for the months of the calendar, `in each month`"
                context.report("E371", said.period, f"`{unit}` are not all of one length", help_)
                return "any", amount, "days"
            return "any", amount, cast("Literal['minutes', 'hours', 'days', 'weeks']", unit)
