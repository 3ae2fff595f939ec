"""Weapons seen at measured distances from the line: which text reaches them, and how far a figure decides."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pyproj import Geod

import servanda
from servanda import Finding, Verdict

Record = dict[str, Any]
Check = Callable[..., servanda.Result]
GEOD = Geod(ellps="WGS84")
LATER = "2016-06-01T12:00+03:00"


@pytest.fixture(scope="session")
def line(agreements: Path) -> list[tuple[float, float]]:
    """The actual line as points less than 100 m apart, by arithmetic of this test's own."""
    text = (agreements / "minsk-2-2015" / "maps" / "actual-line.geojson").read_text(encoding="utf-8")
    corners = json.loads(text)["features"][0]["geometry"]["coordinates"]
    points = []
    for (x1, y1), (x2, y2) in pairwise(corners):
        steps = 1 + int(GEOD.inv(x1, y1, x2, y2)[2] / 100)
        points += [(x1 + (x2 - x1) * i / steps, y1 + (y2 - y1) * i / steps) for i in range(steps)]
    return points


@pytest.fixture(scope="session")
def at_distance(line: list[tuple[float, float]]) -> Callable[..., Record]:
    """A place so many kilometres from the actual line, on Ukraine's side, north-west of Toretsk."""

    def distance_m(lon: float, lat: float) -> float:
        count = len(line)
        return float(min(GEOD.inv([lon] * count, [lat] * count, [p[0] for p in line], [p[1] for p in line])[2]))

    def place(km: float, error_m: float | None = None) -> Record:
        near, far = 0.0, 80_000.0
        for _ in range(40):
            middle = (near + far) / 2
            lon, lat, _ = GEOD.fwd(37.90, 48.40, 315, middle)
            near, far = (middle, far) if distance_m(lon, lat) < km * 1000 else (near, middle)
        assert abs(distance_m(lon, lat) - km * 1000) < 60
        return {"lon": lon, "lat": lat} | ({} if error_m is None else {"error_m": error_m})

    return place


@pytest.fixture(scope="session")
def surveyed(agreements: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Package of Measures with both lines taken as exact."""
    folder = tmp_path_factory.mktemp("surveyed") / "minsk-2-2015"
    shutil.copytree(agreements / "minsk-2-2015", folder)
    file = folder / "agreement.md"
    text = file.read_text(encoding="utf-8")
    for drawn in ('"maps/actual-line.geojson", accurate to 5 km', '"maps/line-2014.geojson", accurate to 10 km'):
        assert drawn in text
        text = text.replace(drawn, drawn.partition(",")[0])
    file.write_text(text, encoding="utf-8")
    for name in ("actual-line", "line-2014"):
        drawing = folder / "maps" / f"{name}.geojson"
        drawn_line = json.loads(drawing.read_text(encoding="utf-8"))
        for feature in drawn_line["features"]:
            del feature["properties"]["accurate_to_m"]  # what the map says of itself goes before what is declared
        drawing.write_text(json.dumps(drawn_line), encoding="utf-8")
    return folder


def gun(place: Record, name: str = "gun", **fields: object) -> Record:
    """A howitzer of 122 mm, reported by the mission as Ukraine's, long after the withdrawal."""
    weapon = {"category": "artillery", "model": "D-30", "calibre_mm": 122}
    seen = {"id": name, "act": "keep", "actor": "ukraine", "at": "2016-05-01T12:00+03:00", "source": {"id": "smm"}}
    return {**seen, "weapon": weapon, "place": place, **fields}


def findings(result: servanda.Result, rule: str) -> list[Finding]:
    """The findings of a rule that rest on some observation."""
    return [f for f in result.findings if f.rule == rule and f.evidence]


def test_ten_kilometres_are_inside(checked: Check, at_distance: Callable[..., Record]) -> None:
    result = checked("minsk-2-2015", gun(at_distance(10, 0)), at=LATER)
    (finding,) = findings(result, "2/C")
    assert (finding.verdict, finding.bearer, finding.citation.clause) == (Verdict.VIOLATED, "ukraine", "2")
    assert not findings(result, "2/D")
    (distance,) = [m for m in finding.measured if m.name == "distance to actual-line"]
    assert (distance.for_, distance.limit) == ("ukraine", 25_000)
    assert distance.min == pytest.approx(5_000, abs=100)  # the line is accurate to 5 km
    assert distance.max == pytest.approx(15_000, abs=100)


def test_thirty_one_kilometres_are_outside_even_by_a_line_accurate_to_five(
    checked: Check, at_distance: Callable[..., Record]
) -> None:
    result = checked("minsk-2-2015", gun(at_distance(31, 0)), at=LATER)
    assert not findings(result, "2/C")
    (account,) = result.accounts
    (tested,) = [t for t in account.tested if t.rule == "2/C"]
    (distance,) = tested.measured
    assert (distance["name"], distance["for"], distance["limit"]) == ("distance to actual-line", "ukraine", 25_000)
    assert distance["min"] == pytest.approx(26_000, abs=100)
    assert "limit 25.0 km" in tested.why


def test_against_an_exact_line_thirty_kilometres_are_outside(
    checked: Check, at_distance: Callable[..., Record], surveyed: Path
) -> None:
    assert not findings(checked(surveyed, gun(at_distance(30, 0)), at=LATER), "2/C")
    (finding,) = findings(checked(surveyed, gun(at_distance(10, 0)), at=LATER), "2/C")
    assert finding.verdict is Verdict.VIOLATED


@pytest.mark.parametrize("drawn", ["as shipped", "exact"])
def test_twenty_six_give_or_take_two_are_either_side(
    checked: Check, at_distance: Callable[..., Record], surveyed: Path, drawn: str
) -> None:
    agreement = surveyed if drawn == "exact" else "minsk-2-2015"
    (finding,) = findings(checked(agreement, gun(at_distance(26, 2_000)), at=LATER), "2/C")
    assert finding.verdict is Verdict.INDETERMINATE
    (question,) = finding.undecided_by
    assert "actual-line" in question
    assert "25.0 km" in question
    low, high = (24_000, 28_000) if drawn == "exact" else (19_000, 33_000)
    (distance,) = [m for m in finding.measured if m.name == "distance to actual-line"]
    assert distance.min == pytest.approx(low, abs=100)
    assert distance.max == pytest.approx(high, abs=100)


def test_what_was_there_before_the_deadline_breaks_nothing(checked: Check, at_distance: Callable[..., Record]) -> None:
    early = gun(at_distance(10, 0), at="2015-02-20T12:00+02:00")
    result = checked("minsk-2-2015", early, at=LATER)
    assert not findings(result, "2/C")
    between = gun(at_distance(10, 0), at="2015-03-03T12:00+02:00")  # complete by 2 March, or by 3 March
    (finding,) = findings(checked("minsk-2-2015", between, at=LATER), "2/C")
    assert finding.verdict is Verdict.INDETERMINATE
    assert {r.verdict for r in finding.readings} == {Verdict.VIOLATED, Verdict.NOT_APPLICABLE}


WEAPONS: list[tuple[str, Record, str | None]] = [
    ("tank", {"category": "tank", "model": "T-64"}, "addendum"),
    ("mortar of 82 mm", {"category": "mortar", "calibre_mm": 82}, "addendum"),
    ("mortar of 120 mm", {"category": "mortar", "calibre_mm": 120}, "addendum"),
    ("mortar of 240 mm", {"category": "mortar", "model": "2S4 Tyulpan"}, None),
    ("anti-tank gun of 85 mm", {"model": "D-48"}, "addendum"),
    ("gun of 100 mm", {"model": "MT-12 Rapira"}, "package"),
    ("howitzer of 122 mm", {"category": "artillery", "calibre_mm": 122}, "package"),
    ("rocket launcher", {"model": "BM-21 Grad"}, "package"),
    ("Smerch", {"model": "9K58 Smerch"}, "package"),
    ("armoured vehicle", {"model": "BMP-1"}, None),
]


@pytest.mark.parametrize(("weapon", "text"), [(w, t) for _, w, t in WEAPONS], ids=[n for n, _, _ in WEAPONS])
def test_one_text_or_the_other_reaches_it_and_never_both(
    checked: Check, at_distance: Callable[..., Record], weapon: Record, text: str | None
) -> None:
    seen = gun(at_distance(5, 0), weapon=weapon)
    package = [f for f in checked("minsk-2-2015", seen, at=LATER).findings if f.clause == "2" and f.evidence]
    addition = findings(checked("minsk-addendum-2015", seen, at=LATER), "withdrawal/A")
    assert [f.verdict for f in package] == ([Verdict.VIOLATED] if text == "package" else [])
    assert [f.verdict for f in addition] == ([Verdict.VIOLATED] if text == "addendum" else [])


def test_artillery_of_unknown_calibre_may_fall_under_either(checked: Check, at_distance: Callable[..., Record]) -> None:
    seen = gun(at_distance(5, 0), weapon={"category": "artillery"})
    (package,) = findings(checked("minsk-2-2015", seen, at=LATER), "2/C")
    (addition,) = findings(checked("minsk-addendum-2015", seen, at=LATER), "withdrawal/A")
    for finding in (package, addition):
        assert finding.verdict is Verdict.INDETERMINATE
        (question,) = finding.undecided_by
        assert "calibre" in question


@pytest.mark.parametrize(
    ("at", "verdicts"),
    [("2015-11-10T23:59+02:00", []), ("2015-11-11T00:00+02:00", [Verdict.VIOLATED])],
)
def test_the_addendum_binds_after_forty_one_days(
    checked: Check, at_distance: Callable[..., Record], at: str, verdicts: list[Verdict]
) -> None:
    tank = gun(at_distance(5, 0), weapon={"category": "tank"}, at=at)
    result = checked("minsk-addendum-2015", tank, at=LATER)
    assert [f.verdict for f in findings(result, "withdrawal/A")] == verdicts


def test_a_finding_under_the_addendum_says_what_it_rests_on(checked: Check, at_distance: Callable[..., Record]) -> None:
    tank = gun(at_distance(5, 0), weapon={"category": "tank"}, actor=None)
    (finding,) = findings(checked("minsk-addendum-2015", tank, at=LATER), "withdrawal/A")
    assert finding.verdict is Verdict.VIOLATED
    assert finding.bearer is None
    assert finding.attribution.status == "none"
    assert finding.citation.provenance == "secondary"
    said = " ".join(a.text for a in finding.assumptions)
    for chosen in ("entered into force on 30 September", "41 days", "exactly 100 mm", "unattributed", "the actual one"):
        assert chosen in said


@pytest.mark.parametrize(("km", "verdicts"), [(9, [Verdict.VIOLATED]), (15, [Verdict.INDETERMINATE]), (21, [])])
def test_fifteen_kilometres(
    checked: Check, at_distance: Callable[..., Record], km: float, verdicts: list[Verdict]
) -> None:
    tank = gun(at_distance(km, 0), weapon={"category": "tank"})
    result = checked("minsk-addendum-2015", tank, at=LATER)
    assert [f.verdict for f in findings(result, "withdrawal/A")] == verdicts


def test_who_fires_a_mortar_has_it_there(checked: Check, at_distance: Callable[..., Record]) -> None:
    heard = gun(at_distance(5, 0), act="discharge", weapon={"category": "mortar", "calibre_mm": 82}, actor=None)
    hit = {**heard, "id": "hit", "act": "impact"}
    (finding,) = findings(checked("minsk-addendum-2015", heard, hit, at=LATER), "withdrawal/A")
    assert [e.observation for e in finding.evidence] == ["gun"]
