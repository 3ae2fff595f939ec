from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from servanda_dsl import load, prose
from servanda_dsl.load import Reading
from servanda_dsl.model import Agreement

HERE = Path(__file__).parent
AGREEMENTS = sorted(p.parent for p in (HERE.parents[1] / "agreements").glob("*/agreement.*"))
Read = Callable[..., Reading]

CONSTRUCTS = """
assuming days exclusive, because "the text is silent".
weapon heavy "heavy guns" is artillery of calibre at least 100 mm or mortar of calibre more than 12 cm or "9K58 Smerch".
weapon rest "the rest" is tank or mortar of calibre between 80 mm and 120 mm, other than heavy.
zone sketch "the sketch" from "maps/area.geojson", mended because "the ring" "crosses itself".
zone belt "the belt" from "maps/area.geojson", from 2015-06-01 as in "maps/area.geojson".
gate lull "two quiet days" is 48 hours without fire of heavy in area, other than rest, from 2015-03-01.
gate seal "seven quiet days" is 1 week without explosion in belt, from 2 days after the opening of lull,
    as mission certifies.
gate calm "a quiet day" is 1 day without keep of heavy in area.
phase early "Phase one" from the opening of lull until the opening of seal.
phase late "Phase two" from the opening of seal.

clause 1 "Prohibitions".
rule A: From entry into force, no party shall fire in area.
rule B: Each party shall not keep of heavy or rest, outside area.
rule C: north and south shall not fly, until 2015-12-31.
rule D: Between 2015-03-01 12:00 and 24 hours before the end of clause 2 rule B, no party shall fire in area.

clause 2 "Obligations".
rule A "Begin": Each party shall begin withdrawal of heavy or tank, no later than day 2 of entry into force
    reading "of": counting the first day of the ceasefire as day 1;
    reading "after": counting the day after it as day 1.
rule B "Complete": Each party shall complete withdrawal of heavy,
    within 14 days after the start of rule A or if that is not shown after the deadline of rule A.
rule C: After each fire by a party, that party shall notify, within 24 hours after it, to mission.
rule D: north shall release, before 3 weeks before signature.
rule E: mission shall report, by 2015-06-01 24:00.

rule F: After each violation of clause 1 rule A, that party shall rectify, within 48 hours after it.
rule G: After each violation of clause 1, mission shall report, to north and south.

clause 3 "Places".
rule A: No party shall keep heavy in a zone 50 km wide, half on each side of the line,
    measured for north from front and for south from front.
rule B: No party shall keep tank on its own side within 3 km of front.
rule C: No party shall keep tank within 500 m of front.
rule E: No party shall keep tank between 5 km and 15 km of front.
rule F: No party shall keep tank on its own side between 10 km and 20 km of front.
rule G: No party shall keep tank on its own side of front.
rule H: No party shall keep tank on the other side of the line, measured for north from front and for south from front.
rule I: No party shall keep tank in a zone 30 km wide, 15 km on each side of front.
rule J: No party shall fire from area into belt.
rule K: No party shall fire from outside area across front.
rule L: No party shall fly over area.
rule M: No party shall fly over area above 5,000 ft, below 3 km.
rule D: No party shall keep tank in area within 5 km of front, outside belt.

clause how-much "Ceilings, floors and quotas".
rule A: At no time shall a party have more than 6,000 persons or more than 75 tank or more than 36 heavy in area.
rule B: No party shall fire of tank more than 5 times in any 7 days, until 2015-12-31 24:00.
rule C: In each month, a party shall bring-in at most 35,000 persons in belt.
rule D: On each day from 2015-06-10 until 2015-07-01 00:00, south shall admit at least 600 trucks into area,
    including at least 50 trucks of fuel and at least 1 truck into belt.
rule E: At no time shall north and south keep more than 1 tank in area.

clause 4 "Exceptions".
rule A: No party shall fire in area, except as rule B and rule C permit.
rule B: A party may fire in response to an attack, only if a retaliation-order and a mechanism-failure were recorded
    before it.
rule C: north may fire in area.
rule D: Not monitored because "nothing could be seen of it".

clause 4b "Exceptions to exceptions".
rule A: No party shall fly, except as rule B permits.
rule B: A party may fly in response to an attack, only if "the threat was imminent" and an order is recorded,
    except as rule C and rule D forbid; the party relying on this shall show it within 72 hours.
rule C: No party shall fly of uav, except as rule E permits.
rule D: No party shall fly outside area.
rule E: A party may fly, only if "life was in danger"; the party relying on this shall show it.

clause 5 "Gates and phases".
rule A: During early, no party shall fly in area.
rule B: During late, each party shall release, within 15 days after the opening of seal.
rule C: From the opening of calm until 24 hours after the opening of lull, no party shall attack.
"""


def _same(one: Agreement, other: Agreement) -> bool:
    return one.model_copy(update={"folder": None}) == other.model_copy(update={"folder": None})


@pytest.mark.parametrize("folder", AGREEMENTS, ids=lambda f: f.name)
def test_rule_objects_go_out_as_json_and_come_back_equal(folder: Path) -> None:
    agreement = load(folder)
    assert _same(Agreement.model_validate_json(agreement.model_dump_json()), agreement)
    assert "folder" not in agreement.model_dump()


def test_every_construct_goes_out_as_json_and_comes_back_equal(read_terms: Read) -> None:
    agreement = _agreement(read_terms, CONSTRUCTS)
    assert _same(Agreement.model_validate_json(agreement.model_dump_json()), agreement)


def test_the_json_schema_is_valid_and_admits_what_we_write(read_terms: Read) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = Agreement.model_json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(_agreement(read_terms, CONSTRUCTS).model_dump_json()))


def test_rule_objects_with_fields_nobody_knows_are_refused(read_terms: Read) -> None:
    data = json.loads(_agreement(read_terms, CONSTRUCTS).model_dump_json())
    data["clauses"][0]["rules"][0]["becuase"] = "x"
    with pytest.raises(ValueError, match="becuase"):
        Agreement.model_validate(data)


def test_every_construct_is_read_back_in_plain_english(read_terms: Read, golden: Callable[[Path, str], None]) -> None:
    agreement = _agreement(read_terms, CONSTRUCTS)
    lines = [
        f"{r.id}\n  {r.text}\n  {prose.read_rule(agreement, r)}\n  {prose.duty(agreement, r) if r.act else '-'}"
        for r in agreement.rules
    ]
    lines += [prose.read_gate(agreement, gate) for gate in agreement.gates]
    lines += [prose.read_phase(phase) for phase in agreement.phases]
    golden(HERE / "golden" / "read-back" / "constructs.txt", "\n\n".join(lines) + "\n")


@pytest.mark.parametrize("folder", AGREEMENTS, ids=lambda f: f.name)
def test_every_rule_of_a_shipped_agreement_can_be_read_back(folder: Path) -> None:
    agreement = load(folder)
    for rule in agreement.rules:
        text = prose.read_rule(agreement, rule)
        assert text.endswith((".", str(rule.not_monitored)))
        assert "None" not in text
        assert "  " not in text


def test_declarations_may_stand_after_what_uses_them(read_terms: Read, header: str) -> None:
    """The order of sentences is for the reader; only clauses and what stands beneath them keep theirs."""
    assume = 'assuming unattributed fire in area counts as by a party, because "both are bound".\n'
    clause = 'clause 1 "X".\nrule A: No party shall keep late in area, except as clause 2 rule A permits.\n'
    second = 'clause 2 "Y".\nrule A: A party may keep late in response to attack.\n'
    late = 'weapon late "late" is artillery.\n'
    first = read_terms(assume + clause + second + late + header, header="")
    assert first.diagnostics == ()
    usual = read_terms(header + late + assume + clause + second, header="")
    assert first.agreement is not None
    assert usual.agreement is not None
    assert [r.text for r in first.agreement.rules] == [r.text for r in usual.agreement.rules]
    assert [a.words for a in first.agreement.assumptions] == [a.words for a in usual.agreement.assumptions]


def test_an_assumption_beneath_a_clause_holds_for_that_clause_alone(read_terms: Read) -> None:
    agreement = _agreement(
        read_terms,
        """
        assuming "the whole", because "x".
        clause 1 "A". assuming "the first", because "x".
        rule A: No party shall fire in area.
        clause 2 "B".
        rule A: No party shall fire in area.
        assuming "the second", because "x".
        """,
    )
    scopes = {label: [a.words for a in agreement.in_scope(label)] for label in ("1", "2")}
    assert scopes == {"1": ["the whole", "the first"], "2": ["the whole", "the second"]}
    assert [a.id for a in agreement.assumptions] == ["A1", "A2", "A3"]


def test_days_counted_in_one_clause_do_not_count_in_another(read_terms: Read) -> None:
    rule = "rule A: Each party shall leave, within 3 days after entry into force.\n"
    found = read_terms(f'clause 1 "A". assuming days inclusive, because "x".\n{rule}clause 2 "B".\n{rule}').diagnostics
    assert [(d.code, d.clause) for d in found] == [("E312", "2 B")]


@pytest.mark.parametrize(
    ("written", "label"), [("1", "1"), ("4.1.2", "4.1.2"), ("2bis", "2bis"), ("A", "A"), ("annex-b", "annex-b")]
)
def test_a_clause_keeps_the_number_the_article_has(read_terms: Read, written: str, label: str) -> None:
    agreement = _agreement(read_terms, f'clause {written} "X".\nrule A: No party shall fire in area.')
    assert [r.id for r in agreement.rules] == [f"{label}/A"]


def test_the_digest_changes_with_a_map_and_not_with_the_place_of_the_folder(
    tmp_path: Path, read_bytes: Read, header: str
) -> None:
    terms = (header + 'clause 1 "X".\n').encode()
    one, again = read_bytes(terms).agreement, read_bytes(terms, "elsewhere.terms").agreement
    assert one is not None
    assert again is not None
    assert one.digest == again.digest
    other = read_bytes(terms.replace(b"front.geojson", b"area.geojson")).agreement
    assert other is not None
    assert other.digest != one.digest
    assert tmp_path.name not in one.model_dump_json()


def _agreement(read: Read, body: str) -> Agreement:
    reading = read(body)
    assert reading.agreement is not None, [d.as_line() for d in reading.diagnostics]
    return reading.agreement
