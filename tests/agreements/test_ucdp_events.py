"""Nine years of events with deaths, through the ceasefire of February 2015 and the ban of July 2020."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyproj import Transformer
from shapely.geometry import Point, Polygon

import servanda
from servanda import Observation, Observations, Verdict

FILES = {"UCDP-Ukraine_peacerep_2023-05.csv.gz": 3883, "conflict_data_ukr_hdx.csv.gz": 2989}
FLAT = Transformer.from_crs(4326, "+proj=laea +lat_0=48.5 +lon_0=38.3 +ellps=WGS84 +units=m", always_xy=True)
PARTIES = {"ukraine", "formations"}


def microseconds(text: str) -> int:
    """An instant with an offset, since the epoch."""
    return int(dt.datetime.fromisoformat(text).timestamp() * 1e6)


CEASEFIRE = microseconds("2015-02-14T22:00+00:00")
MEASURES = microseconds("2020-07-26T21:01+00:00")


@dataclass(frozen=True)
class Case:
    """One table, read and checked."""

    observations: Observations
    ceasefire: servanda.Result
    measures: servanda.Result


@pytest.fixture(scope="module", params=FILES)
def case(request: pytest.FixtureRequest, agreements: Path, shared_data: Path) -> Case:
    file = shared_data / "ucdp_ged_ukraine" / str(request.param)
    if not file.is_file():
        pytest.skip("the UCDP tables are not beside the project (../shared/data/ucdp_ged_ukraine)")
    read = servanda.read(file, agreements / "minsk-2-2015" / "observations" / "ucdp-ged.toml")
    assert len(read) == FILES[str(request.param)]
    return Case(
        read,
        servanda.check(agreements / "minsk-2-2015", read),
        servanda.check(agreements / "measures-2020", read),
    )


@pytest.fixture(scope="module")
def area(agreements: Path) -> Polygon:
    """The two regions, on a flat map whose distances are good to a few metres in a kilometre."""
    text = (agreements / "minsk-2-2015" / "maps" / "area.geojson").read_text(encoding="utf-8")
    (ring,) = json.loads(text)["features"][0]["geometry"]["coordinates"]
    return Polygon([FLAT.transform(x, y) for x, y in ring])


def margin_m(area: Polygon, observation: Observation) -> float | None:
    """How surely an event lies in the area (above nought) or outside it (below); None if that is not sure."""
    place = observation.place
    if place is None or place.lon is None or place.lat is None:
        return None
    point = Point(FLAT.transform(place.lon, place.lat))
    slack = float(place.error_m or 0) + 5_000 + 500  # the outline is accurate to 5 km; 500 m for the flat map
    to_edge = float(area.exterior.distance(point))
    if to_edge <= slack:
        return None
    return to_edge if area.contains(point) else -to_edge


def with_evidence(result: servanda.Result, clause: str) -> Iterator[servanda.Finding]:
    """The findings of a clause that rest on some observation by someone who may be bound."""
    return (f for f in result.findings if f.clause == clause and f.evidence and f.verdict is not Verdict.NOT_APPLICABLE)


def test_nothing_is_rejected(case: Case) -> None:
    for result in (case.ceasefire, case.measures):
        assert result.rejected == ()
        assert len(result.accounts) == len(case.observations)


@pytest.mark.parametrize(("text", "clause", "start"), [("ceasefire", "1", CEASEFIRE), ("measures", "2", MEASURES)])
def test_no_finding_before_the_text_binds(case: Case, text: str, clause: str, start: int) -> None:
    result: servanda.Result = getattr(case, text)
    found = list(with_evidence(result, clause))
    assert len(found) > 100
    for finding in found:
        assert finding.times.event is not None
        assert microseconds(finding.times.event.latest) > start


@pytest.mark.parametrize(("text", "clause", "start"), [("ceasefire", "1", CEASEFIRE), ("measures", "2", MEASURES)])
def test_every_event_in_the_area_and_after_the_start_is_evidence(
    case: Case, area: Polygon, text: str, clause: str, start: int
) -> None:
    result: servanda.Result = getattr(case, text)
    evidence = {e.observation for f in with_evidence(result, clause) for e in f.evidence}
    inside = outside = 0
    for observation in case.observations:
        when = observation.when("Europe/Kyiv")
        assert when.earliest_us is not None
        assert when.latest_us is not None
        margin = margin_m(area, observation)
        bound = bool(PARTIES & set(observation.actor_candidates))
        if when.earliest_us >= start and margin is not None and margin > 0 and bound:
            assert observation.id in evidence
            inside += 1
        if when.latest_us <= start or (margin is not None and margin < 0) or not bound:
            assert observation.id not in evidence
            outside += 1
    assert inside > 50
    assert outside > 500


def test_news_reports_that_nobody_vouches_for_prove_no_breach(case: Case) -> None:
    for result, clause in ((case.ceasefire, "1"), (case.measures, "2")):
        assert {f.verdict for f in with_evidence(result, clause)} == {Verdict.INDETERMINATE}
        assert result.exit_code == 3


def test_an_event_across_the_start_is_indeterminate(case: Case) -> None:
    """From 13 January to the end of 15 February 2015, 177 deaths somewhere in the Donets basin."""
    (finding,) = [f for f in case.ceasefire.findings if "ged-203423" in {e.observation for e in f.evidence}]
    assert (finding.rule, finding.verdict) == ("1/A", Verdict.INDETERMINATE)
    assert finding.by_unit["deaths"].max == 177
    assert any("time" in question for question in finding.undecided_by)


def test_a_side_of_the_conflict_is_a_candidate_and_nobody_is_the_actor(case: Case) -> None:
    for finding in with_evidence(case.ceasefire, "1"):
        assert finding.actor is None
        assert finding.attribution.status == "candidates"
