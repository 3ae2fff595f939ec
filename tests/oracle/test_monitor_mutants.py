"""Ways of breaking what a monitor knows of dependence, time and memory: each must part it from a check."""

from __future__ import annotations

import json
import random
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

import servanda

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "engine"))

import test_monitor as told_by_hand
import test_monitor_equals_check as law
from generate_agreements import agreement

from servanda import archive, live
from servanda.stream import (
    by_period,
    by_stretch,
    clusters,
    coverage,
    current,
    instant,
    interpreter,
    looked,
    on_record,
    reach,
    register,
    sights,
)
from servanda_dsl.model import Agreement

MOST = 60
"""So many cases are tried where the recorded one no longer notices."""
WITNESSES = Path(__file__).parent / "monitor_witnesses.json"
"""By the name of a way to break a monitor: the number of a case that notices it (`find_monitor_witnesses.py`)."""


def without(*left_out: str) -> Callable[[Any], set[str]]:
    """Names of a record, but for those of some fields."""

    def names(record: Any) -> set[str]:
        single = {f: getattr(record, f) for f in ("id", "incident", "corrects", "retracts")}
        several = {f: getattr(record, f) for f in ("denies", "refers_to")}
        found = {name for f, name in single.items() if name is not None and f not in left_out}
        return found | {name for f, names in several.items() if f not in left_out for name in names}

    return names


def each_for_itself(looked_: looked.Looked, cluster: clusters.Cluster) -> dict[str, frozenset[int]]:
    """Which rules look for each fact of a cluster, whatever it may oppose."""
    counting = [fact for i in cluster.facts if (fact := looked_.stream.counting(i)) is not None]
    return {fact.id: looked_.reach.looking(fact) for fact in counting}


def only_where_it_lies(blocks: by_stretch.ByStretch, fact: Any) -> Any:
    """The blocks in which a fact lies, without the one before, in which stretches begin that reach it."""
    for unit in concerned(blocks, fact):
        grid = blocks._grids[unit[0]]
        if by_stretch.block_of(unit) >= grid.block(fact.earliest_us):
            yield unit


def by_itself(current_: current.Current, unit: Any, at_us: int, rooms: Any) -> set[Any]:
    """Whether a block is hot, and nothing that hangs together with it."""
    warmed(current_, unit, at_us, rooms)
    return set()


def not_for_ever(test: Callable[[Path], None]) -> Callable[[Path], None]:
    """A test by hand that fails where things are fetched back again and again."""

    def tried(folder: Path) -> None:
        taken, take = [], archive.Archive.take

        def counted(archive_: archive.Archive, number: int) -> archive.Case:
            taken.append(number)
            assert len(taken) < 1000
            return take(archive_, number)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(archive.Archive, "take", counted)
            test(folder)

    return tried


concerned, warmed = by_stretch.ByStretch.concerned, current.Current._warmed
under, taking, asked = archive.Archive.under, current.Current.taking, coverage.Asked

MUTANTS: dict[str, list[tuple[Any, str, Any]]] = {
    "an answer holds for ever": [(instant.Watched, "_met", lambda _self, _other: None)],
    "what lasts does not move": [(instant.Watched, "wake", property(lambda self: self._ahead))],
    "what answers is no kin": [(m, "names_of", without("refers_to")) for m in (clusters, live)],
    "what denies is no kin": [(m, "names_of", without("denies")) for m in (clusters, live)],
    "what corrects is no kin": [(m, "names_of", without("corrects")) for m in (clusters, live)],
    "what was put away stays as it was": [(servanda.Monitor, "_stale", lambda _self: iter(()))],
    "anchors do not move": [(looked.Looked, "moved", lambda _self, _number, _at, **_again: False)],
    "nobody ever needs a watch": [(current.Current, "_see", lambda _self, _evaluated: None)],
    "what is looked for changes nothing": [(looked.Looked, "_concern", lambda *_given: None)],
    "what is looked for is put away": [(looked.Looked, "pinned", lambda _self, _cluster: False)],
    "an open duty is put away": [(current.Current, "_ends", lambda _self, _cluster: iter(()))],
    "there is never a remainder": [(current.Current, "_shows", lambda _self, _number, _outcomes: True)],
    "what contradicts an event is not looked for": [(looked.Looked, "_sought", each_for_itself)],
    "a circle is put away": [(register.Register, "circling", lambda _self, _ids: False)],
    "a total is not looked for": [(reach, "TALLY", "no act")],
    "what is set aside leaves the archive alone": [(archive.Archive, "silent", lambda _self: [])],
    "what is on record elsewhere concerns nothing": [(on_record.OnRecord, "about", lambda _self, _cluster: set())],
    "what is on record is not fetched back": [(live.Live, "recall_on_record", lambda _self: False)],
    "what is on record is put away": [(current.Current, "_answers_for_others", lambda _self, _cluster: False)],
    "what is on record is of one cluster": [(on_record.OnRecord, "beside", lambda _self, _outcome: [])],
    "nothing follows on a violation": [(current.Current, "_after", lambda _self, _unit: iter(()))],
    "what makes good concerns nothing": [
        (current, "OnRecord", lambda name, held, _acts: on_record.OnRecord(name, held))
    ],
    "a silence surely triggers": [(interpreter.Stream, "awaited", lambda _self, outcomes: list(outcomes))],
    "what a silence triggers stays as it was": [(current.Current, "hold_anew", lambda _self: None)],
    "what a silence triggered is not fetched back": [(archive.Archive, "silences", lambda _self, _rules: [])],
    "a period is what is held of it": [(live.Live, "recall_periods", lambda _self, _periods: False)],
    "what lasts concerns no later period": [(current.Current, "_lasting", lambda _self, _at: set())],
    "what a record concerned is forgotten": [(by_period.ByPeriod, "units", lambda _self, _periods: iter(()))],
    "nobody asks which periods are told of": [(by_period.ByPeriod, "silences", lambda _self: set())],
    "a watch concerns no period": [(reach.Reach, "sees", lambda self, number, _fact: not self.periodic[number])],
    "it was never too much": [(by_stretch.ByStretch, "_too_much", lambda *_given: False)],
    "each block stands alone": [
        (by_stretch.ByStretch, "together", lambda self, units, _by: {u: [u] for u in units if self.is_hot(u)})
    ],
    "what hangs together with a block is left away": [(current.Current, "_warmed", by_itself)],
    "a stretch ends with the block it begins in": [(by_stretch.ByStretch, "concerned", only_where_it_lies)],
    "what is fetched back is as new": [(current.Current, "know_again", lambda _self, _numbers, **_periods: None)],
    "who watched is kept for nobody": [(sights.Sights, "wanted", lambda *_given: False)],
    "what was put away was seen by nobody": [(archive.Archive, "sight", lambda *_given: [])],
    "who asked once knows for good": [(sights, "_within", lambda _time, _other: True)],
    "a late watch concerns what is held alone": [
        (archive.Archive, "under", lambda self, rule, times: under(self, rule, times) if times is None else set())
    ],
    "what is over asks on": [(sights.Sights, "rest", lambda _self, _units: None)],
    "a duty that is due asks no more": [(current, "hinges", lambda _kept, times: times is None)],
    "a silence hinges on its end alone": [
        (coverage, "Asked", lambda since, until, _hinge: asked(since, until, (until, until)))
    ],
    "a gap hinges on where the silence begins": [
        (coverage, "Asked", lambda since, until, h: asked(since, until, (since, since) if h[0] == h[1] else h))
    ],
    "what asks is not noted": [
        (current.Current, "taking", lambda self, cluster: dict.fromkeys(taking(self, cluster), None))
    ],
    "an answer has to say what it answers": [(reach.Reach, "_may", lambda _self, look, _fact: not look.loose)],
}


@lru_cache(maxsize=4)
def given(case: int, folder: Path) -> tuple[Agreement, list[law.Record], str, Any]:
    rng = random.Random(case)
    made = agreement(folder, rng.randrange(law.AGREEMENTS), plain=case // law.BATCHES % 4 > 0)
    return made, law.log(rng), rng.choice(("0 hours", "36 hours", "3 days", "3 weeks")), rng.getstate()


def like_a_check(case: int, folder: Path) -> bool:
    made, seen, lateness, state = given(case, folder)
    rng, place = random.Random(), Path(tempfile.mkdtemp(dir=folder))
    rng.setstate(state)
    monitor = law.run(made, seen, rng, place, archive=place / "archive", lateness=lateness)
    monitor.advance(law.CLOCK[-1])
    return law.findings(monitor) == law.checked(made, seen, law.CLOCK[-1])


BY_HAND: dict[str, Callable[[Path], None]] = {
    "what lasts does not move": told_by_hand.test_what_lasts_is_told_as_far_as_it_had_gone,
    "what was put away stays as it was": told_by_hand.test_an_anchor_that_moves_moves_what_was_put_away,
    "anchors do not move": told_by_hand.test_an_anchor_that_moves_moves_what_was_put_away,
    "nobody ever needs a watch": told_by_hand.test_a_watch_is_fetched_back_when_the_only_breach_goes,
    "an open duty is put away": told_by_hand.test_an_open_duty_keeps_its_trigger_in_memory,
    "what contradicts an event is not looked for": told_by_hand.test_what_contradicts_an_anchor_is_looked_for_with_it,
    "a circle is put away": told_by_hand.test_a_circle_of_corrections_stays_and_unsettles_what_was_put_away,
    "a total is not looked for": (
        told_by_hand.test_a_total_that_was_put_away_unsettles_a_silence_when_the_only_breach_goes
    ),
    "what is on record elsewhere concerns nothing": (
        told_by_hand.test_what_is_on_record_stands_on_the_finding_it_names
    ),
    "what is on record is not fetched back": (
        told_by_hand.test_what_is_on_record_is_fetched_back_with_the_finding_it_names
    ),
    "what is on record is put away": told_by_hand.test_what_is_on_record_about_an_open_duty_stays_with_it,
    "what makes good concerns nothing": (
        told_by_hand.test_what_a_violation_triggers_is_put_away_with_it_and_comes_back_with_it
    ),
    "what a silence triggers stays as it was": (
        lambda folder: told_by_hand.test_a_violation_by_silence_triggers_nothing_surely_beside_a_row_set_aside(
            None, folder
        )
    ),
    "what a silence triggered is not fetched back": (
        lambda folder: told_by_hand.test_a_violation_by_silence_triggers_nothing_surely_beside_a_row_set_aside(
            "7 days", folder
        )
    ),
    "a period is what is held of it": (
        told_by_hand.test_a_day_that_is_over_is_put_away_and_a_late_report_fetches_it_back
    ),
    "what lasts concerns no later period": told_by_hand.test_a_watch_that_lasts_concerns_one_day_more_each_day,
    "a watch concerns no period": told_by_hand.test_a_watch_that_lasts_concerns_one_day_more_each_day,
    "what a record concerned is forgotten": (
        told_by_hand.test_a_day_is_evaluated_again_without_a_record_whose_id_stands_for_two
    ),
    "nobody asks which periods are told of": told_by_hand.test_each_day_is_remembered_by_a_state_that_was_saved,
    "it was never too much": told_by_hand.test_what_was_too_much_stays_while_it_goes_on,
    "each block stands alone": told_by_hand.test_what_was_too_much_stays_while_it_goes_on,
    "what hangs together with a block is left away": told_by_hand.test_what_was_too_much_stays_while_it_goes_on,
    "a stretch ends with the block it begins in": (
        lambda folder: told_by_hand.test_what_was_within_a_limit_is_put_away_and_a_late_report_fetches_it_back(
            "3 days", folder
        )
    ),
    "what is fetched back is as new": not_for_ever(
        told_by_hand.test_a_watch_is_fetched_back_for_a_duty_of_which_is_told_late
    ),
    "who watched is kept for nobody": (
        told_by_hand.test_who_watched_stays_for_a_duty_that_is_held_and_is_fetched_back_where_it_moves
    ),
    "who asked once knows for good": (
        told_by_hand.test_who_watched_stays_for_a_duty_that_is_held_and_is_fetched_back_where_it_moves
    ),
    "what was put away was seen by nobody": told_by_hand.test_a_watch_is_fetched_back_for_a_duty_of_which_is_told_late,
    "what is over asks on": told_by_hand.test_two_duties_that_are_over_do_not_keep_each_other_in_memory,
    "a late watch concerns what is held alone": (
        lambda folder: told_by_hand.test_a_late_watch_settles_a_duty_that_was_due(told_by_hand.MAY, 0, folder)
    ),
    "a silence hinges on its end alone": (
        lambda folder: told_by_hand.test_watches_that_follow_one_another_settle_a_duty_and_each_of_them_unsettles_it(
            told_by_hand.MAY, 0, folder
        )
    ),
    "a gap hinges on where the silence begins": (
        lambda folder: told_by_hand.test_watches_that_follow_one_another_settle_a_duty_and_each_of_them_unsettles_it(
            "2020-02-06T12:00+02:00", 2, folder
        )
    ),
    "what asks is not noted": (
        lambda folder: told_by_hand.test_a_late_watch_settles_a_duty_that_was_due(told_by_hand.MAY, 0, folder)
    ),
    "a duty that is due asks no more": (
        lambda folder: told_by_hand.test_a_late_watch_settles_a_duty_that_was_due("2020-02-03T12:00+02:00", 1, folder)
    ),
    "what is set aside leaves the archive alone": (
        told_by_hand.test_a_row_set_aside_revises_what_was_put_away_as_complied
    ),
}
"""What few generated cases show: a case made by hand that must fail."""


def noticed(name: str, case: int, folder: Path) -> bool:
    """Whether a case parts a monitor that is broken in this way from a check."""
    with pytest.MonkeyPatch.context() as patch:
        for where, what, broken in MUTANTS[name]:
            patch.setattr(where, what, broken)
        try:
            return not like_a_check(case, folder)
        except (AssertionError, KeyError, TypeError, sqlite3.Error, servanda.StateError):
            return True


def witnesses() -> dict[str, int]:
    """What was recorded last; empty where nothing was."""
    return json.loads(WITNESSES.read_text("utf-8")) if WITNESSES.exists() else {}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mutants")


@pytest.mark.parametrize("name", MUTANTS)
def test_a_broken_monitor_is_noticed(name: str, folder: Path) -> None:
    if name in BY_HAND:
        with pytest.MonkeyPatch.context() as patch:
            for where, what, broken in MUTANTS[name]:
                patch.setattr(where, what, broken)
            with pytest.raises((AssertionError, KeyError, ValueError, sqlite3.Error)):
                BY_HAND[name](Path(tempfile.mkdtemp(dir=folder)))
        return
    recorded = witnesses().get(name)
    if recorded is not None:
        assert like_a_check(recorded, folder), "the monitor as it is differs already"
        if noticed(name, recorded, folder):
            return
    if not any(noticed(name, case, folder) for case in range(MOST)):
        pytest.fail(f"{name}: not noticed in {MOST} cases; run tests/oracle/find_monitor_witnesses.py")
