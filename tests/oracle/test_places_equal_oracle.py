"""Every place that is made, of every form: all that rules ask about it, by the interpreter and by the oracle."""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from generate_places import POOL, place_of
from test_stream_equals_oracle import AGREEMENTS, engine_of, outcomes, told

BATCHES = 8
KEEPS = ({"category": "tank"}, {"category": "artillery", "calibre_mm": 122}, {"category": "mortar", "calibre_mm": 82})
AT, DAY = "2015-04-01T00:00:00Z", "2015-02-19T12:00:00Z"


def seen(place: dict[str, Any], other: dict[str, Any]) -> list[dict[str, Any]]:
    """Something kept, fired and flown there by each side, with nothing else about it open."""
    records: list[dict[str, Any]] = []
    for party in ("north", "south"):
        sure = {"actor": party, "at": DAY, "source": {"id": "watchers"}, "place": place}
        records.extend({"act": "keep", "weapon": weapon, **sure} for weapon in KEEPS)
        records.append({"act": "fly", **sure, "place": place | {"altitude_m": 1_000}})
        records.append({"act": "fire", **sure})
        records.extend({"act": "fire", **sure, "place": a, "target": b} for a, b in ((place, other), (other, place)))
    return [{"id": f"o{number}", **record} for number, record in enumerate(records)]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("places")


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_interpreter_places_what_the_oracle_places(batch: int, folder: Path) -> None:
    for number in range(batch, POOL, BATCHES):
        rng = random.Random(number)
        place, other = place_of(number), place_of(rng.randrange(POOL))
        for choice in rng.sample(range(AGREEMENTS), 3):
            engine, records = engine_of(folder, choice), seen(place, other)
            found = outcomes(engine, records, AT, rng)
            assert found == told(engine.agreement, records, AT), f"{place} and {other} under {choice}"
