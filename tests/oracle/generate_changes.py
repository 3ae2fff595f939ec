"""The same observations known better, or less well; a count of everything is of another place or time, and stays."""

from __future__ import annotations

import datetime as dt
import random

from generate_places import inside
from generate_records import LOOKING, Record, any_place
from pyproj import Geod

GEOD = Geod(ellps="WGS84")


def refined(rng: random.Random, record: Record) -> Record:
    """The same observation, known better: whatever is possible by the new record was possible by the old one."""
    if record["act"] in LOOKING or record.get("complete"):
        return record
    aspects = [_who, _when, _where, _what]
    chosen = rng.choice([*([a] for a in aspects), aspects])
    for aspect in chosen:
        record = aspect(rng, record)
    return record


def _who(rng: random.Random, record: Record) -> Record:
    """One of the candidates; where nobody is named, a party: an act by nobody named may count as one of a party's."""
    if "actor" in record:
        return record
    named = record.get("actor_candidates", ["north", "south"])
    rest = {k: v for k, v in record.items() if k != "actor_candidates"}
    kept = [n for n in named if rng.random() < 0.5]
    return {**rest, "actor_candidates": kept} if len(kept) > 1 else {**rest, "actor": rng.choice(named)}


def _when(rng: random.Random, record: Record) -> Record:
    """An hour of the day, which is of that local day in every zone used here; or a part of the interval."""
    at = record["at"]
    if isinstance(at, str):
        return {**record, "at": f"{at}T{rng.choice((11, 12, 15))}:00:00Z"} if len(at) == len("2015-02-15") else record
    if at.get("kind") == "throughout" or at["from"] == at["to"]:
        return record
    first, last = (dt.datetime.fromisoformat(at[end]) for end in ("from", "to"))
    early, late = sorted(first + (last - first) * rng.choice((0, 0.1, 0.5, 0.9, 0.999)) for _ in range(2))
    if early == late:
        return {**record, "at": early.isoformat()}
    return {**record, "at": {**at, "from": early.isoformat(), "to": late.isoformat()}}


def _where(rng: random.Random, record: Record) -> Record:
    """A part of where it may have been; how high it was is known as well as before."""
    place = record.get("place")
    if place is None:
        return {**record, "place": any_place(rng)}
    height = {k: v for k, v in place.items() if k.startswith("altitude")}
    if "lon" not in place and "zone" not in place:
        return {**record, "place": {**(inside(place) or any_place(rng)), **height}}
    if place.get("zone") == "port":
        return {**record, "place": {"lon": 38.2, "lat": 48.05, "error_m": 10, **height}}
    if "zone" in place:
        return {**record, "place": {"lon": 38.0, "lat": rng.choice((47.6, 48.0, 48.4)), "error_m": 10, **height}}
    wide = place.get("error_m", 0)
    narrow = wide * rng.choice((0, 0.1, 0.5, 0.99))
    lon, lat, _ = GEOD.fwd(place["lon"], place["lat"], rng.choice((0, 90, 180, 270)), (wide - narrow) * 0.999)
    return {**record, "place": {**place, "lon": lon, "lat": lat, "error_m": narrow}} if wide else record


def _what(rng: random.Random, record: Record) -> Record:
    weapon = dict(record.get("weapon") or {})
    weapon.setdefault("category", rng.choice(("artillery", "mortar", "tank")))
    size = weapon.setdefault("calibre_mm", rng.choice((76, 100, 122)))
    if isinstance(size, dict):
        weapon["calibre_mm"] = rng.choice((size["min"], size["max"]))
    return {**record, "weapon": weapon}


def blurred(rng: random.Random, record: Record) -> Record:
    """The same observation, known less well in one respect; what was possible stays possible."""
    if record["act"] in LOOKING or record.get("complete"):
        return record
    aspect = rng.choice(("who", "when", "where", "what"))
    if aspect == "who" and "actor" in record:
        rest = {k: v for k, v in record.items() if k not in {"actor", "actor_candidates"}}
        if record["actor"] in {"north", "south"} and rng.random() < 0.3:
            return rest
        return {**rest, "actor_candidates": sorted({record["actor"], rng.choice(("north", "south", "stranger"))})}
    if aspect == "when" and isinstance(record["at"], str) and len(record["at"]) > len("2015-02-15"):
        moment = dt.datetime.fromisoformat(record["at"])
        hours = rng.choice((1, 12, 40))
        ends = (moment - dt.timedelta(hours=rng.choice((0, hours))), moment + dt.timedelta(hours=hours))
        return {**record, "at": {"from": ends[0].isoformat(), "to": ends[1].isoformat(), "kind": "within"}}
    if aspect == "where" and "lon" in record.get("place", {}):
        more, place = rng.choice((100, 3_000, 60_000)), record["place"]
        lon, lat, _ = GEOD.fwd(place["lon"], place["lat"], rng.choice((0, 90, 180, 270)), more * 0.99)
        wide = {**place, "lon": lon, "lat": lat, "error_m": place.get("error_m", 0) + more}
        return {k: v for k, v in {**record, "place": rng.choice((wide, wide, None))}.items() if v is not None}
    if aspect == "what" and "weapon" in record:
        kept = rng.choice(("category", "calibre_mm"))
        return {**record, "weapon": {kept: record["weapon"][kept]}} if kept in record["weapon"] else record
    return record


def plainly(rng: random.Random, record: Record) -> Record:
    """The same observation with everything about it known."""
    if record["act"] in LOOKING or record.get("complete"):
        return record
    for aspect in (_who, _when, _where, _what):
        record = aspect(rng, record)
    return {**record, "source": {"id": "watchers"}}
