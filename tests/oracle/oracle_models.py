"""Which weapon a record may be of: the models it names, by the stock table, and what it states besides."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from oracle_parts import MAYBE, NO, YES, Record

import servanda_dsl

TABLE = Path(servanda_dsl.__file__).with_name("weapons.csv")


def written(name: str) -> str:
    """A name as it is compared: letters and figures alone, small."""
    return "".join(c for c in name.lower() if c.isalnum())


@cache
def table() -> dict[str, tuple[str, str, float | None]]:
    """Each name of each model: its first name, its category, its calibre."""
    found = {}
    for row in csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()):
        size = float(row["calibre_mm"]) if row["calibre_mm"] else None
        for name in (row["model"], *row["also"].split("|")):
            if name:
                found[written(name)] = row["model"], row["category"], size
    return found


def possibly(record: Record) -> list[Record]:
    """A record for each weapon that it may be of, each with one category, one calibre and one model at most."""
    seen = record.get("weapon") or {}
    models = seen.get("model") or []
    found = []
    for name in [models] if isinstance(models, str) else models:
        model, category, size = table().get(written(name), (None, None, None))
        categories = {c for c in (seen.get("category"), category) if c is not None} or {None}
        sizes = [seen.get("calibre_mm")]
        if size is not None and not holds(seen.get("calibre_mm"), size):
            sizes.append(size)
        elif seen.get("calibre_mm") is None:
            sizes = [size]
        found += [{**record, "weapon": one(c, s, model or name)} for c in categories for s in sizes]
    return found or [record]


def one(category: str | None, size: object, model: str) -> Record:
    """A weapon, of which what nobody knows is left out."""
    told = {"category": category, "calibre_mm": size, "model": model}
    return {k: v for k, v in told.items() if v is not None}


def holds(seen: object, size: float) -> bool:
    """Whether a stated calibre may be that of a model."""
    if isinstance(seen, dict):
        return bool(seen.get("min", size) <= size <= seen.get("max", size))
    return seen is None or seen == size


def is_model(seen: Record, wanted: str) -> int:
    """Whether one weapon is of a model that a rule names; where no listed one is stated it may be, if the rest fits."""
    name, category, size = table()[written(wanted)]
    if written(seen.get("model", "")) in table():
        return YES if seen["model"] == name else NO
    fits = seen.get("category", category) == category and (size is None or holds(seen.get("calibre_mm"), size))
    return MAYBE if fits else NO
