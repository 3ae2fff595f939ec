"""The mission's own counts through the recommitment of 2019 and the measures of 2020: its published totals come out."""

from __future__ import annotations

from pathlib import Path

import pytest

import servanda
from servanda.totals import Total

RULES = {"recommitment-2019": "ceasefire/A", "measures-2020": "2/A"}
MAP = "observations/smm-daily-counts.toml"


@pytest.fixture(scope="module")
def counted(agreements: Path, shared_data: Path) -> dict[str, dict[str, Total]]:
    """The totals by unit of the ban on firing of each agreement, at the end of 8 August 2020."""
    file = shared_data / "osce_smm_daily_sample" / "daily_counts.csv"
    if not file.is_file():
        pytest.skip("the mission's counts are not beside the project (../shared/data/osce_smm_daily_sample)")
    found = {}
    for name, rule in RULES.items():
        read = servanda.read(file, agreements / name / MAP)
        assert (read.read, len(read), len(read.rejected), sum(read.ignored.values())) == (56, 96, 0, 7)
        result = servanda.check(agreements / name, read, at="2020-08-08", rules=[rule], strict=True)
        found[name] = {t.unit: t for t in result.totals}
    return found


def between(total: Total, first: str, last: str) -> list[tuple[str, float, float | None]]:
    """The parts whose time begins within a stretch."""
    return [(p.region, p.min, p.max) for p in total.parts if first <= p.first < last]


def test_74_and_1_and_0_make_the_75_of_21_july_2019(counted: dict[str, dict[str, Total]]) -> None:
    total = counted["recommitment-2019"]["ceasefire violations"]
    parts = between(total, "2019-07-20", "2019-07-22")
    assert parts == [("Luhansk region", 74, 74), ("Donetsk region", 1, 1), ("", 0, 0)]
    spot, evening = total.published[:2]
    assert (spot.published_min, spot.counted_min, spot.counted_max, spot.result) == (75, 75, 75, "agrees")
    assert (evening.since, evening.published_min, evening.parts, evening.result) == (spot.tally, 4, 0, "open")


def test_its_three_explosions_are_counted_apart(counted: dict[str, dict[str, Total]]) -> None:
    total = counted["recommitment-2019"]["explosions"]
    assert [p[1] for p in between(total, "2019-07-20", "2019-07-22")] == [2, 1, 0]
    assert (total.published[0].counted_min, total.published[0].result) == (3, "agrees")


def test_111_on_27_july_2020(counted: dict[str, dict[str, Total]]) -> None:
    total = counted["measures-2020"]["ceasefire violations"]
    assert between(total, "2020-07-26", "2020-07-27T20") == [("Donetsk region", 111, 111), ("Luhansk region", 0, 0)]
    assert (total.published[0].published_max, total.published[0].result) == (111, "agrees")


def test_251_and_0_and_5_make_256(counted: dict[str, dict[str, Total]]) -> None:
    total = counted["measures-2020"]["ceasefire violations"]
    before, last = total.published[-2:]
    assert last.since == before.tally
    assert (before.total_min, before.total_max) == (251, 251)
    assert (last.total_min, last.total_max) == (256, 256)
    assert (last.published_min, last.counted_min, last.counted_max, last.result) == (5, 5, 5, "agrees")
    days = between(total, last.first, last.last)
    assert [d[1] for d in days] == [0, 0, 5, 0]
    assert before.total_min + sum(d[1] for d in days) == last.total_min


def test_days_without_a_report_are_gaps(counted: dict[str, dict[str, Total]]) -> None:
    total = counted["measures-2020"]["ceasefire violations"]
    unseen = [(g.first, g.last) for g in total.gaps if g.region == "Donetsk region" and g.counted == "none"]
    assert unseen == [("2020-07-31", "2020-08-01")]
    (weekend,) = [p for p in total.published if p.published_min == 128]
    assert (weekend.counted_min, weekend.result) == (8, "open")
    (second_day,) = [p for p in total.published if p.published_min == 10]
    assert (second_day.parts, second_day.result) == (0, "open")


def test_no_total_is_counted_again(counted: dict[str, dict[str, Total]]) -> None:
    for totals in counted.values():
        for total in totals.values():
            own = {p.tally for p in total.published}
            assert not own & {i for p in total.parts for i in p.observations}
            assert not total.overlapping
