"""The exceptions of an agreement as a tree in plain English: what has to be shown, by whom, by when, what cuts it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from servanda_dsl import anchors, prose

if TYPE_CHECKING:
    from servanda_dsl.model import Agreement, Rule


def exception_lines(agreement: Agreement) -> Iterator[str]:
    """A line for each part of the tree under every prohibition that has exceptions; none where no rule has any."""
    for rule in agreement.rules:
        if rule.kind == "prohibition" and rule.exceptions:
            yield f"Rule {rule.id}: {prose.duty(agreement, rule)}"
            yield from _below(agreement, rule, "")


def _below(agreement: Agreement, rule: Rule, indent: str) -> Iterator[str]:
    for name in rule.exceptions:
        last = name == rule.exceptions[-1]
        below = agreement.rule(name)
        does = "permits" if below.kind == "permission" else "forbids all the same"
        yield f"{indent}{'└─' if last else '├─'} rule {name} {does}: {prose.duty(agreement, below)}"
        inner = indent + ("   " if last else "│  ")
        yield from (f"{inner}{'│' if below.exceptions else ' '}  {line}" for line in _asked(agreement, below))
        yield from _below(agreement, below, inner)


def _asked(agreement: Agreement, rule: Rule) -> Iterator[str]:
    """What one rule of the tree asks for, besides what it says of act, things and places."""
    if rule.starts is not None:
        yield f"from {prose.read_anchor(rule.starts)}"
    if isinstance(rule.ends, anchors.Unmet):
        yield f"while the obligations of {prose.obligations(agreement, rule.ends)} are met"
    elif rule.ends is not None:
        yield f"until {prose.read_anchor(rule.ends)}"
    if rule.kind == "permission":
        conditions = list(_conditions(agreement, rule))
        if len(conditions) > 1:
            yield "all of these together:"
        yield from (f"- {condition}" for condition in conditions)
        if not conditions:
            yield "no condition besides"
        if rule.burden is not None:
            yield prose.read_burden(rule.burden)
        elif conditions:
            yield "the text does not say who has to show it"
    if rule.exceptions:
        yield "cut back by:" if rule.kind == "permission" else "lifted by:"


def _conditions(agreement: Agreement, rule: Rule) -> Iterator[str]:
    if rule.response_to is not None:
        yield f"it answers {prose.gerund(agreement, rule.response_to)} by someone else, which came before it"
    before = ", before the act" if rule.only_if_before else ", at whatever time"
    if any(r.recorded for r in rule.readings):
        before = ", at a time on which the readings differ"
    for n, act in enumerate(rule.only_if):
        after = f", after {prose.gerund(agreement, rule.only_if[n - 1])}" if n and rule.only_if_in_turn else ""
        yield f"on record by the same party{before}{after}: {prose.gerund(agreement, act)}"
    yield from (f"“{words}”: claimed or not, and never decided here" for words in rule.quoted)
