"""A night's records as they come: with rows among them that cannot be used, or that come twice."""

from __future__ import annotations

import random

from generate_amounts import amounts, counted
from generate_records import Record, one_record, records

WRONG: tuple[Record, ...] = (
    {"act": "hum"},
    {"actor": "nobody"},
    {"actor_candidates": ["north", "nobody"]},
    {"weapon": {"category": "trebuchet"}},
    {"object": {"category": "castle"}},
    {"place": {"zone": "moon"}},
    {"place": {"lon": 38.0}},
    {"place": {"lon": 38.0, "lat": 48.0, "zone": "area"}},
    {"place": {"lon": 38.0, "lat": 98.0}},
    {"place": {"observer": [38.0, 48.0], "bearing": "NNNE", "range_m": 100}},
    {"place": {"observer": [38.0, 48.0], "range_m": [200, 100]}},
    {"place": {"geometry": {"type": "Polygon", "coordinates": [[[38, 48], [39, 49], [39, 48], [38, 49], [38, 48]]]}}},
    {"act": "keep", "target": {"zone": "area"}},
    {"act": "publish", "target": {"zone": "area"}},
    {"at": "2015-02-30"},
    {"at": {"from": "2015-02-18T00:00:00Z", "to": "2015-02-16T00:00:00Z"}},
    {"grade": "G7"},
    {"count": -1},
    {"colour": "blue"},
)
"""What makes a row unusable: nothing an agreement or the manual knows, or no place, time, grade or figure at all."""


def night(rng: random.Random) -> list[Record]:
    """Records, and now and then rows that are set aside."""
    made = records(rng)
    if rng.random() < 0.12:
        made.append(_wrong(rng, made))
    if rng.random() < 0.06:
        made.append(dict(rng.choice(made)))
    if rng.random() < 0.06:
        made.append({**rng.choice(made), "note": "another one of that name"})
    own = random.Random(repr(made))  # so that whatever else is drawn stays what it is
    chance = own.random()
    more = amounts(own) if chance < 0.4 else counted(own) if chance > 0.92 else []
    return [*made, *more]


def _wrong(rng: random.Random, made: list[Record]) -> Record:
    row = one_record(rng, "wrong", ("fire", "keep", "publish", "attack", "strike"))
    row.pop("target", None)
    row |= rng.choice(({}, {}, {"retracts": made[0]["id"]}, {"corrects": made[0]["id"]}, {"denies": [made[0]["id"]]}))
    if rng.random() < 0.1:
        return row | {"corrects": made[0]["id"], "retracts": made[0]["id"]}
    return row | rng.choice(WRONG)
