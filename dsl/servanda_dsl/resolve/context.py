"""What the resolver knows while it goes through a text, and where it puts what it finds wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from lark import Token

from servanda_dsl import model, tree
from servanda_dsl.assumptions import Assumption, Where
from servanda_dsl.diagnostics import Diagnostic, Place, Severity
from servanda_dsl.source import Source
from servanda_dsl.suggest import did_you_mean, nearest
from servanda_dsl.vocabulary import Vocabulary, vocabulary


@dataclass(frozen=True)
class Reference:
    """Where one rule names another: both as written outside the language, the place, and the clause it stands in."""

    rule: str
    target: str
    place: Place
    clause: tree.Clause | None
    copied: bool = False
    """Whether it is another's, a phase's, and has been checked there."""


@dataclass
class Context:
    """The names declared so far and the diagnostics found so far."""

    source: Source
    folder: Path
    diagnostics: list[Diagnostic] = field(default_factory=list)
    header: dict[str, object] = field(default_factory=dict)
    vocabulary: Vocabulary = field(default_factory=lambda: vocabulary("ceasefire"))
    gazetteer: str | None = None
    actors: dict[str, model.Actor] = field(default_factory=dict)
    events: dict[str, model.Event] = field(default_factory=dict)
    gates: dict[str, model.Gate] = field(default_factory=dict)
    phases: dict[str, model.Phase] = field(default_factory=dict)
    gate_names: set[str] = field(default_factory=set)
    """Every gate that some sentence declares, resolved or not."""
    lines: dict[str, model.Line] = field(default_factory=dict)
    zones: dict[str, model.Zone] = field(default_factory=dict)
    weapons: dict[str, model.Weapon] = field(default_factory=dict)
    assumptions: list[Assumption] = field(default_factory=list)
    clauses: list[model.Clause] = field(default_factory=list)
    clause: tree.Clause | None = None
    rule: str = ""
    """The rule the resolver is in, as written outside the language."""
    broken: set[str] = field(default_factory=set)
    """Names that a sentence declares which could not be read: not known, and not to be called unknown."""
    unread_assumption: bool = False
    """Whether some assumption could not be read, so that none can be said to be missing."""
    weapon_names: list[str] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    breaches: list[Reference] = field(default_factory=list)
    """Where a violation of another rule, or of a clause (then the target is its label), triggers a rule or ends it."""

    def place(self, node: tree.Node | Token) -> Place:
        """The place of a node or word."""
        if isinstance(node, Token):
            return self.source.place(node.start_pos or 0, node.end_pos)
        return self.source.place(node.start, node.end)

    def where(self, node: tree.Node | Token) -> Where:
        """The place of a node or word, as rule objects keep it."""
        place = self.place(node)
        return Where(file=place.file, line=place.line, column=place.column)

    def report(
        self,
        code: str,
        node: tree.Node | Token | Place,
        message: str,
        help_: str = "",
        *,
        suggestions: tuple[str, ...] = (),
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note a diagnostic at a node or word."""
        place = node if isinstance(node, Place) else self.place(node)
        heading = ""
        if self.clause is not None:
            heading = f"{self.clause.label.token} {tree.unquote(str(self.clause.heading))}"
        self.diagnostics.append(
            Diagnostic(code, severity, place, message, help_ or did_you_mean(suggestions), suggestions, heading)
        )

    def told(self, code: str) -> bool:
        """Whether a diagnostic of this code has been noted, for those that hold for a whole text."""
        return any(d.code == code for d in self.diagnostics)

    def unknown(self, kind: str, word: Token, legal: Iterable[str], declare: str = "") -> None:
        """E201: a name that nothing declares.

        Args:
            kind: What the name should be, such as `zone declared here`.
            word: The name.
            legal: The names that could stand here; the most likely first, for those are listed.
            declare: What to do where no legal name is near.
        """
        name = tree.unquote(str(word)) if word.type == "STRING" else str(word)
        if name in self.broken:
            return
        known = list(dict.fromkeys(legal))
        suggestions = nearest(name, known)
        listed = ", ".join(f"`{k}`" for k in known[:8]) + (", …" if len(known) > 8 else "")
        fallback = declare or (f"known here: {listed}" if known else f"there is no {kind}")
        help_ = self._elsewhere(name) or did_you_mean(suggestions) or fallback
        self.report("E201", word, f"`{name}` is no {kind}", help_, suggestions=suggestions)

    def _elsewhere(self, name: str) -> str:
        """What a name is, and how it is written, where it is declared as something that cannot stand here."""
        if name in self.zones:
            return f"it is a zone; what happens there is written `in {name}`"
        if name in self.events:
            return f"it is an event; what counts from it is written `from {name}` or `within 3 days after {name}`"
        if name in self.gate_names:
            return f"it is a gate; what counts from it is written `from the opening of {name}`"
        if name in self.phases:
            return f"it is a phase; what binds in it is written `during {name}`"
        if name in self.lines:
            return f"it is a line; what happens near it is written `within 5 km of {name}`"
        if name in self.actors:
            actor = self.actors[name].kind
            return (
                "it is a non-party, and binds nobody"
                if actor == "non-party"
                else f"it is a {actor}; write `, to {name}` where something is sent to it"
            )
        defined = self.weapons.get(name)
        if name in self.vocabulary.objects or (defined is not None and defined.of == "object"):
            return f"it is a category of object; it is written after the act, as in `strike {name}`"
        if name in self.weapon_names or name in self.vocabulary.categories:
            return f"it is a category of weapon; it is written after the act, as in `keep {name}`"
        return ""

    def known_clause(self) -> str | None:
        """The label of the clause the resolver stands in, be its own sentence readable or not."""
        return self.clauses[-1].label if self.clauses else None

    @property
    def parties(self) -> tuple[str, ...]:
        """Names of those bound."""
        return tuple(a.name for a in self.actors.values() if a.kind == "party")
