"""From rule objects to the plan: law becomes operators, assumptions become parameters, readings become variants."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from servanda import plan
from servanda.moments import CalendarError, Counting, at_time, closed, shift
from servanda.truth import Truth
from servanda_dsl import anchors as law
from servanda_dsl import model as law_model
from servanda_dsl.assumptions import (
    CountsAs,
    DaysCounted,
    Edges,
    Graded,
    Lapse,
    Origins,
    Registered,
    Unattributed,
    Ungraded,
)
from servanda_dsl.diagnostics import AgreementError, Diagnostic, Place, Severity

if TYPE_CHECKING:
    from servanda_dsl.model import Agreement, Rule
    from servanda_dsl.model import Place as PlaceOfRule


def lower(agreement: Agreement) -> plan.Plan:
    """Lower an agreement.

    Raises:
        AgreementError: A date has no single answer on the calendar (E316), or a duty is due before it binds (E317).
    """
    problems: list[Diagnostic] = []
    rules = []
    for rule in agreement.rules:
        if rule.kind not in {"prohibition", "obligation", "maintenance"}:
            continue
        try:
            made = _Lowering(agreement, rule).rule_plan()
        except CalendarError as error:
            problems.append(_problem(rule, "E316", str(error), "write the instant the text means"))
            continue
        rules.append(made)
        if any(_due_before_it_binds(v) for v in made.variants):
            message = f"rule {rule.id} is due before it binds, so nobody could keep it"
            problems.append(_problem(rule, "E317", message, "say from when it binds: `From …, each party shall …`"))
        if any(_ends_before_it_begins(v.span) for v in made.variants):
            message = f"rule {rule.id} ends before it begins, so it binds at no time"
            problems.append(_problem(rule, "E319", message, "see that the first of the two instants is the earlier"))
    if problems:
        raise AgreementError(tuple(problems))
    powers = frozenset((a.name, power) for a in agreement.actors for power in a.powers)
    return plan.Plan(agreement.name, agreement.time_zone, tuple(rules), powers)


_ENDS: dict[str, plan.End] = {"in": "place", "over": "place", "from": "from", "into": "into"}


def _place(place: PlaceOfRule, edge: Truth) -> plan.Predicate:
    """A place of a rule as a predicate; several have to hold together."""
    match place:
        case law_model.InZone():
            return plan.InZone(place.zone, place.inside, _ENDS[place.relation], edge)
        case law_model.Altitude():
            return plan.Altitude(place.limit_m, place.below, edge)
        case law_model.Across():
            return plan.Across(place.line)
        case law_model.NearLine():
            lines = tuple((line.party, line.line) for line in place.lines)
            return plan.NearLine(place.distance_m, lines, place.own_side, place.nearest_m or 0.0, edge)
        case law_model.OnSide():
            return plan.OnSide(tuple((line.party, line.line) for line in place.lines), place.own, edge)


def _problem(rule: Rule, code: str, message: str, help_: str) -> Diagnostic:
    where = Place(rule.where.file, rule.where.line, rule.where.column)
    return Diagnostic(code, Severity.ERROR, where, message, help_, (), rule.id)


def _due_before_it_binds(variant: plan.Variant) -> bool:
    starts, deadline = variant.span.starts, variant.deadline
    if not isinstance(starts, plan.Fixed) or not isinstance(deadline, plan.Fixed):
        return False
    return deadline.moment.latest_us <= starts.moment.earliest_us


def _ends_before_it_begins(span: plan.Span) -> bool:
    if not isinstance(span.starts, plan.Fixed) or not isinstance(span.ends, plan.Fixed):
        return False
    return span.ends.moment.latest_us <= span.starts.moment.earliest_us


_WAYS: dict[str, Counting] = {"inclusive": "inclusive", "exclusive": "exclusive"}
"""The ways of counting days, by their name as a reading."""

Chosen = tuple[tuple[str, str], ...]
"""A choice of readings: (rule, reading)."""


@dataclass
class _Lowering:
    agreement: Agreement
    rule: Rule

    def rule_plan(self) -> plan.RulePlan:
        agreement, rule = self.agreement, self.rule
        bearer = rule.bearer
        vocabulary = agreement.vocabulary
        return plan.RulePlan(
            rule=rule.id,
            forbids=rule.kind == "prohibition",
            bearers=bearer.parties if bearer else (),
            parties=agreement.parties,
            select=self.select(rule),
            variants=self.variants(),
            trigger=self.act(rule.trigger) if rule.trigger else None,
            of_trigger=bearer is not None and bearer.of_trigger,
            once=bool(rule.act and rule.act in vocabulary.acts and vocabulary.acts[rule.act].once),
            whichever=self.whichever(),
            proof=self.proof(),
            keepers=self.keepers(self.rule.act),
            breach=self.breach(),
            beyond=self.beyond(),
            joining=self.joining(),
            trigger_by=rule.trigger_by or "",
        )

    def breach(self) -> plan.VerdictOf | None:
        """What verdicts trigger the rule."""
        breach = self.rule.breach
        if breach is None:
            return None
        return plan.VerdictOf(tuple(r.id for r in self.agreement.breached(breach)), breach.determined)

    # ---- marks ----

    def act(self, name: str) -> plan.Select:
        """Marks of an act: those that show it, and those that count as it by assumption."""
        vocabulary = self.agreement.vocabulary
        counted: dict[str, str | None] = {}
        for other in vocabulary.acts:
            if name in vocabulary.shows(other):
                counted[other] = None
        for assumption in self.agreement.in_scope(self.rule.clause):
            if isinstance(assumption, CountsAs) and assumption.act == name:
                for effect in assumption.effects:
                    counted.setdefault(effect, assumption.id)
        acts = tuple(sorted(counted.items(), key=lambda item: item[0]))
        return plan.Select(acts, (plan.AtLeastOne(),), name)

    def select(self, rule: Rule) -> plan.Select:
        predicates: list[plan.Predicate] = []
        if rule.things or rule.other_than:
            predicates.append(plan.OfThing(rule.things, rule.other_than))
        edge = self.edge_of_places()
        predicates.extend(_place(place, edge) for place in rule.places)
        marks = self.act(rule.act or "")
        return replace(marks, predicates=(*predicates, *marks.predicates))

    def beyond(self) -> tuple[plan.Beyond, ...]:
        """The limits of a rule, each with what it counts: what the rule is about, or a part of that."""
        rule, edge = self.rule, self.edge_of_places()
        if rule.measure is None:
            return ()
        whole, period = self.select(rule), rule.measure
        found = []
        for limit in rule.measure.limits:
            kinds = (plan.OfThing(limit.things),) if limit.things else ()
            places = tuple(_place(place, edge) for place in limit.places)
            select = replace(whole, predicates=tuple(dict.fromkeys((*kinds, *whole.predicates, *places))))
            of = plan.Measure(select, limit.unit, period.period, period.amount or 0, period.unit or "")
            each = None if limit.each is None else self.each(limit.each, edge)
            found.append(plan.Beyond(limit.name, of, limit.number, limit.bound == "at least", each))
        return tuple(found)

    def each(self, each: law_model.Each, edge: Truth) -> plan.Each:
        """What a limit is so many for each of."""
        marks = self.act(each.act)
        kinds = (plan.OfThing(each.things),) if each.things else ()
        places = tuple(_place(place, edge) for place in each.places)
        select = replace(marks, predicates=(*kinds, *places, *marks.predicates))
        return plan.Each(plan.Measure(select, each.unit, "running"), each.by or "", self.keepers(each.act))

    def exceptions(self, chosen: Chosen) -> tuple[plan.Unless, ...]:
        """What lifts a breach of this rule, under one choice of readings."""
        return tuple(self.unless(self.agreement.rule(name), chosen) for name in self.rule.exceptions)

    def unless(self, permission: Rule, chosen: Chosen) -> plan.Unless:
        """A permission as what lifts a breach of this rule, under the assumptions of its own clause."""
        own = _Lowering(self.agreement, permission)
        counting = own.counting(permission, chosen)
        burden = permission.burden
        reading = own.reading(chosen)
        recorded = None if reading is None else reading.recorded
        return plan.Unless(
            rule=permission.id,
            select=own.select(permission),
            span=own.span(permission, counting, chosen),
            response_to=own.act(permission.response_to) if permission.response_to else None,
            only_if=tuple(own.act(name) for name in permission.only_if),
            bearers=permission.bearer.parties if permission.bearer else (),
            before=permission.only_if_before if recorded is None else recorded.endswith("before"),
            quoted=permission.quoted,
            claimed=own.act(plan.CLAIM),
            burden=burden is not None,
            within=own.edge(burden.within, counting, chosen) if burden is not None else None,
            cuts=tuple(own.cut(self.agreement.rule(name), chosen) for name in permission.exceptions),
            in_turn=permission.only_if_in_turn if recorded is None else recorded.startswith("in turn"),
        )

    def cut(self, ban: Rule, chosen: Chosen) -> plan.Cut:
        """A prohibition as what takes back a part of this permission, under the assumptions of its own clause."""
        own = _Lowering(self.agreement, ban)
        return plan.Cut(
            rule=ban.id,
            select=own.select(ban),
            span=own.span(ban, own.counting(ban, chosen), chosen),
            bearers=ban.bearer.parties if ban.bearer else (),
            unless=own.exceptions(chosen),
        )

    # ---- assumptions as parameters ----

    def edge_of_places(self) -> Truth:
        """What holds for a place exactly on an edge, as assumed for this clause, else for the whole agreement."""
        found = [a.edge for a in self.agreement.in_scope(self.rule.clause) if isinstance(a, Edges)]
        if not found:
            return Truth.UNKNOWN
        return Truth.TRUE if found[-1] == "inside" else Truth.FALSE

    def whichever(self) -> tuple[plan.Whichever, ...]:
        found = [a for a in self.agreement.in_scope(self.rule.clause) if isinstance(a, Unattributed)]
        edge = self.edge_of_places()
        return tuple(
            plan.Whichever(
                frozenset(n for name in a.acts for n, _ in self.act(name).acts), plan.InZone(a.zone, edge=edge), a.id
            )
            for a in found
        )

    def proof(self) -> plan.Proof:
        """The standard that the clause names, else that of the agreement, with what is said of it in either place."""
        scope = self.agreement.in_scope(self.rule.clause)
        named = [a.standard for a in scope if isinstance(a, Ungraded | Graded | Origins)]
        if not named:
            return plan.Proof(None)
        standard = named[-1]
        vouched = {
            plan.folded(s): a.id for a in scope if isinstance(a, Ungraded) and a.standard == standard for s in a.sources
        }
        grades = [(a.grade, a.id) for a in scope if isinstance(a, Graded) and a.standard == standard]
        origins = [(a.least, a.id) for a in scope if isinstance(a, Origins) and a.standard == standard]
        least, by = origins[-1] if origins else (1, None)
        return plan.Proof(standard, tuple(sorted(vouched.items())), grades[-1] if grades else None, least, by)

    def keepers(self, act: str | None) -> tuple[plan.Keeper, ...]:
        """Who registers an act."""
        found = [a for a in self.agreement.in_scope(self.rule.clause) if isinstance(a, Registered)]
        return tuple(plan.Keeper(plan.folded(a.keeper), a.amount, a.unit, a.id) for a in found if act in a.acts)

    # ---- time ----

    def variants(self) -> tuple[plan.Variant, ...]:
        rule = self.rule
        choices: dict[str, list[tuple[str, str]]] = {}
        for name in self.dependencies(rule):
            other = self.agreement.rule(name)
            if other.readings:
                choices[name] = [(name, reading.name) for reading in other.readings]
            for shared, ways in self.agreement.shared_readings(other):
                choices[shared] = [(shared, way) for way in ways]
        made = []
        for chosen in itertools.product(*choices.values()):
            counting = self.counting(rule, chosen)
            deadline = None
            if rule.deadline is not None:
                deadline = self.deadline(rule, counting, chosen)
            unless = self.exceptions(chosen) if rule.kind == "prohibition" else ()
            made.append(plan.Variant(chosen, self.span(rule, counting, chosen), deadline, unless))
        return tuple(made)

    def dependencies(self, rule: Rule) -> list[str]:
        """This rule and every rule its anchors and exceptions lead to, each once, in the order met."""
        found: dict[str, None] = {}
        todo = [rule]
        while todo:
            current = todo.pop(0)
            if current.id in found:
                continue
            found[current.id] = None
            given = [current.starts, current.ends, current.deadline.anchor if current.deadline else None]
            for anchor in given:
                parts = law.walk(anchor) if anchor is not None else ()
                todo.extend(self.agreement.rule(part.rule) for part in parts if isinstance(part, law.PointOfRule))
            todo.extend(self.agreement.rule(name) for name in current.exceptions)
        return list(found)

    def counting(self, rule: Rule, chosen: tuple[tuple[str, str], ...]) -> Counting | None:
        reading = dict(chosen).get(rule.id)
        for declared in rule.readings:
            if declared.name == reading and declared.counting is not None:
                return declared.counting
        shared = dict(self.agreement.shared_readings(rule))
        way = next((way for name, way in chosen if name in shared and way in _WAYS), None)
        if way is not None:
            return _WAYS[way]
        assumed = [a.counting for a in self.agreement.in_scope(rule.clause) if isinstance(a, DaysCounted)]
        return _WAYS.get(assumed[-1]) if assumed else None

    def reading(self, chosen: Chosen) -> law_model.Reading | None:
        """The reading of the rule that is chosen, if it has any."""
        return next((r for r in self.rule.readings if r.name == dict(chosen).get(self.rule.id)), None)

    def lapse(self, unmet: law.Unmet, counting: Counting | None, chosen: Chosen) -> plan.Lapse:
        """The violation of what has to be met while the rule binds, or its determination, as read or assumed."""
        agreement, rule = self.agreement, self.rule
        reading = self.reading(chosen)
        shared = dict(agreement.shared_readings(rule))
        by: list[str] = [str(a.by) for a in agreement.in_scope(rule.clause) if isinstance(a, Lapse)][-1:]
        by += [way for name, way in chosen if name in shared and way in {"violation", "determination"}]
        by += [reading.lapse] if reading is not None and reading.lapse is not None else []
        if not by:
            msg = f"rule {rule.id} does not say how it lapses"
            raise ValueError(msg)
        breach = law_model.Breach(clause=unmet.clause, rule=unmet.rule, determined=by[-1] == "determination")
        marks = plan.VerdictOf(tuple(r.id for r in agreement.breached(breach)), breach.determined)
        starts = self.edge(rule.starts, counting, chosen) or self.beginning(rule)
        return plan.Lapse(marks, plan.Span(starts, None, () if rule.kind == "permission" else self.joining()))

    def span(self, rule: Rule, counting: Counting | None, chosen: tuple[tuple[str, str], ...]) -> plan.Span:
        """When a rule binds; without a start of its own, from entry into force (from signature, if it counts from it).

        Vienna Convention on the Law of Treaties (1969), articles 24 and 28: nothing binds before entry into force.
        """
        starts = self.edge(rule.starts, counting, chosen) or self.beginning(rule)
        joining = () if rule.kind == "permission" else self.joining()  # it lifts what binds, and binds nobody itself
        return plan.Span(starts, self.edge(rule.ends, counting, chosen), joining)

    def joining(self) -> tuple[plan.Joining, ...]:
        """The parties that are bound by an act of their own, under the assumptions of the whole agreement."""
        agreement, found = self.agreement, []
        signed = None if agreement.signed is None else self.known(agreement.signed, "signature")
        for party, act in agreement.joining.items():
            own = _Lowering(agreement, act)
            duty = plan.RulePlan(
                rule=act.id,
                forbids=False,
                bearers=(party,),
                parties=agreement.parties,
                select=own.select(act),
                variants=(),
                trigger=None,
                of_trigger=False,
                once=agreement.vocabulary.acts[act.act or ""].once,
                whichever=(),
                proof=own.proof(),
                keepers=own.keepers(own.rule.act),
            )
            limit = None if act.deadline is None else own.deadline(act, own.counting(act, ()), ())
            found.append(plan.Joining(party, duty, limit, signed))
        return tuple(found)

    def beginning(self, rule: Rule) -> plan.Anchor:
        given = [rule.ends, rule.deadline.anchor if rule.deadline else None]
        parts = [part for anchor in given if anchor is not None for part in law.walk(anchor)]
        if any(isinstance(part, law.Signature) for part in parts):
            return self.known(self.agreement.signed, "signature")
        return self.known(self.agreement.in_force, "entry into force")

    def edge(
        self, anchor: law.Anchor | None, counting: Counting | None, chosen: tuple[tuple[str, str], ...]
    ) -> plan.Anchor | None:
        """An end of a span: a day opens it; a period of days has to be over first."""
        if anchor is None:
            return None
        lowered = self.anchor(anchor, counting, chosen)
        period = isinstance(anchor, law.Offset) and anchor.direction == "after"
        return self.fold(plan.Closed(lowered)) if period else lowered

    def deadline(self, rule: Rule, counting: Counting | None, chosen: tuple[tuple[str, str], ...]) -> plan.Anchor:
        deadline = rule.deadline
        if deadline is None:
            msg = f"rule {rule.id} has no deadline"
            raise ValueError(msg)
        lowered = self.anchor(deadline.anchor, counting, chosen)
        return lowered if deadline.word == "before" else self.fold(plan.Closed(lowered))

    def anchor(self, anchor: law.Anchor, counting: Counting | None, chosen: tuple[tuple[str, str], ...]) -> plan.Anchor:
        """An anchor of the law as one of the plan, computed at once where it can be."""
        agreement = self.agreement
        match anchor:
            case law.EntryIntoForce():
                return self.known(agreement.in_force, "entry into force")
            case law.Signature():
                return self.known(agreement.signed, "signature")
            case law.EventInstant():
                event = agreement.event(anchor.event)
                return self.known(event.instant, event.title)
            case law.OpeningOf():
                return self.opening(anchor.gate)
            case law.Instant():
                return self.known(anchor, "")
            case law.Trigger():
                return plan.TriggerMark()
            case law.DayOf():
                base = self.anchor(anchor.base, counting, chosen)
                return self.fold(plan.Shifted(base, anchor.number, "days", counting or "exclusive"))
            case law.Offset():
                amount = anchor.amount if anchor.direction == "after" else -anchor.amount
                base = self.anchor(anchor.base, counting, chosen)
                if anchor.otherwise is not None:
                    base = plan.Otherwise(base, self.anchor(anchor.otherwise, counting, chosen))
                return self.fold(plan.Shifted(base, amount, anchor.unit, counting or "exclusive"))
            case law.Unmet():
                return self.lapse(anchor, counting, chosen)
            case law.PointOfRule():
                other = agreement.rule(anchor.rule)
                if anchor.point == "deadline":
                    return self.deadline(other, self.counting(other, chosen), chosen)
                own = _Lowering(agreement, other)
                return plan.FirstMark(other.id, own.select(other), own.span(other, own.counting(other, chosen), chosen))

    def opening(self, name: str) -> plan.Opening:
        """The opening of a gate, under the assumptions of the whole agreement: it is the same for every rule."""
        gate, agreement = self.agreement.gate(name), self.agreement
        own = _Lowering(agreement, gate.what)
        ban = plan.RulePlan(
            rule=gate.what.id,
            forbids=True,
            bearers=agreement.parties,
            parties=agreement.parties,
            select=own.select(gate.what),
            variants=(),
            trigger=None,
            of_trigger=False,
            once=False,
            whichever=(),
            proof=own.proof(),
            keepers=own.keepers(own.rule.act),
        )
        since = own.edge(gate.what.starts, own.counting(gate.what, ()), ()) or own.beginning(gate.what)
        by, certified = gate.certified_by or "", None
        if by:
            certificates = own.act("certify")
            certified = replace(certificates, predicates=(*certificates.predicates, plan.OfGate(name)))
        return plan.Opening(name, ban, gate.amount, gate.unit, since, certified, by)

    def known(self, instant: law.Instant | None, name: str) -> plan.Anchor:
        if instant is None:
            return plan.NotKnown(name)
        return plan.Fixed(at_time(instant.date, instant.time, self.agreement.time_zone, written_in=instant.zone))

    def fold(self, anchor: plan.Anchor) -> plan.Anchor:
        """What can be computed now is computed now, so that impossible dates are found when the agreement is loaded."""
        zone = self.agreement.time_zone
        if isinstance(anchor, plan.Shifted) and isinstance(anchor.base, plan.Fixed):
            moment = shift(anchor.base.moment, anchor.amount, anchor.unit, anchor.counting, zone)
            return plan.Fixed(moment)
        if isinstance(anchor, plan.Closed) and isinstance(anchor.base, plan.Fixed):
            return plan.Fixed(closed(anchor.base.moment, zone))
        return anchor
