"""For every way of breaking the interpreter, find a case that notices it, and record it: `python find_witnesses.py`.

Whoever changes a generator runs this again: the tests then need not search. What no case notices is printed.
"""

from __future__ import annotations

import json
import sys
import tempfile
from functools import cache
from multiprocessing import Pool
from pathlib import Path

from mutants import MUTANTS, WITNESSES, in_turn, noticed, witnesses


@cache
def folder() -> Path:
    """One for each process: the agreements are written into it."""
    return Path(tempfile.mkdtemp(prefix="witnesses-"))


def find(name: str) -> tuple[str, tuple[str, int] | None]:
    """The recorded case where it still notices, else the first one that does."""
    recorded = witnesses().get(name)
    known = noticed(name, folder(), iter([recorded])) if recorded else None
    return name, known or noticed(name, folder(), in_turn(range(int(sys.argv[1]) if sys.argv[1:] else 4000)))


if __name__ == "__main__":
    found: dict[str, tuple[str, int]] = {}
    with Pool() as pool:
        for name, case in pool.imap_unordered(find, MUTANTS):
            if case:
                found[name] = case
            print(f"{name}: {case or 'NOTHING DIFFERS'}", flush=True)  # noqa: T201 - it is a command
    WITNESSES.write_text(json.dumps({n: found[n] for n in MUTANTS if n in found}, indent=2) + "\n", "utf-8")
    sys.exit(len(found) < len(MUTANTS))
