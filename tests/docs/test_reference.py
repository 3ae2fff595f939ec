"""The reference pages leave nothing out: every field, column, verdict, command and option stands there."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from servanda import Finding, Observation, Verdict
from servanda.cli.app import app
from servanda.observations.flat import COLUMNS
from servanda.observations.mapping.schema import Expression, MappingFile

REFERENCE = Path(__file__).resolve().parents[2] / "docs/reference"


def missing(page: str, names: object) -> set[str]:
    text = (REFERENCE / f"{page}.md").read_text(encoding="utf-8")
    return {str(name) for name in names if f"`{name}`" not in text}  # type: ignore[attr-defined]


def test_every_field_and_verdict_of_a_finding() -> None:
    assert missing("findings", Finding.model_fields) == set()
    assert missing("findings", (v.value for v in Verdict)) == set()


def test_every_field_and_flattened_column_of_an_observation() -> None:
    assert missing("observations", Observation.model_fields) == set()
    assert missing("observations", COLUMNS) == set()


def test_every_key_of_a_mapping() -> None:
    tables = {"ignore", "skip", "common", "values", "observation"}  # written as tables there
    assert missing("mapping", set(MappingFile.model_fields) - tables) == set()
    assert missing("mapping", Expression.model_fields) == set()


def commands() -> dict[str, typer.core.TyperCommand]:
    return typer.main.get_command(app).commands  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_and_option(name: str) -> None:
    text = (REFERENCE / "command-line.md").read_text(encoding="utf-8")
    section = text.split(f"\n## {name}\n", 1)[1].split("\n## ", 1)[0]
    options = {o for p in commands()[name].params for o in p.opts if o.startswith("--")} - {"--help"}
    assert {o for o in options if o not in section} == set()
