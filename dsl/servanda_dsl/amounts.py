"""How much a rule allows or asks for, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from servanda_dsl.model import Agreement, Each, Limit, Measure, Rule

Say = Callable[[str], str]
"""Says a category as a figure goes before it."""


def modal(measure: Measure, limits: Sequence[Limit] = ()) -> str:
    """Whether one must do so much, or must not do more; under some of its limits, or under all."""
    return "must not" if _ceiling(limits or measure.limits) else "must"


def _ceiling(limits: Sequence[Limit]) -> bool:
    """Whether limits only say what is too much."""
    return all(limit.bound == "at most" for limit in limits)


def counted(agreement: Agreement, limit: Limit | Each, say: Say | None = None) -> str:
    """What a limit counts: `tanks`, `trucks of fuel into the north`, `times`."""
    names = " or ".join(say(name) if say else _thing(agreement, name) for name in limit.things)
    words = names if limit.unit == "piece" else limit.written.split(maxsplit=1)[0]
    if names and limit.unit != "piece":
        words += f" of {names}"
    for place in limit.places:
        if place.kind == "zone":
            words += f" {place.relation} {agreement.zone(place.zone).title}"
    return words


def done(agreement: Agreement, act: str) -> str:
    """The participle of an act, with a blank before it: ` taken out`; empty where it has none."""
    known = agreement.vocabulary.acts.get(act)
    return f" {known.done.replace('-', ' ')}" if known is not None and known.done else ""


def for_each(agreement: Agreement, each: Each, say: Say | None = None) -> str:
    """What a limit is so many for each of: ` for each of tanks taken out by that party`."""
    who = "that party" if each.by is None else agreement.title_of(each.by)
    return f" for each of the {what_done(agreement, each, say)} by {who}"


def what_done(agreement: Agreement, each: Each, say: Say | None = None) -> str:
    """What is counted of another act: `tanks taken out in the area`."""
    plural = each.written if each.unit == "piece" else each.written.replace(each.unit + " ", each.unit + "s ", 1)
    what = counted(agreement, each.model_copy(update={"places": (), "written": plural}), say)
    where = "".join(
        f" {place.relation} {agreement.zone(place.zone).title}" for place in each.places if place.kind == "zone"
    )
    return f"{what}{done(agreement, each.act)}{where}"


def period(measure: Measure) -> str:
    """In what time: `at any one time`, `in any 7 days`, `on each day`, `in each month`."""
    if measure.period == "running":
        return "counted from when this began to bind"
    if measure.period == "any":
        unit = measure.unit or ""
        return f"in any {measure.amount} {unit.removesuffix('s') if measure.amount == 1 else unit}"
    return {"instant": "at any one time", "day": "on each day", "month": "in each month"}[measure.period]


def read_measure(agreement: Agreement, measure: Measure, limits: Sequence[Limit] = (), say: Say | None = None) -> str:
    """What a measure limits, or some of its limits, and in what time, to stand after its modal.

    `more than 75 tanks at any one time`, after `must not`; `at least 600 trucks on each day`, after `must`.
    """
    chosen = limits or measure.limits
    word = "or" if _ceiling(chosen) else "and"
    wholes = [_bounded(agreement, limit, say, beyond=word == "or") for limit in chosen if not limit.part]
    parts = [_bounded(agreement, limit, say, beyond=word == "or") for limit in chosen if limit.part]
    said = _listed(wholes or parts, word)
    among = "or, among these," if word == "or" else "including"
    comma = "," if measure.period == "running" else ""
    return f"{said}{f', {among} {_listed(parts, word)},' if wholes and parts else ''}{comma} {period(measure)}"


def about(agreement: Agreement, rule: Rule, limits: Sequence[Limit]) -> str:
    """The duty under some limits of a rule: `must not keep more than 75 tanks at any one time`."""
    act = (rule.act or "").replace("-", " ")
    if rule.things:
        act += f" of {' or '.join(agreement.thing_title(t) for t in rule.things)}"
    if rule.measure is None:
        return act
    return f"{modal(rule.measure, limits)} {act} {read_measure(agreement, rule.measure, limits)}"


def _bounded(agreement: Agreement, limit: Limit, say: Say | None, *, beyond: bool) -> str:
    each = "" if limit.each is None else for_each(agreement, limit.each, say)
    return f"{'more than' if beyond else limit.bound} {limit.number:,} {counted(agreement, limit, say)}{each}"


def _listed(said: list[str], word: str) -> str:
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} {word} {said[-1]}"


def _thing(agreement: Agreement, name: str) -> str:
    """A category as a figure goes before it."""
    defined = agreement.weapon(name)
    return defined.title if defined else agreement.vocabulary.thing(name)
