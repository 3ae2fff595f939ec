"""Parties that are bound by an act of their own, as a reader meets them: who is bound, since when, and by what."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich.console import Console

import servanda
from servanda.output.status import status_table
from servanda.status import status
from servanda_dsl import prose
from servanda_dsl.model import Agreement

CESSATION = """
agreement cessation "Cessation of hostilities"
    signed 2016-02-22
    in force 2016-02-27 00:00
    time zone Asia/Damascus.
use vocabulary ceasefire.
party government "the Government".
party jaysh "Jaysh" bound by accept, no later than 2016-02-26 12:00.
non-party listed "the listed groups".
monitor task-force "the Task Force".
assuming task-force registers each accept within 1 hours, because "its terms of reference".
clause 1 "Cessation".
rule A: No party shall attack.
rule B: Each party shall publish, no later than 2016-03-01 00:00.
"""
FORCE_OF_PEACE = """
agreement declaration "Declaration of intent"
    signed 2026-01-06
    in force 2026-02-01 00:00
    time zone Europe/Paris.
use vocabulary ceasefire.
party france "France" bound by approve.
party kingdom "the United Kingdom" bound by approve.
clause 1 "Deployment".
rule A: Each party shall deploy, no later than 2026-06-01 00:00.
"""


def agreed(folder: Path, text: str) -> Agreement:
    (folder / "made.terms").write_text(text, encoding="utf-8")
    return servanda.load(folder / "made.terms")


def see(name: str, act: str, actor: str, at: Any, source: str = "un", **more: Any) -> dict[str, Any]:
    return {"id": name, "act": act, "actor": actor, "at": at, "source": {"id": source}} | more


def accepts(at: str = "2016-02-26T10:00+02:00", actor: str = "jaysh") -> dict[str, Any]:
    return see("notice", "accept", actor, at) | {"source": {"id": actor, "kind": "notification"}}


ATTACK = see("attack", "attack", "jaysh", "2016-03-02T10:00+02:00")
SPAN = {"from": "2016-02-20T00:00+02:00", "to": "2016-03-09T00:00+02:00", "kind": "throughout"}
LOG = {"id": "log", "act": "watch", "able_to_see": {"acts": ["accept"]}, "at": SPAN, "source": {"id": "task-force"}}


def found(made: Agreement, *records: dict[str, Any], rule: str = "1/A", at: str = "2016-03-10") -> servanda.Finding:
    result = servanda.check(made, servanda.read(list(records), time_zone=made.time_zone), at=at)
    return next(f for f in result.findings if f.rule == rule)


def test_who_accepted_in_time_is_bound_and_the_finding_says_by_what(tmp_path: Path) -> None:
    one = found(agreed(tmp_path, CESSATION), ATTACK, accepts())
    assert (one.verdict, one.bearer) == ("violated", "jaysh")
    assert one.because.endswith("the rule is breached, by Jaysh; Jaysh is bound by its own act of accepting (notice)")
    assert [(e.observation, e.role) for e in one.evidence] == [("attack", "shows"), ("notice", "joins")]


def test_an_attack_by_one_who_is_not_known_to_be_bound_does_not_vanish(tmp_path: Path) -> None:
    one = found(agreed(tmp_path, CESSATION), ATTACK)
    assert one.verdict == "indeterminate"
    (asked,) = one.undecided_by
    assert asked.startswith("whether Jaysh was bound by then: Jaysh is bound only from its own act of accepting on,")
    assert asked.endswith("if that was done no later than 26 February 2016 at 12:00, and no record of that is there")


def test_who_is_known_not_to_be_bound_breaks_nothing(tmp_path: Path) -> None:
    made = agreed(tmp_path, CESSATION)
    for record in (LOG, accepts("2016-02-26T12:00+02:00")):
        one = found(made, ATTACK, record)
        assert one.verdict == "not-applicable"
        assert "whom the rule did not bind then" in one.because
        assert one.because.endswith(f"that had not been done by then ({record['id']})")
    guest = found(made, ATTACK | {"actor": "listed"})
    assert guest.because.endswith("it was done by the listed groups, whom the rule does not bind")


def test_a_duty_says_what_it_waits_for(tmp_path: Path) -> None:
    made = agreed(tmp_path, CESSATION)
    result = servanda.check(made, [], at="2016-02-28")
    told = {f.bearer: (f.verdict, f.because) for f in result.findings if f.rule == "1/B"}
    assert told["government"][0] == told["jaysh"][0] == "pending"
    assert told["jaysh"][1].endswith("which is not known to have been done")
    assert "own act" not in told["government"][1]
    one = next(
        f for f in servanda.check(made, servanda.read([LOG]), at="2016-03-10").findings
        if (f.rule, f.bearer) == ("1/B", "jaysh")
    )  # fmt: skip
    assert (one.verdict, one.binds) == ("not-applicable", None)
    assert one.because.endswith(
        "it does not bind Jaysh; " + prose.joining(made, "jaysh") + ": that was not done in time (log)"
    )


def test_the_status_says_which_conditions_are_met_by_whom(tmp_path: Path) -> None:
    made = agreed(tmp_path, FORCE_OF_PEACE)
    records = servanda.read([see("vote", "approve", "france", "2026-03-03T18:00+01:00")], time_zone=made.time_zone)
    now = status(made, records, at="2026-04-01")
    said = {c.party: (c.state, c.records) for c in now.conditions}
    assert said == {"france": ("met", ("vote",)), "kingdom": ("open", ())}
    assert [(s.bearers, s.state, s.waits_for) for s in now.stands] == [
        (("france",), "in-force", ""),
        (("kingdom",), "open", "approving by the United Kingdom"),
    ]
    console = Console(width=200, record=True)
    console.print(status_table(now))
    text = " ".join(console.export_text().split())
    assert "France is bound only from its own act of approving on. bound since 3 March 2026 at 18:00 (vote)" in text
    assert (
        "the United Kingdom is bound only from its own act of approving on. nobody can say: none is on record" in text
    )
    first, second = json.loads(json.dumps(now.record()))["conditions"]
    assert (first["since"]["earliest"], first["limit"]) == ("2026-03-03T17:00:00Z", None)
    assert (second["state"], second["since"], second["unseen_from"]) == ("open", None, None)


def test_the_status_knows_who_is_out_for_good(tmp_path: Path) -> None:
    made = agreed(tmp_path, CESSATION)
    now = status(made, servanda.read([LOG]), at="2016-03-01")
    (one,) = now.conditions
    assert (one.state, one.watched, one.records) == ("failed", ("log",), ())
    assert {(s.bearers, s.state) for s in now.stands} == {(("government",), "in-force"), (("jaysh",), "not-bound")}
    early = status(made, servanda.read([LOG]), at="2016-02-24T12:00")
    (one,) = early.conditions
    assert (one.state, one.unseen_from is not None) == ("open", True), "the log lags an hour behind"
    late = status(made, servanda.read([accepts("2016-02-26T12:00+02:00")]), at="2016-03-01")
    assert [(c.state, c.late) for c in late.conditions] == [("failed", True)]


def test_rule_objects_and_prose_keep_who_joins(tmp_path: Path) -> None:
    made = agreed(tmp_path, CESSATION)
    again = Agreement.model_validate_json(made.model_dump_json())
    act = again.joining["jaysh"]
    assert (act.act, act.deadline and act.deadline.word, act.text) == (
        "accept", "no later than", "bound by accept, no later than 2016-02-26 12:00",
    )  # fmt: skip
    assert list(made.joining) == ["jaysh"]
    assert prose.joining(made, "jaysh").startswith("Jaysh is bound only from its own act of accepting on, if that was")
