"""Would the oracle notice? Each way of breaking the interpreter gives another answer than the oracle on some case."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from generate_agreements import agreement
from generate_records import records
from test_stream_equals_oracle import AGREEMENTS, INSTANTS, Told, outcomes, told

from servanda import lower, moments, plan
from servanda.engine import Engine
from servanda.locate import amounts, locator, settling, things, watches
from servanda.observations import place
from servanda.space import drawn, relations
from servanda.stream import breach, coverage, exceptions, grouping, performance, proof, register, timing, world
from servanda.stream.measures import distinct, instants, marks, periods, rolling
from servanda.truth import Truth
from servanda_dsl.model import Agreement

CASES = 3000
Case = tuple[Agreement, list[dict[str, Any]], str, Told]
Patch = Callable[[pytest.MonkeyPatch], None]


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    folder = tmp_path_factory.mktemp("mutants")
    made = []
    for case in range(CASES):
        rng = random.Random(case)
        encoded = agreement(folder, rng.randrange(AGREEMENTS))
        observed, at = records(rng), rng.choice(INSTANTS)
        made.append((encoded, observed, at, told(encoded, observed, at)))
    return made


def _set(target: object, name: str, value: object) -> Patch:
    return lambda patch: patch.setattr(target, name, value)


def _shifts(value: object) -> Patch:
    """Another calendar, for instants known beforehand and for those that reports fix."""

    def patch_both(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(moments, "shift", value)
        patch.setattr(lower, "shift", value)

    return patch_both


def _any_candidate(values: Iterator[Truth]) -> Truth:
    return max(values)


def _shift_one_day_more(*args: Any, **kwargs: Any) -> moments.Moment:
    return _REAL_SHIFT(args[0], args[1] + 1, *args[2:], **kwargs)


def _months_of_30_days(base: Any, amount: int, unit: str, *rest: Any, **kwargs: Any) -> moments.Moment:
    return _REAL_SHIFT(base, *((amount * 30, "days") if unit == "months" else (amount, unit)), *rest, **kwargs)


def _without_assumptions(self: Any, name: str) -> Any:
    select = _REAL_ACT(self, name)
    return replace(select, acts=tuple(a for a in select.acts if a[1] is None))


def _nothing_besides(self: Any, name: str) -> Any:
    select = _REAL_ACT(self, name)
    return replace(select, acts=tuple(a for a in select.acts if a[0] == name or a[1] is not None))


def _not_in_port(place: Any, edge: Truth) -> Any:
    made = _REAL_PLACE(place, edge)
    return plan.InZone("area") if isinstance(made, plan.InZone) and made.zone == "port" else made


def _from_the_line(place: Any, edge: Truth) -> Any:
    made = _REAL_PLACE(place, edge)
    return replace(made, nearest_m=0.0) if isinstance(made, plan.NearLine) else made


def _last(lowering: Any) -> Any:
    return lowering.agreement.rules[-1]


_REAL_COVERED = periods._covered
_DAYS_TOO = {**rolling._ELAPSED, "days": 86_400_000_000}
_REAL_EDGE = lower._Lowering.edge_of_places


def _any_look(world: Any, rule: Any, bearer: str) -> Any:
    looks = {n: replace(f, kind="throughout") for n, f in world.by_act.get("watch", {}).items()}
    return _REAL_WATCHES(replace(world, by_act={**world.by_act, "watch": looks}), rule, bearer)


_REAL_WATCHES = coverage._watches
_Keeper = plan.Keeper
_REAL_PLACE = lower._place


def _added_up(self: plan.Proof, source: str | None, grade: str | None) -> str | None:
    if grade is None or self.least is None:
        return _REAL_BY(self, source, grade)
    needed, assumption = self.least
    weights = [ord(g[0]) - ord("A") + int(g[1]) for g in (grade, needed)]
    return assumption if grade[0] != "F" and grade[1] != "6" and weights[0] <= weights[1] else None


def _anything_judged(self: plan.Proof, source: str | None, grade: str | None) -> str | None:
    judged = None if grade is None else grade.replace("F", "A").replace("6", "1")
    return _REAL_BY(self, source, judged)


def _the_first_of(values: Any = ()) -> set[Any]:
    return {v for v, _ in zip(values, range(1), strict=False)}


def _by_its_new_name(self: world.World, fact: Any) -> frozenset[str]:
    return _REAL_NAMES(self, replace(fact, reported_incident=None))


_REAL_NAMES = world.World.names
_REAL_OF = grouping.Grouping.of
_REAL_BY = plan.Proof.by
_REAL_SHIFT = moments.shift
_REAL_ACT = lower._Lowering.act
_REAL_CLOSED = moments.closed

MUTANTS: dict[str, Patch] = {
    "one candidate is enough": _set(breach, "agree", _any_candidate),
    "nobody else can have done it": _set(breach, "who", lambda rule, fact: (fact.actors or rule.parties, [])),
    "every source proves": _set(breach, "proves", lambda _fact, _rule, **_: Truth.TRUE),
    "the two parts of a grade are added up": _set(plan.Proof, "by", _added_up),
    "what cannot be judged is good enough": _set(plan.Proof, "by", _anything_judged),
    "the word of a party proves": _set(locator.Locator, "_word", lambda _self, _observation: ""),
    "nobody speaks against himself": _set(breach, "proves", lambda fact, rule, **_: proof.proves(fact, rule)),
    "a notice received is only a claim": _set(performance, "proves", lambda fact, rule, **_: proof.weighs(fact, rule)),
    "to count none is to see something": _set(things, "at_least_one", lambda _observation: Truth.TRUE),
    "a watch sees every place": _set(watches, "_whole", lambda *_: True),
    "a watch sees every kind": _set(watches, "_every_kind", lambda *_: True),
    "denied access changes nothing": _set(coverage, "_blinded", lambda *_: False),
    "a passing look is a watch": _set(coverage, "_watches", _any_look),
    "nobody watches": _set(coverage, "_watches", lambda *_: []),
    "a register has no lag": _set(plan, "Keeper", lambda *given: _Keeper(given[0], 0, *given[2:])),
    "one origin is enough": _set(proof, "enough", lambda _facts, _rule: True),
    "every report has its own origin": _set(proof, "origins", lambda facts: len(list(facts))),
    "whoever it was, it was the bearer": _set(performance, "by_whom", lambda _fact, _bearer: Truth.TRUE),
    "the deadline's own instant is in time": _set(
        performance,
        "before",
        lambda fact, deadline: Truth.TRUE if fact.latest_us <= deadline.latest_us else Truth.FALSE,
    ),
    "no start": _set(timing, "_from", lambda _fact, _starts: Truth.TRUE),
    "no end": _set(timing, "_until", lambda _fact, _ends: Truth.TRUE),
    "the future counts": _set(breach, "by", lambda _fact, _us: Truth.TRUE),
    "a day more": _set(moments, "shift", _shift_one_day_more),
    "months have 30 days": _shifts(_months_of_30_days),
    "what is not known binds always": _set(timing, "name_of", lambda _anchor: ""),
    "a deadline closes as its day opens": _set(moments, "closed", lambda moment, _zone: moment),
    "lines and zones are exact": _set(relations, "_parts", lambda drawn: ((0.0, drawn.edges),)),
    "places are exact": _set(relations, "_radii", lambda place: place.radii * 0),
    "corrections and retractions do nothing": _set(register.Register, "standing", lambda _self, _name: ""),
    "denials do nothing": _set(world.World, "undenied", lambda _self, _fact, _rule: Truth.TRUE),
    "one condition excuses": lambda patch: patch.setattr(exceptions, "min", max, raising=False),
    "any record belongs": _set(exceptions, "belongs", lambda _world, _record, _fact: True),
    "order does not matter": _set(exceptions, "_precedes", lambda _record, _fact: Truth.TRUE),
    "what counts by assumption does not": _set(lower._Lowering, "act", _without_assumptions),
    "a discharge is no presence": _set(lower._Lowering, "act", _nothing_besides),
    "an unsure start is a start": _set(moments, "perhaps", lambda moment: moment),
    "one place of several is enough": lambda patch: patch.setattr(lower, "_place", _not_in_port),
    "any side is the own one": _set(settling.Settling, "own_side", lambda *_: Truth.TRUE),
    "edges are the same for every clause": _set(
        lower._Lowering, "edge_of_places", lambda self: _REAL_EDGE(lower._Lowering(self.agreement, _last(self)))
    ),
    "a band reaches the line": lambda patch: patch.setattr(lower, "_place", _from_the_line),
    "both ends are where it was seen": _set(
        settling.Settling, "_placed", lambda self, _: self.placer.placed(self.observation.place, self.during)
    ),
    "an altitude is exact": _set(
        place.Place, "altitude_within_m", property(lambda self: self.altitude_m and (self.altitude_m, self.altitude_m))
    ),
    "any height will do": _set(settling.Settling, "altitude", lambda *_: Truth.TRUE),
    "whatever has two ends goes across": _set(relations, "across", lambda *_: Truth.TRUE),
    "a zone is always what it was first": _set(drawn.Drawings, "during", lambda self, *_: self.each[:1]),
    "a zone is always what it is now": _set(drawn.Drawings, "during", lambda self, *_: self.each[-1:]),
    "nobody puts reports together or takes them apart": _set(grouping.Grouping, "_groups", lambda *_: False),
    "whoever groups is believed": _set(grouping.Grouping, "lacks", lambda *_: ""),
    "of groups that differ one has effect": lambda patch: patch.setattr(grouping, "set", _the_first_of, raising=False),
    "a group holds for no correction": _set(
        grouping.Grouping, "of", lambda self, fact, _: _REAL_OF(self, fact, (fact.id,))
    ),
    "what has a new name has lost the old one": _set(world.World, "names", _by_its_new_name),
    "what may be one thing is two": _set(distinct, "_may_be_one", lambda *_: False),
    "all reports are of one thing": _set(distinct, "_apart", lambda *_: False),
    "within an incident everything counts": _set(distinct, "incidents", lambda marks: {m.fact.id: [m] for m in marks}),
    "every count is of everything": _set(amounts, "holds", lambda *_: Truth.TRUE),
    "no count is of everything": _set(amounts, "holds", lambda *_: Truth.UNKNOWN),
    "figures of any unit add up": _set(marks, "_size", lambda _, fact: (fact.figure.least, fact.figure.most, True)),
    "seen within a day is seen together": _set(instants, "_there", instants._maybe),
    "nothing is seen together": _set(instants, "_there", lambda fact, anchor: fact.id == anchor.id),
    "what lasted counts before it is forbidden": _set(marks, "_bound", lambda fact, _: fact),
    "days in a row are hours": _set(rolling, "_ELAPSED", _DAYS_TOO),
    "what may lie in a stretch lies in it": _set(rolling, "_lies", rolling.meets),
    "what lies across midnight is of that day": _set(periods, "_within", lambda *_: True),
    "a floor holds for a part of a day": _set(periods, "_partly", lambda *_: False),
    "a count of a part is of the whole": _set(
        periods, "_covered", lambda whole, *_: sum(m.most for m in whole) if whole else None
    ),
    "two complete counts of a day add up": _set(
        periods, "_covered", lambda whole, *times: _REAL_COVERED(whole, *times) and sum(m.most for m in whole)
    ),
    "any notice answers": _set(performance, "_answers", lambda _world, _fact, _trigger: Truth.TRUE),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_the_oracle_notices_a_broken_interpreter(
    mutant: str, cases: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    MUTANTS[mutant](monkeypatch)
    assert any(differs(*case) for case in cases), "nothing differs"


def test_the_interpreter_as_it_is_differs_nowhere(cases: list[Case]) -> None:
    assert not any(differs(*case) for case in cases[:300])


def differs(made: Agreement, observed: list[dict[str, Any]], at: str, expected: Told) -> bool:
    """Whether the interpreter, lowering included, says something else than the oracle said."""
    return outcomes(Engine(made), observed, at, random.Random(0)) != expected
