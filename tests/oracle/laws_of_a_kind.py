"""What holds of generated cases of one kind, under agreements of their own: oracle, interpreter, monitor, change."""

from __future__ import annotations

import os
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generate_changes import refined
from test_monitor_equals_check import CLOCK, checked, findings, run
from test_stream_equals_oracle import CASES, Told, answers, outcomes, told

from servanda.engine import Engine
from servanda_dsl.model import Agreement

BATCHES = 4
MONITORED = int(os.environ.get("SERVANDA_MONITOR_CASES", "60"))
FEWEST = 400


@dataclass(frozen=True)
class Kind:
    """Cases of one kind.

    Attributes:
        given: A case by its number: which agreement, the records, the instant.
        made: An agreement by its number.
        pool: How many agreements there are.
    """

    given: Callable[[int], tuple[int, list[dict[str, Any]], str]]
    made: Callable[[Path, int], Agreement]
    pool: int
    _engines: dict[tuple[Path, int], Engine] = field(default_factory=dict, compare=False)

    def engine(self, folder: Path, choice: int) -> Engine:
        """The engine of an agreement, made once."""
        if (folder, choice) not in self._engines:
            self._engines[folder, choice] = Engine(self.made(folder, choice))
        return self._engines[folder, choice]

    def expected(self, batch: int, folder: Path) -> Iterator[Told]:
        """What the oracle says of each case of a batch, once the interpreter has said the same."""
        for case in range(batch, max(FEWEST, CASES // 3), BATCHES):
            choice, observed, at = self.given(case)
            engine = self.engine(folder, choice)
            expected = told(engine.agreement, observed, at)
            where = f"case {case}: {observed} at {at} under {engine.agreement.folder}"
            assert outcomes(engine, observed, at, random.Random(case)) == expected, where
            if case // BATCHES % 10 == 0:
                assert answers(engine.agreement, observed, at) == expected, where
            yield expected

    def monitored(self, batch: int, folder: Path) -> None:
        """A monitor, whose records come in any order and whose state is saved anywhere, says what a check says."""
        for case in range(batch, MONITORED, BATCHES):
            rng = random.Random(case)
            _, observed, _ = self.given(case)
            made, place = self.made(folder, rng.randrange(self.pool)), Path(tempfile.mkdtemp(dir=folder))
            lateness = rng.choice(("0 hours", "3 days"))
            monitor = run(made, observed, rng, place, archive=place / "archive", lateness=lateness)
            monitor.advance(CLOCK[-1])
            where = f"case {case}: {observed} under {made.folder}"
            assert findings(monitor) == checked(made, observed, CLOCK[-1]), where
            monitor.close()

    def shows_every_verdict(self, batch: int, folder: Path, of: str | None = None) -> None:
        """The interpreter says what the oracle says, and of a rule, or of all, every verdict but that it is excused."""
        seen: Counter[str] = Counter()
        for expected in self.expected(batch, folder):
            seen.update(verdict for (rule, _), (verdict, *_) in expected.items() if of in {None, rule})
        wanted = ("complied", "violated", "pending", "not-applicable", "indeterminate", "unobserved")
        assert all(seen[verdict] for verdict in wanted), seen

    def refinements(self, folder: Path, fewest: int) -> Iterator[tuple[Engine, Told, Told, str]]:
        """What is said of each case, and once it is known better what was seen; without those that set rows aside."""
        for case in range(max(fewest, CASES // 5)):
            choice, observed, at = self.given(case)
            engine, rng = self.engine(folder, choice), random.Random(case)
            better = [refined(rng, dict(record)) for record in observed]
            before, after = (outcomes(engine, seen, at, random.Random(case)) for seen in (observed, better))
            if before["rows", "set aside"] == after["rows", "set aside"]:
                yield engine, before, after, f"case {case}: {observed}, better {better}"

    def known_better(self, folder: Path, fewest: int) -> int:
        """How many verdicts were decided, none of which is reversed by knowing better what was seen."""
        decided = 0
        for engine, before, after, where in self.refinements(folder, fewest):
            for key, (verdict, *_) in before.items():
                if verdict not in {"violated", "complied", "excused"} or key[1] == "remainder":
                    continue
                if engine.agreement.rule(key[0]).kind == "maintenance":
                    continue
                decided += 1
                now = after[key][0] if key in after else "none"
                allowed = {verdict, *({"indeterminate"} if key[1].startswith("incident:") else ())}
                assert now in allowed, (key, verdict, now, where)
        return decided
