"""Prohibitions, incident by incident, and what lifts them."""

from __future__ import annotations

from oracle_parts import MAYBE, NO, SOMEONE_ELSE, YES, Answer, Record
from oracle_silence import Silence

from servanda_dsl.model import Rule


class Bans(Silence):
    """Breaches and exceptions."""

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
            answers[key] = Answer(verdict, shown[0].evidence, shown[0].bearer)
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
        tested = {r["id"]: self.exceptions(rule, r, readings) for r in shown}
        evidence |= {record for found in tested.values() for _, records in found for record in records}
        if best == YES and not doubts and not any(self.contradicted(r, rule) for r in telling):
            return Answer(self.excused_or_not(rule, shown, telling, tested), evidence, bearer)
        return Answer("indeterminate", evidence, bearer)

    def excused_or_not(
        self, rule: Rule, shown: list[Record], telling: list[Record], tested: dict[str, list[tuple[str, set[str]]]]
    ) -> str:
        """Violated by what nothing excuses; excused only if every report that shows it, or may, is excused."""
        bare = [r for r in shown if all(result == "not-shown" for result, _ in tested[r["id"]])]
        covered = [r for r in shown if r not in bare]
        free = [r for r in telling if r in bare and not self.opposed(r, covered, rule)]
        if free and self.enough(free, rule):
            return "violated"
        if all(any(result == "shown" for result, _ in tested[r["id"]]) for r in shown):
            return "excused"
        return "indeterminate"

    def exceptions(self, rule: Rule, act: Record, readings: dict[str, str]) -> list[tuple[str, set[str]]]:
        assert rule.bearer is not None
        possible = [p for p in self.possible(rule, act, readings) if p in rule.bearer.parties]
        who = possible or list(rule.bearer.parties)
        return [self.exception(rule, self.agreement.rule(n), act, who, readings) for n in rule.exceptions]

    def exception(
        self, rule: Rule, permission: Rule, act: Record, who: list[str], readings: dict[str, str]
    ) -> tuple[str, set[str]]:
        """What becomes of a permission, over all those it may have been."""
        tried = [self.permits(rule, permission, act, p, readings) for p in who]
        kinds = {result for result, _ in tried}
        return (kinds.pop() if len(kinds) == 1 else "open"), {r for _, found in tried for r in found}

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
            if record is act or not self.shows(record, name, permission):
                continue
            if not self.belongs(record, act):
                continue
            who = self.was(record, party) if own else YES - self.was(record, party)
            first, last = self.span(record), self.span(act)
            precedes = YES if first.last < last.first else NO if first.first >= last.last else MAYBE
            doubt = MAYBE if self.contradicted(record, rule) else YES
            value = min(who, self.some(record), self.proves(record, rule), doubt, self.happened(first))
            value = min(value, precedes if before else YES)
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
