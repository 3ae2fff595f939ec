"""What the tests of the shipped agreements share: where they stand, short records, and a check of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import servanda
from servanda_dsl.model import Agreement

ROOT = Path(__file__).parents[2]
Record = dict[str, Any]
Check = Callable[..., servanda.Result]


@pytest.fixture(scope="session")
def agreements() -> Path:
    """The folder of the shipped agreements."""
    return ROOT / "agreements"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of the large tables, which stand beside the project where they are there at all."""
    return ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def checked(agreements: Path) -> Check:
    """Check records, written as dicts, against a shipped agreement (by name) or any folder."""

    def check(agreement: str | Path, *records: Record, at: str = "2021-01-01T00:00+02:00") -> servanda.Result:
        loaded = servanda.load(agreements / agreement)
        observations = servanda.read(
            list(records), time_zone=loaded.time_zone, known_fields=loaded.vocabulary.fields, strict=True
        )
        return servanda.check(loaded, observations, at=at, strict=True)

    return check


@pytest.fixture(scope="session")
def record() -> Callable[..., Record]:
    """Write a record of the mission in short; further fields by name, `source` by its id."""

    def make(name: str, act: str, at: object, source: str = "smm", **fields: object) -> Record:
        return {"id": name, "act": act, "at": at, "source": {"id": source}, **fields}

    return make


@pytest.fixture(scope="session")
def minsk(agreements: Path) -> Agreement:
    """The Package of Measures of February 2015."""
    return servanda.load(agreements / "minsk-2-2015")


@pytest.fixture(scope="session")
def addendum(agreements: Path) -> Agreement:
    """The Addendum of September 2015."""
    return servanda.load(agreements / "minsk-addendum-2015")


@pytest.fixture(scope="session")
def measures(agreements: Path) -> Agreement:
    """The measures of July 2020."""
    return servanda.load(agreements / "measures-2020")
