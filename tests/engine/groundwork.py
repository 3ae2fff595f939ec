"""A small made-up agreement with drawn maps, and observations from plain dicts.

The front runs along the meridian 38° E, the old line 12 km east of it at 48° N; `square` is a zone of two degrees by
two about the point 38° E, 48° N. Red is on the west side, blue on the east.
"""

from __future__ import annotations

import atexit
import datetime as dt
import itertools
import json
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from pyproj import Geod

import servanda
from servanda.findings.model import Finding
from servanda.observations import Observation, read

GEOD = Geod(ellps="WGS84")
trial = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
"""How hypothesis runs here; as a decorator."""
FRONT, OLD = 38.0, 38.16
SQUARE = [[37, 47], [39, 47], [39, 49], [37, 49], [37, 47]]
START = "2020-01-10T00:00+02:00"
NOON = "2020-02-01T12:00+02:00"
LATER = "2020-12-31T00:00+02:00"

HEADER = """agreement trial "Trial Agreement"
    source "made up for tests"
    encoded from "made up", English
    signed 2020-01-01
    in force {force}
    time zone Europe/Kyiv.
use vocabulary ceasefire.
gazetteer "maps/places.csv".
party red "Red".
party blue "Blue".
monitor mission "the Mission".
non-party bandits "bandits".
line front "the front" from "maps/front.geojson"{accurate},
    red on the side of "Westham" and blue on the side of "Eastham".
line old-line "the old line" from "maps/old.geojson",
    red on the side of "Westham" and blue on the side of "Eastham".
zone square "the square" from "maps/square.geojson".
weapon heavy-artillery "artillery of 100 mm and more" is artillery of calibre at least 100 mm.
weapon over-100 "artillery of more than 100 mm" is artillery of calibre more than 100 mm.
weapon light-mortar "mortars up to 120 mm" is mortar of calibre at most 120 mm.
weapon middle "artillery of 100 to 152 mm" is artillery of calibre between 100 mm and 152 mm.
weapon smerch "Smerch" is "9K58 Smerch".
weapon mlrs "rocket artillery other than Smerch" is rocket-artillery, other than smerch.
"""
EXCLUSIVE = 'assuming days exclusive, because "so agreed".\n'
COUNTS = 'assuming explosion or impact or discharge counts as fire, because "sounds are reported".\n'
WHICHEVER = 'assuming unattributed fire or keep in square counts as by a party, because "nobody else is there".\n'
PROVEN = 'assuming ungraded reports of mission meet reasonable grounds, because "it is trusted".\n'
CLAUSE = 'clause 1 "One".\n'
NO_FIRE = "rule A: From entry into force, no party shall fire in square.\n"

PLACES = """name,also,lon,lat,error_m,kind,source
Westham,,37.5,48.0,1000,town,t
Eastham,,38.5,48.0,1000,town,t
"""

_numbers = itertools.count()


@cache
def _shelf() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="trial-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def meridian(lon: float) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": [[lon, 46.0], [lon, 50.0]]}


def write_maps(folder: Path, **other: object) -> None:
    """The maps of the made-up agreement; a keyword replaces one, as JSON or as text."""
    maps = folder / "maps"
    maps.mkdir(parents=True, exist_ok=True)
    drawn: dict[str, object] = {
        "front": meridian(FRONT),
        "old": meridian(OLD),
        "square": {"type": "Polygon", "coordinates": [SQUARE]},
        **other,
    }
    for name, shape in drawn.items():
        text = shape if isinstance(shape, str) else json.dumps(shape)
        (maps / f"{name}.geojson").write_text(text, encoding="utf-8")
    (maps / "places.csv").write_text(PLACES, encoding="utf-8")


def write(folder: Path, text: str, **other: object) -> Path:
    """An agreement written out, with its maps; returns the file of its terms."""
    folder.mkdir(parents=True, exist_ok=True)
    write_maps(folder, **other)
    file = folder / "agreement.terms"
    file.write_text(text, encoding="utf-8")
    return file


def terms(rules: str, *, assume: str = "", force: str = "2020-01-10 00:00", accurate: str = "") -> str:
    """The whole text: the declarations above, assumptions, then rules beneath clause 1 unless they open their own."""
    accuracy = f", accurate to {accurate}" if accurate else ""
    clause = "" if rules.lstrip().startswith("clause") else CLAUSE
    force = force if force != "not known" else "not known"
    return HEADER.format(force=force, accurate=accuracy) + assume + clause + rules


@cache
def agree(rules: str, *, assume: str = "", force: str = "2020-01-10 00:00", accurate: str = "") -> servanda.Agreement:
    """The agreement of these rules, loaded once."""
    folder = _shelf() / str(next(_numbers))
    return servanda.load(write(folder, terms(rules, assume=assume, force=force, accurate=accurate)))


def raw(name: str, act: str = "fire", **fields: Any) -> dict[str, Any]:
    """A record: red fires in the middle of the square at noon, as the mission saw, unless said otherwise.

    A field given as `...` is left out.
    """
    record: dict[str, Any] = {
        "id": name,
        "act": act,
        "actor": "red",
        "at": NOON,
        "place": {"lon": 38.0, "lat": 48.0, "error_m": 10},
        "source": {"id": "mission"},
        **fields,
    }
    return {k: v for k, v in record.items() if v is not ...}


def see(name: str, act: str = "fire", **fields: Any) -> Observation:
    """An observation; as `raw`."""
    found = read([raw(name, act, **fields)], time_zone="Europe/Kyiv")
    assert not found.rejected, found.rejected
    return found.records[0]


def run(agreement: servanda.Agreement, *seen: Observation, at: str = LATER, **options: Any) -> servanda.Result:
    return servanda.check(agreement, list(seen), at=at, **options)


def finding(agreement: servanda.Agreement, *seen: Observation, at: str = LATER, rule: str = "1/A") -> Finding:
    """The only finding of a rule; the remainder only where there is no other."""
    found = [f for f in run(agreement, *seen, at=at).findings if f.rule == rule]
    found = [f for f in found if f.instance != "remainder"] or found
    assert len(found) == 1, [(f.rule, f.instance, f.verdict) for f in found]
    return found[0]


def verdict(agreement: servanda.Agreement, *seen: Observation, at: str = LATER, rule: str = "1/A") -> str:
    """The verdict of the only finding of a rule."""
    return finding(agreement, *seen, at=at, rule=rule).verdict.value


def by_bearer(
    agreement: servanda.Agreement, *seen: Observation, at: str = LATER, rule: str = "1/A"
) -> dict[str | None, str]:
    """The verdict for each bearer of an obligation."""
    return {f.bearer: f.verdict.value for f in run(agreement, *seen, at=at).findings if f.rule == rule}


def at_km(east_km: float, *, error_m: float | None = 10, lat: float = 48.0, lon: float = FRONT) -> dict[str, Any]:
    """A place so many kilometres east (west, if negative) of a point of the front."""
    x, y, _ = GEOD.fwd(lon, lat, 90 if east_km >= 0 else 270, abs(east_km) * 1000)
    return {"lon": x, "lat": y} | ({} if error_m is None else {"error_m": error_m})


def to_us(text: str) -> int:
    """ISO 8601 with an offset as microseconds since the epoch."""
    moment = dt.datetime.fromisoformat(text)
    return (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)
