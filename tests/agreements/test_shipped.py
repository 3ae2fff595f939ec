"""Every shipped agreement: no complaint, something said of every clause, and the figures of the texts."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

import servanda
import servanda_dsl
from servanda import plan
from servanda.lower import lower
from servanda_dsl import prose
from servanda_dsl.assumptions import Ungraded
from servanda_dsl.format import format_source
from servanda_dsl.model import Agreement, Bracket, NearLine
from servanda_dsl.source import read_source

NAMES = sorted(p.parent.name for p in (Path(__file__).parents[2] / "agreements").glob("*/agreement.md"))

DONBAS = ("minsk-2-2015", "minsk-addendum-2015", "measures-2020", "recommitment-2019")
"""The agreements between Ukraine and the armed formations, watched by the mission."""


def binds_from(agreement: Agreement, rule_id: str) -> list[str]:
    """When a rule begins to bind, under each choice of readings; only for what the text alone settles."""
    (rule,) = [r for r in lower(agreement).rules if r.rule == rule_id]
    return [_iso(v.span.starts) for v in rule.variants]


def due(agreement: Agreement, rule_id: str) -> list[str]:
    """When a duty has to be done before, under each choice of readings."""
    (rule,) = [r for r in lower(agreement).rules if r.rule == rule_id]
    return [_iso(v.deadline) for v in rule.variants]


def _iso(anchor: plan.Anchor | None) -> str:
    assert isinstance(anchor, plan.Fixed)
    assert anchor.moment.earliest_us == anchor.moment.latest_us
    return dt.datetime.fromtimestamp(anchor.moment.earliest_us / 1e6, dt.UTC).strftime("%Y-%m-%dT%H:%MZ")


def test_these_agreements_ship() -> None:
    assert {*DONBAS, "easter-truce-2025", "victory-day-truce-2025", "energy-moratorium-2025"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_no_diagnostic(agreements: Path, name: str) -> None:
    assert servanda_dsl.read(agreements / name).diagnostics == ()
    assert servanda.load(agreements / name).name == name


@pytest.mark.parametrize("name", NAMES)
def test_laying_it_out_anew_changes_no_rule(agreements: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    shutil.copytree(agreements / name, folder)
    file = folder / "agreement.md"
    file.write_text(format_source(read_source(file, "agreement.md")), encoding="utf-8")
    before, after = servanda.load(agreements / name), servanda.load(folder)
    assert [prose.read_rule(after, r) for r in after.rules] == [prose.read_rule(before, r) for r in before.rules]
    assert [a.words for a in after.assumptions] == [a.words for a in before.assumptions]


def test_each_part_of_a_header_is_laid_out_on_a_line_of_its_own(agreements: Path) -> None:
    laid_out = format_source(read_source(agreements / "measures-2020" / "agreement.md", "agreement.md"))
    assert "    in force 2020-07-27 00:01" in laid_out.splitlines()


@pytest.mark.parametrize("name", NAMES)
def test_every_clause_is_encoded_or_says_why_not(agreements: Path, name: str) -> None:
    agreement = servanda.load(agreements / name)
    for clause in agreement.clauses:
        assert clause.gist, clause.label
        assert bool(clause.rules) != bool(clause.not_monitored), clause.label
        for rule in clause.rules:
            assert (rule.kind == "not-monitored") == bool(rule.not_monitored), rule.id


@pytest.mark.parametrize("name", NAMES)
def test_every_assumption_has_a_reason_and_a_place(agreements: Path, name: str) -> None:
    agreement = servanda.load(agreements / name)
    assert len({a.id for a in agreement.assumptions}) == len(agreement.assumptions)
    for assumption in agreement.assumptions:
        assert len(assumption.because.split()) > 3, assumption.id
        assert assumption.where.line > 1


@pytest.mark.parametrize("name", DONBAS)
def test_all_choose_alike_where_the_texts_are_silent(agreements: Path, name: str) -> None:
    agreement = servanda.load(agreements / name)
    assert agreement.time_zone == "Europe/Kyiv"
    assert agreement.parties == ("ukraine", "formations")
    assert agreement.reviewed_by is None
    assert agreement.encoded_from is not None
    assert agreement.encoded_from.authentic is False
    (proof,) = [a for a in agreement.assumptions if isinstance(a, Ungraded)]
    assert (proof.sources[0], proof.standard) == ("smm", "reasonable-grounds")


class TestPackageOfMeasures:
    def test_the_ceasefire_binds_from_midnight_in_kyiv(self, minsk: Agreement) -> None:
        assert binds_from(minsk, "1/A") == ["2015-02-14T22:00Z"]

    def test_withdrawal_begins_on_the_second_day_read_in_two_ways(self, minsk: Agreement) -> None:
        assert [r.name for r in minsk.rule("2/A").readings] == ["of", "after"]
        assert due(minsk, "2/A") == ["2015-02-16T22:00Z", "2015-02-17T22:00Z"]  # 16 or 17 February is the last day

    def test_withdrawal_is_complete_fourteen_days_later(self, minsk: Agreement) -> None:
        (rule,) = [r for r in lower(minsk).rules if r.rule == "2/B"]
        for variant in rule.variants:
            closed = variant.deadline
            assert isinstance(closed, plan.Closed)
            assert isinstance(closed.base, plan.Shifted)
            assert (closed.base.amount, closed.base.unit, closed.base.counting) == (14, "days", "exclusive")

    @pytest.mark.parametrize(("rule", "width"), [("2/C", 50), ("2/D", 70), ("2/E", 140)])
    def test_each_side_keeps_half_the_width_from_its_own_line(self, minsk: Agreement, rule: str, width: int) -> None:
        (place,) = minsk.rule(rule).places
        assert isinstance(place, NearLine)
        assert (place.width_m, place.distance_m) == (width * 1000, width * 500)
        assert {line.party: line.line for line in place.lines} == {"ukraine": "actual-line", "formations": "line-2014"}

    def test_what_the_widths_are_for(self, minsk: Agreement) -> None:
        guns, rockets, heaviest = (minsk.weapon(minsk.rule(f"2/{letter}").things[0]) for letter in "CDE")
        assert guns is not None
        assert rockets is not None
        assert heaviest is not None
        assert [(t.category, t.calibre) for t in guns.terms] == [("artillery", Bracket(least=100))]
        assert [t.category for t in rockets.terms] == ["rocket-artillery"]
        assert rockets.other_than == (heaviest.name,)
        assert [t.model for t in heaviest.terms] == ["9A54 Tornado-S", "9K57 Uragan", "9K58 Smerch", "9K79 Tochka"]

    def test_eleven_points_are_not_monitored(self, minsk: Agreement) -> None:
        assert [c.label for c in minsk.clauses] == [str(n) for n in range(1, 14)]
        assert [c.label for c in minsk.clauses if c.not_monitored] == [str(n) for n in range(3, 14)]


class TestAddendum:
    def test_nothing_is_passed_off_as_the_text(self, addendum: Agreement) -> None:
        assert addendum.provenance == "secondary"
        assert addendum.authentic_in == ()
        assert addendum.source is not None
        assert "no official text" in addendum.source

    def test_forty_one_days_are_two_and_fifteen_and_twenty_four(self, addendum: Agreement) -> None:
        assert 2 + 15 + 24 == 41
        start, last = dt.date(2015, 9, 30), dt.date(2015, 11, 10)
        assert addendum.in_force is not None
        assert addendum.in_force.date == start
        assert last - start == dt.timedelta(days=41)
        assert binds_from(addendum, "withdrawal/A") == ["2015-11-10T22:00Z"]  # 11 November, 00:00 in Kyiv

    def test_the_chain_of_the_assumption_gives_the_reported_days(self) -> None:
        entered = dt.date(2015, 9, 30)
        north = entered + dt.timedelta(days=2 + 1)
        rest = north + dt.timedelta(days=15)
        assert (north, rest) == (dt.date(2015, 10, 3), dt.date(2015, 10, 18))
        assert rest + dt.timedelta(days=24 - 1) == dt.date(2015, 11, 10)

    def test_fifteen_kilometres_from_one_line(self, addendum: Agreement) -> None:
        (place,) = addendum.rule("withdrawal/A").places
        assert isinstance(place, NearLine)
        assert (place.distance_m, place.own_side) == (15_000, False)
        assert [(line.party, line.line) for line in place.lines] == [(None, "actual-line")]

    def test_the_brackets_meet_those_of_the_package(self, addendum: Agreement) -> None:
        weapon = addendum.weapon("lighter-weapons")
        assert weapon is not None
        assert {t.category: t.calibre for t in weapon.terms} == {
            "tank": None,
            "artillery": Bracket(most=100, most_included=False),
            "mortar": Bracket(most=120),
        }

    def test_gate_and_stages_and_the_unconfirmed_are_not_monitored(self, addendum: Agreement) -> None:
        reasons = {c.label: c.not_monitored or "" for c in addendum.clauses}
        assert [label for label, reason in reasons.items() if not reason] == ["withdrawal"]
        assert "certif" in reasons["quiet-days"]
        assert "certif" in reasons["stage-1"]
        assert "unconfirmed" in reasons["inventory"]


class TestMeasuresOf2020:
    def test_they_hold_from_one_minute_past_midnight_in_kyiv(self, measures: Agreement) -> None:
        for rule in ("1/A", "1/B", "1/C", "1/D", "2/A"):
            assert binds_from(measures, rule) == ["2020-07-26T21:01Z"]
        assert due(measures, "chapeau/A") == ["2020-07-26T21:01Z"]

    def test_return_fire_needs_all_of_it(self, measures: Agreement) -> None:
        permission = measures.rule("6/A")
        assert permission.kind == "permission"
        assert permission.act == "fire"
        assert permission.response_to == "offensive-operation"
        assert permission.only_if == ("retaliation-order", "mechanism-failure")
        assert [r.id for r in measures.rules if r.exceptions] == ["2/A"]
        assert measures.rule("2/A").exceptions == ("6/A",)

    def test_notices_go_to_the_contact_group_without_a_time_limit(self, measures: Agreement) -> None:
        for rule, trigger in (("4/B", "discipline"), ("6/B", "retaliation-order")):
            duty = measures.rule(rule)
            assert (duty.kind, duty.act, duty.trigger, duty.counterpart) == ("obligation", "notify", trigger, ("tcg",))
            assert duty.deadline is None
            assert duty.bearer is not None
            assert duty.bearer.of_trigger

    def test_every_measure_stands_under_its_own_number(self, measures: Agreement) -> None:
        labels = [c.label for c in measures.clauses]
        assert labels == ["chapeau", "1", "2", "3", "4", "5", "6", "7", "footnote", "closing"]
        assert [c.label for c in measures.clauses if c.not_monitored] == ["3", "5", "7", "footnote"]
        assert [r.id for r in measures.rules if r.not_monitored] == ["4/A", "4/C", "closing/B", "closing/C"]

    def test_no_signature_is_claimed(self, measures: Agreement) -> None:
        assert measures.signed is None
        assert measures.authentic_in == ()
