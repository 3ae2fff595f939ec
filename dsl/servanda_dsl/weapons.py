"""The stock table of weapon models: category, calibre, and where each figure comes from."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class WeaponModel:
    """A model of weapon.

    Attributes:
        name: Its name in the table.
        category: A category of the vocabulary.
        calibre_mm: Calibre in millimetres; None where a model has none or none is known.
        source: Where category and calibre come from.
    """

    name: str
    category: str
    calibre_mm: float | None
    source: str


@cache
def _table() -> dict[str, WeaponModel]:
    text = files("servanda_dsl").joinpath("weapons.csv").read_text(encoding="utf-8")
    table: dict[str, WeaponModel] = {}
    for row in csv.DictReader(text.splitlines()):
        calibre = float(row["calibre_mm"]) if row["calibre_mm"] else None
        model = WeaponModel(row["model"], row["category"], calibre, row["source"])
        for name in (row["model"], *filter(None, row["also"].split("|"))):
            key = _key(name)
            if key in table:
                msg = f"weapon table: `{name}` stands twice"
                raise ValueError(msg)
            table[key] = model
    return table


def weapon_model(name: str) -> WeaponModel | None:
    """The model of this name, or None where the table does not know it (which is never an error)."""
    return _table().get(_key(name))


def weapon_models() -> tuple[WeaponModel, ...]:
    """Every model of the table, once, in its order."""
    return tuple(dict.fromkeys(_table().values()))


def _key(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())
