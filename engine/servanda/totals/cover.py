"""Over which time something was counted, and which local days were not, or not wholly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from servanda import moments
from servanda.totals.counts import Count
from servanda.totals.model import Gap

Stretch = tuple[int, int]


def covered(counts: Iterable[Count], region: str) -> list[Stretch]:
    """The stretches of time over which a region was counted, joined; a count of no such region is of all."""
    found: list[Stretch] = []
    for first, last in sorted((c.first_us, c.last_us) for c in counts if not c.stated or c.region == region):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def regions(counts: Iterable[Count]) -> list[str]:
    """The regions that the source says it counts by themselves; the empty one where there is none."""
    return sorted({c.region for c in counts if c.stated}) or [""]


def wholly(counts: list[Count], first_us: int, last_us: int) -> bool:
    """Whether every region that was counted anywhere was counted over the whole of a stretch of time."""
    return all(
        any(first <= first_us and last_us <= last for first, last in covered(counts, region))
        for region in regions(counts)
    )


def gaps(counts: list[Count], zone: str) -> tuple[Gap, ...]:
    """The local days between the first and the last count that no count covers, or none wholly."""
    begin, end = min(c.first_us for c in counts), max(c.last_us for c in counts)
    found: list[Gap] = []
    for region in regions(counts):
        run: list[tuple[dt.date, str]] = []
        for day, state in _days(covered(counts, region), begin, end, zone):
            if run and (state != run[-1][1] or day != run[-1][0] + dt.timedelta(days=1)):
                found.append(_gap(region, run))
                run = []
            if state != "all":
                run.append((day, state))
        if run:
            found.append(_gap(region, run))
    return tuple(sorted(found, key=lambda g: (g.first, g.region)))


def _gap(region: str, run: list[tuple[dt.date, str]]) -> Gap:
    first, last = run[0][0].isoformat(), run[-1][0].isoformat()
    return Gap(region, first, last, "none" if run[0][1] == "none" else "part")


def _days(stretches: list[Stretch], begin: int, end: int, zone: str) -> Iterator[tuple[dt.date, str]]:
    """Each local day from the first count to the last, and how much of it was counted."""
    day, place = moments.day_of(begin, zone), 0
    while (start := moments.start_of_day(day, zone)) < end or start == begin:
        first, last = max(start, begin), min(moments.end_of_day(day, zone), end)
        while place < len(stretches) and stretches[place][1] < first:
            place += 1
        near = []
        for stretch in stretches[place:]:
            if stretch[0] > last:
                break
            near.append(stretch)
        if any(a <= first and last <= b for a, b in near):
            yield day, "all"
        else:
            touched = any(a < last and (first < b or a == b) for a, b in near)
            yield day, "part" if touched else "none"
        day += dt.timedelta(days=1)
