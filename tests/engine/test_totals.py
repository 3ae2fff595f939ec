"""What sources counted, added up: bounds, what is never added, the days without a count, and their own totals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import servanda
from servanda.totals import Total
from servanda.totals.counts import Count, added, clusters

TERMS = """agreement calm "Calm" in force 2025-06-01 12:00 time zone Europe/Belgrade.
use vocabulary ceasefire.
party north "the North".
party south "the South".
clause 1 "Calm".
rule A: No party shall fire.
"""


def row(name: str, first: str, last: str, count: object, **more: Any) -> dict[str, Any]:
    """A count of shots by the mission, over days."""
    at = {"from": first, "to": last, "kind": "spread"}
    base = {"id": name, "act": "fire", "actor": "north", "at": at, "count": count, "unit": "shots"}
    return {**base, "source": {"id": "mission"}, **more}


def tally(name: str, first: str, last: str, count: object) -> dict[str, Any]:
    """A total that the mission published."""
    return {**row(name, first, last, count), "act": "tally", "actor": None}


@pytest.fixture
def totals(tmp_path: Path) -> Any:
    """The totals of some records."""
    (tmp_path / "agreement.terms").write_text(TERMS, encoding="utf-8")

    def of(*records: dict[str, Any], at: str = "2025-06-30") -> tuple[Total, ...]:
        kept = [{k: v for k, v in r.items() if v is not None} for r in records]
        return servanda.check(tmp_path, servanda.read(kept, time_zone="Europe/Belgrade"), at=at, strict=True).totals

    return of


def test_units_and_sources_are_kept_apart(totals: Any) -> None:
    found = totals(
        row("a", "2025-06-02", "2025-06-02", 3),
        row("b", "2025-06-03", "2025-06-03", 4),
        row("c", "2025-06-03", "2025-06-03", 5, unit="bursts"),
        row("d", "2025-06-03", "2025-06-03", 6, source={"id": "radio"}),
    )
    assert {(t.unit, t.source): (t.min, t.max) for t in found} == {
        ("shots", "mission"): (7, 7),
        ("bursts", "mission"): (5, 5),
        ("shots", "radio"): (6, 6),
    }


def test_bounds_stay_bounds(totals: Any) -> None:
    (one,) = totals(
        row("a", "2025-06-02", "2025-06-02", {"min": 3, "max": 5}), row("b", "2025-06-03", "2025-06-03", {"about": 40})
    )
    assert (one.min, one.max) == (4, None)


def test_what_is_not_surely_forbidden_counts_from_nought(totals: Any) -> None:
    (one,) = totals(row("a", "2025-06-01", "2025-06-01", 9), row("b", "2025-06-03", "2025-06-03", 2))
    assert (one.min, one.max, [p.sure for p in one.parts]) == (2, 11, [False, True])


def test_one_incident_is_counted_once_and_the_widest(totals: Any) -> None:
    (one,) = totals(
        row("a", "2025-06-02", "2025-06-02", 3, incident="hill"),
        row("b", "2025-06-02", "2025-06-02", 8, incident="hill"),
    )
    assert (one.min, one.max, [p.observations for p in one.parts]) == (8, 8, [("a", "b")])


def test_what_overlaps_is_not_added_and_it_is_said(totals: Any) -> None:
    (one,) = totals(row("a", "2025-06-02", "2025-06-03", 3), row("b", "2025-06-03", "2025-06-04", 8))
    assert (one.min, one.max, one.overlapping) == (8, 11, (("a", "b"),))


def test_the_same_time_in_two_settlements_is_added(totals: Any) -> None:
    (one,) = totals(
        row("a", "2025-06-02", "2025-06-02", 3, place={"lon": 20.0, "lat": 45.0}),
        row("b", "2025-06-02", "2025-06-02", 8, place={"lon": 21.0, "lat": 45.0}),
    )
    assert (one.min, one.max, one.overlapping) == (11, 11, ())


def test_what_was_corrected_retracted_or_comes_later_is_out(totals: Any) -> None:
    (one,) = totals(
        row("a", "2025-06-02", "2025-06-02", 3),
        row("a-2", "2025-06-02", "2025-06-02", 4, corrects="a"),
        row("b", "2025-06-03", "2025-06-03", 50),
        {"id": "b-back", "act": "comment", "at": "2025-06-04", "retracts": "b"},
        row("c", "2025-06-20", "2025-06-20", 60),
        at="2025-06-10",
    )
    assert (one.min, one.max, [p.observations for p in one.parts]) == (4, 4, [("a-2",)])


def test_days_without_a_count_are_gaps_and_a_count_of_nought_is_none(totals: Any) -> None:
    (one,) = totals(
        row("a", "2025-06-02", "2025-06-02", 3),
        row("b", "2025-06-05T00:00+02:00", "2025-06-05T12:00+02:00", 1),
        row("c", "2025-06-06", "2025-06-06", 0),
        row("d", "2025-06-07", "2025-06-07", 1),
    )
    assert [(g.first, g.last, g.counted) for g in one.gaps] == [
        ("2025-06-03", "2025-06-04", "none"),
        ("2025-06-05", "2025-06-05", "part"),
    ]


@pytest.mark.parametrize(
    ("published", "result"), [(7, "agrees"), (6, "differs"), (8, "differs"), ({"about": 7}, "open")]
)
def test_a_total_of_the_source_is_compared_and_never_added(totals: Any, published: object, result: str) -> None:
    (one,) = totals(
        row("a", "2025-06-02", "2025-06-02", 3),
        row("b", "2025-06-03", "2025-06-03", 4),
        tally("t", "2025-06-02", "2025-06-03", published),
    )
    assert (one.min, one.max) == (7, 7)
    assert [(p.tally, p.counted_min, p.counted_max, p.result) for p in one.published] == [("t", 7, 7, result)]


def test_a_total_over_days_without_a_count_stays_open_and_the_next_is_compared_by_itself(totals: Any) -> None:
    (one,) = totals(
        row("a", "2025-06-02", "2025-06-02", 3),
        row("b", "2025-06-04", "2025-06-04", 4),
        tally("t", "2025-06-02", "2025-06-03", 9),
        tally("u", "2025-06-02", "2025-06-04", 13),
    )
    assert [(p.tally, p.since, p.published_min, p.counted_min, p.result) for p in one.published] == [
        ("t", None, 9, 3, "open"),
        ("u", "t", 4, 4, "agrees"),
    ]


COUNTS = st.lists(
    st.builds(
        lambda i, first, length, region, figure: Count((str(i),), first, first + length, region, figure, figure),
        st.integers(0, 10**9), st.integers(0, 40), st.integers(0, 10), st.sampled_from(["", "east", "west"]),
        st.integers(0, 9),
    ),
    max_size=12,
)  # fmt: skip


@given(COUNTS)
def test_nothing_is_lost_and_the_order_does_not_matter(counts: list[Count]) -> None:
    groups = clusters(counts)
    assert sorted(c.ids for g in groups for c in g) == sorted(c.ids for c in counts)
    assert added(counts) == added(list(reversed(counts)))
    least, most = added(counts)
    assert most is not None
    assert max((c.least for c in counts), default=0) <= least <= most <= sum(c.least for c in counts)
    for group in groups:
        for other in groups:
            assert group is other or not any(a.meets(b) for a in group for b in other)
