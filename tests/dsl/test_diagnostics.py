from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from servanda_dsl import load, read
from servanda_dsl.diagnostics import AgreementError, Severity
from servanda_dsl.load import Reading, read_text
from servanda_dsl.source import read_source

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted([*GOLDEN.glob("*.terms"), *GOLDEN.glob("*.md")])


def _read(file: Path) -> Reading:
    return read_text(read_source(file, file.name), GOLDEN)


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_a_mistake_is_told_where_it_is_and_with_a_way_out(
    file: Path, shown: Callable[[Reading], str], golden: Callable[[Path, str], None]
) -> None:
    golden(file.with_suffix(".txt"), shown(_read(file)))


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_a_message_is_one_plain_sentence_and_says_what_to_do(file: Path) -> None:
    for d in _read(file).diagnostics:
        assert not d.message[0].isupper(), d
        assert not d.message.endswith("."), d
        assert "\n" not in d.message + d.help, d
        assert d.help, d
        assert len(d.message) < 160, d
        assert not any(word in d.message + d.help for word in ("Token", "NAME", "STRING", "_STOP", "None", "$END")), d


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_one_mistake_gives_one_message(file: Path) -> None:
    """No two diagnostics stand on one word, and none but a warning leaves the agreement usable."""
    reading = _read(file)
    places = Counter((d.place.line, d.place.column) for d in reading.diagnostics)
    assert not [p for p, n in places.items() if n > 1]
    assert (reading.agreement is None) == any(d.severity is Severity.ERROR for d in reading.diagnostics)


def test_three_mistakes_give_three_messages_each_at_its_place() -> None:
    found = [(d.code, d.place.line, d.place.column) for d in _read(GOLDEN / "three-mistakes.terms").diagnostics]
    assert found == [("E104", 12, 41), ("E201", 13, 55), ("E301", 14, 64)]


def test_loading_raises_with_every_error_at_once() -> None:
    with pytest.raises(AgreementError) as error:
        load(GOLDEN / "three-mistakes.terms")
    assert len(error.value.diagnostics) == 3
    assert str(error.value).count("three-mistakes.terms:") == 3


@pytest.mark.parametrize(("name", "code"), [("nothing.terms", "E001"), ("maps", "E001"), ("maps/area.geojson", "E001")])
def test_a_path_that_holds_no_agreement_is_named(name: str, code: str) -> None:
    with pytest.raises(AgreementError) as error:
        read(GOLDEN / name)
    (found,) = error.value.diagnostics
    assert found.code == code
    assert Path(name).name in found.message
    assert found.help
