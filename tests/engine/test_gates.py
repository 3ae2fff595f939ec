"""Gates and phases as a reader meets them: what waits and for what, what an opening rests on, how things stand."""

from __future__ import annotations

import json
from typing import Any

from groundwork import EXCLUSIVE, agree, raw, run, see
from rich.console import Console
from typer.testing import CliRunner

import servanda
from servanda.cli.app import app
from servanda.observations import read
from servanda.output.status import status_table
from servanda.status import status

LULL = 'gate lull "the lull" is 48 hours without fire in square.\n'
SEAL = 'gate seal "seven quiet days" is 7 days without fire in square, as mission certifies.\n'
BAN = "rule A: From the opening of lull, no party shall fly.\n"
SEALED = "rule A: From the opening of seal, no party shall fly.\n"
DUTY = "rule A: Each party shall publish, within 15 days after the opening of lull.\n"


def watch(name: str = "eyes", **fields: Any) -> Any:
    during = {"from": "2020-01-01", "to": "2020-03-31", "kind": "throughout"}
    given = {"at": during, "place": {"zone": "square"}, "able_to_see": {"acts": ["fire"]}, "actor": ..., **fields}
    return see(name, "watch", **given)


def because(result: servanda.Result, rule: str = "1/A") -> list[str]:
    return [f.because for f in result.findings if f.rule == rule]


def test_a_rule_says_which_gate_it_waits_for() -> None:
    (ban,) = because(run(agree(BAN, assume=LULL), at="2020-01-11T12:00+02:00"))
    assert ban.endswith("it waits for the gate “the lull” (48 hours without firing in the square) to open")
    (open_,) = because(run(agree(BAN, assume=LULL), at="2020-01-20"))
    assert "which nobody is known to have watched all the time: silence is not compliance" in open_
    duty, _ = because(run(agree(DUTY, assume=LULL + EXCLUSIVE), at="2020-01-11"))
    assert "it waits for the gate “the lull”" in duty
    assert duty.endswith("it is not yet due")
    (sealed,) = because(run(agree(SEALED, assume=SEAL), at="2020-01-20"))
    assert sealed.endswith("it waits for the certificate of mission that opens gate seal, and none is on record")


def test_once_it_is_open_nothing_is_said_of_waiting() -> None:
    duty, _ = because(run(agree(DUTY, assume=LULL + EXCLUSIVE), watch(), at="2020-01-20"))
    assert "waits" not in duty
    assert "before 27 January 2020 at 00:00" in duty
    (ban,) = because(run(agree(BAN, assume=LULL), watch(), at="2020-01-20"))
    assert "waits" not in ban


def test_an_open_question_names_the_gate() -> None:
    flight = see("flight", "fly")
    (found,) = [f for f in run(agree(BAN, assume=LULL), flight).findings if f.rule == "1/A"]
    assert found.verdict == "indeterminate"
    assert [q[:36] for q in found.undecided_by] == ["whether the gate “the lull” was open"]
    unnamed = see("paper", "certify", actor="mission", at="2020-01-20")
    (found,) = [f for f in run(agree(SEALED, assume=SEAL), flight, unnamed).findings if f.rule == "1/A"]
    assert found.undecided_by[0].startswith("whether the Mission had certified what opens the gate “seven quiet days”")


def test_what_opened_a_gate_is_evidence_and_so_are_its_assumptions() -> None:
    registers = 'assuming mission registers each fire within 24 hours, because "it keeps a log".\n'
    log = watch("log", able_to_see={"acts": ["fire"]})
    (found,) = run(agree(BAN, assume=LULL + registers), see("flight", "fly"), log).findings
    assert found.verdict == "violated"
    assert [(e.observation, e.role) for e in found.evidence] == [("flight", "shows"), ("log", "opens")]
    assert "mission registers each `fire` within 24 hours" in {a.text for a in found.assumptions}
    counted = 'assuming explosion counts as fire, because "sounds are reported".\n'
    both = watch(able_to_see={"acts": ["fire", "explosion"]})
    bang = see("bang", "explosion", at="2020-01-11T12:00+02:00")
    (found,) = run(agree(BAN, assume=LULL + counted), see("flight", "fly"), both, bang).findings
    assert (found.verdict, found.binds and found.binds.earliest) == ("violated", "2020-01-13T10:00:00Z")
    assert "explosion counts as `fire`" in {a.text for a in found.assumptions}
    paper = see("paper", "certify", actor="mission", at="2020-01-20", fields={"gate": "seal"})
    (found,) = run(agree(SEALED, assume=SEAL), see("flight", "fly"), paper).findings
    assert [(e.observation, e.role) for e in found.evidence] == [("flight", "shows"), ("paper", "opens")]


def test_a_gate_for_each_area_opens_by_itself() -> None:
    west = 'gate west "quiet in the west" is 7 days without fire in square.\n'
    east = 'gate east "quiet near the old line" is 7 days without fire within 2 km of old-line.\n'
    rules = (
        "rule A: From the opening of west, no party shall fly.\nrule B: From the opening of east, no party shall fly.\n"
    )
    shot = see("shot", at="2020-01-20T12:00+02:00")
    wide = {"type": "Polygon", "coordinates": [[[30, 40], [50, 40], [50, 55], [30, 55], [30, 40]]]}
    everywhere = watch(place={"geometry": wide})
    result = run(
        agree(rules, assume=west + east),
        shot,
        see("early", at="2020-01-12"),
        everywhere,
        see("f", "fly", at="2020-01-18"),
    )
    assert {f.rule: f.verdict.value for f in result.findings} == {"1/A": "unobserved", "1/B": "violated"}


def test_two_days_fifteen_and_twenty_four_make_forty_one() -> None:
    gate = 'gate quiet-days "two days of complete ceasefire" is 2 days without fire in square, from 2020-01-10 00:00.\n'
    stages = (
        "rule A: Each party shall complete withdrawal of tank, within 15 days after the opening of quiet-days.\n"
        "rule B: Each party shall complete withdrawal of mortar, within 24 days after the deadline of rule A.\n"
    )
    result = run(agree(stages, assume=gate + EXCLUSIVE), watch(), at="2020-01-13")
    due = {f.rule: f.deadline and f.deadline.earliest for f in result.findings}
    assert due == {"1/A": "2020-01-26T22:00:00Z", "1/B": "2020-02-19T22:00:00Z"}  # day 41 is 19 February, and over then


def test_what_is_read_under_a_certificate_names_a_gate_that_is_declared() -> None:
    seen = read([raw("paper", "certify", actor="mission", fields={"gate": "seel"})], time_zone="Europe/Kyiv")
    result = servanda.check(agree(SEALED, assume=SEAL), seen, at="2020-03-01")
    assert [(r.code, r.help) for r in result.rejected] == [("O169", "did you mean `seal`?")]


def test_beside_a_row_that_could_not_be_read_no_quiet_is_sure() -> None:
    odd = raw("odd", "hum")
    rows = [raw("flight", "fly"), odd, *(x.to_record() for x in (watch(),))]
    until = BAN + "rule B: Until the opening of lull, no party shall attack.\n"
    late = raw("late", "attack")
    result = servanda.check(agree(until, assume=LULL), read([*rows, late], time_zone="Europe/Kyiv"), at="2020-03-01")
    assert {f.rule: f.verdict.value for f in result.findings} == {"1/A": "indeterminate", "1/B": "indeterminate"}
    assert all(any("(odd)" in q for q in f.undecided_by) for f in result.findings)


def test_what_a_gate_waits_out_says_so_where_it_is_no_evidence() -> None:
    result = run(agree(BAN, assume=LULL), see("shot", at="2020-01-12"))
    assert [a.reason for a in result.accounts] == ["what a gate waits out: when that opens may hang on it"]


def test_how_gates_stand() -> None:
    third = 'gate last "the last" is 1 hour without fire in square, from the opening of seal.\n'
    rules = BAN + "rule B: From the opening of last, no party shall fly.\n"
    agreement = agree(rules, assume=LULL + SEAL + third)
    shot = see("shot", at="2020-01-10T12:00+02:00")

    def standing(*seen: Any, at: str) -> dict[str, tuple[str, str | None]]:
        record = json.loads(json.dumps(status(agreement, list(seen), at=at).record()))
        return {g["gate"]: (g["state"], g["quiet_since"]) for g in record["gates"]}

    noon = "2020-01-10T10:00:00Z"
    assert standing(shot, watch(), at="2020-01-11")["lull"] == ("shut", noon)
    assert standing(shot, at="2020-01-11")["lull"] == ("shut", None)
    assert standing(shot, at="2020-01-13")["lull"] == ("perhaps", None)
    assert standing(shot, watch(), at="2020-01-13") == {
        "lull": ("open", None),
        "last": ("shut", None),
        "seal": ("shut", None),
    }
    late = watch(at={"from": "2020-01-12T18:00+02:00", "to": "2020-02-01", "kind": "throughout"})
    assert standing(shot, late, at="2020-01-13")["lull"] == ("perhaps", "2020-01-12T16:00:00Z")


def test_the_status_names_the_gate_a_rule_waits_for() -> None:
    agreement = agree(BAN, assume=LULL)
    shut = status(agreement, [see("shot", at="2020-01-10T12:00+02:00"), watch()], at="2020-01-11")
    assert [(s.state, s.waits_for) for s in shut.stands] == [("dormant", "gate lull")]
    console = Console(width=200, record=True)
    console.print(status_table(shut))
    said = " ".join(console.export_text().split())
    assert "shut; it cannot open before 12 January 2020 at 12:00; surely quiet since 10 January 2020 at 12:00" in said
    perhaps = status(agreement, [], at="2020-01-20")
    assert [(s.state, s.waits_for) for s in perhaps.stands] == [("open", "gate lull")]
    opened = status(agreement, [watch()], at="2020-01-20")
    assert [(s.state, s.waits_for) for s in opened.stands] == [("in-force", "")]


def test_gates_and_phases_are_read_back() -> None:
    phase = 'phase early "the first phase" from the opening of lull until 2020-03-01.\n'
    agreement = agree("rule A: During early, no party shall fly.\n", assume=LULL + phase)
    assert agreement.folder is not None
    result = CliRunner().invoke(app, ["read", str(agreement.folder)])
    said = " ".join(result.stdout.split())
    assert "The gate “the lull” (`lull`) opens after 48 hours without firing in the square, by anyone" in said
    assert "The phase “the first phase” (`early`) runs from the opening of lull until 1 March 2020." in said
    assert "binds from an instant not known yet: the opening of gate lull" in said
