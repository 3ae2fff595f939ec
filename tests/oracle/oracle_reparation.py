"""Duties that a violation triggers, for each bearer and each violated instance."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

from oracle_parts import MAYBE, NO, YES, Answer, Cause, Span
from oracle_ratios import Ratios

from servanda_dsl.model import Rule


class Reparation(Ratios):
    """The answers of every rule, those included on which others hang."""

    def answers_of(self, rule: Rule) -> dict[str, Answer]:
        """The answers of one rule, by instance, with what opened the gates on which they hang."""
        found = self.bare_answers_of(rule)
        for key, answer in found.items():
            self.borne(rule, answer)
            self.rested(rule, answer)
            if rule.bearer is not None:
                self.rests_on_joining(rule, key, answer)
            self.rests_on_lapses(rule, answer)
        return found

    def bare_answers_of(self, rule: Rule) -> dict[str, Answer]:
        if rule.kind == "prohibition":
            return self.prohibition(rule)
        if rule.kind == "maintenance":
            return dict(self.measured(rule))
        if rule.kind != "obligation":
            return {}
        assert rule.bearer is not None
        if rule.breach is not None:
            return self.after_violations(rule)
        if rule.trigger:
            return self.triggered(rule)
        return {party: self.obligation(rule, party) for party in rule.bearer.parties}

    def after_violations(self, rule: Rule) -> dict[str, Answer]:
        assert rule.bearer is not None
        assert rule.breach is not None
        answers: dict[str, Answer] = {}
        for broken in self.agreement.rules:
            if rule.breach.rule not in {broken.id, None} or rule.breach.clause != broken.clause:
                continue
            for key, answered in self.answers_of(broken).items():
                found = self.as_determined(broken, key, answered) if rule.breach.determined else answered
                for party in rule.bearer.parties:
                    known = self.broke(rule, found, party)
                    if known > NO:
                        answer = self.repair(rule, broken, key, found, party)
                        if known == MAYBE and answer.verdict in {"violated", "complied"}:
                            answer.verdict = "indeterminate"
                        answers[f"{party}:{broken.id}:{key}"] = answer
        waits = any(
            self.beginning(rule, p, c) is None and not self.hangs_on_a_report(rule.starts)
            for p in rule.bearer.parties
            for c in self.choices(rule)
        )
        return answers or {"remainder": Answer("pending" if waits else "unobserved")}

    def filed(self, rule: Rule, key: str, answer: Answer) -> frozenset[tuple[str, str, str]]:
        """What is on record about an answer; the room on procedure says."""
        raise NotImplementedError

    def as_determined(self, rule: Rule, key: str, found: Answer) -> Answer:
        """An answer as bodies determined it: violated if they did, perhaps if that is not sure, else not at all."""
        made = {i: e for i, e, _ in self.filed(rule, key, found) if e in {"determines", "not-sure"}}
        says = {i: {**self.by_id[i], **self.by_id[i].get("fields", {})} for i in made}
        made = {
            i: e for i, e in made.items() if says[i]["act"] == "determine" and says[i].get("outcome") == "violation"
        }
        if not made:
            return replace(found, breach=None)
        spans = {i: self.span(says[i]) for i in made}
        sure = [i for i, effect in made.items() if effect == "determines"]
        last = min(spans[i].end for i in sure) if sure else max(s.end for s in spans.values())
        held = {p for i in sure or made if (p := says[i].get("party"))}
        return replace(
            found,
            verdict="violated" if sure else "indeterminate",
            breach=(min(s.first for s in spans.values()), last),
            evidence=found.evidence | set(made),
            telling=found.telling | set(made),
            bearer=(held.copy().pop() if len(held) == 1 else None) if held else found.bearer,
            suspects=frozenset(held) or found.suspects,
        )

    def broke(self, rule: Rule, found: Answer, party: str) -> int:
        """Whether a violation triggers the duty of a party."""
        assert rule.bearer is not None
        if found.breach is None or found.verdict not in {"violated", "indeterminate"}:
            return NO
        known = YES if found.verdict == "violated" else MAYBE
        if rule.bearer.of_trigger:
            if found.bearer is None:
                known = min(known, MAYBE if party in found.suspects else NO)
            elif found.bearer != party:
                return NO
        self.trigger = span = Span(*found.breach, "within")
        bound = {self.binds(rule, span, party, c) for c in self.choices(rule)}
        return min(known, bound.pop() if len(bound) == 1 else MAYBE)

    def repair(self, rule: Rule, broken: Rule, key: str, found: Answer, party: str) -> Answer:
        assert found.breach is not None
        rests_on = [self.by_id[i] for i in found.evidence]
        of_it = [r for i, r in self.counting.items() if self.instance_of(i) == key]
        cause = Cause(
            {self.finding(broken, key)},
            [r for r in rests_on if r["id"] in found.telling],
            [*rests_on, *(of_it if len(self.choices(broken)) > 1 else [])],
        )
        answer = self.obligation(rule, party, violation=(Span(*found.breach, "within"), cause))
        answer.evidence |= found.evidence
        return answer

    def finding(self, rule: Rule, key: str) -> str:
        """The id of a finding, from agreement, rule and instance."""
        made = json.dumps([self.agreement.name, rule.id, key], ensure_ascii=False, separators=(",", ":"))
        return rule.id.replace("/", "") + "-" + hashlib.sha256(made.encode()).hexdigest()[:12]
