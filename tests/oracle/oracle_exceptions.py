"""Exceptions: what lifts a breach, who has to show it and by when, who claims it, and what cuts it back."""

from __future__ import annotations

from dataclasses import dataclass, field

from oracle_lapsing import Lapsing
from oracle_parts import MAYBE, NO, YES, Record, Span, When

from servanda_dsl.model import Rule

Above = list[Rule]
"""The rules from the one that is breached down to the one that is lifted: all of them forbid."""


@dataclass
class Lifted:
    """What becomes of a permission: what it is called, whether it lifts, and the records that this rests on."""

    called: str
    value: int = NO
    records: set[str] = field(default_factory=set)


class Exceptions(Lapsing):
    """Permissions, and prohibitions that cut them back, downwards."""

    def exception(self, rule: Rule, name: str, acts: list[Record], readings: dict[str, str]) -> Lifted:
        """What becomes of a permission, over all the acts and, for each, all those it may have been."""
        assert rule.bearer is not None
        tried, permission = [], self.agreement.rule(name)
        for act in acts:
            who = [p for p in self.possible(rule, act, readings) if p in rule.bearer.parties]
            tried.append(self.as_one([self.lifts([rule], permission, act, p, readings) for p in who]))
        return self.as_one(tried)

    def possible(self, rule: Rule, record: Record, readings: dict[str, str]) -> list[str]:
        """Those who may have broken a rule by an act."""
        raise NotImplementedError

    def as_one(self, tried: list[Lifted]) -> Lifted:
        """What holds whichever of these it was."""
        values, called = {t.value for t in tried}, {t.called for t in tried}
        value = values.pop() if len(values) == 1 else MAYBE
        word = called.pop() if len(called) == 1 else "claimed" if value == NO and "claimed" in called else "open"
        return Lifted(word, value, {r for t in tried for r in t.records})

    def lifts(self, above: Above, permission: Rule, act: Record, party: str, readings: dict[str, str]) -> Lifted:
        assert permission.bearer is not None
        if party not in permission.bearer.parties or not self.shows(act, permission.act or "", permission):
            return Lifted("not-shown")
        permitted = min(self.matches(act, permission, party), self.in_force(above, permission, act, party, readings))
        if permitted == NO:
            return Lifted("not-shown")
        own = self.conditions(above[0], permission, act, party, permitted, readings)
        forbidden = NO
        for name in permission.exceptions:
            value, records = self.forbidden(above, self.agreement.rule(name), act, party, readings)
            forbidden = max(forbidden, value)
            own.records |= records
        if forbidden == YES:
            own.called = "not-shown"
        elif forbidden == MAYBE and own.called == "shown":
            own.called = "open"
        own.value = min(own.value, YES - forbidden)
        return own

    def forbidden(
        self, above: Above, ban: Rule, act: Record, party: str, readings: dict[str, str]
    ) -> tuple[int, set[str]]:
        """Whether a prohibition forbids all the same what a permission permits, and nothing lifts it."""
        assert ban.bearer is not None
        if party not in ban.bearer.parties or not self.shows(act, ban.act or "", ban):
            return NO, set()
        span = self.span(act)
        value = min(self.matches(act, ban, party), self.binds(ban, span, party, readings, unless_known=MAYBE))
        for other in above if span.kind == "throughout" else []:  # it has to be forbidden by both at one moment
            for first, second in ((other, ban), (ban, other)):
                starts, ends = self.beginning(first, party, readings), self.ending(second, party, readings)
                if starts is not None and ends is not None:
                    apart = starts.early >= ends.late
                    value = min(value, YES if starts.late < ends.early else NO if apart else MAYBE)
        if value == NO:
            return NO, set()
        below = [self.lifts([*above, ban], self.agreement.rule(n), act, party, readings) for n in ban.exceptions]
        return min(value, YES - max((b.value for b in below), default=NO)), {r for b in below for r in b.records}

    def conditions(
        self, rule: Rule, permission: Rule, act: Record, party: str, permitted: int, readings: dict[str, str]
    ) -> Lifted:
        """What a permission asks for, whatever cuts it back."""
        due = self.runs_out(permission, act, party, readings)
        before, in_turn = self.when_recorded(permission, readings)
        tests = [
            self.on_record(rule, permission, name, act, party, own=True, before=before, due=due)
            for name in permission.only_if
        ]
        for n in range(len(tests) - 2, -1, -1) if in_turn else ():
            tests[n] = self.before_the_next(rule, tests[n], tests[n + 1])
        if permission.response_to:
            answered = permission.response_to
            tests.append(self.on_record(rule, permission, answered, act, party, own=False, before=True, due=due))
        claims = self.claims(permission, act, party)
        records = claims.union(*(self.with_their_denials(found) for found in tests))
        values = [max(self.together(found, rule, one_matter=True).values(), default=NO) for found in tests]
        if not permission.quoted and min([permitted, *values]) == YES:
            return Lifted("shown", YES, records)
        if due is not None and self.at < due.late:
            return Lifted("open", MAYBE, records)
        nothing = bool(values) and max(values) == NO
        lacking = due is not None and NO in values
        only_said = bool(permission.quoted) and not claims and (due is not None or not values)
        if nothing or lacking or only_said:
            if claims:
                return Lifted("claimed", NO if permission.burden else MAYBE, records)
            return Lifted("not-shown", NO, records)
        if permission.quoted and claims and min([permitted, *values]) == YES:
            return Lifted("claimed", MAYBE, records)
        return Lifted("open", MAYBE, records)

    def when_recorded(self, permission: Rule, readings: dict[str, str]) -> tuple[bool, bool]:
        """Whether what has to be on record has to come before the act, and each before the next."""
        for reading in permission.readings:
            if reading.name == readings.get(permission.id) and reading.recorded is not None:
                return "before" in reading.recorded, "in turn" in reading.recorded
        return permission.only_if_before, permission.only_if_in_turn

    def before_the_next(self, rule: Rule, found: dict[str, int], following: dict[str, int]) -> dict[str, int]:
        """Records as far as each came before one that has to follow it, if any did that may be one."""
        next_ones = {n: v for n, v in self.together(following, rule, one_matter=True).items() if v > NO}
        if not next_ones:
            return found
        kept = {}
        for name, value in found.items():
            orders = [min(v, self.came_before(self.by_id[name], self.by_id[n])) for n, v in next_ones.items()]
            kept[name] = min(value, max(orders))
        return kept

    def came_before(self, one: Record, other: Record) -> int:
        first, last = self.span(one), self.span(other)
        return YES if first.last < last.first else NO if first.first >= last.last else MAYBE

    def with_their_denials(self, found: dict[str, int]) -> set[str]:
        names = {n for n, value in found.items() if value > NO}
        return names | {d["id"] for d in self.counting.values() for n in names if self.denies(d, self.by_id[n])}

    def runs_out(self, permission: Rule, act: Record, party: str, readings: dict[str, str]) -> When | None:
        """When the time to show it has run out, counted from the act."""
        if permission.burden is None or permission.burden.within is None:
            return None
        self.trigger = self.span(act)
        found = self.anchor(permission.burden.within, permission, party, readings)
        return None if found is None else self.passed(found, inclusive=True)

    def claims(self, permission: Rule, act: Record, party: str) -> set[str]:
        """The records that claim a permission for an act, be they proved or not."""
        return {
            r["id"]
            for r in self.counting.values()
            if r["act"] == "claim"
            and r.get("fields", r).get("exception") in {None, permission.id}
            and self.belongs(r, act)
            and self.was(r, party) > NO
            and self.happened(self.span(r)) > NO
        }

    def on_record(
        self,
        rule: Rule,
        permission: Rule,
        name: str,
        act: Record,
        party: str,
        *,
        own: bool,
        before: bool,
        due: When | None,
    ) -> dict[str, int]:
        """The records that belong to an act, by the same party or by someone else, each with whether it counts."""
        values = {}
        for record in self.counting.values():
            if record is act or not self.shows(record, name, permission):
                continue
            if not self.belongs(record, act):
                continue
            who = self.was(record, party) if own else YES - self.was(record, party)
            doubt = MAYBE if self.contradicted(record, rule) else YES
            value = min(who, self.some(record), self.proves(record, rule), doubt, self.happened(self.span(record)))
            value = min(value, self.came_before(record, act) if before else YES)
            if value > NO and due is not None and self.told(record).last >= due.early:
                value = MAYBE
            values[record["id"]] = value
        return values

    def told(self, record: Record) -> Span:
        """When a record came: as received, or, where nobody says, when what it records was."""
        received = record.get("received")
        if received is None:
            return self.span(record)
        return Span(self.moment(received), self.moment(received, end=True), "within")

    def belongs(self, record: Record, act: Record) -> bool:
        incident = self.incident_of(record["id"])
        same = incident is not None and incident == self.incident_of(act["id"])
        forth = set(record.get("refers_to", [])) & self.names_of(act["id"])
        back = set(act.get("refers_to", [])) & self.names_of(record["id"])
        return same or bool(forth) or bool(back)

    def in_force(self, above: Above, permission: Rule, act: Record, party: str, readings: dict[str, str]) -> int:
        """Whether a permission was in force for the whole of what the rules above it forbid in an act."""
        span = self.span(act)
        value = self.binds(permission, span, party, readings, unless_known=MAYBE)
        if span.kind != "throughout":
            return value
        begins, ends = self.beginning(permission, party, readings), self.ending(permission, party, readings)
        if begins is not None:
            found = [b for r in above if (b := self.beginning(r, party, readings)) is not None]
            early, late = (max([span.first, *times]) for times in ([b.early for b in found], [b.late for b in found]))
            value = min(value, YES if begins.late <= early else NO if begins.early > late else MAYBE)
        if ends is not None:
            tick = span.end - span.last
            found = [e for r in above if (e := self.ending(r, party, readings)) is not None]
            early, late = (
                min([span.end, *times]) - tick for times in ([e.early for e in found], [e.late for e in found])
            )
            value = min(value, YES if late < ends.early else NO if early >= ends.late else MAYBE)
        return value

    def ending(self, rule: Rule, party: str, readings: dict[str, str]) -> When | None:
        return None if rule.ends is None else self.edge(rule.ends, rule, party, readings)
