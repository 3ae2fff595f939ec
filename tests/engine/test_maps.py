"""Maps that cannot be used are named by the line of the terms that calls for them, never mended in silence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from groundwork import NO_FIRE, SQUARE, meridian, terms, write

import servanda

ZONE_LINE = next(i for i, line in enumerate(terms(NO_FIRE).splitlines(), 1) if line.startswith("zone square"))


def refusal(folder: Path, **maps: object) -> tuple[servanda.Diagnostic, ...]:
    file = write(folder, terms(NO_FIRE), **maps)
    with pytest.raises(servanda.AgreementError) as error:
        servanda.load(file)
    return error.value.diagnostics


BOW_TIE = [[37, 47], [39, 49], [39, 47], [37, 49], [37, 47]]

FLAWED: list[tuple[str, Any, str]] = [
    ("not JSON", "{", "E341"),
    ("an empty file", "", "E341"),
    ("JSON but no GeoJSON", {"hello": 1}, "E341"),
    ("a number", "3", "E341"),
    ("a list", [1, 2], "E341"),
    ("a feature without geometry", {"type": "Feature", "geometry": None, "properties": {}}, "E341"),
    ("nothing drawn", {"type": "FeatureCollection", "features": []}, "E342"),
    ("a line where an area is wanted", meridian(38.0), "E342"),
    ("a point", {"type": "Point", "coordinates": [38, 48]}, "E342"),
    ("a ring that crosses itself", {"type": "Polygon", "coordinates": [BOW_TIE]}, "E343"),
    ("text for coordinates", {"type": "Polygon", "coordinates": "far away"}, "E341"),
    ("not UTF-8 numbers", {"type": "Polygon", "coordinates": [[["a", "b"]] * 4]}, "E341"),
]


@pytest.mark.parametrize(("what", "shape", "code"), FLAWED, ids=[f[0] for f in FLAWED])
def test_a_map_that_cannot_be_used_is_named(tmp_path: Path, what: str, shape: Any, code: str) -> None:
    (found,) = refusal(tmp_path, square=shape)
    assert found.code == code, what
    assert "maps/square.geojson" in found.message
    assert Path(found.place.file).name == "agreement.terms"
    assert found.place.line == ZONE_LINE


def test_longitude_and_latitude_the_wrong_way_round_are_noticed_where_they_can_be(tmp_path: Path) -> None:
    swapped = {"type": "Polygon", "coordinates": [[[48, 100], [50, 100], [50, 102], [48, 102], [48, 100]]]}
    (found,) = refusal(tmp_path, square=swapped)
    assert "right order" in found.message


def test_a_missing_map_is_named(tmp_path: Path) -> None:
    file = write(tmp_path, terms(NO_FIRE))
    (tmp_path / "maps" / "square.geojson").unlink()
    with pytest.raises(servanda.AgreementError) as error:
        servanda.load(file)
    assert any("maps/square.geojson" in d.message for d in error.value.diagnostics)


def test_two_bad_maps_give_two_diagnostics(tmp_path: Path) -> None:
    assert len(refusal(tmp_path, square="{", front="{")) == 2


def test_a_bad_gazetteer_is_named(tmp_path: Path) -> None:
    file = write(tmp_path, terms(NO_FIRE))
    places = tmp_path / "maps" / "places.csv"
    places.write_text("name,also,lon,lat,error_m,kind,source\nX,,200,48,1,town,t\n", encoding="utf-8")
    with pytest.raises(servanda.AgreementError) as error:
        servanda.load(file)
    (found,) = error.value.diagnostics
    assert found.code == "E344"
    assert "200" in found.message


def test_features_and_collections_are_read_too(tmp_path: Path) -> None:
    area = {"type": "Polygon", "coordinates": [SQUARE]}
    feature = {"type": "Feature", "geometry": area, "properties": {}}
    for number, shape in enumerate([feature, {"type": "FeatureCollection", "features": [feature]}]):
        write(tmp_path / str(number), terms(NO_FIRE), square=shape)
        servanda.load(tmp_path / str(number))


def test_an_altitude_in_a_map_is_no_harm(tmp_path: Path) -> None:
    ring = [[x, y, 120.5] for x, y in SQUARE]
    loaded = servanda.load(write(tmp_path, terms(NO_FIRE), square={"type": "Polygon", "coordinates": [ring]}))
    result = servanda.check(loaded, [], at="2020-02-01")
    assert len(result.findings) == 1


def test_the_digest_of_each_map_stands_in_the_provenance(tmp_path: Path) -> None:
    loaded = servanda.load(write(tmp_path, terms(NO_FIRE)))
    before = servanda.check(loaded, [], at="2020-02-01").provenance["geometry"]
    (tmp_path / "maps" / "square.geojson").write_text(
        json.dumps({"type": "Polygon", "coordinates": [SQUARE], "name": "x"}), encoding="utf-8"
    )
    again = servanda.load(tmp_path)
    after = servanda.check(again, [], at="2020-02-01").provenance["geometry"]
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert {k for k in before if before[k] != after[k]} == {"square"}
