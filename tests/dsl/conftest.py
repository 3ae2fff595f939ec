"""What the tests of the language share: small agreements with their maps, and diagnostics as a user sees them."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from servanda_dsl.load import Reading, read_text
from servanda_dsl.render import render
from servanda_dsl.source import Source, read_source

HERE = Path(__file__).parent
HEADER = """\
agreement sample "A sample" signed 2015-02-12 in force 2015-02-15 00:00 time zone Europe/Kyiv.
party north "North".
party south "South".
monitor mission "The monitoring mission".
line front "the front line" from "maps/front.geojson",
    north on the side of "Up" and south on the side of "Down".
zone area "the area" from "maps/area.geojson".
"""
ReadTerms = Callable[..., Reading]
Shown = Callable[[Reading], str]
ReadBytes = Callable[..., Reading]


@pytest.fixture(scope="session")
def shown() -> Shown:
    """Diagnostics as a terminal of 100 columns shows them, without colour and without trailing blanks."""

    def show(reading: Reading) -> str:
        out = io.StringIO()
        render(Console(file=out, width=100, no_color=True), reading.diagnostics, reading.parsed.source)
        text = "\n".join(line.rstrip() for line in out.getvalue().splitlines()).strip("\n")
        return f"{text or 'nothing to report'}\n"

    return show


@pytest.fixture(scope="session")
def header() -> str:
    """What a short agreement declares before its first clause."""
    return HEADER


@pytest.fixture(scope="session")
def read_terms() -> ReadTerms:
    """Read terms that stand after the shared header (or without it), against the maps beside the golden files."""

    def read(body: str, *, header: str = HEADER, literate: bool = False) -> Reading:
        return read_text(Source("sample.md" if literate else "sample.terms", header + body, literate), HERE / "golden")

    return read


@pytest.fixture
def read_bytes(tmp_path: Path) -> ReadBytes:
    """Read a file of these very bytes, with the maps of the golden files beneath it."""

    def read(data: bytes, name: str = "odd.terms") -> Reading:
        shutil.copytree(HERE / "golden" / "maps", tmp_path / "maps", dirs_exist_ok=True)
        (tmp_path / name).write_bytes(data)
        return read_text(read_source(tmp_path / name, name), tmp_path)

    return read
