"""Rules that hold while the obligations of others are met, made from a seed: what is done at and beside their end."""

from __future__ import annotations

import datetime as dt
import random
from functools import cache
from pathlib import Path
from typing import Any

import generate_maps as maps
from generate_agreements import _draw

import servanda
from servanda_dsl.model import Agreement

Record = dict[str, Any]
Case = tuple[int, list[Record], str]

POOL = 40
"""So many agreements are made."""

TERMS = """
agreement lapsing "Made for tests" signed 2015-02-12 in force {force} time zone {zone}.
use vocabulary ceasefire.
party north "North".
party south "South".
party east "East"{east}.
monitor watchers "Watchers".
body commission "Commission" may determine.
body court "Court" may determine.
non-party stranger "Stranger".
event handover "Handover" {handover}.
zone area "the area" from "maps/area.geojson".
gate lull "the lull" is 6 hours without release, as watchers certifies.
{assumptions}
clause 1 "What has to be met".
rule A: No party shall fire{lifted}.
rule B: A party may fire, in response to attack.
rule C: {who} shall publish, {due}.
rule D: After each order by a party, that party shall report, within 12 hours after it.
clause 2 "What holds while it is".
assuming lapse by {clause_way}, because "made".
rule A: {span}{bound} shall not strike in area, while the obligations of {of} are met{readings}.
rule B: While the obligations of clause 1 rule C are met, no party shall fly, except as rule C permits.
rule C: A party may fly, only if an approve is recorded, while the obligations of clause 1 rule A are met.
rule D: No party shall attack in area, while the obligations of {chain} are met.
rule E: {span}no party shall release, except as rule F permits, while the obligations of clause 1 rule A are met.
rule F: A party may release, in response to fire, while the obligations of clause 1 rule D are met.
clause 3 "What follows".
rule A: After each violation of clause 2 rule A, that party shall rectify, within 1 day after it.
rule B: After each order by {by} shall notify, within 12 hours after it.
"""

FORCE = dt.datetime(2015, 2, 15, tzinfo=dt.UTC)
DUE = FORCE + dt.timedelta(days=2)
_TICK = dt.timedelta(microseconds=1)
_RING = [[36.0, 46.0], [40.0, 46.0], [40.0, 50.5], [36.0, 50.5], [36.0, 46.0]]
_EVERYWHERE = {"geometry": {"type": "Polygon", "coordinates": [_RING]}}
_WITHIN = {"lon": 38.2, "lat": 47.7, "error_m": 10}
_BY_EACH = """
    reading "by itself": lapse by violation;
    reading "declared": lapse by determination"""


@cache
def lapsing(folder: Path, choice: int) -> Agreement:
    """An agreement with one of the possible choices."""
    rng = random.Random(f"lapsing {choice}")
    made = folder / f"lapsing-{choice}"
    (made / "maps").mkdir(parents=True, exist_ok=True)
    _draw(made / "maps" / "area.geojson", "Polygon", maps.AREA)
    assumptions = [
        line
        for line in (
            'assuming explosion or shot counts as fire, because "made".',
            'assuming ungraded reports of watchers and press meet reasonable grounds, because "made".',
            'assuming watchers registers each publish or report within 2 hours, because "made".',
        )
        if rng.random() < 0.5
    ]
    if rng.random() < 0.25:
        assumptions.append('assuming ungraded reports of watchers and press meet reasonable grounds, because "made".')
        assumptions.append('assuming reasonable grounds needs 2 independent origins, because "made".')
    ways = ("violation", "violation", "determination", "violation or by determination")
    days = rng.choice(("exclusive", "exclusive", "inclusive or exclusive"))
    assumptions += [
        f'assuming days {days}, because "made".',
        f'assuming lapse by {rng.choice(ways)}, because "made".',
    ]
    text = TERMS.format(
        force=rng.choice((*["2015-02-15 00:00"] * 7, "not known")),
        zone=rng.choice(("UTC", "UTC", "Europe/Kyiv")),
        east=rng.choice(("", "", " bound by accept", " bound by approve, before 2015-02-17")),
        handover=rng.choice(("on 2015-02-16", "on 2015-02-16 12:00", "not known")),
        assumptions="\n".join(assumptions),
        lifted=rng.choice(("", "", ", except as rule B permits")),
        who=rng.choice(("Each party", "south", "north and east")),
        due=rng.choice(("within 2 days after entry into force", "before 2015-02-17 00:00 UTC", "before the handover")),
        clause_way=rng.choice(ways),
        span=rng.choice(("", "", "From the handover, ", "From the opening of lull, ", "From 2015-02-16 06:00, ")),
        bound=rng.choice(("no party", "no party", "north", "south and east")).replace("no party", "each party"),
        of=rng.choice(("clause 1", "clause 1 rule A", "clause 1 rule C", "clause 1 rule D")),
        readings=rng.choice(("", _BY_EACH)),
        by=rng.choice(
            ("north, that party", "east, that party", "watchers, each party", "stranger, watchers", "east, north")
        ),
        chain=rng.choice(("rule A", "rule B", "clause 1 rule A", "clause 1")),
    )
    (made / "agreement.terms").write_text(text, encoding="utf-8")
    return servanda.load(made)


def lapses(number: int) -> Case:
    """Violations, what bodies determine of them, and what is done just as a rule may lapse with them."""
    rng = random.Random(f"lapses {number}")
    marks = [rng.choice((FORCE, DUE, FORCE + dt.timedelta(hours=rng.choice((6, 18, 30, 40)))))]
    plain = rng.random() < 0.5
    made: list[Record] = []
    for n in range(rng.choice((0, 1, 1, 1, 2, 3))):
        when = rng.choice(marks) + _some(rng)
        marks.append(when)
        made.append(_breach(rng, f"b{n}", when, plain=plain))
    for n in range(rng.choice((0, 0, 1, 2))):
        when = rng.choice(marks) + _some(rng)
        marks.append(when)
        made.append(_determined(rng, f"d{n}", when, made))
    made += [_suspended(rng, f"s{n}", rng.choice(marks), plain=plain) for n in range(rng.choice((1, 2, 2, 3)))]
    made += [_beside_it(rng, f"o{n}", rng.choice(marks)) for n in range(rng.choice((0, 1, 1, 2)))]
    if rng.random() < 0.5:
        made += _watches(rng, marks)
    if rng.random() < 0.25:
        made.append(_pointed(rng, made))
    if rng.random() < 0.04:
        made.append({"id": "bad", "act": "fire", "at": "no time at all"})
    late = FORCE + dt.timedelta(days=6)
    at = rng.choice((*marks, late, late, late)) + _beside(rng)
    return rng.randrange(POOL), made, at.isoformat()


def _some(rng: random.Random) -> dt.timedelta:
    return dt.timedelta(hours=rng.choice((0, 0, 1, 2, 12, 24, -1, -2))) + _beside(rng)


def _beside(rng: random.Random) -> dt.timedelta:
    return rng.choice((_TICK, -_TICK, dt.timedelta(0), dt.timedelta(0)))


def _at(rng: random.Random, mark: dt.datetime, *, plain: bool) -> Any:
    """An instant, or a time around it."""
    hours = dt.timedelta(hours=rng.choice((1, 4, 12)))
    around = {"from": (mark - rng.choice((dt.timedelta(0), hours))).isoformat(), "to": (mark + hours).isoformat()}
    ways: tuple[Any, ...] = (mark.isoformat(), mark.isoformat(), mark.isoformat())
    if not plain:
        ways += (around | {"kind": "within"}, around | {"kind": "throughout"}, mark.date().isoformat())
    return rng.choice(ways)


def _who(rng: random.Random, *, plain: bool) -> Record:
    sure = ({"actor": "north"}, {"actor": "north"}, {"actor": "south"}, {"actor": "east"})
    unsure = ({"actor_candidates": ["north", "south"]}, {"actor_candidates": ["south", "stranger"]}, {})
    return rng.choice(sure if plain else (*sure, *unsure, {"actor": "stranger"}))


def _source(rng: random.Random) -> Record:
    known = {"source": {"id": "watchers"}}
    return rng.choice((known, known, known, {"source": {"id": "press"}}, {"source": {"id": "north"}}, {}))


def _breach(rng: random.Random, name: str, when: dt.datetime, *, plain: bool) -> Record:
    act = rng.choice(("fire", "fire", "fire", "order", "publish", "explosion"))
    made: Record = {"id": name, "act": act, "at": _at(rng, when, plain=plain)} | _who(rng, plain=plain)
    made |= {"source": {"id": "watchers"}} if plain else _source(rng)
    if rng.random() < 0.15:
        made["incident"] = "i1"
    return made


def _determined(rng: random.Random, name: str, when: dt.datetime, made: list[Record]) -> Record:
    who = rng.choice(("commission", "commission", "court", "watchers"))
    named = [r["id"] for r in made] or ["b0"]
    fields: Record = {"rule": rng.choice(("1/A", "1/A", "1/A", "1/C", "2/A"))}
    fields["outcome"] = rng.choice(("violation", "violation", "violation", "no-violation"))
    fields |= rng.choice(({}, {}, {"party": "north"}, {"party": "south"}))
    found: Record = {"id": name, "act": "determine", "actor": who, "at": when.isoformat(), "fields": fields}
    found["refers_to"] = [rng.choice(named)]
    return found | {"source": {"id": rng.choice((who, who, "press"))}}


def _suspended(rng: random.Random, name: str, when: dt.datetime, *, plain: bool) -> Record:
    act = rng.choice(("strike", "strike", "strike", "fly", "attack", "release"))
    moment = when + rng.choice((_beside(rng), _some(rng)))
    made: Record = {"id": name, "act": act, "at": _at(rng, moment, plain=plain)} | _who(rng, plain=plain)
    made |= {"place": _WITHIN} if plain or rng.random() < 0.8 else {}
    return made | ({"source": {"id": "watchers"}} if plain else _source(rng))


def _beside_it(rng: random.Random, name: str, when: dt.datetime) -> Record:
    act = rng.choice(("approve", "accept", "attack", "certify", "report", "rectify", "publish", "notify", "order"))
    made: Record = {"id": name, "act": act, "at": (when + _some(rng)).isoformat()} | _who(rng, plain=True)
    if act == "certify":
        made |= {"actor": "watchers", "fields": {"gate": "lull"}}
    made |= rng.choice(({}, {"refers_to": [rng.choice(("s0", "s1", "b0", "b1"))]}))
    return made | _source(rng)


def _watches(rng: random.Random, marks: list[dt.datetime]) -> list[Record]:
    """Somebody who looks at everything, all the time or from or until an instant that matters."""
    acts = ["publish", "report", "fire", "explosion", "shot", "strike", "fly", "attack", "release", "rectify", "accept"]
    first = FORCE - dt.timedelta(days=4)
    last = rng.choice((FORCE + dt.timedelta(days=9), rng.choice(marks) + _beside(rng)))
    watch: Record = {"id": "w", "act": "watch", "able_to_see": {"acts": acts}, "source": {"id": "watchers"}}
    watch["place"] = _EVERYWHERE
    watch["at"] = {"from": first.isoformat(), "to": max(last, first).isoformat(), "kind": "throughout"}
    return [watch, {**watch, "id": "w2", "source": {"id": "press"}}]


def _pointed(rng: random.Random, made: list[Record]) -> Record:
    """A correction, a retraction or a denial of something."""
    one = rng.choice(made)
    by: Record = {"id": "p", "at": FORCE.isoformat(), "source": one.get("source", {"id": "watchers"})}
    moved = {**one, "id": "p", "corrects": one["id"]}
    if isinstance(one["at"], str) and "T" in one["at"]:
        moved["at"] = (dt.datetime.fromisoformat(one["at"]) + rng.choice((_TICK, dt.timedelta(hours=2)))).isoformat()
    return rng.choice(
        (moved, {**by, "act": "comment", "retracts": one["id"]}, {**by, "act": "comment", "denies": [one["id"]]})
    )
