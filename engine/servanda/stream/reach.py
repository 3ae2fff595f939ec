"""Which facts a rule looks for everywhere, and which concern an instance by the names they go by alone.

An instance depends on the facts that hang together with its own by name (`servanda.stream.clusters`), and on those
that its rule looks for wherever they are: what performs a duty, what gives an anchor, who was watching. A rule of a
kind that is not known here looks for everything it selects, and is evaluated whole: always right, and never put away.
So is one whose violation triggers a rule that is not known.
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
    *("whichever", "proof", "keepers", "beyond", "breach", "trigger_by"),
}
_VARIANT = {"readings", "span", "deadline", "unless"}
_UNLESS = {
    *("rule", "select", "span", "response_to", "only_if", "bearers", "before", "quoted", "claimed", "burden"),
    *("within", "cuts", "in_turn"),
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
        return tuple(
            not self.known[n] or not (r.forbids or r.breach or self.triggered(n) or self.periodic[n] or self.rolling[n])
            for n, r in enumerate(self.plan.rules)
        )

    @cached_property
    def periodic(self) -> tuple[bool, ...]:
        """For each rule, whether it is about how much in each period, each of which can be looked at by itself."""
        return tuple(self._counts_by(n, "day", "month") for n in range(len(self.plan.rules)))

    @cached_property
    def rolling(self) -> tuple[bool, ...]:
        """For each rule, whether it is about how much in any stretch of time, and binds whatever is reported."""
        return tuple(self._counts_by(n, "any") for n in range(len(self.plan.rules)))

    def _counts_by(self, number: int, *periods: str) -> bool:
        beyond = self.plan.rules[number].beyond
        counts = bool(beyond) and all(one.measure.period in periods for one in beyond)
        return counts and self.known[number] and not self.anchors[number]

    @cached_property
    def known(self) -> tuple[bool, ...]:
        """For each rule, whether it is of a kind of which this module knows what it looks at.

        A rule is not known either whose violation triggers one that is not: that one looks at all it ever gave.
        """
        known = {r.rule: self._kind_known(r) for r in self.plan.rules}
        for rule in reversed(self.plan.in_order):
            if not known[rule.rule]:
                known.update(dict.fromkeys(rule.needs, False))
        return tuple(known[rule.rule] for rule in self.plan.rules)

    @staticmethod
    def _kind_known(rule: RulePlan) -> bool:
        """Whether it is known what a rule looks at: no gate, no act of joining, nothing determined, no lapse."""
        determined = rule.breach is not None and rule.breach.determined
        apart = rule.gates or rule.joining or determined or rule.lapses
        return not apart and _only(rule, _RULE) and all(_variant_known(v) for v in rule.variants)

    @cached_property
    def after(self) -> tuple[tuple[int, ...], ...]:
        """For each rule, those that its violation triggers, or with which they lapse."""
        later = [(n, r.needs) for n, r in enumerate(self.plan.rules) if r.needs]
        return tuple(tuple(n for n, named in later if r.rule in named) for r in self.plan.rules)

    def triggered(self, number: int) -> bool:
        """Whether a rule has an instance for each trigger that can be looked at by itself."""
        rule = self.plan.rules[number]
        if rule.forbids or not self.known[number]:
            return False
        if rule.breach is not None:
            named = [n for n, r in enumerate(self.plan.rules) if r.rule in rule.breach.rules]
            return all(self.plan.rules[n].forbids or self.triggered(n) for n in named)
        if rule.trigger is None:
            return False
        acts = {act for act, _ in rule.trigger.acts}
        others = [rule.select, *self.anchors[number]]
        return not any(acts & {act for act, _ in select.acts} for select in others)

    @cached_property
    def due(self) -> tuple[bool, ...]:
        """For each rule, whether its duties ask who watched of the time until they are due, and of no other."""
        return tuple(self.known[n] and not r.forbids and not r.beyond for n, r in enumerate(self.plan.rules))

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
        if self.periodic[number] or self.rolling[number]:
            return
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
        others = [(n, rule) for n, rule in enumerate(self.plan.rules) if not self.periodic[n]]
        if fact.act == DENIED:
            watching = [n for n, _ in others]
        elif fact.act == WATCH:
            watching = [n for n, _ in others if self.sees(n, fact)]
        elif fact.act == TALLY:  # a total of whatever it is unsettles a silence
            watching = [n for n, r in others if r.forbids or r.beyond or not self.known[n]]
        return frozenset((*watching, *(look.rule for look in self.by_act.get(fact.act, ()) if self._may(look, fact))))

    def sees(self, number: int, fact: Fact) -> bool:
        """Whether a watch would surely have seen what a rule is about."""
        rule = self.plan.rules[number]
        if not self.known[number]:
            return True
        watches = [(sees, bearer) for p in (*rule.parts, *rule.against) for sees in p.watches for bearer in p.bearers]
        return any(fact.truth(sees, bearer) is Truth.TRUE for sees, bearer in watches)

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
