"""The sentences the language was made for, in the words an adviser would choose."""

from __future__ import annotations

from pathlib import Path

import pytest

from servanda_dsl import prose
from servanda_dsl.load import Reading, read_text
from servanda_dsl.source import read_source

HERE = Path(__file__).parent
MINSK = HERE.parents[1] / "agreements" / "minsk-2-2015"


@pytest.fixture(scope="module")
def reading() -> Reading:
    """The sample, read against the maps of a shipped agreement."""
    return read_text(read_source(HERE / "sample.terms", "sample.terms"), MINSK)


def test_the_sample_loads_without_a_remark(reading: Reading) -> None:
    assert reading.diagnostics == ()


def test_the_sample_says_what_it_should(reading: Reading) -> None:
    agreement = reading.agreement
    assert agreement is not None
    assert [(r.id, r.kind, r.act) for r in agreement.rules] == [
        ("1/A", "prohibition", "fire"),
        ("2/A", "obligation", "begin-withdrawal"),
        ("2/B", "obligation", "complete-withdrawal"),
        ("2/C", "prohibition", "keep"),
    ]
    assert [r.name for r in agreement.rule("2/A").readings] == ["of", "after"]
    assert "half of a zone 50 km wide" in prose.read_rule(agreement, agreement.rule("2/C"))
    assert agreement.clause("5").not_monitored == "no observable act"
    assert [a.kind for a in agreement.assumptions] == ["days", "ungraded", "counts-as", "unattributed"]
