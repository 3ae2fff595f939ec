"""What fails today: each test says in one line why what the engine does is wrong by the design."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from groundwork import (
    EXCLUSIVE,
    LATER,
    NO_FIRE,
    PROVEN,
    WHICHEVER,
    agree,
    at_km,
    by_bearer,
    finding,
    raw,
    run,
    see,
    terms,
    to_us,
    verdict,
    write,
)
from typer.testing import CliRunner

import servanda
from servanda import moments
from servanda.cli.app import app
from servanda.observations import Disc
from servanda.space.cover import cover
from servanda.space.distance import Edges
from servanda.space.maps import Drawn
from servanda.space.relations import same_side
from servanda.truth import Truth

OUT = {"lon": 30.0, "lat": 48.0, "error_m": 10}
FAR_OUT = {"lon": 20.0, "lat": 48.0, "error_m": 10}
GUNS = {"weapon": {"category": "artillery", "calibre_mm": 122}}

BEGIN = "rule A: Each party shall begin withdrawal of heavy-artillery, no later than 2020-03-30.\n"
COMPLETE = (
    "rule B: Each party shall complete withdrawal of heavy-artillery, within 14 days after the start of rule A{}.\n"
)
FALLBACK = " or if that is not shown after the deadline of rule A"


def begun(name: str = "begun", at: Any = "2020-01-15T12:00+02:00", **fields: Any) -> Any:
    return see(name, "begin-withdrawal", at=at, **{**GUNS, **fields})


def completed(at: str) -> Any:
    return see("completed", "complete-withdrawal", at=at, **GUNS)


# ---- a wrong verdict ----


def test_to_correct_a_correction_does_not_bring_back_the_first_record() -> None:
    """Section 4, `corrects`: only a retraction reinstates; the shot corrected twice to a place outside is no breach."""
    seen = [see("a"), see("b", corrects="a", place=OUT), see("c", corrects="b", place=FAR_OUT)]
    assert verdict(agree(NO_FIRE), *seen) == "unobserved"


def test_a_record_corrected_twice_is_not_used_as_evidence() -> None:
    """Section 4, `corrects`: what was replaced stays replaced, however often its correction is corrected."""
    seen = [see("a"), see("b", corrects="a"), see("c", corrects="b", note="x")]
    assert {e.observation for e in finding(agree(NO_FIRE), *seen).evidence} == {"c"}


def test_a_conflict_of_one_id_is_not_settled_by_saying_the_first_again() -> None:
    """Section 4, `corrects`: two records with one id and other content are both rejected, in whichever order."""
    monitor = servanda.Monitor(agree(NO_FIRE))
    monitor.advance(LATER)
    for one in (see("a"), see("a", place=OUT), see("a")):
        monitor.observe(one)
    assert [f.verdict.value for f in monitor.findings] == ["unobserved"]


def test_a_conflict_within_one_batch_outlasts_the_batch() -> None:
    """The equality law: any batching gives the same; two contents in one batch, then the first again, is a conflict."""
    batches = [servanda.read([raw("a"), raw("a", place=OUT)]), servanda.read([raw("a")])]
    for order in (batches, batches[::-1]):
        monitor = servanda.Monitor(agree(NO_FIRE))
        monitor.advance(LATER)
        for batch in order:
            monitor.observe(batch)
        assert [f.verdict.value for f in monitor.findings] == ["unobserved"]


def test_a_ban_from_a_start_that_is_not_sure_may_never_have_begun() -> None:
    """Section 5, Sure and possible: nobody knows whether red began, so a `violated` does not hold in every way."""
    text = BEGIN + "rule B: From the start of rule A, no party shall fire in square.\n"
    perhaps = begun(actor=..., actor_candidates=["red", "blue"])
    assert verdict(agree(text), perhaps, see("shot"), rule="1/B") == "indeterminate"


def test_a_ban_until_a_start_that_is_not_sure_may_still_hold() -> None:
    """Section 5, Sure and possible: if it was blue that began, red was still bound; the shot must not be lost."""
    text = BEGIN + "rule B: Until the start of rule A, no party shall fire in square.\n"
    perhaps = begun(actor=..., actor_candidates=["red", "blue"])
    assert verdict(agree(text), perhaps, see("shot"), rule="1/B") == "indeterminate"


def test_a_deadline_from_a_start_that_is_not_sure_may_not_run() -> None:
    """Section 5, Sure and possible: if it was blue that began, no time runs for red, and red is not late."""
    perhaps = begun(actor=..., actor_candidates=["red", "blue"])
    agreement = agree(BEGIN + COMPLETE.format(""), assume=EXCLUSIVE)
    assert by_bearer(agreement, perhaps, completed("2020-02-20"), rule="1/B")["red"] == "indeterminate"


def test_a_denied_start_sets_no_sure_deadline() -> None:
    """Section 5, Verdicts: contradictory evidence is indeterminate; without that start, 20 February is in time."""
    agreement = agree(BEGIN + COMPLETE.format(FALLBACK), assume=EXCLUSIVE)
    denial = see("no", "report", denies=["begun"])
    assert by_bearer(agreement, begun(), denial, completed("2020-02-20"), rule="1/B")["red"] == "indeterminate"


RETURN = (
    "rule A: From entry into force, no party shall fire in square, except as rule B permits.\n"
    "rule B: A party may fire, only if an order is recorded before it.\n"
)
BEFORE = "2020-02-01T10:00+02:00"


def test_a_denied_order_does_not_excuse() -> None:
    """Section 5, Exceptions: partly shown is indeterminate; one source says that the order was never given."""
    order = see("order", "order", at=BEFORE, refers_to=["shot"])
    denial = see("no", "report", denies=["order"])
    assert verdict(agree(RETURN), see("shot"), order, denial) == "indeterminate"


def test_what_red_may_do_does_not_excuse_blue() -> None:
    """Section 5, Instances: whose permission it is, is kept apart; `red may fire` lifts nothing for blue."""
    text = RETURN.replace("A party may fire", "red may fire")
    order = see("order", "order", actor="blue", at=BEFORE, refers_to=["shot"])
    assert verdict(agree(text), see("shot", actor="blue"), order) == "violated"


def test_recorded_is_not_recorded_before_it() -> None:
    """Section 3.1: the sentence is read as it stands; without `before it`, a notice given afterwards meets it."""
    text = RETURN.replace("only if an order is recorded before it", "only if a notify is recorded")
    note = see("note", "notify", at="2020-02-02T12:00+02:00", refers_to=["shot"])
    assert verdict(agree(text), see("shot"), note) != "violated"


def test_a_duty_of_a_named_body_is_triggered_by_a_party() -> None:
    """Section 5, Instances: bearer and actor are different things; the mission's duty begins with red's shot."""
    text = "rule A: After each fire by a party, mission shall report, within 24 hours after it.\n"
    found = run(agree(text), see("shot")).findings
    assert [(f.bearer, f.instance != "remainder") for f in found] == [("mission", True)]


def test_a_duty_of_one_party_is_triggered_by_the_other() -> None:
    """Section 5, Instances: `after each fire by a party, red shall` begins with blue's shot too."""
    text = "rule A: After each fire by a party, red shall notify, to mission, within 24 hours after it.\n"
    found = run(agree(text), see("shot", actor="blue")).findings
    assert [(f.bearer, f.instance != "remainder") for f in found] == [("red", True)]


TRIGGERED = (
    "rule A: From entry into force, after each fire by a party, that party shall complete withdrawal of "
    "heavy-artillery, within 24 hours after it.\n"
)


def test_a_trigger_before_the_rule_binds_starts_no_duty() -> None:
    """Section 5, Instances: a rule from entry into force knows no shot of the year before."""
    early = see("shot", at="2019-12-01T12:00+02:00")
    assert [f.instance for f in run(agree(TRIGGERED), early).findings] == ["remainder"]


def test_a_trigger_before_entry_into_force_makes_no_breach() -> None:
    """Section 5, Instances: nobody is late with what was not yet owed."""
    early = see("shot", at="2019-12-01T12:00+02:00")
    late = see("late", "complete-withdrawal", at="2019-12-20", refers_to=["shot"], **GUNS)
    assert "violated" not in {f.verdict.value for f in run(agree(TRIGGERED), early, late).findings}


def test_a_denied_trigger_makes_no_sure_breach() -> None:
    """Section 5, Verdicts: whether there was a shot at all is contradicted, so lateness is not sure."""
    late = see("late", "complete-withdrawal", at="2020-02-20", refers_to=["shot"], **GUNS)
    denial = see("no", "report", denies=["shot"])
    found = run(agree(TRIGGERED), see("shot"), late, denial).findings
    assert {f.verdict.value for f in found} == {"indeterminate"}


def test_a_trigger_below_the_standard_of_proof_makes_no_sure_breach() -> None:
    """Section 5, Proof: evidence below the declared standard supports indeterminate, not violated."""
    shot = see("shot", source={"id": "blue-press"})
    late = see("late", "complete-withdrawal", at="2020-02-20", refers_to=["shot"], **GUNS)
    found = run(agree(TRIGGERED, assume=PROVEN), shot, late).findings
    assert {f.verdict.value for f in found} == {"indeterminate"}


def test_since_does_not_leave_out_the_correction_and_keep_what_it_corrects() -> None:
    """Section 4, `corrects`: the shot was corrected to 20 January; to look since 1 February must not revive it."""
    shot, correction = see("a", at="2020-02-02T12:00+02:00"), see("b", corrects="a", at="2020-01-20T12:00+02:00")
    found = run(agree(NO_FIRE), shot, correction, since="2020-02-01T00:00+02:00").findings
    assert {f.verdict.value for f in found} == {"unobserved"}


def test_one_incident_told_two_ways_is_contradictory() -> None:
    """Section 5, Verdicts: of one event one source says red, another someone not bound; that is indeterminate."""
    seen = [see("one", incident="x"), see("two", incident="x", actor="bandits")]
    assert verdict(agree(NO_FIRE), *seen) == "indeterminate"


def test_of_one_incident_told_as_reds_and_as_blues_nobody_is_the_bearer() -> None:
    """Section 5, Breach is not attribution: each it may have been is bound, so it is breached, with `bearer: null`."""
    seen = [see("one", incident="x"), see("two", incident="x", actor="blue", place=...)]
    found = finding(agree(NO_FIRE), *seen)
    assert (found.verdict.value, found.bearer) == ("violated", None)


def test_a_denial_of_a_correction_in_the_middle_counts() -> None:
    """Section 4, `denies`: what was denied is the event of the chain, as where its first record is denied."""
    seen = [see("a"), see("b", corrects="a", note="x"), see("c", corrects="b", note="y")]
    assert verdict(agree(NO_FIRE), *seen, see("no", "report", denies=["b"])) == "indeterminate"


def test_two_shots_of_one_incident_start_two_duties_or_one() -> None:
    """Section 6, `id`: two findings have one id, and a monitor silently keeps only the last of them."""
    text = "rule A: After each fire by a party, that party shall notify, to mission, within 24 hours after it.\n"
    seen = [see("one", incident="x"), see("two", incident="x", at="2020-02-01T13:00+02:00")]
    result = run(agree(text), *seen)
    assert len({f.id for f in result.findings}) == len(result.findings)


def test_a_shot_before_entry_into_force_breaks_no_rule() -> None:
    """Section 5, `The engine never`: applies today's rule to yesterday's event; nothing bound anyone in 2019."""
    agreement = agree("rule A: No party shall fire in square.\n")
    assert verdict(agreement, see("shot", at="2019-06-01T12:00+03:00")) in {"unobserved", "not-applicable"}


def test_a_rule_of_an_agreement_not_in_force_is_not_breached() -> None:
    """Section 5, Instances: dormant until entry into force, which is not known; a shot cannot be `violated`."""
    agreement = agree("rule A: No party shall fire in square.\n", force="not known")
    assert verdict(agreement, see("shot")) != "violated"


def test_a_withdrawal_of_the_year_before_is_no_performance() -> None:
    """Section 5, `The engine never`: what was withdrawn before the duty existed does not discharge it."""
    early = see("early", "begin-withdrawal", at="2019-01-15T12:00+02:00", **GUNS)
    assert by_bearer(agree(BEGIN), early)["red"] != "complied"


def test_24_hours_from_a_day_without_an_hour_are_not_counted_from_midnight() -> None:
    """Section 3.5: missing and needed is never a hidden default; signed on 1 January, perhaps in the evening."""
    text = "rule A: Each party shall begin withdrawal of heavy-artillery, within 24 hours after signature.\n"
    try:
        agreement = agree(text)
    except servanda.AgreementError:
        return
    found = by_bearer(agreement, see("b", "begin-withdrawal", at="2020-01-02T10:00+02:00", **GUNS))
    assert found["red"] == "indeterminate"


def test_a_calibre_that_contradicts_the_model_is_open() -> None:
    """Section 5, Verdicts: contradictory evidence is indeterminate; a D-30 has 122 mm, whatever else was written."""
    text = "rule A: From entry into force, no party shall keep heavy-artillery within 25 km of front.\n"
    seen = see("gun", "keep", weapon={"category": "artillery", "model": "D-30", "calibre_mm": 85})
    assert verdict(agree(text), seen) == "indeterminate"


def test_a_retraction_that_could_not_be_read_keeps_a_duty_from_complied() -> None:
    """Section 4: a rejected row that could concern a rule keeps that rule from `complied`."""
    rows = [raw("r", "release"), raw("back", "report", retracts="r", at="yesterday")]
    agreement = agree("rule A: red shall release, no later than 2020-02-20.\n")
    result = servanda.check(agreement, servanda.read(rows, time_zone="Europe/Kyiv"), at=LATER)
    assert [f.verdict.value for f in result.findings] != ["complied"]


def test_no_place_is_on_both_sides_of_a_line() -> None:
    """Section 5, Space: just beyond the end of the line a place is taken for both parties' own side."""
    rule = "rule A: From entry into force, no party shall keep heavy-artillery on its own side within 25 km of front.\n"
    beyond = {"place": {"lon": 38.005, "lat": 50.05, "error_m": 1}, **GUNS}
    found = {who: verdict(agree(rule), see("gun", "keep", actor=who, **beyond)) for who in ("red", "blue")}
    assert set(found.values()) != {"violated"}


def test_a_line_that_is_touched_at_its_tip_is_not_crossed() -> None:
    """Section 5, Space: one side of a line; both places lie beneath the tip of the V, on one side of it."""
    tip = shapely.LineString([(30, 50), (38, 48), (46, 50)])
    drawn = Drawn("v", tip, Edges.of(tip), 0.0, "")
    assert same_side(cover(Disc(37.0, 48.0, 10)), drawn, (39.0, 48.0)) is Truth.TRUE


def test_a_place_given_as_a_zone_has_the_accuracy_of_its_drawing(tmp_path: Path) -> None:
    """Section 5, Space: accuracy adds to the error; `inner` may reach 5 km further, `outer` ends after 3.5 km."""
    text = terms("rule A: From entry into force, no party shall fire in outer.\n").replace(
        "weapon heavy-artillery",
        'zone inner "inner" from "maps/inner.geojson", accurate to 5 km.\n'
        'zone outer "outer" from "maps/outer.geojson".\nweapon heavy-artillery',
        1,
    )
    maps = {
        name: shapely.geometry.mapping(shapely.box(37.5 - x, 47.5 - y, 38.5 + x, 48.5 + y))
        for name, x, y in (("inner", 0, 0), ("outer", 0.047, 0.0315))
    }
    loaded = servanda.load(write(tmp_path, text, **maps))
    assert verdict(loaded, see("shot", place={"zone": "inner"})) == "indeterminate"


@pytest.mark.parametrize("force", ["2020-01-10 00:00", "not known"])
def test_a_shot_under_a_rule_whose_start_is_not_known_is_no_clean_bill(force: str) -> None:
    """Section 5, `The engine never`: infers compliance from silence; the account says `no breach possible`."""
    text = BEGIN + "rule B: From the start of rule A, no party shall fire in square.\n"
    (account,) = run(agree(text, force=force), see("shot")).accounts
    assert "no breach possible" not in account.reason


def test_those_it_may_have_been_are_listed_where_nobody_saw_who() -> None:
    """Section 5, Breach is not attribution: `bearer: null` and the candidates listed, not in the sentence alone."""
    found = finding(agree(NO_FIRE, assume=WHICHEVER), see("shot", actor=...))
    assert found.bearer is None
    assert set(found.attribution.candidates) == {"red", "blue"}


# ---- the command line ----


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, terms(NO_FIRE))
    (tmp_path / "night.jsonl").write_text(json.dumps(raw("shot")) + "\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("option", ["--output", "--reject"])
def test_a_file_that_cannot_be_written_is_a_wrong_command(folder: Path, option: str) -> None:
    """Section 7: 2, the input or the command is wrong; 4 is a fault of ours, and this is none."""
    words = ["check", str(folder), str(folder / "night.jsonl"), "--format", "json", option, str(folder / "no" / "out")]
    assert CliRunner().invoke(app, words).exit_code == 2


def test_to_watch_a_file_that_is_not_there_is_a_wrong_command(folder: Path) -> None:
    """Section 7: 2, the input is wrong."""
    assert CliRunner().invoke(app, ["watch", str(folder), str(folder / "nothing.jsonl")]).exit_code == 2


def test_a_line_that_is_no_text_is_skipped_like_any_bad_line(folder: Path) -> None:
    """Section 4: a bad row is set aside and never stops a night's batch unless asked."""
    shots = [json.dumps(raw(name)).encode() for name in ("one", "two")]
    (folder / "odd.jsonl").write_bytes(shots[0] + b"\n\xff\xfe\n" + shots[1] + b"\n")
    result = CliRunner().invoke(app, ["watch", str(folder), str(folder / "odd.jsonl")])
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 2


# ---- a date or a figure that is wrong ----


def test_a_breach_is_not_complete_before_the_rule_binds() -> None:
    """Section 6, `at`: when the breach was complete; presence since 5 January breaks a rule of the 10th on the 10th."""
    at = {"from": "2020-01-05", "to": "2020-01-20", "kind": "throughout"}
    found = finding(agree(NO_FIRE), see("stay", at=at))
    assert found.verdict == "violated"
    assert found.at is not None
    assert found.binds is not None
    assert found.at.earliest >= found.binds.earliest


def test_what_lasts_throughout_has_happened_once_it_has_begun() -> None:
    """Section 4, `throughout`: seen all the time from 20 January to 20 February, it was there on 1 February."""
    at = {"from": "2020-01-20", "to": "2020-02-20", "kind": "throughout"}
    assert verdict(agree(NO_FIRE), see("stay", at=at), at="2020-02-01") == "violated"


def test_what_straddles_the_end_of_a_rule_is_asked_about_its_end() -> None:
    """Section 5, Sure and possible: the finding names the unknown that decides; it names 10 January, the start."""
    text = "rule A: Between entry into force and 2020-03-01 00:00, no party shall fire in square.\n"
    found = finding(agree(text), see("shot", at={"from": "2020-02-29T12:00+02:00", "to": "2020-03-01T12:00+02:00"}))
    assert any("1 March 2020" in u for u in found.undecided_by), found.undecided_by


def test_south_and_west_are_said_as_such() -> None:
    """Section 6, `because` is a sentence a lawyer can read aloud; `-4.5000° N -74.0000° E` is none."""
    text = "rule A: From entry into force, no party shall fire outside square.\n"
    found = finding(agree(text), see("shot", place={"lon": -74.0, "lat": -4.5, "error_m": 10}))
    assert "-4.5" not in found.because


def test_a_figure_near_its_limit_is_said_finely_enough_to_be_told_from_it() -> None:
    """Section 6, `because`: which figure against which limit, by how much; `25.0 to 25.0 km (limit 25.0 km)` is not."""
    text = "rule A: From entry into force, no party shall keep heavy-artillery within 25 km of front.\n"
    found = finding(agree(text), see("gun", "keep", place=at_km(-24.999), **GUNS))
    assert found.verdict == "indeterminate"
    assert "25.0 to 25.0 km" not in found.because


def test_a_day_whose_midnight_is_skipped_begins_when_the_clocks_have_jumped() -> None:
    """Section 5, Time: days run on the calendar in the zone; 23:00 of the evening before is not the day yet."""
    assert moments.start_of_day(dt.date(2015, 3, 27), "Asia/Damascus") == to_us("2015-03-27T01:00+03:00")


def test_a_day_whose_midnight_comes_twice_begins_with_the_first() -> None:
    """Section 5, Time: the hour between the two midnights is of that day (`day_of` says so); it belongs to no day."""
    assert moments.start_of_day(dt.date(2015, 11, 1), "America/Havana") == to_us("2015-11-01T00:00-04:00")
