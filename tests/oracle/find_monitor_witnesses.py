"""For every way of breaking a monitor, find a case that notices it, and record it: `python find_monitor_witnesses.py`.

Whoever changes a generator runs this again; recorded cases that still notice are kept. What no case notices is printed.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from test_monitor_mutants import BY_HAND, MUTANTS, WITNESSES, noticed, witnesses

if __name__ == "__main__":
    folder = Path(tempfile.mkdtemp(prefix="witnesses-"))
    wanted = [name for name in MUTANTS if name not in BY_HAND]
    found = {n: case for n, case in witnesses().items() if n in wanted and noticed(n, case, folder)}
    for number in range(int(sys.argv[1]) if sys.argv[1:] else 2000):
        for name in [n for n in wanted if n not in found]:
            if noticed(name, number, folder):
                found[name] = number
                print(f"{name}: {number}", flush=True)  # noqa: T201 - it is a command
                WITNESSES.write_text(json.dumps({n: found[n] for n in wanted if n in found}, indent=2) + "\n", "utf-8")
        if len(found) == len(wanted):
            break
    print("\n".join(f"{n}: NOTHING DIFFERS" for n in wanted if n not in found))  # noqa: T201
    sys.exit(len(found) < len(wanted))
