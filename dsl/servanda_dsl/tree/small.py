"""Nodes that others are made of: texts, figures, dates, names, references."""

from __future__ import annotations

from dataclasses import dataclass, field

from lark import Token, ast_utils
from lark.tree import Meta


def unquote(text: str) -> str:
    """The text of a quotation, without its marks."""
    return text[1:-1]


@dataclass(frozen=True)
class Node(ast_utils.Ast, ast_utils.WithMeta):
    """A node and where it stands (offsets into the file)."""

    meta: Meta = field(compare=False, repr=False)

    @property
    def start(self) -> int:
        """Offset of the first character."""
        return int(getattr(self.meta, "start_pos", 0))

    @property
    def end(self) -> int:
        """Offset after the last character."""
        return int(getattr(self.meta, "end_pos", 0))


@dataclass(frozen=True)
class Items(Node, ast_utils.AsList):
    """A node with any number of children of one sort."""

    items: list[object] = field(default_factory=list)


@dataclass(frozen=True)
class Text(Items):
    """A text, perhaps written as several quotations one after another."""

    @property
    def value(self) -> str:
        """The quotations, joined by a blank."""
        return " ".join(unquote(str(t)) for t in self.items)


@dataclass(frozen=True)
class Distance(Node):
    """A figure with a unit of length, as written."""

    number: Token
    unit: Token


@dataclass(frozen=True)
class Duration(Node):
    """A figure with a unit of time, as written."""

    number: Token
    unit: Token


@dataclass(frozen=True)
class ZoneName(Node):
    """A time zone, by its name."""

    token: Token


@dataclass(frozen=True)
class Instant(Node):
    """A date, perhaps with a time of day, in the agreement's zone or the one named with it."""

    date: Token
    time: Token | None
    zone: ZoneName | None = None


@dataclass(frozen=True)
class Label(Node):
    """The article's own number or name."""

    token: Token


@dataclass(frozen=True)
class RuleRef(Node):
    """A reference to a rule; without a clause, one of the same clause."""

    label: Label | None
    rule: Token


@dataclass(frozen=True)
class Names(Items):
    """Names joined by `and`."""


@dataclass(frozen=True)
class Alternatives(Items):
    """Names joined by `or`."""


@dataclass(frozen=True)
class Joined(Items):
    """Words after an `and` that is part of a name."""


@dataclass(frozen=True)
class JoinedOf(Items):
    """Words after an `of` that is part of a name."""


@dataclass(frozen=True)
class Words(Items):
    """Words in a row that name one thing together, perhaps with an `and` or `of` among them."""
