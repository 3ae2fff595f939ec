"""Ways of breaking what a monitor knows of dependence, time and memory: each must part it from a check."""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import servanda

sys.path.insert(0, str(Path(__file__).parent))

import test_monitor_equals_check as law
from generate_agreements import agreement

from servanda import live
from servanda.stream import clusters, current, instant, reach

MOST = 60
"""Within how many cases a mutant must be noticed."""


def without(*left_out: str) -> Callable[[Any], set[str]]:
    """Names of a record, but for those of some fields."""

    def names(record: Any) -> set[str]:
        single = {f: getattr(record, f) for f in ("id", "incident", "corrects", "retracts")}
        several = {f: getattr(record, f) for f in ("denies", "refers_to")}
        found = {name for f, name in single.items() if name is not None and f not in left_out}
        return found | {name for f, names in several.items() if f not in left_out for name in names}

    return names


MUTANTS: dict[str, list[tuple[Any, str, Any]]] = {
    "an answer holds for ever": [(instant.Watched, "_met", lambda _self, _other: None)],
    "what lasts does not move": [(instant.Watched, "wake", property(lambda self: self._ahead))],
    "what answers is no kin": [(m, "names_of", without("refers_to")) for m in (clusters, live)],
    "what denies is no kin": [(m, "names_of", without("denies")) for m in (clusters, live)],
    "what corrects is no kin": [(m, "names_of", without("corrects")) for m in (clusters, live)],
    "what was put away stays as it was": [(servanda.Monitor, "_stale", lambda _self: iter(()))],
    "anchors do not move": [(current.Current, "_moved", lambda _self, _number, _at, **_again: False)],
    "nobody ever needs a watch": [(current.Current, "_see", lambda _self: None)],
    "what is looked for changes nothing": [(current.Current, "_concern", lambda *_given: None)],
    "what is looked for is put away": [(current.Current, "_pinned", lambda _self, _cluster: False)],
    "an open duty is put away": [(current.Current, "_ends", lambda _self, _cluster: iter(()))],
    "there is never a remainder": [(current.Current, "_shows", lambda _self, _number, _outcomes: True)],
    "an answer has to say what it answers": [(reach.Reach, "_may", lambda _self, look, _fact: not look.loose)],
}


def like_a_check(case: int, folder: Path) -> bool:
    rng = random.Random(case)
    made = agreement(folder, rng.randrange(law.AGREEMENTS))
    seen, place = law.log(rng), Path(tempfile.mkdtemp(dir=folder))
    lateness = rng.choice(("0 hours", "36 hours", "3 days", "3 weeks"))
    monitor = law.run(made, seen, rng, place, archive=place / "archive", lateness=lateness)
    monitor.advance(law.CLOCK[-1])
    return law.findings(monitor) == law.checked(made, seen, law.CLOCK[-1])


@pytest.mark.parametrize("name", MUTANTS)
def test_a_broken_monitor_is_noticed(
    name: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("mutant")
    for where, what, broken in MUTANTS[name]:
        monkeypatch.setattr(where, what, broken)
    for case in range(MOST):
        try:
            if not like_a_check(case, folder):
                return
        except (AssertionError, KeyError, servanda.StateError):
            return
    pytest.fail(f"{name}: not noticed in {MOST} cases")
