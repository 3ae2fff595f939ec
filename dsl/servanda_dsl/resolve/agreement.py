"""A whole text, from its statements to one agreement; then what can only be checked once all of it is known."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from servanda_dsl import model, tree
from servanda_dsl.diagnostics import Diagnostic, Severity
from servanda_dsl.resolve import assume, breaches, declarations, gates, joining, references, rules
from servanda_dsl.resolve.context import Context

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
    for sentence, made in zip(parsed.sentences, parsed.trees, strict=True):
        if made is None:
            _broken(context, sentence)
        elif isinstance(made, tree.Assume | tree.Clause | tree.Rule):
            _statement(context, made)
    context.clause = None
    for statement in parsed.statements:
        if isinstance(statement, tree.Gate):
            gates.check_days(context, statement)
        if isinstance(statement, tree.Party):
            joining.bound_by(context, statement)
    if "name" not in context.header:
        _headless(context, parsed)
        return None, context.diagnostics
    if not context.clauses and not parsed.diagnostics and not context.diagnostics:
        context.report("E207", parsed.source.place(0), "the agreement has no clause", 'add `clause 1 "Heading".`')
    references.check(context)
    breaches.check(context)
    errors = [d for d in (*parsed.diagnostics, *context.diagnostics) if d.severity is Severity.ERROR]
    return (None if errors else _make(context)), context.diagnostics


def _headless(context: Context, parsed: Parsed) -> None:
    if any(s.opener == "_AGREEMENT" for s in parsed.sentences) or (parsed.diagnostics and not parsed.statements):
        return
    start = parsed.source.place(0)
    if parsed.source.literate and not parsed.source.blocks:
        context.report("E208", start, "the page holds no block of terms", "put the terms between ```terms and ```")
    else:
        context.report(
            "E206", start, "the text has no header", 'begin with `agreement name "Title" … time zone Europe/Kyiv.`'
        )


_ORDER = (
    (tree.Agreement, tree.Use, tree.Gazetteer),
    (tree.Party, tree.Event, tree.EventNotKnown),
    (tree.Line, tree.Zone),
    (tree.Weapon, tree.Object),
    (tree.Gate,),
    (tree.Phase,),
)
"""What is resolved before assumptions, clauses and rules, whatever its order in the text."""

_DECLARING = {
    *("PARTY", "MONITOR", "NON_PARTY", "BODY", "_EVENT", "_LINE", "_ZONE", "_WEAPON", "_OBJECT", "_GATE", "_PHASE"),
}


def _names_of_broken_sentences(context: Context, parsed: Parsed) -> None:
    """One mistake gives one message: what an unreadable sentence declares is not unknown as well."""
    for sentence, statement in zip(parsed.sentences, parsed.trees, strict=True):
        if statement is None and sentence.opener in _DECLARING and len(sentence.tokens) > 1:
            context.broken.add(str(sentence.tokens[1]))
        if statement is None and sentence.opener == "_ASSUMING":
            context.unread_assumption = True
        if isinstance(statement, tree.Weapon | tree.Object):
            context.weapon_names.append(str(statement.items[0]))
        if isinstance(statement, tree.Gate):
            context.gate_names.add(str(statement.items[0]))


def _broken(context: Context, sentence: Sentence) -> None:
    if len(sentence.tokens) < 2:
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
        case tree.Event() | tree.EventNotKnown():
            declarations.event(context, statement)
        case tree.Line():
            declarations.line(context, statement)
        case tree.Zone():
            declarations.zone(context, statement)
        case tree.Weapon():
            declarations.weapon(context, statement)
        case tree.Object():
            declarations.object_(context, statement)
        case tree.Gate():
            gates.gate(context, statement)
        case tree.Phase():
            gates.phase(context, statement)
        case tree.Assume():
            assume.assume(context, statement)
        case tree.Clause():
            rules.clause(context, statement)
        case tree.Rule():
            rules.rule(context, statement)


def _make(context: Context) -> model.Agreement:
    header = dict(context.header)
    digest = hashlib.sha256(context.source.text.encode())
    header["vocabulary_name"] = header.pop("vocabulary", context.vocabulary.name)
    made = model.Agreement(
        **header,
        gazetteer=context.gazetteer,
        actors=tuple(context.actors.values()),
        events=tuple(context.events.values()),
        gates=tuple(context.gates.values()),
        phases=tuple(context.phases.values()),
        lines=tuple(context.lines.values()),
        zones=tuple(context.zones.values()),
        weapons=tuple(context.weapons.values()),
        assumptions=tuple(context.assumptions),
        clauses=tuple(context.clauses),
        digest="",
        folder=context.folder,
    )
    for name in made.files:
        digest.update(name.encode() + b"\0" + (context.folder / name).read_bytes())
    return made.model_copy(update={"digest": digest.hexdigest()})
