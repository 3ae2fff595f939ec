"""Sixty rows of the monitoring mission's reports, through the Package of Measures and its Addendum."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import servanda
from servanda import Finding, Observations, Verdict

FIRE = {"discharge", "explosion", "impact", "burst", "projectile", "tracer"}
STANDING = {"C", "D", "E"}
LABELS = {
    27: "in violation of withdrawal lines",
    28: "in violation of withdrawal lines",
    34: "beyond withdrawal lines but outside designated storage sites",
}
"""What the mission concluded of the weapons it saw at Khrustalnyi, by line of the table."""


@pytest.fixture(scope="module")
def sample(agreements: Path) -> Observations:
    folder = agreements / "minsk-2-2015" / "observations"
    return servanda.read(folder / "osce-smm-sample.csv", folder / "osce-smm-sample.toml")


@pytest.fixture(scope="module")
def package(agreements: Path, sample: Observations) -> servanda.Result:
    return servanda.check(agreements / "minsk-2-2015", sample)


@pytest.fixture(scope="module")
def addition(agreements: Path, sample: Observations) -> servanda.Result:
    return servanda.check(agreements / "minsk-addendum-2015", sample)


def resting_on(result: servanda.Result, observation: str, clause: str) -> list[Finding]:
    """The findings of a clause in which an observation is evidence."""
    return [f for f in result.findings if f.clause == clause and observation in {e.observation for e in f.evidence}]


def test_the_result_as_a_whole(package: servanda.Result, addition: servanda.Result) -> None:
    for result in (package, addition):
        assert (result.read, result.rejected, len(result.accounts)) == (60, (), 61)
        assert result.exit_code == 1
        assert result.evaluated_at == "2018-10-03T15:00:00Z"
        assert result.chosen == "the latest instant in the data"
    assert package.summary["1"]["A"] == {"violated": 39, "indeterminate": 3}
    assert {letter for letter, counts in package.summary["2"].items() if "violated" in counts} == {"D"}


def test_every_observation_is_accounted_for(
    package: servanda.Result, addition: servanda.Result, sample: Observations
) -> None:
    for result in (package, addition):
        assert {a.observation for a in result.accounts} == {o.id for o in sample}
        evidence = {e.observation for f in result.findings for e in f.evidence}
        for account in result.accounts:
            assert (account.status == "used") == (account.observation in evidence)
            assert bool(account.findings) != bool(account.reason)
            assert account.line is not None
    assert Counter(a.status for a in package.accounts) == {"used": 56, "unused": 5}
    assert {a.reason for a in addition.accounts if a.reason} == {
        "no rule concerns this act",
        "tested, and no breach possible",
    }


def test_everything_heard_or_seen_of_firing_is_evidence_without_an_actor(
    package: servanda.Result, sample: Observations
) -> None:
    fired = [o for o in sample if o.act in FIRE]
    assert len(fired) == 42
    for observation in fired:
        (finding,) = resting_on(package, observation.id, "1")
        assert (finding.actor, finding.bearer, finding.attribution.status) == (None, None, "none")
        assert finding.attribution.candidates == ("ukraine", "formations")
        placed = not package.located[observation.id].unplaced
        assert finding.verdict is (Verdict.VIOLATED if placed else Verdict.INDETERMINATE)
        assert len(finding.evidence) == 1


def test_explosions_keep_their_number_and_their_unit(package: servanda.Result) -> None:
    counted = [f.by_unit for f in package.findings if f.clause == "1" and "explosions" in f.by_unit]
    assert any(c["explosions"].min == c["explosions"].max == 166 for c in counted)
    assert all(len(c) == 1 for c in counted)


def test_no_tank_and_no_mortar_under_the_second_point(package: servanda.Result) -> None:
    kinds = {
        seen.category
        for f in package.findings
        if f.clause == "2"
        for e in f.evidence
        for seen in package.located[e.observation].seen
    }
    assert kinds == {"artillery", "rocket-artillery"}


def test_tanks_and_mortars_fall_under_the_addendum(addition: servanda.Result) -> None:
    evidence = [(f, addition.located[e.observation]) for f in addition.findings for e in f.evidence]
    assert Counter((f.verdict, located.seen[0].category) for f, located in evidence) == {
        (Verdict.VIOLATED, "mortar"): 1,  # heard to leave the barrel within 12 km of the line
        (Verdict.INDETERMINATE, "tank"): 3,
        (Verdict.INDETERMINATE, "artillery"): 3,  # howitzers whose calibre nobody stated
    }
    (exempt,) = [a for a in addition.accounts if a.line == 35]  # three tanks 16 km and more from the line
    assert [t.why for t in exempt.tested] == ["16.2 to 32.4 km from `actual-line`, limit 15.0 km"]


def test_heavy_weapons_are_measured_from_each_party_s_line(package: servanda.Result) -> None:
    tested = 0
    for account in package.accounts:
        located = package.located[account.observation]
        if located.observation.act not in {"keep", "discharge"}:
            continue
        if not any(s.category in {"artillery", "rocket-artillery"} for s in located.seen):
            continue
        found = [f for f in resting_on(package, account.observation, "2") if f.rule.removeprefix("2/") in STANDING]
        measured = [(m.for_, m.name) for f in found for m in f.measured if m.name.startswith("distance")]
        measured += [(m["for"], m["name"]) for t in account.tested for m in t.measured]
        assert set(measured) == {("ukraine", "distance to actual-line"), ("formations", "distance to line-2014")}
        tested += 1
    assert tested == 15


def test_khrustalnyi(package: servanda.Result) -> None:
    """What the mission called a violation lies on either side of the limit by a line nobody has surveyed."""
    rows = [a for a in package.accounts if a.line in LABELS and a.status == "used"]
    assert len(rows) == 3
    for row in rows:
        (finding,) = resting_on(package, row.observation, "2")
        assert finding.verdict is Verdict.INDETERMINATE
        distances = {m.for_: m for m in finding.measured if m.name.startswith("distance")}
        assert set(distances) == {"ukraine", "formations"}
        ours, theirs = distances["ukraine"], distances["formations"]
        assert ours.min is not None
        assert ours.limit is not None
        assert ours.min > ours.limit  # far outside by Ukraine's line
        assert theirs.min is not None
        assert theirs.max is not None
        assert theirs.limit is not None
        assert theirs.min < theirs.limit < theirs.max  # on either side by the formations' line
        assert any("line-2014" in question for question in finding.undecided_by)
        (assessed,) = finding.source_assessments
        assert assessed.observation == row.observation
        assert assessed.text == row.source_assessment == LABELS[row.line or 0]


def test_the_mission_s_conclusions_decide_nothing(package: servanda.Result) -> None:
    concluded = [f for f in package.findings if f.source_assessments]
    assert len(concluded) == 9
    assert {f.verdict for f in concluded} == {Verdict.INDETERMINATE}


def test_every_finding_can_be_checked_by_its_reader(
    package: servanda.Result, addition: servanda.Result, agreements: Path
) -> None:
    for result in (package, addition):
        lines = (agreements / result.agreement.name / "agreement.md").read_text(encoding="utf-8").splitlines()
        for finding in result.findings:
            assert finding.rule.startswith(f"{finding.clause}/")
            assert finding.verdict in Verdict
            assert finding.citation.heading
            assert finding.citation.gist
            assert finding.citation.file.endswith("agreement.md")
            letter = finding.rule.rpartition("/")[2]
            assert lines[finding.citation.line - 1].startswith(f"rule {letter}")
            assert finding.because.startswith(f"clause {finding.clause}, rule {letter}: ")
            assert finding.assumptions
            assert all(a.text and a.because and a.line for a in finding.assumptions)
            assert finding.unreviewed
            assert finding.status == "proposed"
            assert bool(finding.evidence) == (finding.verdict is not Verdict.UNOBSERVED)
            assert bool(finding.undecided_by) == (finding.verdict is Verdict.INDETERMINATE)
        assert len({f.id for f in result.findings}) == len(result.findings)


def test_a_howitzer_is_not_asked_for_the_calibre_of_a_mortar(addition: servanda.Result) -> None:
    evidence = [(f, addition.located[e.observation]) for f in addition.findings for e in f.evidence]
    howitzers = [f for f, located in evidence if located.seen[0].category == "artillery"]
    assert len(howitzers) == 3
    assert not any("120 mm" in question for f in howitzers for question in f.undecided_by)
