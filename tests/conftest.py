"""What every test may use: golden files, and an option to write them anew.

The usual run tries the same generated cases every time, so that a change is judged by itself; with
`SERVANDA_EXPLORE=1` it tries others, which is how new mistakes are found.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

pytest.register_assert_rewrite("laws_of_a_kind")  # it asserts for several tests, and says as much as they do
settings.register_profile("usual", derandomize=not os.environ.get("SERVANDA_EXPLORE"))
settings.load_profile("usual")

Golden = Callable[[Path, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--reset-golden", action="store_true", help="write golden files anew; then read the difference")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare a text with the one kept in a file; `--reset-golden` keeps the new one instead."""

    def compare(file: Path, text: str) -> None:
        if request.config.getoption("--reset-golden"):
            file.write_text(text, encoding="utf-8")
        kept = file.read_text(encoding="utf-8") if file.exists() else ""
        assert text == kept, f"{file.name} differs; where the new text is right, run pytest with --reset-golden"

    return compare
