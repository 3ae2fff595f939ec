"""The page of messages and the source name the same codes, each with a way out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from servanda.observations import CODES, MAPPING_CODES

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/reference/diagnostics.md").read_text(encoding="utf-8")
ENTRIES = dict(re.findall(r"(?ms)^#### ([EWOM]\d{3}): (.*?)(?=^#|\Z)", PAGE))


def in_the_source() -> set[str]:
    files = [*(ROOT / "dsl").rglob("*.py"), *(ROOT / "engine").rglob("*.py")]
    return {code for file in files for code in re.findall(r"""["']([EWOM]\d{3})["']""", file.read_text("utf-8"))}


def test_every_code_of_the_source_has_its_entry_and_no_entry_is_made_up() -> None:
    assert set(ENTRIES) == in_the_source()


@pytest.mark.parametrize("code", sorted(ENTRIES))
def test_every_entry_says_what_to_do(code: str) -> None:
    text = re.sub(r"(?s)```.*?```|<!--.*?-->", "", ENTRIES[code].split("\n", 1)[1])
    assert len(text.split()) >= 3, f"{code} has no way out"


@pytest.mark.parametrize(("code", "meaning"), sorted({**CODES, **MAPPING_CODES}.items()))
def test_the_meaning_of_a_rejection_is_that_of_the_source(code: str, meaning: str) -> None:
    assert ENTRIES[code].split("\n", 1)[0] == meaning
