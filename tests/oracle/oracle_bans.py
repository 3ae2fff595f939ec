"""Prohibitions, incident by incident."""

from __future__ import annotations

from oracle_exceptions import Exceptions
from oracle_parts import MAYBE, NO, SOMEONE_ELSE, YES, Answer, Record

from servanda_dsl.model import Rule


class Bans(Exceptions):
    """Breaches."""

    def prohibition(self, rule: Rule) -> dict[str, Answer]:
        incidents: dict[str, list[Record]] = {}
        for name, record in self.counting.items():
            if self.shows(record, rule.act or "", rule) and not record.get("denies"):
                incidents.setdefault(self.instance_of(name), []).append(record)
        answers = {}
        for key, records in incidents.items():
            by_reading = [self.incident(rule, records, readings) for readings in self.choices(rule)]
            shown = [a for a in by_reading if a is not None]
            if not shown:
                continue
            verdicts = {a.verdict if a else "not-applicable" for a in by_reading}
            verdict = shown[0].verdict if len(verdicts) == 1 else "indeterminate"
            evidence = frozenset(i for a in shown for i in a.evidence)
            answers[key] = Answer(verdict, evidence, shown[0].bearer, shown[0].exceptions)
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
            return Answer("not-applicable", frozenset(r["id"] for r in outside)) if outside else None
        telling = [r for r in shown if values[r["id"]] == best]
        against = {d["id"] for d in self.counting.values() for r in telling if self.denies(d, r)}
        against |= {r["id"] for r in outside}
        evidence = frozenset(r["id"] for r in shown) | against
        who = {c for r in telling for c in self.possible(rule, r, readings)}
        who |= {c for r in shown if self.named(r) for c in self.possible(rule, r, readings)}
        bearer = next(iter(who)) if len(who) == 1 else None
        if bearer == SOMEONE_ELSE or any(n != bearer for r in (*shown, *outside) for n in self.named(r)):
            bearer = None
        sure = best == YES and not outside and not any(self.contradicted(r, rule) for r in telling)
        lifted = {n: self.exception(rule, n, telling, readings) for n in rule.exceptions}
        evidence |= {record for one in lifted.values() for record in one.records}
        lifts = max((one.value for one in lifted.values()), default=NO)
        verdict = {NO: "violated", MAYBE: "indeterminate", YES: "excused"}[lifts] if sure else "indeterminate"
        return Answer(verdict, evidence, bearer, {n: one.called for n, one in lifted.items()})

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
        named = self.named(record)
        if not named or any(n in self.agreement.parties for n in named):
            return False
        return max(self.done_by(rule, record, n, readings) for n in named) > NO

    def possible(self, rule: Rule, record: Record, readings: dict[str, str]) -> list[str]:
        tried = self.candidates(record, rule)
        return [c for c in tried if c == SOMEONE_ELSE or self.breach_by(rule, record, c, readings) > NO]
