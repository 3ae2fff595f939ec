"""Rules that hold while obligations are met: what ends them can be violated, by another, and the text says how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from servanda_dsl import model, tree
from servanda_dsl.anchors import Unmet
from servanda_dsl.assumptions import Lapse
from servanda_dsl.resolve import powers, times
from servanda_dsl.resolve.context import Reference

if TYPE_CHECKING:
    from servanda_dsl.resolve.context import Context

By = Literal["violation", "determination"]

_WAYS = (
    "`lapse by violation` (by itself, with the first breach) or `lapse by determination` (once a body has found one)"
)


def by(context: Context, node: tree.LapseByViolation | tree.LapseByDetermination | tree.LapseEither) -> By:
    """How something lapses; E366 where it takes a determination and nobody may make one."""
    if isinstance(node, tree.LapseByViolation):
        return "violation"
    powers.check_determined(context, node, "nothing would ever lapse")
    return "determination"


def unmet(context: Context, node: tree.WhileMet) -> Unmet:
    """What has to be met while a rule binds; the reference is noted, to be checked once every rule is known."""
    clause, rule = times.broken(context, node.of)
    return Unmet(clause=clause, rule=rule)


def check_rule(context: Context, made: model.Rule, nodes: Mapping[str, tree.Node]) -> None:
    """E367: only what is forbidden or permitted lapses, and the text or the encoder says how."""
    if not isinstance(made.ends, Unmet):
        return
    if made.kind not in {"prohibition", "permission"}:
        context.report(
            "E367",
            nodes["ends"],
            f"{'an' if made.kind == 'obligation' else 'a'} {made.kind} does not lapse with the obligations of others",
            "write what is forbidden, or permitted, while they are met; a duty says by when it has to be done",
        )
        return
    assumed = [a for a in context.assumptions if a.kind == "lapse" and a.clause in {None, made.clause}]
    if not assumed and not made.reads_lapse and not context.unread_assumption:
        context.report(
            "E367",
            nodes["ends"],
            "the text does not say how this lapses once they are not met",
            f'choose {_WAYS}: `assuming lapse by violation, because "…".`, or give both readings',
        )


def by_determination(context: Context, rule: model.Rule) -> bool:
    """Whether a rule lapses only when a violation is determined, under each of its readings."""
    assumed = [a.by for a in context.assumptions if isinstance(a, Lapse) and a.clause in {None, rule.clause}]
    read = {r.lapse for r in rule.readings if r.lapse}
    return read == {"determination"} if read else assumed[-1:] == ["determination"]


def by_another(context: Context, reference: Reference, rule: model.Rule, found: Iterable[model.Rule]) -> None:
    """E368: nobody is freed by what he breaks himself, so somebody else has to bear what may be broken."""
    bound = {p for r in found if r.bearer for p in r.bearer.parties}
    own = set(rule.bearer.parties) if rule.bearer else set()
    if bound and len(own) == 1 and bound == own:
        (party,) = own
        context.report(
            "E368",
            reference.place,
            f"only {party} can violate {reference.target}, and nobody is freed by his own violation",
            "name obligations of another",
        )
