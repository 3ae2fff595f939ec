"""So many for each of something else: at every moment both are counted anew, from when the rule began to bind."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from oracle_measures import TICK, Episode, Measures, Part
from oracle_parts import MAYBE, NO, YES, Answer, Record, Span, When

from servanda_dsl.model import Limit, Rule


@dataclass
class Side:
    """One of the two that are compared: what it is, whose acts, and for whom the rule binds."""

    rule: Rule
    limit: Limit
    doer: str
    bearer: str
    readings: dict[str, str]
    more_is_breach: bool
    fewer_is_breach: bool
    past_the_end: bool = False


@dataclass
class Count:
    """How many there were before a moment."""

    inside: list[Part]
    least: float
    told: float
    counted: float
    """At most, by complete counts that leave no time out."""
    counts: set[str]
    watched: set[str] | None
    tallies: set[str]

    @property
    def best(self) -> float:
        """At most, by whatever says so."""
        return min(self.counted, self.told if self.watched is not None else math.inf)

    @property
    def names(self) -> set[str]:
        return {p.record["id"] for p in self.inside}


class Ratios(Measures):
    """Running totals, one against the other."""

    def counted(self, rule: Rule, readings: dict[str, str]) -> Iterator[tuple[str, Answer]]:
        assert rule.bearer is not None
        assert rule.measure is not None
        if rule.measure.period != "running":
            yield from super().counted(rule, readings)
            return
        for party in rule.bearer.parties:
            for limit in rule.measure.limits:
                name, used = f"{party}:{limit.name}", list[str]()
                ours, theirs = self.sides(rule, limit, party, readings)
                for key, answer in (
                    self.falling_due(ours, theirs) if limit.bound == "at least" else self.exceeded(ours, theirs)
                ):
                    used.append(key)
                    again = f":{used.count(key)}" if used.count(key) > 1 else ""
                    yield f"{name}:{key}{again}", answer
                if not used:
                    yield name, self.unseen(ours.rule, party, readings, watched=limit.bound == "at most")

    def sides(self, rule: Rule, limit: Limit, party: str, readings: dict[str, str]) -> tuple[Side, Side]:
        each, floor = limit.each, limit.bound == "at least"
        assert each is not None
        of_other = {"act": each.act, "things": each.things, "places": each.places, "other_than": ()}
        other_limit = limit.model_copy(update={"unit": each.unit})
        doer = each.by or party
        own = doer == party
        return (
            Side(self.part_of(rule, limit), limit, party, party, readings, not floor, floor, past_the_end=floor),
            Side(
                rule.model_copy(update=of_other), other_limit, doer, party, readings, own and floor, own and not floor
            ),
        )

    # ---- what belongs to a side ----

    def while_it_bound(self, side: Side, span: Span) -> int:
        if not side.past_the_end:
            return self.binds(side.rule, span, side.bearer, side.readings)
        start = self.beginning(side.rule, side.bearer, side.readings)
        return NO if start is None else self.since(span, start)

    def when(self, record: Record) -> Span:
        """When it was: what is said to have gone on for a time happened somewhere in it."""
        span = self.whole_span(record)
        return Span(span.first, span.end, "spread") if span.kind == "throughout" else span

    def something_else(self, side: Side, record: Record) -> bool:
        """Whether a report surely tells of something that does not belong."""
        span = self.when(record)
        if self.happened(span) == NO:
            return False
        known = self.beginning(side.rule, side.bearer, side.readings) is not None
        return (
            self.was(record, side.doer) == NO
            or self.not_that(record, side.rule, side.doer)
            or (known and self.while_it_bound(side, span) == NO)
        )

    def everything(self, side: Side) -> list[Part]:
        rule = side.rule
        told = [r for r in self.counting.values() if not r.get("denies") and self.shows(r, rule.act or "", rule)]
        otherwise = [r for r in told if self.something_else(side, r)]
        found = []
        for record in told:
            span = self.when(record)
            value = min(
                self.was(record, side.doer),
                self.happened(span),
                self.while_it_bound(side, span),
                self.matches(record, rule, side.doer) if self.was(record, side.doer) > NO else NO,
                self.proves(record, rule, breach=side.more_is_breach),
                MAYBE if self.contradicted(record, rule) else YES,
            )
            if value > NO:
                part = Part(record, value, span, *self.how_many(record, rule, side.limit))
                found.append(self.doubted(part, otherwise, rule))
        return sorted(found, key=lambda p: (p.span.first, p.span.end, p.record["id"]))

    def of_all(self, side: Side) -> list[Part]:
        """Counts of everything there was, from enough who are believed."""
        rule, found = side.rule, list[Part]()
        told = [r for r in self.counting.values() if not r.get("denies") and self.shows(r, rule.act or "", rule)]
        otherwise = [r for r in told if self.something_else(side, r)]
        for record in self.counting.values():
            unit, span = self.unit(record), self.when(record)
            same = unit == side.limit.unit or (side.limit.unit == "piece" and "unit" not in record)
            if not record.get("complete") or "count" not in record or not same or record["act"] != rule.act:
                continue
            if record.get("denies") or self.named(record) != [side.doer] or not self.of_every_kind(record, rule):
                continue
            if not any(self.holds_end(record, p, side.doer) for p in rule.places) or self.happened(span) < YES:
                continue
            if self.proves(record, rule, breach=side.fewer_is_breach) < YES or self.contradicted(record, rule):
                continue
            least, most, _ = self.how_many(record, rule, side.limit)
            if most < math.inf and not self.opposed(record, otherwise, rule):
                found.append(Part(record, YES, span, least, most, told=True))
        alike = {p.record["id"]: [o for o in found if self.same_incident(p, o) and o.most <= p.most] for p in found}
        return [p for p in found if self.enough([o.record for o in alike[p.record["id"]]], rule)]

    def same_incident(self, one: Part, other: Part) -> bool:
        return self.instance_of(one.record["id"]) == self.instance_of(other.record["id"])

    # ---- how many there were before a moment ----

    def before(
        self,
        side: Side,
        surely: dt.datetime,
        perhaps: dt.datetime,
        end: dt.datetime | None,
        own: frozenset[str] = frozenset(),
    ) -> Count:
        """How many lay before a moment, which is somewhere between two; and how many at most, if nothing may be left
        untold until `end`."""
        every, rule = self.everything(side), side.rule
        inside = [p for p in every if p.record["id"] in own or p.span.first < perhaps]
        later = [p.record for p in every if p not in inside]
        placed = [
            p if p.record["id"] in own or p.span.last < surely else replace(p, value=min(p.value, MAYBE))
            for p in inside
        ]
        weighed = self.weighed([self.doubted(p, later, rule) for p in placed], rule)
        least, told = self.at_least(weighed, rule, side.limit), self.at_most(weighed)
        start = self.beginning(rule, side.bearer, side.readings)
        if end is None or start is None or end <= start.early:
            return Count(weighed, least, told, math.inf, set(), None, set())
        of_all = self.of_all(side)
        counted = self.covering(of_all, start.early, end)
        counts = {p.record["id"] for p in of_all if p.span.first < end and start.early < p.span.end}
        watched = self.never(rule, side.doer, start.early, end)
        tallies = {n for n in self.totals_of(start.early, self.at) if self.span(self.by_id[n]).first < end}
        return Count(weighed, least, told, counted, counts if counted < math.inf else set(), watched, tallies)

    # ---- ceilings ----

    def exceeded(self, ours: Side, theirs: Side) -> Iterator[tuple[str, Answer]]:
        parts, others = self.everything(ours), self.everything(theirs)
        moments = sorted({t for p in (*parts, *others) for t in (p.span.first, p.span.last)})
        stands = [(t, *self.stands(ours, theirs, t)) for t in moments]
        for within, run in itertools.groupby(stands, key=lambda s: s[1] == "within"):
            looks = list(run)
            if within:
                continue
            began = looks[0][0]
            key = min((began - p.span.first, self.instance_of(p.record["id"])) for p in parts if p.span.first <= began)[
                1
            ]
            over = [look for look in looks if look[1] == "over"]
            _, state, shown, beside = (over or looks)[0]
            names = self.with_denials(shown | beside, [*parts, *others]) | self.put_elsewhere(
                ours, theirs, (over or looks)[0][0], shown | beside
            )
            verdict = "violated" if state == "over" else "indeterminate"
            told = self.telling(shown)
            yield key, Episode(verdict, names, ours.bearer, telling=told, reports=frozenset(shown))

    def put_elsewhere(self, ours: Side, theirs: Side, moment: dt.datetime, names: set[str]) -> frozenset[str]:
        """Reports by which what is counted by a moment was only later."""
        counts = [self.before(side, moment + TICK, moment + TICK, None) for side in (ours, theirs)]
        return frozenset(o for c in counts for p in c.inside if p.record["id"] in names for o in p.against)

    def stands(self, ours: Side, theirs: Side, moment: dt.datetime) -> tuple[str, set[str], set[str]]:
        """Whether it was over the limit at a moment, with what shows it, and what it is held against."""
        number, after = ours.limit.number, moment + TICK
        end = min(after, self.at)
        own, other = self.before(ours, after, after, end), self.before(theirs, after, after, end)
        if own.told <= number * min(other.least, other.counted):
            return "within", set(), set()
        surely = min(own.least, own.counted)
        sure = {p.record["id"] for p in own.inside if p.value == YES}
        if surely > number * max(other.least, other.counted):
            return "over", sure, other.names | other.counts
        if surely > number * max(other.least, other.best):
            assert other.watched is not None
            if other.tallies:
                return "may-be", own.names, other.names | other.counts | other.watched | other.tallies
            return "over", sure, other.names | other.counts | other.watched
        beside = other.names | other.counts
        if (other.counted < math.inf and other.least > other.counted) or own.least > number * max(
            other.least, other.best
        ):
            beside |= own.counts
        return "may-be", own.names, beside

    # ---- floors ----

    def falling_due(self, ours: Side, theirs: Side) -> Iterator[tuple[str, Answer]]:
        incidents: dict[str, list[Part]] = {}
        for part in self.everything(theirs):
            incidents.setdefault(self.instance_of(part.record["id"]), []).append(part)
        for key, reports in incidents.items():
            yield key, self.due_for(ours, theirs, self.weighed(reports, theirs.rule))

    def due_for(self, ours: Side, theirs: Side, reports: list[Part]) -> Answer:
        sure = [p for p in reports if p.value == YES]
        first = min(p.span.first for p in reports)
        last = min((p.span.last for p in sure), default=max(p.span.last for p in reports))
        own = frozenset(p.record["id"] for p in reports)
        asked = self.before(theirs, first + TICK, last + TICK, None, own)
        due = self.time_for(ours, reports)
        done = self.before(ours, due.early, due.late, due.late if self.at >= due.late else None)

        def concluded(most: float) -> str:
            verdict = self.kept(ours.limit.number, done, asked, due, most)
            return verdict if sure or verdict not in {"violated", "complied"} else "indeterminate"

        verdict, evidence = concluded(done.counted), set[str]()
        if done.watched is not None and concluded(done.best) != verdict:
            verdict, evidence = concluded(done.best), done.watched | done.tallies
            verdict = "indeterminate" if done.tallies else verdict
        names = done.names | done.counts
        beside = self.with_denials(names | asked.names, [*done.inside, *asked.inside])
        return Answer(verdict, beside | evidence, ours.bearer, telling=self.telling(names))

    def time_for(self, ours: Side, reports: list[Part]) -> When:
        """By when so many are due, counted from an incident."""
        deadline = ours.rule.deadline
        assert deadline is not None
        self.trigger = self.began([(p.value, p.record) for p in reports])
        due = self.anchor(deadline.anchor, ours.rule, ours.bearer, ours.readings)
        self.trigger = None
        assert due is not None
        return self.passed(due, inclusive=deadline.word != "before")

    def kept(self, number: int, done: Count, asked: Count, due: When, most: float) -> str:
        """What follows where no more than so many were done by the time they were due."""
        if min(done.least, most) >= number * asked.told:
            return "complied"
        if self.at < due.early:
            return "pending"
        if self.at < due.late:
            return "indeterminate"
        if max(done.least, most) < number * asked.least:
            return "violated"
        if most == math.inf and done.told < number * asked.least:
            return "unobserved"
        return "indeterminate"
