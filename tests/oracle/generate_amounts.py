"""Limits, and counts, made from a seed: at and beside every limit, seen together or not, by one source or two."""

from __future__ import annotations

import random
from typing import Any

Record = dict[str, Any]

LIMITS = """{counters}
rule A: At no time shall a party have more than 5 tank or more than 40 persons or more than 5 mixed {stock}.
rule B: No party shall fire{fired} more than {times} times in any {stretch}{rolling_span}{readings}.
rule C: {each} until 2015-03-03 00:00, each party shall bring-in at most 30 persons in area.
rule D: On each day from 2015-02-16{floor_hour} until {floor_ends},
    south shall admit at least 10 trucks into area{including}.
rule E: {each_time}, until 2015-03-02 12:00, a party shall fire at most 1 times in area.
"""


READ_TWICE = """
    reading "of": counting the first day of the ceasefire as day 1;
    reading "after": counting the day after it as day 1"""
SUSPICION = 'assuming ungraded reports of {} meet reasonable suspicion, because "made".'
TWO_ORIGINS = '\nassuming reasonable suspicion needs 2 independent origins, because "made".'


def limits(rng: random.Random) -> str:
    """Rules about how much, over every kind of time, by every way of their beginning and end."""
    span = rng.choice(
        ("", " in area", ", until 2015-02-18 12:00", ", from day 2 of entry into force", ", from the handover")
    )
    return LIMITS.format(
        times=rng.choice((1, 2, 2)),
        rolling_span=span,
        readings=READ_TWICE if "day 2" in span and rng.random() < 0.7 else "",
        stock=rng.choice(("in area", "in area", "on its own side within 20 km of line-a", "within 20 km of line-a")),
        counters=rng.choice(
            (
                SUSPICION.format("watchers and press"),
                SUSPICION.format("watchers and press") + TWO_ORIGINS,
                SUSPICION.format("watchers"),
                "",
                "",
            )
        ),
        fired=rng.choice(("", "", " of artillery")),
        stretch=rng.choice(("2 days", "3 days", "1 week", "24 hours", "36 hours", "90 minutes")),
        each=rng.choice(
            ("On each day from 2015-02-14", "In each month from 2015-02-10 12:00", "On each day from 2015-02-15 12:00")
        ),
        floor_hour=rng.choice(("", " 12:00")),
        floor_ends=rng.choice(("2015-02-19 00:00", "2015-02-18 12:00")),
        including=rng.choice(
            (
                "",
                ", including at least 3 trucks of fuel",
                ", including at least 3 trucks of fuel and at least 5 trucks into belt",
            )
        ),
        each_time=rng.choice(("On each day", "In each month")),
    )


WIDE = [[36.0, 46.0], [40.0, 46.0], [40.0, 50.5], [36.0, 50.5], [36.0, 46.0]]
HALF = [[37.2, 47.2], [38.0, 47.2], [38.0, 48.8], [37.2, 48.8], [37.2, 47.2]]


def amounts(rng: random.Random) -> list[Record]:
    """A few reports of how many, all of one matter, so that they add up or may be the same."""
    if rng.random() < 0.5:
        return rng.choice((_volley, _volley, _night, _turns, _lasting))(rng)
    make = rng.choice((_stock, _stock, _shots, _shots, _persons, _trucks, _trucks))
    party = rng.choice(("north", "south")) if make is not _trucks else "south"
    made: list[Record] = []
    together = f"2015-02-{rng.choice((16, 17))}"
    together = rng.choice((f"{together}T10:00:00Z", f"{together}T10:00:00Z", together))
    for number in range(rng.randint(1, 5)):
        record = {"id": f"n{number}", "actor": party} | make(rng)
        if rng.random() < 0.6:
            record["at"] = together
        source = rng.choice(("watchers", "watchers", "watchers", "watchers", "press", ""))
        record |= {"source": {"id": source}} if source else {}
        if source and rng.random() < 0.15:
            record["source"] = {"id": source, "origin": rng.choice(("watchers", "press", "drone"))}
        if rng.random() < 0.08:
            del record["actor"]
        if rng.random() < 0.1:
            record["actor_candidates"] = ["north", "south"]
            record.pop("actor", None)
        if rng.random() < 0.12:
            record["incident"] = rng.choice(("n-i1", "n-i2"))
        if rng.random() < 0.1:
            record["grade"] = rng.choice(("A1", "B2", "F1"))
        if made and rng.random() < 0.12:
            target = rng.choice(made)["id"]
            back = {"id": record["id"], "act": "comment", "at": "2015-02-20"} | (
                {"source": {"id": source}} if source else {}
            )
            record = rng.choice(
                (record | {"corrects": target}, back | {"retracts": target}, back | {"denies": [target]})
            )
        made.append(record)
    if rng.random() < 0.35:
        made.append(_echo(rng, rng.choice(made)))
    if rng.random() < 0.08:
        total = {"id": "n-total", "act": "tally", "count": rng.choice((0, 4)), "source": {"id": "watchers"}}
        made.append(total | {"at": rng.choice(("2015-02-14", "2015-02-17", "2015-02-18"))})
    if rng.random() < 0.3:
        acts = ["fire", "keep", "bring-in", "admit"]
        at = {"from": rng.choice(("2015-02-11", "2015-02-16")), "to": rng.choice(("2015-02-18", "2015-06-30"))}
        watch = {"id": "n-watch", "act": "watch", "at": at | {"kind": "throughout"}, "able_to_see": {"acts": acts}}
        made.append(watch | {"source": {"id": "watchers"}, "place": rng.choice(({"zone": "area"}, _box(WIDE)))})
    return made


def _echo(rng: random.Random, record: Record) -> Record:
    """The same event from another source, as it says: as many, or not; then, there and by whom, or not."""
    if record["act"] == "comment":
        return record | {"id": "n-echo"}
    own = record.setdefault("incident", "n-i3")
    echo = {k: v for k, v in record.items() if k not in {"corrects", "grade"}} | {"id": "n-echo", "incident": own}
    echo["source"] = rng.choice(({"id": "press"}, {"id": "press", "origin": "watchers"}, {"id": "watchers"}))
    otherwise: tuple[Record, ...] = (
        {},
        {},
        {"at": rng.choice(("2015-02-17T10:00:00Z", "2015-02-18T10:00:00Z", "2015-02-13"))},
        {"actor": rng.choice(("north", "south"))},
        {"place": {"lon": 38.9, "lat": 47.2, "error_m": 100}},
        {"count": rng.choice((1, 6, 31)), "unit": record.get("unit", "pieces")},
    )
    return echo | rng.choice(otherwise)


SURE: Record = {"source": {"id": "watchers"}, "place": {"lon": 37.9, "lat": 48.08, "error_m": 100}}
"""What is surely in the area, near the line, and proven."""


def _volley(rng: random.Random) -> list[Record]:
    """Firings at the borders of local days, a few days or hours apart."""
    clocks = ("21:59:59", "22:00:00", "22:00:00.000001", "00:00:00", "04:59:59", "05:00:00", "10:00:00", "23:59:59")
    made = []
    for number in range(rng.randint(3, 5)):
        at: Any = f"2015-02-{rng.choice((15, 16, 16, 17, 17, 18))}T{rng.choice(clocks)}Z"
        if rng.random() < 0.25:
            at = {"from": "2015-02-16T20:00:00Z", "to": rng.choice(("2015-02-17T06:00:00Z", "2015-02-18T06:00:00Z"))}
        shot = {"id": f"n{number}", "act": "fire", "actor": "north", "at": at, "weapon": {"category": "artillery"}}
        made.append(shot | SURE | ({"incident": "n-i1"} if rng.random() < 0.2 else {}))
    if rng.random() < 0.4:
        made.append(_echo(rng, rng.choice(made)))
    if rng.random() < 0.3:
        times: Record = {"id": "n-all", "act": "fire", "actor": "north", "unit": "times", "complete": True} | SURE
        times |= {"count": rng.choice((1, 2, 3)), "place": rng.choice(({"zone": "area"}, _box(WIDE)))}
        ends = rng.choice((("2015-02-15", "2015-02-18"), ("2015-02-16", "2015-02-17")))
        made.append(times | {"at": {"from": ends[0], "to": ends[1], "kind": "spread"}})
    return made


def counted(rng: random.Random) -> list[Record]:
    """Firings of some days, with a complete count of them, or a watch and perhaps a total of nobody knows what."""
    shot: Record = {"act": "fire", "actor": "north", "weapon": {"category": "artillery"}} | SURE
    days = rng.sample(range(11, 20), rng.randint(0, 4))
    made = [shot | {"id": f"n{d}", "at": f"2015-02-16T{d}:00:00Z"} for d in days]
    whole: Record = {"id": "n-all", "act": "fire", "actor": "north", "unit": "times", "complete": True} | SURE
    whole |= {"count": rng.choice((0, 1, 2, 3)), "place": {"zone": "area"}}
    ends = {"from": "2015-02-15", "to": "2015-02-18"}
    if rng.random() < 0.5:
        return [*made, whole | {"at": ends | {"kind": "spread"}}]
    if rng.random() < 0.6:
        made.append({"id": "n-total", "act": "tally", "count": rng.choice((0, 4)), "at": "2015-02-17"})
    watch = {"id": "n-watch", "act": "watch", "source": {"id": "watchers"}, "able_to_see": {"acts": list(FIRES)}}
    ends = {"from": "2015-02-11", "to": "2016-06-30", "kind": "throughout"}
    return [*made, watch | {"place": {"zone": "area"}, "at": ends}]


FIRES = ("fire", "explosion", "shot")


def _night(rng: random.Random) -> list[Record]:
    """Trucks, or persons, over the midnight of some zone, and some by day."""
    nights = (("16T20:00:00", "16T23:30:00"), ("16T23:00:00", "17T01:00:00"), ("17T04:00:00", "17T06:00:00"))
    ends = rng.choice(nights)
    at: Any = {"from": f"2015-02-{ends[0]}Z", "to": f"2015-02-{ends[1]}Z", "kind": rng.choice(("spread", "within"))}
    made = []
    for number in range(rng.randint(1, 3)):
        when = at if number == 0 else rng.choice((at, "2015-02-16T10:00:00Z", "2015-02-17T10:00:00Z", "2015-02-16"))
        what: Record = rng.choice(
            (
                {"act": "admit", "actor": "south", "count": rng.choice((4, 9, 10, 11)), "unit": "trucks"},
                {"act": "bring-in", "actor": "north", "count": rng.choice((15, 30, 31)), "unit": "persons"},
            )
        )
        if what["act"] == "admit":
            what |= {"target": SURE["place"], "object": {"category": "fuel"}}
        made.append({"id": f"n{number}", "at": when} | SURE | what)
    return made


def _turns(rng: random.Random) -> list[Record]:
    """Complete counts of a day: by turns or twice, with what was seen besides; and perhaps a register or a watch."""
    turns = rng.choice(
        (
            ("2015-02-17", "2015-02-17"),
            (
                {"from": "2015-02-17", "to": "2015-02-17T12:00:00Z"},
                {"from": "2015-02-17T12:00:00Z", "to": "2015-02-17"},
            ),
            ({"from": "2015-02-16", "to": "2015-02-17"}, "2015-02-17"),
        )
    )
    made: list[Record] = []
    persons = rng.random() < 0.4
    for number, turn in enumerate(turns):
        at = turn if isinstance(turn, str) else {k: v if "T" in v else _midnight(v, k) for k, v in turn.items()}
        at = at if isinstance(at, str) else at | {"kind": rng.choice(("spread", "throughout"))}
        what: Record = {"act": "admit", "actor": "south", "unit": "trucks", "target": {"zone": "area"}}
        what |= {"count": rng.choice((4, 5, 9, 10)), "place": SURE["place"]}
        if persons:
            what = {"act": "bring-in", "actor": "north", "unit": "persons", "place": {"zone": "area"}}
            what["count"] = rng.choice((15, 16, 29, 31))
        made.append(SURE | {"id": f"n{number}", "at": at, "complete": rng.random() < 0.9} | what)
    return made


def _midnight(day: str, end: str) -> str:
    """Kyiv's midnight at an end of a day: in the other zones the turns do not meet, or not quite."""
    return f"{day[:8]}{int(day[8:]) - (1 if end == 'from' else 0):02}T22:00:00Z"


def _lasting(rng: random.Random) -> list[Record]:
    """Tanks that were there all the time, wholly counted or not, from before the rule binds or after."""
    made = []
    for number in range(rng.randint(1, 3)):
        at = {"from": rng.choice(("2015-02-12", "2015-02-16")), "to": rng.choice(("2015-02-16", "2015-02-18"))}
        whole = rng.random() < 0.5
        record = {"id": f"n{number}", "act": "keep", "actor": "north", "count": rng.choice((2, 3, 5, 6))}
        record |= SURE | {"at": at | {"kind": "throughout"}, "weapon": {"category": "tank"}}
        if rng.random() < 0.4:
            record["at"] = "2015-02-16"
            record["place"] = SURE["place"] | {"lat": rng.choice((48.06, 48.1))}
        made.append(record | ({"complete": True, "place": _box(WIDE)} if whole else {}))
    return made


def _box(ring: list[list[float]]) -> Record:
    return {"geometry": {"type": "Polygon", "coordinates": [ring]}}


def _point(rng: random.Random) -> Record:
    """A few places, some of which may be one."""
    lon, lat = rng.choice(((37.9, 48.05), (37.9, 48.05), (37.9, 48.06), (38.1, 48.1), (37.5, 48.0)))
    error = rng.choice((0, 100, 100, 400, 700, None))
    return {"lon": lon, "lat": lat} | ({} if error is None else {"error_m": error})


def _moment(rng: random.Random) -> Any:
    """Mostly one of a few moments, so that things are seen together; a day, or a stretch of it, now and then."""
    day = rng.choice((15, 16, 16, 16, 17, 17, 18))
    kind = rng.random()
    if kind < 0.5:
        return f"2015-02-{day}T{rng.choice(('10:00:00', '10:00:00', '10:00:00', '11:30:00', '21:59:59', '22:00:00'))}Z"
    if kind < 0.75:
        return f"2015-02-{day}"
    ends = {"from": f"2015-02-{day}", "to": f"2015-02-{day + rng.choice((0, 0, 1, 2))}"}
    if rng.random() < 0.5:
        ends = {"from": f"2015-02-{day}T10:00:00Z", "to": f"2015-02-{day + rng.choice((0, 1))}T22:00:00Z"}
    if rng.random() < 0.25:
        ends["from"] = "2015-02-12" + ends["from"][10:]
    return ends | {"kind": rng.choice(("within", "throughout", "throughout", "spread", "spread"))}


def _count(rng: random.Random, limit: int, parts: int) -> Any:
    """About a limit, or about an equal part of it."""
    whole = rng.choice((limit, limit, limit // parts, limit // parts, limit // parts + 1)) + rng.choice((-1, 0, 0, 1))
    whole = max(whole, 0)
    bounds = rng.choice(({"min": whole, "max": whole + 2}, {"min": whole}, {"about": whole + 1}))
    return whole if rng.random() < 0.75 else bounds


def _stock(rng: random.Random) -> Record:
    made: Record = {"act": "keep", "at": _moment(rng), "place": _point(rng), "count": _count(rng, 5, 2)}
    weapon: Record = {"category": rng.choice(("tank", "tank", "tank", "mortar", "artillery"))}
    if rng.random() < 0.2:
        weapon, made["unit"], made["count"] = {}, "persons", _count(rng, 40, 2)
    elif rng.random() < 0.4:
        made["unit"] = rng.choice(("pieces", "tanks", "vehicles", "crews"))
    if rng.random() < 0.25 and made.get("unit") != "persons":
        weapon["serial"], made["count"] = rng.choice(("s1", "s2", "s3")), 1
    if weapon and rng.random() < 0.9:
        made["weapon"] = weapon
    if rng.random() < 0.35:
        made |= {"complete": True, "place": rng.choice(({"zone": "area"}, _box(WIDE), _box(WIDE), _box(HALF)))}
    if rng.random() < 0.1:
        del made["count"]
    return made


def _shots(rng: random.Random) -> Record:
    made: Record = {"act": rng.choice(("fire", "fire", "fire", "explosion")), "at": _moment(rng), "place": _point(rng)}
    made["weapon"] = {"category": rng.choice(("artillery", "artillery", "mortar"))}
    if rng.random() < 0.3:
        made["count"] = rng.choice((0, 1, 2, 3, {"min": 1, "max": 3}))
        made["unit"] = rng.choice(("times", "incidents", "rounds"))
        if rng.random() < 0.5:
            made |= {"complete": True, "place": {"zone": "area"}}
            del made["weapon"]
    return made


def _persons(rng: random.Random) -> Record:
    made: Record = {"act": "bring-in", "at": _moment(rng), "place": _point(rng), "count": _count(rng, 30, 2)}
    made["unit"] = rng.choice(("persons", "persons", "troops", "trucks"))
    if rng.random() < 0.35:
        made |= {"complete": True, "place": rng.choice(({"zone": "area"}, _box(WIDE)))}
    if rng.random() < 0.1:
        del made["count"]
    return made


def _trucks(rng: random.Random) -> Record:
    made: Record = {"act": "admit", "at": _moment(rng), "place": _point(rng), "target": _point(rng)}
    made |= {"count": _count(rng, 10, 2), "unit": rng.choice(("trucks", "trucks", "lorries", "pallets"))}
    if rng.random() < 0.4:
        made |= {"object": {"category": "fuel"}, "count": _count(rng, 3, 1)}
    if rng.random() < 0.45:
        made |= {"complete": True, "target": rng.choice(({"zone": "area"}, {"zone": "area"}, _box(WIDE)))}
    return made
