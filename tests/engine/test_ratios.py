"""So many for each of something else: what findings say of it, and where else it shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import servanda
from servanda.explain import explain
from servanda_dsl import prose

TERMS = """
agreement ratios "Ratios" signed 2015-02-12 in force 2015-02-15 00:00 time zone Europe/Kyiv.
use vocabulary ceasefire.
party west "the West".
party east "the East".
monitor mission "the Mission".
assuming mission registers each take-out or release within 24 hours, because "it keeps the books".
clause 13 "Replacement".
rule A: No party shall bring-in more than 1 tank for each tank taken-out by that party.
clause 14 "Exchange".
rule A: west shall release at least 30 persons of prisoner for each person of hostage released by east,
    within 24 hours after it.
"""
BOOKS = {
    "id": "books",
    "act": "watch",
    "at": {"from": "2015-02-15", "to": "2015-05-01", "kind": "throughout"},
    "able_to_see": {"acts": ["take-out", "release"]},
    "source": {"id": "mission"},
}


def tanks(name: str, act: str, day: str, count: int) -> dict[str, Any]:
    made = {"id": name, "act": act, "actor": "west", "at": f"{day}T12:00+02:00", "count": count}
    return made | {"weapon": {"category": "tank"}, "source": {"id": "mission"}}


def freed(name: str, who: str, what: str, day: str, count: int) -> dict[str, Any]:
    made = {"id": name, "act": "release", "actor": who, "at": f"{day}T12:00+02:00", "count": count}
    return made | {"unit": "persons", "object": {"category": what}, "source": {"id": "mission"}}


EXCEEDED = [tanks("out", "take-out", "2015-03-01", 2), tanks("in", "bring-in", "2015-03-10", 3), BOOKS]
SHORT = [
    freed("hostages", "east", "hostage", "2015-03-01", 2),
    freed("prisoners", "west", "prisoner", "2015-03-01", 50),
    BOOKS,
]


@pytest.fixture(scope="module")
def agreement(tmp_path_factory: pytest.TempPathFactory) -> servanda.Agreement:
    file = tmp_path_factory.mktemp("ratios") / "ratios.terms"
    file.write_text(TERMS, encoding="utf-8")
    return servanda.load(file)


def violated(agreement: servanda.Agreement, records: list[dict[str, Any]], at: str = "2015-04-01") -> servanda.Finding:
    (found,) = [f for f in servanda.check(agreement, records, at=at).findings if f.verdict is servanda.Verdict.VIOLATED]
    return found


def test_the_sentence_holds_one_figure_against_the_other(agreement: servanda.Agreement) -> None:
    assert "at least 3 tanks brought in against 2 tanks taken out (1 is allowed for each)" in (
        violated(agreement, EXCEEDED).because
    )
    said = violated(agreement, SHORT).because
    assert "50 persons of prisoners released against 2 persons of hostages released (30 are due for each)" in said
    assert "before 2 March 2015 at 12:00" in said


def test_both_figures_are_measured_and_the_limit_is_what_they_come_to(agreement: servanda.Agreement) -> None:
    found = [(m.name, m.for_, m.min, m.max, m.limit) for m in violated(agreement, EXCEEDED).measured]
    assert found == [("tanks", "west", 3, None, 2), ("tanks taken out", "west", 2, 2, None)]
    found = [(m.name, m.for_, m.min, m.max, m.limit) for m in violated(agreement, SHORT).measured]
    assert found == [
        ("persons of prisoners", "west", 50, 50, 60),
        ("persons of hostages released", "east", 2, 2, None),
    ]


def test_what_it_is_measured_against_is_named_apart(agreement: servanda.Agreement) -> None:
    roles = {e.observation: e.role for e in violated(agreement, EXCEEDED).evidence}
    assert roles == {"in": "shows", "out": "measured-against", "books": "watches"}
    roles = {e.observation: e.role for e in violated(agreement, SHORT).evidence}
    assert roles == {"prisoners": "shows", "hostages": "triggers", "books": "watches"}


def test_a_breach_is_complete_when_there_was_too_much_or_the_time_is_out(agreement: servanda.Agreement) -> None:
    exceeded, short = violated(agreement, EXCEEDED), violated(agreement, SHORT)
    assert exceeded.at is not None
    assert exceeded.at.earliest == exceeded.at.latest == "2015-03-10T10:00:00Z"
    assert short.at == short.deadline
    assert short.deadline is not None
    assert short.deadline.latest == "2015-03-02T10:00:00Z"


def test_an_explanation_asks_of_each_side_what_makes_it_one(agreement: servanda.Agreement) -> None:
    result = servanda.check(agreement, SHORT, at="2015-04-01")
    told = explain(result, violated(agreement, SHORT).id)
    assert "is it hostages (`hostage`)? yes" in told
    assert "is it prisoners (`prisoner`)? yes" in told


def test_what_is_due_for_each_stands_among_the_duties(agreement: servanda.Agreement) -> None:
    status = servanda.status(agreement, SHORT[:1], at="2015-03-01T13:00+02:00")
    (due,) = status.duties
    assert (due.state, due.finding.rule, due.finding.bearer) == ("soon", "14/A", "west")


def test_with_since_what_was_too_much_before_is_left_out(agreement: servanda.Agreement) -> None:
    after = [*EXCEEDED, tanks("again", "bring-in", "2015-03-20", 1)]
    for records, since, verdicts in (
        (EXCEEDED, "2015-03-09", {"violated", "unobserved"}),
        (EXCEEDED, "2015-03-15", {"unobserved"}),
        (after, "2015-03-15", {"violated", "unobserved"}),
    ):
        found = servanda.check(agreement, records, at="2015-04-01", since=since).findings
        assert {f.verdict.value for f in found if f.rule == "13/A"} == verdicts, since


def test_a_monitor_keeps_all_that_is_counted(agreement: servanda.Agreement, tmp_path: Path) -> None:
    monitor = servanda.Monitor(agreement, archive=tmp_path / "archive", lateness="1 day")
    for record in EXCEEDED[:2]:
        monitor.observe(servanda.read([record]))
        monitor.advance("2015-04-20")
    assert {f.verdict.value for f in monitor.findings if f.rule == "13/A"} == {"indeterminate", "unobserved"}
    monitor.observe(servanda.read([BOOKS]))
    (found,) = [f for f in monitor.findings if f.verdict is servanda.Verdict.VIOLATED]
    assert found.id == violated(agreement, EXCEEDED, "2015-04-20").id


def test_it_reads_back_as_english(agreement: servanda.Agreement) -> None:
    piece, exchange = (prose.read_rule(agreement, rule) for rule in agreement.rules)
    assert piece == (
        "Each of the West and the East must not bring in more than 1 tanks (`tank`) for each of the tanks (`tank`) "
        "taken out by that party, counted from when this began to bind."
    )
    assert exchange == (
        "The West must release at least 30 persons of prisoners (`prisoner`) for each of the persons of hostages "
        "(`hostage`) released by the East, counted from when this began to bind, within 24 hours after each of those."
    )
