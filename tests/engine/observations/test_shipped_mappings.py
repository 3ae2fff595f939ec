"""The mappings that ship: every row of the real tables, and what the rows mean."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from servanda.observations import (
    Bounds,
    Observation,
    Observations,
    Unplaced,
    load_mapping,
    read,
    settle_place,
)

ROOT = Path(__file__).parents[3]
HERE = ROOT / "agreements" / "minsk-2-2015" / "observations"
UCDP = ROOT.parent / "shared" / "data" / "ucdp_ged_ukraine"
PEACEREP = UCDP / "UCDP-Ukraine_peacerep_2023-05.csv.gz"
HDX = UCDP / "conflict_data_ukr_hdx.csv.gz"


@pytest.fixture(scope="module")
def sample() -> Observations:
    return read(HERE / "osce-smm-sample.csv", HERE / "osce-smm-sample.toml")


def by_line(sample: Observations, line: int) -> list[Observation]:
    return [record for record in sample if sample.origins[record.id].line == line]


def test_every_row_of_the_sample_maps(sample: Observations) -> None:
    assert (sample.read, len(sample), sample.rejected) == (60, 61, ())
    assert not any(record.actor or record.actor_candidates for record in sample)
    acts = {"keep", "discharge", "explosion", "impact", "burst", "projectile", "tracer"}
    assert {record.act for record in sample} == acts


def test_the_mission_s_conclusion_is_not_an_act(sample: Observations) -> None:
    concluded = [record for record in sample if record.source_assessment]
    assert {record.act for record in concluded} == {"keep"}
    assert len(concluded) == 13


def test_explosions_are_counted_as_the_reports_count_them(sample: Observations) -> None:
    (heard,) = by_line(sample, 3)
    assert (heard.count, heard.unit, heard.act) == (166, "explosions", "explosion")
    assert heard.source is not None
    assert (heard.source.sense, heard.source.kind) == ("heard", "ground")
    when = heard.when()
    assert when.kind == "spread"
    assert (when.earliest_us, when.latest_us) == (
        int(datetime.fromisoformat("2016-07-22T00:00+03:00").timestamp()) * 10**6,
        int(datetime.fromisoformat("2016-07-23T00:00+03:00").timestamp()) * 10**6,
    )


def test_figures_that_are_not_exact(sample: Observations) -> None:
    assert by_line(sample, 25)[0].count == Bounds(min=6, max=7)
    assert by_line(sample, 26)[0].count == Bounds(min=3, max=4)
    assert by_line(sample, 37)[0].count == Bounds(min=14)
    about = {sample.origins[r.id].line for r in sample
             if isinstance(r.count, Bounds) and r.count.about is not None}  # fmt: skip
    assert about == {42, 45, 46, 59, 60}


def test_a_time_read_off_a_watch_is_a_minute(sample: Observations) -> None:
    when = by_line(sample, 24)[0].when()
    assert when.earliest_us is not None
    assert when.latest_us == when.earliest_us + 60_000_000


def test_weapons(sample: Observations) -> None:
    tanks = by_line(sample, 37)[0].weapon
    assert tanks is not None
    assert (tanks.category, tanks.model) == ("tank", ("T-72", "T-64"))
    howitzers, missile = by_line(sample, 34)
    assert howitzers.weapon is not None
    assert howitzers.weapon.model == ("2A65 Msta-B",)
    assert missile.weapon is not None
    assert (missile.weapon.category, missile.count) == ("anti-tank-weapon", 1)


def test_places_of_the_sample(sample: Observations) -> None:
    gazetteer = load_mapping(HERE / "osce-smm-sample.toml").gazetteer
    unplaced = {
        sample.origins[record.id].line for record in sample if isinstance(settle_place(record, gazetteer), Unplaced)
    }
    assert unplaced == {2, 56, 57}  # the camera at Shyrokyne states no range


@pytest.fixture(scope="module")
def events() -> tuple[Observations, Observations]:
    if not (PEACEREP.exists() and HDX.exists()):
        pytest.skip("the UCDP tables are not beside the project (../shared/data)")
    mapping = load_mapping(HERE / "ucdp-ged.toml")
    return read(PEACEREP, mapping), read(HDX, mapping)


def test_both_spellings_of_the_events_map(events: tuple[Observations, Observations]) -> None:
    wide, narrow = events
    assert (len(wide), wide.rejected) == (3883, ())
    assert (len(narrow), narrow.rejected) == (2989, ())
    assert narrow.ignored == {"row of HXL tags": 1}
    assert [source.encoding for source in (*wide.sources, *narrow.sources)] == ["cp1252", "utf-8"]


def test_the_two_spellings_agree_on_every_date(events: tuple[Observations, Observations]) -> None:
    wide = {record.id: record.when() for record in events[0]}
    for record in events[1]:
        assert record.when() == wide[record.id]


def test_no_event_names_an_actor(events: tuple[Observations, Observations]) -> None:
    assert not any(record.actor for record in events[0])
    assert all(len(record.actor_candidates) == 2 for record in events[0])
    unplaced = [r for r in events[0] if r.place is None]
    assert len(unplaced) == 80
