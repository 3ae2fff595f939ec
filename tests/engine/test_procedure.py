"""What bodies and parties put on record about a finding: it stands beside the verdict and never changes it."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

import servanda
from servanda.explain import explain

TERMS = """agreement trial "Trial Agreement" signed 2025-05-30 in force 2025-06-01 12:00 time zone Europe/Belgrade.
use vocabulary ceasefire.
party north "the North".
party south "the South".
monitor mission "the Mission" may attribute.
body commission "the Commission" may determine and remedy.
body court "the Court" may determine.
clause 1 "Ceasefire".
rule A: No party shall fire.
rule B: After each violation of rule A, that party shall rectify, within 48 hours after it.
"""
SHOT = {"id": "shot", "act": "fire", "actor": "north", "at": "2025-06-03T10:00+02:00"}
AT = "2025-06-30"


def record(act: str, by: str, **said: Any) -> dict[str, Any]:
    made = {"id": f"{act}-{by}", "act": act, "actor": by, "at": "2025-06-10", "source": {"id": by}}
    return made | {"refers_to": "shot", "rule": "1/A"} | said


DETERMINED = record("determine", "commission", outcome="no-violation")
LATER = record("determine", "court", outcome="violation", at="2025-06-12")
ATTRIBUTED = record("attribute", "mission", party="north", basis="witnesses")
ADMITTED = record("comment", "north", answer="admits")
SET = record("remedy", "commission", remedy="withdraw")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> servanda.Agreement:
    file = tmp_path_factory.mktemp("procedure") / "agreement.terms"
    file.write_text(TERMS, encoding="utf-8")
    return servanda.load(file)


def check(made: servanda.Agreement, *records: dict[str, Any], **how: Any) -> servanda.check.Result:  # type: ignore[name-defined]
    read = servanda.read([SHOT, *records], time_zone=made.time_zone, known_fields=made.vocabulary.fields)
    return servanda.check(made, read, **({"at": AT} | how))


def finding(made: servanda.Agreement, *records: dict[str, Any], **how: Any) -> servanda.Finding:
    return check(made, *records, **how).findings[0]


def test_a_determination_stands_beside_the_verdict_and_changes_nothing_of_it(
    made: servanda.Agreement,
) -> None:
    before, after = check(made).findings, check(made, DETERMINED).findings
    assert after[0].determination is not None
    assert (after[0].status, after[0].determination.outcome) == ("determined", "no-violation")
    assert [(f.id, f.verdict, f.bearer) for f in after] == [(f.id, f.verdict, f.bearer) for f in before]
    assert before[0].status == before[1].status == after[1].status == "proposed"


def test_two_bodies_that_differ_leave_it_proposed_and_are_both_named(made: servanda.Agreement) -> None:
    both = finding(made, DETERMINED, LATER)
    assert both.status == "proposed"
    assert {(p.observation, p.effect) for p in both.procedure} == {
        ("determine-commission", "differs"),
        ("determine-court", "differs"),
    }


@pytest.mark.parametrize("by", ["mission", "north"])
def test_by_one_who_has_not_the_power_it_is_an_opinion(made: servanda.Agreement, by: str) -> None:
    opinion = finding(made, record("determine", by, outcome="violation"))
    assert (opinion.status, [p.effect for p in opinion.procedure]) == ("proposed", ["opinion"])


def test_a_correction_a_retraction_and_the_instant_of_knowledge_hold_for_it_too(made: servanda.Agreement) -> None:
    corrected = DETERMINED | {"id": "anew", "corrects": "determine-commission", "outcome": "excused"}
    retracted = {"id": "back", "act": "comment", "at": "2025-06-20", "retracts": "determine-commission"}
    assert finding(made, DETERMINED, corrected).determination.outcome == "excused"  # type: ignore[union-attr]
    assert finding(made, DETERMINED, retracted).status == "proposed"
    known = [r | {"received": "2025-06-11"} for r in (DETERMINED, LATER)]
    known[1]["received"] = "2025-06-13"
    shot = SHOT | {"received": "2025-06-03"}
    read = servanda.read([shot, *known], time_zone=made.time_zone, known_fields=made.vocabulary.fields)
    then = servanda.check(made, read, at=AT, known_at="2025-06-12").findings[0]
    now = servanda.check(made, read, at=AT, known_at="2025-06-14").findings[0]
    assert (then.status, now.status) == ("determined", "proposed")


def test_a_determination_counts_from_when_it_was_made(made: servanda.Agreement) -> None:
    assert finding(made, DETERMINED, at="2025-06-08").procedure == ()
    assert finding(made, DETERMINED, at="2025-06-10T12:00+02:00").status == "proposed"
    assert finding(made, DETERMINED, at="2025-06-10").status == "determined"


def test_who_did_it_is_attributed_by_a_body_or_admitted_and_never_by_control_of_the_ground(
    made: servanda.Agreement,
) -> None:
    assert finding(made, ATTRIBUTED, ADMITTED).attribution.status == "attributed"
    assert finding(made, ADMITTED).attribution.model_dump(include={"status", "party", "by"}) == {
        "status": "admitted",
        "party": "north",
        "by": "north",
    }
    for basis in ("control-of-area", "direction-of-fire"):
        assert finding(made, ATTRIBUTED | {"basis": basis}).attribution.status == "candidates"
    assert finding(made, ADMITTED | {"source": {"id": "south"}}).attribution.status == "candidates"
    assert finding(made, ADMITTED | {"answer": "explains"}).attribution.status == "candidates"


def test_dissent_is_named_and_undoes_nothing(made: servanda.Agreement) -> None:
    dissent = {"id": "no", "act": "comment", "actor": "north", "at": "2025-06-11", "denies": "determine-commission"}
    found = finding(made, DETERMINED | {"dissent": "two members"}, dissent | {"source": {"id": "north"}})
    assert found.determination is not None
    assert found.determination.dissents == ("two members", "no says otherwise")


def test_the_order_of_the_records_is_of_no_account_and_a_monitor_revises_the_finding(
    made: servanda.Agreement, tmp_path: Path
) -> None:
    records = [DETERMINED, ATTRIBUTED, ADMITTED, SET]
    whole = finding(made, *records)
    assert whole.remedy == "withdraw"
    for number, order in enumerate(itertools.permutations([SHOT, *records])):
        kept: dict[str, Any] = {"lateness": None} if number % 2 else {"archive": tmp_path / f"archive-{number}"}
        monitor = servanda.Monitor(made, **kept)
        monitor.advance(AT)
        changes = [
            c
            for r in order
            for c in monitor.observe(servanda.read([r], time_zone=made.time_zone, known_fields=made.vocabulary.fields))
        ]
        assert monitor.findings[0].digest == whole.digest
        assert changes[-1].finding.id == whole.id or order[-1] is SHOT


def test_a_value_that_a_record_of_procedure_cannot_have_is_set_aside(made: servanda.Agreement) -> None:
    odd = [
        record("determine", "commission", outcome="guilty"),
        record("determine", "commission", id="r", rule="1/Z", outcome="violation"),
        record("attribute", "mission", party="visitors"),
        record("comment", "north", outcome="violation"),
        record("remedy", "commission", remedy=3),
    ]
    result = check(made, *odd)
    assert [(r.code, r.field) for r in result.rejected] == [
        ("O171", "outcome"),
        ("O171", "rule"),
        ("O171", "party"),
        ("O171", "outcome"),
        ("O171", "remedy"),
    ]


def test_the_explanation_says_who_put_what_on_record_and_that_silence_is_no_admission(made: servanda.Agreement) -> None:
    result = check(made, DETERMINED, record("determine", "mission", outcome="violation"))
    text = explain(result, result.findings[0].id)
    assert "determine-commission, by the Commission: outcome: no-violation" in text
    assert "an opinion: the agreement does not empower who gives it" in text
    assert "the North gave no answer on record: its silence is no admission" in text
    assert "gave no answer" not in explain(check(made, DETERMINED, ADMITTED), result.findings[0].id)


def test_what_is_about_nothing_found_here_is_told(made: servanda.Agreement) -> None:
    result = check(made, DETERMINED | {"refers_to": "nowhere"})
    (account,) = (a for a in result.accounts if a.observation == "determine-commission")
    assert account.reason == "a record of procedure about nothing that is found here"


def test_the_finding_of_a_triggered_duty_names_that_of_the_violation(made: servanda.Agreement) -> None:
    violation, duty = check(made).findings
    assert duty.triggered_by == violation.id
    assert violation.triggered_by is None
    early = check(made, since="2025-06-05").findings
    assert [(f.rule, f.verdict.value, f.triggered_by) for f in early] == [
        ("1/A", "unobserved", None),
        ("1/B", "unobserved", violation.id),
    ]
