"""Which facts a rule looks for everywhere, and which concern an instance by the names they go by alone.

An instance depends on the facts that hang together with its own by name (`servanda.stream.clusters`), and on those
that its rule looks for wherever they are: what performs a duty, what gives an anchor, who was watching. A rule of a
kind that is not known here looks for everything it selects, and is evaluated whole: always right, and never put away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields
from functools import cached_property

from servanda.locate.facts import DENIED, TALLY, WATCH, Fact
from servanda.plan import (
    Anchor,
    Closed,
    Cut,
    FirstMark,
    Otherwise,
    Plan,
    RulePlan,
    Select,
    Shifted,
    Span,
    Unless,
    Variant,
)
from servanda.truth import Truth

_RULE = {
    *("rule", "forbids", "bearers", "parties", "select", "variants", "trigger", "of_trigger", "once"),
    *("whichever", "proof", "keepers", "beyond"),
}
_VARIANT = {"readings", "span", "deadline", "unless"}
_UNLESS = {
    *("rule", "select", "span", "response_to", "only_if", "bearers", "before", "quoted", "claimed", "burden"),
    *("within", "cuts"),
}
_CUT = {"rule", "select", "span", "bearers", "unless"}
"""The fields by which this module knows a rule and its exceptions; any other, where it is used, makes them unknown."""


@dataclass(frozen=True)
class Look:
    """Something a rule looks for everywhere.

    Attributes:
        rule: The number of the rule among the plan's.
        select: What it looks for; None for every fact of the act.
        loose: Whether only those that do not say what they answer.
    """

    rule: int
    select: Select | None
    loose: bool = False


@dataclass(frozen=True)
class Reach:
    """How far each rule of a plan looks."""

    plan: Plan

    @cached_property
    def whole(self) -> tuple[bool, ...]:
        """For each rule, whether it is evaluated all at once, not instance by instance."""
        return tuple(not self.known[n] or not (r.forbids or self.triggered(n)) for n, r in enumerate(self.plan.rules))

    @cached_property
    def known(self) -> tuple[bool, ...]:
        """For each rule, whether it is of a kind of which this module knows what it looks at."""
        return tuple(
            not rule.gates
            and not rule.joining
            and rule.rule not in self.plan.awaited
            and _only(rule, _RULE)
            and all(_variant_known(v) for v in rule.variants)
            for rule in self.plan.rules
        )

    def triggered(self, number: int) -> bool:
        """Whether a rule has an instance for each trigger that can be looked at by itself."""
        rule = self.plan.rules[number]
        if rule.forbids or rule.trigger is None or not self.known[number]:
            return False
        acts = {act for act, _ in rule.trigger.acts}
        others = [rule.select, *self.anchors[number]]
        return not any(acts & {act for act, _ in select.acts} for select in others)

    @cached_property
    def anchors(self) -> tuple[tuple[Select, ...], ...]:
        """For each rule, the marks that give its anchors."""
        return tuple(
            tuple(select for span in self.spans[n] for select in _of_span(span))
            + tuple(select for v in rule.variants for select in _first_marks(v.deadline))
            for n, rule in enumerate(self.plan.rules)
        )

    @cached_property
    def spans(self) -> tuple[tuple[Span, ...], ...]:
        """For each rule, its spans and those of its exceptions."""
        return tuple(
            tuple(s for v in rule.variants for s in (v.span, *(s for u in v.unless for s in u.spans())))
            for rule in self.plan.rules
        )

    @cached_property
    def by_act(self) -> dict[str, tuple[Look, ...]]:
        """Who looks for an act everywhere."""
        found: dict[str, dict[Look, None]] = {}
        for number, rule in enumerate(self.plan.rules):
            for look, acts in self._looks(number, rule):
                for act in acts:
                    found.setdefault(act, {})[look] = None
        return {act: tuple(looks) for act, looks in found.items()}

    def _looks(self, number: int, rule: RulePlan) -> Iterator[tuple[Look, list[str]]]:
        if rule.beyond or not self.known[number]:
            yield Look(number, None), [act for select in rule.selects for act, _ in select.acts]
        elif not rule.forbids:
            yield Look(number, rule.select, self.triggered(number)), [act for act, _ in rule.select.acts]
            if rule.trigger is not None and not self.triggered(number):
                yield Look(number, rule.trigger), [act for act, _ in rule.trigger.acts]
        for select in self.anchors[number]:
            yield Look(number, select), [act for act, _ in select.acts]

    def looking(self, fact: Fact) -> frozenset[int]:
        """The rules that look for a fact, by number: it may be what they look for."""
        watching: list[int] = []
        if fact.act == DENIED:
            watching = list(range(len(self.plan.rules)))
        elif fact.act == WATCH:
            watching = [n for n, rule in enumerate(self.plan.rules) if self._sees(n, rule, fact)]
        elif fact.act == TALLY:  # a total of whatever it is unsettles a silence
            watching = [n for n, r in enumerate(self.plan.rules) if r.forbids or r.beyond or not self.known[n]]
        return frozenset((*watching, *(look.rule for look in self.by_act.get(fact.act, ()) if self._may(look, fact))))

    def _sees(self, number: int, rule: RulePlan, fact: Fact) -> bool:
        """Whether a watch would surely have seen what a rule is about."""
        if rule.beyond or not self.known[number]:
            return True
        return any(fact.truth(sees, bearer) is Truth.TRUE for sees in rule.watches for bearer in rule.bearers)

    def _may(self, look: Look, fact: Fact) -> bool:
        if look.select is None:
            return True
        if look.loose and fact.refers_to:
            return False
        actors = fact.actors or self.plan.rules[look.rule].parties
        return any(fact.matches(look.select, actor) is not Truth.FALSE for actor in actors)


def _of_span(span: Span) -> Iterator[Select]:
    for anchor in (span.starts, span.ends):
        yield from _first_marks(anchor)


def _first_marks(anchor: Anchor | None) -> Iterator[Select]:
    """The selections whose marks give an anchor, those that only bound them in time included."""
    match anchor:
        case FirstMark():
            yield anchor.select
            yield from _of_span(anchor.span)
        case Shifted() | Closed():
            yield from _first_marks(anchor.base)
        case Otherwise():
            yield from _first_marks(anchor.base)
            yield from _first_marks(anchor.otherwise)
        case _:
            return


def _variant_known(variant: Variant) -> bool:
    return _only(variant, _VARIANT) and all(_unless_known(u) for u in variant.unless)


def _unless_known(unless: Unless) -> bool:
    """Whether nothing is used of an exception, nor of what cuts it back, but what is known here.

    The time to show it hangs on the act alone: what it would look for elsewhere is not known here.
    """
    cuts = all(_only(cut, _CUT) and all(_unless_known(u) for u in cut.unless) for cut in unless.cuts)
    return cuts and _only(unless, _UNLESS) and not any(_first_marks(unless.within))


def _only(thing: RulePlan | Variant | Unless | Cut, known: set[str]) -> bool:
    """Whether nothing is used of a rule but what is known here."""
    for field in fields(thing):
        if field.name in known:
            continue
        default = field.default_factory() if field.default_factory is not MISSING else field.default
        if getattr(thing, field.name) != default:
            return False
    return True
