"""What a program gets: the fixed keys of a result and of a finding, errors, the instant, what was known when."""

from __future__ import annotations

import json
from typing import Any

import pytest
from groundwork import LATER, NO_FIRE, NOON, agree, finding, raw, run, see, verdict

import servanda

RESULT = {
    "agreement",
    "evaluated_at",
    "known_at",
    "engine",
    "observations",
    "provenance",
    "summary",
    "not_monitored",
    "findings",
}
FINDING = {
    "id",
    "digest",
    "status",
    "rule",
    "clause",
    "verdict",
    "bearer",
    "actor",
    "attribution",
    "at",
    "deadline",
    "evidence",
    "by_unit",
    "counterpart",
    "instance",
    "place",
    "measured",
    "exceptions",
    "standard",
    "assumptions",
    "readings",
    "because",
    "undecided_by",
    "remedy",
    "citation",
    "times",
    "confidentiality",
    "revision",
    "supersedes",
}
CITATION = {
    "agreement",
    "title",
    "clause",
    "heading",
    "gist",
    "text",
    "language",
    "source",
    "encoded_from",
    "provenance",
    "version",
    "file",
    "line",
}
TIMES = {"event", "received", "evaluated_at", "known_at", "agreement_version", "encoding"}


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    near = see("near", "keep", place={"lon": 38.05, "lat": 48.0, "error_m": 10})
    text = NO_FIRE + "rule B: From entry into force, no party shall keep artillery within 5 km of front.\n"
    found: dict[str, Any] = json.loads(json.dumps(run(agree(text), see("shot"), near).record()))
    return found


def test_the_result_has_its_fixed_keys(record: dict[str, Any]) -> None:
    assert set(record) >= RESULT
    assert set(record["observations"]) >= {"read", "rejected", "unused"}
    assert set(record["provenance"]) >= {"tzdata", "proj", "geometry", "agreement"}
    assert record["engine"] == "stream"
    assert record["summary"] == {"1": {"A": {"violated": 1}, "B": {"indeterminate": 2}}}


def test_a_finding_has_its_fixed_fields(record: dict[str, Any]) -> None:
    for found in record["findings"]:
        assert set(found) >= FINDING
        assert set(found["citation"]) == CITATION
        assert set(found["times"]) == TIMES
        assert set(found["attribution"]) >= {"status", "party", "basis", "standard", "by"}
        assert set(found["at"]) == {"earliest", "latest"}
        assert all(set(e) == {"observation", "role"} for e in found["evidence"])
        for measure in found["measured"]:
            assert set(measure) >= {"name", "for", "min", "max", "limit", "unit"}


def test_not_monitored_stands_there_with_its_reason() -> None:
    text = 'clause 1 "One".\n' + NO_FIRE + 'clause 2 "Two" not monitored because "no observable act".\n'
    assert run(agree(text)).record()["not_monitored"] == {"2": "no observable act"}


def test_a_finding_keeps_its_id_when_evidence_comes_and_changes_its_digest() -> None:
    one = finding(agree(NO_FIRE), see("shot", incident="x"))
    two = finding(agree(NO_FIRE), see("shot", incident="x"), see("more", incident="x"))
    assert one.id == two.id
    assert one.digest != two.digest


def test_exit_codes_of_a_result() -> None:
    assert run(agree(NO_FIRE), see("shot")).exit_code == 1
    assert run(agree(NO_FIRE)).exit_code == 3
    done = "rule A: Red shall release, no later than 2020-02-20.\n".replace("Red", "red")
    assert run(agree(done), see("r", "release")).exit_code == 0
    assert run(agree(NO_FIRE, force="not known")).exit_code == 0


def test_what_was_received_and_when_stands_on_the_finding() -> None:
    found = finding(agree(NO_FIRE), see("shot", received="2020-02-03T08:00+02:00"))
    assert found.times.received is not None
    assert found.times.received.earliest == "2020-02-03T06:00:00Z"


def test_known_at_leaves_out_what_came_later_and_what_does_not_say() -> None:
    seen = [see("one", received="2020-02-03T08:00+02:00"), see("two", received="2020-02-05T08:00+02:00"), see("three")]
    result = run(agree(NO_FIRE), *seen, known_at="2020-02-04T00:00+02:00")
    assert [f.instance for f in result.findings] == ["observation:one"]
    assert sum(result.record()["observations"]["unused"].values()) == 2
    assert result.findings[0].times.known_at == "2020-02-03T22:00:00Z"


def test_known_at_before_a_correction_tells_what_was_said_then() -> None:
    wrong = see("a", received="2020-02-02T08:00+02:00")
    right = see("b", corrects="a", place={"lon": 30, "lat": 48}, received="2020-02-10T08:00+02:00")
    agreement = agree(NO_FIRE)
    then = run(agreement, wrong, right, known_at="2020-02-05T00:00+02:00")
    now = run(agreement, wrong, right, known_at="2020-02-15T00:00+02:00")
    assert then.findings[0].verdict == "violated"
    assert now.findings[0].verdict == "unobserved"


def test_without_an_instant_the_latest_in_the_data_is_taken_and_said() -> None:
    result = servanda.check(agree(NO_FIRE), [see("shot")])
    assert (result.evaluated_at, result.chosen) == ("2020-02-01T10:00:00Z", "the latest instant in the data")


def test_without_observations_the_instant_is_asked_for() -> None:
    with pytest.raises(ValueError, match="at which instant"):
        servanda.check(agree(NO_FIRE), [])


@pytest.mark.parametrize("at", ["yesterday", "2020-13-01", "2020-02-30", ""])
def test_an_instant_that_is_none_is_refused(at: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        run(agree(NO_FIRE), see("shot"), at=at)


def test_an_unknown_rule_is_refused_and_the_rules_are_named() -> None:
    with pytest.raises(ValueError, match="1/A"):
        run(agree(NO_FIRE), see("shot"), rules=["2/C"])


def test_an_unknown_observation_to_leave_out_is_refused() -> None:
    with pytest.raises(ValueError, match="no observation `x`"):
        run(agree(NO_FIRE), see("shot"), without=["x"])


def test_strict_raises_with_every_bad_row() -> None:
    rows = [raw("shot"), {"id": "bad", "act": "fire", "at": "yesterday"}, raw("who", actor="nobody")]
    with pytest.raises(servanda.ObservationError) as error:
        servanda.check(agree(NO_FIRE), servanda.read(rows), at=LATER, strict=True)
    assert {r.id for r in error.value.rejections} == {"bad", "who"}


@pytest.mark.parametrize(
    ("fields", "code", "suggestion"),
    [
        ({"act": "fier"}, "O160", "fire"),
        ({"actor": "rad"}, "O161", "red"),
        ({"actor": ..., "actor_candidates": ["red", "bleu"]}, "O161", "blue"),
        ({"weapon": {"category": "artilery"}}, "O163", "artillery"),
        ({"place": {"zone": "sqare"}}, "O162", "square"),
    ],
)
def test_a_word_the_agreement_does_not_know_is_set_aside_with_a_suggestion(
    fields: dict[str, Any], code: str, suggestion: str
) -> None:
    result = run(agree(NO_FIRE), see("good"), see("odd", **fields))
    (rejected,) = result.rejected
    assert (rejected.code, rejected.id) == (code, "odd")
    assert suggestion in rejected.help
    assert [f.instance for f in result.findings] == ["observation:good"]


def test_the_most_confidential_source_decides_who_may_see_a_finding() -> None:
    seen = [see("one", incident="x", confidentiality="public"), see("two", incident="x", confidentiality="parties")]
    assert finding(agree(NO_FIRE), *seen).confidentiality == "parties"


def test_what_a_source_concludes_is_shown_and_decides_nothing() -> None:
    said = "a clear violation"
    found = finding(agree(NO_FIRE), see("shot", place=..., source_assessment=said))
    assert found.verdict == "indeterminate"
    assert [a.text for a in found.source_assessments] == [said]
    outside = run(agree(NO_FIRE), see("shot", place={"lon": 30, "lat": 48, "error_m": 1}, source_assessment=said))
    assert outside.findings[0].verdict == "unobserved"
    assert [a.source_assessment for a in outside.accounts] == [said]


def test_an_observation_tested_without_a_breach_says_why() -> None:
    result = run(agree(NO_FIRE), see("shot", place={"lon": 30, "lat": 48, "error_m": 1}))
    (account,) = result.accounts
    assert account.status == "unused"
    assert [(t.rule, t.why) for t in account.tested] == [("1/A", "outside the square")]


def test_no_rule_concerns_a_comment() -> None:
    result = run(agree(NO_FIRE), see("c", "comment"))
    assert result.record()["observations"]["unused"] == {"no rule concerns this act": 1}


# ---- the monitor ----


def test_a_monitor_says_nothing_before_its_clock_is_set() -> None:
    monitor = servanda.Monitor(agree(NO_FIRE), lateness=None)
    assert monitor.observe(see("shot")) == ()
    assert monitor.findings == ()
    assert [c.kind for c in monitor.advance(LATER)] == ["opened"]


def test_time_does_not_run_backwards_in_a_monitor() -> None:
    monitor = servanda.Monitor(agree(NO_FIRE), lateness=None)
    monitor.advance(NOON)
    with pytest.raises(ValueError, match="backwards"):
        monitor.advance("2020-01-01")


def test_a_monitor_keeps_what_lies_ahead_until_its_time() -> None:
    monitor = servanda.Monitor(agree(NO_FIRE), lateness=None)
    monitor.advance("2020-01-15")
    monitor.observe(see("shot"))
    assert [f.verdict.value for f in monitor.findings] == ["unobserved"]
    kinds = [(c.kind, c.finding.verdict.value) for c in monitor.advance(LATER)]
    assert sorted(kinds) == [("opened", "violated"), ("withdrawn", "unobserved")]


def test_a_revised_finding_says_what_it_supersedes() -> None:
    monitor = servanda.Monitor(agree(NO_FIRE), lateness=None)
    monitor.advance(LATER)
    (first,) = [c.finding for c in monitor.observe(see("shot", incident="x")) if c.kind == "opened"]
    (second,) = monitor.observe(see("more", incident="x"))
    assert second.kind == "revised"
    assert (second.finding.revision, second.finding.supersedes) == (2, first.digest)


def test_a_monitor_takes_records_and_sets_bad_ones_aside() -> None:
    monitor = servanda.Monitor(agree(NO_FIRE), lateness=None)
    monitor.advance(LATER)
    monitor.observe([raw("shot"), {"id": "bad", "act": "fire", "at": "yesterday"}])
    assert [f.verdict.value for f in monitor.findings] == ["violated"]
    assert [r.id for r in monitor.rejected] == ["bad"]


def test_a_quiet_advance_changes_nothing() -> None:
    monitor = servanda.Monitor(agree(NO_FIRE), lateness=None)
    monitor.advance(NOON)
    monitor.observe(see("shot"))
    assert monitor.advance(LATER) == ()


def test_a_dict_and_an_observation_are_the_same() -> None:
    agreement = agree(NO_FIRE)
    assert (
        servanda.check(agreement, servanda.read([raw("shot")]), at=LATER).findings
        == run(agreement, see("shot")).findings
    )
    assert verdict(agreement, see("shot")) == "violated"
