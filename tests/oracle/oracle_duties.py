"""Obligations, for each bearer and each trigger."""

from __future__ import annotations

from oracle_bans import Bans
from oracle_parts import MAYBE, NEVER, NO, YES, Answer, Cause, Record, Span, Triggers, When, widest

from servanda_dsl.model import Rule


class Duties(Bans):
    """Performance, deadlines and triggers."""

    def triggered(self, rule: Rule) -> dict[str, Answer]:
        assert rule.bearer is not None
        groups: dict[tuple[str, str], Triggers] = {}
        for name, record in self.counting.items():
            if not self.shows(record, rule.trigger or "", rule):
                continue
            for party in rule.bearer.parties:
                span = self.span(record)
                bound = {self.binds(rule, span, party, c) for c in self.choices(rule)}
                known = min(
                    self.set_off_by(rule, party, record),
                    self.some(record),
                    self.happened(span),
                    self.proves(record, rule),
                    MAYBE if self.contradicted(record, rule) else YES,
                    MAYBE if self.by_somebody_else(rule, party, record) else YES,
                    bound.pop() if len(bound) == 1 else MAYBE,
                )
                if known > NO:
                    groups.setdefault((party, self.instance_of(name)), []).append((known, record))
        answers = {}
        for (party, key), reported in groups.items():
            weighed = self.together({r["id"]: k for k, r in reported}, rule)
            triggers = [(weighed[r["id"]], r) for _, r in reported]
            sure = max(known for known, _ in triggers)
            answer = self.obligation(rule, party, triggers)
            if sure == MAYBE and answer.verdict in {"violated", "complied"}:
                answer.verdict = "indeterminate"
            answer.evidence |= {r["id"] for _, r in triggers}
            answer.evidence |= {d["id"] for d in self.counting.values() for _, r in triggers if self.denies(d, r)}
            answer.evidence |= {o["id"] for _, r in triggers for o in self.by_somebody_else(rule, party, r)}
            answers[f"{party}:{key}"] = answer
        waits = any(
            self.beginning(rule, p, c) is None and not self.hangs_on_a_report(rule.starts)
            for p in rule.bearer.parties
            for c in self.choices(rule)
        )
        return answers or {"remainder": Answer("pending" if waits else "unobserved")}

    def by_somebody_else(self, rule: Rule, party: str, record: Record) -> list[Record]:
        """Reports of the same event by which it was somebody whose act triggers nothing."""
        assert rule.bearer is not None
        others = [
            r
            for r in self.counting.values()
            if self.shows(r, rule.trigger or "", rule)
            and self.happened(self.span(r)) > NO
            and self.set_off_by(rule, party, r) == NO
        ]
        return self.opposed(record, others, rule)

    def set_off_by(self, rule: Rule, party: str, record: Record) -> int:
        """Whether it was done by one whose act triggers the duty of a party."""
        assert rule.bearer is not None
        if rule.trigger_by is not None:
            named = rule.trigger_by
            joins = named in self.agreement.joining
            return min(self.was(record, named), self.a_party_then(named, record) if joins else YES)
        return self.was(record, party) if rule.bearer.of_trigger else self.was_a_party(record)

    def was_a_party(self, record: Record) -> int:
        inside = {self.a_party_then(n, record) for n in self.named(record)}
        return MAYBE if len(inside) != 1 else inside.pop()

    def answers_to(self, record: Record, triggers: list[Record]) -> int:
        """Whether a record answers a trigger: it says so, or (where it says nothing of the kind) it may."""
        span, began = self.whole_span(record), self.trigger
        assert began is not None
        if span.end < began.first:
            return NO
        after = YES if span.first >= began.end else MAYBE
        if any(self.belongs(record, trigger) for trigger in triggers):
            return after
        return NO if record.get("refers_to") else MAYBE

    def answers_the_breach(self, record: Record, cause: Cause) -> int:
        """Whether a record answers a violation: by the name of its finding, or by what shows it."""
        span, began = self.whole_span(record), self.trigger
        assert began is not None
        if span.end < began.first:
            return NO
        after = YES if span.first >= began.end else MAYBE
        named = set(record.get("refers_to", []))
        if named & cause.names or any(self.belongs(record, report) for report in cause.reports):
            return after
        if any(self.belongs(record, other) for other in cause.beside):
            return MAYBE
        return NO if named else MAYBE

    def obligation(
        self, rule: Rule, party: str, triggers: Triggers | None = None, violation: tuple[Span, Cause] | None = None
    ) -> Answer:
        reports = [r for _, r in triggers or []]
        self.trigger = self.began(triggers) if triggers else None
        self.trigger, self.cause = violation or (self.trigger, None)
        answers = [self.duty(rule, party, readings, reports) for readings in self.choices(rule)]
        verdict = answers[0].verdict if len({a.verdict for a in answers}) == 1 else "indeterminate"
        if self.unread and (verdict == "complied" or (verdict == "violated" and answers[0].by_silence)):
            verdict = "indeterminate"
        answer = Answer(verdict, answers[0].evidence, party, suspects=frozenset({party}), breach=widest(answers))
        answer.telling = answers[0].telling
        return answer

    def began(self, triggers: Triggers) -> Span:
        """When what triggers a duty was: not after its first sure report, nor before any that is not sure."""
        spans = [(self.span(record), known) for known, record in triggers]
        sure = [s.end for s, known in spans if known == YES]
        first = min(s.first for s, _ in spans)
        return Span(first, min(sure) if sure else max(s.end for s, _ in spans), "within")

    def duty(self, rule: Rule, party: str, readings: dict[str, str], triggers: list[Record]) -> Answer:
        due = self.anchor(rule.deadline.anchor, rule, party, readings) if rule.deadline else None
        if due is not None and rule.deadline is not None:
            due = self.passed(due, inclusive=rule.deadline.word != "before")
        told = []
        timed: dict[int, dict[str, int]] = {NO: {}, MAYBE: {}, YES: {}}
        for name, record in self.counting.items():
            if not self.shows(record, rule.act or "", rule):
                continue
            span = self.whole_span(record)
            told.append(record)
            done = min(
                self.achieved(record),
                self.was(record, party),
                self.proves(record, rule),
                self.matches(record, rule, party),
                self.answered(rule, record, party, readings, triggers),
                MAYBE if self.contradicted(record, rule) else YES,
            )
            if done == NO:
                continue
            timed[self.in_time(rule, span, due)][name] = done
        weighed = {before: self.together(found, rule) for before, found in timed.items()}
        opposing: dict[str, list[str]] = {}
        for found in weighed.values():
            for name in found:
                record = self.by_id[name]
                otherwise = [r for r in told if self.not_so(rule, party, readings, r, record, due, of=triggers)]
                opposing[name] = [o["id"] for o in self.opposed(record, otherwise, rule)]
                found[name] = min(found[name], MAYBE if opposing[name] else YES)
        late = weighed[NO]
        in_time = {n: min(v, before) for before, found in weighed.items() if before > NO for n, v in found.items()}
        seen = [*in_time, *late]
        against = {d["id"] for d in self.counting.values() for n in seen if self.denies(d, self.by_id[n])}
        evidence = frozenset(seen) | against | {o for n in seen for o in opposing[n]}
        if self.beginning(rule, party, readings) is None and not self.hangs_on_a_report(rule.starts):
            due = None  # nobody knows when it begins to bind, so nobody can say that it is over
        verdict = self.duty_verdict(rule, due, in_time, late)
        began = self.trigger.first if self.trigger else None
        if began is None and (start := self.beginning(rule, party, readings)) is not None:
            began = start.early
        silent = verdict in {"unobserved", "indeterminate"} and due is not None and self.at >= due.late and not in_time
        by_silence = False
        if silent and began is not None and due is not None:
            watches = self.never(rule, party, began, due.late)
            if watches is not None:
                verdict, evidence, by_silence = "violated", evidence | watches, True
        if verdict == "violated" and self.trigger is None and due is not None:
            late_start = self.may_begin_too_late(rule, party, readings, due)
            verdict, by_silence = ("indeterminate", False) if late_start else (verdict, by_silence)
        breach = None
        if rule.deadline and verdict in {"violated", "indeterminate"}:
            assert began is not None
            breach = (due.early if due else min(began, self.at)), min(due.late if due else self.at, self.at)
        return Answer(verdict, evidence, party, by_silence=by_silence, breach=breach, telling=frozenset(seen))

    def may_begin_too_late(self, rule: Rule, party: str, readings: dict[str, str], due: When) -> bool:
        """Whether a duty may begin never, or only after an instant that is fixed as the one by which it is due."""
        start = self.beginning(rule, party, readings)
        if start is None:
            return False
        return (start.late >= NEVER and due.late < NEVER) or (due.early == due.late < start.late)

    def answered(self, rule: Rule, record: Record, party: str, readings: dict[str, str], triggers: list[Record]) -> int:
        """Whether a record answers what triggered the duty; where nothing did, whether it was done while it bound."""
        if self.cause is not None:
            return self.answers_the_breach(record, self.cause)
        return (
            self.answers_to(record, triggers)
            if triggers
            else self.binds(rule, self.whole_span(record), party, readings)
        )

    def not_so(
        self,
        rule: Rule,
        party: str,
        readings: dict[str, str],
        other: Record,
        record: Record,
        due: When | None,
        *,
        of: list[Record],
    ) -> bool:
        """Whether another report surely tells of no performance, or of one on the other side of the deadline."""
        span = self.whole_span(other)
        if self.happened(span) == NO:
            return False
        start = None if of or self.cause else self.beginning(rule, party, readings)
        before_it_bound = start is not None and self.binds(rule, span, party, readings) == NO
        timed = {self.in_time(rule, self.whole_span(r), due) for r in (other, record)}
        return (
            before_it_bound or timed == {YES, NO} or self.was(other, party) == NO or self.not_that(other, rule, party)
        )

    def achieved(self, record: Record) -> int:
        """Whether something had been achieved by the instant of evaluation; what lasts, once it is over."""
        span = self.whole_span(record)
        if span.kind == "throughout" and span.first <= self.at < span.end:
            return MAYBE
        return self.happened(span)

    def in_time(self, rule: Rule, span: Span, due: When | None) -> int:
        if due is None:
            return MAYBE if rule.deadline else YES
        return YES if span.last < due.early else NO if span.first >= due.late else MAYBE

    def duty_verdict(self, rule: Rule, due: When | None, in_time: dict[str, int], late: dict[str, int]) -> str:
        if YES in in_time.values():
            return "complied"
        if rule.deadline is None:
            return "indeterminate" if in_time else "pending"
        if due is None:
            return "indeterminate" if in_time else "pending"
        if self.at < due.early:
            return "pending"
        if in_time:
            return "indeterminate"
        once = self.agreement.vocabulary.acts[rule.act or ""].once
        if once and YES in late.values():
            return "violated"
        return "indeterminate" if self.at < due.late or late else "unobserved"
