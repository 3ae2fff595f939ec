"""Spans, anchors and when a rule binds: the calendar of the oracle."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from oracle_parts import MAYBE, NEVER, NO, YES, Record, Span, When
from oracle_records import Records

from servanda_dsl import anchors as law
from servanda_dsl.model import Rule


class Times(Records):
    """When it was, and when a rule binds."""

    def span(self, record: Record) -> Span:
        """When something was seen, as far as it had gone by the instant of evaluation."""
        span = self.whole_span(record)
        if span.kind == "throughout" and span.end > self.at:
            span.end = max(self.at, span.first) + dt.timedelta(microseconds=1)
        return span

    def whole_span(self, record: Record) -> Span:
        at = record["at"]
        if isinstance(at, dict):
            return Span(self.moment(at["from"]), self.moment(at["to"], end=True), at.get("kind", "within"))
        if len(at) == len("2015-02-15"):
            return Span(self.moment(at), self.moment(at, end=True), "within")
        return Span(self.moment(at), self.moment(at), "instant")

    def moment(self, text: str, *, end: bool = False) -> dt.datetime:
        if len(text) == len("2015-02-15"):
            day = dt.date.fromisoformat(text) + dt.timedelta(days=1 if end else 0)
            return self.midnight(day)
        return dt.datetime.fromisoformat(text).astimezone(dt.UTC)

    def midnight(self, day: dt.date) -> dt.datetime:
        return dt.datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(dt.UTC)

    def day(self, moment: dt.datetime) -> dt.date:
        return moment.astimezone(self.zone).date()

    def happened(self, span: Span) -> int:
        """Whether it had happened by the instant of evaluation."""
        if span.kind == "throughout":
            return YES if span.first <= self.at else NO
        if span.end <= self.at:
            return YES
        return NO if span.first > self.at else MAYBE

    def exactly(self, moment: dt.datetime) -> When:
        return When(moment, moment, self.day(moment), self.day(moment))

    def written(self, instant: law.Instant) -> When:
        if instant.time is None:
            start = self.midnight(instant.date)
            return When(start, start, instant.date, instant.date, is_day=True)
        hour, minute = (int(x) for x in instant.time.split(":")[:2])
        clock = ZoneInfo(instant.zone) if instant.zone else self.zone
        date = instant.date + dt.timedelta(days=1 if hour == 24 else 0)
        local = dt.datetime(date.year, date.month, date.day, hour % 24, minute, tzinfo=clock).astimezone(dt.UTC)
        day = self.day(local - dt.timedelta(microseconds=1 if hour == 24 else 0))
        return When(local, local, day, day)

    def anchor(self, anchor: law.Anchor, rule: Rule, party: str, readings: dict[str, str]) -> When | None:
        match anchor:
            case law.EntryIntoForce():
                return None if self.agreement.in_force is None else self.written(self.agreement.in_force)
            case law.Signature():
                return None if self.agreement.signed is None else self.written(self.agreement.signed)
            case law.EventInstant():
                when = self.agreement.event(anchor.event).instant
                return None if when is None else self.written(when)
            case law.OpeningOf():
                return self.opening(anchor.gate)
            case law.Instant():
                return self.written(anchor)
            case law.Trigger():
                assert self.trigger is not None
                span = self.trigger
                return When(span.first, span.end, self.day(span.first), self.day(span.last))
            case law.DayOf():
                base = self.anchor(anchor.base, rule, party, readings)
                return None if base is None else self.days_after(base, anchor.number, "days", rule, readings)
            case law.Offset():
                base = self.shown_or(anchor, rule, party, readings)
                if base is None:
                    return None
                if base.late >= NEVER:  # what is counted from something that may never be may itself never be
                    sure = When(base.early, base.early, base.first_day, base.first_day, base.is_day)
                    return self.perhaps(self.moved(sure, anchor, rule, readings))
                return self.moved(base, anchor, rule, readings)
            case law.Unmet():
                return self.lapse(anchor, rule, party, readings)
            case law.PointOfRule(point="deadline"):
                other = self.agreement.rule(anchor.rule)
                assert other.deadline is not None
                due = self.anchor(other.deadline.anchor, other, party, readings)
                return None if due is None else self.passed(due, inclusive=other.deadline.word != "before")
            case law.PointOfRule():
                first, sure = self.first_of(self.agreement.rule(anchor.rule), party, rule, readings)
                return first if first is None or sure else self.perhaps(first)
            case _:
                raise NotImplementedError(anchor)

    def moved(self, base: When, offset: law.Offset, rule: Rule, readings: dict[str, str]) -> When:
        """So long after or before a base: hours and minutes elapse, the rest runs on the calendar."""
        amount = offset.amount if offset.direction == "after" else -offset.amount
        if offset.unit in {"hours", "minutes"}:
            by = dt.timedelta(**{offset.unit: amount})
            early, late = base.early + by, self.passed(base, inclusive=True).late + by
            last = late if late == early else late - dt.timedelta(microseconds=1)
            return When(early, late, self.day(early), self.day(last))
        return self.days_after(base, amount, offset.unit, rule, readings)

    def perhaps(self, when: When) -> When:
        """Not before its earliest, and perhaps never."""
        return When(when.early, NEVER, when.first_day, NEVER.date(), when.is_day)

    def shown_or(self, offset: law.Offset, rule: Rule, party: str, readings: dict[str, str]) -> When | None:
        base = self.anchor(offset.base, rule, party, readings)
        if offset.otherwise is None:
            return base
        fallback = self.anchor(offset.otherwise, rule, party, readings)
        if base is None or fallback is None:
            return base or fallback
        if isinstance(offset.base, law.PointOfRule) and offset.base.point != "deadline":
            base, surely = self.first_of(self.agreement.rule(offset.base.rule), party, rule, readings)
            assert base is not None
            if not surely:
                return When(
                    min(base.early, fallback.early),
                    max(base.late, fallback.late),
                    min(base.first_day, fallback.first_day),
                    max(base.last_day, fallback.last_day),
                    base.is_day and fallback.is_day,
                )
        return base

    def days_after(self, base: When, amount: int, unit: str, rule: Rule, readings: dict[str, str]) -> When:
        """Days, weeks, months or years later; the 31st of a month without one is its last day or the day after."""
        back = 1 if self.counting_of(rule, readings) == "inclusive" else 0
        shift = dt.timedelta(days=-back if amount > 0 else back)
        first = self.same_day(base.first_day, amount, unit)[0] + shift
        last = self.same_day(base.last_day, amount, unit)[1] + shift
        return When(self.midnight(first), self.midnight(last), first, last, is_day=True)

    def same_day(self, day: dt.date, amount: int, unit: str) -> tuple[dt.date, dt.date]:
        """The day so much later, twice; where the month has no such day, its last day and the first of the next."""
        if unit in {"days", "weeks"}:
            found = day + dt.timedelta(**{unit: amount})
            return found, found
        months = day.year * 12 + day.month - 1 + amount * (12 if unit == "years" else 1)
        try:
            found = dt.date(months // 12, months % 12 + 1, day.day)
        except ValueError:
            following = dt.date((months + 1) // 12, (months + 1) % 12 + 1, 1)
            return following - dt.timedelta(days=1), following
        return found, found

    def counting_of(self, rule: Rule, readings: dict[str, str]) -> str:
        for reading in rule.readings:
            if readings.get(rule.id) == reading.name and reading.counting is not None:
                return reading.counting
        assumed = [a.counting for a in self.agreement.in_scope(rule.clause) if a.kind == "days"]
        if assumed and assumed[-1] == "either":
            return readings[self.of_both(rule, "days")]
        return assumed[-1] if assumed else "exclusive"

    def of_both(self, rule: Rule, kind: str) -> str:
        """What two readings are called that an assumption gives; empty where it gives one answer, or there is none."""
        told = [a for a in self.agreement.in_scope(rule.clause) if a.kind == kind][-1:]
        if not told or "either" not in {getattr(told[0], "counting", ""), getattr(told[0], "by", "")}:
            return ""
        return kind if told[0].clause is None else f"{kind} of clause {told[0].clause}"

    def passed(self, due: When, *, inclusive: bool) -> When:
        if not due.is_day or not inclusive:
            return When(due.early, due.late, due.first_day, due.last_day)
        day = dt.timedelta(days=1)
        early, late = self.midnight(due.first_day + day), self.midnight(due.last_day + day)
        return When(early, late, due.first_day, due.last_day)

    def first_of(self, done: Rule, party: str, judge: Rule, readings: dict[str, str]) -> tuple[When | None, bool]:
        """The first performance of a rule by a party, and whether any is sure."""
        found = []
        told = [
            r
            for r in self.counting.values()
            if self.shows(r, done.act or "", done) and self.happened(self.span(r)) > NO
        ]
        otherwise = [r for r in told if self.was(r, party) == NO or self.not_that(r, done, party)]
        for record in told:
            value = min(
                self.was(record, party),
                self.matches(record, done, party),
                self.happened(self.span(record)),
                self.proves(record, judge),
                MAYBE if self.opposed(record, otherwise, judge) else YES,
                MAYBE if self.contradicted(record, judge) else YES,
                self.binds(done, self.span(record), party, readings, unless_known=MAYBE),
            )
            if value > NO:
                found.append((record, value))
        if not found:
            return None, False
        early = min(self.span(r).first for r, _ in found)
        sure = self.surely_by([r for r, v in found if v == YES], judge)
        late = sure or max(self.span(r).end for r, _ in found)
        last = early if late == early else late - dt.timedelta(microseconds=1)
        return When(early, late, self.day(early), self.day(last)), sure is not None

    def surely_by(self, reports: list[Record], judge: Rule) -> dt.datetime | None:
        """The first instant by which the reports of one incident that lie before it have enough origins."""
        for end in sorted({self.span(r).end for r in reports}):
            known = [r for r in reports if self.span(r).end <= end]
            for key in {self.instance_of(r["id"]) for r in known}:
                if self.enough([r for r in known if self.instance_of(r["id"]) == key], judge):
                    return end
        return None

    def binds(
        self,
        rule: Rule,
        span: Span,
        party: str,
        readings: dict[str, str],
        *,
        unless_known: int = NO,
        started: When | None = None,
    ) -> int:
        """Whether it was seen while the rule bound this party; and what, if nobody knows when it begins to bind."""
        start = started or self.beginning(rule, party, readings)
        if start is None:
            return unless_known if self.nobody_knows(self.begins_with(rule), rule, party, readings) else NO
        value = self.since(span, start)
        if rule.ends is not None:
            end = self.edge(rule.ends, rule, party, readings)
            if end is not None:
                any_time = YES if start.late < end.early else NO if start.early >= end.late else MAYBE
                value = min(value, self.until(span, end), any_time)
            elif self.nobody_knows(rule.ends, rule, party, readings):
                value = min(value, MAYBE)
        return value

    def nobody_knows(self, anchor: law.Anchor, rule: Rule, party: str, readings: dict[str, str]) -> bool:
        """Whether an anchor that gives nothing hangs on an instant that may have been, and not on a missing report."""
        match anchor:
            case law.EntryIntoForce():
                return self.agreement.in_force is None
            case law.Signature():
                return self.agreement.signed is None
            case law.EventInstant():
                return self.agreement.event(anchor.event).instant is None
            case law.OpeningOf():
                gate = self.agreement.gate(anchor.gate).what
                return self.nobody_knows(self.begins_with(gate), gate, party, readings)
            case law.DayOf():
                return self.nobody_knows(anchor.base, rule, party, readings)
            case law.Offset():
                parts = [a for a in (anchor.base, anchor.otherwise) if a is not None]
                return any(self.nobody_knows(a, rule, party, readings) for a in parts)
            case law.PointOfRule(point="deadline"):
                other = self.agreement.rule(anchor.rule)
                return other.deadline is not None and self.nobody_knows(other.deadline.anchor, other, party, readings)
            case _:
                return False

    def beginning(self, rule: Rule, party: str, readings: dict[str, str]) -> When | None:
        """When a rule begins to bind: as it says, else at entry into force, or at signature if it counts from that."""
        if rule.starts is not None:
            return self.edge(rule.starts, rule, party, readings)
        return self.anchor(self.begins_with(rule), rule, party, readings)

    def begins_with(self, rule: Rule) -> law.Anchor:
        if rule.starts is not None:
            return rule.starts
        given = [a for a in (rule.ends, rule.deadline.anchor if rule.deadline else None) if a is not None]
        signed = any(isinstance(p, law.Signature) for a in given for p in law.walk(a))
        return law.Signature() if signed else law.EntryIntoForce()

    def edge(self, anchor: law.Anchor, rule: Rule, party: str, readings: dict[str, str]) -> When | None:
        found = self.anchor(anchor, rule, party, readings)
        if found is not None and isinstance(anchor, law.Offset) and anchor.direction == "after":
            return self.passed(found, inclusive=True)
        return found

    def since(self, span: Span, start: When) -> int:
        moment = span.last if span.kind == "throughout" else span.first
        if moment >= start.late:
            return YES
        return NO if span.last < start.early else MAYBE

    def until(self, span: Span, end: When) -> int:
        moment = span.first if span.kind == "throughout" else span.last
        if moment < end.early:
            return YES
        return NO if span.first >= end.late else MAYBE
