"""Limits of so many for each of something else, and what is counted on both sides, made from a seed: at every edge."""

from __future__ import annotations

import datetime as dt
import random
from functools import cache
from pathlib import Path
from typing import Any

import generate_maps as maps
from generate_agreements import FORCE, ZONES, _draw

import servanda
from servanda_dsl.model import Agreement

Record = dict[str, Any]
Case = tuple[int, list[Record], str]

POOL = 40
"""So many agreements are made."""

TERMS = """
agreement compared "Made for tests" signed 2015-02-12 in force {force} time zone {zone}.
use vocabulary ceasefire.
party north "North".
party south "South"{joins}.
monitor watchers "Watchers".
body commission "Commission" may determine.
non-party stranger "Stranger".
event handover "Handover" {handover}.
zone area "the area" from "maps/area.geojson"{accuracy}.
zone port "the port" from "maps/port.geojson".
weapon heavy "artillery of 100 mm and more" is artillery of calibre at least 100 mm.
{assumptions}
clause 1 "Ceilings".
rule A: {in_span}no party shall bring-in more than {allowed} tank
    for each tank taken-out{where} by that party{also}{place}.
rule B: {move_span}north shall move at most 1 heavy for each heavy moved{where} by south{move_place}.
rule D: No party shall attack more than 2 times for each tank taken-out by that party.
clause 2 "Floors".
rule A: {out_span}north shall release at least {due} persons of prisoner for each person of hostage released{where}
    by south, {within}{place}{readings}.
rule B: each party shall admit at least 2 trucks for each tank taken-out by that party or at least 1 piece of fuel
    for each person of hostage released by north, {within_two}.
"""

READ_TWICE = """
    reading "of": counting the first day of the ceasefire as day 1;
    reading "after": counting the day after it as day 1"""
_SPANS = (
    *("", "", "", "", "", "", "From the handover, ", "Until 2015-02-18 12:00, ", "From 2015-02-16 00:00, "),
    *("From 12 hours after entry into force until 2015-02-19 00:00, ", "Until the handover, "),
    "From the start of rule C, ",
)
STARTED = "rule C: Each party shall begin withdrawal of tank, within 3 days after entry into force.\n"


@cache
def compared(folder: Path, choice: int) -> Agreement:
    """An agreement with one of the possible choices."""
    rng = random.Random(f"compared {choice}")
    made = folder / f"compared-{choice}"
    (made / "maps").mkdir(parents=True, exist_ok=True)
    _draw(made / "maps" / "area.geojson", "Polygon", maps.AREA)
    _draw(made / "maps" / "port.geojson", "Polygon", maps.PORT)
    hours, acts = rng.choice((1, 24)), "take-out or bring-in or release or admit or move or attack"
    assumptions = [f'assuming watchers registers each {acts} within {hours} hours, because "made".']
    assumptions *= rng.random() < 0.9
    proof = 'assuming ungraded reports of {} meet reasonable grounds, because "made".'
    counters = rng.choice(("", "", "", "watchers", "watchers and press", "watchers and press"))
    if counters:
        assumptions.append(proof.format(counters))
        if "press" in counters and rng.random() < 0.4:
            assumptions.append('assuming reasonable grounds needs 2 independent origins, because "made".')
    days = rng.choice(("inclusive", "exclusive"))
    in_span, out_span, move_span = (rng.choice(_SPANS) for _ in range(3))
    within = choice_of_time(choice)
    text = TERMS.format(
        force=rng.choice((*[FORCE] * 9, "not known")),
        zone=rng.choice(ZONES),
        handover=rng.choice(("on 2015-02-16", "on 2015-02-16 12:00", "on 2015-02-18 00:00", "not known")),
        joins=rng.choice((*[""] * 6, " bound by accept", " bound by accept, no later than 2015-02-16 12:00")),
        accuracy=rng.choice(("", "", ", accurate to 2 km")),
        assumptions="\n".join([f'assuming days {days}, because "made".', *assumptions]),
        in_span=in_span,
        out_span=out_span,
        move_span=move_span,
        allowed=rng.choice((1, 1, 2)),
        due=rng.choice((1, 2, 2, 3)),
        where=rng.choice(("", " in area", " in area")),
        also=rng.choice(("", " or more than 1 artillery for each heavy taken-out by that party")),
        place=rng.choice(("", ", in area", ", in area", ", outside port")),
        move_place=rng.choice(("", ", in area", ", outside port")),
        within=within,
        within_two=rng.choice(("within 24 hours after it", "within 2 days after it", "before 36 hours after it")),
        readings=READ_TWICE if "day" in within and rng.random() < 0.7 else "",
    )
    if "start of rule C" in in_span + move_span:
        text = text.replace('clause 2 "Floors".\n', STARTED + 'clause 2 "Floors".\n')
    if "start of rule C" in out_span:
        text += STARTED
    (made / "agreement.terms").write_text(text, encoding="utf-8")
    return servanda.load(made)


_LONG = {
    "within 24 hours after it": 24,
    "within 90 minutes after it": 1.5,
    "within 1 day after it": 24,
    "before 2 days after it": 48,
    "no later than 2 days after it": 48,
    "by 36 hours after it": 36,
}
_TICK = dt.timedelta(microseconds=1)
_START = dt.datetime(2015, 2, 14, 22, tzinfo=dt.UTC)
"""Entry into force, in Kyiv."""
_LAST = _START + dt.timedelta(days=9)
_ACTS = ("take-out", "bring-in", "release", "admit", "move", "attack")
_WITHIN = {"lon": 38.2, "lat": 47.7, "error_m": 10}
_RING = [[36.0, 46.0], [40.0, 46.0], [40.0, 50.5], [36.0, 50.5], [36.0, 46.0]]
_EVERYWHERE = {"geometry": {"type": "Polygon", "coordinates": [_RING]}}
_TANK: Record = {"weapon": {"category": "tank"}}
_HEAVY: Record = {"weapon": {"category": "artillery", "calibre_mm": 122}}


def choice_of_time(choice: int) -> str:
    """Within what time so many are due under an agreement."""
    return random.Random(f"time {choice}").choice(tuple(_LONG))


def ratios(number: int) -> Case:
    """What is counted on both sides of one ratio, one at or beside the other; and who could have told of more."""
    rng = random.Random(f"ratios {number}")
    choice = rng.randrange(POOL)
    long = dt.timedelta(hours=_LONG[choice_of_time(choice)])
    grid = [_START + dt.timedelta(hours=h) for h in (0, 2, 12, 14, 26, 36, 50, 62)]
    pairs = rng.choice((*[_tanks] * 5, *[_released] * 4, _moved, _moved, _admitted, _attacks))
    plain = rng.random() < 0.6
    made: list[Record] = []
    marks: list[dt.datetime] = []
    for n in range(rng.choice((1, 2, 2, 3, 4))):
        mark = rng.choice(grid)
        marks.append(mark)
        ours, theirs = pairs(rng)
        made += _pair(rng, n, (ours, theirs), mark, long)
    made = [r if plain else _blurred(rng, r) for r in made]
    if rng.random() < 0.3:
        made += [_whole(rng, f"c{n}", rng.choice(pairs(rng)), marks) for n in range(rng.choice((1, 1, 2)))]
    if rng.random() < 0.8:
        made += _watches(rng, marks, long, plain=plain)
    if not plain and made and rng.random() < 0.4:
        made.append(_echo(rng, rng.choice(made)))
    made += [_pointed(rng, made) for _ in range(rng.choice((0, 0, 0, 1, 2))) if made]
    if rng.random() < 0.4:
        made += _besides(rng, marks)
    late = _START + dt.timedelta(days=rng.choice((4, 9, 30)))
    near = rng.choice(marks) + rng.choice((long, dt.timedelta(0), 2 * long)) + _beside(rng)
    return choice, made, rng.choice((near, late, late, late)).isoformat()


def _pair(
    rng: random.Random, n: int, pair: tuple[Record, Record], mark: dt.datetime, long: dt.timedelta
) -> list[Record]:
    """Something of theirs, and of ours before, at or after it, or about when it falls due; perhaps one alone."""
    ours, theirs = pair
    shift = rng.choice((dt.timedelta(0), dt.timedelta(0), long, long, long / 2, -long / 2, dt.timedelta(hours=3)))
    sure: Record = {"source": {"id": "watchers"}, "place": _WITHIN}
    told = [
        sure | {"id": f"t{n}", "at": mark.isoformat()} | theirs,
        sure | {"id": f"o{n}", "at": (mark + shift + _beside(rng)).isoformat()} | ours,
    ]
    for one in told:
        if rng.random() < 0.1:
            one["source"] = {"id": one["actor"]}
    return rng.choice((told, told, told, told, told, told[:1], told[1:], told[1:]))


def _tanks(rng: random.Random) -> tuple[Record, Record]:
    party, what = rng.choice(("north", "south")), rng.choice((*[_TANK] * 5, _HEAVY))
    counts = rng.choice(((1, 1), (2, 1), (3, 1), (2, 2), (1, 2), (3, 1), (4, 1)))
    named = {"actor": party} | what
    return {"act": "bring-in", "count": counts[0]} | named, {"act": "take-out", "count": counts[1]} | named


def _released(rng: random.Random) -> tuple[Record, Record]:
    counts = rng.choice(((1, 1), (2, 1), (3, 1), (4, 2), (1, 2), (6, 3)))
    ours: Record = {"act": "release", "actor": "north", "object": {"category": "prisoner"}, "unit": "persons"}
    theirs: Record = {"act": "release", "actor": "south", "object": {"category": "hostage"}, "unit": "persons"}
    return ours | {"count": counts[0]}, theirs | {"count": counts[1]}


def _moved(rng: random.Random) -> tuple[Record, Record]:
    counts = rng.choice(((1, 1), (2, 1), (2, 1), (3, 2)))
    ours: Record = {"act": "move", "actor": "north", "count": counts[0]} | _HEAVY
    return ours, {"act": "move", "actor": "south", "count": counts[1]} | _HEAVY


def _admitted(rng: random.Random) -> tuple[Record, Record]:
    ours: Record = {"act": "admit", "actor": "north", "count": rng.choice((1, 2, 4)), "unit": "trucks"}
    if rng.random() < 0.4:
        ours |= {"object": {"category": "fuel"}, "unit": "pieces"}
        freed: Record = {"act": "release", "actor": "north", "object": {"category": "hostage"}, "unit": "persons"}
        return ours, freed | {"count": rng.choice((1, 2))}
    return ours, {"act": "take-out", "actor": "north", "count": rng.choice((1, 2))} | _TANK


def _attacks(rng: random.Random) -> tuple[Record, Record]:
    """Attacks, counted as incidents, against tanks that went."""
    ours: Record = {"act": "attack", "actor": "north"}
    if rng.random() < 0.3:
        ours |= {"count": rng.choice((1, 2, 3)), "unit": "times"}
    return ours, {"act": "take-out", "actor": "north", "count": rng.choice((1, 1, 2))} | _TANK


def _beside(rng: random.Random) -> dt.timedelta:
    return rng.choice((-_TICK, dt.timedelta(0), dt.timedelta(0), _TICK))


def _blurred(rng: random.Random, record: Record) -> Record:
    """A record of which something may be open: when, who, what, how many, where, by whose word."""
    made, mark = dict(record), dt.datetime.fromisoformat(record["at"])
    hours = dt.timedelta(hours=rng.choice((1, 4, 12)))
    around = {"from": (mark - rng.choice((dt.timedelta(0), hours))).isoformat(), "to": (mark + hours).isoformat()}
    made["at"] = rng.choice(
        (
            *[record["at"]] * 5,
            around | {"kind": "within"},
            around | {"kind": "spread"},
            around | {"kind": "throughout"},
            mark.date().isoformat(),
        )
    )
    if rng.random() < 0.12:
        del made["actor"]
        made |= rng.choice(({}, {"actor_candidates": ["north", "south"]}, {"actor_candidates": ["south", "stranger"]}))
    if rng.random() < 0.1:
        made["actor"] = rng.choice(("north", "south", "stranger"))
    if rng.random() < 0.2:
        made["count"] = rng.choice((0, 1, {"min": 1, "max": 2}, {"min": 2}, {"about": 2}))
    if rng.random() < 0.08:
        made.pop("count", None)
    if rng.random() < 0.1:
        made["unit"] = rng.choice(("persons", "pieces", "tanks", "trucks"))
    if rng.random() < 0.1:
        made |= rng.choice(({"weapon": {"category": "tank", "serial": "s1"}}, {"weapon": {"category": "artillery"}}))
        if made["act"] in {"release", "admit"}:
            del made["weapon"]
            made["object"] = {"category": rng.choice(("hostage", "prisoner", "fuel"))}
    if rng.random() < 0.1:
        made.pop("weapon", None)
        made.pop("object", None)
    made["place"] = rng.choice(
        (
            *[_WITHIN] * 6,
            {"zone": "area"},
            {"zone": "port"},
            {"lon": 37.5, "lat": 48.5, "error_m": 90000},
            {"lon": 39.9, "lat": 50.4, "error_m": 10},
        )
    )
    if rng.random() < 0.15:
        made["incident"] = rng.choice(("i1", "i2"))
    if rng.random() < 0.4:
        made["source"] = rng.choice(
            (
                *({"id": "watchers"}, {"id": "press"}, {"id": "press"}, {"id": "north"}, {"id": "South"}),
                *({"id": "press", "origin": "watchers"}, {"id": "north", "kind": "notification"}),
            )
        )
    if rng.random() < 0.2:
        made |= {"complete": True, "place": rng.choice(({"zone": "area"}, _EVERYWHERE))}
        if rng.random() < 0.7:
            first = rng.choice((_START, _START, _START - dt.timedelta(hours=3), mark))
            made["at"] = {"from": first.isoformat(), "to": (mark + hours).isoformat(), "kind": "spread"}
    return made


def _watches(rng: random.Random, marks: list[dt.datetime], long: dt.timedelta, *, plain: bool) -> list[Record]:
    """A register or a watch of everything, or of one of the acts; all the time, or with a gap where it matters."""
    made: list[Record] = []
    sees = tuple(_ACTS)
    for n in range(rng.choice((0, 1, 1, 1, 1, 2))):
        first = rng.choice((*[_START - dt.timedelta(days=1)] * 3, _START, _START, _START + _TICK))
        last = rng.choice((_LAST, _LAST + dt.timedelta(days=40)))
        if not plain and rng.random() < 0.5:
            first = rng.choice((_START, rng.choice(marks)))
            edge = rng.choice((dt.timedelta(0), long, dt.timedelta(hours=24), long + dt.timedelta(hours=24)))
            last = rng.choice(marks) + edge + dt.timedelta(hours=rng.choice((0, 1))) + _beside(rng)
        if first >= last:
            continue
        acts = rng.choice((*[sees] * 6, rng.sample(sees, 1), ("take-out", "release")))
        watch: Record = {"id": f"w{n}", "act": "watch", "able_to_see": {"acts": list(acts)}}
        watch["at"] = {"from": first.isoformat(), "to": last.isoformat(), "kind": "throughout"}
        watch["source"] = {"id": "watchers"} if plain or rng.random() < 0.7 else {"id": rng.choice(("press", "north"))}
        if rng.random() < 0.7:
            watch["place"] = rng.choice(({"zone": "area"}, _EVERYWHERE))
        made.append(watch)
    return made


def _whole(rng: random.Random, name: str, what: Record, marks: list[dt.datetime]) -> Record:
    """A count that says that it is complete, from about when the rules begin until about something that was seen."""
    first = _START + rng.choice((-dt.timedelta(hours=3), *[dt.timedelta(0)] * 3, _TICK))
    last = rng.choice(marks) + rng.choice(
        (dt.timedelta(0), _TICK, dt.timedelta(hours=12), dt.timedelta(days=2), dt.timedelta(days=2))
    )
    made = what | {"id": name, "count": rng.choice((0, 0, 0, 1, 2)), "complete": True, "place": {"zone": "area"}}
    made["at"] = {"from": first.isoformat(), "to": max(last, first + _TICK).isoformat(), "kind": "spread"}
    made["source"] = rng.choice(({"id": "watchers"}, {"id": "watchers"}, {"id": what["actor"]}, {"id": "press"}))
    return made | ({"incident": "i1"} if rng.random() < 0.2 else {})


def _besides(rng: random.Random, marks: list[dt.datetime]) -> list[Record]:
    """A total of nobody knows what, a denial of access, a beginning, a party that joins, a row that cannot be read."""
    mark = rng.choice(marks).isoformat()
    total: Record = {"id": "sum", "act": "tally", "at": mark, "unit": "pieces", "source": {"id": "watchers"}}
    return rng.choice(
        (
            [total | {"count": rng.choice((0, 3))}],
            [{"id": "shut-out", "act": "deny-access", "at": mark}],
            [
                {"id": "begun", "act": "begin-withdrawal", "actor": "north", "at": mark, "source": {"id": "watchers"}}
                | _TANK
            ],
            [{"id": "joined", "act": "accept", "actor": "south", "at": mark, "source": {"id": "watchers"}}],
            [{"id": "odd", "act": rng.choice(("take-out", "hum")), "actor": "nobody", "at": mark}],
        )
    )


def _echo(rng: random.Random, record: Record) -> Record:
    """The same event from another source: then, there and by whom, or not."""
    own = record.setdefault("incident", "i3")
    echo = {k: v for k, v in record.items() if k != "corrects"} | {"id": "echo", "incident": own}
    echo["source"] = rng.choice(({"id": "press"}, {"id": "press", "origin": "watchers"}, {"id": "watchers"}))
    later = (_START + dt.timedelta(hours=rng.choice((13, 40, 80)))).isoformat()
    if record["act"] == "watch":
        return echo
    return echo | rng.choice(
        ({}, {}, {"at": later}, {"actor": rng.choice(("north", "south"))}, {"count": rng.choice((1, 3))})
    )


def _pointed(rng: random.Random, made: list[Record]) -> Record:
    """A correction, a retraction, a denial or a determination of something."""
    one = rng.choice(made)
    by: Record = {"id": f"p{len(made)}", "at": (_START + dt.timedelta(hours=1)).isoformat()}
    by["source"] = one.get("source", {"id": "watchers"})
    fewer = {**one, "id": by["id"], "corrects": one["id"]}
    if "count" in one:
        fewer["count"] = rng.choice((1, 2))
    said = {**by, "act": "comment"}
    if rng.random() < 0.2:
        told = {**by, "act": "determine", "actor": "commission", "refers_to": [one["id"]]}
        named = {"rule": rng.choice(("1/A", "2/A"))} if rng.random() < 0.7 else {}
        return rng.choice((told | {"fields": {"outcome": "violation"} | named}, said | {"refers_to": [one["id"]]}))
    return rng.choice((fewer, said | {"retracts": one["id"]}, said | {"denies": [one["id"]]}))
