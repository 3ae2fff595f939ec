"""What binds at an instant, what waits and for what, and what falls due."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from groundwork import EXCLUSIVE, agree, see
from rich.console import Console
from typer.testing import CliRunner

import servanda
from servanda.cli.app import app
from servanda.observations import read
from servanda.output.status import status_table
from servanda.status import Stand, Status, status

EVENT = 'event handover "the handover" not known.\n'
TEXT = (
    "rule A: From entry into force, no party shall fire in square, except as rule B permits.\n"
    "rule B: Until 2020-02-01, a party may fire, only if a notify is recorded.\n"
    "rule C: From 2020-02-01 until 2020-03-01, red shall not fly.\n"
    "rule D: Each party shall release, within 10 days after entry into force.\n"
    "rule E: From the start of rule D, no party shall fortify.\n"
    "rule F: Each party shall report, within 3 days after the handover.\n"
    "rule G: After each fire by a party, that party shall notify, within 24 hours after it.\n"
    "rule H: From the handover, no party shall lay-mines.\n"
)


def stands(*seen: Any, at: str, text: str = TEXT, **options: Any) -> Status:
    return status(agree(text, assume=EXCLUSIVE + EVENT), read(list(seen)), at=at, **options)


def of(found: Status, rule: str) -> list[Stand]:
    return [s for s in found.stands if s.rule == rule]


def states(found: Status) -> dict[str, str]:
    return {s.rule: s.state for s in found.stands}


def duties(found: Status) -> list[tuple[str, str | None, str]]:
    return [(d.finding.rule, d.finding.bearer, d.state) for d in found.duties]


def test_what_binds_waits_and_is_over_at_each_instant() -> None:
    assert states(stands(at="2020-01-05")) == {
        "1/A": "not-yet",
        "1/B": "not-yet",
        "1/C": "not-yet",
        "1/D": "not-yet",
        "1/E": "dormant",
        "1/F": "not-yet",
        "1/G": "not-yet",
        "1/H": "open",
    }
    later = states(stands(at="2020-02-10"))
    assert (later["1/A"], later["1/B"], later["1/C"]) == ("in-force", "ended", "in-force")
    assert states(stands(at="2020-02-29"))["1/C"] == "ended"  # the date is its end, and the end of a span is left out
    assert states(stands(at="2020-02-29T23:59:59+02:00"))["1/C"] == "in-force"


def test_what_is_seen_fixes_an_instant() -> None:
    done = see("done", "release", at="2020-01-15")
    assert [(s.bearers, s.state) for s in of(stands(done, at="2020-01-20"), "1/E")] == [
        (("red",), "in-force"),
        (("blue",), "dormant"),
    ]
    (red, blue) = of(stands(done, at="2020-01-20"), "1/E")
    assert red.since is not None
    assert blue.waits_for == "a report of what rule 1/D calls for (release)"


def test_what_has_to_be_done_and_by_when() -> None:
    released, shot = see("done", "release", at="2020-01-15"), see("shot", at="2020-01-17T12:00+02:00")
    found = duties(stands(released, shot, at="2020-01-17T13:00+02:00"))
    assert found == [
        ("1/G", "red", "soon"),
        ("1/D", "red", "done"),
        ("1/D", "blue", "soon"),
        ("1/F", "red", "waiting"),
        ("1/F", "blue", "waiting"),
    ]
    assert ("1/D", "blue", "later") in duties(stands(at="2020-01-11", days=3))
    late = see("late", "release", actor="blue", at="2020-02-15")
    past = duties(stands(late, shot, at="2020-03-01"))
    assert {("1/D", "red", "past"), ("1/D", "blue", "done-late"), ("1/G", "red", "past")} <= set(past)


def test_where_readings_part_each_is_said() -> None:
    read_twice = (
        "rule A: From 10 days after entry into force, no party shall fire\n"
        '    reading "of": days inclusive; reading "after": days exclusive.\n'
    )
    found = status(agree(read_twice), at="2020-01-19")
    assert [(s.state, s.readings) for s in of(found, "1/A")] == [
        ("in-force", (("1/A", "of"),)),
        ("not-yet", (("1/A", "after"),)),
    ]
    assert [s.readings for s in of(status(agree(read_twice), at="2020-01-10"), "1/A")] == [
        (("1/A", "of"),),
        (("1/A", "after"),),
    ]


def test_a_report_that_may_have_begun_it_leaves_open_whether_it_binds() -> None:
    done = see("done", "release", at={"from": "2020-01-15", "to": "2020-01-25", "kind": "within"})
    assert [s.state for s in of(stands(done, at="2020-01-20"), "1/E")] == ["open", "dormant"]


def test_what_may_never_have_been_has_no_last_moment() -> None:
    heard = see("done", "release", at="2020-01-15T12:00+02:00", source={"id": "press"})
    proven = 'assuming ungraded reports of mission meet reasonable grounds, because "it is trusted".\n'
    found = status(agree(TEXT, assume=EXCLUSIVE + EVENT + proven), read([heard]), at="2020-01-20")
    since = [r["since"] for r in found.record()["rules"] if (r["rule"], r["bearers"]) == ("1/E", ("red",))]
    assert since == [{"earliest": "2020-01-15T10:00:00Z", "latest": None}]
    console = Console(width=200)
    with console.capture() as captured:
        console.print(status_table(found))
    assert "since an instant not before 15 January 2020 at 12:00, if it ever was" in captured.get()


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(ValueError, match="days is -1"):
        stands(at="2020-01-20", days=-1)
    with pytest.raises(ValueError, match="not a date or a time"):
        stands(at="soon")


def test_the_record_is_plain_json() -> None:
    record = json.loads(json.dumps(stands(see("shot", at="2020-01-17"), at="2020-01-18").record()))
    (first, *_) = record["rules"]
    assert first == {
        "rule": "1/A",
        "bearers": ["red", "blue"],
        "state": "in-force",
        "since": {"earliest": "2020-01-09T22:00:00Z", "latest": "2020-01-09T22:00:00Z"},
        "until": None,
        "waits_for": "",
        "open_end": "",
        "readings": [],
        "lapse": [],
    }
    assert record["at"] == "2020-01-18T22:00:00Z"
    assert {d["finding"]["rule"] for d in record["duties"]} == {"1/D", "1/F", "1/G"}


def test_the_command_says_how_things_stand(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["status", "minsk-2-2015", "--at", "2015-02-20", "--days", "14"])
    assert result.exit_code == 0
    said = " ".join(result.stdout.split())
    assert "How things stand at 21 February 2015 at 00:00 Europe/Kyiv" in said
    assert "with rule 2/A as “of”; from 3 March 2015 at 00:00" in said
    assert "Due in the next 14 days 2/B pending Ukraine must complete withdrawal" in said
    assert "clause 12 and clause 13" in said
    short = CliRunner().invoke(app, ["status", "minsk-2-2015", "--at", "2015-02-20", "--format", "json"])
    assert json.loads(short.stdout)["agreement"] == "minsk-2-2015"
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"id": "x", "act": "hum", "at": "2015-02-16"}\n', encoding="utf-8")
    strict = CliRunner().invoke(app, ["status", "minsk-2-2015", str(bad), "--at", "2015-02-20", "--strict"])
    assert strict.exit_code == 2
    assert "1 rows were set aside" in strict.stderr
    wrong = CliRunner().invoke(app, ["status", "minsk-2-2015", "--at", "soon"])
    assert (wrong.exit_code, "not a date or a time" in wrong.stderr) == (2, True)


def test_what_is_due_is_what_a_check_leaves_open() -> None:
    agreement = servanda.load("minsk-2-2015")
    found = status(agreement, at="2015-02-20")
    result = servanda.check(agreement, [], at="2015-02-20")
    assert [d.finding for d in found.duties] == [f for f in result.findings if f.rule in {"2/A", "2/B"}]
