"""Complete counts that follow on one another: between them they say how much there was at most in a time."""

from __future__ import annotations

from servanda.stream.measures.marks import Mark


def covered(whole: list[Mark], first: int, end: int) -> float | None:
    """The least sum of complete counts that cover a stretch between them; None where none do."""
    best: dict[int, float] = {first: 0.0}
    near = (m for m in whole if m.fact.latest_us > first and m.fact.earliest_us < end)
    for mark in sorted(near, key=lambda m: (m.fact.earliest_us, m.fact.latest_us, m.fact.id)):
        reached = [v for t, v in best.items() if mark.fact.earliest_us <= t]
        if reached and mark.most is not None:
            to = mark.fact.latest_us
            best[to] = min(min(reached) + mark.most, best.get(to, float("inf")))
    return min((v for t, v in best.items() if t >= end), default=None)
