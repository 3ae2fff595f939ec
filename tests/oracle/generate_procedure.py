"""Breaches with what is done about them, and what bodies and parties put on record: at and beside every boundary."""

from __future__ import annotations

import hashlib
import json
import random

from generate_records import Record, some_source, some_time

FIELDS = {"rule", "outcome", "party", "attribution", "basis", "remedy", "answer"}
"""What a record of procedure says, beside what every record does."""


def procedure(rng: random.Random, made: list[Record]) -> list[Record]:
    """What is done about breaches, among these records or beside them, and what is put on record about them."""
    found: list[Record] = []
    kind = rng.random()
    if kind < 0.15:
        return _left_undone(rng)
    if kind < 0.6:
        found.extend(_repairs(rng, made))
    if kind > 0.4:
        found.extend(_filed(rng, [*made, *found]))
    return [_sorted_out(record) for record in found]


def _sorted_out(record: Record) -> Record:
    """A record with its further fields in their place."""
    further = {name: value for name, value in record.items() if name in FIELDS}
    if not further:
        return record
    return {**{name: value for name, value in record.items() if name not in FIELDS}, "fields": further}


def _filed(rng: random.Random, made: list[Record]) -> list[Record]:
    """Records of procedure about what is there, by those who have the power and those who have not, agreed or not."""
    if rng.random() < 0.4:
        return _judged(rng)
    found: list[Record] = []
    names = [*(r["id"] for r in made), "i1", *(finding(rng, r) for r in made)]
    named = rng.choice(names)
    for number in range(rng.randint(1, 4)):
        act = rng.choice(("determine", "determine", "determine", "attribute", "remedy", "comment"))
        filed: Record = {"id": f"p{number}", "act": act, "at": rng.choice((some_time(rng), "2015-02-19T10:00:00Z"))}
        filed |= {"refers_to": [named if rng.random() < 0.7 else rng.choice(names)]}
        who = rng.choice(("commission", "commission", "court", "court", "watchers", "north", "south"))
        filed |= {"actor": who, "source": {"id": rng.choice((who, who, who, "watchers", "press"))}}
        if rng.random() < 0.6:
            filed["rule"] = rng.choice(("1/A", "1/A", "1/A", "3/A", "3/C", "2/A"))
        if act == "determine" and rng.random() < 0.9:
            filed["outcome"] = rng.choice(("violation", "violation", "no-violation", "outside-mandate"))
            filed |= rng.choice(({}, {}, {"party": "north"}, {"party": "south"}))
        if act == "attribute":
            filed |= rng.choice(({"party": "north"}, {"party": "south"}, {"attribution": "cannot-be-attributed"}, {}))
            filed |= rng.choice(({}, {}, {"basis": "control-of-area"}, {"basis": "witnesses"}))
        if act == "remedy" and rng.random() < 0.8:
            filed["remedy"] = "withdraw"
        if act == "comment":
            filed |= rng.choice(({}, {"answer": "admits"}, {"answer": "admits"}, {"answer": "denies"}))
        if rng.random() < 0.25:
            filed |= _pointer(rng, act, rng.choice((*(f["id"] for f in found), named)))
        if rng.random() < 0.1:
            del filed["actor"]
        found.append(filed)
    return found


def _judged(rng: random.Random) -> list[Record]:
    """A shot, and what two bodies and the watchers, with the power or without, say of it on the same day."""
    shot = {"id": "q0", "act": "fire", "actor": "north", "at": "2015-02-16T10:00:00Z", "place": {"zone": "area"}}
    shot["source"] = {"id": "watchers"}
    about = {"refers_to": ["q0"], "rule": "1/A", "at": "2015-02-17T10:00:00Z"}
    found = [shot]
    for who in ("commission", "court"):
        outcome = rng.choice(("violation", "violation", "no-violation"))
        held = rng.choice(({}, {}, {"party": "north"}, {"party": "south"}))
        found.append(about | {"id": f"q-{who}", "act": "determine", "actor": who, "outcome": outcome} | held)
    for who in ("court", "watchers"):
        basis = rng.choice(({}, {"basis": "witnesses"}, {"basis": "direction-of-fire"}))
        party = rng.choice(("north", "north", "south"))
        found.append(about | {"id": f"q-{who}-a", "act": "attribute", "actor": who, "party": party} | basis)
    for filed in found[1:]:
        filed["source"] = {"id": rng.choice((filed["actor"], filed["actor"], "press"))}
    found = rng.sample(found, rng.randint(3, 5))
    if rng.random() < 0.6:
        day, clock = rng.choice((16, 18, 19, 19, 19)), rng.choice(("09:59:59", "10:00:00"))
        done: Record = {"id": "q-done", "act": "rectify", "at": f"2015-02-{day}T{clock}Z"}
        done |= {"actor": rng.choice(("north", "north", "south")), "source": {"id": "watchers"}}
        found.append(done | rng.choice(({"refers_to": ["q0"]}, {"refers_to": ["q-commission"]}, {})))
    return found


def _repairs(rng: random.Random, made: list[Record]) -> list[Record]:
    """A breach by someone, known or not, and what is done to make it good, at and beside the end of its time."""
    day = rng.choice((15, 16, 17))
    breach = {"id": "v1", "act": rng.choice(("fire", "fire", "attack")), "at": f"2015-02-{day}T10:00:00Z"}
    breach |= rng.choice(({"actor": "north"}, {"actor": "south"}, {"actor_candidates": ["north", "south"]}, {}))
    breach |= {"source": {"id": "watchers"}, "place": {"zone": "area"}, "weapon": {"category": "artillery"}}
    whole_day = {"from": f"2015-02-{day}T00:00:00Z", "to": f"2015-02-{day + 1}T00:00:00Z", "kind": "within"}
    breach |= rng.choice(({}, {"incident": "i1"}, {"at": whole_day}))
    if rng.random() < 0.4:
        return _made_good(rng, breach)
    found: list[Record] = [breach] if rng.random() < 0.8 else []
    names = ["v1", "v1", "i1", *(r["id"] for r in made), *(finding(rng, r) for r in (*made, breach))]
    for number in range(rng.randint(1, 3)):
        act = rng.choice(("rectify", "rectify", "discipline", "complete-withdrawal"))
        clock = rng.choice(("09:59:59", "10:00:00", "22:00:00"))
        done: Record = {"id": f"z{number}", "act": act, "at": f"2015-02-{day + rng.randint(0, 4):02}T{clock}Z"}
        done |= rng.choice(({"actor": "north"}, {"actor": "south"}, {"actor": "watchers"}, {}))
        done |= rng.choice(
            ({"source": {"id": "watchers"}}, {"source": {"id": "watchers"}}, {"source": some_source(rng)})
        )
        done |= rng.choice(({}, {"refers_to": [rng.choice(names)]}, {"refers_to": [rng.choice(names)]}))
        if act == "complete-withdrawal":
            done["weapon"] = {"category": rng.choice(("tank", "artillery"))}
        if act in {"rectify", "discipline"} and rng.random() < 0.2:
            done |= _pointer(rng, act, rng.choice(names[:3]))
        found.append(done)
    return found


def _left_undone(rng: random.Random) -> list[Record]:
    """A duty that a register shows to have been left undone, what was done about that, and a row nobody can read."""
    party, by = rng.choice(("north", "south")), {"source": {"id": "watchers"}}
    attack: Record = {"id": "u1", "act": "attack", "actor": party, "at": "2015-02-16T10:00:00Z", **by}
    kept: Record = {"id": "u2", "act": "watch", "able_to_see": {"acts": ["notify", "rectify"]}, **by}
    kept["at"] = {"from": "2015-02-11", "to": "2015-06-30", "kind": "throughout"}
    clock = rng.choice(("T10:00:00Z", "T09:59:59Z"))
    done: Record = {
        "id": "u3",
        "act": "rectify",
        "actor": party,
        "at": f"2015-02-{rng.choice((17, 18, 19, 20))}{clock}",
    }
    text = json.dumps(["made", "3/C", f"{party}:observation:u1"], separators=(",", ":"))
    named = rng.choice((f"3C-{hashlib.sha256(text.encode()).hexdigest()[:12]}", "u1"))
    done |= {"refers_to": [named], **by}
    if rng.random() < 0.5:
        done |= {"act": "complete-withdrawal", "weapon": {"category": "tank"}}
    found = [attack, kept, *rng.choice(([], [done], [done]))]
    return [*found, {"id": "u4", "act": "hum", "at": "2015-02-16"}] if rng.random() < 0.5 else found


def _made_good(rng: random.Random, breach: Record) -> list[Record]:
    """A breach whose author is known, and what he did about it, or what the register shows that he did not."""
    some_hours = {"from": "2015-02-16T00:00:00Z", "to": "2015-02-16T10:00:00Z", "kind": "within"}
    breach |= {"actor": rng.choice(("north", "south")), "at": rng.choice(("2015-02-16T10:00:00Z", some_hours))}
    day, clock = rng.choice((16, 17, 18, 18)), rng.choice(("09:59:59", "10:00:00"))
    if breach["at"] == some_hours and rng.random() < 0.5:  # perhaps before it
        day, clock = 16, "09:59:59"
    done: Record = {"id": "z1", "act": "rectify", "actor": breach["actor"], "at": f"2015-02-{day}T{clock}Z"}
    done |= {"refers_to": [rng.choice(("v1", finding(rng, breach)))], "source": {"id": "watchers"}}
    kept: Record = {"id": "z2", "act": "watch", "able_to_see": {"acts": ["rectify"]}, "source": {"id": "watchers"}}
    kept["at"] = {"from": "2015-02-11", "to": rng.choice(("2015-02-18", "2015-06-30")), "kind": "throughout"}
    return [breach, *rng.choice(([done], [done], [kept], [done, kept]))]


def _pointer(rng: random.Random, act: str, target: str) -> Record:
    """It corrects another record, takes it back or says that it is not so; what rules ask for takes nothing back."""
    back = {"corrects": target} if act in {"rectify", "discipline", "complete-withdrawal"} else {"retracts": target}
    return rng.choice(({"corrects": target}, back, {"denies": [target]}))


def finding(rng: random.Random, record: Record) -> str:
    """The id of the finding that a record may have led to: any agreement made for tests is called `made`."""
    incident = record.get("incident")
    rule = rng.choice(("1/A", "1/A", "3/A", "8/A", "9/A", "2/A"))
    instance = f"incident:{incident}" if incident else f"observation:{record['id']}"
    if rule == "9/A":
        instance = f"{rng.choice(('north', 'south'))}:{rng.choice(('1/A', '8/A'))}:{instance}"
    elif rule == "2/A":
        instance = rng.choice(("north", "south"))
    text = json.dumps(["made", rule, instance], separators=(",", ":"))
    return f"{rule.replace('/', '')}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
