"""What was seen, against what a rule names: category, calibre at the boundary, models, ranges and what is not known."""

from __future__ import annotations

from typing import Any

import pytest
from groundwork import agree, at_km, finding, see, verdict


def keeps(thing: str) -> Any:
    return agree(f"rule A: From entry into force, no party shall keep {thing} within 25 km of front.\n")


def seen_as(thing: str, **weapon: Any) -> str:
    return verdict(keeps(thing), see("gun", "keep", place=at_km(-5), weapon=weapon))


VIOLATED, NONE, OPEN = "violated", "unobserved", "indeterminate"

BRACKETS: list[tuple[str, Any, str]] = [
    ("heavy-artillery", 100, VIOLATED),
    ("heavy-artillery", 99.9, NONE),
    ("heavy-artillery", 122, VIOLATED),
    ("over-100", 100, NONE),
    ("over-100", 100.1, VIOLATED),
    ("middle", 100, VIOLATED),
    ("middle", 152, VIOLATED),
    ("middle", 152.4, NONE),
    ("middle", 85, NONE),
    ("heavy-artillery", {"min": 100, "max": 122}, VIOLATED),
    ("heavy-artillery", {"min": 100}, VIOLATED),
    ("heavy-artillery", {"min": 85, "max": 100}, OPEN),
    ("heavy-artillery", {"max": 99}, NONE),
    ("heavy-artillery", {"max": 100}, OPEN),
    ("over-100", {"min": 100, "max": 122}, OPEN),
    ("over-100", {"max": 100}, NONE),
    ("middle", {"min": 100, "max": 152}, VIOLATED),
    ("middle", {"min": 120, "max": 203}, OPEN),
    ("middle", {"min": 153, "max": 203}, NONE),
    ("heavy-artillery", {"about": 122}, OPEN),
]


@pytest.mark.parametrize(("thing", "calibre", "expected"), BRACKETS)
def test_a_calibre_against_the_bracket(thing: str, calibre: Any, expected: str) -> None:
    assert seen_as(thing, category="artillery", calibre_mm=calibre) == expected


def test_mortars_up_to_120_mm_have_120_among_them() -> None:
    assert seen_as("light-mortar", category="mortar", calibre_mm=120) == VIOLATED
    assert seen_as("light-mortar", category="mortar", calibre_mm=120.5) == NONE


def test_a_gun_of_unknown_calibre_is_open_and_the_finding_asks_for_it() -> None:
    found = finding(keeps("heavy-artillery"), see("gun", "keep", place=at_km(-5), weapon={"category": "artillery"}))
    assert found.verdict == OPEN
    assert any("calibre" in u for u in found.undecided_by)


def test_another_category_is_never_the_one_the_clause_names() -> None:
    assert seen_as("heavy-artillery", category="mortar", calibre_mm=120) == NONE
    assert seen_as("heavy-artillery", category="tank", calibre_mm=125) == NONE
    assert seen_as("heavy-artillery", category="rocket-artillery", calibre_mm=122) == NONE


def test_a_weapon_nobody_could_name_is_open() -> None:
    found = finding(keeps("heavy-artillery"), see("gun", "keep", place=at_km(-5)))
    assert found.verdict == OPEN
    assert any("artillery of 100 mm and more" in u for u in found.undecided_by)


def test_an_unknown_category_with_a_calibre_too_small_is_not_it() -> None:
    assert seen_as("heavy-artillery", calibre_mm=82) == NONE
    assert seen_as("heavy-artillery", calibre_mm=122) == OPEN


@pytest.mark.parametrize(
    ("thing", "model", "expected"),
    [
        ("heavy-artillery", "MT-12", VIOLATED),
        ("over-100", "MT-12", NONE),
        ("heavy-artillery", "D-30", VIOLATED),
        ("heavy-artillery", "D-44", NONE),
        ("heavy-artillery", "2S9 Nona-S", NONE),
        ("heavy-artillery", "T-72", NONE),
        ("mlrs", "BM-21 Grad", VIOLATED),
        ("mlrs", "9K58 Smerch", NONE),
        ("smerch", "BM-30 Smerch", VIOLATED),
        ("smerch", "BM-21", NONE),
    ],
)
def test_a_known_model_brings_its_category_and_calibre(thing: str, model: str, expected: str) -> None:
    assert seen_as(thing, model=model) == expected


def test_an_unknown_model_is_kept_and_asked_about() -> None:
    found = finding(keeps("heavy-artillery"), see("gun", "keep", place=at_km(-5), weapon={"model": "Big Bertha"}))
    assert found.verdict == OPEN
    assert "Big Bertha" in found.because


def test_an_unknown_model_of_a_stated_calibre_counts_by_it() -> None:
    assert seen_as("heavy-artillery", model="Big Bertha", category="artillery", calibre_mm=420) == VIOLATED
    assert seen_as("heavy-artillery", model="Small Bertha", category="artillery", calibre_mm=20) == NONE


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        (["D-30", "2S1 Gvozdika"], VIOLATED),
        (["D-30", "D-44"], OPEN),
        (["D-44", "ZiS-3"], NONE),
        (["D-30", "Big Bertha"], OPEN),
        (["T-72", "D-44"], NONE),
        (["T-72", "D-30"], OPEN),
    ],
)
def test_one_of_several_models(models: list[str], expected: str) -> None:
    assert seen_as("heavy-artillery", model=models) == expected


def test_rocket_artillery_of_unknown_model_may_be_what_is_left_out() -> None:
    assert seen_as("mlrs", category="rocket-artillery") == OPEN
    assert seen_as("mlrs", category="rocket-artillery", calibre_mm=122) == VIOLATED
    assert seen_as("mlrs", category="rocket-artillery", calibre_mm=300) == OPEN
    assert seen_as("smerch", category="rocket-artillery", calibre_mm=300) == OPEN
    assert seen_as("smerch", category="rocket-artillery", calibre_mm=220) == NONE


def test_other_than_in_the_rule_itself() -> None:
    rule = (
        "rule A: From entry into force, no party shall keep artillery within 25 km of front, "
        "other than heavy-artillery.\n"
    )
    agreement = agree(rule)

    def seen(calibre: object) -> str:
        gun = see("gun", "keep", place=at_km(-5), weapon={"category": "artillery", "calibre_mm": calibre})
        return verdict(agreement, gun)

    assert [seen(85), seen(100), seen({"min": 85, "max": 122})] == [VIOLATED, NONE, OPEN]


def test_a_model_that_contradicts_the_stated_category_is_open() -> None:
    assert seen_as("heavy-artillery", model="D-30", category="mortar") == OPEN


def test_where_the_category_is_right_the_model_and_its_calibre_are_not() -> None:
    """A mortar that someone took for a D-30 may be one of 82 mm; and then it is no D-30."""
    assert seen_as("light-mortar", model="D-30", category="mortar") == OPEN
    assert seen_as("light-mortar", model="D-30", category="mortar", calibre_mm=122) == NONE
    assert seen_as("smerch", model="Smerch", category="artillery") == OPEN
    assert seen_as("smerch", model="Smerch", calibre_mm=122) == OPEN


def test_a_model_whose_calibre_is_contradicted_may_be_of_another_category() -> None:
    assert seen_as("artillery", model="D-30", calibre_mm=82) == OPEN
    assert seen_as("artillery", model="D-30", calibre_mm=122) == VIOLATED


def test_a_name_the_table_does_not_know_may_be_another_name_of_a_model_it_knows() -> None:
    assert seen_as("smerch", model="Smertsch", category="rocket-artillery", calibre_mm=300) == OPEN
    assert seen_as("mlrs", model="Smertsch", category="rocket-artillery") == OPEN
    assert seen_as("smerch", model="Smertsch", category="rocket-artillery", calibre_mm=122) == NONE
    assert seen_as("mlrs", model="Smertsch", category="rocket-artillery", calibre_mm=122) == VIOLATED


def test_a_model_brings_its_calibre_where_the_one_stated_is_wider() -> None:
    assert seen_as("heavy-artillery", model="D-30", calibre_mm={"min": 85, "max": 152}) == VIOLATED


def test_the_question_is_which_of_model_and_category_is_right() -> None:
    found = finding(
        keeps("heavy-artillery"), see("gun", "keep", place=at_km(-5), weapon={"model": "D-30", "category": "mortar"})
    )
    assert found.undecided_by == ("model and calibre: artillery of 100 mm and more, or something else",)


def test_the_figure_of_the_calibre_stands_on_the_finding() -> None:
    gun = see("gun", "keep", place=at_km(-5), weapon={"category": "artillery", "calibre_mm": {"min": 85, "max": 122}})
    found = finding(keeps("heavy-artillery"), gun)
    (calibre,) = [m for m in found.measured if m.name == "calibre"]
    assert (calibre.min, calibre.max, calibre.unit) == (85, 122, "mm")
