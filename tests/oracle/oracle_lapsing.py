"""What holds while the obligations of others are met, and what ends that: all that may be broken is tried."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from oracle_gates import Gates
from oracle_parts import MAYBE, NEVER, NO, YES, Answer, Span, When

from servanda_dsl import anchors as law
from servanda_dsl.model import Rule

TICK = dt.timedelta(microseconds=1)


@dataclass
class Lapsing(Gates):
    """When rules lapse."""

    lapses: dict[tuple[str, str, str], tuple[When | None, frozenset[str]]] = field(init=False, default_factory=dict)
    """By rule, party and readings: when it lapses, and the records that show with what."""

    def answers_of(self, rule: Rule) -> dict[str, Answer]:
        """The answers of one rule; the room on reparation gives them."""
        raise NotImplementedError

    def as_determined(self, rule: Rule, key: str, found: Answer) -> Answer:
        """An answer as bodies determined it; the room on reparation says."""
        raise NotImplementedError

    def lapse(self, unmet: law.Unmet, rule: Rule, party: str, readings: dict[str, str]) -> When | None:
        return self.lapsed(unmet, rule, party, readings)[0]

    def lapsed(
        self, unmet: law.Unmet, rule: Rule, party: str, readings: dict[str, str]
    ) -> tuple[When | None, frozenset[str]]:
        asked = rule.id, party, str(sorted(readings.items()))
        if asked not in self.lapses:
            trigger, cause = self.trigger, self.cause
            self.lapses[asked] = self.found_lapsed(unmet, rule, party, readings)
            self.trigger, self.cause = trigger, cause
        return self.lapses[asked]

    def found_lapsed(
        self, unmet: law.Unmet, rule: Rule, party: str, readings: dict[str, str]
    ) -> tuple[When | None, frozenset[str]]:
        start = self.beginning(rule, party, readings)
        if start is None:
            return None, frozenset()
        found: list[tuple[int, Answer]] = []
        for other in self.agreement.rules:
            if unmet.rule not in {other.id, None} or unmet.clause != other.clause:
                continue
            for key, answered in self.answers_of(other).items():
                answer = answered
                if self.lapses_by(rule, readings) == "determination":
                    answer = self.as_determined(other, key, answered)
                if answer.breach is None or answer.verdict not in {"violated", "indeterminate"}:
                    continue
                value = YES if answer.verdict == "violated" else MAYBE
                own = answer.bearer == party or (answer.bearer is None and party in answer.suspects)
                if own:  # nobody is freed by what he breaks himself
                    value = NO if answer.bearer == party else min(value, MAYBE)
                value = min(value, self.since(Span(*answer.breach, "within"), start))
                if value > NO:
                    found.append((value, answer))
        if not found:
            return None, frozenset()
        breaches = [(value, *answer.breach, answer) for value, answer in found if answer.breach is not None]
        sure = min((last for value, _, last, _ in breaches if value == YES), default=None)
        early = min(first for _, first, _, _ in breaches)
        ending = [b for b in breaches if sure is None or b[1] <= sure]
        records = frozenset(i for *_, answer in ending for i in answer.evidence)
        if sure is None:
            return When(early, NEVER, self.day(early), NEVER.date()), records
        return When(early, sure, self.day(early), self.day(sure if sure == early else sure - TICK)), records

    def lapses_by(self, rule: Rule, readings: dict[str, str]) -> str:
        for reading in rule.readings:
            if readings.get(rule.id) == reading.name and reading.lapse is not None:
                return reading.lapse
        if self.of_both(rule, "lapse"):
            return readings[self.of_both(rule, "lapse")]
        return next(a.by for a in reversed(self.agreement.in_scope(rule.clause)) if a.kind == "lapse")

    def rests_on_lapses(self, rule: Rule, answer: Answer) -> None:
        """An answer rests on what made its rule lapse, or what lifts it, unless what was seen was before that."""
        if answer.verdict not in {"violated", "excused", "complied", "indeterminate"} or rule.bearer is None:
            return
        names = {answer.bearer} if answer.bearer is not None else answer.suspects or set(rule.bearer.parties)
        seen = [self.span(self.by_id[i]) for i in answer.telling]
        for held in self.held_while_met(rule, set()):
            for party in names & set(rule.bearer.parties):
                for readings in self.choices(rule):
                    assert isinstance(held.ends, law.Unmet)
                    when, records = self.lapsed(held.ends, held, party or "", readings)
                    if when is not None and (not seen or any(s.last >= when.early for s in seen)):
                        answer.evidence |= records

    def choices(self, rule: Rule) -> list[dict[str, str]]:
        """Every choice of readings on which a rule depends; the oracle itself gives them."""
        raise NotImplementedError

    def held_while_met(self, rule: Rule, seen: set[str]) -> list[Rule]:
        """A rule, what it counts from and what lifts it, as far as each holds while obligations are met."""
        if rule.id in seen:
            return []
        seen.add(rule.id)
        found = [rule] if isinstance(rule.ends, law.Unmet) else []
        for name in rule.exceptions:
            found += self.held_while_met(self.agreement.rule(name), seen)
        return found
