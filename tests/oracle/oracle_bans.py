"""Prohibitions, incident by incident, and what lifts them."""

from __future__ import annotations

from oracle_parts import MAYBE, NO, SOMEONE_ELSE, YES, Answer, Record, widest
from oracle_silence import Silence

from servanda_dsl.model import Rule


class Bans(Silence):
    """Breaches and exceptions."""

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
            bearers = {a.bearer for a in shown}
            answers[key] = Answer(
                verdict,
                shown[0].evidence,
                bearers.pop() if len(bearers) == 1 else None,
                frozenset().union(*(a.suspects for a in shown)),
                widest(shown),
                shown[0].telling,
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
            return Answer("not-applicable", ids, telling=ids) if outside else None
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
        tried = sorted(who - {SOMEONE_ELSE}) or list(rule.bearer.parties if rule.bearer else ())
        lifted = [self.exception(rule, self.agreement.rule(n), telling, tried, readings) for n in rule.exceptions]
        evidence |= {record for _, records in lifted for record in records}
        results = {result for result, _ in lifted}
        if sure and "shown" in results:
            return Answer("excused", evidence, bearer, telling=frozenset(r["id"] for r in shown))
        verdict = "violated" if sure and "open" not in results else "indeterminate"
        spans = {r["id"]: self.span(r) for r in shown}
        ends = [s.end for i, s in spans.items() if verdict == "indeterminate" or values[i] == YES]
        last = max(ends) if verdict == "indeterminate" else min(ends)
        began = [self.beginning(rule, p, readings) for p in who & set(rule.bearer.parties)]
        since = min((b.early for b in began if b is not None), default=min(s.first for s in spans.values()))
        breach = max(since, min(s.first for s in spans.values())), max(since, last)
        return Answer(verdict, evidence, bearer, frozenset(who), breach, frozenset(spans))

    def exception(
        self, rule: Rule, permission: Rule, acts: list[Record], who: list[str], readings: dict[str, str]
    ) -> tuple[str, set[str]]:
        """What becomes of a permission, over all the acts and all those it may have been."""
        tried = [[self.permits(rule, permission, a, p, readings) for p in who] for a in acts]
        records = {r for row in tried for _, found in row for r in found}
        merged = []
        for row in tried:
            kinds = {result for result, _ in row}
            merged.append(kinds.pop() if len(kinds) == 1 else "open")
        return (merged[0] if len(set(merged)) == 1 else "open"), records

    def permits(
        self, rule: Rule, permission: Rule, act: Record, party: str, readings: dict[str, str]
    ) -> tuple[str, set[str]]:
        assert permission.bearer is not None
        permitted = NO
        if party in permission.bearer.parties and self.shows(act, permission.act or "", permission):
            in_force = self.permitted(rule, permission, act, party, readings)
            permitted = min(self.matches(act, permission, party), in_force)
        if permitted == NO:
            return "not-shown", set()
        before = permission.only_if_before
        tests = [
            self.on_record(rule, permission, name, act, party, own=True, before=before) for name in permission.only_if
        ]
        if permission.response_to:
            tests.append(self.on_record(rule, permission, permission.response_to, act, party, own=False, before=True))
        if not tests:
            return ("shown" if permitted == YES else "open"), set()
        values = [value for value, _ in tests]
        if max(values) == NO:
            return "not-shown", set()
        return ("shown" if min(permitted, *values) == YES else "open"), {r for _, found in tests for r in found}

    def on_record(
        self, rule: Rule, permission: Rule, name: str, act: Record, party: str, *, own: bool, before: bool
    ) -> tuple[int, set[str]]:
        """Whether a record that belongs to an act is there, by the same party or by someone else."""
        values, found = {}, set()
        for record in self.counting.values():
            if record is act or record.get("denies") or not self.shows(record, name, permission):
                continue
            if not self.belongs(record, act):
                continue
            who = self.was(record, party) if own else YES - self.was(record, party)
            first, last = self.span(record), self.span(act)
            precedes = YES if first.last < last.first else NO if first.first >= last.last else MAYBE
            doubt = MAYBE if self.contradicted(record, rule) else YES
            value = min(who, self.some(record), self.proves(record, rule), doubt, precedes if before else YES)
            if value > NO:
                found |= {record["id"]} | {d["id"] for d in self.counting.values() if self.denies(d, record)}
            values[record["id"]] = value
        return max(self.together(values, rule, one_matter=True).values(), default=NO), found

    def belongs(self, record: Record, act: Record) -> bool:
        incident = self.incident_of(record["id"])
        same = incident is not None and incident == self.incident_of(act["id"])
        forth = set(record.get("refers_to", [])) & self.names_of(act["id"])
        back = set(act.get("refers_to", [])) & self.names_of(record["id"])
        return same or bool(forth) or bool(back)

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
