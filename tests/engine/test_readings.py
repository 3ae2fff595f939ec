"""Where readings part, as a reader meets it: from which instant on, and on which observations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import servanda

HEAD = """
agreement read "Read" in force 2025-06-01 00:00 time zone UTC.
use vocabulary ceasefire.
party north "the North".
party south "the South".
clause 1 "Read".
"""
DAYS = '\n    reading "day of": days inclusive; reading "day after": days exclusive.\n'


def found(folder: Path, terms: str, *records: dict[str, Any], rule: str = "1/A") -> servanda.Finding:
    (folder / "made.terms").write_text(HEAD + terms, encoding="utf-8")
    result = servanda.check(folder / "made.terms", servanda.read(list(records), time_zone="UTC"), at="2025-06-30")
    (one,) = (f for f in result.findings if f.rule == rule)
    return one


def see(name: str, act: str, day: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "act": act, "actor": "north", "at": day} | more


def parted(one: servanda.Finding) -> Any:
    return one.record()["parted"]


def test_deadlines_part_on_what_was_done_between_them(tmp_path: Path) -> None:
    terms = f"rule A: north shall publish, within 5 days after entry into force{DAYS}"
    one = found(tmp_path, terms, see("early", "publish", "2025-05-30"), see("done", "publish", "2025-06-06T10:00Z"))
    at = {"earliest": "2025-06-06T00:00:00Z", "latest": "2025-06-07T00:00:00Z"}
    assert parted(one) == {"at": at, "on": ["done"]}
    assert one.undecided_by[-1].endswith(", which part from 6 June 2025 at 00:00, on done")


def test_where_the_readings_agree_nothing_parts(tmp_path: Path) -> None:
    terms = f"rule A: north shall publish, within 5 days after entry into force{DAYS}"
    one = found(tmp_path, terms, see("done", "publish", "2025-06-03T10:00Z"))
    assert (one.verdict, parted(one)) == ("complied", None)


def test_bans_part_where_one_has_begun_and_the_other_has_not(tmp_path: Path) -> None:
    terms = f"rule A: From 3 days after entry into force, north shall not fire{DAYS}"
    one = found(tmp_path, terms, see("shot", "fire", "2025-06-04T10:00Z"))
    assert one.verdict == "indeterminate"
    assert parted(one) == {"at": {"earliest": "2025-06-04T00:00:00Z", "latest": "2025-06-05T00:00:00Z"}, "on": ["shot"]}


def test_a_duty_that_is_triggered_parts_at_its_own_deadlines(tmp_path: Path) -> None:
    terms = f"rule A: After each attack by a party, that party shall notify, within 2 days after it{DAYS}"
    notice = see("notice", "notify", "2025-06-12T10:00Z", refers_to=["attack"])
    one = found(tmp_path, terms, see("attack", "attack", "2025-06-10T10:00Z"), notice)
    assert parted(one)["at"]["earliest"] == "2025-06-12T00:00:00Z"
    assert parted(one)["on"] == ["notice"]


def test_what_never_lapses_under_one_reading_parts_without_an_end(tmp_path: Path) -> None:
    terms = """rule A: north shall not strike, while the obligations of clause 2 are met
    reading "by itself": lapse by violation; reading "declared": lapse by determination.
clause 2 "Met".
rule A: south shall not fire.
"""
    broken = see("shot", "fire", "2025-06-05T10:00Z") | {"actor": "south"}
    strike = see("strike", "strike", "2025-06-20T10:00Z")
    one = found(tmp_path, f'body board "the Board" may determine.\n{terms}', broken, strike)
    assert parted(one) == {"at": {"earliest": "2025-06-05T10:00:00Z", "latest": None}, "on": ["strike"]}


def test_records_in_another_order_part_on_the_records(tmp_path: Path) -> None:
    terms = """rule A: No party shall fire, except as rule B permits.
rule B: A party may fire, only if a mechanism-failure and an order are recorded;
    the party relying on this shall show it within 1 hours
    reading "in turn": recorded in turn before it; reading "before": recorded before it.
"""
    shot = see("shot", "fire", "2025-06-05T10:00Z", incident="hill")
    order = see("order", "order", "2025-06-05T08:00Z", incident="hill")
    tried = see("tried", "mechanism-failure", "2025-06-05T09:00Z", incident="hill")
    assert parted(found(tmp_path, terms, shot, order, tried)) == {"at": None, "on": ["order", "tried"]}


def test_readings_that_rules_have_in_common_are_not_multiplied(tmp_path: Path) -> None:
    terms = """rule A: north shall publish, within 5 days after entry into force.
rule B: north shall report, within 2 days after the deadline of rule A.
"""
    text = HEAD.replace("clause 1", 'assuming days inclusive or exclusive, because "silent".\nclause 1')
    (tmp_path / "made.terms").write_text(text + terms, encoding="utf-8")
    one = servanda.check(tmp_path / "made.terms", [see("done", "report", "2025-06-08T10:00Z")], at="2025-06-30")
    (of_b,) = (f for f in one.findings if f.rule == "1/B")
    assert [(r.readings, r.verdict.value) for r in of_b.readings] == [
        ({"days": "inclusive"}, "indeterminate"),
        ({"days": "exclusive"}, "complied"),
    ]
    assert [a.text for a in of_b.assumptions] == ["days are counted inclusively or exclusively: both are read"]
