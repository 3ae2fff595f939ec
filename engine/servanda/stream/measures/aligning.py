"""Episodes of several readings that rest on the same reports: one instance, though they begin with another of them."""

from __future__ import annotations

from dataclasses import replace

from servanda.outcomes import Outcome, Verdict


def aligned(found: list[dict[str, Outcome]]) -> list[dict[str, Outcome]]:
    """Outcomes by instance for each reading, with the names that the first reading which has the episode gives it.

    What is said of the silence of a limit falls away where, under some reading, there is an episode of it.
    """
    named = [dict(found[0])]
    for later in found[1:]:
        known = {name: o for one in reversed(named) for name, o in one.items()}
        free = [name for name in known if name not in later]
        renamed: dict[str, Outcome] = {}
        for name, outcome in later.items():
            same = None if name in known else next((n for n in free if _one(known[n], outcome)), None)
            if same is not None:
                free.remove(same)
            renamed[same or name] = replace(outcome, instance=same or name)
        named.append(renamed)
    episodes = {_limit(name) for one in named for name, o in one.items() if o.amounts}
    return [{n: o for n, o in one.items() if o.amounts or _limit(n) not in episodes} for one in named]


def _limit(name: str) -> tuple[str, ...]:
    """The bearer and the limit of an instance."""
    return tuple(name.split(":")[:2])


def _one(first: Outcome, second: Outcome) -> bool:
    """Whether two episodes are one: of one limit, both kept or both not, with a report in common."""
    if _limit(first.instance) != _limit(second.instance) or not first.amounts or not second.amounts:
        return False
    kept = Verdict.COMPLIED
    reports = [{e.observation for e in o.evidence if e.role in {"shows", "may-show"}} for o in (first, second)]
    return (first.verdict is kept) == (second.verdict is kept) and bool(reports[0] & reports[1])
