"""Prohibitions, incident by incident."""

from __future__ import annotations

import datetime as dt

from oracle_exceptions import Exceptions, Lifted
from oracle_parts import MAYBE, NO, SOMEONE_ELSE, YES, Answer, Record, widest

from servanda_dsl.model import Rule


class Bans(Exceptions):
    """Breaches."""

    def prohibition(self, rule: Rule) -> dict[str, Answer]:
        incidents: dict[str, list[Record]] = {}
        for name, record in self.counting.items():
            if self.shows(record, rule.act or "", rule):
                incidents.setdefault(self.instance_of(name), []).append(record)
        answers = {}
        for key, records in incidents.items():
            by_reading = [self.incident(rule, records, readings) for readings in self.choices(rule)]
            shown = [a for a in by_reading if a is not None]
            if not shown:
                continue
            verdicts = {a.verdict if a else "not-applicable" for a in by_reading}
            verdict = shown[0].verdict if len(verdicts) == 1 else "indeterminate"
            bearers = {a.bearer for a in shown}
            answers[key] = Answer(
                verdict,
                frozenset(i for a in shown for i in a.evidence),
                bearers.pop() if len(bearers) == 1 else None,
                exceptions=shown[0].exceptions,
                suspects=frozenset(i for a in shown for i in a.suspects),
                breach=widest(shown),
                telling=frozenset(i for a in shown for i in a.telling),
            )
        if all(a.verdict == "not-applicable" for a in answers.values()):
            answers["remainder"] = self.silent(rule)
        return answers

    def incident(self, rule: Rule, records: list[Record], readings: dict[str, str]) -> Answer | None:
        assert rule.bearer is not None
        values = self.together({r["id"]: self.breach(rule, r, readings) for r in records}, rule, one_matter=True)
        best = max(values.values())
        shown = [r for r in records if values[r["id"]] > NO]
        outside = [r for r in records if self.by_one_not_bound(rule, r, readings)]
        if not shown:
            ids = frozenset(r["id"] for r in outside)
            tried = frozenset(c for r in outside for c in self.candidates(r, rule))
            return Answer("not-applicable", ids, suspects=tried, telling=ids) if outside else None
        telling = [r for r in shown if values[r["id"]] == best]
        against = {d["id"] for d in self.counting.values() for r in telling if self.denies(d, r)}
        otherwise = [r for r in records if r not in outside and self.no_breach(rule, r, readings)]
        opposing = [o for r in telling for o in self.opposed(r, otherwise, rule)]
        doubts = [*opposing, *(r for r in outside if self.weighs(r, rule) == YES)]
        against |= {r["id"] for r in (*outside, *opposing)}
        evidence = frozenset(r["id"] for r in shown) | against
        who = {c for r in telling for c in self.possible(rule, r, readings)}
        who |= {c for r in shown if self.named(r) for c in self.possible(rule, r, readings)}
        bearer = next(iter(who)) if len(who) == 1 else None
        if bearer == SOMEONE_ELSE or any(n != bearer for r in (*shown, *outside, *opposing) for n in self.named(r)):
            bearer = None
        tested = {r["id"]: {n: self.exception(rule, n, [r], readings) for n in rule.exceptions} for r in shown}
        evidence |= {record for found in tested.values() for one in found.values() for record in one.records}
        sure = best == YES and not doubts and not any(self.contradicted(r, rule) for r in telling)
        verdict, basis = self.excused_or_not(rule, shown, telling if sure else [], tested)
        called = {n: self.as_one([tested[r["id"]][n] for r in basis]).called for n in rule.exceptions}
        if verdict == "excused":
            called |= {n: "shown" for n in called if any(tested[r["id"]][n].called == "shown" for r in basis)}
        answer = Answer(verdict, evidence, bearer, exceptions=called, suspects=frozenset(who))
        answer.telling = frozenset(r["id"] for r in shown)
        if verdict != "excused":
            excused = [r for r in shown if any(one.value == YES for one in tested[r["id"]].values())]
            perhaps = [r for r in shown if r not in excused] or shown
            answer.breach = self.complete(rule, perhaps, basis if verdict == "violated" else [], readings, who)
        return answer

    def complete(
        self, rule: Rule, perhaps: list[Record], surely: list[Record], readings: dict[str, str], who: set[str]
    ) -> tuple[dt.datetime, dt.datetime]:
        """Between when and when a breach was complete: not after what surely is one, nor before what may be one."""
        assert rule.bearer is not None
        first = min(self.span(r).first for r in perhaps)
        last = min((self.span(r).end for r in surely), default=max(self.span(r).end for r in perhaps))
        began = [self.beginning(rule, p, readings) for p in who & set(rule.bearer.parties)]
        since = min((b.early for b in began if b is not None), default=first)
        return max(since, first), max(since, last)

    def excused_or_not(
        self, rule: Rule, shown: list[Record], sure: list[Record], tested: dict[str, dict[str, Lifted]]
    ) -> tuple[str, list[Record]]:
        """Violated by what nothing excuses; excused only if every report that shows it, or may, is excused."""
        lifts = {name: max((one.value for one in found.values()), default=NO) for name, found in tested.items()}
        covered = [r for r in shown if lifts[r["id"]] > NO]
        free = [r for r in sure if lifts[r["id"]] == NO and not self.opposed(r, covered, rule)]
        if free and self.enough(free, rule):
            return "violated", free
        if sure and min(lifts.values()) == YES:
            return "excused", shown
        return "indeterminate", shown

    def breach(self, rule: Rule, record: Record, readings: dict[str, str]) -> int:
        values = {self.breach_by(rule, record, c, readings) for c in self.candidates(record, rule)}
        value = values.pop() if len(values) == 1 else MAYBE
        return min(value, self.proves(record, rule, breach=True))

    def breach_by(self, rule: Rule, record: Record, party: str, readings: dict[str, str]) -> int:
        assert rule.bearer is not None
        return self.done_by(rule, record, party, readings) if party in rule.bearer.parties else NO

    def done_by(self, rule: Rule, record: Record, who: str, readings: dict[str, str]) -> int:
        span = self.span(record)
        return min(self.happened(span), self.binds(rule, span, who, readings), self.matches(record, rule, who))

    def by_one_not_bound(self, rule: Rule, record: Record, readings: dict[str, str]) -> bool:
        tried = [n for n in self.candidates(record, rule) if n != SOMEONE_ELSE]
        values = [self.by_one_outside(rule, record, n, readings) for n in tried]
        if SOMEONE_ELSE in self.candidates(record, rule) or None in values:
            return False
        return max(v for v in values if v is not None) > NO

    def by_one_outside(self, rule: Rule, record: Record, who: str, readings: dict[str, str]) -> int | None:
        """Whether it is what a rule forbids, by one whom it surely does not bind; None where it may bind him."""
        if who not in self.agreement.parties:
            return self.done_by(rule, record, who, readings)
        assert rule.bearer is not None
        if who not in rule.bearer.parties or self.done_by(rule, record, who, readings) > NO:
            return None
        if who not in self.agreement.joining:
            return None
        span = self.span(record)
        start = self.for_all(rule, who, readings)
        value = min(self.happened(span), self.binds(rule, span, who, readings, started=start))
        return min(value, self.matches(record, rule, who)) or None

    def possible(self, rule: Rule, record: Record, readings: dict[str, str]) -> list[str]:
        tried = self.candidates(record, rule)
        return [c for c in tried if c == SOMEONE_ELSE or self.breach_by(rule, record, c, readings) > NO]

    def no_breach(self, rule: Rule, record: Record, readings: dict[str, str]) -> bool:
        """Whether what it tells of the event is surely no breach; that nobody knows when a rule binds tells nothing."""
        span = self.span(record)
        if self.happened(span) == NO:
            return False
        for party in self.candidates(record, rule):
            if rule.bearer is None or party not in rule.bearer.parties:
                continue
            if self.beginning(rule, party, readings) is None:
                return False
            if self.binds(rule, span, party, readings) > NO and not self.not_that(record, rule, party):
                return False
        return True
