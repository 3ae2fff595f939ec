"""Gates: the first time that was quiet for long enough, tried one after another; or the first certificate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from oracle_joining import Joining
from oracle_parts import MAYBE, NEVER, NO, YES, Answer, Record, Span, When

from servanda_dsl import anchors as law
from servanda_dsl.model import Gate, Rule

TICK = dt.timedelta(microseconds=1)


@dataclass
class Gates(Joining):
    """When gates open."""

    gates: dict[str, tuple[When | None, set[str]]] = field(init=False, default_factory=dict)
    """When each opens, with the records by which it does."""

    def opening(self, name: str) -> When | None:
        return self.opened(name)[0]

    def opened(self, name: str) -> tuple[When | None, set[str]]:
        if name not in self.gates:
            gate = self.agreement.gate(name)
            since = self.beginning(gate.what, "", {})
            if gate.certified_by is not None:
                self.gates[name] = self.certificate(gate, since)
            else:
                self.gates[name] = (None, set()) if since is None else self.quiet(gate, since)
        return self.gates[name]

    def certificate(self, gate: Gate, since: When | None) -> tuple[When | None, set[str]]:
        """The first record by which whoever has to certify does."""
        values: dict[str, int] = {}
        for name, record in self.counting.items():
            if record["act"] != "certify":
                continue
            named = record.get("fields", {}).get("gate")
            if since is None:
                after = MAYBE if self.nobody_knows(self.begins_with(gate.what), gate.what, "", {}) else NO
            else:
                after = self.since(self.span(record), since)
            values[name] = min(
                after,
                self.was(record, gate.certified_by or ""),
                MAYBE if named is None else YES if named == gate.name else NO,
                self.some(record),
                self.happened(self.span(record)),
                self.proves(record, gate.what),
                MAYBE if self.contradicted(record, gate.what) else YES,
            )
        given = [self.by_id[n] for n, value in values.items() if value > NO]
        if not given:
            return None, set()
        names = {r["id"] for r in given}
        early = min(self.span(r).first for r in given)
        sure = self.surely_by([r for r in given if values[r["id"]] == YES], gate.what)
        if sure is None:
            return When(early, NEVER, self.day(early), NEVER.date()), names
        return When(early, sure, self.day(early), self.day(sure if sure == early else sure - TICK)), names

    def quiet(self, gate: Gate, since: When) -> tuple[When, set[str]]:
        """The first time without what is watched for: as early as it can have been, and as late, if all was read."""
        broken = self.broken(gate.what)
        surely = [self.span(self.by_id[n]) for n, value in broken.items() if value == YES]
        perhaps = [self.span(self.by_id[n]) for n in broken]
        totals = [r for r in self.counting.values() if r["act"] == "tally" and self.some(r) > NO]
        perhaps += [self.span(r) for r in totals if self.happened(self.span(r)) > NO]
        whole = gate.unit in {"days", "weeks"}
        can = next(
            end
            for start, end in self.times(gate, since.early, surely)
            if not any(self.surely_within(s, start, end, whole=whole) for s in surely)
        )
        for start, end in self.times(gate, since.late, perhaps):
            if self.unread or end > self.at or any(self.perhaps_within(s, start, end, whole=whole) for s in perhaps):
                continue
            kept = self.never(gate.what, self.agreement.parties[0], start, end)
            if kept is not None:
                return When(can, end, self.day(can - TICK), self.day(end - TICK)), kept
        return When(can, NEVER, self.day(can - TICK), NEVER.date()), set()

    def times(self, gate: Gate, since: dt.datetime, spans: list[Span]) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """The times that may be the first: whole days one by one, or hours from everything that may begin them."""
        if since >= NEVER:
            return
        if gate.unit in {"days", "weeks"}:
            long = dt.timedelta(**{gate.unit: gate.amount})
            day = self.day(since) if self.midnight(self.day(since)) == since else self.day(since) + dt.timedelta(days=1)
            last = max([self.day(since), self.day(self.at), *(self.day(s.end) for s in spans)])
            while day <= last + dt.timedelta(days=3):
                yield self.midnight(day), self.midnight(day + long)
                day += dt.timedelta(days=1)
            return
        long = dt.timedelta(**{gate.unit: gate.amount})
        starts = {since}
        for record in self.counting.values():
            span = self.span(record)
            starts |= {span.first, span.end, span.first + TICK}
        for start in sorted(s for s in starts if s >= since):
            yield start, start + long

    def surely_within(self, span: Span, start: dt.datetime, end: dt.datetime, *, whole: bool) -> bool:
        """Whether it was in that time, in each way of placing it; an act at the first instant of hours began them."""
        if span.kind == "throughout":
            return span.end > start and span.first < end
        return (span.first >= start if whole else span.first > start) and span.last < end

    def perhaps_within(self, span: Span, start: dt.datetime, end: dt.datetime, *, whole: bool) -> bool:
        if span.instant:
            return (span.first >= start if whole else span.first > start) and span.first < end
        return span.end > start and span.first < end

    def broken(self, what: Rule) -> dict[str, int]:
        """What broke the quiet, or may have, whoever it was."""
        told = [
            r for r in self.counting.values()
            if self.shows(r, what.act or "", what) and self.happened(self.span(r)) > NO
        ]  # fmt: skip
        otherwise = [r for r in told if self.not_that(r, what, self.somebody(r))]
        values = {
            r["id"]: min(
                self.matches(r, what, self.somebody(r)),
                self.happened(self.span(r)),
                self.proves(r, what, breach=True),
                MAYBE if self.contradicted(r, what) else YES,
                MAYBE if self.opposed(r, otherwise, what) else YES,
            )
            for r in told
        }
        found = {n: value for n, value in values.items() if value > NO}
        return self.together(found, what)

    def somebody(self, record: Record) -> str:
        return (self.named(record) or list(self.agreement.parties))[0]

    # ---- what rests on them ----

    def rested(self, rule: Rule, answer: Answer) -> None:
        """An answer rests on what opened the gates of its rule."""
        if answer.verdict in {"violated", "excused", "complied", "indeterminate"}:
            answer.evidence |= {record for name in self.gates_of(rule, set()) for record in self.opened(name)[1]}

    def gates_of(self, rule: Rule, seen: set[str]) -> set[str]:
        """The gates on which the times of a rule hang, or those of what lifts it."""
        if rule.id in seen:
            return set()
        anchors = (rule.starts, rule.ends, rule.deadline.anchor if rule.deadline else None)
        found = {name for anchor in anchors if anchor is not None for name in self.gates_in(anchor)}
        for name in rule.exceptions:
            found |= self.gates_of(self.agreement.rule(name), {*seen, rule.id})
        return found

    def gates_in(self, anchor: law.Anchor) -> set[str]:
        found: set[str] = set()
        for part in law.walk(anchor):
            if isinstance(part, law.OpeningOf):
                since = self.agreement.gate(part.gate).what.starts
                found |= {part.gate} | (set() if since is None else self.gates_in(since))
            if isinstance(part, law.PointOfRule):
                other = self.agreement.rule(part.rule)
                due = other.deadline.anchor if other.deadline else None
                for one in (due,) if part.point == "deadline" else (other.starts, other.ends):
                    found |= set() if one is None else self.gates_in(one)
        return found
