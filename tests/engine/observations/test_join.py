"""Joining readings: idempotent, in any order, with conflicts on both sides."""

from __future__ import annotations

from functools import reduce
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from servanda.observations import Observation, Observations, from_record, read

TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
WORD = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
FIGURE = st.integers(0, 1000) | st.builds(
    lambda low, more: {"min": low, "max": low + more}, st.integers(0, 9), st.integers(0, 9)
)
BEARING = st.sampled_from(["N", "SSW", "W"]) | st.integers(0, 360)
PLACE = (
    st.fixed_dictionaries(
        {"lon": st.floats(-180, 180), "lat": st.floats(-90, 90)},
        optional={"error_m": st.floats(0, 1e5), "altitude_m": st.integers(-100, 9000)},
    )
    | st.fixed_dictionaries(
        {"observer": st.tuples(st.integers(-9, 9), st.integers(-9, 9)).map(list) | TEXT},
        optional={
            "bearing": BEARING | st.lists(BEARING, min_size=1, max_size=3),
            "range_m": st.integers(0, 9) | st.just([10, 20]),
        },
    )
    | st.fixed_dictionaries({"zone": TEXT})
)
RECORD = st.fixed_dictionaries(
    {
        "id": st.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True),
        "act": TEXT,
        "at": st.sampled_from(["2016-07-22", "2016-07-22T10:30:15.5+03:00"])
        | st.just({"from": "2016-07-22", "to": "2016-07-23", "kind": "spread"}),
    },
    optional={
        "place": PLACE,
        "count": FIGURE,
        "weapon": st.fixed_dictionaries({"model": st.lists(TEXT, max_size=2), "calibre_mm": FIGURE}),
        "source": st.fixed_dictionaries({"id": WORD, "sense": st.sampled_from(["seen", "heard"])}),
        "denies": TEXT | st.lists(TEXT, max_size=2),
        "custody": st.dictionaries(TEXT, JSON, max_size=3),
        "fields": st.dictionaries(TEXT, JSON, max_size=3),
        "complete": st.booleans(),
    },
)


@given(RECORD)
def test_a_record_survives_its_own_json(record: dict[str, Any]) -> None:
    made = from_record(record)
    assert isinstance(made, Observation), made
    again = from_record(made.to_record())
    assert again == made
    assert isinstance(again, Observation)
    assert again.digest() == made.digest()
    assert again.to_record() == made.to_record()


def summary(found: Observations) -> tuple[object, ...]:
    return (
        sorted((r.id, r.digest()) for r in found),
        sorted(map(str, found.rejected)),
        found.read,
        dict(found.ignored),
        sorted(found.origins.items()),
    )


SMALL = st.lists(
    st.builds(
        lambda key, act: {"id": key, "act": act, "at": "2016-07-22"},
        st.sampled_from("ab"),
        st.sampled_from(["fire", "keep"]),
    ),
    max_size=3,
)


@given(st.lists(SMALL, min_size=1, max_size=4), st.randoms())
def test_the_order_and_grouping_of_joins_does_not_matter(batches: Any, random: Any) -> None:
    readings = [read(batch) for batch in batches]
    one = reduce(Observations.__add__, readings)
    shuffled = random.sample(readings, len(readings))
    other = reduce(lambda right, left: left + right, shuffled)
    assert summary(one) == summary(other)
    assert one.read == len(one) + sum(one.ignored.values()) + len(one.rejected)


def test_conflicts_are_named_on_both_sides() -> None:
    first = read([{"id": "a", "act": "fire", "at": "2016-07-22"}])
    second = read(
        [
            {"id": "b", "act": "fire", "at": "2016-07-22"},
            {"id": "a", "act": "keep", "at": "2016-07-22"},
        ]
    )
    joined = first + second
    assert [record.id for record in joined] == ["b"]
    assert [(r.line, r.code, r.id) for r in joined.rejected] == [
        (1, "O110", "a"),
        (2, "O110", "a"),
    ]
    assert "<records>:2" in joined.rejected[0].message


def test_reading_twice_counts_once() -> None:
    found = read([{"id": "a", "act": "fire", "at": "2016-07-22"}])
    twice = found + found
    assert len(twice) == 1
    assert twice.read == 2
    assert sum(twice.ignored.values()) == 1
