"""Who is bound by an act of his own, and from when: every record of it is looked at, and every moment without one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from oracle_parts import MAYBE, NEVER, NO, YES, Answer, Record, When
from oracle_silence import Silence

from servanda_dsl.model import Rule

EVER = dt.datetime(1, 1, 1, tzinfo=dt.UTC)


@dataclass
class Joining(Silence):
    """From when on a party is bound that joins by its own act."""

    joined: dict[str, tuple[When, set[str]]] = field(init=False, default_factory=dict)
    """Between when and when each came to be bound, with the records that tell of it."""

    def beginning(self, rule: Rule, party: str, readings: dict[str, str]) -> When | None:
        """A rule begins to bind a party that joins as it begins for all, or with its joining: the later of both."""
        own = super().beginning(rule, party, readings)
        if own is None or party not in self.agreement.joining or rule.kind == "permission":
            return own
        when = self.joins(party)
        return replace(own, early=max(own.early, when.early), late=max(own.late, when.late))

    def for_all(self, rule: Rule, party: str, readings: dict[str, str]) -> When | None:
        return super().beginning(rule, party, readings)

    def joins(self, party: str) -> When:
        if party not in self.joined:
            early, late, records = self.when_joined(party)
            self.joined[party] = When(early, late, early.date(), late.date()), records
        return self.joined[party][0]

    def never_joins(self, party: str) -> bool:
        return party in self.agreement.joining and self.joins(party).early >= NEVER

    def when_joined(self, party: str) -> tuple[dt.datetime, dt.datetime, set[str]]:
        act = self.agreement.joining[party]
        due = self.too_late_from(act, party)
        in_time: dict[str, int] = {}
        too_late: dict[str, int] = {}
        told = [r for r in self.counting.values() if self.shows(r, act.act or "", act)]
        otherwise = [r for r in told if self.was(r, party) == NO and self.happened(self.span(r)) > NO]
        for record in told:
            span = self.span(record)
            value = min(
                self.was(record, party),
                self.matches(record, act, party),
                self.happened(span),
                self.proves(record, act),
                MAYBE if self.contradicted(record, act) else YES,
                MAYBE if self.opposed(record, otherwise, act) else YES,
            )
            before = MAYBE if due is None else YES if span.last < due.early else NO if span.first >= due.late else MAYBE
            if value > NO:
                (too_late if before == NO else in_time)[record["id"]] = value if before == NO else min(value, before)
        late = [self.by_id[n] for n in too_late]
        for name, value in in_time.items():
            in_time[name] = min(value, MAYBE if self.opposed(self.by_id[name], late, act) else YES)
        names = set(in_time) or set(too_late)
        first = min((self.span(self.by_id[n]).first for n in in_time), default=NEVER)
        sure = self.surely_by([self.by_id[n] for n, value in in_time.items() if value == YES], act)
        if sure is not None:
            return first, sure, names
        shown_late = self.surely_by([self.by_id[n] for n, value in too_late.items() if value == YES], act)
        if not in_time and shown_late is not None and self.agreement.vocabulary.acts[act.act or ""].once:
            return NEVER, NEVER, names
        unseen, watches = self.unseen_from(act, party, due)
        return min(first, unseen), NEVER, names | watches

    def too_late_from(self, act: Rule, party: str) -> When | None:
        if act.deadline is None:
            return self.exactly(NEVER)
        due = self.anchor(act.deadline.anchor, act, party, {})
        return None if due is None else self.passed(due, inclusive=act.deadline.word != "before")

    def unseen_from(self, act: Rule, party: str, due: When | None) -> tuple[dt.datetime, set[str]]:
        """The first instant at which it may have been done and nobody would have seen it: each is tried in turn."""
        signed = None if self.agreement.signed is None else self.written(self.agreement.signed)
        if signed is None or self.unread or (due is not None and due.early <= signed.early):
            return EVER, set()
        last = self.at if due is None else min(due.late, self.at)
        hour = dt.timedelta(hours=1)
        spans = [self.span(r) for r in self.counting.values()]
        ends = {t - h * hour for s in spans for t in (s.first, s.end) for h in (0, 1, 2, 24)}
        ends |= {self.at - h * hour for h in (0, 1, 2, 24)} | {s.first + dt.timedelta(microseconds=1) for s in spans}
        until, used = signed.early, set[str]()
        for moment in sorted({*ends, last}):
            if signed.early < moment <= last:
                kept = self.never(act, party, signed.early, moment)
                if kept is None:
                    break
                until, used = moment, kept
        over = due is not None and until >= due.late
        return (NEVER if over else until), used

    # ---- what is said of those who are not bound ----

    def bound(self, rule: Rule) -> tuple[str, ...]:
        return tuple(p for p in super().bound(rule) if not self.never_joins(p))

    def not_yet_bound(self, party: str) -> bool:
        return party in self.agreement.joining and self.joins(party).early >= self.at

    def borne(self, rule: Rule, answer: Answer) -> None:
        """A duty, or a limit, of a party of which it is not sure that it is bound, or was in time."""
        party = answer.bearer
        if party is None or party not in self.agreement.joining or rule.kind == "prohibition":
            return
        when, dues = self.joins(party), list[When | None]()
        once = rule.trigger is None and rule.breach is None and rule.measure is None
        if rule.deadline is not None and once:
            dues = [self.anchor(rule.deadline.anchor, rule, party, c) for c in self.choices(rule)]
        word = "" if rule.deadline is None else rule.deadline.word
        known = [self.passed(d, inclusive=word != "before") for d in dues if d is not None]
        early, late = min((d.early for d in known), default=NEVER), max((d.late for d in known), default=NEVER)
        over = bool(known) and late <= when.early and late <= self.at
        if when.early >= NEVER or over:
            answer.verdict, answer.breach = "not-applicable", None
        elif answer.verdict == "violated" and rule.kind == "obligation" and known and early <= when.late:
            answer.verdict = "indeterminate"

    def rests_on_joining(self, rule: Rule, key: str, answer: Answer) -> None:
        """An answer rests on what tells whether those are bound who bear it, or may have."""
        assert rule.bearer is not None
        named = {answer.bearer, *answer.suspects}
        if rule.kind == "prohibition":
            named |= {n for i in answer.evidence for n in self.named(self.by_id[i])}
        if key == "remainder":
            named = {p for p in rule.bearer.parties if self.not_yet_bound(p)} if rule.kind == "prohibition" else set()
        if answer.verdict in {"violated", "excused", "complied", "indeterminate", "not-applicable"}:
            for party in named & self.agreement.joining.keys():
                self.joins(party or "")
                answer.evidence |= self.joined[party or ""][1]

    def a_party_then(self, name: str, record: Record) -> int:
        """Whether somebody was bound when something happened."""
        if name not in self.agreement.parties:
            return NO
        return self.since(self.span(record), self.joins(name)) if name in self.agreement.joining else YES
