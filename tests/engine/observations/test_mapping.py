"""Mapping files: what they can say, and how every mistake in one is answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from servanda.observations import MappingError, Observations, load_mapping, preview, read

HEAD = 'title = "t"\nformat = "csv"\ntime_zone = "Europe/Kyiv"\nid = "r-{n}"\n'
BASE = '[[observation]]\nact = "fire"\nat = { column = "day" }\n'


def mapped(folder: Path, toml: str, rows: str) -> Observations:
    (folder / "m.toml").write_text(HEAD + toml, encoding="utf-8")
    (folder / "rows.csv").write_text(rows, encoding="utf-8")
    return read(folder / "rows.csv", folder / "m.toml")


def one(folder: Path, toml: str, rows: str) -> dict[str, Any]:
    found = mapped(folder, toml, rows)
    assert not found.rejected, found.rejected
    (record,) = found
    return record.to_record()


def broken(folder: Path, toml: str) -> dict[str | None, str]:
    (folder / "m.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(MappingError) as caught:
        load_mapping(folder / "m.toml")
    assert caught.value.file.endswith("m.toml")
    return {flaw.field: f"{flaw.message} {flaw.help}" for flaw in caught.value.problems}


def test_ranges_units_bearings_and_lists(tmp_path: Path) -> None:
    toml = (
        BASE + 'actor_candidates = { column = "who", split = "|" }\n'
        'place = { observer = "X", bearing = { column = "b" }, '
        'range_m = { column = "km", unit = "km", single = "rounded" } }\n'
    )
    record = one(tmp_path, toml, "n,day,who,b,km\n1,2016-07-22,a | b,NE..SSE,4.5\n")
    assert record["actor_candidates"] == ["a", "b"]
    assert record["place"]["range_m"] == [4450, 4550]
    assert record["place"]["bearing"] == {"from": "NE", "to": "SSE"}
    record = one(tmp_path, toml, "n,day,who,b,km\n1,2016-07-22,,WSW|W,0.6-4\n")
    assert record["place"] == {"observer": "X", "bearing": ["WSW", "W"], "range_m": [600, 4000]}
    assert "actor_candidates" not in record


def test_a_single_figure_needs_a_reading(tmp_path: Path) -> None:
    toml = BASE + 'place = { observer = "X", range_m = { column = "km", unit = "km" } }\n'
    (rejection,) = mapped(tmp_path, toml, "n,day,km\n1,2016-07-22,2\n").rejected
    assert (rejection.line, rejection.field, rejection.code) == (2, "km", "O143")


def test_extraction_with_named_groups_and_words(tmp_path: Path) -> None:
    toml = (
        BASE + 'count = { column = "t", extract = "(?P<min>[a-z]+) to (?P<max>[a-z]+)", '
        'values = "words" }\n[values.words]\nsix = 6\nseven = 7\n'
    )
    rows = "n,day,t\n1,2016-07-22,six to seven shots\n"
    assert one(tmp_path, toml, rows)["count"] == {"min": 6, "max": 7}
    (rejection,) = mapped(tmp_path, toml, "n,day,t\n1,2016-07-22,six to sevn shots\n").rejected
    assert (rejection.field, rejection.value, rejection.code) == ("t", "sevn", "O150")
    assert "seven" in rejection.help


def test_unknown_values_are_counted_in_the_preview(tmp_path: Path) -> None:
    toml = '[[observation]]\nact = { column = "k", values = "a" }\nat = { column = "day" }\n'
    toml += '[values.a]\nboom = "explosion"\n'
    mapped(tmp_path, toml, "n,day,k\n1,2016-07-22,boom\n2,2016-07-22,bom\n3,2016-07-22,bom\n")
    seen = preview(tmp_path / "rows.csv", tmp_path / "m.toml")
    assert seen.unknown == {"k": {"bom": 2}}
    assert (seen.read, seen.made, seen.rejected_rows, seen.without_actor) == (3, 1, 2, 1)
    assert "bom: 2" in seen.as_text()


def test_one_row_to_several_observations_or_none_at_all(tmp_path: Path) -> None:
    toml = (
        '[common]\nat = { column = "day" }\n'
        '[[observation]]\nname = "gun"\nact = "keep"\nwhen = { k = ["gun", "both"] }\n'
        '[[observation]]\nname = "tank"\nact = "keep"\nwhen = { k = { matches = "tank|both" } }\n'
    )
    rows = "n,day,k\n1,2016-07-22,gun\n2,2016-07-22,both\n3,2016-07-22,cart\n"
    found = mapped(tmp_path, toml, rows)
    assert [record.id for record in found] == ["r-1", "r-2-gun", "r-2-tank"]
    (rejection,) = found.rejected
    assert (rejection.line, rejection.field, rejection.code) == (4, "k", "O152")


def test_a_row_is_taken_whole_or_not_at_all(tmp_path: Path) -> None:
    toml = (
        '[common]\nat = { column = "day" }\n'
        '[[observation]]\nname = "a"\nact = "keep"\n'
        '[[observation]]\nname = "b"\nact = "keep"\ncount = { column = "c" }\n'
    )
    found = mapped(tmp_path, toml, "n,day,c\n1,2016-07-22,many\n")
    assert not len(found)
    assert [(r.line, r.field, r.id) for r in found.rejected] == [(2, "c", "r-1")]


def test_a_number_too_great_to_be_meant_is_refused_at_once(tmp_path: Path) -> None:
    toml = BASE + 'count = { column = "c" }\n'
    found = mapped(tmp_path, toml, "n,day,c\n1,2016-07-22,1e999999999\n")
    assert [(r.field, r.code) for r in found.rejected] == [("c", "O124")]


def test_problems_of_the_record_name_the_column(tmp_path: Path) -> None:
    toml = BASE + 'place = { lon = { column = "x" }, lat = { column = "y" } }\n'
    (rejection,) = mapped(tmp_path, toml, "n,day,x,y\n1,2016-07-22,38,148\n").rejected
    assert rejection.field == "y"
    assert "place.lat" in rejection.message


@pytest.mark.parametrize(
    ("formats", "cell", "code"),
    [
        ("", "02/06/2023", "O137"),
        ("", "22/06/2023", "O130"),
        (', formats = ["D/M/YYYY", "M/D/YYYY"]', "02/06/2023", "O137"),
        (', formats = ["D/M/YYYY"]', "06/22/2023", "O130"),
        (', formats = ["D/M/YYYY HH:mm"]', "27/03/2016 03:30", "O133"),
    ],
)
def test_dates_that_cannot_be_read_in_one_way(tmp_path: Path, formats: str, cell: str, code: str) -> None:
    toml = f'[[observation]]\nact = "fire"\nat = {{ column = "day"{formats} }}\n'
    (rejection,) = mapped(tmp_path, toml, f"n,day\n1,{cell}\n").rejected
    assert (rejection.field, rejection.code) == ("day", code)


def test_dates_that_can(tmp_path: Path) -> None:
    toml = '[[observation]]\nact = "fire"\n'
    two = toml + 'at = { column = "day", formats = ["D/M/YYYY", "M/D/YYYY"] }\n'
    assert one(tmp_path, two, "n,day\n1,22/06/2023\n")["at"] == "2023-06-22"
    assert one(tmp_path, two, "n,day\n1,06/06/2023\n")["at"] == "2023-06-06"
    minute = toml + 'at = { column = "day", precision = "minute" }\n'
    assert one(tmp_path, minute, "n,day\n1,2017-04-12T10:30\n")["at"] == {
        "from": "2017-04-12T10:30",
        "to": "2017-04-12T10:31:00",
    }
    day = toml + 'at = { column = "day", precision = "day" }\n'
    assert one(tmp_path, day, "n,day\n1,2017-04-12 00:00:00\n")["at"]["to"] == "2017-04-12"
    (rejection,) = mapped(tmp_path, day, "n,day\n1,2017-04-12 07:00:00\n").rejected
    assert rejection.field == "day"


def test_skipped_rows_are_counted_and_columns_are_never_dropped(tmp_path: Path) -> None:
    toml = '[ignore]\nextra = "why"\n[[skip]]\nwhen = { day = { matches = "^#" } }\nreason = "tags"\n' + BASE
    found = mapped(tmp_path, toml, "n,day,extra\n,#date,\n1,2016-07-22,x\n")
    assert (len(found), found.ignored) == (1, {"tags": 1})
    found = mapped(tmp_path, toml, "n,date,colour\n1,2016-07-22,red\n2,2016-07-22,red\n")
    assert {(r.line, r.field, r.code) for r in found.rejected} == {
        (1, "day", "O154"),
        (1, "date", "O155"),
        (1, "colour", "O155"),
    }
    assert found.read == 2


def test_an_empty_id_is_refused(tmp_path: Path) -> None:
    (rejection,) = mapped(tmp_path, BASE, "n,day\n,2016-07-22\n").rejected
    assert (rejection.line, rejection.field, rejection.code) == (2, "n", "O153")


def test_overrides_replace_whole_fields_and_can_leave_them_out(tmp_path: Path) -> None:
    toml = (
        BASE + 'count = { column = "c" }\nplace = { zone = "z" }\n'
        "[[observation.override]]\nwhen = { t = { empty = false } }\n"
        'count = { about = { column = "c" } }\n'
        '[[observation.override]]\nwhen = { t = { not = ["", "x"] } }\nplace = {}\n'
    )
    assert one(tmp_path, toml, "n,day,c,t\n1,2016-07-22,5,\n")["count"] == 5
    record = one(tmp_path, toml, "n,day,c,t\n1,2016-07-22,5,y\n")
    assert record["count"] == {"min": 1, "about": 5}
    assert "place" not in record


def test_json_lines_with_inner_objects(tmp_path: Path) -> None:
    toml = HEAD.replace('"csv"', '"jsonl"').replace("{n}", "{meta.n}")
    (tmp_path / "m.toml").write_text(toml + BASE, encoding="utf-8")
    rows = '{"meta": {"n": 1}, "day": "2016-07-22"}\n{"meta": {"n": 2}, "dy": "2016-07-22"}\n'
    (tmp_path / "rows.jsonl").write_text(rows, encoding="utf-8")
    found = read(tmp_path / "rows.jsonl", tmp_path / "m.toml")
    assert [record.id for record in found] == ["r-1"]
    assert [(r.line, r.field, r.code) for r in found.rejected] == [(2, "dy", "O155")]


def test_a_mapping_is_refused_with_every_mistake_and_its_key(tmp_path: Path) -> None:
    toml = (
        HEAD.replace("Europe/Kyiv", "Europe/Kiew")
        + '[ignore]\nday = "used and ignored"\n'
        + '[[observation]]\nactt = "fire"\nat = { colum = "day" }\nsource = { idd = "x" }\n'
        + 'act = { column = "k", values = "acts" }\nnote = { template = "{day" }\n'
        + 'unit = { column = "day", extract = "(" }\n'
        + 'received = { column = "day", formats = "D/M" }\n'
        + '[values.act]\na = "b"\n'
    )
    found = broken(tmp_path, toml)
    assert 'did you mean "act"?' in found["observation[1].actt"]
    assert "column" in found["observation[1].at.colum"]
    assert 'did you mean "id"?' in found["observation[1].source.idd"]
    assert set(found) >= {
        "time_zone",
        "ignore.day",
        "values.act",
        "observation[1].act.values",
        "observation[1].note",
        "observation[1].unit.extract",
        "observation[1].received.formats",
    }


@pytest.mark.parametrize(
    ("toml", "key"),
    [
        ("title = ", None),
        (HEAD + "colour = 1\n" + BASE, "colour"),
        (HEAD, "observation"),
        (HEAD.replace("csv", "xlsx") + BASE, "format"),
        (HEAD + 'encoding = "utf-9"\n' + BASE, "encoding"),
        (HEAD + 'gazetteer = "../../../etc/passwd"\n' + BASE, "gazetteer"),
        (HEAD + 'gazetteer = "none.csv"\n' + BASE, "gazetteer"),
        (HEAD + BASE + BASE, "observation"),
    ],
)
def test_each_mistake_has_its_key(tmp_path: Path, toml: str, key: str | None) -> None:
    assert key in broken(tmp_path, toml)
