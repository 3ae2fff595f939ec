"""Exceptions in a tree: what cuts a permission back, who has to show it and by when, what is claimed or only quoted."""

from __future__ import annotations

from typing import Any

import pytest
from groundwork import agree, finding, run, see

import servanda
from servanda import Finding
from servanda_dsl.exception_lines import exception_lines

TREE = (
    "rule A: From entry into force, no party shall fire in square, except as rule B permits.\n"
    "rule B: A party may fire in response to an attack, except as rule C forbids.\n"
    "rule C: No party shall fire of tank, except as rule D permits.\n"
    "rule D: A party may fire, only if a notify is recorded before it.\n"
)
TIMED = (
    "rule A: From entry into force, no party shall fire in square, except as rule B permits.\n"
    "rule B: A party may fire in response to an attack, only if an order is recorded before it; "
    "the party relying on this shall show it within 72 hours.\n"
)
QUOTED = (
    "rule A: From entry into force, no party shall fire in square, except as rule B permits.\n"
    'rule B: A party may fire, only if "the threat was imminent".\n'
)
EARLIER, BEFORE = "2020-02-01T09:00+02:00", "2020-02-01T10:00+02:00"


def attack(**fields: Any) -> Any:
    return see("attack", "attack", **{"actor": "blue", "at": EARLIER, "incident": "x", **fields})


def told(**fields: Any) -> Any:
    return see("told", "notify", **{"at": BEFORE, "incident": "x", **fields})


def claim(**fields: Any) -> Any:
    return see("claim", "claim", **{"at": "2020-02-02", "incident": "x", **fields})


def shot(category: str | None = None, **fields: Any) -> Any:
    return see("shot", incident="x", weapon={"category": category} if category else ..., **fields)


def results(found: Finding) -> dict[str, str]:
    return {e.rule: e.result for e in found.exceptions}


def of_rule(rule: str, *seen: Any, text: str = TREE, at: str = "2020-12-31") -> Finding:
    (found,) = [f for f in run(agree(text), *seen, at=at).findings if f.rule == rule]
    return found


def test_what_is_forbidden_all_the_same_is_not_shown_and_the_sentence_says_by_which_rule() -> None:
    found = of_rule("1/A", shot("tank"), attack())
    assert (found.verdict, results(found)) == ("violated", {"1/B": "not-shown"})
    assert "what rule 1/B permits is forbidden by rule 1/C" in found.because
    assert {(e.observation, e.role) for e in found.evidence} == {("shot", "shows"), ("attack", "shows-exception")}


def test_what_lifts_the_cut_gives_the_permission_back_and_is_in_evidence() -> None:
    found = of_rule("1/A", shot("tank"), attack(), told())
    assert (found.verdict, results(found)) == ("excused", {"1/B": "shown"})
    assert {e.observation for e in found.evidence if e.role == "shows-exception"} == {"attack", "told"}


def test_what_decides_the_cut_is_what_would_settle_the_finding() -> None:
    found = of_rule("1/A", shot(), attack())
    assert (found.verdict, results(found)) == ("indeterminate", {"1/B": "open"})
    assert any("rule 1/C" in u for u in found.undecided_by)
    assert any(u.startswith("what it was") for u in found.undecided_by)


def test_a_cut_that_is_open_settles_nothing_where_nothing_is_shown() -> None:
    found = of_rule("1/A", shot())
    assert (found.verdict, results(found), found.undecided_by) == ("violated", {"1/B": "not-shown"}, ())


def test_what_cuts_back_has_findings_of_its_own() -> None:
    assert of_rule("1/C", shot("tank"), attack()).verdict == "violated"
    assert of_rule("1/C", shot("tank"), told()).verdict == "excused"


@pytest.mark.parametrize(
    ("at", "verdict", "result"),
    [
        ("2020-02-04T11:59:59+02:00", "indeterminate", "open"),
        ("2020-02-04T12:00+02:00", "violated", "not-shown"),
    ],
)
def test_an_exception_is_open_until_the_time_to_show_it_has_run_out(at: str, verdict: str, result: str) -> None:
    found = of_rule("1/A", shot(), text=TIMED, at=at)
    assert (found.verdict, results(found)) == (verdict, {"1/B": result})
    assert any("there is time until 4 February 2020 at 12:00" in u for u in found.undecided_by) == (result == "open")


def test_a_record_that_came_late_neither_excuses_nor_is_passed_over() -> None:
    order = see("order", "order", at=BEFORE, incident="x", received="2020-02-05T00:00+02:00")
    found = of_rule("1/A", shot(), attack(), order, text=TIMED)
    assert found.verdict == "indeterminate"
    assert any("had run out still counts (order)" in u for u in found.undecided_by)
    assert "order" in {e.observation for e in found.evidence}


def test_claimed_and_not_shown_by_the_party_that_has_to_is_a_breach() -> None:
    found = of_rule("1/A", shot(), claim(), text=TIMED)
    assert (found.verdict, results(found)) == ("violated", {"1/B": "claimed"})
    assert ("claim", "claims") in {(e.observation, e.role) for e in found.evidence}
    assert "is claimed and not shown" in found.because


def test_claimed_where_the_text_does_not_say_who_has_to_show_it_is_open() -> None:
    found = of_rule("1/A", shot(), claim())
    assert (found.verdict, results(found)) == ("indeterminate", {"1/B": "claimed"})
    assert any("does not say who has to show it" in u for u in found.undecided_by)


def test_a_quoted_test_is_referred_and_never_decided() -> None:
    found = of_rule("1/A", shot(), claim(), text=QUOTED)
    assert (found.verdict, results(found)) == ("indeterminate", {"1/B": "claimed"})
    assert any(
        "“the threat was imminent”" in u and "referred to whoever may determine" in u for u in found.undecided_by
    )
    assert results(of_rule("1/A", shot(), text=QUOTED)) == {"1/B": "not-shown"}


def test_a_claim_names_a_permission_or_is_set_aside() -> None:
    named = claim(incident=..., refers_to=["shot"], fields={"exception": "1/B"})
    assert of_rule("1/A", shot(), named, text=QUOTED).verdict == "indeterminate"
    result = run(agree(QUOTED), shot(), claim(fields={"exception": "1/A"}))
    assert [r.code for r in result.rejected] == ["O168"]


def test_a_record_made_after_the_instant_of_evaluation_excuses_nothing_yet() -> None:
    text = TREE.replace(" before it", "")
    later = told(at="2020-03-01")
    assert of_rule("1/C", shot("tank"), later, text=text, at="2020-02-15").verdict == "violated"
    assert of_rule("1/C", shot("tank"), later, text=text, at="2020-03-15").verdict == "excused"


def test_each_act_of_an_incident_is_tested_for_those_who_may_have_done_it() -> None:
    text = TREE.replace("may fire in response", "may fire within 5 km of front in response")
    mortar = {"category": "mortar"}
    both = [see("one", incident="x", weapon=mortar), see("two", incident="x", actor="blue", weapon=mortar)]
    assert finding(agree(text), *both, attack(actor="bandits")).verdict == "excused"
    own = finding(agree(text), *both, attack(actor="blue"))
    assert (own.verdict, own.bearer) == ("violated", None)  # what blue did answers no attack but his own
    two = see("two", incident="x", actor="blue", weapon=mortar, source={"id": "press"})
    assert finding(agree(text), both[0], two, attack(actor="blue")).verdict == "indeterminate"


def test_a_notified_exercise_stays_in_the_totals() -> None:
    text = (
        "rule A: From entry into force, no party shall fire in square, except as rule B permits.\n"
        "rule B: A party may fire, only if a notify is recorded before it.\n"
    )
    counted = {"count": 154, "unit": "explosions", "source": {"id": "mission"}}
    note = see("note", "notify", at=BEFORE, refers_to=["shot"])
    plain, notified = run(agree(text), see("shot", **counted)), run(agree(text), see("shot", **counted), note)
    assert [f.verdict for f in notified.findings if f.rule == "1/A"] == ["excused"]
    assert notified.findings[0].by_unit == plain.findings[0].by_unit
    assert [t.record() for t in notified.totals] == [t.record() for t in plain.totals] != []


def test_the_tree_is_printed_in_plain_english() -> None:
    lines = list(exception_lines(agree(TREE)))
    assert lines[0] == "Rule 1/A: no party may fire in the square"
    assert lines[1] == "└─ rule 1/B permits: a party may fire"
    assert [line.strip(" │└─├") for line in lines].count("cut back by:") == 1
    assert "   └─ rule 1/C forbids all the same: no party may fire of tank" in lines
    timed = "\n".join(exception_lines(agree(TIMED)))
    assert "the party relying on this has to show it, within 72 hours after the act" in timed
    quoted = "\n".join(exception_lines(agree(QUOTED)))
    assert "“the threat was imminent”: claimed or not, and never decided here" in quoted
    assert list(exception_lines(agree("rule A: No party shall fire."))) == []


def test_a_monitor_lets_the_time_to_show_run_out() -> None:
    monitor = servanda.Monitor(agree(TIMED))
    monitor.observe([shot()])
    verdicts = []
    for at in ("2020-02-04T11:59:59+02:00", "2020-02-04T12:00+02:00"):
        monitor.advance(at)
        verdicts += [f.verdict.value for f in monitor.findings]
    assert verdicts == ["indeterminate", "violated"]
