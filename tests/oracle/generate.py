"""Agreements and observations, made from a seed: valid and awkward, at and beside every boundary."""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path
from typing import Any

import servanda
from servanda_dsl.model import Agreement

Record = dict[str, Any]

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
line line-a "line A" from "maps/line-a.geojson"{line_accuracy}.
line line-b "line B" from "maps/line-b.geojson".
weapon heavy "artillery of 100 mm and more" is artillery of calibre at least 100 mm.
weapon light "the lighter kinds" is mortar of calibre less than 120 mm or artillery of calibre between 76 mm and 100 mm.
weapon mixed "artillery and mortars but the heavy" is artillery or mortar, other than heavy.
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
clause 6 "A chain of times".
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
FORCE = "2015-02-15 00:00"
ZONES = ("Europe/Kyiv", "UTC", "America/New_York")


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
    _draw(made / "maps" / "line-a.geojson", "LineString", [[37.0, 48.0], [38.0, 48.0], [39.0, 48.05]])
    _draw(made / "maps" / "line-b.geojson", "LineString", [[37.0, 48.2], [39.0, 48.2]])
    gazetteer = (
        "name,also,lon,lat,error_m,kind,source\nUpper,,38.0,49.0,1000,town,made\nLower,,38.0,47.0,1000,town,made\n"
    )
    (made / "maps" / "gazetteer.csv").write_text(gazetteer, encoding="utf-8")
    assumptions = [f'assuming days {rng.choice(("inclusive", "exclusive"))}, because "made".']
    possible = (
        'assuming explosion or shot counts as fire, because "made".',
        'assuming unattributed fire or keep in area counts as by a party, because "made".',
        'assuming ungraded reports of watchers meet reasonable grounds, because "made".',
    )
    assumptions.extend(line for line in possible if rng.random() < 0.7)
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
    )
    (made / "agreement.terms").write_text(text, encoding="utf-8")
    return servanda.load(made)


def records(rng: random.Random) -> list[Record]:
    """A handful of observations with everything that can be awkward about them."""
    made: list[Record] = []
    acts = rng.choice((WEAPONS, (*WEAPONS, *STARTS), STARTS, ANSWERS, CHAIN, CHAIN))
    for number in range(rng.randint(1, 7)):
        record = _record(rng, f"o{number}", acts)
        if made and rng.random() < 0.3:
            record["refers_to"] = [rng.choice(made)["id"]]
        if made and rng.random() < 0.25:
            record |= _pointer(rng, rng.choice(made)["id"])
        made.append(record)
    return made


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
    if rng.random() < 0.8:
        record["weapon"] = _weapon(rng)
    if rng.random() < 0.8:
        record["source"] = {"id": rng.choice(("watchers", "watchers", "press"))}
    if rng.random() < 0.1:
        record["grade"] = "B2"
    if rng.random() < 0.25:
        record["incident"] = rng.choice(("i1", "i2"))
    if act in CHAIN and rng.random() < 0.6:
        record |= _plain(rng) | {"at": _edge(rng)}
    elif rng.random() < 0.4 and act not in {"fire", "explosion", "shot", "keep", "discharge"}:
        record |= _plain(rng)
    return record


def _plain(rng: random.Random) -> Record:
    """What makes a record sure, at an instant that is often a boundary."""
    day, clock = rng.choice((15, 16, 17, 18, 19)), rng.choice(("22:00:00", "00:00:00", "05:00:00"))
    return {
        "actor": rng.choice(("north", "south")),
        "source": {"id": "watchers"},
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
    return rng.choice(({"corrects": target}, {"retracts": target}, {"denies": [target]}, {"corrects": "nowhere"}))


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
        return {"zone": "area"}
    metre = 1 / 111_180
    lat = rng.choice((48.0, 48.2, 47.5, 48.5)) + rng.choice((-1, 1)) * metre * rng.choice(
        (0, 500, 2_500, 9_000, 11_000, 20_000, 24_900, 25_100, 31_000, 60_000)
    )
    place: Record = {"lon": rng.choice((37.2, 37.5, 38.0, 38.3, 38.6)), "lat": round(lat, 6)}
    if rng.random() < 0.85:
        place["error_m"] = rng.choice((0, 10, 400, 3_000, 12_000, 80_000))
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
