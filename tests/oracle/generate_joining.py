"""Parties that join by an act of their own, made from a seed: at and beside every boundary of when they do."""

from __future__ import annotations

import datetime as dt
import random
from functools import cache
from pathlib import Path
from typing import Any

import servanda
from servanda_dsl.model import Agreement

Record = dict[str, Any]
Case = tuple[int, list[Record], str]

POOL = 40
"""So many agreements are made."""

TERMS = """
agreement joined "Made for tests" {signed} in force {force} time zone {zone}.
use vocabulary ceasefire.
party north "North".
party south "South" bound by {act}{limit}.
party east "East"{east}.
monitor watchers "Watchers".
non-party stranger "Stranger".
event handover "Handover" {handover}.
{assumptions}
clause 1 "Bans".
rule A: No party shall fire, except as rule C permits.
rule B: {span}south shall not attack.
rule C: A party may fire, in response to attack.
rule D: south and east shall not fly.
clause 2 "Duties".
rule A: Each party shall publish, {due}.
rule B: After each order by a party, each party shall report, within 24 hours after it.
rule C: After each attack by a party, that party shall notify, within 24 hours after it.
rule D: From the start of rule A, no party shall strike.
rule E: south shall adopt, within 3 days after entry into force
    reading "of": days inclusive; reading "after": days exclusive.
clause 3 "Reparation".
rule A: After each violation of clause 1 rule A, that party shall discipline, within 2 days after it.
clause 4 "Limits".
rule A: south shall fire at most 1 times in any 2 days.
rule B: On each day, each party shall publish at least 1 times.
"""

SIGNED = dt.datetime(2015, 2, 12, tzinfo=dt.UTC)
FORCE = dt.datetime(2015, 2, 15, tzinfo=dt.UTC)
LIMIT = dt.datetime(2015, 2, 14, 12, tzinfo=dt.UTC)
_TICK = dt.timedelta(microseconds=1)


@cache
def joined(folder: Path, choice: int) -> Agreement:
    """An agreement with one of the possible choices."""
    rng = random.Random(f"joined {choice}")
    made = folder / f"joined-{choice}"
    made.mkdir(parents=True, exist_ok=True)
    assumptions = [
        line
        for line in (
            'assuming explosion or shot counts as fire, because "made".',
            'assuming ungraded reports of watchers and press meet reasonable grounds, because "made".',
            'assuming watchers registers each accept or approve within 2 hours, because "made".',
            'assuming watchers registers each publish or fire within 2 hours, because "made".',
        )
        if rng.random() < 0.5
    ]
    if rng.random() < 0.3:
        assumptions.append('assuming ungraded reports of watchers and press meet reasonable grounds, because "made".')
        assumptions.append('assuming reasonable grounds needs 2 independent origins, because "made".')
    text = TERMS.format(
        signed=rng.choice(
            ("signed 2015-02-12", "signed 2015-02-12", "signed 2015-02-12 00:00", "signed 2015-02-17", "")
        ),
        force=rng.choice((*["2015-02-15 00:00"] * 7, "not known")),
        zone=rng.choice(("UTC", "UTC", "Europe/Kyiv")),
        act=rng.choice(("accept", "accept", "accept", "approve", "order")),
        limit=rng.choice(
            (
                "",
                ", no later than 2015-02-14 12:00 UTC",
                ", no later than 2015-02-14 12:00 UTC",
                ", no later than 2015-02-14",
                ", before the handover",
                ", within 2 days after entry into force",
            )
        ),
        east=rng.choice(("", " bound by approve", " bound by accept, before 2015-02-16")),
        handover=rng.choice(("on 2015-02-16", "on 2015-02-16 12:00", "not known")),
        assumptions="\n".join(['assuming days {how}, because "made".', *assumptions]).format(
            how=rng.choice(("inclusive", "exclusive"))
        ),
        span=rng.choice(
            ("", "From 2015-02-15 06:00 until the handover, ", "From the handover, ", "Until 2015-02-16 12:00, ")
        ),
        due=rng.choice(
            ("within 2 days after entry into force", "before the handover", "no later than 2015-02-16 06:00")
        ),
    )
    (made / "made.terms").write_text(text, encoding="utf-8")
    return servanda.load(made / "made.terms")


def joins(number: int) -> Case:
    """Records of who joined and when, of what was done before and after, and of who watched."""
    rng = random.Random(f"joins {number}")
    if rng.random() < 0.5:
        return _plain(rng)
    marks = [rng.choice((SIGNED, LIMIT, FORCE)) + _some(rng) for _ in range(3)]
    made = [_joins(rng, f"j{n}", marks) for n in range(rng.choice((0, 1, 1, 1, 2)))]
    if rng.random() < 0.6:
        made += _watches(rng, marks)
    for n in range(rng.choice((1, 1, 2, 3))):
        made.append(_deed(rng, f"d{n}", rng.choice((*marks, LIMIT, FORCE)) + _some(rng)))
    if rng.random() < 0.3:
        made.append(_pointed(rng, made))
    if rng.random() < 0.05:
        made.append({"id": "bad", "act": "fire", "at": "no time at all"})
    late = FORCE + dt.timedelta(days=6)
    at = rng.choice((*marks, late, late, late, late + dt.timedelta(days=2))) + _beside(rng)
    return rng.randrange(POOL), made, max(at, SIGNED + _TICK).isoformat()


def _plain(rng: random.Random) -> Case:
    """Records of which little is unknown but when it was: what was done just as somebody joined, or might have."""
    mark = rng.choice((LIMIT, FORCE, FORCE, FORCE + dt.timedelta(hours=rng.choice((6, 30, 60)))))
    of_watchers: Record = {"source": {"id": "watchers"}}
    made: list[Record] = []
    for actor in ("south", "east"):
        if rng.random() < 0.6:
            when = rng.choice((mark, LIMIT, LIMIT - dt.timedelta(hours=1))) + _beside(rng)
            source = rng.choice((of_watchers, {"source": {"id": actor, "kind": "notification"}}))
            made.append(
                {"id": f"j-{actor}", "act": rng.choice(("accept", "approve")), "actor": actor, "at": when.isoformat()}
                | source
            )
    for n in range(rng.choice((1, 2, 2))):
        act = rng.choice(("fire", "fire", "attack", "publish", "publish", "order", "notify", "report", "adopt"))
        when = rng.choice((mark, mark, FORCE + dt.timedelta(hours=20))) + _beside(rng)
        actors = rng.choice(({"actor": "south"}, {"actor": "south"}, {"actor_candidates": ["north", "south"]}, {}))
        made.append({"id": f"d{n}", "act": act, "at": when.isoformat()} | actors | of_watchers)
    if rng.random() < 0.5:
        when = rng.choice((FORCE + dt.timedelta(hours=20), mark)) + _beside(rng)
        kept: Record = {"act": "publish", "actor": rng.choice(("south", "south", "north")), "at": when.isoformat()}
        made += [kept | {"id": f"k-{s}", "source": {"id": s}, "incident": "kept"} for s in ("watchers", "press")]
    if rng.random() < 0.6:
        acts = [
            "accept",
            "approve",
            "order",
            "publish",
            "fire",
            "explosion",
            "shot",
            "attack",
            "fly",
            "strike",
            "adopt",
        ]
        first = rng.choice((SIGNED - dt.timedelta(days=1), SIGNED - dt.timedelta(days=1), SIGNED + _TICK))
        last = rng.choice((FORCE + dt.timedelta(days=9), FORCE + dt.timedelta(days=9), mark, LIMIT)) + _beside(rng)
        watch: Record = {"id": "w", "act": "watch", "able_to_see": {"acts": acts}} | of_watchers
        watch["at"] = {"from": first.isoformat(), "to": last.isoformat(), "kind": "throughout"}
        made += [watch, {**watch, "id": "w2", "source": {"id": "press"}}]
    at = rng.choice(
        (mark + dt.timedelta(hours=1), mark + _TICK, FORCE + dt.timedelta(days=6), FORCE + dt.timedelta(days=8))
    )
    return rng.randrange(POOL), made, at.isoformat()


def _some(rng: random.Random) -> dt.timedelta:
    hours = rng.choice((0, 0, 1, 2, 12, 24, 36, -1, -2, -12))
    return dt.timedelta(hours=hours) + _beside(rng)


def _beside(rng: random.Random) -> dt.timedelta:
    return rng.choice((_TICK, -_TICK, dt.timedelta(0), dt.timedelta(0)))


def _at(rng: random.Random, mark: dt.datetime) -> Any:
    """An instant, or a time around it."""
    hours = dt.timedelta(hours=rng.choice((1, 4, 12)))
    around = {"from": (mark - rng.choice((dt.timedelta(0), hours))).isoformat(), "to": (mark + hours).isoformat()}
    return rng.choice(
        (
            mark.isoformat(),
            mark.isoformat(),
            mark.isoformat(),
            around | {"kind": "within"},
            around | {"kind": "throughout"},
            mark.date().isoformat(),
        )
    )


def _source(rng: random.Random, actor: str) -> Record:
    return rng.choice(
        (
            {"source": {"id": "watchers"}},
            {"source": {"id": "watchers"}},
            {"source": {"id": "press"}},
            {"source": {"id": actor, "kind": "notification"}},
            {"source": {"id": actor}},
            {"source": {"id": "North"}},
            {},
        )
    )


def _joins(rng: random.Random, name: str, marks: list[dt.datetime]) -> Record:
    actor = rng.choice(("south", "south", "south", "east", "north"))
    made: Record = {"id": name, "act": rng.choice(("accept", "accept", "approve", "order"))}
    made["at"] = _at(rng, rng.choice((*marks, LIMIT, LIMIT, FORCE)) + _some(rng))
    made |= rng.choice(
        ({"actor": actor}, {"actor": actor}, {"actor": actor}, {"actor_candidates": ["south", "east"]}, {})
    )
    made |= rng.choice(({}, {}, {}, {"incident": "i1"}, {"count": 0}))
    return made | _source(rng, actor)


def _watches(rng: random.Random, marks: list[dt.datetime]) -> list[Record]:
    """A register or watch from signature on, or not quite; whole, or with a gap; and perhaps shut out for a time."""
    acts = rng.choice((["accept", "approve", "order"], ["accept", "approve", "order"], ["accept"], ["fire", "shot"]))
    acts = rng.choice((acts, [*acts, "publish", "fire", "explosion", "shot", "attack", "fly", "strike", "adopt"]))
    first = rng.choice((SIGNED - dt.timedelta(days=1), SIGNED - dt.timedelta(days=1), SIGNED, SIGNED + _TICK))
    last = rng.choice((FORCE + dt.timedelta(days=9), LIMIT, LIMIT + dt.timedelta(hours=2), rng.choice(marks)))
    ends = [first, last]
    if rng.random() < 0.3:
        middle = rng.choice((*marks, LIMIT))
        ends = [first, middle, middle + rng.choice((dt.timedelta(0), _TICK)), last]
    made = []
    for n in range(0, len(ends), 2):
        if ends[n] >= ends[n + 1]:
            continue
        made.append(
            {
                "id": f"w{n}",
                "act": "watch",
                "able_to_see": {"acts": acts},
                "at": {"from": ends[n].isoformat(), "to": ends[n + 1].isoformat(), "kind": "throughout"},
                "source": {"id": rng.choice(("watchers", "watchers", "press"))},
            }
        )
    if made and rng.random() < 0.4:
        made.append({**made[0], "id": "w-two", "source": {"id": rng.choice(("press", "watchers"))}})
    if rng.random() < 0.15:
        made.append({"id": "shut-out", "act": "deny-access", "at": rng.choice(marks).isoformat()})
    return made


def _deed(rng: random.Random, name: str, mark: dt.datetime) -> Record:
    act = rng.choice(
        ("fire", "fire", "fire", "attack", "publish", "order", "notify", "report", "fly", "adopt", "strike", "shot")
    )
    made: Record = {"id": name, "act": act, "at": _at(rng, mark)}
    actor = rng.choice(("south", "south", "north", "east", "stranger"))
    made |= rng.choice(({"actor": actor}, {"actor": actor}, {}))
    if "actor" not in made and rng.random() < 0.7:
        made["actor_candidates"] = rng.choice((["north", "south"], ["south", "stranger"], ["south", "east"]))
    made |= rng.choice(({}, {}, {}, {"incident": "i2"}))
    return made | _source(rng, actor)


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
