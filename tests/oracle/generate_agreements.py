"""Agreements, made from a seed: every construct, and every choice that may go with it."""

from __future__ import annotations

import json
import random
import re
from functools import cache
from pathlib import Path
from typing import Any

import generate_maps as maps
from generate_amounts import limits

import servanda
from servanda_dsl.model import Agreement

HEADER = """
agreement made "Made for tests" signed 2015-02-12 in force {force} time zone {zone}.
use vocabulary ceasefire.
gazetteer "maps/gazetteer.csv".
party north "North".
party south "South".
monitor watchers "Watchers"{watchers_may}.
body commission "Commission" may determine and remedy.
body court "Court" may determine and attribute.
non-party stranger "Stranger".
event handover "Handover" {handover}.
zone area "the area" from "maps/area.geojson"{zone_accuracy}.
zone port "the port" from "maps/port.geojson"{mended}{zone_accuracy}.
zone belt "the belt" from "maps/belt-1.geojson", from {redrawn} as in "maps/belt-2.geojson".
line line-a "line A" from "maps/line-a.geojson"{line_accuracy},
    north on the side of "Upper" and south on the side of "Lower".
line line-b "line B" from "maps/line-b.geojson".
weapon heavy "artillery of 100 mm and more" is artillery of calibre {heavy} 100 mm.
weapon light "the lighter kinds" is mortar of calibre {light} 120 mm or artillery of calibre between 76 mm and 100 mm.
weapon named "two systems named" is "9K57 Uragan" or "2B11".
weapon mixed "all but some" is artillery or mortar or rocket-artillery, other than {spared}.
object energy "energy facilities" is power-plant or refinery or dam, other than dam.
{assumptions}
clause 1 "Ceasefire".
rule A: From entry into force, no party shall fire in area.
rule B: north shall not fire, {span}.
rule C: No party shall keep mixed outside area, until {until}.
clause 2 "Withdrawal".
{standard}
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
rule C: No party shall keep named in {kept_out}.
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
clause 8 "Exceptions to exceptions".
{tree}clause 9 "Reparation".
rule A: {made_good_from}After each {judged}violation of {broken}, {repairer} shall rectify{repaired}.
rule B: After each violation of rule A, {second} shall discipline, within {reaction} after it.
rule C: After each violation of {undone}, that party shall complete withdrawal of tank, within 2 days after it.
clause 10 "Ceilings, floors and quotas".
{limits}"""

FORCE = "2015-02-15 00:00"
ZONES = ("Europe/Kyiv", "UTC", "America/New_York")


@cache
def agreement(folder: Path, choice: int, *, plain: bool = False) -> Agreement:
    """An agreement with one of the possible choices; a plain one has no rules that look at all there ever was."""
    rng = random.Random(choice)
    made = folder / f"{'plain' if plain else 'agreement'}-{choice}"
    (made / "maps").mkdir(parents=True, exist_ok=True)
    mended = rng.random() < 0.3
    _draw(made / "maps" / "area.geojson", "Polygon", maps.AREA)
    _draw(made / "maps" / "port.geojson", "Polygon", maps.CROSSED if mended else maps.PORT)
    _draw(made / "maps" / "belt-1.geojson", "Polygon", maps.BELT_1)
    _draw(made / "maps" / "belt-2.geojson", "Polygon", maps.BELT_2)
    _draw(made / "maps" / "line-a.geojson", "LineString", maps.LINE_A)
    west, east = maps.LINE_B
    _draw_parts(made / "maps" / "line-b.geojson", (west, {}), (east, {"accurate_to_m": rng.choice((0, 4_000))}))
    (made / "maps" / "gazetteer.csv").write_text(maps.GAZETTEER, encoding="utf-8")
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
    second = (
        'assuming ungraded reports of press and south meet reasonable suspicion, because "made".',
        'assuming reasonable suspicion needs 2 independent origins, because "made".',
    )
    if rng.random() < 0.2:  # a standard of the whole agreement that fewer sources meet
        assumptions = [line for line in assumptions if "grounds" not in line]
        more = second
    more = (
        *more,
        'assuming watchers registers each notify or publish or report or rectify within 24 hours, because "made".',
    )
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
        until=rng.choice(("2015-02-20", "3 days after entry into force", "2015-02-18 24:00", "the handover")),
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
        heavy=rng.choice(("at least", "at least", "more than")),
        light=rng.choice(("less than", "less than", "at most")),
        spared=rng.choice(("heavy", "heavy", "named")),
        standard=rng.choice(("", "", second[0], "\n".join(second))) if more[0] not in second else "",
        kept_out=rng.choice(("area", "belt")),
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
        tree=exceptions(rng),
        **reparation(random.Random(f"reparation {choice}")),
        limits=limits(random.Random(f"limits {choice}")),
    )
    text = one_after_another(random.Random(f"in turn {choice}"), text)
    if plain:
        ceilings = text.index("rule A: At no time shall a party have")
        text = text[:ceilings] + text[text.index("rule B: No party shall fire", ceilings) :]
    (made / "agreement.terms").write_text(text, encoding="utf-8")
    return servanda.load(made)


TREE = """rule A: No party shall attack{area}, except as rule B{permits}.
rule B: {b_times}{b_who} may attack{b_tests}, except as rule C{forbids}{b_burden}{readings}.
rule C: {c_times}{c_who} attack{c_what}{below}.
rule D: {d}.
rule E: {e}.
rule F: No party shall attack within 9 km of line-a, until 2015-02-20.
"""
READ_TWICE = """
    reading "of": counting the first day of the ceasefire as day 1;
    reading "after": counting the day after it as day 1"""
SHOWN_WITHIN = ("", "", " within 24 hours", " within 2 days", " within 30 hours")


def exceptions(rng: random.Random) -> str:
    """A ban with a permission that is cut back, whose cut is perhaps lifted again; and perhaps a second permission."""

    def tests() -> str:
        quoted = rng.choice(("", "", "", '"the threat was imminent"', '"it was lawful" and "it was needed"'))
        records = rng.choice(
            ("", "an order is recorded", "an order and an approve are recorded", "a notify is recorded")
        )
        records += rng.choice(("", " before it")) if records else ""
        response = rng.choice(("", "", " in response to an offensive-operation"))
        if not quoted and not records:
            return response or " in response to an offensive-operation"
        return f"{response}, only if {' and '.join(part for part in (quoted, records) if part)}"

    def burden() -> str:
        shown = f"; the party relying on this shall show it{rng.choice(SHOWN_WITHIN)}"
        return rng.choice(("", shown, shown))

    def times() -> str:
        return rng.choice(
            ("", "", "", "Until 2015-02-17 12:00, ", "From 2 days after entry into force, ", "From 2015-02-16, ")
        )

    read = rng.random() < 0.2
    permitted = times() if not read else f"From day {rng.choice((2, 3))} of entry into force, "
    below = rng.random() < 0.6
    plain = " in response to an offensive-operation"
    things, places = (" of heavy", " of mortar or tank", " of artillery"), ("", " in port", " in belt")
    text = TREE.format(
        area=rng.choice(("", " in area")),
        permits=rng.choice((" permits", " and rule E permit")),
        b_times=permitted,
        b_who=rng.choice(("a party", "a party", "north")),
        b_tests=rng.choice((plain, tests())),
        forbids=rng.choice((" forbids", " forbids", " and rule F forbid")),
        b_burden=burden(),
        readings=READ_TWICE if read else "",
        c_times=rng.choice((times(), "Until 2015-02-17 12:00, ", "From 2015-02-16, ")),
        c_who=rng.choice(("no party shall", "south shall not", "no party shall")),
        c_what=rng.choice(things) + rng.choice(("", *places)),
        below=", except as rule D permits" if below else "",
        d=f"{times()}a party may attack{rng.choice((', only if a notify is recorded', tests()))}{burden()}",
        e=f"{times()}north may attack{tests()}{burden()}",
    )
    return text.replace(": from", ": From").replace(": until", ": Until")


def one_after_another(rng: random.Random, text: str) -> str:
    """What a permission asks for has to come one after another, as the text says, or one of its readings."""
    two, way = "an order and an approve are recorded", rng.choice(("", "", "said", "read"))
    if way == "said":
        return text.replace(two, f"{two} in turn")
    if way == "read":
        ways = rng.sample(("recorded", "recorded before it", "recorded in turn", "recorded in turn before it"), 2)
        given = f'{two}\n    reading "one": {ways[0]}; reading "other": {ways[1]}.'
        return re.sub(rf"{two}( before it)?\.", given, text, count=1)
    return text


def reparation(rng: random.Random) -> dict[str, str]:
    """What is triggered by which violation, whose duty it is, and by when."""
    return {
        "broken": rng.choice(
            (
                *("clause 1", "clause 1", "clause 1 rule A", "clause 1 rule A", "clause 3 rule A", "clause 3"),
                *("clause 3 rule C", "clause 4", "clause 7 rule A", "clause 8"),
            )
        ),
        "repairer": rng.choice(("that party", "that party", "that party", "watchers", "each party", "south")),
        "repaired": rng.choice((", within 48 hours after it", ", within 48 hours after it", ", by day 2 of it", "")),
        "undone": rng.choice(("clause 2 rule A", "clause 3 rule C")),
        "second": rng.choice(("each party", "watchers", "north")),
        "reaction": rng.choice(("24 hours", "1 day", "1 week")),
        "judged": rng.choice(("", "", "determination of a ")),
        "made_good_from": rng.choice(("", "", "From 2015-02-16, ", "From 36 hours after signature, ")),
        "watchers_may": rng.choice(("", " may attribute")),
    }


def _draw(path: Path, kind: str, coordinates: Any) -> None:
    path.write_text(
        json.dumps({"type": "Feature", "properties": {}, "geometry": {"type": kind, "coordinates": coordinates}})
    )


def _draw_parts(path: Path, *parts: tuple[Any, dict[str, Any]]) -> None:
    lines = [({"type": "LineString", "coordinates": coordinates}, properties) for coordinates, properties in parts]
    features = [{"type": "Feature", "properties": properties, "geometry": line} for line, properties in lines]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
