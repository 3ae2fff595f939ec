"""Which rows can be used at all; every other is set aside, and kept in mind."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from oracle_parts import Record
from oracle_places import COMPASS
from shapely.geometry import shape

from servanda_dsl.model import Agreement

FORMS = {"lon", "observer", "geometry", "zone", "settlement", "area"}
BESIDE = {"lat", "error_m", "bearing", "range_m", "reach_m", "near_m", "altitude_m", "altitude_error_m"}
FIELDS = {
    *("id", "act", "actor", "actor_candidates", "at", "received", "place", "target", "weapon", "object", "count"),
    *("unit", "complete", "source", "source_assessment", "grade", "incident", "denies", "refers_to", "corrects"),
    *("retracts", "custody", "confidentiality", "note", "time_zone", "able_to_see", "fields"),
}


def set_aside(records: list[Record], agreement: Agreement) -> list[Record]:
    """The rows that cannot be used, or whose id stands for something else too."""
    twice = {r["id"] for r in records for other in records if r["id"] == other["id"] and r != other}
    return [r for r in records if r["id"] in twice or not usable(r, agreement)]


def usable(record: Record, agreement: Agreement) -> bool:
    vocabulary, names = agreement.vocabulary, {a.name for a in agreement.actors}
    if record["act"] not in vocabulary.acts or not set(record) <= FIELDS:
        return False
    if not {record.get("actor"), *record.get("actor_candidates", [])} <= {None, *names}:
        return False
    if (record.get("weapon") or {}).get("category") not in {None, *vocabulary.categories}:
        return False
    if (record.get("object") or {}).get("category") not in {None, *vocabulary.objects}:
        return False
    if record.get("fields", {}).get("gate") not in {None, *(g.name for g in agreement.gates)}:
        return False
    if record.get("corrects") and record.get("retracts"):
        return False
    if (record.get("denies") or record.get("retracts")) and vocabulary.acts[record["act"]].kind != "record":
        return False
    if record.get("actor") and set(record.get("actor_candidates", [])) - {record["actor"]}:
        return False
    if "target" in record and vocabulary.acts[record["act"]].place not in {"from", "either"}:
        return False
    if not all(somewhere(record[end], agreement) for end in ("place", "target") if end in record):
        return False
    grade, count = record.get("grade", "A1"), record.get("count", 1)
    counts = count.values() if isinstance(count, dict) else [count]
    return bool(re.fullmatch("[A-F][1-6]", grade)) and all(c >= 0 for c in counts) and some_time(record["at"])


def somewhere(place: Record, agreement: Agreement) -> bool:
    """Whether a place has one form, and is on earth."""
    form = FORMS & set(place)
    if len(form) != 1 or not set(place) <= FORMS | BESIDE or ("lon" in place) != ("lat" in place):
        return False
    lon, lat = (place["lon"], place["lat"]) if "lon" in place else (0, 0)
    spans = [r for r in [place.get("range_m")] if isinstance(r, list)]
    return (
        (abs(lon) <= 180 and abs(lat) <= 90)
        and place.get("zone") in {None, *(z.name for z in agreement.zones)}
        and all(low <= high for low, high in spans)
        and all(d in COMPASS for d in _points(place.get("bearing")))
        and ("geometry" not in place or shape(place["geometry"]).is_valid)
    )


def _points(bearing: Any) -> list[str]:
    parts = bearing if isinstance(bearing, list) else [bearing]
    ends = [end for part in parts for end in (part.values() if isinstance(part, dict) else [part])]
    return [end for end in ends if isinstance(end, str)]


def some_time(at: Any) -> bool:
    try:
        first, last = (dt.datetime.fromisoformat(at[e] if isinstance(at, dict) else at) for e in ("from", "to"))
    except ValueError:
        return False
    return first.tzinfo != last.tzinfo or first <= last
