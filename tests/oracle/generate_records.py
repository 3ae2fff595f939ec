"""Observations, made from a seed: valid and awkward, at and beside every boundary."""

from __future__ import annotations

import itertools
import random
from typing import Any

from generate_places import some_place

Record = dict[str, Any]

WEAPONS = ("fire", "explosion", "shot", "keep", "keep", "keep", "discharge")
STARTS = ("begin-withdrawal", "begin-withdrawal", "complete-withdrawal", "fly")
CHAIN = ("release", "publish", "report", "fortify", "approve", "adopt", "begin-withdrawal", "begin-withdrawal")
ANSWERS = ("attack", "attack", "order", "approve", "notify", "offensive-operation", "claim")
STRIKES = ("strike", "strike", "strike", "fire")
MODELS = (
    *("9K57 Uragan", "bm27", "Uragan", "BM-21 Grad", "2B11", "2B14 Podnos", "D-44", "D-30", "MT-12", "T-72", "MT-LB"),
    *("Big Bertha", "Ouragan", ["9K57 Uragan", "Uragan"], ["9K57 Uragan", "BM-21 Grad"], ["D-30", "2S1"]),
    *(["D-30", "Big Bertha"], ["2B11", "2B14 Podnos"], ["MT-12", "D-44"]),
)
"""Models of the table by several of their names, others that it does not know, and several of which it was one."""
LOOKING = {"watch", "deny-access", "group"}  # they say what could be seen, and are known as they are


def records(rng: random.Random) -> list[Record]:
    """A handful of observations with everything that can be awkward about them."""
    made: list[Record] = []
    acts = rng.choice((WEAPONS, (*WEAPONS, *STARTS), STARTS, ANSWERS, STRIKES, CHAIN, CHAIN))
    for number in range(rng.randint(1, 7)):
        record = one_record(rng, f"o{number}", acts)
        if made and rng.random() < 0.15:
            record = _echo(rng, rng.choice(made), f"o{number}")
        if made and rng.random() < 0.3:
            record["refers_to"] = [rng.choice((*(r["id"] for r in made), "i1"))]
        if made and rng.random() < 0.25:
            record = _pointed(rng, record, rng.choice(made)["id"])
        made.append(record)
    if len(made) > 1 and rng.random() < 0.05:
        first, last = rng.sample(made, 2)
        if "retracts" not in {*first, *last}:
            first["corrects"], last["corrects"] = last["id"], first["id"]
    if rng.random() < (0.6 if acts is ANSWERS else 0.06):
        made.extend(_exchange(rng))
    if rng.random() < (0.7 if acts is ANSWERS else 0.3):
        made.extend(excused(rng))
    if rng.random() < 0.3:
        made.extend(_watches(rng))
    if rng.random() < 0.3:
        made.extend(_groups(rng, made))
    if rng.random() < 0.04:
        made.extend(_renamed(rng))
    return made


def watched(rng: random.Random) -> list[Record]:
    """Watches, and now and then something that was seen beside them, or that somebody denies."""
    made = [one_record(rng, f"o{number}", ANSWERS) for number in range(rng.choice((0, 0, 1, 2)))]
    if rng.random() < 0.4:
        made.append(_total(rng, "sum"))
    return [*made, *_watches(rng)]


def _renamed(rng: random.Random) -> list[Record]:
    """Something sure that is put into another incident, and a word about the old one."""
    shot = _sure_but_one(rng, {"id": "n1", "act": "fire"}) | {"incident": "i9"}
    shot["place"] = {"lon": 38.2, "lat": 47.7, "error_m": 10}
    by: Record = {"at": shot["at"], "source": {"id": "watchers"}}
    group = {"id": "n2", "act": "group", "refers_to": ["n1"], **by, **rng.choice(({}, {"incident": "i3"}))}
    return [shot, group, {"id": "n3", "act": "comment", "denies": ["i9"], **by}]


def corrected(rng: random.Random) -> list[Record]:
    """Something sure that is put into an incident, and then corrected."""
    shot = _sure_but_one(rng, {"id": "n1", "act": "fire"})
    shot["place"] = {"lon": 38.2, "lat": 47.7, "error_m": 10}
    by: Record = {"at": shot["at"], "source": shot["source"]}
    group = {"id": "n2", "act": "group", "refers_to": ["n1"], "incident": "i3", **by, "source": {"id": "watchers"}}
    return [shot, group, {**shot, "id": "n3", "corrects": "n1"}]


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
            group |= rng.choice(({"corrects": found[-1]["id"]}, {"retracts": found[-1]["id"]}))
        found.append(group)
    return found


def _total(rng: random.Random, name: str) -> Record:
    """What those who watch counted in all, which is perhaps nothing."""
    total: Record = {"id": name, "act": "tally", "at": _at(rng), "count": rng.choice((0, 3)), "unit": "pieces"}
    return total | {"source": {"id": "watchers"}}


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
    sight = {
        "acts": [
            "fire",
            "explosion",
            "shot",
            "keep",
            "fly",
            "strike",
            "publish",
            "notify",
            "report",
            "release",
            "fortify",
        ]
    }
    for number, (first, last) in enumerate(itertools.pairwise(days)):
        ends = (f"2015-02-{first}T00:00:00Z", f"2015-02-{last}T{rng.choice(('00:00:00', '12:00:00'))}Z")
        limits: Record = rng.choice(({}, {}, {}, {"categories": ["artillery", "tank"]}, {"calibre_from_mm": 100}))
        watch: Record = {"id": f"w{number}", "act": "watch", "able_to_see": sight | limits, "place": rng.choice(areas)}
        watch["at"] = {"from": ends[0], "to": ends[1], "kind": rng.choice(("throughout", "throughout", "within"))}
        if rng.random() < 0.5:
            watch["at"] = {"from": "2015-02-11", "to": "2015-06-30", "kind": "throughout"}
        watch["source"] = rng.choice(({"id": "watchers"}, {"id": "watchers"}, _source(rng)))
        found.append(watch)
    if rng.random() < 0.1:
        found.append(_total(rng, "w-total"))
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


def excused(rng: random.Random) -> list[Record]:
    """An attack with what may excuse it: records in time or late, of it or of another, and claims; at every edge."""
    party, day = rng.choice(("north", "south")), rng.choice((14, 15, 16, 17, 18))
    attack: Record = {"id": "y1", "act": "attack", "at": f"2015-02-{day}T12:00:00Z", "source": {"id": "watchers"}}
    attack |= rng.choice(({"actor": party}, {"actor": party}, {"actor_candidates": ["north", "south"]}))
    if rng.random() < 0.25:
        ends = {"from": f"2015-02-{day}T00:00:00Z", "to": f"2015-02-{day + rng.choice((1, 2))}T12:00:00Z"}
        attack["at"] = ends | {"kind": rng.choice(("throughout", "throughout", "within"))}
    attack["weapon"] = rng.choice((
        {"category": "artillery", "calibre_mm": 122},
        {"category": "artillery", "calibre_mm": rng.choice((99.9, 100, {"min": 90, "max": 130}))},
        {"category": "tank"},
        {"category": "mortar"},
        {"category": "rocket-artillery"},
    ))  # fmt: skip
    if rng.random() < 0.1:
        del attack["weapon"]
    spots = ({"lon": 38.05, "lat": 48.05, "error_m": 10}, {"zone": "area"}, {"lon": 38.2, "lat": 48.02}, any_place(rng))
    attack["place"] = rng.choice(spots)
    found = [attack]
    wanted = ("order", "approve", "notify", "offensive-operation", "claim")
    plainly = rng.random() < 0.5
    for number, act in enumerate(rng.sample(wanted, rng.choice((0, 1, 3, 4, 5, 5, 5)))):
        hour = rng.choice(("11:59:59.999999", "12:00:00", "12:00:00.000001", "09:00:00", "18:00:00"))
        record: Record = {"id": f"y{number + 2}", "act": act, "at": f"2015-02-{day + rng.choice((0, 0, 0, 1))}T{hour}Z"}
        other = "south" if party == "north" else "north"
        who = other if act == "offensive-operation" else party
        record["actor"] = rng.choice((who, who, who, who, other if who == party else party))
        record["source"] = rng.choice(
            ({"id": "watchers"}, {"id": "watchers"}, {"id": who, "kind": "notification"}, _source(rng))
        )
        record["refers_to"] = rng.choice((["y1"], ["y1"], ["y1"], ["elsewhere"]))
        if plainly:
            at = f"2015-02-{day}T{rng.choice(('11:59:59.999999', '09:00:00'))}Z"
            record |= {"actor": who, "source": {"id": "watchers"}, "refers_to": ["y1"], "at": at}
        if act == "claim" or not plainly or rng.random() < 0.5:
            late = rng.choice(("T12:00:00Z", "T11:59:59.999999Z", "T18:00:00Z", "", "T22:00:00Z", "T21:59:59Z"))
            record["received"] = f"2015-02-{day + rng.choice((0, 1, 1, 2, 3))}{late}"
        if act == "claim" and rng.random() < 0.5:
            record["fields"] = {"exception": rng.choice(("8/B", "8/B", "8/D", "8/E", "3/B"))}
        if rng.random() < 0.05:
            del record["actor"]
        found.append(record)
    if len(found) > 1 and rng.random() < 0.15:
        comment: Record = {"id": "y9", "act": "comment", "at": _at(rng), "source": _source(rng)}
        target = found[-1]["id"]
        found.append(comment | rng.choice(({"retracts": target}, {"denies": [target]})))
    if rng.random() < 0.2:
        found.append(_second_report(rng, attack))
    return found


def _second_report(rng: random.Random, attack: Record) -> Record:
    """Of the same incident, by the same source or another; perhaps it tells of something else."""
    attack["incident"] = "y"
    second = {**attack, "id": "y8", "source": {"id": rng.choice(("watchers", "press", "press", "south"))}}
    other = ({}, {"weapon": {"category": "tank"}}, {"weapon": {"category": "mortar"}}, {"place": any_place(rng)})
    return second | rng.choice((*other, {"at": "2015-02-21T12:00:00Z"}))


def one_record(rng: random.Random, name: str, acts: tuple[str, ...]) -> Record:
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
        record["place"] = any_place(rng)
    if act in {"fire", "shot", "explosion", "discharge"} and rng.random() < 0.6:
        record["target"] = any_place(rng)
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
    if act in WEAPONS and rng.random() < 0.4:
        return _sure_but_one(rng, record)
    if act in CHAIN and rng.random() < 0.6:
        record |= _plain(rng) | {"at": _edge(rng)}
    elif rng.random() < 0.5:
        record |= _plain(rng)
        if act in {"fire", "shot", "explosion", "keep", "discharge", "fly", "strike"}:
            record |= _sharp(rng, record)
    if "actor" in record:
        record.pop("actor_candidates", None)
    return record


def _sharp(rng: random.Random, record: Record) -> Record:
    """What leaves no doubt about what and where: beside a limit, or well within or without."""
    place = {k: v for k, v in any_place(rng).items() if k in {"lon", "lat", "zone"}}
    if rng.random() < 0.5:
        place = {"lon": rng.choice((37.9, 38.1)), "lat": rng.choice((47.95, 48.01, 48.1))}
    if "lon" in place:
        place |= {"error_m": rng.choice((0, 10)), "altitude_m": rng.choice((1_000, 1_490, 1_500, 1_524.0001, 3_000))}
    weapon: Record = {"category": rng.choice(("artillery", "mortar", "tank")), "calibre_mm": rng.choice((82, 100, 122))}
    sharp: Record = {"place": place, "weapon": weapon}
    if "target" in record:
        sharp["target"] = {"lon": rng.choice((37.9, 38.1)), "lat": rng.choice((47.4, 48.1, 48.7)), "error_m": 10}
    if record["act"] == "strike":
        sharp["object"] = {"category": rng.choice(("power-plant", "refinery", "dam", "school"))}
    return sharp


def _echo(rng: random.Random, record: Record, name: str) -> Record:
    """The same event, by another report, which may tell otherwise of it."""
    record["incident"] = record.get("incident", "i1")
    echo = {k: v for k, v in record.items() if k not in {"corrects", "retracts"}} | {"id": name, "source": _source(rng)}
    if rng.random() < 0.5:
        aspect = rng.choice(("place", "at", "actor", "weapon"))
        other: Record = {"place": any_place(rng), "at": _at(rng), "weapon": _weapon(rng)}
        other["actor"] = rng.choice(("north", "south", "stranger"))
        echo = {k: v for k, v in echo.items() if k != "actor_candidates" or aspect != "actor"} | {aspect: other[aspect]}
    return echo


def _source(rng: random.Random) -> Record:
    source: Record = {"id": rng.choice(("watchers", "watchers", "watchers", "press", "north", "South"))}
    if rng.random() < 0.15:
        source["origin"] = rng.choice(("agency", "watchers", "SOUTH"))
    if rng.random() < 0.3:
        source["kind"] = rng.choice(("notification", "ground"))
    return source


def _plain(rng: random.Random) -> Record:
    """What makes a record sure, at an instant that is often a boundary, or all the time from there on for days."""
    day, clock = rng.choice((15, 16, 17, 18, 19)), rng.choice(("22:00:00", "00:00:00", "05:00:00"))
    at: Any = f"2015-02-{day}T{clock}Z"
    if rng.random() < 0.15:
        at = {"from": at, "to": f"2015-02-{day + rng.choice((1, 2, 3))}T{clock}Z", "kind": "throughout"}
    return {
        "actor": rng.choice(("north", "south")),
        "source": {"id": rng.choice(("watchers", "watchers", "press"))},
        "weapon": {"category": "artillery", "calibre_mm": 122},
        "at": at,
    }


def _sure_but_one(rng: random.Random, record: Record) -> Record:
    """Everything about a record sure but its place, or what it was of: so the answer hangs on that alone."""
    party = rng.choice(("north", "south"))
    told = rng.choice(("watchers", "watchers", "watchers", party))  # whose word it is against himself is as sure
    sure: Record = {"actor": party, "source": {"id": told}, "at": f"2015-02-{rng.choice((17, 18, 19))}T12:00:00Z"}
    sure |= {k: v for k, v in record.items() if k in {"id", "act", "target", "incident"}}
    if rng.random() < 0.6:
        tank = {"category": "tank"}
        kinds = (tank, {"category": "artillery", "calibre_mm": 122}, {"category": "mortar", "calibre_mm": 82})
        return sure | {"weapon": rng.choice(kinds), "place": rng.choice((some_place, any_place))(rng)}
    within = {"lon": 38.2, "lat": rng.choice((47.7, 48.05, 48.4)), "error_m": 100}
    return sure | {"weapon": _weapon(rng), "place": rng.choice((within, {"lon": 37.45, "lat": 48.7, "error_m": 10}))}


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


def _pointed(rng: random.Random, record: Record, target: str) -> Record:
    """A record that corrects another; or a comment that takes it back or denies it."""
    if rng.random() < 0.4:
        return record | {"corrects": rng.choice((target, target, target, "nowhere"))}
    denied = {"denies": [rng.choice((target, target, "i1", "i2"))]}
    comment = {"id": record["id"], "act": "comment", "at": record["at"], "source": _source(rng)}
    return comment | rng.choice(({"retracts": target}, denied))


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


def any_place(rng: random.Random) -> Record:
    form = rng.random()
    if form < 0.1:
        return {"zone": rng.choice(("area", "belt", "port"))}
    if form < 0.45:
        return some_place(rng) | rng.choice(({}, {}, {"altitude_m": 1_000}, {"altitude_m": 1_524}))
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
    if rng.random() < 0.25:
        weapon["model"] = rng.choice(MODELS)
    if rng.random() < (0.5 if weapon else 0.85):
        weapon["category"] = rng.choice(("artillery", "artillery", "mortar", "tank", "rocket-artillery"))
    size = rng.random()
    if size < 0.6:
        weapon["calibre_mm"] = rng.choice((75, 76, 82, 99.9, 100, 100.1, 119, 120, 120.5, 122, 152, 220))
    elif size < 0.8:
        low = rng.choice((60, 76, 90, 100, 119))
        weapon["calibre_mm"] = {"min": low, "max": low + rng.choice((0, 10, 40))}
    if rng.random() < 0.2:
        weapon["model"] = rng.choice(("D-30", "D-44", "Molot", "X-100", ["D-30", "T-72"], ["D-44", "ZiS-3"]))
    return weapon or {"category": "artillery"}
