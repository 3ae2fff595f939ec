"""Assumptions, each with its reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from servanda_dsl import tree
from servanda_dsl.assumptions import (
    CountsAs,
    DaysCounted,
    Edges,
    Graded,
    Lapse,
    Origins,
    Registered,
    Stated,
    Unattributed,
    Ungraded,
)
from servanda_dsl.resolve import figures, lapsing

if TYPE_CHECKING:
    from lark import Token

    from servanda_dsl.assumptions import Assumption
    from servanda_dsl.resolve.context import Context


def assume(context: Context, node: tree.Assume) -> None:
    """One assumption; beneath a clause it holds for that clause, before the first for the whole agreement."""
    made = _assumption(context, node)
    if made is None:
        return
    beside = [other for other in context.assumptions if other.clause == made.clause]
    if made.kind in {"days", "lapse", "edges", "graded", "origins"} and any(
        other.kind == made.kind for other in beside
    ):
        context.report("E202", node, "this is assumed twice in one place", "keep one of them")
    standards = {a.standard for a in beside if isinstance(a, Ungraded | Graded | Origins)}
    if isinstance(made, Ungraded | Graded | Origins) and standards and made.standard not in standards:
        named = " and ".join(f"`{s.replace('-', ' ')}`" for s in sorted({*standards, made.standard}))
        advice = "keep one; a clause may have another, beneath its own heading"
        context.report("E202", node, f"two standards of proof hold in one place, {named}", advice)
    context.assumptions.append(made)


def _assumption(context: Context, node: tree.Assume) -> Assumption | None:
    number = 1 + sum(a.kind != "approximation" for a in context.assumptions)
    common = {
        "id": f"A{number}",
        "because": node.because.value,
        "clause": context.known_clause(),
        "where": context.where(node),
    }
    match node.what:
        case tree.DaysEither():
            return DaysCounted(**common, counting="either")
        case tree.LapseEither():
            lapsing.by(context, node.what)
            return Lapse(**common, by="either")
        case tree.DaysCounted() as days:
            return DaysCounted(**common, counting=figures.counting(days.how))
        case tree.LapseByViolation() | tree.LapseByDetermination():
            return Lapse(**common, by=lapsing.by(context, node.what))
        case tree.Edges() as edges:
            return Edges(**common, edge="inside" if edges.where.type == "INSIDE" else "outside")
        case tree.Ungraded() as ungraded:
            standard = _standard(context, ungraded.standard)
            sources = tuple(str(s) for s in ungraded.sources.items)
            return None if standard is None else Ungraded(**common, sources=sources, standard=standard)
        case tree.Graded() as graded:
            grade, standard = _grade(context, graded.grade), _standard(context, graded.standard)
            return Graded(**common, grade=grade, standard=standard) if grade and standard else None
        case tree.Origins() as origins:
            least, standard = figures.whole(context, origins.least, origins), _standard(context, origins.standard)
            return None if standard is None else Origins(**common, standard=standard, least=least)
        case tree.Registered() as registered:
            (amount, unit), acts = figures.duration(context, registered.lag), _acts(context, registered.acts)
            keeper = str(registered.keeper)
            return Registered(**common, keeper=keeper, acts=acts, amount=amount, unit=unit) if acts else None
        case tree.CountsAs() as counts:
            effects = _acts(context, counts.effects)
            known = act_name(context, counts.act)
            return CountsAs(**common, effects=effects, act=str(counts.act)) if known and effects else None
        case tree.Unattributed() as unattributed:
            acts = _acts(context, unattributed.acts)
            if str(unattributed.zone) not in context.zones:
                context.unknown("zone declared here", unattributed.zone, context.zones)
                return None
            return Unattributed(**common, acts=acts, zone=str(unattributed.zone))
        case stated:
            return Stated(**common, text=stated.text.value)


def act_name(context: Context, word: Token) -> bool:
    """Whether a word is an act of the vocabulary; E201 where it is not."""
    if str(word) in context.vocabulary.acts:
        return True
    context.unknown("act of the vocabulary", word, context.vocabulary.acts)
    return False


def _acts(context: Context, node: tree.Alternatives) -> tuple[str, ...]:
    return tuple(str(t) for t in cast("list[Token]", node.items) if act_name(context, t))


def _grade(context: Context, word: Token) -> str | None:
    grade = str(word).upper()
    if re.fullmatch("[A-E][1-5]", grade):
        return grade
    context.report(
        "E302",
        word,
        f"`{word}` is no least grade",
        "write a letter from A to E and a figure from 1 to 5; F and 6 say that nothing can be judged",
    )
    return None


def _standard(context: Context, words: tree.Words) -> str | None:
    tokens: list[Token] = []
    parts: list[str] = []
    for word in words.items:
        if isinstance(word, tree.Joined | tree.JoinedOf):
            tokens += cast("tuple[Token, ...]", word.items)
            parts += ["and" if isinstance(word, tree.Joined) else "of", *map(str, word.items)]
        elif word is not None:
            tokens.append(cast("Token", word))
            parts.append(str(word))
    name = "-".join(parts)
    if name in context.vocabulary.standards:
        return name
    suggestions = [s.replace("-", " ") for s in context.vocabulary.standards]
    context.report(
        "E201",
        context.source.place(tokens[0].start_pos or 0, tokens[-1].end_pos),
        f"`{name.replace('-', ' ')}` is no standard of proof of the vocabulary",
        "known: " + ", ".join(suggestions),
    )
    return None
