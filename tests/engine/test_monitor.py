"""What a monitor puts away, takes back, refuses, saves and restores."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from groundwork import EXCLUSIVE, NO_FIRE, PROVEN, agree, raw, run, see, terms, write
from typer.testing import CliRunner

import servanda
from servanda.cli.app import app
from servanda.engine import Engine
from servanda.monitor import lateness_of
from servanda.observations import Observation
from servanda.session import Session

MAY = "2020-05-01T12:00+02:00"
AFTER = "rule C: After each fire by a party, that party shall notify, to mission, within 24 hours after it.\n"


def told(findings: Any) -> list[tuple[str, str]]:
    return [(f.id, f.digest) for f in findings]


def watching(tmp_path: Path, rules: str = NO_FIRE, **options: Any) -> servanda.Monitor:
    return servanda.Monitor(agree(rules, **options), tmp_path / "archive")


def assert_like_a_check(monitor: servanda.Monitor, *seen: Observation) -> None:
    result = run(monitor.agreement, *seen, at=servanda_instant(monitor))
    assert told(monitor.findings) == told(result.findings)
    counts = monitor.counts
    assert counts.read == counts.used + counts.unused + counts.again + counts.set_aside + counts.refused
    assert counts.used == sum(a.status == "used" for a in result.accounts)


def assert_like_a_check_of(monitor: servanda.Monitor, *seen: Observation) -> None:
    """As a check of these and of the rows that the monitor set aside."""
    session = Session(Engine(monitor.agreement))
    session.take(seen)
    session.rejected.extend(monitor.rejected)
    assert monitor.at_us is not None
    assert told(monitor.findings) == told(session.evaluate(monitor.at_us).findings)


def servanda_instant(monitor: servanda.Monitor) -> str:
    from servanda.moments import iso

    assert monitor.at_us is not None
    return iso(monitor.at_us)


# ---- what is put away, and comes back when it is named ----

WORDS = {
    "a correction": see("word", "fire", actor="blue", corrects="shot"),
    "a retraction": see("word", "comment", retracts="shot"),
    "a denial": see("word", "comment", denies=["shot"]),
    "a denial of the incident": see("word", "comment", denies=["x"]),
    "a group": see("word", "group", refers_to=["shot"], incident="y"),
    "another report of the incident": see("word", "fire", actor="blue", incident="x"),
    "an answer": see("word", "notify", refers_to=["shot"], at="2020-02-01T18:00+02:00"),
}


@pytest.mark.parametrize("what", WORDS)
def test_what_was_put_away_is_repaired_by(what: str, tmp_path: Path) -> None:
    monitor = watching(tmp_path, NO_FIRE + AFTER)
    shot, other = see("shot", incident="x"), see("other")
    monitor.observe([shot, other])
    monitor.advance(MAY)
    assert monitor.held == 0
    changes = monitor.observe(WORDS[what])
    assert changes
    assert all(c.kind == "opened" or c.finding.revision > 1 or c.kind == "withdrawn" for c in changes)
    assert_like_a_check(monitor, shot, other, WORDS[what])
    assert monitor.held == 0, "and it is put away again"


def test_to_retract_and_reinstate_what_was_put_away_changes_nothing(tmp_path: Path) -> None:
    monitor = watching(tmp_path)
    monitor.observe(see("shot"))
    monitor.advance(MAY)
    before = told(monitor.findings)
    kinds = [c.kind for c in monitor.observe(see("back", "comment", retracts="shot"))]
    assert sorted(kinds) == ["opened", "withdrawn"]
    monitor.advance("2020-06-01T12:00+02:00")
    (again,) = [c.finding for c in monitor.observe(see("again", "comment", retracts="back")) if c.kind == "opened"]
    assert again.revision == 2, "it was told before"
    assert [name for name, _ in told(monitor.findings)] == [name for name, _ in before]
    assert told(monitor.findings) == told(run(monitor.agreement, see("shot"), at="2020-06-01T12:00+02:00").findings)


def test_the_same_record_again_and_one_of_the_same_name(tmp_path: Path) -> None:
    monitor = watching(tmp_path)
    monitor.observe(see("shot"))
    monitor.advance(MAY)
    assert monitor.observe(see("shot")) == ()
    assert monitor.counts.again == 1
    monitor.observe(see("shot", actor="blue"))
    assert {r.code for r in monitor.rejected} == {"O110"}
    assert [f.verdict.value for f in monitor.findings] == ["unobserved"]
    assert monitor.counts.set_aside == 2


def test_an_anchor_that_moves_moves_what_was_put_away(tmp_path: Path) -> None:
    rules = (
        "rule A: Each party shall begin withdrawal of heavy-artillery, no later than 2020-03-01.\n"
        "rule B: Until the start of rule A, no party shall fly.\n"
    )
    monitor = watching(tmp_path, rules, assume=EXCLUSIVE + PROVEN)
    seen = [see(f"f{n}", "fly", at=f"2020-02-{n:02}T12:00+02:00") for n in range(1, 20)]
    heavy = {"category": "artillery", "calibre_mm": 122}
    monitor.observe(seen)
    monitor.advance(MAY)
    assert monitor.held == 0
    for day in (15, 10, 12):
        begun = see(f"begun-{day}", "begin-withdrawal", at=f"2020-02-{day}T00:00+02:00", weapon=heavy)
        seen.append(begun)
        monitor.observe(begun)
        assert_like_a_check(monitor, *seen)
    assert monitor.held == 3, "what gives the anchor stays"


def test_a_watch_is_fetched_back_when_the_only_breach_goes(tmp_path: Path) -> None:
    monitor = watching(tmp_path)
    whole = {"from": "2020-01-01T00:00+02:00", "to": "2020-06-30T00:00+02:00", "kind": "throughout"}
    early = {"from": "2020-01-01T00:00+02:00", "to": "2020-01-31T00:00+02:00", "kind": "throughout"}
    late = whole | {"from": "2020-01-31T00:00+02:00"}
    parts = [
        see(f"w{n}", "watch", at=at, able_to_see={"acts": ["fire"]}, place={"zone": "square"}, actor=...)
        for n, at in enumerate((early, late))
    ]
    shot = see("shot")
    monitor.observe([*parts, shot])
    monitor.advance(MAY)
    assert monitor.held == 1, "one watch lasts, the other is over"
    back = see("back", "comment", retracts="shot")
    monitor.observe(back)
    assert [f.verdict.value for f in monitor.findings] == ["complied"]
    assert_like_a_check(monitor, *parts, shot, back)


def test_a_row_set_aside_revises_what_was_put_away_as_complied(tmp_path: Path) -> None:
    monitor = watching(tmp_path, NO_FIRE + AFTER)
    monitor.observe([see("shot"), see("told", "notify", refers_to=["shot"], at="2020-02-01T18:00+02:00")])
    monitor.advance(MAY)
    assert monitor.held == 0
    assert "complied" in {f.verdict.value for f in monitor.findings}
    (change,) = monitor.observe([{"id": "bad", "act": "fire", "at": "yesterday"}])
    assert (change.kind, change.finding.verdict.value) == ("revised", "indeterminate")
    assert "complied" not in {f.verdict.value for f in monitor.findings}
    assert [c.kind for c in monitor.observe([raw("fine", "comment"), {"id": "worse"}])] == ["revised"]


def test_a_row_set_aside_revises_what_was_put_away_as_left_undone(tmp_path: Path) -> None:
    registered = 'assuming mission registers each notify within 24 hours, because "it keeps a log".\n'
    monitor = watching(tmp_path, NO_FIRE + AFTER, assume=registered)
    span = {"from": "2020-02-01T00:00+02:00", "to": "2020-02-10T00:00+02:00", "kind": "throughout"}
    log = see("log", "watch", at=span, able_to_see={"acts": ["notify"]}, place=..., actor=...)
    monitor.observe([see("shot"), log])
    monitor.advance(MAY)
    assert monitor.held == 0, "the watch goes with the duty that needed it"
    (left,) = [f for f in monitor.findings if f.rule == "1/C"]
    assert left.verdict == "violated"
    (change,) = monitor.observe([{"id": "bad", "act": "fire", "at": "yesterday"}])
    assert (change.kind, change.finding.id, change.finding.verdict.value) == ("revised", left.id, "indeterminate")
    assert_like_a_check_of(monitor, see("shot"), log)


def test_a_watch_is_fetched_back_for_a_duty_of_which_is_told_late(tmp_path: Path) -> None:
    registered = 'assuming mission registers each notify within 24 hours, because "it keeps a log".\n'
    monitor = watching(tmp_path, NO_FIRE + AFTER, assume=registered)
    days = [f"2020-02-{day:02}T00:00+02:00" for day in range(1, 21)]
    seen = [
        see(
            f"log{n}",
            "watch",
            at={"from": first, "to": end, "kind": "throughout"},
            able_to_see={"acts": ["notify"]},
            place=...,
            actor=...,
        )
        for n, (first, end) in enumerate(zip(days, days[3:], strict=False))
    ]
    seen.append(see("shot", at="2020-02-01T12:00+02:00"))
    monitor.observe(seen)
    monitor.advance(MAY)
    assert monitor.held == 0
    for day in (15, 3, 10):
        seen.append(see(f"shot{day}", at=f"2020-02-{day:02}T12:00+02:00"))
        monitor.observe(seen[-1])
        assert_like_a_check(monitor, *seen)
    assert {f.verdict.value for f in monitor.findings if f.rule == "1/C"} == {"violated"}
    seen.append(see("blind", "comment", denies=["log8", "log9"]))
    monitor.observe(seen[-1])
    assert_like_a_check(monitor, *seen)
    assert {f.verdict.value for f in monitor.findings if f.rule == "1/C"} == {"violated", "unobserved"}
    monitor.advance("2020-05-02")
    assert monitor.held == 0


REGISTERED = 'assuming mission registers each notify within 24 hours, because "it keeps a log".\n'


def looking(name: str, first: int, last: int, month: int = 2) -> Observation:
    """A watch from the start of one day to that of another."""
    at = [f"2020-{month:02}-{day:02}T00:00+02:00" for day in (first, last)]
    span = {"from": at[0], "to": at[1], "kind": "throughout"}
    return see(name, "watch", at=span, able_to_see={"acts": ["notify"]}, place=..., actor=...)


@pytest.mark.parametrize(("at", "held"), [("2020-02-03T12:00+02:00", 1), (MAY, 0)])
def test_a_late_watch_settles_a_duty_that_was_due(at: str, held: int, tmp_path: Path) -> None:
    monitor = watching(tmp_path, NO_FIRE + AFTER, assume=REGISTERED)
    seen = [see("shot", at="2020-02-01T12:00+02:00")]
    monitor.observe(seen)
    monitor.advance(at)
    assert monitor.held == held
    for watch, found in ((looking("far", 8, 9, month=1), "unobserved"), (looking("late", 1, 4), "violated")):
        seen.append(watch)
        monitor.observe(watch)
        assert verdicts(monitor, "1/C") == [found]
        assert_like_a_check(monitor, *seen)


@pytest.mark.parametrize(("at", "held"), [("2020-02-06T12:00+02:00", 2), (MAY, 0)])
def test_watches_that_follow_one_another_settle_a_duty_and_each_of_them_unsettles_it(
    at: str, held: int, tmp_path: Path
) -> None:
    monitor = watching(tmp_path, NO_FIRE + AFTER.replace("24", "72"), assume=REGISTERED)
    seen = [see("shot", at="2020-02-01T12:00+02:00"), looking("first", 1, 3)]
    monitor.observe(seen)
    monitor.advance(at)
    monitor.advance(at)
    assert monitor.held == held
    assert verdicts(monitor, "1/C") == ["unobserved"]
    for word, found in (
        (looking("second", 2, 6), "violated"),
        (see("wrong", "comment", retracts="first"), "unobserved"),
        (see("right", "comment", retracts="wrong"), "violated"),
    ):
        seen.append(word)
        monitor.observe(word)
        assert verdicts(monitor, "1/C") == [found]
        assert_like_a_check(monitor, *seen)


def test_who_watched_stays_for_a_duty_that_is_held_and_is_fetched_back_where_it_moves(tmp_path: Path) -> None:
    monitor = watching(tmp_path, NO_FIRE + AFTER, assume=REGISTERED)
    seen = [see("shot", at="2020-02-01T12:00+02:00", incident="x"), see("again", at=MAY, incident="x")]
    seen += [looking("then", 1, 4), looking("before", 20, 23, month=1), looking("after", 10, 12)]
    monitor.observe(seen)
    monitor.advance(MAY)
    monitor.advance("2020-05-02")
    assert monitor.held == 3
    for word in (
        see("more", at=MAY, incident="x"),
        see("earlier", at="2020-01-20T12:00+02:00", incident="x"),
        see("neither", "comment", retracts="earlier"),
    ):
        seen.append(word)
        monitor.observe(word)
        assert verdicts(monitor, "1/C") == ["violated"]
        assert_like_a_check(monitor, *seen)


def test_nothing_is_left_in_memory_of_what_was_put_away(tmp_path: Path) -> None:
    monitor = watching(tmp_path, NO_FIRE + AFTER, assume=REGISTERED)
    seen = [see("shot"), see("another", incident="x"), see("third", actor=...), looking("log", 1, 4)]
    seen += [see("together", "group", refers_to=["shot", "another", "third"], incident="y")]
    seen += [see("word", "fire", corrects="third"), see("answer", "notify", refers_to=["another"])]
    for one in seen:
        monitor.observe(one)
        monitor.advance("2020-02-05")
    monitor.advance(MAY)
    monitor.advance("2020-05-02")
    assert monitor.held == 0
    current = monitor._live.current
    assert not current._home
    assert not any(current._units.values())
    assert {key for _, key in current.kept} <= {"remainder"}
    assert not monitor._live.told or all("remainder" in told.outcome.instance for told in monitor._live.told.values())
    assert_like_a_check(monitor, *seen)


def test_who_watched_after_a_duty_was_due_is_put_away(tmp_path: Path) -> None:
    rules = NO_FIRE + "rule B: Each party shall notify, within 48 hours after entry into force.\n"
    monitor = watching(tmp_path, rules, assume=REGISTERED, force="2020-02-02 00:00")
    seen = [
        looking("then", 1, 6),
        looking("before", 20, 22, month=1),
        *(looking(f"w{n}", n, n + 1) for n in range(6, 28)),
    ]
    monitor.observe(seen)
    monitor.advance(MAY)
    monitor.advance("2020-05-02")
    assert monitor.held == 1
    assert verdicts(monitor, "1/B") == ["violated"] * 2
    seen.append(see("wrong", "comment", retracts="then"))
    monitor.observe(seen[-1])
    assert verdicts(monitor, "1/B") == ["unobserved"] * 2
    assert_like_a_check(monitor, *seen)


def test_two_duties_that_are_over_do_not_keep_each_other_in_memory(tmp_path: Path) -> None:
    """Each hangs together with a denial of access in the time of the other."""
    monitor = watching(tmp_path, NO_FIRE + AFTER, assume=REGISTERED)
    seen = [
        see("shot", at="2020-02-01T12:00+02:00"),
        see("other", at="2020-02-09T12:00+02:00"),
        see("blind", "deny-access", at="2020-02-09T18:00+02:00", incident="shot"),
        see("otherwise", "deny-access", at="2020-02-01T18:00+02:00", incident="other"),
        looking("far", 20, 21),
    ]
    monitor.observe(seen)
    monitor.advance(MAY)
    monitor.advance("2020-05-02")
    assert monitor.held == 0
    for watch in (looking("first", 1, 4), looking("second", 9, 12)):
        seen.append(watch)
        monitor.observe(watch)
        assert_like_a_check(monitor, *seen)


def test_beside_many_rows_only_what_is_named_is_told_anew(tmp_path: Path) -> None:
    monitor = watching(tmp_path, NO_FIRE + AFTER)
    monitor.observe([see("shot"), see("told", "notify", refers_to=["shot"], at="2020-02-01T18:00+02:00")])
    monitor.advance(MAY)
    told_anew = [len(monitor.observe([{"id": f"bad{n}", "act": "fire", "at": "yesterday"}])) for n in range(6)]
    assert told_anew == [1, 1, 1, 0, 0, 0]
    (open_,) = [f for f in monitor.findings if f.rule == "1/C"]
    assert "bad0, bad1, bad2 and 3 more" in str(open_.undecided_by)
    assert_like_a_check_of(monitor, see("shot"), see("told", "notify", refers_to=["shot"], at="2020-02-01T18:00+02:00"))


def test_a_circle_of_corrections_stays_and_unsettles_what_was_put_away(tmp_path: Path) -> None:
    monitor = watching(tmp_path, NO_FIRE + AFTER)
    seen = [see("shot"), see("told", "notify", refers_to=["shot"], at="2020-02-01T18:00+02:00")]
    seen += [see("first", "comment", corrects="second"), see("second", "comment", corrects="first")]
    monitor.observe(seen[:3])
    monitor.advance(MAY)
    assert monitor.held == 0
    assert "complied" in {f.verdict.value for f in monitor.findings}
    assert [c.kind for c in monitor.observe(seen[3])] == ["revised"]
    assert_like_a_check(monitor, *seen)
    assert monitor.held == 2, "nobody can say whether they count, so they are looked at"


def test_a_total_that_was_put_away_unsettles_a_silence_when_the_only_breach_goes(tmp_path: Path) -> None:
    monitor = watching(tmp_path)
    whole = {"from": "2020-01-01T00:00+02:00", "to": "2020-06-30T00:00+02:00", "kind": "throughout"}
    watch = see("watch", "watch", at=whole, able_to_see={"acts": ["fire"]}, place={"zone": "square"}, actor=...)
    total = see("total", "tally", at="2020-02-01T12:00+02:00", count=3, unit="shots", actor=..., place=...)
    seen = [watch, total, see("shot"), see("back", "comment", retracts="shot")]
    monitor.observe(seen[:3])
    monitor.advance(MAY)
    assert monitor.held == 1, "the watch lasts"
    monitor.observe(seen[3])
    assert [f.verdict.value for f in monitor.findings] == ["indeterminate"]
    assert_like_a_check(monitor, *seen)


def test_what_contradicts_an_anchor_is_looked_for_with_it(tmp_path: Path) -> None:
    rules = (
        "rule A: Each party shall begin withdrawal of heavy-artillery, no later than 2020-03-01.\n"
        "rule B: Until the start of rule A, no party shall fly.\n"
    )
    monitor = watching(tmp_path, rules, assume=EXCLUSIVE)
    begun = {"at": "2020-01-20T00:00+02:00", "incident": "x"}
    seen = [
        see("flown", "fly", at="2020-02-10T12:00+02:00"),
        see("begun", "begin-withdrawal", weapon={"category": "artillery", "calibre_mm": 122}, **begun),
        see("not", "begin-withdrawal", weapon={"category": "mortar"}, source={"id": "press"}, **begun),
    ]
    monitor.observe(seen[:2])
    monitor.advance(MAY)
    before = told(monitor.findings)
    monitor.observe(seen[2])
    assert told(monitor.findings) != before
    assert_like_a_check(monitor, *seen)


def test_what_lasts_is_told_as_far_as_it_had_gone(tmp_path: Path) -> None:
    monitor = watching(tmp_path)
    span = {"from": "2020-02-01T00:00+02:00", "to": "2020-02-20T00:00+02:00", "kind": "throughout"}
    monitor.observe(see("barrage", at=span))
    for at in ("2020-02-05T00:00+02:00", "2020-02-10T00:00+02:00", "2020-02-21T00:00+02:00"):
        monitor.advance(at)
        assert_like_a_check(monitor, see("barrage", at=span))


def test_an_open_duty_keeps_its_trigger_in_memory(tmp_path: Path) -> None:
    rules = "rule C: After each fire by a party, that party shall notify, to mission, within 90 days after it.\n"
    monitor = watching(tmp_path, rules, assume=EXCLUSIVE)
    monitor.observe([see("shot"), see("later", "comment", at="2020-02-10")])
    monitor.advance("2020-04-01")
    assert monitor.held == 1
    monitor.advance("2020-06-01")
    assert monitor.held == 0
    assert [f.verdict.value for f in monitor.findings] == ["unobserved"]


# ---- what is on record about a finding ----


def answering(name: str, finding: servanda.Finding, at: str = "2020-02-03") -> Observation:
    """A party's answer to a finding, by its name."""
    return see(name, "comment", at=at, refers_to=[finding.id])


def on_record(monitor: servanda.Monitor) -> list[str]:
    return [p.observation for f in monitor.findings for p in f.procedure]


def test_what_is_on_record_stands_on_the_finding_it_names(tmp_path: Path) -> None:
    monitor, shot = watching(tmp_path), see("shot")
    monitor.observe([shot])
    monitor.advance("2020-02-05")
    word = answering("word", monitor.findings[0])
    assert [c.kind for c in monitor.observe([word])] == ["revised"]
    assert on_record(monitor) == ["word"]
    assert_like_a_check(monitor, shot, word)


def test_what_is_on_record_is_fetched_back_with_the_finding_it_names(tmp_path: Path) -> None:
    monitor, shot = watching(tmp_path), see("shot")
    monitor.observe([shot])
    monitor.advance("2020-02-05")
    word = answering("word", monitor.findings[0])
    monitor.observe([word])
    monitor.advance(MAY)
    assert monitor.held == 0
    denial = see("denial", "comment", at="2020-02-04", denies=["shot"])
    monitor.observe([denial])
    assert on_record(monitor) == ["word"]
    assert_like_a_check(monitor, shot, word, denial)


def test_what_is_on_record_about_an_open_duty_stays_with_it(tmp_path: Path) -> None:
    rules = "rule C: After each fire by a party, that party shall notify, to mission, within 90 days after it.\n"
    monitor, shot = watching(tmp_path, rules, assume=EXCLUSIVE), see("shot")
    monitor.observe([shot])
    monitor.advance("2020-02-05")
    word = answering("word", monitor.findings[0])
    monitor.observe([word])
    monitor.advance("2020-04-01")
    assert monitor.held == 2
    monitor.advance("2020-06-01")
    assert on_record(monitor) == ["word"]
    assert_like_a_check(monitor, shot, word)


# ---- what a violation triggers ----

REPAIR = "rule D: After each violation of rule {broken}, that party shall publish, within {time} after it.\n"
REGISTERED = 'assuming mission registers each notify within 24 hours, because "it keeps a log".\n'
LOG = see(
    "log",
    "watch",
    at={"from": "2020-02-01T00:00+02:00", "to": "2020-02-10T00:00+02:00", "kind": "throughout"},
    able_to_see={"acts": ["notify"]},
    place=...,
    actor=...,
)


def repairing(tmp_path: Path, time: str = "48 hours") -> servanda.Monitor:
    monitor = watching(tmp_path, NO_FIRE + REPAIR.format(broken="A", time=time), assume=EXCLUSIVE)
    monitor.observe([see("shot"), see("other", at="2020-02-02T12:00+02:00")])
    return monitor


def verdicts(monitor: servanda.Monitor, rule: str) -> list[str]:
    return sorted(f.verdict.value for f in monitor.findings if f.rule == rule)


def published(monitor: servanda.Monitor, name: str, of: str) -> Observation:
    """A record that says that the violation shown by an observation was made good."""
    (meant,) = [f.id for f in monitor.findings if f.rule == "1/A" and f.evidence[0].observation == of]
    return see(name, "publish", at="2020-02-03T08:00+02:00", refers_to=[meant])


def test_what_a_violation_triggers_is_put_away_with_it_and_comes_back_with_it(tmp_path: Path) -> None:
    monitor, shots = repairing(tmp_path), [see("shot"), see("other", at="2020-02-02T12:00+02:00")]
    monitor.advance(MAY)
    assert monitor.held == 0
    assert verdicts(monitor, "1/D") == ["unobserved", "unobserved"]
    done = published(monitor, "done", "shot")
    monitor.observe(done)
    assert verdicts(monitor, "1/D") == ["complied", "unobserved"]
    assert_like_a_check(monitor, *shots, done)
    assert monitor.held == 0, "and it is put away again"
    denied = see("denied", "comment", denies=["shot"])
    monitor.observe(denied)
    assert verdicts(monitor, "1/D") == ["indeterminate", "unobserved"]
    assert_like_a_check(monitor, *shots, done, denied)
    back = see("back", "comment", retracts="done")
    monitor.observe(back)
    assert_like_a_check(monitor, *shots, done, denied, back)
    gone = [see(f"no-{name}", "comment", retracts=name) for name in ("shot", "other")]
    monitor.observe(gone)
    assert_like_a_check(monitor, *shots, done, denied, back, *gone)
    assert monitor.held == 0


def test_what_makes_a_violation_good_stays_while_that_is_open(tmp_path: Path) -> None:
    monitor, shots = repairing(tmp_path, "90 days"), [see("shot"), see("other", at="2020-02-02T12:00+02:00")]
    monitor.advance("2020-02-05")
    done = published(monitor, "done", "shot")
    denied = see("denied", "comment", denies=["done"])
    monitor.observe([done, denied])
    monitor.advance("2020-03-01")
    assert monitor.held == 4
    assert_like_a_check(monitor, *shots, done, denied)
    monitor.advance("2020-06-01")
    monitor.advance("2020-06-02")
    assert monitor.held == 0
    assert_like_a_check(monitor, *shots, done, denied)


def test_what_may_make_any_violation_good_is_looked_for_everywhere(tmp_path: Path) -> None:
    monitor, shots = repairing(tmp_path), [see("shot"), see("other", at="2020-02-02T12:00+02:00")]
    monitor.advance(MAY)
    done = see("done", "publish", at="2020-02-02T18:00+02:00")
    monitor.observe(done)
    assert verdicts(monitor, "1/D") == ["indeterminate", "indeterminate"]
    assert_like_a_check(monitor, *shots, done)
    assert monitor.held == 1


@pytest.mark.parametrize("lateness", ["7 days", None])
def test_a_violation_by_silence_triggers_nothing_surely_beside_a_row_set_aside(
    lateness: str | None, tmp_path: Path
) -> None:
    rules = NO_FIRE + AFTER + REPAIR.format(broken="C", time="48 hours")
    archive = None if lateness is None else tmp_path / "archive"
    monitor = servanda.Monitor(agree(rules, assume=REGISTERED), archive, lateness)
    monitor.observe([see("shot"), LOG])
    monitor.advance("2020-02-12")
    (left,) = [f for f in monitor.findings if f.rule == "1/C"]
    assert left.verdict == "violated"
    late = see("late", "publish", at="2020-02-03T12:00+02:00", refers_to=[left.id])
    monitor.observe([late])
    monitor.advance(MAY)
    assert verdicts(monitor, "1/D") == ["complied"]
    assert monitor.held == (3 if lateness is None else 0)
    monitor.observe([{"id": "bad", "act": "fire", "at": "yesterday"}])
    assert verdicts(monitor, "1/D") == ["indeterminate"]
    assert_like_a_check_of(monitor, see("shot"), LOG, late)


# ---- how much in each period ----

AT_MOST = "rule E: {each} from 2020-01-10, a party shall fire at most {times} times in square.\n"
SQUARE_WATCH = {"able_to_see": {"acts": ["fire"]}, "place": {"zone": "square"}, "actor": ...}


def shots(*days: int, hour: int = 12) -> list[Observation]:
    return [see(f"d{day}-{hour}", at=f"2020-02-{day:02}T{hour}:00+02:00") for day in days]


def test_a_day_that_is_over_is_put_away_and_a_late_report_fetches_it_back(tmp_path: Path) -> None:
    monitor, seen = (
        watching(tmp_path, AT_MOST.format(each="On each day", times=2)),
        [*shots(1, 2, 3), *shots(2, hour=10)],
    )
    monitor.observe(seen)
    monitor.advance(MAY)
    assert monitor.held == 0
    assert verdicts(monitor, "1/E").count("violated") == 0
    late = shots(2, hour=18)
    (change,) = [c for c in monitor.observe(late) if c.finding.verdict == "violated"]
    assert (change.kind, [e.observation for e in change.finding.evidence]) == ("revised", ["d2-10", "d2-12", "d2-18"])
    assert_like_a_check(monitor, *seen, *late)
    assert monitor.held == 0, "and it is put away again"
    back = see("back", "comment", retracts="d2-12")
    monitor.observe(back)
    assert verdicts(monitor, "1/E").count("violated") == 0
    assert_like_a_check(monitor, *seen, *late, back)


def test_a_day_is_evaluated_again_without_a_record_whose_id_stands_for_two(tmp_path: Path) -> None:
    monitor, seen = watching(tmp_path, AT_MOST.format(each="On each day", times=1)), [*shots(2), *shots(2, hour=18)]
    monitor.observe(seen)
    monitor.advance(MAY)
    assert verdicts(monitor, "1/E").count("violated") == 1
    monitor.observe(see("d2-12", at="2020-02-20T12:00+02:00"))
    assert verdicts(monitor, "1/E").count("violated") == 0
    assert_like_a_check_of(monitor, seen[1])


def test_what_a_month_counts_stays_until_the_month_is_over(tmp_path: Path) -> None:
    monitor, seen = watching(tmp_path, AT_MOST.format(each="In each month", times=1)), shots(1, 28)
    monitor.observe(seen)
    monitor.advance("2020-02-20T12:00+02:00")
    assert_like_a_check(monitor, *seen)
    monitor.advance("2020-02-29T12:00+02:00")
    assert monitor.held == 2
    assert verdicts(monitor, "1/E").count("violated") == 1
    assert_like_a_check(monitor, *seen)
    monitor.advance("2020-03-20T12:00+02:00")
    assert monitor.held == 0
    assert_like_a_check(monitor, *seen)


def test_a_watch_that_lasts_concerns_one_day_more_each_day(tmp_path: Path) -> None:
    monitor = watching(tmp_path, AT_MOST.format(each="On each day", times=1))
    span = {"from": "2020-01-31T00:00+02:00", "to": "2020-02-06T00:00+02:00", "kind": "throughout"}
    seen = [see("watch", "watch", at=span, **SQUARE_WATCH), *shots(2, 3), *shots(3, hour=18)]
    monitor.observe(seen)
    for day in range(1, 9):
        monitor.advance(f"2020-02-{day:02}T13:00+02:00")
        assert_like_a_check(monitor, *seen)
    monitor.advance(MAY)
    assert monitor.held == 0
    blind = see("blind", "deny-access", at="2020-02-02T15:00+02:00", source=..., actor="red", place=...)
    monitor.observe(blind)
    assert_like_a_check(monitor, *seen, blind)
    total = see("total", "tally", at="2020-02-03T20:00+02:00", count=3, unit="shots", actor=..., place=...)
    monitor.observe(total)
    assert_like_a_check(monitor, *seen, blind, total)
    denied = see("denied", "comment", denies=["watch"])
    monitor.observe(denied)
    assert_like_a_check(monitor, *seen, blind, total, denied)
    assert monitor.held == 0


def test_each_day_is_remembered_by_a_state_that_was_saved(tmp_path: Path) -> None:
    monitor, seen = watching(tmp_path, AT_MOST.format(each="On each day", times=1)), shots(*range(1, 29))
    seen += [see(f"i{n}", at=f"2020-01-{n}T12:00+02:00") for n in range(10, 32)]
    monitor.observe(seen)
    monitor.advance("2020-02-28T13:00+02:00")
    monitor.save(tmp_path / "state")
    monitor.close()
    monitor = servanda.Monitor.restore(monitor.agreement, tmp_path / "state")
    assert_like_a_check(monitor, *seen)
    assert monitor.held < len(seen)
    word = answering("word", next(f for f in monitor.findings if f.instance == "red:2020-02-03"))
    monitor.observe([word, *shots(3, hour=20)])
    assert on_record(monitor) == ["word"]
    assert_like_a_check(monitor, *seen, word, *shots(3, hour=20))


# ---- how much in any stretch of time ----

ANY = "rule E: No party shall fire more than {times} times in any {stretch}.\n"


@pytest.mark.parametrize("stretch", ["3 days", "72 hours"])
def test_what_was_within_a_limit_is_put_away_and_a_late_report_fetches_it_back(stretch: str, tmp_path: Path) -> None:
    monitor = watching(tmp_path, ANY.format(times=3, stretch=stretch))
    seen = [*shots(*range(1, 29, 2)), *(see(f"b{n}", actor="blue", at=f"2020-02-{n:02}") for n in range(1, 29, 3))]
    monitor.observe(seen)
    monitor.advance(MAY)
    assert monitor.held == 0
    assert_like_a_check(monitor, *seen)
    late = [*shots(10, hour=18), *shots(10, hour=20), *shots(20, hour=10)]
    for one in late:
        monitor.observe(one)
        seen.append(one)
        assert_like_a_check(monitor, *seen)
    assert verdicts(monitor, "1/E").count("violated") == 1
    assert monitor.held == 0, "and it is put away again"
    for word in (see("back", "comment", retracts="d10-18"), see("again", "comment", retracts="back")):
        monitor.observe(word)
        seen.append(word)
        assert_like_a_check(monitor, *seen)
    monitor.observe(see("d10-20", at="2020-02-20T12:00+02:00"))
    assert verdicts(monitor, "1/E").count("violated") == 0


def test_what_was_too_much_stays_while_it_goes_on(tmp_path: Path) -> None:
    monitor, seen = watching(tmp_path, ANY.format(times=1, stretch="2 days")), shots(*range(1, 29))
    for one in seen:
        monitor.observe(one)
        monitor.advance(one.at)
    assert monitor.held == len(seen)
    (found,) = [f for f in monitor.findings if f.verdict.value == "violated"]
    assert [e.observation for e in found.evidence] == ["d1-12", "d2-12"]
    monitor.advance(MAY)
    assert monitor.held == 0
    back = [see(f"no{day}", "comment", retracts=f"d{day}-12") for day in (1, 10, 11, 12, 13)]
    for one in back:
        monitor.observe(one)
        seen.append(one)
        assert_like_a_check(monitor, *seen)
    assert verdicts(monitor, "1/E").count("violated") == 2


def test_that_nothing_was_too_much_rests_on_who_watched_all_the_time(tmp_path: Path) -> None:
    monitor = watching(tmp_path, ANY.format(times=1, stretch="2 days"))
    span = {"from": "2020-01-09T00:00+02:00", "to": "2020-06-06T00:00+02:00", "kind": "throughout"}
    watch = see("watch", "watch", at=span, able_to_see={"acts": ["fire"]}, place=..., actor=...)
    seen = [watch, *shots(1, 5, 9)]
    monitor.observe(seen)
    monitor.advance(MAY)
    assert monitor.held == 1, "who watches is looked for as long as the rule binds"
    assert_like_a_check(monitor, *seen)
    for more in (*shots(9, hour=13), see("no", "comment", retracts="d9-13"), see("not", "comment", denies=["watch"])):
        monitor.observe(more)
        seen.append(more)
        assert_like_a_check(monitor, *seen)


# ---- without an archive ----


def test_without_an_archive_what_comes_too_late_is_refused_and_named() -> None:
    monitor = servanda.Monitor(agree(NO_FIRE))
    monitor.observe(see("shot"))
    monitor.advance(MAY)
    assert monitor.held == 0
    assert [f.verdict.value for f in monitor.findings] == ["violated"]
    assert monitor.observe([see("late"), see("fresh", "comment", at=MAY, retracts="shot"), see("shot")]) == ()
    assert [(r.id, r.code) for r in monitor.refused] == [("late", "O170"), ("fresh", "O170")]
    assert "concerns shot" in monitor.refused[1].message
    counts = monitor.counts
    assert (counts.read, counts.used, counts.again, counts.refused) == (4, 1, 1, 2)
    assert [f.verdict.value for f in monitor.findings] == ["violated"]


def test_what_is_refused_keeps_every_duty_from_complied() -> None:
    begun = see("begun", "begin-withdrawal", weapon={"category": "artillery", "calibre_mm": 122}, at=MAY)
    rules = "rule B: Each party shall begin withdrawal of heavy-artillery, no later than 2020-07-01.\n"
    monitor = servanda.Monitor(agree(rules, assume=PROVEN))
    monitor.advance(MAY)
    monitor.observe(begun)
    assert {f.bearer: f.verdict.value for f in monitor.findings}["red"] == "complied"
    monitor.observe(see("late"))
    assert {f.bearer: f.verdict.value for f in monitor.findings}["red"] == "indeterminate"


@pytest.mark.parametrize(("text", "seconds"), [("7 days", 604_800), ("1 hour", 3_600), ("0.5 days", 43_200)])
def test_a_lateness_is_elapsed_time(text: str, seconds: int) -> None:
    assert lateness_of(text) == seconds * 1_000_000


@pytest.mark.parametrize("text", ["", "7", "a week", "-1 days", "7 months"])
def test_what_is_no_lateness_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="is no lateness"):
        servanda.Monitor(agree(NO_FIRE), lateness=text)


# ---- saved and restored ----


def saved(tmp_path: Path) -> tuple[servanda.Monitor, Path]:
    monitor = watching(tmp_path, NO_FIRE + AFTER)
    monitor.observe([see("shot"), see("today", at=MAY)])
    monitor.advance(MAY)
    monitor.save(tmp_path / "state")
    return monitor, tmp_path / "state"


def test_after_it_is_restored_the_same_changes_are_told(tmp_path: Path) -> None:
    first, state = saved(tmp_path)
    findings = told(first.findings)
    first.close()
    second = servanda.Monitor.restore(first.agreement, state)
    assert told(second.findings) == findings
    assert second.observe(see("shot")) == ()
    (changed,) = [c for c in second.observe(see("denied", "comment", denies=["shot"])) if c.finding.rule == "1/A"]
    assert (changed.kind, changed.finding.revision) == ("revised", 2)


def test_the_five_times_are_on_a_finding_of_a_monitor_too(tmp_path: Path) -> None:
    monitor = watching(tmp_path)
    monitor.observe(
        [
            see("shot", incident="x", received="2020-02-01T14:00+02:00"),
            see("again", incident="x", at="2020-02-01T12:30+02:00", received="2020-02-03T09:00+02:00"),
        ]
    )
    monitor.advance("2020-02-04T00:00+02:00")
    for at in ("2020-02-05T00:00+02:00", "2020-05-01T00:00+02:00"):
        monitor.advance(at)
        monitor.save(tmp_path / "state")
        monitor.close()
        monitor = servanda.Monitor.restore(monitor.agreement, tmp_path / "state")
        (found,) = monitor.findings
        times = found.times.model_dump()
        assert times == {
            "event": {"earliest": "2020-02-01T10:00:00Z", "latest": "2020-02-01T10:30:00Z"},
            "received": {"earliest": "2020-02-01T12:00:00Z", "latest": "2020-02-03T07:00:00Z"},
            "evaluated_at": servanda_instant(monitor),
            "known_at": None,
            "agreement_version": monitor.agreement.version,
            "encoding": monitor.agreement.digest[:16],
        }
    assert monitor.held == 0


@pytest.mark.parametrize("cut", [0, 1, 40, 0.3, 0.9, -1, -70])
def test_a_state_that_is_cut_off_is_refused(cut: float, tmp_path: Path) -> None:
    monitor, state = saved(tmp_path)
    monitor.close()
    data = state.read_bytes()
    state.write_bytes(data[: int(cut * len(data)) if 0 < abs(cut) < 1 else int(cut)])
    with pytest.raises(servanda.StateError, match=r"cut off|no saved state"):
        servanda.Monitor.restore(monitor.agreement, state)


@pytest.mark.parametrize("data", [b"{}\n", b"\x80\x04\x95", b"SQLite format 3\x00", b"[1, 2]\n", b'{"id": "shot"}\n'])
def test_a_file_of_something_else_is_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "state").write_bytes(data)
    with pytest.raises(servanda.StateError, match="no saved state"):
        servanda.Monitor.restore(agree(NO_FIRE), tmp_path / "state")


def test_a_state_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(servanda.StateError, match="cannot be read"):
        servanda.Monitor.restore(agree(NO_FIRE), tmp_path / "nowhere")


def test_a_state_of_another_agreement_is_refused(tmp_path: Path) -> None:
    monitor, state = saved(tmp_path)
    monitor.close()
    with pytest.raises(servanda.StateError, match="under another agreement"):
        servanda.Monitor.restore(agree(NO_FIRE), state)


def test_a_state_of_another_version_is_refused(tmp_path: Path) -> None:
    monitor, state = saved(tmp_path)
    monitor.close()
    lines = state.read_text(encoding="utf-8").splitlines(keepends=True)[:-1]
    head = json.loads(lines[0])
    head["provenance"]["servanda"] = "0.0.1"
    lines[0] = json.dumps(head, ensure_ascii=False, separators=(",", ":")) + "\n"
    end = hashlib.sha256("".join(lines).encode()).hexdigest()
    state.write_text("".join([*lines, json.dumps({"end": end}) + "\n"]), encoding="utf-8")
    with pytest.raises(servanda.StateError, match=r"another version of servanda \(0\.0\.1"):
        servanda.Monitor.restore(monitor.agreement, state)


def test_an_archive_written_after_the_state_does_not_belong_to_it(tmp_path: Path) -> None:
    monitor, state = saved(tmp_path)
    older = state.read_bytes()
    monitor.advance("2020-06-01")
    monitor.save(state)
    monitor.close()
    state.write_bytes(older)
    with pytest.raises(servanda.StateError, match="do not belong together"):
        servanda.Monitor.restore(monitor.agreement, state)


def test_what_was_not_saved_is_not_in_the_archive(tmp_path: Path) -> None:
    monitor, state = saved(tmp_path)
    findings = told(monitor.findings)
    monitor.advance("2020-06-01")
    monitor.observe(see("back", "comment", retracts="shot"))
    monitor.close()
    assert told(servanda.Monitor.restore(monitor.agreement, state).findings) == findings


def test_a_save_that_broke_off_at_the_very_end_is_completed(tmp_path: Path) -> None:
    monitor, state = saved(tmp_path)
    older = state.read_bytes()
    monitor.advance("2020-06-01")
    findings = told(monitor.findings)
    monitor.save(state)
    monitor.close()
    state.rename(tmp_path / "state.part")
    state.write_bytes(older)
    assert told(servanda.Monitor.restore(monitor.agreement, state).findings) == findings


def test_an_archive_may_move_but_not_go(tmp_path: Path) -> None:
    monitor, state = saved(tmp_path)
    findings = told(monitor.findings)
    monitor.close()
    (tmp_path / "archive").rename(tmp_path / "elsewhere")
    with pytest.raises(servanda.StateError, match="is not there"):
        servanda.Monitor.restore(monitor.agreement, state)
    assert told(servanda.Monitor.restore(monitor.agreement, state, tmp_path / "elsewhere").findings) == findings


def test_an_archive_belongs_to_one_monitor(tmp_path: Path) -> None:
    monitor, _ = saved(tmp_path)
    monitor.close()
    with pytest.raises(servanda.StateError, match="holds what a monitor has put away"):
        servanda.Monitor(monitor.agreement, tmp_path / "archive")


def test_an_archive_is_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("a page of text, long enough to be taken for anything " * 20)
    base = sqlite3.connect(tmp_path / "other")
    base.execute("CREATE TABLE t (x)")
    base.commit()
    base.close()
    for name in ("text", "other", "no/such/folder"):
        with pytest.raises(servanda.StateError):
            servanda.Monitor(agree(NO_FIRE), tmp_path / name)


def test_a_monitor_without_an_archive_is_saved_whole(tmp_path: Path) -> None:
    monitor = servanda.Monitor(agree(NO_FIRE))
    monitor.observe(see("shot"))
    monitor.advance(MAY)
    monitor.observe(see("late"))
    monitor.save(tmp_path / "state")
    again = servanda.Monitor.restore(monitor.agreement, tmp_path / "state")
    assert told(again.findings) == told(monitor.findings)
    assert again.refused == monitor.refused
    assert again.counts == monitor.counts
    assert again.observe(see("shot")) == ()
    again.observe(see("back", "comment", at=MAY, retracts="shot"))
    assert len(again.refused) == 2


# ---- on the command line ----


def watch(*words: object, stdin: str) -> Any:
    return CliRunner().invoke(app, ["watch", *(str(w) for w in words)], input=stdin)


def test_a_watch_goes_on_where_it_was(tmp_path: Path) -> None:
    write(tmp_path, terms(NO_FIRE))
    options = (tmp_path, "--state", tmp_path / "state", "--archive", tmp_path / "archive", "--lateness", "7 days")
    first = watch(*options, stdin=json.dumps(raw("shot")) + "\n")
    assert first.exit_code == 0, first.output
    assert "begins afresh" in first.stderr
    second = watch(*options, stdin=json.dumps(raw("later", "comment", at=MAY)) + "\n")
    assert (second.exit_code, second.stdout) == (0, "")
    third = watch(*options, stdin=json.dumps(raw("back", "comment", retracts="shot")) + "\n")
    assert sorted(json.loads(line)["change"] for line in third.stdout.splitlines()) == ["opened", "withdrawn"]
    assert watch(*options[:-1], "2 days", stdin="").exit_code == 2
    (tmp_path / "state").write_text("nonsense")
    assert watch(*options, stdin="").exit_code == 2


def test_a_watch_refuses_nothing_unless_it_is_asked_to_forget(tmp_path: Path) -> None:
    write(tmp_path, terms(NO_FIRE))
    lines = "".join(json.dumps(r) + "\n" for r in (raw("now", "comment", at=MAY), raw("shot")))
    assert "violated" in watch(tmp_path, stdin=lines).stdout
    result = watch(tmp_path, "--lateness", "7 days", stdin=lines)
    assert "violated" not in result.stdout
    assert "O170" in result.stderr
