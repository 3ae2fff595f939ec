"""What holds while the other side keeps its word, as a reader meets it: until when, and ended by what."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

import servanda
from servanda.output.status import status_table
from servanda.status import status
from servanda_dsl import prose
from servanda_dsl.model import Agreement

HEAD = """
agreement suspension "Suspension of strikes" in force 1999-06-10 00:00 time zone Europe/Belgrade.
use vocabulary ceasefire.
party alliance "the Alliance".
party army "the Army".
body commission "the Commission" may determine.
clause 1 "Withdrawal".
rule A: army shall not attack.
clause 2 "Suspension".
"""
ASSUMED = 'assuming lapse by violation, because "the text says that it lapses with a breach".\n'
READ = '\n    reading "by itself": lapse by violation;\n    reading "declared": lapse by determination'


def agreed(folder: Path, way: str, end: str = "") -> Agreement:
    text = f"{HEAD}{way}rule A: alliance shall not strike, while the obligations of clause 1 are met{end}.\n"
    (folder / "made.terms").write_text(text, encoding="utf-8")
    return servanda.load(folder / "made.terms")


def see(name: str, act: str, actor: str, day: int, **more: Any) -> dict[str, Any]:
    return {"id": name, "act": act, "actor": actor, "at": f"1999-06-{day}T10:00+02:00", "source": {"id": "un"}} | more


ATTACK = see("attack", "attack", "army", 15)
BEFORE, AFTER = see("strike-14", "strike", "alliance", 14), see("strike-16", "strike", "alliance", 16)
MAYBE = see("rumour", "attack", "army", 15) | {"at": {"from": "1999-06-15", "to": "1999-06-17", "kind": "within"}}


def found(made: Agreement, *records: dict[str, Any], at: str = "1999-06-30") -> tuple[servanda.Finding, ...]:
    result = servanda.check(made, servanda.read(list(records), time_zone=made.time_zone), at=at)
    return tuple(f for f in result.findings if f.rule == "2/A")


def test_a_strike_before_the_attack_is_a_breach_and_says_nothing_of_it(tmp_path: Path) -> None:
    (one,) = found(agreed(tmp_path, ASSUMED), BEFORE, ATTACK, AFTER)
    assert (one.verdict, [e.observation for e in one.evidence]) == ("violated", ["strike-14"])
    assert "lapsed" not in one.because


def test_after_it_no_breach_is_found_and_what_is_said_of_the_rule_names_the_violation(tmp_path: Path) -> None:
    made = agreed(tmp_path, ASSUMED)
    (one,) = found(made, ATTACK, AFTER)
    (attack,) = (
        f for f in servanda.check(made, servanda.read([ATTACK, AFTER]), at="1999-06-30").findings if f.rule == "1/A"
    )
    assert (one.verdict, one.instance) == ("unobserved", "remainder")
    told = f"lapsed 15 June 1999 at 10:00, with a violation of rule 1/A (finding {attack.id})"
    assert one.because.endswith(f"what holds while obligations are met {told}")
    assert [a.text for a in one.assumptions] == [
        "what holds while obligations are met lapses by itself, with the first violation"
    ]


def test_where_it_may_have_lapsed_the_finding_asks_for_the_violation_that_decides(tmp_path: Path) -> None:
    (one,) = found(agreed(tmp_path, ASSUMED), MAYBE, AFTER)
    (asked,) = one.undecided_by
    assert one.verdict == "indeterminate"
    assert asked.startswith(
        "whether what holds while obligations are met had lapsed by then, with a violation of rule 1/A"
    )
    assert [(e.observation, e.role) for e in one.evidence] == [("strike-16", "may-show"), ("rumour", "ends")]


def test_readings_that_part_are_named_with_what_each_of_them_makes_of_it(tmp_path: Path) -> None:
    determined = see("found", "determine", "commission", 20, refers_to=["attack"])
    determined["fields"] = {"rule": "1/A", "outcome": "violation"}
    made = agreed(tmp_path, "", READ)
    (one,) = found(made, ATTACK, AFTER, determined | {"source": {"id": "commission"}})
    (asked,) = one.undecided_by
    assert asked.startswith("which reading holds (2/A as “by itself”: not-applicable; 2/A as “declared”: violated)")
    assert asked.endswith(", which part from 15 June 1999 at 10:00, on strike-16")
    assert "read as “by itself”, what holds while obligations are met lapsed 15 June 1999 at 10:00" in one.because
    later = see("strike-21", "strike", "alliance", 21)
    only = found(made, ATTACK, later, determined | {"source": {"id": "commission"}})
    assert [(f.verdict, f.instance) for f in only] == [("unobserved", "remainder")]


def test_status_says_that_it_has_ended_and_by_which_finding(tmp_path: Path) -> None:
    made = agreed(tmp_path, ASSUMED)
    now = status(made, servanda.read([ATTACK]), at="1999-06-30")
    (stand,) = (s for s in now.record()["rules"] if s["rule"] == "2/A")
    (attack,) = (f for f in now.result.findings if f.rule == "1/A")
    assert (stand["state"], stand["lapse"]) == ("ended", (attack.id,))
    console = Console(width=200, record=True, file=(tmp_path / "out").open("w", encoding="utf-8"))
    console.print(status_table(now))
    assert f"until 15 June 1999 at 10:00; ended by finding {attack.id}" in console.export_text()


def test_before_anything_is_broken_it_is_in_force_without_an_end(tmp_path: Path) -> None:
    (stand,) = (
        s for s in status(agreed(tmp_path, ASSUMED), [], at="1999-06-30").record()["rules"] if s["rule"] == "2/A"
    )
    assert (stand["state"], stand["until"], stand["lapse"]) == ("in-force", None, ())


def test_it_reads_back_as_it_is_meant(tmp_path: Path) -> None:
    made = agreed(tmp_path, "", READ)
    said = prose.read_rule(made, made.rule("2/A"))
    assert said.startswith("While the obligations of clause 1 (rule 1/A) are met, the Alliance must not strike.")
    assert '"declared" (it lapses when a violation is first determined)' in said


@pytest.mark.parametrize("seed", range(6))
def test_a_monitor_withdraws_a_breach_that_was_none_once_it_hears_of_the_attack(tmp_path: Path, seed: int) -> None:
    """What is reported late tells that the strike came after the ban had lapsed: the finding is withdrawn."""
    made = agreed(tmp_path, ASSUMED)
    monitor = servanda.Monitor(made, archive=tmp_path / "archive", lateness="1 days")
    order = random.Random(seed).sample([BEFORE, AFTER], 2)
    for record in order:
        monitor.observe(servanda.read([record], time_zone=made.time_zone))
    monitor.advance("1999-06-28")
    assert {f.instance for f in monitor.findings if f.verdict == "violated"} == {
        "observation:strike-14",
        "observation:strike-16",
    }
    changes = monitor.observe(servanda.read([ATTACK], time_zone=made.time_zone))
    gone = [c.finding.instance for c in changes if c.kind == "withdrawn" and c.finding.rule == "2/A"]
    assert gone == ["observation:strike-16"]
