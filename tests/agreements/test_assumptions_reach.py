"""How far an assumption reaches: which rules it governs, and which findings name it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import servanda

TEXT = """
agreement small "Small" time zone UTC in force 2020-01-01 00:00.
use vocabulary ceasefire.
party north "North". party south "South". monitor patrol "Patrol". monitor office "Office".
{assumptions}
clause 1 "Firing" gist "No firing.".
rule A: From entry into force, no party shall fire, except as clause 2 rule A permits.
clause 2 "Answer" gist "Return fire.".
{beneath}
rule A: A party may fire in response to an offensive-operation.
"""
FIRE = {"id": "fire", "act": "fire", "actor": "north", "at": "2020-02-01T12:00Z", "source": {"id": "patrol"}}
ADVANCE = {
    "id": "advance",
    "act": "advance",
    "actor": "south",
    "at": "2020-02-01T11:00Z",
    "source": {"id": "patrol"},
    "refers_to": ["fire"],
}
COUNTS = 'assuming advance counts as offensive-operation, because "a footnote says so".'


def finding(folder: Path, *records: dict[str, Any], assumptions: str = "", beneath: str = "") -> servanda.Finding:
    """The one finding of the ban, under a small agreement with these assumptions."""
    file = folder / "agreement.terms"
    file.write_text(TEXT.format(assumptions=assumptions, beneath=beneath), encoding="utf-8")
    result = servanda.check(file, servanda.read(list(records), time_zone="UTC"), at="2020-03-01T00:00Z")
    (found,) = [f for f in result.findings if f.rule == "1/A"]
    return found


def test_an_assumption_for_the_whole_agreement_reaches_the_exception(tmp_path: Path) -> None:
    assert finding(tmp_path, FIRE, ADVANCE, assumptions=COUNTS).verdict == "excused"


def test_an_assumption_beneath_a_permission_governs_that_permission(tmp_path: Path) -> None:
    assert finding(tmp_path, FIRE, ADVANCE, beneath=COUNTS).verdict == "excused"


def test_the_assumption_named_is_the_one_that_vouches_for_the_source(tmp_path: Path) -> None:
    vouched = (
        'assuming ungraded reports of patrol meet reasonable grounds, because "it watches".\n'
        'assuming ungraded reports of office meet reasonable grounds, because "it receives notices".'
    )
    found = finding(tmp_path, FIRE, assumptions=vouched)
    assert found.verdict == "violated"
    (named,) = found.assumptions
    assert "reports of patrol" in named.text
