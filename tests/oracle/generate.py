"""Agreements and observations, made from a seed: valid and awkward, at and beside every boundary."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import random
from functools import cache
from pathlib import Path
from typing import Any

from pyproj import Geod

import servanda
from servanda_dsl.model import Agreement

Record = dict[str, Any]
GEOD = Geod(ellps="WGS84")

HEADER = """
agreement made "Made for tests" signed 2015-02-12 in force {force} time zone {zone}.
use vocabulary ceasefire.
gazetteer "maps/gazetteer.csv".
party north "North".
party south "South".
monitor watchers "Watchers".
non-party stranger "Stranger".
event handover "Handover" {handover}.
zone area "the area" from "maps/area.geojson"{zone_accuracy}.
zone port "the port" from "maps/port.geojson"{mended}{zone_accuracy}.
zone belt "the belt" from "maps/belt-1.geojson", from {redrawn} as in "maps/belt-2.geojson".
line line-a "line A" from "maps/line-a.geojson"{line_accuracy},
    north on the side of "Upper" and south on the side of "Lower".
line line-b "line B" from "maps/line-b.geojson".
weapon heavy "artillery of 100 mm and more" is artillery of calibre at least 100 mm.
weapon light "the lighter kinds" is mortar of calibre less than 120 mm or artillery of calibre between 76 mm and 100 mm.
weapon mixed "artillery and mortars but the heavy" is artillery or mortar, other than heavy.
object energy "energy facilities" is power-plant or refinery or dam, other than dam.
{assumptions}
clause 1 "Ceasefire".
rule A: From entry into force, no party shall fire in area.
rule B: north shall not fire, {span}.
rule C: No party shall keep mixed outside area, until {until}.
clause 2 "Withdrawal".
rule A: Each party shall begin withdrawal of heavy, {deadline}{readings}.
rule B: Each party shall complete withdrawal of heavy or light,
    within {days} days after the start of rule A or if that is not shown after the deadline of rule A.
rule C: From the deadline of rule B, no party shall keep heavy
    in a zone 50 km wide, half on each side of the line, measured for north from line-a and for south from line-b.
clause 3 "Return fire and notice".
rule A: No party shall attack, except as rule B permits.
rule B: {permitted} may attack{response}, only if an order and an approve are recorded{before}.
rule C: After each attack by a party, {duty} shall notify, to watchers{within}.
clause 4 "Lighter weapons".
rule A: From the start of clause 2 rule A, no party shall fly.
rule B: Until the start of clause 2 rule A, no party shall fly.
rule D: From {hours} hours after entry into force, no party shall keep light within 10 km of line-a.
clause 5 "Places".
{edges}
rule A: No party shall fire in area, outside port, within {near} of line-a.
rule B: No party shall keep tank in belt.
rule C: No party shall keep tank {where} line-a.
rule D: No party shall fire {relation}.
rule E: No party shall fly over belt{height}.
clause 6 "Objects".
rule A: No party shall strike energy in area.
rule B: No party shall strike of dam or school, other than school.
clause 7 "A chain of times".
rule A: Each party shall release, within {chain_a} after {chain_from}.
rule B: Each party shall publish, within {chain_b} after the deadline of rule A.
rule C: Each party shall report, by {chain_c} the deadline of rule B.
rule D: From the deadline of rule C, no party shall fortify.
rule E: Each party shall approve, by {back} before the start of clause 2 rule A.
rule F: Each party shall adopt, within {ahead} after the start of clause 2 rule A.
"""

WEAPONS = ("fire", "explosion", "shot", "keep", "keep", "keep", "discharge")
STARTS = ("begin-withdrawal", "begin-withdrawal", "complete-withdrawal", "fly")
CHAIN = ("release", "publish", "report", "fortify", "approve", "adopt", "begin-withdrawal", "begin-withdrawal")
ANSWERS = ("attack", "attack", "order", "approve", "notify", "offensive-operation")
STRIKES = ("strike", "strike", "strike", "fire")
FORCE = "2015-02-15 00:00"
ZONES = ("Europe/Kyiv", "UTC", "America/New_York")
LOOKING = {"watch", "deny-access", "group"}  # they say what could be seen, and are known as they are


@cache
def agreement(folder: Path, choice: int) -> Agreement:
    """An agreement with one of the possible choices."""
    rng = random.Random(choice)
    made = folder / f"agreement-{choice}"
    (made / "maps").mkdir(parents=True)
    _draw(
        made / "maps" / "area.geojson",
        "Polygon",
        [[[37.5, 47.5], [38.5, 47.5], [38.5, 48.5], [37.5, 48.5], [37.5, 47.5]]],
    )
    port = [[38.0, 47.9], [38.4, 47.9], [38.4, 48.2], [38.0, 48.2], [38.0, 47.9]]
    crossed = [[38.0, 47.9], [38.4, 48.2], [38.4, 47.9], [38.0, 48.2], [38.0, 47.9]]
    mended = rng.random() < 0.3
    _draw(made / "maps" / "port.geojson", "Polygon", [crossed if mended else port])
    _draw(
        made / "maps" / "belt-1.geojson",
        "Polygon",
        [[[37.4, 47.0], [38.2, 47.0], [38.2, 49.0], [37.4, 49.0], [37.4, 47.0]]],
    )
    _draw(
        made / "maps" / "belt-2.geojson",
        "Polygon",
        [[[37.8, 47.0], [38.4, 47.0], [38.4, 49.0], [37.8, 49.0], [37.8, 47.0]]],
    )
    _draw(made / "maps" / "line-a.geojson", "LineString", [[37.0, 48.0], [38.0, 48.0], [39.0, 48.05]])
    _draw_parts(
        made / "maps" / "line-b.geojson",
        ([[37.0, 48.2], [38.1, 48.2]], {}),
        ([[38.1, 48.2], [39.0, 48.2]], {"accurate_to_m": rng.choice((0, 4_000))}),
    )
    gazetteer = (
        "name,also,lon,lat,error_m,kind,source\nUpper,,38.0,49.0,1000,town,made\nLower,,38.0,47.0,1000,town,made\n"
    )
    (made / "maps" / "gazetteer.csv").write_text(gazetteer, encoding="utf-8")
    assumptions = [f'assuming days {rng.choice(("inclusive", "exclusive"))}, because "made".']
    possible = (
        'assuming explosion or shot counts as fire, because "made".',
        'assuming unattributed fire or keep in area counts as by a party, because "made".',
        rng.choice(('assuming edges inside, because "made".', 'assuming edges outside, because "made".')),
        'assuming ungraded reports of watchers meet reasonable grounds, because "made".',
    )
    assumptions.extend(line for line in possible if rng.random() < 0.7)
    more = (
        'assuming reports graded {} or better meet reasonable grounds, because "made".'.format(
            rng.choice(("B2", "C3"))
        ),
        'assuming reasonable grounds needs 2 independent origins, because "made".',
    )
    more = (*more, 'assuming watchers registers each notify or publish or report within 24 hours, because "made".')
    assumptions.extend(line for line in more if rng.random() < 0.4)
    readings = rng.choice(
        ("", '\n    reading "of": counting the first day as day 1; reading "after": counting the day after it as day 1')
    ).replace("the first day as", "the first day of the ceasefire as")
    text = HEADER.format(
        force=rng.choice((FORCE, FORCE, FORCE, FORCE, "not known")),
        handover=rng.choice(("on 2015-02-16", "on 2015-02-28 24:00 Europe/Moscow", "on 2015-03-07 12:00", "not known")),
        chain_from=rng.choice(("entry into force", "the handover", "the handover")),
        chain_a=rng.choice(("24 hours", "2 days", "1 week", "1 month")),
        chain_b=rng.choice(("36 hours", "3 days", "2 weeks")),
        chain_c=rng.choice(("3 days after", "1 week after", "1 day before", "6 hours before")),
        back=rng.choice(("1 month", "3 days", "1 week", "24 hours")),
        ahead=rng.choice(("1 month", "3 days", "2 weeks", "36 hours", "1 year")),
        zone=rng.choice(ZONES),
        zone_accuracy=rng.choice(("", ", accurate to 2 km")),
        line_accuracy=rng.choice(("", ", accurate to 5 km")),
        assumptions="\n".join(assumptions),
        span=rng.choice(
            (
                "from 2015-02-16 until 2015-02-20",
                "between 2015-02-15 12:00 and 2015-03-01",
                "from 2 days after signature until 24 hours after entry into force",
            )
        ),
        until=rng.choice(("2015-02-20", "3 days after entry into force", "2015-02-18 24:00")),
        deadline=rng.choice(
            (
                "no later than day 2 of entry into force",
                "by day 3 of entry into force",
                "before day 4 of entry into force",
            )
        ),
        readings=readings,
        permitted=rng.choice(("A party", "A party", "north")),
        response=rng.choice(("", " in response to an offensive-operation")),
        before=rng.choice(("", " before it")),
        duty=rng.choice(("that party", "that party", "south", "each party")),
        within=rng.choice((", within 24 hours after it", ", within 2 days after it", "")),
        days=rng.choice((1, 3, 14)),
        hours=rng.choice((24, 48)),
        where=rng.choice(
            (
                "on its own side of",
                "on the other side of",
                "between 9 km and 20 km of",
                "on its own side between 9 km and 20 km of",
                "in a zone 18 km wide, 9 km on each side of",
            )
        ),
        relation=rng.choice(
            (
                "from area across line-a",
                "from outside port into area",
                "across line-b, in belt",
                "into port",
                "from belt, outside port",
                "across line-a",
            )
        ),
        height=rng.choice((" below 1,500 m", " above 5,000 ft", "")),
        mended=', mended because "made"' if mended else "",
        edges=rng.choice(("", 'assuming edges inside, because "made".', 'assuming edges outside, because "made".')),
        redrawn=rng.choice(("2015-02-17", "2015-02-18")),
        near=rng.choice(("9 km", "20 km")),
    )
    (made / "agreement.terms").write_text(text, encoding="utf-8")
    return servanda.load(made)


def records(rng: random.Random) -> list[Record]:
    """A handful of observations with everything that can be awkward about them."""
    made: list[Record] = []
    acts = rng.choice((WEAPONS, (*WEAPONS, *STARTS), STARTS, ANSWERS, STRIKES, CHAIN, CHAIN))
    for number in range(rng.randint(1, 7)):
        record = _record(rng, f"o{number}", acts)
        if made and rng.random() < 0.15:
            record = _echo(rng, rng.choice(made), f"o{number}")
        if made and rng.random() < 0.3:
            record["refers_to"] = [rng.choice((*(r["id"] for r in made), "i1"))]
        if made and rng.random() < 0.25:
            record |= _pointer(rng, rng.choice(made)["id"])
        made.append(record)
    if acts is ANSWERS and rng.random() < 0.5:
        made.extend(_exchange(rng))
    if rng.random() < 0.3:
        made.extend(_watches(rng))
    if rng.random() < 0.3:
        made.extend(_groups(rng, made))
    return made


def _groups(rng: random.Random, made: list[Record]) -> list[Record]:
    """Records that merge or split incidents, agree or differ, and are now and then corrected or taken back."""
    found: list[Record] = []
    names = [*(r["id"] for r in made), "i1", "i2"]
    for number in range(rng.randint(1, 3)):
        named = rng.sample(names, rng.randint(1, min(3, len(names))))
        group: Record = {"id": f"g{number}", "act": "group", "at": _at(rng), "refers_to": named}
        group |= rng.choice(({"incident": "i1"}, {"incident": "i1"}, {"incident": "i3"}, {}))
        group |= rng.choice(({"source": {"id": "watchers"}}, {"source": {"id": "watchers"}}, {"source": _source(rng)}))
        group |= rng.choice(({}, {}, {}, {"grade": rng.choice(("A1", "B2", "F1"))}))
        if found and rng.random() < 0.3:
            group |= _pointer(rng, found[-1]["id"])
        found.append(group)
    return found


def _watches(rng: random.Random) -> list[Record]:
    """Watches that follow each other or leave a gap, of everything or of a part; and now and then access denied."""
    days = sorted(rng.sample((12, 14, 15, 16, 17, 18, 20), rng.randint(2, 4)))
    found: list[Record] = []
    wide = [[36.0, 46.0], [40.0, 46.0], [40.0, 50.5], [36.0, 50.5], [36.0, 46.0]]
    half = [[37.2, 47.2], [38.0, 47.2], [38.0, 48.8], [37.2, 48.8], [37.2, 47.2]]
    areas = (
        {"zone": "area"},
        *({"geometry": {"type": "Polygon", "coordinates": [ring]}} for ring in (wide, wide, half)),
    )
    sight = {"acts": ["fire", "keep", "fly", "strike", "publish", "notify", "report", "release", "fortify"]}
    for number, (first, last) in enumerate(itertools.pairwise(days)):
        ends = (f"2015-02-{first}T00:00:00Z", f"2015-02-{last}T{rng.choice(('00:00:00', '12:00:00'))}Z")
        limits: Record = rng.choice(({}, {}, {}, {"categories": ["artillery", "tank"]}, {"calibre_from_mm": 100}))
        watch: Record = {"id": f"w{number}", "act": "watch", "able_to_see": sight | limits, "place": rng.choice(areas)}
        watch["at"] = {"from": ends[0], "to": ends[1], "kind": rng.choice(("throughout", "throughout", "within"))}
        if rng.random() < 0.5:
            watch["at"] = {"from": "2015-02-11", "to": "2015-06-30", "kind": "throughout"}
        watch["source"] = rng.choice(({"id": "watchers"}, {"id": "watchers"}, _source(rng)))
        found.append(watch)
    if rng.random() < 0.25:
        denied = {
            "id": "w-denied",
            "act": "deny-access",
            "actor": "north",
            "at": f"2015-02-{rng.choice(days)}T06:00:00Z",
        }
        found.append(denied | rng.choice(({}, {"source": {"id": "watchers"}}, {"source": {"id": "press"}})))
    return found


def _exchange(rng: random.Random) -> list[Record]:
    """An attack, and a notice of it by the same party."""
    party, day = rng.choice(("north", "south")), rng.choice((14, 16, 18))
    attack = {
        "id": "x1",
        "act": "attack",
        "actor": party,
        "at": f"2015-02-{day}T10:00:00Z",
        "source": {"id": "watchers"},
    }
    told = {"id": party, "kind": "notification"} if rng.random() < 0.6 else _source(rng)
    at = f"2015-02-{day + rng.choice((0, 1, 2))}T{rng.choice(('09:59:59', '10:00:00', '18:00:00'))}Z"
    notice = {"id": "x2", "act": "notify", "actor": party, "at": at, "source": told, "refers_to": ["x1"]}
    return [attack, notice]


def _record(rng: random.Random, name: str, acts: tuple[str, ...]) -> Record:
    act = rng.choice(acts)
    record: Record = {"id": name, "act": act, "at": _at(rng)}
    who = rng.random()
    if who < 0.35:
        record["actor"] = rng.choice(("north", "south", "north", "south", "stranger", "watchers"))
    elif who < 0.6:
        record["actor_candidates"] = rng.choice(
            (["north", "south"], ["north", "stranger"], ["south"], ["stranger", "watchers"])
        )
    if rng.random() < 0.9:
        record["place"] = _place(rng)
    if act in {"fire", "shot", "explosion", "discharge"} and rng.random() < 0.6:
        record["target"] = _place(rng)
    if rng.random() < 0.8:
        record["weapon"] = _weapon(rng)
    if act == "strike" and rng.random() < 0.8:
        record["object"] = {"category": rng.choice(("power-plant", "refinery", "dam", "school"))}
    if rng.random() < 0.8:
        record["source"] = _source(rng)
    if rng.random() < 0.3:
        record["grade"] = rng.choice(("A1", "A3", "A3", "B2", "B3", "C2", "A6", "F1"))
    if rng.random() < 0.12:
        count = rng.choice((0, 3, {"min": 0, "max": 2}, {"max": 4}, {"min": 1, "max": 2}, {"about": 5}))
        record |= {"count": count, "unit": "pieces"}
    if rng.random() < 0.25:
        record["incident"] = rng.choice(("i1", "i2"))
    if record.get("source", {}).get("id") == "north" and rng.random() < 0.5:
        record["actor"] = "north"
        if act in ANSWERS:
            record["source"]["kind"] = "notification"
    if act in CHAIN and rng.random() < 0.6:
        record |= _plain(rng) | {"at": _edge(rng)}
    elif rng.random() < 0.4 and act not in {"fire", "explosion", "shot", "keep", "discharge"}:
        record |= _plain(rng)
    return record


def _echo(rng: random.Random, record: Record, name: str) -> Record:
    """The same event, by another report."""
    record["incident"] = record.get("incident", "i1")
    return {k: v for k, v in record.items() if k not in {"corrects", "retracts"}} | {"id": name, "source": _source(rng)}


def _source(rng: random.Random) -> Record:
    source: Record = {"id": rng.choice(("watchers", "watchers", "watchers", "press", "north", "South"))}
    if rng.random() < 0.15:
        source["origin"] = rng.choice(("agency", "watchers", "SOUTH"))
    if rng.random() < 0.3:
        source["kind"] = rng.choice(("notification", "ground"))
    return source


def _plain(rng: random.Random) -> Record:
    """What makes a record sure, at an instant that is often a boundary."""
    day, clock = rng.choice((15, 16, 17, 18, 19)), rng.choice(("22:00:00", "00:00:00", "05:00:00"))
    return {
        "actor": rng.choice(("north", "south")),
        "source": {"id": rng.choice(("watchers", "watchers", "press"))},
        "weapon": {"category": "artillery", "calibre_mm": 122},
        "at": f"2015-02-{day}T{clock}Z",
    }


def _edge(rng: random.Random) -> str:
    """A local midnight of some zone, in winter or in summer, or beside it; the clocks change on 8 and 29 March."""
    month, day = rng.choice(
        ((2, rng.randint(15, 28)), (3, rng.randint(1, 31)), (3, rng.choice((7, 8, 28, 29, 30, 31))))
    )
    clock = rng.choice(("21:00:00", "22:00:00", "00:00:00", "04:00:00", "05:00:00", "10:00:00"))
    beside = rng.choice(("", "", ".000001"))
    if rng.random() < 0.3:
        clock, beside = rng.choice(("20:59:59", "21:59:59", "23:59:59", "03:59:59", "04:59:59")), ".999999"
    return f"2015-{month:02}-{day:02}T{clock}{beside}Z"


def _pointer(rng: random.Random, target: str) -> Record:
    denied = {"denies": [rng.choice((target, target, "i1", "i2"))]}
    return rng.choice(({"corrects": target}, {"retracts": target}, denied, {"corrects": "nowhere"}))


def _at(rng: random.Random) -> Any:
    def instant() -> str:
        day = rng.choice((12, 14, 15, 15, 16, 17, 18, 19, 20))
        month = rng.choice(("02", "02", "02", "03"))
        clock = rng.choice(("00:00:00", "22:00:00", "21:59:59", "05:00:00", "10:30:00", "12:00:00", "22:00:00.000001"))
        return f"2015-{month}-{day:02}T{clock}{rng.choice(('Z', 'Z', '+02:00'))}"

    kind = rng.random()
    if kind < 0.45:
        return instant()
    if kind < 0.6:
        return instant()[:10]
    first, last = sorted((instant()[:19] + "Z", instant()[:19] + "Z"))
    return {"from": first, "to": last, "kind": rng.choice(("within", "throughout", "spread"))}


def _place(rng: random.Random) -> Record:
    if rng.random() < 0.1:
        return {"zone": rng.choice(("area", "belt"))}
    metre = 1 / 111_180
    lat = rng.choice((48.0, 48.2, 47.5, 48.5)) + rng.choice((-1, 1)) * metre * rng.choice(
        (0, 0, 0, 500, 2_500, 9_000, 11_000, 20_000, 24_900, 25_100, 31_000, 60_000)
    )
    place: Record = {"lon": rng.choice((37.2, 37.5, 38.0, 38.3, 38.6)), "lat": round(lat, 6)}
    if rng.random() < 0.5:
        place["altitude_m"] = rng.choice((1_000, 1_490, 1_500, 1_524, 1_524.0001, 3_000))
        if rng.random() < 0.5:
            place["altitude_error_m"] = rng.choice((0, 10, 100))
    if rng.random() < 0.85:
        place["error_m"] = rng.choice((0, 0, 10, 400, 3_000, 12_000, 80_000))
    return place


def _weapon(rng: random.Random) -> Record:
    weapon: Record = {}
    if rng.random() < 0.85:
        weapon["category"] = rng.choice(("artillery", "artillery", "mortar", "tank", "rocket-artillery"))
    size = rng.random()
    if size < 0.6:
        weapon["calibre_mm"] = rng.choice((75, 76, 82, 99.9, 100, 119, 120, 122, 152))
    elif size < 0.8:
        low = rng.choice((60, 76, 90, 100, 119))
        weapon["calibre_mm"] = {"min": low, "max": low + rng.choice((0, 10, 40))}
    return weapon or {"category": "artillery"}


def _draw(path: Path, kind: str, coordinates: Any) -> None:
    path.write_text(
        json.dumps({"type": "Feature", "properties": {}, "geometry": {"type": kind, "coordinates": coordinates}})
    )


def _draw_parts(path: Path, *parts: tuple[Any, dict[str, Any]]) -> None:
    lines = [({"type": "LineString", "coordinates": coordinates}, properties) for coordinates, properties in parts]
    features = [{"type": "Feature", "properties": properties, "geometry": line} for line, properties in lines]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))


def refined(rng: random.Random, record: Record) -> Record:
    """The same observation, known better: whatever is possible by the new record was possible by the old one."""
    if record["act"] in LOOKING:
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
    if at["kind"] == "throughout" or at["from"] == at["to"]:
        return record
    first, last = (dt.datetime.fromisoformat(at[end]) for end in ("from", "to"))
    early, late = sorted(first + (last - first) * rng.choice((0, 0.1, 0.5, 0.9, 0.999)) for _ in range(2))
    if early == late:
        return {**record, "at": early.isoformat()}
    return {**record, "at": {**at, "from": early.isoformat(), "to": late.isoformat()}}


def _where(rng: random.Random, record: Record) -> Record:
    place = record.get("place")
    if place is None:
        return {**record, "place": _place(rng)}
    if "zone" in place:
        return {**record, "place": {"lon": 38.0, "lat": rng.choice((47.6, 48.0, 48.4)), "error_m": 10}}
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
    if record["act"] in LOOKING:
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
    if record["act"] in LOOKING:
        return record
    for aspect in (_who, _when, _where, _what):
        record = aspect(rng, record)
    return {**record, "source": {"id": "watchers"}}
