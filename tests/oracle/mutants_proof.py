"""Interpreters that are wrong about whose word proves what, and about who watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from mutant import Patch, sets

from servanda import lower, plan
from servanda.locate import locator, watches
from servanda.stream import breach, coverage, performance, proof
from servanda.truth import Truth

_REAL_WATCHES = coverage._watches
_Keeper = plan.Keeper
_REAL_PROOF: Callable[[Any], plan.Proof] = lower._Lowering.proof
_REAL_BY = plan.Proof.by


def _any_candidate(values: Iterator[Truth]) -> Truth:
    return max(values)


def _any_look(world: Any, rule: Any, bearer: str, *span: int) -> Any:
    looks = {n: replace(f, kind="throughout") for n, f in world.by_act.get("watch", {}).items()}
    return _REAL_WATCHES(replace(world, by_act={**world.by_act, "watch": looks}), rule, bearer, *span)


def _added_up(self: plan.Proof, source: str | None, grade: str | None) -> str | None:
    if grade is None or self.least is None:
        return _REAL_BY(self, source, grade)
    needed, assumption = self.least
    weights = [ord(g[0]) - ord("A") + int(g[1]) for g in (grade, needed)]
    return assumption if grade[0] != "F" and grade[1] != "6" and weights[0] <= weights[1] else None


def _anything_judged(self: plan.Proof, source: str | None, grade: str | None) -> str | None:
    judged = None if grade is None else grade.replace("F", "A").replace("6", "1")
    return _REAL_BY(self, source, judged)


def _first_standard(self: Any) -> plan.Proof:
    scope = self.agreement.in_scope(self.rule.clause)[::-1]
    return _REAL_PROOF(SimpleNamespace(rule=self.rule, agreement=SimpleNamespace(in_scope=lambda _clause: scope)))


MUTANTS: dict[str, Patch] = {
    "one candidate is enough": sets(breach, "agree", _any_candidate),
    "nobody else can have done it": sets(breach, "who", lambda rule, fact: (fact.actors or rule.parties, [])),
    "every source proves": sets(breach, "proves", lambda _fact, _rule, **_: Truth.TRUE),
    "the two parts of a grade are added up": sets(plan.Proof, "by", _added_up),
    "what cannot be judged is good enough": sets(plan.Proof, "by", _anything_judged),
    "the word of a party proves": sets(locator.Locator, "_word", lambda _self, _observation: ""),
    "nobody speaks against himself": sets(breach, "proves", lambda fact, rule, **_: proof.proves(fact, rule)),
    "one origin is enough": sets(proof, "enough", lambda _facts, _rule: True),
    "every report has its own origin": sets(proof, "origins", lambda facts: len(list(facts))),
    "whoever it was, it was the bearer": sets(performance, "by_whom", lambda _fact, _bearer: Truth.TRUE),
    "a notice received is only a claim": sets(performance, "proves", lambda fact, rule, **_: proof.weighs(fact, rule)),
    "any notice answers": sets(performance, "_answers", lambda _world, _fact, _trigger: Truth.TRUE),
    "of several standards the first one named holds": sets(lower._Lowering, "proof", _first_standard),
    "a watch sees every place": sets(watches, "whole", lambda *_: True),
    "a watch sees every kind": sets(watches, "_every_kind", lambda *_: True),
    "denied access changes nothing": sets(coverage, "_blinded", lambda *_: False),
    "a passing look is a watch": sets(coverage, "_watches", _any_look),
    "nobody watches": sets(coverage, "_watches", lambda *_: []),
    "a register has no lag": sets(plan, "Keeper", lambda *given: _Keeper(given[0], 0, *given[2:])),
    "a register is believed, whoever keeps it": sets(coverage, "proves", lambda *_: Truth.TRUE),
}
