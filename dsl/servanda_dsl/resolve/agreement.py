"""A whole text, from its statements to one agreement; then what can only be checked once all of it is known."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from servanda_dsl import anchors, model, tree
from servanda_dsl.diagnostics import Diagnostic, Place, Severity
from servanda_dsl.resolve import assume, declarations, rules
from servanda_dsl.resolve.context import Context
from servanda_dsl.suggest import did_you_mean, nearest

if TYPE_CHECKING:
    from servanda_dsl.parser import Parsed
    from servanda_dsl.sentences import Sentence


def resolve(parsed: Parsed, folder: Path) -> tuple[model.Agreement | None, list[Diagnostic]]:
    """Make an agreement from a parsed text.

    Args:
        parsed: The text.
        folder: The folder against which the files it names are found.

    Returns:
        The agreement, or None where an error keeps it from being used, and every diagnostic of this stage.
    """
    context = Context(parsed.source, folder)
    _names_of_broken_sentences(context, parsed)
    for order in _ORDER:
        for statement in parsed.statements:
            if isinstance(statement, order):
                _statement(context, statement)
    for sentence, statement in zip(parsed.sentences, parsed.trees, strict=True):
        if statement is None:
            _broken(context, sentence)
        elif isinstance(statement, tree.Assume | tree.Clause | tree.Rule):
            _statement(context, statement)
    context.clause = None
    if "name" not in context.header:
        if not any(s.opener == "_AGREEMENT" for s in parsed.sentences):
            context.report(
                "E206",
                parsed.source.place(0),
                "the text has no header",
                'begin with `agreement name "Title" … time zone Europe/Kyiv.`',
            )
        return None, context.diagnostics
    if not context.clauses and not parsed.diagnostics:
        context.report("E207", parsed.source.place(0), "the agreement has no clause", 'add `clause 1 "Heading".`')
    _check_references(context)
    errors = [d for d in (*parsed.diagnostics, *context.diagnostics) if d.severity is Severity.ERROR]
    return (None if errors else _make(context)), context.diagnostics


_ORDER = (
    (tree.Agreement, tree.Use, tree.Gazetteer),
    (tree.Party,),
    (tree.Line, tree.Zone),
    (tree.Weapon,),
)
"""What is resolved before assumptions, clauses and rules, whatever its order in the text."""

_DECLARING = {"PARTY", "MONITOR", "NON_PARTY", "_LINE", "_ZONE", "_WEAPON"}


def _names_of_broken_sentences(context: Context, parsed: Parsed) -> None:
    """One mistake gives one message: what an unreadable sentence declares is not unknown as well."""
    for sentence, statement in zip(parsed.sentences, parsed.trees, strict=True):
        if statement is None and sentence.opener in _DECLARING and len(sentence.tokens) > 1:
            context.broken.add(str(sentence.tokens[1]))
        if isinstance(statement, tree.Weapon):
            context.weapon_names.add(str(statement.items[0]))


def _broken(context: Context, sentence: Sentence) -> None:
    if len(sentence.tokens) < 2:  # noqa: PLR2004 - a word that begins a sentence, and the name after it
        return
    word = str(sentence.tokens[1])
    if sentence.opener == "_CLAUSE":
        rules.unreadable_clause(context, sentence.tokens[0], word)
    elif sentence.opener == "_RULE" and context.clauses:
        context.broken.add(f"{context.clauses[-1].label}/{word}")


def _statement(context: Context, statement: tree.Statement) -> None:
    match statement:
        case tree.Agreement():
            declarations.header(context, statement)
        case tree.Use():
            declarations.use(context, statement)
        case tree.Gazetteer():
            declarations.gazetteer(context, statement)
        case tree.Party():
            declarations.actor(context, statement)
        case tree.Line():
            declarations.line(context, statement)
        case tree.Zone():
            declarations.zone(context, statement)
        case tree.Weapon():
            declarations.weapon(context, statement)
        case tree.Assume():
            assume.assume(context, statement)
        case tree.Clause():
            rules.clause(context, statement)
        case tree.Rule():
            rules.rule(context, statement)


def _check_references(context: Context) -> None:
    known = {r.id: r for c in context.clauses for r in c.rules}
    for rule in known.values():
        for target in (*_rule_anchors(rule), *rule.exceptions):
            if target in context.broken:
                continue
            if target not in known:
                suggestions = nearest(target, known)
                context.report(
                    "E201",
                    _at(context, rule),
                    f"rule {rule.id} refers to rule {target}, and there is none",
                    did_you_mean(suggestions),
                    suggestions=suggestions,
                )
        for target in rule.exceptions:
            if target == rule.id:
                context.report("E332", _at(context, rule), f"rule {rule.id} excepts itself")
            elif target in known and known[target].kind != "permission":
                context.report(
                    "E331", _at(context, rule), f"rule {target} permits nothing", "an exception refers to a rule with `may`"
                )
        _check_points(context, rule, known)
    for cycle in _cycles(known):
        context.report(
            "E333",
            _at(context, known[cycle[0]]),
            "these rules wait for one another: " + " → ".join((*cycle, cycle[0])),
            "let one of them hang on an instant",
        )


def _check_points(context: Context, rule: model.Rule, known: dict[str, model.Rule]) -> None:
    for anchor in _all_anchors(rule):
        if not isinstance(anchor, anchors.PointOfRule) or anchor.rule not in known:
            continue
        target = known[anchor.rule]
        if anchor.point == "deadline" and target.deadline is None:
            context.report("E314", _at(context, rule), f"rule {target.id} has no deadline", "name the start or end instead")
        if anchor.point in {"start", "end"} and target.kind != "obligation":
            context.report(
                "E315", _at(context, rule), f"rule {target.id} is a {target.kind}: nothing starts or ends it that could be seen"
            )


def _all_anchors(rule: model.Rule) -> list[anchors.Anchor]:
    given = [rule.starts, rule.ends, rule.deadline.anchor if rule.deadline else None]
    return [a for anchor in given if anchor is not None for a in anchors.walk(anchor)]


def _rule_anchors(rule: model.Rule) -> tuple[str, ...]:
    return tuple(a.rule for a in _all_anchors(rule) if isinstance(a, anchors.PointOfRule))


def _cycles(known: dict[str, model.Rule]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    done: set[str] = set()

    def visit(rule_id: str, path: tuple[str, ...]) -> None:
        if rule_id in path:
            found.append(path[path.index(rule_id) :])
        elif rule_id in known and rule_id not in done:
            for target in (*_rule_anchors(known[rule_id]), *known[rule_id].exceptions):
                if target != rule_id or target in _rule_anchors(known[rule_id]):
                    visit(target, (*path, rule_id))
            done.add(rule_id)

    for rule_id in known:
        visit(rule_id, ())
    return found


def _at(context: Context, rule: model.Rule) -> Place:
    start = context.source.offset(rule.where.line, rule.where.column)
    return context.source.place(start, start + len("rule ") + len(rule.letter))


def _make(context: Context) -> model.Agreement:
    header = dict(context.header)
    digest = hashlib.sha256(context.source.text.encode())
    names = [x.file for x in (*context.lines.values(), *context.zones.values())]
    for name in sorted({*names, *([context.gazetteer] if context.gazetteer else [])}):
        digest.update(name.encode() + b"\0" + (context.folder / name).read_bytes())
    header["vocabulary_name"] = header.pop("vocabulary", context.vocabulary.name)
    return model.Agreement(
        **header,
        gazetteer=context.gazetteer,
        actors=tuple(context.actors.values()),
        lines=tuple(context.lines.values()),
        zones=tuple(context.zones.values()),
        weapons=tuple(context.weapons.values()),
        assumptions=tuple(context.assumptions),
        clauses=tuple(context.clauses),
        digest=digest.hexdigest(),
        folder=context.folder,
    )
