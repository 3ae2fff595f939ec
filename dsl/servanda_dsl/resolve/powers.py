"""What the agreement empowers a body to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from servanda_dsl import tree

if TYPE_CHECKING:
    from lark import Token

    from servanda_dsl.resolve.context import Context


def check_determined(context: Context, node: tree.Node, so: str) -> None:
    """E366: it takes the determination of a violation, and nobody may make one, so that something would never be."""
    if context.broken or any("determine" in body.powers for body in context.actors.values()):
        return
    context.report(
        "E366",
        node,
        f"nobody may determine a violation, so {so}",
        'declare the body that may: `body commission "…" may determine.`',
    )


def powers(context: Context, node: tree.Party) -> tuple[str, ...]:
    """The powers of a body, each an act of the vocabulary.

    E363 where it is a party, since nobody is judge in his own cause, or one who is outside the agreement.
    """
    if node.powers is None:
        return ()
    names = cast("list[Token]", node.powers.items[1:])
    legal = context.vocabulary.powers
    for name in names:
        if str(name) not in legal:
            context.unknown("power of a body", name, legal)
    if node.kind.type not in {"BODY", "MONITOR"}:
        context.report(
            "E363",
            node.powers,
            f"a {str(node.kind).lower()} is not empowered to {' or to '.join(map(str, names))}",
            f'declare the body that is: `body commission "…" may {names[0]}.`',
        )
    return tuple(dict.fromkeys(str(n) for n in names if str(n) in legal))
