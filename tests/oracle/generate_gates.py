"""Gates and phases, and what opens them or keeps them shut, made from a seed: at and beside every boundary."""

from __future__ import annotations

import datetime as dt
import itertools
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
agreement gated "Made for tests" signed 2015-02-12 in force {force} time zone {zone}.
use vocabulary ceasefire.
party north "North".
party south "South".
monitor watchers "Watchers".
non-party stranger "Stranger".
event handover "Handover" {handover}.
zone area "the area" from "maps/area.geojson"{accuracy}.
zone port "the port" from "maps/port.geojson".
line line-a "line A" from "maps/line-a.geojson".
weapon heavy "artillery of 100 mm and more" is artillery of calibre at least 100 mm.
{assumptions}
gate lull "the lull" is {long} without {what}{since}.
gate seal "the seal" is {long_seal} without fire in area, {seal_since}as {body} certifies.
gate second "the second" is {long_second} without fire in port, from {second_since}.
phase early "the early phase" from {early}.
phase late "the late phase" from the opening of {late}.
clause 1 "Bans".
rule A: From the opening of lull, no party shall fire in area.
rule B: During early, no party shall fire in port, except as rule D permits.
rule C: Until {until}, no party shall attack, except as rule D permits.
rule D: {permitted}, a party may attack, only if an order is recorded.
clause 2 "Duties".
rule A: Each party shall begin withdrawal of heavy, within {due} after the opening of lull.
rule B: During late, each party shall publish, within {due} after the opening of second.
rule C: From the start of rule A, no party shall fly.
rule D: After each attack by a party, that party shall notify, to watchers, within 24 hours after it, from the opening
    of seal.
rule E: Each party shall approve, before the opening of {before}.
rule F: From the opening of lull, each party shall adopt, within 2 days after the start of rule A
    or if that is not shown after the opening of {before}.
clause 3 "Limits".
rule A: During early, no party shall fire more than 1 times in any 2 days in area.
"""


@cache
def gated(folder: Path, choice: int) -> Agreement:
    """An agreement with one of the possible choices."""
    rng = random.Random(f"gated {choice}")
    made = folder / f"gated-{choice}"
    (made / "maps").mkdir(parents=True, exist_ok=True)
    _draw(made / "maps" / "area.geojson", "Polygon", maps.AREA)
    _draw(made / "maps" / "port.geojson", "Polygon", maps.PORT)
    _draw(made / "maps" / "line-a.geojson", "LineString", maps.LINE_A)
    assumptions = [
        line
        for line in (
            'assuming explosion or shot counts as fire, because "made".',
            'assuming unattributed fire in area counts as by a party, because "made".',
            rng.choice(('assuming edges inside, because "made".', 'assuming edges outside, because "made".')),
            'assuming ungraded reports of watchers and press meet reasonable grounds, because "made".',
            'assuming watchers registers each fire within 24 hours, because "made".',
        )
        if rng.random() < 0.5
    ]
    if rng.random() < 0.3:
        assumptions.append('assuming ungraded reports of watchers meet reasonable grounds, because "made".')
        assumptions.append('assuming reasonable grounds needs 2 independent origins, because "made".')
    text = TERMS.format(
        force=rng.choice((FORCE, FORCE, FORCE, "not known")),
        zone=rng.choice(ZONES),
        handover=rng.choice(("on 2015-02-16", "on 2015-02-16 12:00", "on 2015-02-15 24:00", "not known")),
        accuracy=rng.choice(("", "", ", accurate to 2 km")),
        assumptions="\n".join(['assuming days {how}, because "made".', *assumptions]).format(
            how=rng.choice(("inclusive", "exclusive"))
        ),
        long=length(choice),
        what=rng.choice(
            (
                "fire in area",
                "fire in area",
                "fire in area",
                "keep heavy in area",
                "explosion in area",
                "fire in port",
                "fire within 20 km of line-a",
                "fire of heavy in area",
                "fire in area, outside port",
                "fire",
            )
        ),
        since=rng.choice(
            ("", "", ", from the handover", ", from 1 day after entry into force", ", from 2015-02-15 12:00")
        ),
        long_seal=rng.choice(("7 days", "48 hours")),
        seal_since=rng.choice(("", "from the opening of lull, ", "from the handover, ")),
        body=rng.choice(("watchers", "watchers", "north")),
        long_second=rng.choice(("24 hours", "1 day", "90 minutes")),
        second_since=rng.choice(
            (
                "the opening of lull",
                "the opening of seal",
                "12 hours after the opening of lull",
                "1 day after the opening of lull",
                "the handover",
            )
        ),
        early=rng.choice(
            (
                "the opening of lull until the opening of seal",
                "the opening of lull until the opening of second",
                "the opening of lull until 36 hours after the opening of lull",
                "entry into force until the opening of lull",
                "the handover until the opening of seal",
                "the opening of lull until 2015-02-20 12:00",
            )
        ),
        late=rng.choice(("second", "seal")),
        until=rng.choice(("the opening of lull", "the opening of seal", "1 day after the opening of lull")),
        permitted=rng.choice(("From the opening of second", "During late", "Until the opening of lull")),
        due=rng.choice(("36 hours", "2 days", "1 week")),
        before=rng.choice(("second", "seal", "lull")),
    )
    (made / "agreement.terms").write_text(text, encoding="utf-8")
    return servanda.load(made)


def length(choice: int) -> str:
    """How long it has to stay quiet for the first gate of an agreement."""
    return random.Random(f"length {choice}").choice(("48 hours", "36 hours", "90 minutes", "1 day", "2 days", "2 days"))


_HOURS = {"48 hours": 48, "36 hours": 36, "90 minutes": 1.5, "1 day": 24, "2 days": 48}
_TICK = dt.timedelta(microseconds=1)
_START = dt.datetime(2015, 2, 14, 22, tzinfo=dt.UTC)
_ACTS = ("fire", "explosion", "shot", "keep", "attack", "publish", "fly")
_RING = [[36.0, 46.0], [40.0, 46.0], [40.0, 50.5], [36.0, 50.5], [36.0, 46.0]]
_EVERYWHERE = {"geometry": {"type": "Polygon", "coordinates": [_RING]}}
_WITHIN = {"lon": 38.2, "lat": 47.7, "error_m": 10}


def gates(number: int) -> Case:
    """Shots as far apart as a gate is long, or a moment less or more; watches that just hold the time between them."""
    rng = random.Random(f"gates {number}")
    choice = rng.randrange(POOL)
    long = dt.timedelta(hours=_HOURS[length(choice)])
    grid = [_START + dt.timedelta(hours=h) for h in (0, 2, 5, 7, 12, 14, 24, 26, 36)]
    marks = [rng.choice(grid)]
    for _ in range(rng.randint(0, 3)):
        marks.append(rng.choice(marks) + rng.choice((long, long, long / 2, dt.timedelta(hours=3))) + _beside(rng))
    plain = rng.random() < 0.5
    shot, watches = (_plain_shot, _plain_watches) if plain else (_shot, _watches)
    made = [shot(rng, f"s{n}", mark) for n, mark in enumerate(marks) if n or rng.random() < 0.7]
    made += watches(rng, marks, long)
    made += [_certificate(rng, f"c{n}", marks, long) for n in range(rng.choice((0, 0, 1, 1, 2)))]
    made += [_other(rng, f"d{n}", marks, long) for n in range(rng.randint(1, 4))]
    made += [_pointed(rng, made) for _ in range(rng.choice((0, 0, 0, 1, 2))) if made]
    if rng.random() < 0.1:
        total: Record = {
            "id": "sum",
            "act": "tally",
            "at": _say(rng.choice(marks) + _some(rng, long)),
            "unit": "pieces",
        }
        made.append(total | {"count": rng.choice((0, 3)), "source": {"id": "watchers"}})
    if rng.random() < 0.06:
        made.append(
            {"id": "odd", "act": rng.choice(("fire", "hum")), "fields": {"gate": "portal"}, "at": _say(marks[0])}
        )
    late = _START + dt.timedelta(days=rng.choice((4, 9)))
    at = rng.choice((_some_instant(rng, marks, long), late, late))
    return choice, made, _say(at)


def _beside(rng: random.Random) -> dt.timedelta:
    return rng.choice((-_TICK, dt.timedelta(0), dt.timedelta(0), _TICK))


def _some(rng: random.Random, long: dt.timedelta) -> dt.timedelta:
    return rng.choice((dt.timedelta(0), long, long / 2, 2 * long, dt.timedelta(hours=1), dt.timedelta(days=1)))


def _some_instant(rng: random.Random, marks: list[dt.datetime], long: dt.timedelta) -> dt.datetime:
    return rng.choice((*marks, _START)) + _some(rng, long) + _beside(rng)


def _say(moment: dt.datetime) -> str:
    return moment.isoformat()


def _at(rng: random.Random, mark: dt.datetime) -> Any:
    """An instant, or a time around it in some way."""
    hours = dt.timedelta(hours=rng.choice((1, 4, 12)))
    around = {"from": _say(mark - rng.choice((dt.timedelta(0), hours))), "to": _say(mark + hours)}
    return rng.choice(
        (
            _say(mark),
            _say(mark),
            _say(mark),
            around | {"kind": "within"},
            around | {"kind": "throughout"},
            mark.date().isoformat(),
        )
    )


def _source(rng: random.Random) -> Record:
    return rng.choice(
        (
            {"id": "watchers"},
            {"id": "watchers"},
            {"id": "press"},
            {"id": "north"},
            {"id": "South"},
            {"id": "press", "origin": "watchers"},
            {"id": "north", "kind": "notification"},
        )
    )


def _plain_shot(rng: random.Random, name: str, mark: dt.datetime) -> Record:
    """A shot of which nothing is unknown but perhaps who fired it."""
    shot: Record = {"id": name, "act": "fire", "at": _say(mark), "place": _WITHIN, "source": {"id": "watchers"}}
    return shot | rng.choice(({"actor": "north"}, {"actor": "south"}, {"actor": "stranger"}, {}))


def _plain_watches(rng: random.Random, marks: list[dt.datetime], long: dt.timedelta) -> list[Record]:
    """Somebody who looks at everything; from an instant on that matters, or until one, or all the time."""
    first, last = _START - dt.timedelta(days=1), _START + dt.timedelta(days=9)
    ends = rng.choice(((first, last), (first, last), (_some_instant(rng, marks, long), last)))
    at = {"from": _say(ends[0]), "to": _say(ends[1]), "kind": "throughout"}
    watch: Record = {"act": "watch", "able_to_see": {"acts": list(_ACTS)}, "at": at, "place": _EVERYWHERE}
    watched = [{**watch, "id": "w0", "source": {"id": "watchers"}}]
    return watched + [{**watch, "id": "w1", "source": {"id": "press"}}] * (rng.random() < 0.7)


def _shot(rng: random.Random, name: str, mark: dt.datetime) -> Record:
    shot: Record = {"id": name, "act": rng.choice(("fire", "fire", "fire", "explosion", "keep")), "at": _at(rng, mark)}
    shot["place"] = rng.choice(
        (
            _WITHIN,
            _WITHIN,
            _WITHIN,
            {"lon": 37.5, "lat": 48.5, "error_m": rng.choice((10, 90000))},
            {"zone": "area"},
            {"lon": 39.9, "lat": 50.4, "error_m": 10},
            {"zone": "port"},
        )
    )
    shot |= rng.choice(({"actor": "north"}, {"actor": "south"}, {"actor": "stranger"}, {}, {}))
    if "actor" not in shot and rng.random() < 0.3:
        shot["actor_candidates"] = rng.choice((["north", "south"], ["north", "stranger"]))
    shot |= rng.choice(({}, {"weapon": {"category": "artillery", "calibre_mm": rng.choice((99, 100, 122))}}))
    shot |= rng.choice(({"source": {"id": "watchers"}}, {"source": _source(rng)}, {}))
    shot |= rng.choice(({}, {}, {}, {"incident": "i1"}, {"count": rng.choice((0, 2))}))
    return shot


def _watches(rng: random.Random, marks: list[dt.datetime], long: dt.timedelta) -> list[Record]:
    """One long watch; or several, with or without a gap between them, that begin and end where a gate may open."""
    acts = list(_ACTS)
    ends = sorted({_some_instant(rng, marks, long) for _ in range(rng.choice((2, 2, 3, 4)))})
    if rng.random() < 0.5:
        ends = [_START - dt.timedelta(days=1), _START + dt.timedelta(days=rng.choice((3, 9)))]
    made = []
    for n, (first, last) in enumerate(itertools.pairwise(ends)):
        watch: Record = {"id": f"w{n}", "act": "watch", "able_to_see": {"acts": acts[: rng.choice((7, 7, 7, 1))]}}
        gap = rng.choice((dt.timedelta(0), dt.timedelta(0), _TICK, dt.timedelta(hours=1)))
        watch["at"] = {"from": _say(first), "to": _say(max(last - gap, first)), "kind": "throughout"}
        watch["source"] = rng.choice(({"id": "watchers"}, {"id": "watchers"}, _source(rng)))
        watch["place"] = rng.choice(({"zone": "area"}, {"zone": "area"}, {"zone": "port"}, _EVERYWHERE, _EVERYWHERE))
        made.append(watch)
    if made and rng.random() < 0.4:
        made.append({**rng.choice(made), "id": "w-two", "source": rng.choice(({"id": "press"}, {"id": "watchers"}))})
    if rng.random() < 0.2:
        first = _some_instant(rng, marks, long)
        denied: Record = {"id": "shut-out", "act": "deny-access", "at": _say(first)}
        if rng.random() < 0.5:
            denied["at"] = {"from": _say(first), "to": _say(first + dt.timedelta(hours=1)), "kind": "throughout"}
        made.append(denied | rng.choice(({}, {"source": {"id": "watchers"}}, {"source": {"id": "press"}})))
    return made


def _certificate(rng: random.Random, name: str, marks: list[dt.datetime], long: dt.timedelta) -> Record:
    made: Record = {"id": name, "act": "certify", "at": _at(rng, _some_instant(rng, marks, long))}
    made |= rng.choice(tuple({"fields": {"gate": g}} if g else {} for g in ("seal", "seal", "seal", "lull", "")))
    made |= rng.choice(({"actor": "watchers"}, {"actor": "watchers"}, {"actor": "north"}, {}))
    return made | rng.choice(({"source": {"id": "watchers"}}, {"source": _source(rng)}, {}))


def _other(rng: random.Random, name: str, marks: list[dt.datetime], long: dt.timedelta) -> Record:
    """What a rule that hangs on a gate is about."""
    act = rng.choice(
        ("begin-withdrawal", "publish", "approve", "adopt", "attack", "attack", "order", "notify", "fly", "fire")
    )
    made: Record = {"id": name, "act": act, "at": _at(rng, _some_instant(rng, marks, long)), "place": _WITHIN}
    made |= rng.choice(({"actor": "north"}, {"actor": "south"}, {"actor": "north"}, {}))
    if act == "begin-withdrawal":
        made["weapon"] = {"category": "artillery", "calibre_mm": 122}
    return made | rng.choice(
        ({"source": {"id": "watchers"}}, {"source": {"id": "watchers"}}, {"source": _source(rng)}, {})
    )


def _pointed(rng: random.Random, made: list[Record]) -> Record:
    """A correction, a retraction or a denial of something."""
    one = rng.choice(made)
    by: Record = {
        "id": f"p{len(made)}",
        "at": _say(_START + dt.timedelta(hours=1)),
        "source": one.get("source", {"id": "watchers"}),
    }
    moved = {**one, "id": by["id"], "corrects": one["id"]}
    if not isinstance(one["at"], str) or "T" not in one["at"]:
        return rng.choice((moved, {**by, "act": "comment", "denies": [one["id"]]}))
    moved["at"] = _say(dt.datetime.fromisoformat(one["at"]) + rng.choice((_TICK, dt.timedelta(hours=2))))
    return rng.choice(
        (moved, {**by, "act": "comment", "retracts": one["id"]}, {**by, "act": "comment", "denies": [one["id"]]})
    )
