"""Positions in a literate page are those of the file the user opened, whatever prose stands above the terms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from servanda_dsl.load import Reading, read_text
from servanda_dsl.source import Source, read_source

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(GOLDEN.glob("*.terms"))
PROSE = """# A page — with prose, “quotations”, ``code`` and a rule A: in it.

clause 9 "is prose here".

"""


def _literate(text: str) -> str:
    return f"{PROSE}```terms\n{text}{'' if text.endswith(chr(10)) else chr(10)}```\n\nMore prose.\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_a_mistake_in_a_page_stands_where_it_stands_in_plain_terms_so_many_lines_lower(
    file: Path, newline: str
) -> None:
    plain = read_text(read_source(file, file.name), GOLDEN)
    page = Source("page.md", _literate(plain.parsed.source.text).replace("\n", newline), literate=True)
    literate = read_text(page, GOLDEN)
    lower = PROSE.count("\n") + 1
    whole_file = {"E206", "E207", "E208"}
    expected = [
        (d.code, d.place.line + (0 if d.code in whole_file else lower), d.place.column, d.message)
        for d in plain.diagnostics
    ]
    assert [(d.code, d.place.line, d.place.column, d.message) for d in literate.diagnostics] == expected
    for d, other in zip(literate.diagnostics, plain.diagnostics, strict=True):
        words = page.text[d.place.start : d.place.end].replace(newline, "\n")
        assert words == plain.parsed.source.text[other.place.start : other.place.end]


@pytest.mark.parametrize("fence", ["```terms", "~~~terms", "````terms", "``` terms "])
def test_terms_stand_in_any_fence_of_markdown(fence: str, header: str) -> None:
    mark = fence.strip().removesuffix("terms").strip()
    page = f'Prose.\n{fence}\n{header}{mark}\nMore.\n\n{fence}\nclause 1 "X".\n{mark}\n'
    reading = read_text(Source("page.md", page, literate=True), GOLDEN)
    assert reading.diagnostics == ()
    assert reading.agreement is not None
    assert reading.agreement.clause("1").where.line == page.split("clause 1", maxsplit=1)[0].count("\n") + 1


def test_code_of_other_languages_is_prose(header: str) -> None:
    page = f'```python\nrule A\n```\n```terms\n{header}clause 1 "X".\n```\n```termsheet\nrule\n```\n'
    assert read_text(Source("page.md", page, literate=True), GOLDEN).diagnostics == ()


def test_a_sentence_does_not_run_on_into_the_next_block(read_terms: Callable[..., Reading]) -> None:
    page = '```terms\nclause 1 "X"\n```\nprose\n```terms\nclause 2 "Y".\n```\n'
    found = read_terms(page, header="", literate=True).diagnostics
    assert [(d.code, d.place.line, d.place.column) for d in found if d.code == "E103"] == [("E103", 2, 12)]


def test_a_block_that_is_never_closed_costs_one_message(header: str) -> None:
    page = f'# T\n\n```terms\n{header}clause 1 "X".\n\n## Point 2\n\nProse. And more.\n\n```terms\nclause 2 "Y".\n```\n'
    (found,) = read_text(Source("page.md", page, literate=True), GOLDEN).diagnostics
    assert (found.code, found.place.line, found.place.column) == ("E107", 3, 1)


def test_a_page_without_terms_says_so() -> None:
    (found,) = read_text(Source("page.md", "# Only prose\n", literate=True), GOLDEN).diagnostics
    assert (found.code, found.message) == ("E208", "the page holds no block of terms")
