"""Files as they arrive: cut off, garbled, half right. The rest is always read."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from servanda.observations import ObservationError, Observations, read

GOOD = '{"id": "%s", "act": "fire", "at": "2016-07-22"}'


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def problems(found: Observations) -> list[tuple[int | None, str | None, str]]:
    return [(r.line, r.field, r.code) for r in found.rejected]


def ids(found: Observations) -> list[str]:
    return [record.id for record in found]


def test_json_lines_lose_only_the_bad_lines(tmp_path: Path) -> None:
    lines = [
        GOOD % "a",
        "",
        '{"id": "b", "act": ',
        '{"id": "c", "act": "fire", "act": "keep", "at": "2016-07-22"}',
        '{"id": "d", "act": "fire", "at": "2016-07-22", "count": NaN}',
        '{"id": "e", "act": "fire", "at": "2016-07-22", "custody": {"x": ' + "[" * 10_000,
        '{"id": "e2", "act": "fire", "at": "2016-07-22", "custody": {"x": ' + "[" * 200 + "]" * 200 + "}}",
        "[1]",
        GOOD % "f" + " x",
        '{"id": "g", "act": "fire", "at": "2016-07-22", "count": 1e999}',
        '{"id": "h", "act": "fire", "at": "2016-07-22", "count": ' + "9" * 5000 + "}",
        GOOD % "z",
        '{"id": "y", "act": "fi',
    ]
    path = write(tmp_path, "night.jsonl", "\n".join(lines))
    found = read(path)
    assert ids(found) == ["a", "z"]
    assert problems(found) == [
        (3, None, "O101"),
        (4, "act", "O103"),
        (5, "count", "O105"),
        (6, None, "O104"),
        (7, "custody", "O104"),
        (8, None, "O111"),
        (9, None, "O101"),
        (10, "count", "O105"),
        (11, None, "O105"),
        (13, None, "O101"),
    ]
    assert "cut off" in found.rejected[-1].help
    assert found.read == len(found) + found.rejected_rows + sum(found.ignored.values()) == 13
    assert found.ignored == {"blank line": 1}
    assert found.rejected[2].id == "d"
    assert all(r.file == str(path) for r in found.rejected)
    with pytest.raises(ObservationError) as caught:
        read(path, strict=True)
    assert caught.value.rejections == found.rejected


def test_a_bad_byte_costs_its_own_row(tmp_path: Path) -> None:
    text = (GOOD % "a").encode() + b'\n{"id": "b\xff", "act": "fire", "at": "2016-07-22"}\n'
    found = read(write(tmp_path, "a.jsonl", text + (GOOD % "c").encode()))
    assert ids(found) == ["a", "c"]
    assert problems(found) == [(2, "id", "O102")]
    table = b"id,act,at\na,fire,2016-07-22\nb,f\xefre,2016-07-22\n"
    found = read(write(tmp_path, "a.csv", table))
    assert problems(found) == [(3, "act", "O102")]


def test_csv_lines_are_physical_lines(tmp_path: Path) -> None:
    text = (
        'id,act,at,note\na,fire,2016-07-22,"two\nlines"\nb,fire,2016-07-22\n\n'
        "c,fire,nonsense,x\nd,fire,2016-07-22,x,y\ne,fire,2016-07-22,ok\n"
    )
    found = read(write(tmp_path, "a.csv", text))
    assert ids(found) == ["a", "e"]
    assert problems(found) == [(4, None, "O106"), (6, "at", "O130"), (7, None, "O106")]
    assert found.origins["a"].line == 2
    assert found.origins["e"].line == 8


def test_an_open_quotation_mark_costs_one_row(tmp_path: Path) -> None:
    rows = [f"r{n},fire,2016-07-22,x" for n in range(20)]
    rows[3] = 'r3,fire,2016-07-22,"x'
    found = read(write(tmp_path, "a.csv", "\n".join(["id,act,at,note", *rows])))
    assert ids(found) == [f"r{n}" for n in range(20) if n != 3]
    assert problems(found) == [(5, None, "O112")]
    rows[15] = 'r15,"fire,2016-07-22,x'
    found = read(write(tmp_path, "b.csv", "\n".join(["id,act,at,note", *rows])))
    assert ids(found) == [f"r{n}" for n in range(20) if n not in {3, 15}]
    assert [line for line, _, _ in problems(found)] == [5, 17]


@pytest.mark.parametrize("text", ["", "id,id,act\n1,2,3\n", "id,,at\na,b,c\n"])
def test_a_bad_header_is_one_named_problem(tmp_path: Path, text: str) -> None:
    assert [code for _, _, code in problems(read(write(tmp_path, "a.csv", text)))] == ["O107"]


def test_flat_columns_make_the_same_record_as_json(tmp_path: Path) -> None:
    record = {
        "id": "a", "act": "keep", "at": {"from": "2018-07-30", "to": "2018-07-31"},
        "place": {"observer": [38, 48], "bearing": ["SE", {"from": 10, "to": 20}],
                  "range_m": [1000, 2000]},
        "weapon": {"category": "tank", "model": ["T-64", "T-72"], "calibre_mm": 125},
        "count": {"min": 3}, "complete": True, "source": {"id": "smm", "sense": "seen"},
        "custody": {"sha": "x"}, "time_zone": "Europe/Kyiv",
    }  # fmt: skip
    flat = (
        "id,act,at_from,at_to,observer_lon,observer_lat,bearing,range_min_m,range_max_m,"
        "weapon_category,weapon_model,calibre_mm,count_min,complete,source_id,source_sense,"
        "custody,time_zone,note\n"
        "a,keep,2018-07-30,2018-07-31,38,48,SE|10..20,1000,2000,"
        'tank,T-64|T-72,125,3,true,smm,seen,"{""sha"": ""x""}",Europe/Kyiv,\n'
    )
    joined = read([record]) + read(write(tmp_path, "a.csv", flat))
    assert len(joined) == 1
    assert not joined.rejected


def test_a_flat_cell_that_is_no_number_is_named_by_its_column(tmp_path: Path) -> None:
    text = "id,act,at,lon,lat,colour\na,fire,2016-07-22,thirty,48,red\nb,fire,2016-07-22,38,48,\n"
    found = read(write(tmp_path, "a.csv", text))
    assert ids(found) == ["b"]
    assert {(2, "lon", "O151"), (2, "colour", "O120")} <= set(problems(found))


def test_a_json_list_knows_its_lines_and_says_where_it_breaks_off(tmp_path: Path) -> None:
    items = ",\n".join(GOOD % name for name in "abc")
    assert ids(read(write(tmp_path, "a.json", f"[\n{items}\n]"))) == ["a", "b", "c"]
    broken = f"[\n{items},\n" + '{"id": "d", "act"'
    found = read(write(tmp_path, "b.json", broken))
    assert ids(found) == ["a", "b", "c"]
    assert problems(found) == [(5, None, "O101")]
    assert found.origins["c"].line == 4
    twice = f'[{GOOD % "a"},\n{{"id": "b", "id": "c"}},\n{GOOD % "d"}]'
    found = read(write(tmp_path, "c.json", twice))
    assert ids(found) == ["a", "d"]
    assert problems(found) == [(2, "id", "O103")]


def test_geojson(tmp_path: Path) -> None:
    ring = [[[0, 0], [1, 0], [1, 1], [0, 0]]]
    features = [
        {"type": "Feature", "properties": {"id": "a", "act": "fire", "at": "2016-07-22",
         "error_m": 50}, "geometry": {"type": "Point", "coordinates": [38, 48, 120]}},
        {"type": "Feature", "id": "b", "properties": {"act": "fire", "at": "2016-07-22"},
         "geometry": {"type": "Polygon", "coordinates": ring}},
        {"type": "Feature", "id": "c", "properties": {"act": "fire", "at_from": "2016-07-22",
         "at_to": "2016-07-23"}, "geometry": None},
        {"type": "Feature", "id": "d", "properties": None, "geometry": None},
    ]  # fmt: skip
    text = json.dumps({"type": "FeatureCollection", "name": "x", "features": features}, indent=1)
    found = read(write(tmp_path, "a.geojson", text))
    assert ids(found) == ["a", "b", "c"]
    assert found.records[0].place is not None
    assert found.records[0].place.error_m == 50
    assert [code for _, _, code in problems(found)] == ["O111"]
    line = found.origins["b"].line
    assert text.split("\n")[line - 1].strip() == "{"


def test_compressed_and_cut_off(tmp_path: Path) -> None:
    text = "\n".join(GOOD % f"r{n}" for n in range(2000))
    packed = gzip.compress(text.encode())
    assert len(read(write(tmp_path, "a.jsonl.gz", packed))) == 2000
    found = read(write(tmp_path, "b.jsonl.gz", packed[: len(packed) // 2]))
    assert len(found) > 100
    assert "O108" in {code for _, _, code in problems(found)}


@pytest.mark.parametrize("bad", [[None], [5], [[]], [{}], {}])
def test_what_is_no_record_is_counted(bad: Any) -> None:
    found = read(bad)
    assert found.read == found.rejected_rows == 1


def test_nothing_else_can_be_read() -> None:
    for source in (5, None, ["a.csv", 5]):
        with pytest.raises(ObservationError):
            read(source)


def test_files_that_cannot_be_read_are_all_named(tmp_path: Path) -> None:
    with pytest.raises(ObservationError) as caught:
        read([tmp_path / "no.csv", tmp_path / "night.doc"])
    assert [r.code for r in caught.value.rejections] == ["O100", "O109"]


def test_the_zone_of_the_call_fills_in_and_the_record_s_own_wins() -> None:
    local = {"id": "a", "act": "fire", "at": "2016-07-22T10:30"}
    assert read([local]).rejected[0].code == "O132"
    (record,) = read([local], time_zone="Europe/Kyiv")
    assert record.time_zone == "Europe/Kyiv"
    (record,) = read([{**local, "time_zone": "Asia/Seoul"}], time_zone="Europe/Kyiv")
    assert record.time_zone == "Asia/Seoul"
    (record,) = read([{**local, "at": "2016-07-22T10:30Z"}], time_zone="Europe/Kyiv")
    assert record.time_zone is None


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_frames(library: str, tmp_path: Path) -> None:
    columns: dict[str, list[Any]] = {
        "id": ["a", "b"], "act": ["fire", "fire"],
        "at": ["2016-07-22", "2016-07-22T10:00Z"], "lon": [38.5, None], "lat": [48.0, None],
        "count": [3, None],
    }  # fmt: skip
    module = pytest.importorskip(library)
    frame = module.table(columns) if library == "pyarrow" else module.DataFrame(columns)
    found = read(frame)
    assert ids(found) == ["a", "b"]
    assert found.records[0].count == 3
    assert found.records[1].place is None
    if library == "pyarrow":
        parquet = pytest.importorskip("pyarrow.parquet")
        parquet.write_table(frame, tmp_path / "a.parquet")
        assert (read(tmp_path / "a.parquet") + found).read == 4


def test_a_frame_cannot_say_whether_midnight_is_a_day() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"id": ["a"], "act": ["fire"]})
    frame["at"] = pandas.to_datetime(["2016-07-22"])
    assert problems(read(frame)) == [(1, "at", "O137")]
    frame["at"] = frame["at"].dt.tz_localize("Europe/Kyiv")
    assert len(read(frame)) == 1
